; Float to integer becomes the saturating conversion.
;
; RUN: %tmjit emit %s --as air --opt 0 | FileCheck %s
; CHECK: define void @k
; CHECK: call i32 @llvm.fptosi.sat.i32.f32(float

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %n = fptosi float %v to i32
  %r = bitcast i32 %n to float
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
