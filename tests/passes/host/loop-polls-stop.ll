; A loop that may be endless polls the flag of the watchdog.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK: load volatile i32

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s1, %loop ]
  %px = getelementptr float, ptr addrspace(1) %x, i32 %k
  %v = load float, ptr addrspace(1) %px
  %s1 = fadd float %s, %v
  %k1 = mul i32 %k, 3
  %more = icmp ne i32 %k1, %i
  br i1 %more, label %loop, label %done
done:
  %r = fadd float %s1, 0.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
