; Built-in inputs declared as ushort, scalar and in vectors.
;
; RUN: %npy %t.npy u16 '[v for y in range(6) for x in range(10) for v in (x, y, x %% 4, y %% 3, x // 4, (x %% 4) + (y %% 3) * min(4, 10 - x // 4 * 4), 4)]'
; RUN: %run %s --grid 10,6 --threadgroup 4,3 --buf y=u16[420]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="ushort" %y, <2 x i16> "tmjit.builtin"="thread_position_in_grid" %pos, <3 x i16> "tmjit.builtin"="thread_position_in_threadgroup" %t, i16 "tmjit.builtin"="threadgroup_position_in_grid" %g, i16 "tmjit.builtin"="thread_index_in_threadgroup" %index, <2 x i16> "tmjit.builtin"="dispatch_threads_per_threadgroup" %size) "tmjit.kernel" {
  %px = extractelement <2 x i16> %pos, i32 0
  %py = extractelement <2 x i16> %pos, i32 1
  %tx = extractelement <3 x i16> %t, i32 0
  %ty = extractelement <3 x i16> %t, i32 1
  %sx = extractelement <2 x i16> %size, i32 0
  %row = mul i16 %py, 10
  %i = add i16 %row, %px
  %at = mul i16 %i, 7
  %at64 = zext i16 %at to i64
  %p0 = getelementptr i16, ptr addrspace(1) %y, i64 %at64
  store i16 %px, ptr addrspace(1) %p0
  %p1 = getelementptr i16, ptr addrspace(1) %p0, i64 1
  store i16 %py, ptr addrspace(1) %p1
  %p2 = getelementptr i16, ptr addrspace(1) %p0, i64 2
  store i16 %tx, ptr addrspace(1) %p2
  %p3 = getelementptr i16, ptr addrspace(1) %p0, i64 3
  store i16 %ty, ptr addrspace(1) %p3
  %p4 = getelementptr i16, ptr addrspace(1) %p0, i64 4
  store i16 %g, ptr addrspace(1) %p4
  %p5 = getelementptr i16, ptr addrspace(1) %p0, i64 5
  store i16 %index, ptr addrspace(1) %p5
  %p6 = getelementptr i16, ptr addrspace(1) %p0, i64 6
  store i16 %sx, ptr addrspace(1) %p6
  ret void
}
