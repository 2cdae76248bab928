; Matrices in private memory: an array that a loop fills and reads by its counter. Each thread keeps
; its two elements.
;
; PY: a = [[[float(64 * t + 8 * r + c) for c in range(8)] for r in range(8)] for t in range(4)]
; PY: total = [[sum(a[t][r][c] * (t + 1) for t in range(4)) for c in range(8)] for r in range(8)]
; RUN: %npy %t0.npy f32 '[v for t in a for row in t for v in row]'
; RUN: %npy %t1.npy f32 '[v for row in total for v in row]'
; RUN: %simd %s --grid 64 --threadgroup 64 --buf x=%t0.npy --buf y=f32[64]:zeros --buf n=u32:4 --expect y=%t1.npy
; RUN: %tmjit emit %s --as air | FileCheck %s
; CHECK-NOT: {{(load|store) <64}}

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="uint" %n, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
entry:
  %tiles = alloca [4 x { <64 x float> }], align 256
  %count = load i32, ptr addrspace(2) %n
  br label %fill

fill:
  %i = phi i32 [ 0, %entry ], [ %i.next, %fill ]
  %at = mul i32 %i, 64
  %from = getelementptr float, ptr addrspace(1) %x, i32 %at
  %m = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %from, i64 8, <2 x i64> zeroinitializer, i1 false)
  %slot = getelementptr [4 x { <64 x float> }], ptr %tiles, i32 0, i32 %i, i32 0
  store <64 x float> %m, ptr %slot, align 256
  %i.next = add i32 %i, 1
  %more = icmp ult i32 %i.next, %count
  br i1 %more, label %fill, label %sum

sum:
  %j = phi i32 [ 0, %fill ], [ %j.next, %sum ]
  %acc = phi <64 x float> [ zeroinitializer, %fill ], [ %acc.next, %sum ]
  %read = getelementptr [4 x { <64 x float> }], ptr %tiles, i32 0, i32 %j, i32 0
  %t = load <64 x float>, ptr %read, align 256
  %j.next = add i32 %j, 1
  %factor = uitofp i32 %j.next to float
  %diagonal = call <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float %factor)
  %acc.next = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %t, <64 x float> %diagonal, <64 x float> %acc)
  %again = icmp ult i32 %j.next, %count
  br i1 %again, label %sum, label %done

done:
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc.next, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_diag.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
