; SPDX-License-Identifier: MIT
; Layer norm of rows of 1024 elements. One threadgroup of 256 threads a row, one thread the
; elements thread, thread + 256, thread + 512, thread + 768.
source_filename = "layer_norm.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@group_sum = internal unnamed_addr addrspace(3) global [32 x float] undef, align 4
@group_square = internal unnamed_addr addrspace(3) global [32 x float] undef, align 4

define void @layer_norm(ptr addrspace(1) nocapture readonly "tmjit.type"="float" %src,
                        ptr addrspace(1) nocapture readonly "tmjit.type"="float" %gamma,
                        ptr addrspace(1) nocapture readonly "tmjit.type"="float" %beta,
                        ptr addrspace(1) nocapture "tmjit.type"="float" %dst,
                        ptr addrspace(2) nocapture readonly "tmjit.type"="float" %epsilon,
                        i32 "tmjit.builtin"="threadgroup_position_in_grid" %row,
                        i32 "tmjit.builtin"="thread_index_in_threadgroup" %thread,
                        i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane,
                        i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %group,
                        i32 "tmjit.builtin"="simdgroups_per_threadgroup" %groups) "tmjit.kernel" {
entry:
  %shl = shl i32 %row, 10
  %shl.wide = zext i32 %shl to i64
  %src.at = getelementptr inbounds float, ptr addrspace(1) %src, i64 %shl.wide
  %thread.wide = zext i32 %thread to i64
  %src.at2 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %thread.wide
  %src.v = load float, ptr addrspace(1) %src.at2, align 4
  %add = add i32 %thread, 256
  %add.wide = zext i32 %add to i64
  %src.at3 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %add.wide
  %src.v2 = load float, ptr addrspace(1) %src.at3, align 4
  %fadd = fadd fast float %src.v2, %src.v
  %add2 = add i32 %thread, 512
  %add2.wide = zext i32 %add2 to i64
  %src.at4 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %add2.wide
  %src.v3 = load float, ptr addrspace(1) %src.at4, align 4
  %fadd2 = fadd fast float %src.v3, %fadd
  %add3 = add i32 %thread, 768
  %add3.wide = zext i32 %add3 to i64
  %src.at5 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %add3.wide
  %src.v4 = load float, ptr addrspace(1) %src.at5, align 4
  %fadd3 = fadd fast float %src.v4, %fadd2
  %simd_sum = tail call fast float @air.simd_sum.f32(float %fadd3)
  %cmp = icmp eq i32 %lane, 0
  br i1 %cmp, label %then, label %next

then:
  %group.wide = zext i32 %group to i64
  %group_sum.at = getelementptr inbounds float, ptr addrspace(3) @group_sum, i64 %group.wide
  store float %simd_sum, ptr addrspace(3) %group_sum.at, align 4
  br label %next

next:
  tail call void @air.wg.barrier(i32 2, i32 1)
  %cmp2 = icmp ult i32 %lane, %groups
  br i1 %cmp2, label %inside, label %joined

inside:
  %lane.wide = zext i32 %lane to i64
  %group_sum.at2 = getelementptr inbounds float, ptr addrspace(3) @group_sum, i64 %lane.wide
  %group_sum.v = load float, ptr addrspace(3) %group_sum.at2, align 4
  br label %joined

joined:
  %picked = phi float [ %group_sum.v, %inside ], [ 0.000000e+00, %next ]
  %simd_sum2 = tail call fast float @air.simd_sum.f32(float %picked)
  %fmul = fmul fast float %simd_sum2, 0x3F50000000000000
  %fsub = fsub fast float %src.v, %fmul
  %fmul2 = fmul fast float %fsub, %fsub
  %fsub2 = fsub fast float %src.v2, %fmul
  %fmul3 = fmul fast float %fsub2, %fsub2
  %fadd4 = fadd fast float %fmul3, %fmul2
  %fsub3 = fsub fast float %src.v3, %fmul
  %fmul4 = fmul fast float %fsub3, %fsub3
  %fadd5 = fadd fast float %fmul4, %fadd4
  %fsub4 = fsub fast float %src.v4, %fmul
  %fmul5 = fmul fast float %fsub4, %fsub4
  %fadd6 = fadd fast float %fmul5, %fadd5
  %simd_sum3 = tail call fast float @air.simd_sum.f32(float %fadd6)
  br i1 %cmp, label %then2, label %next2

then2:
  %group.wide2 = zext i32 %group to i64
  %group_square.at = getelementptr inbounds float, ptr addrspace(3) @group_square, i64 %group.wide2
  store float %simd_sum3, ptr addrspace(3) %group_square.at, align 4
  br label %next2

next2:
  tail call void @air.wg.barrier(i32 2, i32 1)
  br i1 %cmp2, label %inside2, label %joined2

inside2:
  %lane.wide2 = zext i32 %lane to i64
  %group_square.at2 = getelementptr inbounds float, ptr addrspace(3) @group_square, i64 %lane.wide2
  %group_square.v = load float, ptr addrspace(3) %group_square.at2, align 4
  br label %joined2

joined2:
  %picked2 = phi float [ %group_square.v, %inside2 ], [ 0.000000e+00, %next2 ]
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %shl.wide
  %simd_sum4 = tail call fast float @air.simd_sum.f32(float %picked2)
  %fmul6 = fmul fast float %simd_sum4, 0x3F50000000000000
  %epsilon.v = load float, ptr addrspace(2) %epsilon, align 4
  %fadd7 = fadd fast float %fmul6, %epsilon.v
  %rsqrt = tail call fast float @air.fast_rsqrt.f32(float %fadd7)
  %fmul7 = fmul fast float %fsub, %rsqrt
  %gamma.at = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %thread.wide
  %gamma.v = load float, ptr addrspace(1) %gamma.at, align 4
  %fmul8 = fmul fast float %fmul7, %gamma.v
  %beta.at = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %thread.wide
  %beta.v = load float, ptr addrspace(1) %beta.at, align 4
  %fadd8 = fadd fast float %fmul8, %beta.v
  %dst.at2 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %thread.wide
  store float %fadd8, ptr addrspace(1) %dst.at2, align 4
  %fmul9 = fmul fast float %fsub2, %rsqrt
  %gamma.at2 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %add.wide
  %gamma.v2 = load float, ptr addrspace(1) %gamma.at2, align 4
  %fmul10 = fmul fast float %fmul9, %gamma.v2
  %beta.at2 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %add.wide
  %beta.v2 = load float, ptr addrspace(1) %beta.at2, align 4
  %fadd9 = fadd fast float %fmul10, %beta.v2
  %dst.at3 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %add.wide
  store float %fadd9, ptr addrspace(1) %dst.at3, align 4
  %fmul11 = fmul fast float %fsub3, %rsqrt
  %gamma.at3 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %add2.wide
  %gamma.v3 = load float, ptr addrspace(1) %gamma.at3, align 4
  %fmul12 = fmul fast float %fmul11, %gamma.v3
  %beta.at3 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %add2.wide
  %beta.v3 = load float, ptr addrspace(1) %beta.at3, align 4
  %fadd10 = fadd fast float %fmul12, %beta.v3
  %dst.at4 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %add2.wide
  store float %fadd10, ptr addrspace(1) %dst.at4, align 4
  %fmul13 = fmul fast float %fsub4, %rsqrt
  %gamma.at4 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %add3.wide
  %gamma.v4 = load float, ptr addrspace(1) %gamma.at4, align 4
  %fmul14 = fmul fast float %fmul13, %gamma.v4
  %beta.at4 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %add3.wide
  %beta.v4 = load float, ptr addrspace(1) %beta.at4, align 4
  %fadd11 = fadd fast float %fmul14, %beta.v4
  %dst.at5 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %add3.wide
  store float %fadd11, ptr addrspace(1) %dst.at5, align 4
  ret void
}

declare float @air.simd_sum.f32(float) #0
declare void @air.wg.barrier(i32, i32) #0
declare float @air.fast_rsqrt.f32(float) #1

attributes #0 = { convergent nounwind willreturn }
attributes #1 = { nounwind readnone willreturn }
