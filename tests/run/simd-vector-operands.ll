; SIMD-group functions on vectors work component by component.
;
; PY: def ref():
; PY:     out = []
; PY:     for i in range(32):
; PY:         out += [sum(range(32)), sum(range(32)) * 2, i ^ 1, (i ^ 1) * 2]
; PY:     return out
; RUN: %npy %t.npy f32 'ref()'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=f32[128]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float4" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %f = uitofp i32 %i to float
  %f2 = fmul float %f, 2.0
  %v0 = insertelement <2 x float> poison, float %f, i32 0
  %v = insertelement <2 x float> %v0, float %f2, i32 1
  %s = call <2 x float> @air.simd_sum.v2f32(<2 x float> %v)
  %x = call <2 x float> @air.simd_shuffle_xor.v2f32(<2 x float> %v, i16 1)
  %r = shufflevector <2 x float> %s, <2 x float> %x, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %p = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %r, ptr addrspace(1) %p
  ret void
}
declare <2 x float> @air.simd_sum.v2f32(<2 x float>)
declare <2 x float> @air.simd_shuffle_xor.v2f32(<2 x float>, i16)
