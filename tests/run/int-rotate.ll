; rotate left by any amount, counted modulo the width.
;
; PY: rows = [(v, n) for v in (1, -2147483647, 305419896) for n in (0, 1, 5, 31, 32, 37)]
; PY: def rot(v, n, w):
; PY:     v, n = v & (1 << w) - 1, n % w
; PY:     return v << n | v >> (w - n)
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy i32 '[r[1] for r in rows]'
; RUN: %npy %t.npy i32 '[i32(rot(r[0], r[1], 32)) for r in rows]'
; RUN: %run %s --entry word --grid 18 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[18]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[rot(r[0], r[1], 8) & 255 for r in rows]'
; RUN: %run %s --entry byte --grid 18 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[18]:zeros --expect y=%t.npy

define void @word(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %r = call i32 @air.rotate.i32(i32 %av, i32 %bv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @byte(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %x = trunc i32 %av to i8
  %n = trunc i32 %bv to i8
  %q = call i8 @air.rotate.i8(i8 %x, i8 %n)
  %r = zext i8 %q to i32
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.rotate.i32(i32, i32)
declare i8 @air.rotate.i8(i8, i8)
