; SPDX-License-Identifier: MIT
; Inclusive prefix sum in three launches: scan_block over the data, four elements a thread,
; which also stores the sum of each block; scan_block over the block sums, one threadgroup;
; scan_add, which adds to each block the sums of those before it.
source_filename = "scan.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@group_sum = internal unnamed_addr addrspace(3) global [32 x i32] undef, align 4

define void @scan_block(ptr addrspace(1) nocapture readonly "tmjit.type"="uint4" %src,
                        ptr addrspace(1) nocapture "tmjit.type"="uint4" %dst,
                        ptr addrspace(1) nocapture "tmjit.type"="uint" %block_sum,
                        i32 "tmjit.builtin"="thread_position_in_grid" %i,
                        i32 "tmjit.builtin"="threadgroup_position_in_grid" %tg,
                        i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane,
                        i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %group,
                        i32 "tmjit.builtin"="simdgroups_per_threadgroup" %groups) "tmjit.kernel" {
entry:
  %i.wide = zext i32 %i to i64
  %src.at = getelementptr inbounds <4 x i32>, ptr addrspace(1) %src, i64 %i.wide
  %src.v = load <4 x i32>, ptr addrspace(1) %src.at, align 16
  %src.v.x = extractelement <4 x i32> %src.v, i64 0
  %src.v.y = extractelement <4 x i32> %src.v, i64 1
  %add = add i32 %src.v.y, %src.v.x
  %ins = insertelement <4 x i32> %src.v, i32 %add, i64 1
  %src.v.z = extractelement <4 x i32> %src.v, i64 2
  %add2 = add i32 %add, %src.v.z
  %ins2 = insertelement <4 x i32> %ins, i32 %add2, i64 2
  %src.v.w = extractelement <4 x i32> %src.v, i64 3
  %add3 = add i32 %add2, %src.v.w
  %ins3 = insertelement <4 x i32> %ins2, i32 %add3, i64 3
  %before = tail call i32 @air.simd_prefix_exclusive_sum.u.i32(i32 %add3)
  %cmp = icmp eq i32 %lane, 31
  br i1 %cmp, label %then, label %next

then:
  %add4 = add i32 %add3, %before
  %group.wide = zext i32 %group to i64
  %group_sum.at = getelementptr inbounds i32, ptr addrspace(3) @group_sum, i64 %group.wide
  store i32 %add4, ptr addrspace(3) %group_sum.at, align 4
  br label %next

next:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %cmp2 = icmp ult i32 %lane, %groups
  br i1 %cmp2, label %inside, label %joined

inside:
  %lane.wide = zext i32 %lane to i64
  %group_sum.at2 = getelementptr inbounds i32, ptr addrspace(3) @group_sum, i64 %lane.wide
  %group_sum.v = load i32, ptr addrspace(3) %group_sum.at2, align 4
  br label %joined

joined:
  %picked = phi i32 [ %group_sum.v, %inside ], [ 0, %next ]
  %cmp3 = icmp ult i32 %lane, %group
  %select = select i1 %cmp3, i32 %picked, i32 0
  %simd_sum = tail call i32 @air.simd_sum.u.i32(i32 %select)
  %add5 = add i32 %simd_sum, %before
  %ins4 = insertelement <4 x i32> poison, i32 %add5, i64 0
  %splat = shufflevector <4 x i32> %ins4, <4 x i32> poison, <4 x i32> zeroinitializer
  %add6 = add <4 x i32> %splat, %ins3
  %dst.at = getelementptr inbounds <4 x i32>, ptr addrspace(1) %dst, i64 %i.wide
  store <4 x i32> %add6, ptr addrspace(1) %dst.at, align 16
  %add7 = add i32 %groups, -1
  %cmp4 = icmp eq i32 %group, %add7
  %and = and i1 %cmp, %cmp4
  br i1 %and, label %then2, label %next2

then2:
  %add8 = add i32 %add5, %add3
  %tg.wide = zext i32 %tg to i64
  %block_sum.at = getelementptr inbounds i32, ptr addrspace(1) %block_sum, i64 %tg.wide
  store i32 %add8, ptr addrspace(1) %block_sum.at, align 4
  br label %next2

next2:
  ret void
}

define void @scan_add(ptr addrspace(1) nocapture readonly "tmjit.type"="uint" %block_sum,
                      ptr addrspace(1) nocapture "tmjit.type"="uint4" %dst,
                      i32 "tmjit.builtin"="thread_position_in_grid" %i,
                      i32 "tmjit.builtin"="threadgroup_position_in_grid" %tg) "tmjit.kernel" {
entry:
  %cmp = icmp eq i32 %tg, 0
  br i1 %cmp, label %next, label %then

then:
  %add = add i32 %tg, -1
  %add.wide = zext i32 %add to i64
  %block_sum.at = getelementptr inbounds i32, ptr addrspace(1) %block_sum, i64 %add.wide
  %block_sum.v = load i32, ptr addrspace(1) %block_sum.at, align 4
  %ins = insertelement <4 x i32> poison, i32 %block_sum.v, i64 0
  %splat = shufflevector <4 x i32> %ins, <4 x i32> poison, <4 x i32> zeroinitializer
  %i.wide = zext i32 %i to i64
  %dst.at = getelementptr inbounds <4 x i32>, ptr addrspace(1) %dst, i64 %i.wide
  %dst.v = load <4 x i32>, ptr addrspace(1) %dst.at, align 16
  %add2 = add <4 x i32> %splat, %dst.v
  store <4 x i32> %add2, ptr addrspace(1) %dst.at, align 16
  br label %next

next:
  ret void
}

declare i32 @air.simd_prefix_exclusive_sum.u.i32(i32) #0
declare void @air.wg.barrier(i32, i32) #0
declare i32 @air.simd_sum.u.i32(i32) #0

attributes #0 = { convergent nounwind willreturn }
