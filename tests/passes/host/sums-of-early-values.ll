; A recurrence adds first what it has from before the loop: one multiply-add and one difference in
; its chain, not a product, a difference and a sum. Strict maths keeps the order.
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --math fast | FileCheck %s
; CHECK: %[[X:[0-9]+]] = call {{.*}}<16 x float> @llvm.fma.v16f32
; CHECK-NOT: fadd {{.*}}<16 x float> %[[X]]
; CHECK: fsub {{.*}}<16 x float> %[[X]]
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --math strict | FileCheck %s --check-prefix STRICT
; STRICT: fsub <16 x float>
; STRICT-NOT: @llvm.fma

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr float, ptr addrspace(1) %x, i32 %i
  %c = load float, ptr addrspace(1) %p
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi float [ 0.0, %entry ], [ %a1, %loop ]
  %b = phi float [ 0.0, %entry ], [ %b1, %loop ]
  %aa = fmul fast float %a, %a
  %bb = fmul fast float %b, %b
  %d = fsub fast float %aa, %bb
  %a1 = fadd fast float %d, %c
  %b1 = fadd fast float %aa, %bb
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 100
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %b1, ptr addrspace(1) %py
  ret void
}
