; Integer functions on vectors and on 8, 16 and 64 bits.
;
; PY: rows = [(i * 9 - 300, 100 - i * 11) for i in range(64)]
; PY: def ref(a, b):
; PY:     v, w = (a, b), (b, a)
; PY:     small = max(-128, min(127, wrap(a, 8, True) + wrap(b, 8, True)))
; PY:     return max(a, b) - min(a, b) + small * 1000 + (abs(a) & 0xffff) + (a * b * 3 >> 2)
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy i32 '[r[1] for r in rows]'
; RUN: %npy %t.npy i32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 64 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %v0 = insertelement <2 x i32> poison, i32 %av, i32 0
  %v = insertelement <2 x i32> %v0, i32 %bv, i32 1
  %w = shufflevector <2 x i32> %v, <2 x i32> poison, <2 x i32> <i32 1, i32 0>
  %mx = call <2 x i32> @air.max.s.v2i32(<2 x i32> %v, <2 x i32> %w)
  %mn = call <2 x i32> @air.min.s.v2i32(<2 x i32> %v, <2 x i32> %w)
  %d = sub <2 x i32> %mx, %mn
  %d0 = extractelement <2 x i32> %d, i32 0
  %a8 = trunc i32 %av to i8
  %b8 = trunc i32 %bv to i8
  %s8 = call i8 @air.add_sat.s.i8(i8 %a8, i8 %b8)
  %s = sext i8 %s8 to i32
  %s1000 = mul i32 %s, 1000
  %a16 = trunc i32 %av to i16
  %t16 = call i16 @air.abs.s.i16(i16 %a16)
  %t = zext i16 %t16 to i32
  %a64 = sext i32 %av to i64
  %b64 = sext i32 %bv to i64
  %m = mul i64 %a64, %b64
  %m3 = mul i64 %m, 3
  %h = ashr i64 %m3, 1
  %h2 = call i64 @air.hadd.s.i64(i64 %h, i64 0)
  %h32 = trunc i64 %h2 to i32
  %r0 = add i32 %d0, %s1000
  %r1 = add i32 %r0, %t
  %r = add i32 %r1, %h32
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare <2 x i32> @air.max.s.v2i32(<2 x i32>, <2 x i32>)
declare <2 x i32> @air.min.s.v2i32(<2 x i32>, <2 x i32>)
declare i8 @air.add_sat.s.i8(i8, i8)
declare i16 @air.abs.s.i16(i16)
declare i64 @air.hadd.s.i64(i64, i64)
