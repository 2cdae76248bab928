; A kernel with barriers gives the same in any order of its SIMD-groups and with any number of
; worker threads.
;
; RUN: %npy %t.npy i32 '[(i // 160) * 160 + (i * 3 + 7) %% 160 for i in range(1600)]'
; RUN: %run %s --order 1 --grid 1600 --threadgroup 160 --buf y=i32[1600]:zeros --expect y=%t.npy
; RUN: %run %s --order 99 --threads 5 --grid 1600 --threadgroup 160 --buf y=i32[1600]:zeros --expect y=%t.npy
; RUN: %run %s --threads 1 --grid 1600 --threadgroup 160 --buf y=i32[1600]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [160 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(3) @tile, i32 %t
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %i3 = mul i32 %i, 3
  %i7 = add i32 %i3, 7
  %m = urem i32 %i7, 160
  %q = getelementptr i32, ptr addrspace(3) @tile, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
