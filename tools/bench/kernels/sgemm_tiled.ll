; SPDX-License-Identifier: MIT
; C = A * B, row-major, size x size. Threadgroups of 16 x 16 threads compute 64 x 64 elements, 4 x 4
; a thread, from tiles of A (transposed) and B that are 16 deep and stand in threadgroup memory.
source_filename = "sgemm_tiled.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@a_tile = internal unnamed_addr addrspace(3) global [16 x [68 x float]] undef, align 4
@b_tile = internal unnamed_addr addrspace(3) global [16 x [16 x <4 x float>]] undef, align 16

define void @sgemm_tiled(ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %a,
                         ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %b,
                         ptr addrspace(1) nocapture "tmjit.type"="float4" %c,
                         ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %size,
                         <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %tid,
                         <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %tg) "tmjit.kernel" {
entry:
  %size.v = load i32, ptr addrspace(2) %size, align 4
  %lshr = lshr i32 %size.v, 2
  %tid.y = extractelement <2 x i32> %tid, i64 1
  %tid.x = extractelement <2 x i32> %tid, i64 0
  %tg.y = extractelement <2 x i32> %tg, i64 1
  %shl = shl i32 %tg.y, 6
  %tg.x = extractelement <2 x i32> %tg, i64 0
  %shl2 = shl i32 %tg.x, 4
  %cmp = icmp eq i32 %size.v, 0
  br i1 %cmp, label %done, label %start

start:
  %add = add i32 %shl2, %tid.x
  %mul = mul i32 %lshr, %tid.y
  %add2 = add i32 %add, %mul
  %add2.wide = zext i32 %add2 to i64
  %b.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %b, i64 %add2.wide
  %shl3 = shl i32 %tid.y, 4
  %add3 = add i32 %shl3, %tid.x
  %lshr2 = lshr i32 %add3, 2
  %add4 = add i32 %lshr2, %shl
  %mul2 = mul i32 %lshr, %add4
  %and = and i32 %tid.x, 3
  %add5 = add i32 %mul2, %and
  %add5.wide = zext i32 %add5 to i64
  %a.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %a, i64 %add5.wide
  %shl4 = shl nuw nsw i32 %and, 2
  %shl4.wide = zext i32 %shl4 to i64
  %a_tile.at = getelementptr inbounds [68 x float], ptr addrspace(3) @a_tile, i64 %shl4.wide
  %lshr2.wide = zext i32 %lshr2 to i64
  %a_tile.at2 = getelementptr inbounds float, ptr addrspace(3) %a_tile.at, i64 %lshr2.wide
  %a_tile.at3 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 272
  %a_tile.at4 = getelementptr inbounds float, ptr addrspace(3) %a_tile.at3, i64 %lshr2.wide
  %a_tile.at5 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 544
  %a_tile.at6 = getelementptr inbounds float, ptr addrspace(3) %a_tile.at5, i64 %lshr2.wide
  %a_tile.at7 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 816
  %a_tile.at8 = getelementptr inbounds float, ptr addrspace(3) %a_tile.at7, i64 %lshr2.wide
  %tid.y.wide = zext i32 %tid.y to i64
  %b_tile.at = getelementptr inbounds [16 x <4 x float>], ptr addrspace(3) @b_tile, i64 %tid.y.wide
  %tid.x.wide = zext i32 %tid.x to i64
  %b_tile.at2 = getelementptr inbounds <4 x float>, ptr addrspace(3) %b_tile.at, i64 %tid.x.wide
  %b_tile.at3 = getelementptr inbounds <4 x float>, ptr addrspace(3) @b_tile, i64 %tid.x.wide
  %shl5 = shl i32 %tid.y, 2
  %shl5.wide = zext i32 %shl5 to i64
  %a_tile.at9 = getelementptr inbounds float, ptr addrspace(3) @a_tile, i64 %shl5.wide
  %shl6 = shl i32 %lshr, 4
  %shl6.wide = zext i32 %shl6 to i64
  br label %loop

done:
  %acc = phi <4 x float> [ zeroinitializer, %entry ], [ %fadd4, %done2 ]
  %acc2 = phi <4 x float> [ zeroinitializer, %entry ], [ %fadd3, %done2 ]
  %acc3 = phi <4 x float> [ zeroinitializer, %entry ], [ %fadd2, %done2 ]
  %acc4 = phi <4 x float> [ zeroinitializer, %entry ], [ %fadd, %done2 ]
  %shl7 = shl i32 %tid.y, 2
  %add6 = add i32 %shl, %shl7
  %add7 = add i32 %shl2, %tid.x
  %mul3 = mul i32 %add6, %lshr
  %add8 = add i32 %add7, %mul3
  %add8.wide = zext i32 %add8 to i64
  %c.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %c, i64 %add8.wide
  store <4 x float> %acc4, ptr addrspace(1) %c.at, align 16
  %or = or i32 %add6, 1
  %mul4 = mul i32 %or, %lshr
  %add9 = add i32 %add7, %mul4
  %add9.wide = zext i32 %add9 to i64
  %c.at2 = getelementptr inbounds <4 x float>, ptr addrspace(1) %c, i64 %add9.wide
  store <4 x float> %acc3, ptr addrspace(1) %c.at2, align 16
  %or2 = or i32 %add6, 2
  %mul5 = mul i32 %or2, %lshr
  %add10 = add i32 %add7, %mul5
  %add10.wide = zext i32 %add10 to i64
  %c.at3 = getelementptr inbounds <4 x float>, ptr addrspace(1) %c, i64 %add10.wide
  store <4 x float> %acc2, ptr addrspace(1) %c.at3, align 16
  %or3 = or i32 %add6, 3
  %mul6 = mul i32 %or3, %lshr
  %add11 = add i32 %add7, %mul6
  %add11.wide = zext i32 %add11 to i64
  %c.at4 = getelementptr inbounds <4 x float>, ptr addrspace(1) %c, i64 %add11.wide
  store <4 x float> %acc, ptr addrspace(1) %c.at4, align 16
  ret void

loop:
  %acc5 = phi <4 x float> [ zeroinitializer, %start ], [ %fadd4, %done2 ]
  %acc6 = phi <4 x float> [ zeroinitializer, %start ], [ %fadd3, %done2 ]
  %acc7 = phi <4 x float> [ zeroinitializer, %start ], [ %fadd2, %done2 ]
  %a_at = phi ptr addrspace(1) [ %a.at, %start ], [ %a_at.at, %done2 ]
  %b_at = phi ptr addrspace(1) [ %b.at, %start ], [ %b_at.at, %done2 ]
  %k = phi i32 [ 0, %start ], [ %add12, %done2 ]
  %acc8 = phi <4 x float> [ zeroinitializer, %start ], [ %fadd, %done2 ]
  %a_at.v = load <4 x float>, ptr addrspace(1) %a_at, align 16
  %a_at.v.x = extractelement <4 x float> %a_at.v, i64 0
  store float %a_at.v.x, ptr addrspace(3) %a_tile.at2, align 4
  %a_at.v.y = extractelement <4 x float> %a_at.v, i64 1
  store float %a_at.v.y, ptr addrspace(3) %a_tile.at4, align 4
  %a_at.v.z = extractelement <4 x float> %a_at.v, i64 2
  store float %a_at.v.z, ptr addrspace(3) %a_tile.at6, align 4
  %a_at.v.w = extractelement <4 x float> %a_at.v, i64 3
  store float %a_at.v.w, ptr addrspace(3) %a_tile.at8, align 4
  %b_at.v = load <4 x float>, ptr addrspace(1) %b_at, align 16
  store <4 x float> %b_at.v, ptr addrspace(3) %b_tile.at2, align 16
  tail call void @air.wg.barrier(i32 2, i32 1)
  br label %loop2

done2:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %a_at.at = getelementptr inbounds i8, ptr addrspace(1) %a_at, i64 64
  %b_at.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %b_at, i64 %shl6.wide
  %add12 = add i32 %k, 16
  %cmp2 = icmp ult i32 %add12, %size.v
  br i1 %cmp2, label %loop, label %done

loop2:
  %j = phi i32 [ 0, %loop ], [ %add13, %loop2 ]
  %acc9 = phi <4 x float> [ %acc8, %loop ], [ %fadd, %loop2 ]
  %acc10 = phi <4 x float> [ %acc7, %loop ], [ %fadd2, %loop2 ]
  %acc11 = phi <4 x float> [ %acc6, %loop ], [ %fadd3, %loop2 ]
  %acc12 = phi <4 x float> [ %acc5, %loop ], [ %fadd4, %loop2 ]
  %j.wide = zext i32 %j to i64
  %b_tile.at4 = getelementptr inbounds [16 x <4 x float>], ptr addrspace(3) %b_tile.at3, i64 %j.wide
  %b_tile.v = load <4 x float>, ptr addrspace(3) %b_tile.at4, align 16
  %a_tile.at10 = getelementptr inbounds [68 x float], ptr addrspace(3) %a_tile.at9, i64 %j.wide
  %a_tile.v = load <4 x float>, ptr addrspace(3) %a_tile.at10, align 4
  %splat = shufflevector <4 x float> %a_tile.v, <4 x float> poison, <4 x i32> zeroinitializer
  %fmul = fmul fast <4 x float> %splat, %b_tile.v
  %fadd = fadd fast <4 x float> %fmul, %acc9
  %splat2 = shufflevector <4 x float> %a_tile.v, <4 x float> poison, <4 x i32> <i32 1, i32 1, i32 1, i32 1>
  %fmul2 = fmul fast <4 x float> %splat2, %b_tile.v
  %fadd2 = fadd fast <4 x float> %acc10, %fmul2
  %splat3 = shufflevector <4 x float> %a_tile.v, <4 x float> poison, <4 x i32> <i32 2, i32 2, i32 2, i32 2>
  %fmul3 = fmul fast <4 x float> %splat3, %b_tile.v
  %fadd3 = fadd fast <4 x float> %acc11, %fmul3
  %splat4 = shufflevector <4 x float> %a_tile.v, <4 x float> poison, <4 x i32> <i32 3, i32 3, i32 3, i32 3>
  %fmul4 = fmul fast <4 x float> %splat4, %b_tile.v
  %fadd4 = fadd fast <4 x float> %acc12, %fmul4
  %add13 = add nuw nsw i32 %j, 1
  %cmp3 = icmp ult i32 %j, 15
  br i1 %cmp3, label %loop2, label %done2
}

declare void @air.wg.barrier(i32, i32) #0

attributes #0 = { convergent nounwind willreturn }
