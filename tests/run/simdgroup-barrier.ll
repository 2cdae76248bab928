; Threads of one SIMD-group exchange values through threadgroup memory with a SIMD-group barrier.
;
; RUN: %npy %t.npy i32 '[i ^ 5 for i in range(128)]'
; RUN: %run %s --grid 128 --threadgroup 64 --buf y=i32[128]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [64 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t) "tmjit.kernel" {
  %p = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %i, ptr addrspace(3) %p
  call void @air.simdgroup.barrier(i32 2, i32 4)
  %m = xor i32 %t, 5
  %q = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.simdgroup.barrier(i32, i32)
