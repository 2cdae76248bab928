; SPDX-License-Identifier: MIT
; dst = transposed src, both size x size. One threadgroup of 32 x 8 threads a 32 x 32 tile;
; 33 columns keep the accesses to a tile's column in different banks.
source_filename = "transpose.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@tile = internal unnamed_addr addrspace(3) global [32 x [33 x float]] undef, align 4

define void @transpose(ptr addrspace(1) nocapture readonly "tmjit.type"="float" %src,
                       ptr addrspace(1) nocapture "tmjit.type"="float" %dst,
                       ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %size,
                       <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %tid,
                       <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %tg) "tmjit.kernel" {
entry:
  %size.v = load i32, ptr addrspace(2) %size, align 4
  %tg.x = extractelement <2 x i32> %tg, i64 0
  %shl = shl i32 %tg.x, 5
  %tid.x = extractelement <2 x i32> %tid, i64 0
  %add = add i32 %shl, %tid.x
  %tg.y = extractelement <2 x i32> %tg, i64 1
  %shl2 = shl i32 %tg.y, 5
  %tid.y = extractelement <2 x i32> %tid, i64 1
  %add2 = add i32 %shl2, %tid.y
  %tid.x.wide = zext i32 %tid.x to i64
  %tile.at = getelementptr inbounds float, ptr addrspace(3) @tile, i64 %tid.x.wide
  %mul = mul i32 %add2, %size.v
  %add3 = add i32 %add, %mul
  %add3.wide = zext i32 %add3 to i64
  %src.at = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add3.wide
  %src.v = load float, ptr addrspace(1) %src.at, align 4
  %tid.y.wide = zext i32 %tid.y to i64
  %tile.at2 = getelementptr inbounds [33 x float], ptr addrspace(3) %tile.at, i64 %tid.y.wide
  store float %src.v, ptr addrspace(3) %tile.at2, align 4
  %add4 = add i32 %add2, 8
  %mul2 = mul i32 %add4, %size.v
  %add5 = add i32 %add, %mul2
  %add5.wide = zext i32 %add5 to i64
  %src.at2 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add5.wide
  %src.v2 = load float, ptr addrspace(1) %src.at2, align 4
  %add6 = add i32 %tid.y, 8
  %add6.wide = zext i32 %add6 to i64
  %tile.at3 = getelementptr inbounds [33 x float], ptr addrspace(3) %tile.at, i64 %add6.wide
  store float %src.v2, ptr addrspace(3) %tile.at3, align 4
  %add7 = add i32 %add2, 16
  %mul3 = mul i32 %add7, %size.v
  %add8 = add i32 %add, %mul3
  %add8.wide = zext i32 %add8 to i64
  %src.at3 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add8.wide
  %src.v3 = load float, ptr addrspace(1) %src.at3, align 4
  %add9 = add i32 %tid.y, 16
  %add9.wide = zext i32 %add9 to i64
  %tile.at4 = getelementptr inbounds [33 x float], ptr addrspace(3) %tile.at, i64 %add9.wide
  store float %src.v3, ptr addrspace(3) %tile.at4, align 4
  %add10 = add i32 %add2, 24
  %mul4 = mul i32 %add10, %size.v
  %add11 = add i32 %add, %mul4
  %add11.wide = zext i32 %add11 to i64
  %src.at4 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add11.wide
  %src.v4 = load float, ptr addrspace(1) %src.at4, align 4
  %add12 = add i32 %tid.y, 24
  %add12.wide = zext i32 %add12 to i64
  %tile.at5 = getelementptr inbounds [33 x float], ptr addrspace(3) %tile.at, i64 %add12.wide
  store float %src.v4, ptr addrspace(3) %tile.at5, align 4
  tail call void @air.wg.barrier(i32 2, i32 1)
  %add13 = add i32 %shl2, %tid.x
  %add14 = add i32 %shl, %tid.y
  %tile.at6 = getelementptr inbounds [33 x float], ptr addrspace(3) @tile, i64 %tid.x.wide
  %tile.at7 = getelementptr inbounds float, ptr addrspace(3) %tile.at6, i64 %tid.y.wide
  %tile.v = load float, ptr addrspace(3) %tile.at7, align 4
  %mul5 = mul i32 %add14, %size.v
  %add15 = add i32 %add13, %mul5
  %add15.wide = zext i32 %add15 to i64
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %add15.wide
  store float %tile.v, ptr addrspace(1) %dst.at, align 4
  %tile.at8 = getelementptr inbounds float, ptr addrspace(3) %tile.at6, i64 %add6.wide
  %tile.v2 = load float, ptr addrspace(3) %tile.at8, align 4
  %add16 = add i32 %add14, 8
  %mul6 = mul i32 %add16, %size.v
  %add17 = add i32 %add13, %mul6
  %add17.wide = zext i32 %add17 to i64
  %dst.at2 = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %add17.wide
  store float %tile.v2, ptr addrspace(1) %dst.at2, align 4
  %tile.at9 = getelementptr inbounds float, ptr addrspace(3) %tile.at6, i64 %add9.wide
  %tile.v3 = load float, ptr addrspace(3) %tile.at9, align 4
  %add18 = add i32 %add14, 16
  %mul7 = mul i32 %add18, %size.v
  %add19 = add i32 %add13, %mul7
  %add19.wide = zext i32 %add19 to i64
  %dst.at3 = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %add19.wide
  store float %tile.v3, ptr addrspace(1) %dst.at3, align 4
  %tile.at10 = getelementptr inbounds float, ptr addrspace(3) %tile.at6, i64 %add12.wide
  %tile.v4 = load float, ptr addrspace(3) %tile.at10, align 4
  %add20 = add i32 %add14, 24
  %mul8 = mul i32 %add20, %size.v
  %add21 = add i32 %add13, %mul8
  %add21.wide = zext i32 %add21 to i64
  %dst.at4 = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %add21.wide
  store float %tile.v4, ptr addrspace(1) %dst.at4, align 4
  ret void
}

declare void @air.wg.barrier(i32, i32) #0

attributes #0 = { convergent nounwind willreturn }
