; What all lanes take part in stays out of an arm that some lanes choose.
define void @lanes(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %i) "tmjit.kernel" {
  %other = call i32 @air.simd_shuffle_up.s.i32(i32 %i, i16 1)
  %first = icmp eq i32 %i, 0
  %v = select i1 %first, i32 7, i32 %other
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare i32 @air.simd_shuffle_up.s.i32(i32, i16)
