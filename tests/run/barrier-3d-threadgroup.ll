; Threads of a 3-D threadgroup read the value of the thread opposite in all three dimensions.
;
; RUN: %npy %t.npy i32 '[59 - i for i in range(60)]'
; RUN: %run %s --grid 3,4,5 --threadgroup 3,4,5 --buf y=i32[60]:zeros --expect y=%t.npy

@cube = internal addrspace(3) global [5 x [4 x [3 x i32]]] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, <3 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %t, i32 "tmjit.builtin"="thread_index_in_threadgroup" %i) "tmjit.kernel" {
  %x = extractelement <3 x i32> %t, i32 0
  %v = extractelement <3 x i32> %t, i32 1
  %z = extractelement <3 x i32> %t, i32 2
  %p = getelementptr [5 x [4 x [3 x i32]]], ptr addrspace(3) @cube, i32 0, i32 %z, i32 %v, i32 %x
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %rx = sub i32 2, %x
  %ry = sub i32 3, %v
  %rz = sub i32 4, %z
  %q = getelementptr [5 x [4 x [3 x i32]]], ptr addrspace(3) @cube, i32 0, i32 %rz, i32 %ry, i32 %rx
  %w = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %w, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
