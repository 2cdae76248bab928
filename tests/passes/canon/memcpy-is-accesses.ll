; A short memcpy is loads and stores.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK-NOT: memcpy
; CHECK: load
; CHECK: store
; CHECK-NOT: memcpy
; CHECK: {{^}}}

define void @k(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %d = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  %s = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) align 16 %d, ptr addrspace(1) align 16 %s, i64 16, i1 false)
  ret void
}
declare void @llvm.memcpy.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)
