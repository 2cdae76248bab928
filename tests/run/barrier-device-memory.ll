; A barrier with the device flag orders accesses to a buffer among the threads of a threadgroup.
;
; RUN: %npy %t.npy i32 '[(i // 50 * 50) + (i + 7) %% 50 for i in range(200)]'
; RUN: %run %s --grid 200 --threadgroup 50 --buf x=i32[200]:zeros --buf y=i32[200]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  store i32 %i, ptr addrspace(1) %px
  call void @air.wg.barrier(i32 1, i32 1)
  %base = sub i32 %i, %t
  %t7 = add i32 %t, 7
  %m = urem i32 %t7, 50
  %j = add i32 %base, %m
  %q = getelementptr i32, ptr addrspace(1) %x, i32 %j
  %v = load i32, ptr addrspace(1) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
