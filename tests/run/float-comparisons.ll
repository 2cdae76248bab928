; All float predicates, ordered and unordered, with NaN and both zeros.
;
; PY: pairs = [(a, b) for a in (-1.5, 0.0, nan) for b in (-1.5, -0.0, nan, inf)]
; PY: def bits(a, b):
; PY:     o = not (math.isnan(a) or math.isnan(b))
; PY:     c = [a == b, a > b, a >= b, a < b, a <= b, o and a != b, o]
; PY:     return sum(1 << k for k, t in enumerate(c + [not o or t for t in c[:5]] + [a != b, not o]) if t)
; RUN: %npy %ta.npy f32 '[a for a, b in pairs]'
; RUN: %npy %tb.npy f32 '[b for a, b in pairs]'
; RUN: %npy %t.npy i32 '[bits(a, b) for a, b in pairs]'
; RUN: %run %s --grid 12 --threadgroup 12 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[12]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %x = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %z = load float, ptr addrspace(1) %pb
  %c0 = fcmp oeq float %x, %z
  %c1 = fcmp ogt float %x, %z
  %c2 = fcmp oge float %x, %z
  %c3 = fcmp olt float %x, %z
  %c4 = fcmp ole float %x, %z
  %c5 = fcmp one float %x, %z
  %c6 = fcmp ord float %x, %z
  %c7 = fcmp ueq float %x, %z
  %c8 = fcmp ugt float %x, %z
  %c9 = fcmp uge float %x, %z
  %c10 = fcmp ult float %x, %z
  %c11 = fcmp ule float %x, %z
  %c12 = fcmp une float %x, %z
  %c13 = fcmp uno float %x, %z
  %s0 = select i1 %c0, i32 1, i32 0
  %s1 = select i1 %c1, i32 2, i32 0
  %s2 = select i1 %c2, i32 4, i32 0
  %s3 = select i1 %c3, i32 8, i32 0
  %s4 = select i1 %c4, i32 16, i32 0
  %s5 = select i1 %c5, i32 32, i32 0
  %s6 = select i1 %c6, i32 64, i32 0
  %s7 = select i1 %c7, i32 128, i32 0
  %s8 = select i1 %c8, i32 256, i32 0
  %s9 = select i1 %c9, i32 512, i32 0
  %s10 = select i1 %c10, i32 1024, i32 0
  %s11 = select i1 %c11, i32 2048, i32 0
  %s12 = select i1 %c12, i32 4096, i32 0
  %s13 = select i1 %c13, i32 8192, i32 0
  %o1 = or i32 %s0, %s1
  %o2 = or i32 %o1, %s2
  %o3 = or i32 %o2, %s3
  %o4 = or i32 %o3, %s4
  %o5 = or i32 %o4, %s5
  %o6 = or i32 %o5, %s6
  %o7 = or i32 %o6, %s7
  %o8 = or i32 %o7, %s8
  %o9 = or i32 %o8, %s9
  %o10 = or i32 %o9, %s10
  %o11 = or i32 %o10, %s11
  %o12 = or i32 %o11, %s12
  %o13 = or i32 %o12, %s13
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %o13, ptr addrspace(1) %py
  ret void
}
