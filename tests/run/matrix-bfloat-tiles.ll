; bfloat tiles: multiply into float.
;
; PY: a = [(r * 5 + c) % 9 / 4 - 1 for r in range(8) for c in range(8)]
; PY: def mul(a, b): return [sum(a[r * 8 + j] * b[j * 8 + k] for j in range(8)) for r in range(8) for k in range(8)]
; RUN: %npy %tx.npy f32 'a'
; RUN: %npy %t.npy f32 'mul(a, a)'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf x=%tx.npy --buf b=bf16[64]:zeros --buf y=f32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="bfloat" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %px0 = getelementptr <2 x float>, ptr addrspace(1) %x, i32 %l
  %v = load <2 x float>, ptr addrspace(1) %px0
  %w = fptrunc <2 x float> %v to <2 x bfloat>
  %pb0 = getelementptr <2 x bfloat>, ptr addrspace(1) %b, i32 %l
  store <2 x bfloat> %w, ptr addrspace(1) %pb0
  call void @air.simdgroup.barrier(i32 1, i32 1)
  %m = call <64 x bfloat> @air.simdgroup_matrix_8x8_load.v64bf16.p1bf16(ptr addrspace(1) %b, i64 8, <2 x i64> zeroinitializer, i1 false)
  %z = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.0)
  %d = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64bf16.v64bf16.v64f32(<64 x bfloat> %m, <64 x bfloat> %m, <64 x float> %z)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %d, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare void @air.simdgroup.barrier(i32, i32)
declare <64 x bfloat> @air.simdgroup_matrix_8x8_load.v64bf16.p1bf16(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64bf16.v64bf16.v64f32(<64 x bfloat>, <64 x bfloat>, <64 x float>)
