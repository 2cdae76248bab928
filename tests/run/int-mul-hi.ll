; mulhi: the upper half of the product.
;
; PY: vals = (0, 1, -1, 7, 100, -100, 2**31 - 1, -2**31)
; PY: rows = [(a, b) for a in vals for b in vals]
; PY: def ref(a, b, least, most): return a * b >> 32
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy i32 '[r[1] for r in rows]'
; RUN: %npy %t.npy i32 '[i32(ref(*[i32(v) for v in r], -2**31, 2**31 - 1)) for r in rows]'
; RUN: %run %s --entry signed --grid 64 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[64]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[i32(ref(*[u32(v) for v in r], 0, 2**32 - 1)) for r in rows]'
; RUN: %run %s --entry unsigned --grid 64 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[64]:zeros --expect y=%t.npy

define void @signed(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %r = call i32 @air.mul_hi.s.i32(i32 %av, i32 %bv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @unsigned(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %r = call i32 @air.mul_hi.u.i32(i32 %av, i32 %bv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.mul_hi.s.i32(i32, i32)
declare i32 @air.mul_hi.u.i32(i32, i32)
