; Position and size inputs with two components on a grid that is ragged in both dimensions.
;
; PY: def ref(w, h, sx, sy):
; PY:     out = []
; PY:     for y in range(h):
; PY:         for x in range(w):
; PY:             gx, gy, tx, ty = x // sx, y // sy, x % sx, y % sy
; PY:             ax, ay = min(sx, w - gx * sx), min(sy, h - gy * sy)
; PY:             out += [x, y, tx, ty, gx, gy, -(-w // sx), -(-h // sy), w, h, ax, ay, sx, sy, tx + ty * ax]
; PY:     return out
; RUN: %npy %t.npy u32 'ref(13, 11, 8, 4)'
; RUN: %run %s --grid 13,11 --threadgroup 8,4 --buf y=u32[2145]:zeros --expect y=%t.npy
; RUN: %npy %tb.npy u32 'ref(7, 20, 5, 7)'
; RUN: %run %s --grid 7,20 --threadgroup 5,7 --buf y=u32[2100]:zeros --expect y=%tb.npy
; RUN: %npy %tc.npy u32 'ref(40, 3, 32, 1)'
; RUN: %run %s --grid 40,3 --threadgroup 32,1 --buf y=u32[1800]:zeros --expect y=%tc.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %v0, <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %v1, <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %v2, <2 x i32> "tmjit.builtin"="threadgroups_per_grid" %v3, <2 x i32> "tmjit.builtin"="threads_per_grid" %v4, <2 x i32> "tmjit.builtin"="threads_per_threadgroup" %v5, <2 x i32> "tmjit.builtin"="dispatch_threads_per_threadgroup" %v6, i32 "tmjit.builtin"="thread_index_in_threadgroup" %index) "tmjit.kernel" {
  %px = extractelement <2 x i32> %v0, i32 0
  %py = extractelement <2 x i32> %v0, i32 1
  %w = extractelement <2 x i32> %v4, i32 0
  %row = mul i32 %py, %w
  %i = add i32 %row, %px
  %at = mul i32 %i, 15
  %p0 = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store <2 x i32> %v0, ptr addrspace(1) %p0, align 4
  %p1 = getelementptr i32, ptr addrspace(1) %p0, i32 2
  store <2 x i32> %v1, ptr addrspace(1) %p1, align 4
  %p2 = getelementptr i32, ptr addrspace(1) %p0, i32 4
  store <2 x i32> %v2, ptr addrspace(1) %p2, align 4
  %p3 = getelementptr i32, ptr addrspace(1) %p0, i32 6
  store <2 x i32> %v3, ptr addrspace(1) %p3, align 4
  %p4 = getelementptr i32, ptr addrspace(1) %p0, i32 8
  store <2 x i32> %v4, ptr addrspace(1) %p4, align 4
  %p5 = getelementptr i32, ptr addrspace(1) %p0, i32 10
  store <2 x i32> %v5, ptr addrspace(1) %p5, align 4
  %p6 = getelementptr i32, ptr addrspace(1) %p0, i32 12
  store <2 x i32> %v6, ptr addrspace(1) %p6, align 4
  %p7 = getelementptr i32, ptr addrspace(1) %p0, i32 14
  store i32 %index, ptr addrspace(1) %p7
  ret void
}
