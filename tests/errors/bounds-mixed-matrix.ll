; A SIMD-group matrix in one of two buffers, the shorter of which ends in its last row. Which part
; of the row is named is up to the engine.
;
; RUN: not %tmjit run %s --engine interp --grid 32 --threads 1 --buf a=f32[64] --buf b=f32[63] --buf y=f32[64] --set which=0 2>&1 | FileCheck %s
; RUN: not %tmjit run %s --engine simd --grid 32 --threads 1 --buf a=f32[64] --buf b=f32[63] --buf y=f32[64] --set which=0 2>&1 | FileCheck %s
; CHECK: error: load of {{[0-9]+}} bytes at byte offset 2{{(24|52)}} of buffer 'b' (252 bytes), by thread {{.*}} [bounds]
;
; RUN: not %tmjit run %s --engine interp --grid 32 --threads 1 --buf a=f32[64] --buf b=f32[64] --buf y=f32[64] --set which=7 2>&1 | FileCheck %s --check-prefix STORE
; RUN: not %tmjit run %s --engine simd --grid 32 --threads 1 --buf a=f32[64] --buf b=f32[64] --buf y=f32[64] --set which=7 2>&1 | FileCheck %s --check-prefix STORE
; STORE: error: store of {{[0-9]+}} bytes at byte offset 256 of buffer 'a' (256 bytes), by thread {{.*}} [bounds]

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="int" %which) "tmjit.kernel" {
  %w = load i32, ptr addrspace(2) %which
  %is-a = icmp ne i32 %w, 0
  %p = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %b
  %q = select i1 %is-a, ptr addrspace(1) %a, ptr addrspace(1) %y
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %p, i64 8, <2 x i64> zeroinitializer, i1 false)
  %far = getelementptr <8 x float>, ptr addrspace(1) %q, i32 %w
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %far, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
