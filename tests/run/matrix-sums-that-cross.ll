; Sums that loops carry: two that change places in every round, one that is read after its
; product, one that leaves the loop beside its product, one that an inner loop goes on from.
;
; PY: def rounds():
; PY:     a, b, c, d, seen = [0] * 64, [1] * 64, [2] * 64, [3] * 64, [0] * 64
; PY:     for i in range(3):
; PY:         a, b = [x + 8 for x in b], [x + 16 for x in a]
; PY:         old, c = c, [x + 8 for x in c]
; PY:         seen = [x + y for x, y in zip(seen, old)]
; PY:         for k in range(2): d = [x + 8 for x in d]
; PY:     return a + b + c + old + seen + d
; RUN: %npy %t.npy f32 '[v for i in range(6) for v in rounds()[64 * i:64 * i + 64]]'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=f32[384]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
entry:
  %one = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 1.0)
  %two = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 2.0)
  %three = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 3.0)
  %zero = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.0)
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %i1, %latch ]
  %a = phi <64 x float> [ %zero, %entry ], [ %b1, %latch ]
  %b = phi <64 x float> [ %one, %entry ], [ %a1, %latch ]
  %c = phi <64 x float> [ %two, %entry ], [ %c1, %latch ]
  %d = phi <64 x float> [ %three, %entry ], [ %e1, %latch ]
  %s0 = phi float [ 0.0, %entry ], [ %s0n, %latch ]
  %s1 = phi float [ 0.0, %entry ], [ %s1n, %latch ]
  %a1 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %one, <64 x float> %two, <64 x float> %a)
  %b1 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %one, <64 x float> %one, <64 x float> %b)
  %c1 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %one, <64 x float> %one, <64 x float> %c)
  %c.0 = extractelement <64 x float> %c, i32 0
  %c.1 = extractelement <64 x float> %c, i32 1
  %s0n = fadd float %s0, %c.0
  %s1n = fadd float %s1, %c.1
  br label %inner
inner:
  %k = phi i32 [ 0, %loop ], [ %k1, %inner ]
  %e = phi <64 x float> [ %d, %loop ], [ %e1, %inner ]
  %e1 = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %one, <64 x float> %one, <64 x float> %e)
  %k1 = add i32 %k, 1
  %again = icmp ult i32 %k1, 2
  br i1 %again, label %inner, label %latch
latch:
  %i1 = add i32 %i, 1
  %more = icmp ult i32 %i1, 3
  br i1 %more, label %loop, label %done
done:
  %y1 = getelementptr float, ptr addrspace(1) %y, i32 64
  %y2 = getelementptr float, ptr addrspace(1) %y, i32 128
  %y3 = getelementptr float, ptr addrspace(1) %y, i32 192
  %y4 = getelementptr float, ptr addrspace(1) %y, i32 256
  %y5 = getelementptr float, ptr addrspace(1) %y, i32 320
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %b1, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %a1, ptr addrspace(1) %y1, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %c1, ptr addrspace(1) %y2, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %c, ptr addrspace(1) %y3, i64 8, <2 x i64> zeroinitializer, i1 false)
  %m0 = insertelement <64 x float> zeroinitializer, float %s0n, i32 0
  %m1 = insertelement <64 x float> %m0, float %s1n, i32 1
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m1, ptr addrspace(1) %y4, i64 8, <2 x i64> zeroinitializer, i1 false)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %e1, ptr addrspace(1) %y5, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
