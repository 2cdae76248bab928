; Matrices that lanes change in branches of their own: a join, a select and the ways out of a
; loop leave every lane its own pair.
;
; Lane l holds elements (r, c) and (r, c + 1). Where r is less than 3, `y` holds x[l] and l, else
; 0 and -1. In `z` four lanes of eight keep the filled matrix. For `w` each lane adds 1 to its
; first element r + 1 times.
;
; PY: def place(l): return (l // 4 & 4) + l // 2 % 4, (l // 4 & 2) * 2 + l % 2 * 2
; PY: def tile(of):
; PY:     m = [[0.0] * 8 for _ in range(8)]
; PY:     for l in range(32):
; PY:         r, c = place(l)
; PY:         m[r][c], m[r][c + 1] = of(l, r)
; PY:     return [v for row in m for v in row]
; RUN: %npy %tx.npy f32 '[100.0 + l for l in range(32)]'
; RUN: %npy %ty.npy f32 'tile(lambda l, r: (100.0 + l, float(l)) if r < 3 else (0.0, -1.0))'
; RUN: %npy %tz.npy f32 'tile(lambda l, r: (7.0, 7.0) if l % 8 < 4 else (float(l), 7.0))'
; RUN: %npy %tw.npy f32 'tile(lambda l, r: (7.0 + r + 1, 7.0))'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf x=%tx.npy --buf y=f32[64] --buf z=f32[64] --buf w=f32[64] --expect y=%ty.npy --expect z=%tz.npy --expect w=%tw.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="float" %z, ptr addrspace(1) "tmjit.type"="float" %w, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
entry:
  %seven = call <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 7.0)
  %low = lshr i32 %l, 2
  %half = and i32 %low, 4
  %pair = lshr i32 %l, 1
  %in = and i32 %pair, 3
  %r = or i32 %half, %in
  %fl = uitofp i32 %l to float
  %few = icmp ult i32 %r, 3
  br i1 %few, label %then, label %else

then:
  %at = getelementptr float, ptr addrspace(1) %x, i32 %l
  %v = load float, ptr addrspace(1) %at
  %then0 = insertelement <64 x float> %seven, float %v, i32 0
  br label %join

else:
  %else0 = insertelement <64 x float> %seven, float 0.0, i32 0
  br label %join

join:
  %m0 = phi <64 x float> [ %then0, %then ], [ %else0, %else ]
  %second = phi float [ %fl, %then ], [ -1.0, %else ]
  %m = insertelement <64 x float> %m0, float %second, i32 1
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  %l8 = and i32 %l, 7
  %first = icmp ult i32 %l8, 4
  %own = insertelement <64 x float> %seven, float %fl, i32 0
  %chosen = select i1 %first, <64 x float> %seven, <64 x float> %own
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %chosen, ptr addrspace(1) %z, i64 8, <2 x i64> zeroinitializer, i1 false)
  br label %loop

loop:
  %i = phi i32 [ 0, %join ], [ %next, %more ]
  %sum = phi <64 x float> [ %seven, %join ], [ %added, %more ]
  %old = extractelement <64 x float> %sum, i32 0
  %new = fadd float %old, 1.0
  %added = insertelement <64 x float> %sum, float %new, i32 0
  %is_last = icmp eq i32 %i, %r
  br i1 %is_last, label %done, label %more

more:
  %next = add i32 %i, 1
  %is_end = icmp eq i32 %next, 8
  br i1 %is_end, label %done, label %loop

done:
  %total = phi <64 x float> [ %added, %loop ], [ %seven, %more ]
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %total, ptr addrspace(1) %w, i64 8, <2 x i64> zeroinitializer, i1 false)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float)
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
