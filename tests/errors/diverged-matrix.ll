; SIMD-group matrix functions need all threads of the SIMD-group.
;
; RUN: %fails %s --grid 32 --threadgroup 32 --buf y=f32[64]:zeros | FileCheck %s
; CHECK: error: {{.*}}reached by part of the SIMD-group's threads{{.*}} [diverged]

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %m = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 1.0)
  %some = icmp ult i32 %i, 20
  br i1 %some, label %write, label %done
write:
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  br label %done
done:
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
