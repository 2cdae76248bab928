; clamp: the lower bound first, then the upper one.
;
; PY: rows = [tuple(f32(v) for v in r) for r in [(a / 4, b / 4, b / 4 + c / 2) for a in range(-8, 9, 2) for b in range(-2, 3) for c in range(3)]]
; PY: def ref(x, lo, hi): return min(max(x, lo), hi)
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy f32 '[r[2] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --entry precise --grid 135 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=f32[135]:zeros --expect y=%t.npy
; RUN: %run %s --entry fast --math fast --grid 135 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=f32[135]:zeros --expect y=%t.npy

define void @precise(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %i
  %cv = load float, ptr addrspace(1) %pc
  %r = call float @air.clamp.f32(float %av, float %bv, float %cv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

define void @fast(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %i
  %cv = load float, ptr addrspace(1) %pc
  %r = call reassoc arcp contract afn float @air.fast_clamp.f32(float %av, float %bv, float %cv)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.clamp.f32(float, float, float)
declare float @air.fast_clamp.f32(float, float, float)
