; SIMD-group matrix loads and stores whose pointer, row length or origin differ between lanes: lane
; 0 speaks for all.
;
; PY: a = [i for i in range(160)]
; PY: b = [1000 + i for i in range(160)]
; RUN: %npy %ta.npy f32 'a'
; RUN: %npy %tb.npy f32 'b'
; RUN: %npy %ty.npy f32 '[1000 + 8 + r * 16 + c for r in range(8) for c in range(8)]'
; RUN: %simd %s --grid 32 --buf a=%ta.npy --buf b=%tb.npy --buf y=f32[64] --expect y=%ty.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-a = icmp ne i32 %i, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %w = zext i32 %i to i64
  %square = mul i64 %w, %w
  %length = add i64 %square, 16
  %column = add i64 %square, 8
  %origin = insertelement <2 x i64> zeroinitializer, i64 %column, i32 0
  %q = getelementptr float, ptr addrspace(1) %y, i64 %square
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %p, i64 %length, <2 x i64> %origin, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %q, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
