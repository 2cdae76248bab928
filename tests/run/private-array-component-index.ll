; A component of a vector in private memory is picked by a varying index through its address.
;
; RUN: %run %s --grid 8 --buf y=f32[8]:zeros --print y | FileCheck %s
; CHECK: y = 10 20 30 40 10 20 30 40

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = alloca <4 x float>, align 16
  store <4 x float> <float 10.0, float 20.0, float 30.0, float 40.0>, ptr %v
  %c = and i32 %i, 3
  %p = getelementptr float, ptr %v, i32 %c
  %f = load float, ptr %p
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %f, ptr addrspace(1) %py
  ret void
}
