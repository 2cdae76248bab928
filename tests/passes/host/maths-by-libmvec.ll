; Precise and fast functions on vectors are calls of the vector library on x86-64.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none --math fast | FileCheck %s
; CHECK: define
; REQUIRES: x86_64-libmvec
; CHECK: @_ZGV{{[bcde]}}N{{4|8|16}}v_expf

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.fast_exp.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.fast_exp.f32(float)
