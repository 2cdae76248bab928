; fma rounds once.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(1 + a / 8388608, 1 + b / 8388608, -1.0 - c / 4194304) for a in (1, 3, 1000) for b in (1, 5, 99999) for c in (0, 1, 7)]]
; PY: from fractions import Fraction
; PY: def ref(a, b, c):
; PY:     exact = Fraction(a) * Fraction(b) + Fraction(c)
; PY:     down = f32(float(exact))  # no double rounding here: the sum of 1 + e has few bits
; PY:     return down
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy f32 '[r[2] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 27 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=f32[27]:zeros --expect y=%t.npy

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %i
  %cv = load float, ptr addrspace(1) %pc
  %r = call float @air.fma.f32(float %av, float %bv, float %cv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.fma.f32(float, float, float)
