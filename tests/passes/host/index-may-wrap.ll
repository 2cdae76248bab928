; A 32-bit index that may wrap inside a vector: wide access behind one scalar test, else a gather.
; Twice a thread index alone does not wrap there: vectors begin at multiples of their length.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none | FileCheck %s
; CHECK: define
; CHECK: icmp {{.*}} i64
; CHECK: br i1
; CHECK-DAG: shufflevector <15 x float>
; CHECK-DAG: @llvm.masked.gather

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %twice = mul i32 %i, 2
  %at = add i32 %twice, 1
  %px = getelementptr float, ptr addrspace(1) %x, i32 %at
  %v = load float, ptr addrspace(1) %px
  %r = fadd float %v, 1.0
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
