; Position and size inputs with three components on a grid that is ragged in all of them.
;
; PY: def ref(n, s):
; PY:     out = []
; PY:     for z in range(n[2]):
; PY:         for y in range(n[1]):
; PY:             for x in range(n[0]):
; PY:                 p = (x, y, z)
; PY:                 g = [a // b for a, b in zip(p, s)]
; PY:                 t = [a % b for a, b in zip(p, s)]
; PY:                 actual = [min(b, c - q * b) for b, c, q in zip(s, n, g)]
; PY:                 index = t[0] + actual[0] * (t[1] + actual[1] * t[2])
; PY:                 out += [*p, *t, *g, *actual, index]
; PY:     return out
; RUN: %npy %t.npy u32 'ref((7, 5, 3), (4, 2, 2))'
; RUN: %run %s --grid 7,5,3 --threadgroup 4,2,2 --buf y=u32[1365]:zeros --expect y=%t.npy
; RUN: %npy %tb.npy u32 'ref((3, 4, 9), (3, 3, 7))'
; RUN: %run %s --grid 3,4,9 --threadgroup 3,3,7 --buf y=u32[1404]:zeros --expect y=%tb.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, <3 x i32> "tmjit.builtin"="thread_position_in_grid" %v0, <3 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %v1, <3 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %v2, <3 x i32> "tmjit.builtin"="threads_per_threadgroup" %v3, <3 x i32> "tmjit.builtin"="threads_per_grid" %n, i32 "tmjit.builtin"="thread_index_in_threadgroup" %index) "tmjit.kernel" {
  %x = extractelement <3 x i32> %v0, i32 0
  %yy = extractelement <3 x i32> %v0, i32 1
  %z = extractelement <3 x i32> %v0, i32 2
  %nx = extractelement <3 x i32> %n, i32 0
  %ny = extractelement <3 x i32> %n, i32 1
  %plane = mul i32 %z, %ny
  %line = add i32 %plane, %yy
  %row = mul i32 %line, %nx
  %i = add i32 %row, %x
  %at = mul i32 %i, 13
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  call void @put(ptr addrspace(1) %p, <3 x i32> %v0)
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 3
  call void @put(ptr addrspace(1) %p1, <3 x i32> %v1)
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 6
  call void @put(ptr addrspace(1) %p2, <3 x i32> %v2)
  %p3 = getelementptr i32, ptr addrspace(1) %p, i32 9
  call void @put(ptr addrspace(1) %p3, <3 x i32> %v3)
  %p4 = getelementptr i32, ptr addrspace(1) %p, i32 12
  store i32 %index, ptr addrspace(1) %p4
  ret void
}

; three components of four bytes, as packed_uint3
define internal void @put(ptr addrspace(1) %p, <3 x i32> %v) {
  %a = extractelement <3 x i32> %v, i32 0
  store i32 %a, ptr addrspace(1) %p
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1
  %b = extractelement <3 x i32> %v, i32 1
  store i32 %b, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2
  %c = extractelement <3 x i32> %v, i32 2
  store i32 %c, ptr addrspace(1) %p2
  ret void
}
