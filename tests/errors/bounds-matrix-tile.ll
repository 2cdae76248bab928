; A SIMD-group matrix whose last row lies outside the buffer. Which part of the tile is named is up
; to the engine.
;
; RUN: not %tmjit run %s --engine interp --grid 32 --threadgroup 32 --threads 1 --buf y=f32[63]:zeros 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine simd --grid 32 --threadgroup 32 --threads 1 --buf y=f32[63]:zeros 2>&1 | FileCheck %s
; CHECK: bounds-matrix-tile.ll:[[#@LINE+4]]:3: error: store of {{[0-9]+}} bytes at byte offset {{2[0-9]+}} of buffer 'y' (252 bytes), by thread {{.*}} [bounds]

define void @k(ptr addrspace(1) "tmjit.type"="float" %y) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 1.0)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
