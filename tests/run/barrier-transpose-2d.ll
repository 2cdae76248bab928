; A matrix is transposed tile by tile through threadgroup memory, with 2-D threadgroups.
;
; RUN: %npy %t.npy f32 '[r * 24 + c for c in range(24) for r in range(16)]'
; RUN: %run %s --grid 24,16 --threadgroup 8,8 --buf x=f32[384]:iota --buf y=f32[384]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [8 x [9 x float]] undef, align 4

; x is 16 rows of 24, y is 24 rows of 16
define void @transpose(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %t, <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
  %tx = extractelement <2 x i32> %t, i32 0
  %ty = extractelement <2 x i32> %t, i32 1
  %gx = extractelement <2 x i32> %g, i32 0
  %gy = extractelement <2 x i32> %g, i32 1
  %gx8 = mul i32 %gx, 8
  %gy8 = mul i32 %gy, 8
  %row = add i32 %gy8, %ty
  %col = add i32 %gx8, %tx
  %row24 = mul i32 %row, 24
  %from = add i32 %row24, %col
  %px = getelementptr float, ptr addrspace(1) %x, i32 %from
  %v = load float, ptr addrspace(1) %px
  %pt = getelementptr [8 x [9 x float]], ptr addrspace(3) @tile, i32 0, i32 %ty, i32 %tx
  store float %v, ptr addrspace(3) %pt
  call void @air.wg.barrier(i32 2, i32 1)
  %pu = getelementptr [8 x [9 x float]], ptr addrspace(3) @tile, i32 0, i32 %tx, i32 %ty
  %w = load float, ptr addrspace(3) %pu
  %row2 = add i32 %gx8, %ty
  %col2 = add i32 %gy8, %tx
  %row16 = mul i32 %row2, 16
  %to = add i32 %row16, %col2
  %py = getelementptr float, ptr addrspace(1) %y, i32 %to
  store float %w, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
