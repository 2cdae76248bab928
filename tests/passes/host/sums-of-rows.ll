; Sums of 4-vectors that only uniform multiples of loads are added to stay as the loads lie in
; memory; behind the loop they are taken apart.
;
; RUN: %tmjit emit %s --as host --lanes 16 --threadgroup 64 --check none --after host-ssa | FileCheck %s
; CHECK: %[[L:[0-9]+]] = load <16 x float>
; CHECK: %[[P:[0-9]+]] = fmul <16 x float> %{{[0-9]+}}, %[[L]]
; CHECK: fadd <16 x float> %{{.*}}, %[[P]]

define void @k(ptr addrspace(1) "tmjit.type"="float4" %rows, ptr addrspace(2) "tmjit.type"="float" %w, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %s = phi <4 x float> [ zeroinitializer, %entry ], [ %s1, %loop ]
  %at = shl i32 %n, 7
  %k = add i32 %at, %i
  %k64 = zext i32 %k to i64
  %pv = getelementptr <4 x float>, ptr addrspace(1) %rows, i64 %k64
  %v = load <4 x float>, ptr addrspace(1) %pv
  %pw = getelementptr float, ptr addrspace(2) %w, i32 %n
  %f = load float, ptr addrspace(2) %pw
  %f0 = insertelement <4 x float> undef, float %f, i32 0
  %fs = shufflevector <4 x float> %f0, <4 x float> undef, <4 x i32> zeroinitializer
  %m = fmul <4 x float> %fs, %v
  %s1 = fadd <4 x float> %s, %m
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 16
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %s1, ptr addrspace(1) %py
  ret void
}
