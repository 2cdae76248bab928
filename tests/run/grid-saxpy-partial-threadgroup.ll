; y[i] = a * x[i] + y[i]; the grid is no multiple of the threadgroup on purpose.
;
; RUN: %run %s --grid 6 --threadgroup 4 --buf x=f32[6]:iota --buf y=f32[6]:1 --set a=2 --print y | FileCheck %s
; CHECK: y = 1 3 5 7 9 11

define void @saxpy(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="float" %a, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  %av = load float, ptr addrspace(2) %a
  %xv = load float, ptr addrspace(1) %px
  %yv = load float, ptr addrspace(1) %py
  %r = call float @air.fma.f32(float %av, float %xv, float %yv)
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.fma.f32(float, float, float)
