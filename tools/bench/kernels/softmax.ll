; SPDX-License-Identifier: MIT
; Softmax of each row of a matrix. One threadgroup a row, one thread four neighbours of it:
; row_len = 4 * threads of the threadgroup.
source_filename = "softmax.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@group_max = internal unnamed_addr addrspace(3) global [32 x float] undef, align 4
@group_sum = internal unnamed_addr addrspace(3) global [32 x float] undef, align 4

define void @softmax(ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %src,
                     ptr addrspace(1) nocapture "air-buffer-no-alias" %dst,
                     ptr addrspace(2) nocapture readonly %row_len,
                     i32 %row,
                     i32 %thread,
                     i32 %lane,
                     i32 %group,
                     i32 %groups) {
entry:
  %row_len.v = load i32, ptr addrspace(2) %row_len, align 4
  %lshr = lshr i32 %row_len.v, 2
  %mul = mul i32 %lshr, %row
  %add = add i32 %mul, %thread
  %add.wide = zext i32 %add to i64
  %src.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %src, i64 %add.wide
  %src.v = load <4 x float>, ptr addrspace(1) %src.at, align 16
  %src.v.x = extractelement <4 x float> %src.v, i64 0
  %src.v.y = extractelement <4 x float> %src.v, i64 1
  %fmax = tail call fast float @air.fast_fmax.f32(float %src.v.x, float %src.v.y)
  %src.v.z = extractelement <4 x float> %src.v, i64 2
  %src.v.w = extractelement <4 x float> %src.v, i64 3
  %fmax2 = tail call fast float @air.fast_fmax.f32(float %src.v.z, float %src.v.w)
  %fmax3 = tail call fast float @air.fast_fmax.f32(float %fmax, float %fmax2)
  %simd_max = tail call fast float @air.simd_max.f32(float %fmax3)
  %cmp = icmp eq i32 %lane, 0
  br i1 %cmp, label %then, label %next

then:
  %group.wide = zext i32 %group to i64
  %group_max.at = getelementptr inbounds float, ptr addrspace(3) @group_max, i64 %group.wide
  store float %simd_max, ptr addrspace(3) %group_max.at, align 4
  br label %next

next:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %cmp2 = icmp ult i32 %lane, %groups
  br i1 %cmp2, label %inside, label %joined

inside:
  %lane.wide = zext i32 %lane to i64
  %group_max.at2 = getelementptr inbounds float, ptr addrspace(3) @group_max, i64 %lane.wide
  %group_max.v = load float, ptr addrspace(3) %group_max.at2, align 4
  br label %joined

joined:
  %picked = phi float [ %group_max.v, %inside ], [ 0xC7EFFFFFE0000000, %next ]
  %simd_max2 = tail call fast float @air.simd_max.f32(float %picked)
  %ins = insertelement <4 x float> poison, float %simd_max2, i64 0
  %splat = shufflevector <4 x float> %ins, <4 x float> poison, <4 x i32> zeroinitializer
  %fsub = fsub fast <4 x float> %src.v, %splat
  %exp = tail call fast <4 x float> @air.fast_exp.v4f32(<4 x float> %fsub)
  %exp.x = extractelement <4 x float> %exp, i64 0
  %exp.y = extractelement <4 x float> %exp, i64 1
  %fadd = fadd fast float %exp.x, %exp.y
  %exp.z = extractelement <4 x float> %exp, i64 2
  %fadd2 = fadd fast float %fadd, %exp.z
  %exp.w = extractelement <4 x float> %exp, i64 3
  %fadd3 = fadd fast float %fadd2, %exp.w
  %simd_sum = tail call fast float @air.simd_sum.f32(float %fadd3)
  br i1 %cmp, label %then2, label %next2

then2:
  %group.wide2 = zext i32 %group to i64
  %group_sum.at = getelementptr inbounds float, ptr addrspace(3) @group_sum, i64 %group.wide2
  store float %simd_sum, ptr addrspace(3) %group_sum.at, align 4
  br label %next2

next2:
  tail call void @air.wg.barrier(i32 2, i32 1)
  br i1 %cmp2, label %inside2, label %joined2

inside2:
  %lane.wide2 = zext i32 %lane to i64
  %group_sum.at2 = getelementptr inbounds float, ptr addrspace(3) @group_sum, i64 %lane.wide2
  %group_sum.v = load float, ptr addrspace(3) %group_sum.at2, align 4
  br label %joined2

joined2:
  %picked2 = phi float [ %group_sum.v, %inside2 ], [ 0.000000e+00, %next2 ]
  %simd_sum2 = tail call fast float @air.simd_sum.f32(float %picked2)
  %fdiv = fdiv fast float 1.000000e+00, %simd_sum2
  %ins2 = insertelement <4 x float> poison, float %fdiv, i64 0
  %splat2 = shufflevector <4 x float> %ins2, <4 x float> poison, <4 x i32> zeroinitializer
  %fmul = fmul fast <4 x float> %splat2, %exp
  %dst.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %dst, i64 %add.wide
  store <4 x float> %fmul, ptr addrspace(1) %dst.at, align 16
  ret void
}

declare float @air.simd_max.f32(float) #0
declare float @air.fast_fmax.f32(float, float) #1
declare void @air.wg.barrier(i32, i32) #0
declare <4 x float> @air.fast_exp.v4f32(<4 x float>) #1
declare float @air.simd_sum.f32(float) #0

attributes #0 = { convergent nounwind willreturn }
attributes #1 = { nounwind readnone willreturn }

!air.kernel = !{!10}
!air.version = !{!11}
!air.language_version = !{!12}
!air.compile_options = !{!13, !14}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 16, !"air.arg_type_name", !"float4", !"air.arg_name", !"src"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 16, !"air.arg_type_name", !"float4", !"air.arg_name", !"dst"}
!3 = !{i32 2, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 2, i32 1, !"air.read", !"air.address_space", i32 2,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"row_len"}
!4 = !{i32 3, !"air.threadgroup_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"row"}
!5 = !{i32 4, !"air.thread_index_in_threadgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"thread"}
!6 = !{i32 5, !"air.thread_index_in_simdgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"lane"}
!7 = !{i32 6, !"air.simdgroup_index_in_threadgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"group"}
!8 = !{i32 7, !"air.simdgroups_per_threadgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"groups"}
!9 = !{!1, !2, !3, !4, !5, !6, !7, !8}
!10 = !{ptr @softmax, !0, !9}
!11 = !{i32 2, i32 6, i32 0}
!12 = !{!"Metal", i32 3, i32 1, i32 0}
!13 = !{!"air.compile.denorms_disable"}
!14 = !{!"air.compile.fast_math_enable"}
