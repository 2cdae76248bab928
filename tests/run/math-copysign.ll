; copysign takes the sign bit of the second operand, also of -0.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(a / 4, b) for a in range(-3, 4) for b in (-1.0, 1.0, -0.0, 0.0)]]
; PY: def ref(a, b): return math.copysign(a, b)
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 28 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f32[28]:zeros --expect y=%t.npy

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %r = call float @air.copysign.f32(float %av, float %bv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.copysign.f32(float, float)
