; y[i] = a * x[i] + y[i]
define void @saxpy(ptr addrspace(1) "tmjit.type"="float" %x,
                   ptr addrspace(1) "tmjit.type"="float" %y,
                   ptr addrspace(2) "tmjit.type"="float" %a,
                   i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  %av = load float, ptr addrspace(2) %a
  %xv = load float, ptr addrspace(1) %px
  %yv = load float, ptr addrspace(1) %py
  %p = fmul float %av, %xv
  %r = fadd float %p, %yv
  store float %r, ptr addrspace(1) %py
  ret void
}
