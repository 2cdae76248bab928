; SPDX-License-Identifier: MIT
; dst[threadgroup] = sum of the float4 elements that the threadgroup visits in a grid-stride
; loop over src[0 .. count). A second launch of one threadgroup sums the partial sums.
source_filename = "sum.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@partial = internal unnamed_addr addrspace(3) global [32 x float] undef, align 4

define void @sum(ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %src,
                 ptr addrspace(1) nocapture "tmjit.type"="float" %dst,
                 ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %count,
                 i32 "tmjit.builtin"="thread_position_in_grid" %i,
                 i32 "tmjit.builtin"="threads_per_grid" %threads,
                 i32 "tmjit.builtin"="threadgroup_position_in_grid" %tg,
                 i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane,
                 i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %group,
                 i32 "tmjit.builtin"="simdgroups_per_threadgroup" %groups) "tmjit.kernel" {
entry:
  %count.v = load i32, ptr addrspace(2) %count, align 4
  %cmp = icmp ult i32 %i, %count.v
  br i1 %cmp, label %loop, label %done

done:
  %acc = phi <4 x float> [ zeroinitializer, %entry ], [ %fadd4, %loop ]
  %acc.x = extractelement <4 x float> %acc, i64 0
  %acc.y = extractelement <4 x float> %acc, i64 1
  %fadd = fadd fast float %acc.x, %acc.y
  %acc.z = extractelement <4 x float> %acc, i64 2
  %fadd2 = fadd fast float %fadd, %acc.z
  %acc.w = extractelement <4 x float> %acc, i64 3
  %fadd3 = fadd fast float %fadd2, %acc.w
  %simd_sum = tail call fast float @air.simd_sum.f32(float %fadd3)
  %cmp2 = icmp eq i32 %lane, 0
  br i1 %cmp2, label %then, label %next

loop:
  %k = phi i32 [ %add, %loop ], [ %i, %entry ]
  %acc2 = phi <4 x float> [ %fadd4, %loop ], [ zeroinitializer, %entry ]
  %k.wide = zext i32 %k to i64
  %src.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %src, i64 %k.wide
  %src.v = load <4 x float>, ptr addrspace(1) %src.at, align 16
  %fadd4 = fadd fast <4 x float> %src.v, %acc2
  %add = add i32 %k, %threads
  %cmp3 = icmp ult i32 %add, %count.v
  br i1 %cmp3, label %loop, label %done

then:
  %group.wide = zext i32 %group to i64
  %partial.at = getelementptr inbounds float, ptr addrspace(3) @partial, i64 %group.wide
  store float %simd_sum, ptr addrspace(3) %partial.at, align 4
  br label %next

next:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %cmp4 = icmp eq i32 %group, 0
  br i1 %cmp4, label %then2, label %next2

then2:
  %cmp5 = icmp ult i32 %lane, %groups
  br i1 %cmp5, label %inside, label %joined

inside:
  %lane.wide = zext i32 %lane to i64
  %partial.at2 = getelementptr inbounds float, ptr addrspace(3) @partial, i64 %lane.wide
  %partial.v = load float, ptr addrspace(3) %partial.at2, align 4
  br label %joined

joined:
  %picked = phi float [ %partial.v, %inside ], [ 0.000000e+00, %then2 ]
  %simd_sum2 = tail call fast float @air.simd_sum.f32(float %picked)
  br i1 %cmp2, label %then3, label %next2

then3:
  %tg.wide = zext i32 %tg to i64
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %tg.wide
  store float %simd_sum2, ptr addrspace(1) %dst.at, align 4
  br label %next2

next2:
  ret void
}

declare float @air.simd_sum.f32(float) #0
declare void @air.wg.barrier(i32, i32) #0

attributes #0 = { convergent nounwind willreturn }
