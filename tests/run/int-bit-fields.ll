; extract_bits and insert_bits: offset and length of a bit field.
;
; PY: rows = [(0x12345678, i32(0xfedcba98), o, n) for o in (0, 4, 13) for n in (1, 8, 16, 19)]
; PY: def field(v, o, n): return u32(v) >> o & (1 << n) - 1
; PY: def insert(v, w, o, n):
; PY:     mask = (1 << n) - 1 << o
; PY:     return u32(v) & ~mask | w << o & mask
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy i32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy i32 '[r[2] for r in rows]'
; RUN: %npy %td.npy i32 '[r[3] for r in rows]'
; RUN: %npy %t.npy i32 '[field(r[1], r[2], r[3]) for r in rows]'
; RUN: %run %s --entry extract_u --grid 12 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=%td.npy --buf y=i32[12]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[wrap(field(r[1], r[2], r[3]), r[3], True) for r in rows]'
; RUN: %run %s --entry extract_s --grid 12 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=%td.npy --buf y=i32[12]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[i32(insert(*r)) for r in rows]'
; RUN: %run %s --entry insert --grid 12 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=%td.npy --buf y=i32[12]:zeros --expect y=%t.npy

define void @extract_u(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.extract_bits.u.i32(i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @extract_s(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.extract_bits.s.i32(i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @insert(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.insert_bits.u.i32(i32 %av, i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.extract_bits.u.i32(i32, i32, i32)
declare i32 @air.extract_bits.s.i32(i32, i32, i32)
declare i32 @air.insert_bits.u.i32(i32, i32, i32, i32)
