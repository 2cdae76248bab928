; Without a compile option subnormal floats are kept.
;
; RUN: %npy %t.npy f32 '[f32(f32(1e-20) ** 2), f32(f32(3e-22) ** 2)]'
; RUN: %run %s --grid 2 --buf x=f32:1e-20,3e-22 --buf y=f32[2]:7 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = fmul float %v, %v
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
