; mix is x + (y - x) * a.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(a / 4, b / 4, c / 4) for a in range(-3, 4, 2) for b in range(-2, 3) for c in range(0, 5)]]
; PY: def ref(x, y, a): return x + (y - x) * a
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy f32 '[r[2] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 100 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=f32[100]:zeros --expect y=%t.npy --rtol 5e-7 --atol 1e-7

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %i
  %cv = load float, ptr addrspace(1) %pc
  %r = call float @air.mix.f32(float %av, float %bv, float %cv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.mix.f32(float, float, float)
