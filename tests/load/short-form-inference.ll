; The short form without any parameter attribute: types from the uses, inputs by their names.
;
; RUN: %run %s --grid 4 --buf 0=f32[4]:iota --buf y=f32[4]:zeros --print y | FileCheck %s
; RUN: %tmjit info %s | FileCheck %s --check-prefix=INFO
; CHECK: y = 0 2 4 6
; INFO: float

define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y, i32 %thread_position_in_grid) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(1) %x, i32 %thread_position_in_grid
  %v = load float, ptr addrspace(1) %p
  %w = fadd float %v, %v
  %q = getelementptr float, ptr addrspace(1) %y, i32 %thread_position_in_grid
  store float %w, ptr addrspace(1) %q
  ret void
}
