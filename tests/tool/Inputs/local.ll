; out[i] by way of t, which is as long as the command line says
define void @local(ptr addrspace(1) "tmjit.type"="int" %out, ptr addrspace(3) "tmjit.type"="int" %t,
                   i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %k = and i32 %i, 15
  %pt = getelementptr i32, ptr addrspace(3) %t, i32 %k
  store i32 %k, ptr addrspace(3) %pt
  %v = load i32, ptr addrspace(3) %pt
  %po = getelementptr i32, ptr addrspace(1) %out, i32 %i
  store i32 %v, ptr addrspace(1) %po
  ret void
}
