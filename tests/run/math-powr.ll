; powr: pow for bases from zero up.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(a / 4, b / 2) for a in range(1, 12) for b in range(-6, 7)] + [(0, 2)]]
; PY: def ref(a, b): return a ** b
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --entry precise --grid 144 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f32[144]:zeros --expect y=%t.npy --rtol 1e-6
; RUN: %run %s --entry fast --math fast --grid 144 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f32[144]:zeros --expect y=%t.npy --rtol 2e-5 --atol 1e-6

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %r = call float @air.powr.f32(float %av, float %bv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @fast(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %r = call reassoc arcp contract afn float @air.fast_powr.f32(float %av, float %bv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.powr.f32(float, float)
declare float @air.fast_powr.f32(float, float)
