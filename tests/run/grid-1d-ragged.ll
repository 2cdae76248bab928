; Every scalar built-in input in a one-dimensional grid whose last threadgroup is smaller.
;
; PY: def ref(n, size):
; PY:     out = []
; PY:     for i in range(n):
; PY:         g, t = divmod(i, size)
; PY:         actual = min(size, n - g * size)
; PY:         up = lambda a, b: (a + b - 1) // b
; PY:         out += [t, t % 32, t % 4, t // 32, t // 4, up(actual, 32), up(actual, 4),
; PY:                 up(size, 32), up(size, 4), 32, 32]
; PY:     return out
; RUN: %npy %t.npy u32 'ref(150, 70)'
; RUN: %run %s --grid 150 --threadgroup 70 --buf y=u32[1650]:zeros --expect y=%t.npy
; RUN: %npy %t1.npy u32 'ref(1, 1)'
; RUN: %run %s --grid 1 --threadgroup 1 --buf y=u32[11]:zeros --expect y=%t1.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %v0, i32 "tmjit.builtin"="thread_index_in_simdgroup" %v1, i32 "tmjit.builtin"="thread_index_in_quadgroup" %v2, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %v3, i32 "tmjit.builtin"="quadgroup_index_in_threadgroup" %v4, i32 "tmjit.builtin"="simdgroups_per_threadgroup" %v5, i32 "tmjit.builtin"="quadgroups_per_threadgroup" %v6, i32 "tmjit.builtin"="dispatch_simdgroups_per_threadgroup" %v7, i32 "tmjit.builtin"="dispatch_quadgroups_per_threadgroup" %v8, i32 "tmjit.builtin"="threads_per_simdgroup" %v9, i32 "tmjit.builtin"="thread_execution_width" %v10) "tmjit.kernel" {
  %at = mul i32 %i, 11
  %p0 = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %v0, ptr addrspace(1) %p0
  %p1 = getelementptr i32, ptr addrspace(1) %p0, i32 1
  store i32 %v1, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p0, i32 2
  store i32 %v2, ptr addrspace(1) %p2
  %p3 = getelementptr i32, ptr addrspace(1) %p0, i32 3
  store i32 %v3, ptr addrspace(1) %p3
  %p4 = getelementptr i32, ptr addrspace(1) %p0, i32 4
  store i32 %v4, ptr addrspace(1) %p4
  %p5 = getelementptr i32, ptr addrspace(1) %p0, i32 5
  store i32 %v5, ptr addrspace(1) %p5
  %p6 = getelementptr i32, ptr addrspace(1) %p0, i32 6
  store i32 %v6, ptr addrspace(1) %p6
  %p7 = getelementptr i32, ptr addrspace(1) %p0, i32 7
  store i32 %v7, ptr addrspace(1) %p7
  %p8 = getelementptr i32, ptr addrspace(1) %p0, i32 8
  store i32 %v8, ptr addrspace(1) %p8
  %p9 = getelementptr i32, ptr addrspace(1) %p0, i32 9
  store i32 %v9, ptr addrspace(1) %p9
  %p10 = getelementptr i32, ptr addrspace(1) %p0, i32 10
  store i32 %v10, ptr addrspace(1) %p10
  ret void
}
