; A join with six predecessors and three phis, all divergent.
;
; PY: def ref(i):
; PY:     k = i * 5 % 6
; PY:     return [(1, 2, 3), (i, i, i), (4, i, 5), (i, 6, 7), (8, 9, i), (10, 11, 12)][k]
; RUN: %npy %t.npy i32 '[v for i in range(40) for v in ref(i)]'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=i32[120]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i5 = mul i32 %i, 5
  %k = urem i32 %i5, 6
  switch i32 %k, label %c5 [
    i32 0, label %c0
    i32 1, label %c1
    i32 2, label %c2
    i32 3, label %c3
    i32 4, label %c4
  ]
c0:
  br label %join
c1:
  br label %join
c2:
  br label %join
c3:
  br label %join
c4:
  br label %join
c5:
  br label %join
join:
  %a = phi i32 [ 1, %c0 ], [ %i, %c1 ], [ 4, %c2 ], [ %i, %c3 ], [ 8, %c4 ], [ 10, %c5 ]
  %b = phi i32 [ 2, %c0 ], [ %i, %c1 ], [ %i, %c2 ], [ 6, %c3 ], [ 9, %c4 ], [ 11, %c5 ]
  %c = phi i32 [ 3, %c0 ], [ %i, %c1 ], [ 5, %c2 ], [ 7, %c3 ], [ %i, %c4 ], [ 12, %c5 ]
  %i3 = mul i32 %i, 3
  %pa = getelementptr i32, ptr addrspace(1) %y, i32 %i3
  %pb = getelementptr i32, ptr addrspace(1) %pa, i32 1
  %pc = getelementptr i32, ptr addrspace(1) %pa, i32 2
  store i32 %a, ptr addrspace(1) %pa
  store i32 %b, ptr addrspace(1) %pb
  store i32 %c, ptr addrspace(1) %pc
  ret void
}
