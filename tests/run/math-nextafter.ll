; nextafter gives the next float towards the second operand.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(1, 2), (1, 0), (-1, -2), (-1, 0), (0, 1), (0, -1), (3, 3), (16777216, 0), (1e-40, 1), (3.4028234663852886e38, inf)]]
; PY: def ref(a, b):
; PY:     if a == b: return b
; PY:     if a == 0: return math.copysign(2.0 ** -149, b)
; PY:     bits = float_bits(a)
; PY:     return bits_float(bits + 1 if (b > a) == (a > 0) else bits - 1)
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 10 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f32[10]:zeros --expect y=%t.npy

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %r = call float @air.nextafter.f32(float %av, float %bv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.nextafter.f32(float, float)
