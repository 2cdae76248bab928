; Threadgroup memory at places that are known when the kernel is compiled: the last SIMD-group and
; the last lane are one element behind the end, and matrices one row. What is inside is written.
;
; RUN: %fails %s --entry group --grid 160 --threadgroup 160 --buf y=f32[160]:zeros 2>&1 | FileCheck %s --check-prefix=GROUP
; GROUP: bounds-known-places.ll:20:{{.*}}error: store of 4 bytes at byte offset 16 of threadgroup variable 'four' (16 bytes), by thread ({{[0-9]+}}, 0, 0) of the grid{{.*}} [bounds]
; RUN: %run %s --entry group --grid 128 --threadgroup 128 --buf y=f32[128]:zeros --print y | FileCheck %s --check-prefix=INSIDE
; INSIDE: y f32[128] = 0 0 0 ... 3 3 3
; RUN: %fails %s --entry lane --grid 32 --threadgroup 32 --buf y=f32[32]:zeros 2>&1 | FileCheck %s --check-prefix=LANE
; LANE: error: load of 4 bytes at byte offset 124 of threadgroup variable 'lanes' (124 bytes){{.*}} [bounds]
; RUN: not %tmjit run %s --entry row --grid 32 --threadgroup 32 --buf y=f32[64]:zeros 2>&1 | FileCheck %s --check-prefix=ROW
; ROW: error: load of {{[0-9]+}} bytes at byte offset {{[0-9]+}} of threadgroup variable 'rows' (252 bytes){{.*}} [bounds]

@four = internal addrspace(3) global [4 x float] undef, align 4
@lanes = internal addrspace(3) global [31 x float] undef, align 4
@rows = internal addrspace(3) global [63 x float] undef, align 4

define void @group(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s) "tmjit.kernel" {
  %at = getelementptr float, ptr addrspace(3) @four, i32 %s
  %value = uitofp i32 %s to float
  store float %value, ptr addrspace(3) %at
  %own = load float, ptr addrspace(3) %at
  %out = getelementptr float, ptr addrspace(1) %y, i32 %t
  store float %own, ptr addrspace(1) %out
  ret void
}

define void @lane(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %at = getelementptr float, ptr addrspace(3) @lanes, i32 %l
  %own = load float, ptr addrspace(3) %at
  %out = getelementptr float, ptr addrspace(1) %y, i32 %l
  store float %own, ptr addrspace(1) %out
  ret void
}

define void @row(ptr addrspace(1) "tmjit.type"="float" %y) "tmjit.kernel" {
  %tile = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @rows, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %tile, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
