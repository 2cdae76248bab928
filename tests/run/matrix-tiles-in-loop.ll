; A 16x16 product by four SIMD-groups, tiles through threadgroup memory, accumulators in a loop.
;
; PY: a = [(r * 3 + c) % 5 - 2 for r in range(16) for c in range(24)]
; PY: b = [(r + c * 2) % 7 - 3 for r in range(24) for c in range(16)]
; PY: def mul(a, b): return [sum(a[r * 24 + j] * b[j * 16 + k] for j in range(24)) for r in range(16) for k in range(16)]
; RUN: %npy %ta.npy f32 'a'
; RUN: %npy %tb.npy f32 'b'
; RUN: %npy %t.npy f32 'mul(a, b)'
; RUN: %simd %s --grid 128 --threadgroup 128 --buf a=%ta.npy --buf b=%tb.npy --buf c=f32[256]:zeros --expect c=%t.npy

@tile = internal addrspace(3) global [128 x float] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s) "tmjit.kernel" {
entry:
  %sr = lshr i32 %s, 1
  %sc = and i32 %s, 1
  %row0 = mul i32 %sr, 8
  %col0 = mul i32 %sc, 8
  %row = zext i32 %row0 to i64
  %col = zext i32 %col0 to i64
  %r = lshr i32 %t, 3
  %cc = and i32 %t, 7
  %pt = getelementptr [128 x float], ptr addrspace(3) @tile, i32 0, i32 %t
  %zero = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.0)
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k8, %loop ]
  %acc = phi <64 x float> [ %zero, %entry ], [ %acc1, %loop ]
  ; the 16x8 block of a goes through threadgroup memory, one element a thread
  %ar = mul i32 %r, 24
  %ac = add i32 %k, %cc
  %at = add i32 %ar, %ac
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %at
  %va = load float, ptr addrspace(1) %pa
  store float %va, ptr addrspace(3) %pt
  call void @air.wg.barrier(i32 2, i32 1)
  %oa = insertelement <2 x i64> zeroinitializer, i64 %row, i32 1
  %ma = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @tile, i64 8, <2 x i64> %oa, i1 false)
  %k64 = zext i32 %k to i64
  %ob0 = insertelement <2 x i64> poison, i64 %col, i32 0
  %ob = insertelement <2 x i64> %ob0, i64 %k64, i32 1
  %mb = call <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 16, <2 x i64> %ob, i1 false)
  %acc1 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %ma, <64 x float> %mb, <64 x float> %acc)
  call void @air.wg.barrier(i32 2, i32 1)
  %k8 = add i32 %k, 8
  %more = icmp ult i32 %k8, 24
  br i1 %more, label %loop, label %done
done:
  %oc0 = insertelement <2 x i64> poison, i64 %col, i32 0
  %oc = insertelement <2 x i64> %oc0, i64 %row, i32 1
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc1, ptr addrspace(1) %c, i64 16, <2 x i64> %oc, i1 false)
  ret void
}

declare void @air.wg.barrier(i32, i32)
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3), i64, <2 x i64>, i1)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
