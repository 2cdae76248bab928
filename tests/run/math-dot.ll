; dot of two float4: products and sums in component order.
;
; PY: rows = [(i - 3, i * 2, 5 - i, 7) for i in range(20)]
; PY: def ref(r): return f32(f32(f32(r[0] * r[3]) + f32(r[1] * r[2])) + f32(r[2] * r[1])) + f32(r[3] * r[0])
; RUN: %npy %ta.npy f32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy f32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy f32 '[r[2] for r in rows]'
; RUN: %npy %td.npy f32 '[r[3] for r in rows]'
; RUN: %npy %t.npy f32 '[ref(r) for r in rows]'
; RUN: %run %s --grid 20 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf d=%td.npy --buf y=f32[20]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %d, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %i
  %av = load float, ptr addrspace(1) %pa
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %i
  %bv = load float, ptr addrspace(1) %pb
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %i
  %cv = load float, ptr addrspace(1) %pc
  %pd = getelementptr float, ptr addrspace(1) %d, i32 %i
  %dv = load float, ptr addrspace(1) %pd
  %v0 = insertelement <4 x float> poison, float %av, i32 0
  %v1 = insertelement <4 x float> %v0, float %bv, i32 1
  %v2 = insertelement <4 x float> %v1, float %cv, i32 2
  %v3 = insertelement <4 x float> %v2, float %dv, i32 3
  %w = shufflevector <4 x float> %v3, <4 x float> poison, <4 x i32> <i32 3, i32 2, i32 1, i32 0>
  %r = call float @air.dot.v4f32(<4 x float> %v3, <4 x float> %w)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare float @air.dot.v4f32(<4 x float>, <4 x float>)
