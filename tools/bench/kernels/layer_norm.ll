; SPDX-License-Identifier: MIT
; Layer norm of rows of 1024 elements. One threadgroup of 128 threads a row, one thread the
; eight elements thread, thread + 128, ... thread + 896.
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
  %at0 = zext i32 %thread to i64
  %src.at0 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at0
  %x0 = load float, ptr addrspace(1) %src.at0, align 4
  %add1 = add i32 %thread, 128
  %at1 = zext i32 %add1 to i64
  %src.at1 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at1
  %x1 = load float, ptr addrspace(1) %src.at1, align 4
  %sum1 = fadd fast float %x1, %x0
  %add2 = add i32 %thread, 256
  %at2 = zext i32 %add2 to i64
  %src.at2 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at2
  %x2 = load float, ptr addrspace(1) %src.at2, align 4
  %sum2 = fadd fast float %x2, %sum1
  %add3 = add i32 %thread, 384
  %at3 = zext i32 %add3 to i64
  %src.at3 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at3
  %x3 = load float, ptr addrspace(1) %src.at3, align 4
  %sum3 = fadd fast float %x3, %sum2
  %add4 = add i32 %thread, 512
  %at4 = zext i32 %add4 to i64
  %src.at4 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at4
  %x4 = load float, ptr addrspace(1) %src.at4, align 4
  %sum4 = fadd fast float %x4, %sum3
  %add5 = add i32 %thread, 640
  %at5 = zext i32 %add5 to i64
  %src.at5 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at5
  %x5 = load float, ptr addrspace(1) %src.at5, align 4
  %sum5 = fadd fast float %x5, %sum4
  %add6 = add i32 %thread, 768
  %at6 = zext i32 %add6 to i64
  %src.at6 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at6
  %x6 = load float, ptr addrspace(1) %src.at6, align 4
  %sum6 = fadd fast float %x6, %sum5
  %add7 = add i32 %thread, 896
  %at7 = zext i32 %add7 to i64
  %src.at7 = getelementptr inbounds float, ptr addrspace(1) %src.at, i64 %at7
  %x7 = load float, ptr addrspace(1) %src.at7, align 4
  %sum7 = fadd fast float %x7, %sum6
  %simd_sum = tail call fast float @air.simd_sum.f32(float %sum7)
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
  %mean = fmul fast float %simd_sum2, 0x3F50000000000000
  %d0 = fsub fast float %x0, %mean
  %q0 = fmul fast float %d0, %d0
  %d1 = fsub fast float %x1, %mean
  %q1 = fmul fast float %d1, %d1
  %squares1 = fadd fast float %q1, %q0
  %d2 = fsub fast float %x2, %mean
  %q2 = fmul fast float %d2, %d2
  %squares2 = fadd fast float %q2, %squares1
  %d3 = fsub fast float %x3, %mean
  %q3 = fmul fast float %d3, %d3
  %squares3 = fadd fast float %q3, %squares2
  %d4 = fsub fast float %x4, %mean
  %q4 = fmul fast float %d4, %d4
  %squares4 = fadd fast float %q4, %squares3
  %d5 = fsub fast float %x5, %mean
  %q5 = fmul fast float %d5, %d5
  %squares5 = fadd fast float %q5, %squares4
  %d6 = fsub fast float %x6, %mean
  %q6 = fmul fast float %d6, %d6
  %squares6 = fadd fast float %q6, %squares5
  %d7 = fsub fast float %x7, %mean
  %q7 = fmul fast float %d7, %d7
  %squares7 = fadd fast float %q7, %squares6
  %simd_sum3 = tail call fast float @air.simd_sum.f32(float %squares7)
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
  %variance = fmul fast float %simd_sum4, 0x3F50000000000000
  %epsilon.v = load float, ptr addrspace(2) %epsilon, align 4
  %shifted = fadd fast float %variance, %epsilon.v
  %rsqrt = tail call fast float @air.fast_rsqrt.f32(float %shifted)
  %scaled0 = fmul fast float %d0, %rsqrt
  %gamma.at0 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at0
  %gamma.v0 = load float, ptr addrspace(1) %gamma.at0, align 4
  %weighted0 = fmul fast float %scaled0, %gamma.v0
  %beta.at0 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at0
  %beta.v0 = load float, ptr addrspace(1) %beta.at0, align 4
  %y0 = fadd fast float %weighted0, %beta.v0
  %dst.at0 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at0
  store float %y0, ptr addrspace(1) %dst.at0, align 4
  %scaled1 = fmul fast float %d1, %rsqrt
  %gamma.at1 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at1
  %gamma.v1 = load float, ptr addrspace(1) %gamma.at1, align 4
  %weighted1 = fmul fast float %scaled1, %gamma.v1
  %beta.at1 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at1
  %beta.v1 = load float, ptr addrspace(1) %beta.at1, align 4
  %y1 = fadd fast float %weighted1, %beta.v1
  %dst.at1 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at1
  store float %y1, ptr addrspace(1) %dst.at1, align 4
  %scaled2 = fmul fast float %d2, %rsqrt
  %gamma.at2 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at2
  %gamma.v2 = load float, ptr addrspace(1) %gamma.at2, align 4
  %weighted2 = fmul fast float %scaled2, %gamma.v2
  %beta.at2 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at2
  %beta.v2 = load float, ptr addrspace(1) %beta.at2, align 4
  %y2 = fadd fast float %weighted2, %beta.v2
  %dst.at2 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at2
  store float %y2, ptr addrspace(1) %dst.at2, align 4
  %scaled3 = fmul fast float %d3, %rsqrt
  %gamma.at3 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at3
  %gamma.v3 = load float, ptr addrspace(1) %gamma.at3, align 4
  %weighted3 = fmul fast float %scaled3, %gamma.v3
  %beta.at3 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at3
  %beta.v3 = load float, ptr addrspace(1) %beta.at3, align 4
  %y3 = fadd fast float %weighted3, %beta.v3
  %dst.at3 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at3
  store float %y3, ptr addrspace(1) %dst.at3, align 4
  %scaled4 = fmul fast float %d4, %rsqrt
  %gamma.at4 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at4
  %gamma.v4 = load float, ptr addrspace(1) %gamma.at4, align 4
  %weighted4 = fmul fast float %scaled4, %gamma.v4
  %beta.at4 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at4
  %beta.v4 = load float, ptr addrspace(1) %beta.at4, align 4
  %y4 = fadd fast float %weighted4, %beta.v4
  %dst.at4 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at4
  store float %y4, ptr addrspace(1) %dst.at4, align 4
  %scaled5 = fmul fast float %d5, %rsqrt
  %gamma.at5 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at5
  %gamma.v5 = load float, ptr addrspace(1) %gamma.at5, align 4
  %weighted5 = fmul fast float %scaled5, %gamma.v5
  %beta.at5 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at5
  %beta.v5 = load float, ptr addrspace(1) %beta.at5, align 4
  %y5 = fadd fast float %weighted5, %beta.v5
  %dst.at5 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at5
  store float %y5, ptr addrspace(1) %dst.at5, align 4
  %scaled6 = fmul fast float %d6, %rsqrt
  %gamma.at6 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at6
  %gamma.v6 = load float, ptr addrspace(1) %gamma.at6, align 4
  %weighted6 = fmul fast float %scaled6, %gamma.v6
  %beta.at6 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at6
  %beta.v6 = load float, ptr addrspace(1) %beta.at6, align 4
  %y6 = fadd fast float %weighted6, %beta.v6
  %dst.at6 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at6
  store float %y6, ptr addrspace(1) %dst.at6, align 4
  %scaled7 = fmul fast float %d7, %rsqrt
  %gamma.at7 = getelementptr inbounds float, ptr addrspace(1) %gamma, i64 %at7
  %gamma.v7 = load float, ptr addrspace(1) %gamma.at7, align 4
  %weighted7 = fmul fast float %scaled7, %gamma.v7
  %beta.at7 = getelementptr inbounds float, ptr addrspace(1) %beta, i64 %at7
  %beta.v7 = load float, ptr addrspace(1) %beta.at7, align 4
  %y7 = fadd fast float %weighted7, %beta.v7
  %dst.at7 = getelementptr inbounds float, ptr addrspace(1) %dst.at, i64 %at7
  store float %y7, ptr addrspace(1) %dst.at7, align 4
  ret void
}

declare float @air.simd_sum.f32(float) #0
declare void @air.wg.barrier(i32, i32) #0
declare float @air.fast_rsqrt.f32(float) #1

attributes #0 = { convergent nounwind willreturn }
attributes #1 = { nounwind readnone willreturn }
