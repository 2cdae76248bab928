; ldexp scales by a power of two, to infinity and down to subnormals.
;
; PY: rows = [(f32(a), e) for a in (1.5, -3.25, 0.0) for e in (-140, -10, 0, 3, 130, 200)]
; PY: def ref(a, e): return f32(a * 2.0 ** e)
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %te.npy i32 '[r[1] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(*r) for r in rows]'
; RUN: %run %s --grid 18 --threadgroup 32 --buf a=%ta.npy --buf e=%te.npy --buf y=f32[18]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="int" %e, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pe = getelementptr i32, ptr addrspace(1) %e, i32 %i
  %ev = load i32, ptr addrspace(1) %pe
  %r = call float @air.ldexp.f32(float %av, i32 %ev)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.ldexp.f32(float, i32)
