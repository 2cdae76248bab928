; SPDX-License-Identifier: MIT
; C = A * B, row-major, size x size. Threadgroups of four SIMD-groups compute 64 x 64 elements,
; 32 x 32 a SIMD-group as 4 x 4 SIMD-group matrices, from tiles of A and B that are 32 deep and
; stand in threadgroup memory.
source_filename = "sgemm_matrix_tiled.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

@a_tile = internal addrspace(3) global [2048 x float] undef, align 4
@b_tile = internal addrspace(3) global [2048 x float] undef, align 4

define void @sgemm_matrix_tiled(ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %a,
                                ptr addrspace(1) nocapture readonly "tmjit.type"="float4" %b,
                                ptr addrspace(1) nocapture "tmjit.type"="float" %c,
                                ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %size,
                                <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %tg,
                                i32 "tmjit.builtin"="thread_index_in_threadgroup" %thread,
                                i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %group) "tmjit.kernel" {
entry:
  %size.v = load i32, ptr addrspace(2) %size, align 4
  %zero = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero2 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero3 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero4 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero5 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero6 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero7 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero8 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero9 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero10 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero11 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero12 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero13 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero14 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero15 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %zero16 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float 0.000000e+00)
  %shl = shl i32 %group, 4
  %and = and i32 %shl, -32
  %shl2 = shl i32 %group, 5
  %and2 = and i32 %shl2, 32
  %tg.y = extractelement <2 x i32> %tg, i64 1
  %shl3 = shl i32 %tg.y, 6
  %tg.x = extractelement <2 x i32> %tg, i64 0
  %thread.wide = zext i32 %thread to i64
  %a_tile.at = getelementptr inbounds <4 x float>, ptr addrspace(3) @a_tile, i64 %thread.wide
  %b_tile.at = getelementptr inbounds <4 x float>, ptr addrspace(3) @b_tile, i64 %thread.wide
  %cmp = icmp eq i32 %size.v, 0
  br i1 %cmp, label %done3, label %done

done:
  %and3 = and i32 %thread, 15
  %shl4 = shl i32 %tg.x, 4
  %or = or i32 %and3, %shl4
  %lshr = lshr i32 %size.v, 2
  %lshr2 = lshr i32 %thread, 4
  %mul = mul i32 %lshr, %lshr2
  %add = add i32 %or, %mul
  %add.wide = zext i32 %add to i64
  %b.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %b, i64 %add.wide
  %lshr3 = lshr i32 %thread, 3
  %add2 = add i32 %shl3, %lshr3
  %mul2 = mul i32 %lshr, %add2
  %and4 = and i32 %thread, 7
  %add3 = add i32 %mul2, %and4
  %add3.wide = zext i32 %add3 to i64
  %a.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %a, i64 %add3.wide
  %shl5 = shl i32 %lshr, 4
  %shl6 = shl i32 %lshr, 3
  %shl7 = shl i32 %lshr, 5
  %shl7.wide = zext i32 %shl7 to i64
  %shl5.wide = zext i32 %shl5 to i64
  %a_tile.at2 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 2048
  %shl6.wide = zext i32 %shl6 to i64
  %b_tile.at2 = getelementptr inbounds i8, ptr addrspace(3) %b_tile.at, i64 2048
  %shl8 = shl i32 %lshr, 5
  %shl8.wide = zext i32 %shl8 to i64
  %a_tile.at3 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 4096
  %shl9 = shl i32 %lshr, 4
  %shl9.wide = zext i32 %shl9 to i64
  %b_tile.at3 = getelementptr inbounds i8, ptr addrspace(3) %b_tile.at, i64 4096
  %mul3 = mul i32 %lshr, 48
  %mul3.wide = zext i32 %mul3 to i64
  %a_tile.at4 = getelementptr inbounds i8, ptr addrspace(3) %a_tile.at, i64 6144
  %mul4 = mul i32 %lshr, 24
  %mul4.wide = zext i32 %mul4 to i64
  %b_tile.at4 = getelementptr inbounds i8, ptr addrspace(3) %b_tile.at, i64 6144
  %and.wide = zext i32 %and to i64
  %ins = insertelement <2 x i64> <i64 0, i64 poison>, i64 %and.wide, i64 1
  %or2 = or i32 %and, 8
  %or2.wide = zext i32 %or2 to i64
  %ins2 = insertelement <2 x i64> <i64 0, i64 poison>, i64 %or2.wide, i64 1
  %or3 = or i32 %shl, 16
  %or3.wide = zext i32 %or3 to i64
  %ins3 = insertelement <2 x i64> <i64 0, i64 poison>, i64 %or3.wide, i64 1
  %or4 = or i32 %shl, 24
  %or4.wide = zext i32 %or4 to i64
  %ins4 = insertelement <2 x i64> <i64 0, i64 poison>, i64 %or4.wide, i64 1
  %and2.wide = zext i32 %and2 to i64
  %ins5 = insertelement <2 x i64> poison, i64 %and2.wide, i64 0
  %ins6 = insertelement <2 x i64> %ins5, i64 0, i64 1
  %or5 = or i32 %and2, 8
  %or5.wide = zext i32 %or5 to i64
  %ins7 = insertelement <2 x i64> poison, i64 %or5.wide, i64 0
  %ins8 = insertelement <2 x i64> %ins7, i64 0, i64 1
  %or6 = or i32 %and2, 16
  %or6.wide = zext i32 %or6 to i64
  %ins9 = insertelement <2 x i64> poison, i64 %or6.wide, i64 0
  %ins10 = insertelement <2 x i64> %ins9, i64 0, i64 1
  %or7 = or i32 %and2, 24
  %or7.wide = zext i32 %or7 to i64
  %ins11 = insertelement <2 x i64> poison, i64 %or7.wide, i64 0
  %ins12 = insertelement <2 x i64> %ins11, i64 0, i64 1
  %ins13 = insertelement <2 x i64> <i64 8, i64 poison>, i64 %and.wide, i64 1
  %ins14 = insertelement <2 x i64> <i64 8, i64 poison>, i64 %or2.wide, i64 1
  %ins15 = insertelement <2 x i64> <i64 8, i64 poison>, i64 %or3.wide, i64 1
  %ins16 = insertelement <2 x i64> <i64 8, i64 poison>, i64 %or4.wide, i64 1
  %ins17 = insertelement <2 x i64> %ins5, i64 8, i64 1
  %ins18 = insertelement <2 x i64> %ins7, i64 8, i64 1
  %ins19 = insertelement <2 x i64> %ins9, i64 8, i64 1
  %ins20 = insertelement <2 x i64> %ins11, i64 8, i64 1
  %ins21 = insertelement <2 x i64> <i64 16, i64 poison>, i64 %and.wide, i64 1
  %ins22 = insertelement <2 x i64> <i64 16, i64 poison>, i64 %or2.wide, i64 1
  %ins23 = insertelement <2 x i64> <i64 16, i64 poison>, i64 %or3.wide, i64 1
  %ins24 = insertelement <2 x i64> <i64 16, i64 poison>, i64 %or4.wide, i64 1
  %ins25 = insertelement <2 x i64> %ins5, i64 16, i64 1
  %ins26 = insertelement <2 x i64> %ins7, i64 16, i64 1
  %ins27 = insertelement <2 x i64> %ins9, i64 16, i64 1
  %ins28 = insertelement <2 x i64> %ins11, i64 16, i64 1
  %ins29 = insertelement <2 x i64> <i64 24, i64 poison>, i64 %and.wide, i64 1
  %ins30 = insertelement <2 x i64> <i64 24, i64 poison>, i64 %or2.wide, i64 1
  %ins31 = insertelement <2 x i64> <i64 24, i64 poison>, i64 %or3.wide, i64 1
  %ins32 = insertelement <2 x i64> <i64 24, i64 poison>, i64 %or4.wide, i64 1
  %ins33 = insertelement <2 x i64> %ins5, i64 24, i64 1
  %ins34 = insertelement <2 x i64> %ins7, i64 24, i64 1
  %ins35 = insertelement <2 x i64> %ins9, i64 24, i64 1
  %ins36 = insertelement <2 x i64> %ins11, i64 24, i64 1
  br label %done2

done2:
  %acc = phi <64 x float> [ %zero16, %done ], [ %mma64, %done2 ]
  %acc2 = phi <64 x float> [ %zero15, %done ], [ %mma63, %done2 ]
  %acc3 = phi <64 x float> [ %zero14, %done ], [ %mma62, %done2 ]
  %acc4 = phi <64 x float> [ %zero13, %done ], [ %mma61, %done2 ]
  %acc5 = phi <64 x float> [ %zero12, %done ], [ %mma60, %done2 ]
  %acc6 = phi <64 x float> [ %zero11, %done ], [ %mma59, %done2 ]
  %acc7 = phi <64 x float> [ %zero10, %done ], [ %mma58, %done2 ]
  %acc8 = phi <64 x float> [ %zero9, %done ], [ %mma57, %done2 ]
  %acc9 = phi <64 x float> [ %zero8, %done ], [ %mma56, %done2 ]
  %acc10 = phi <64 x float> [ %zero7, %done ], [ %mma55, %done2 ]
  %acc11 = phi <64 x float> [ %zero6, %done ], [ %mma54, %done2 ]
  %acc12 = phi <64 x float> [ %zero5, %done ], [ %mma53, %done2 ]
  %acc13 = phi <64 x float> [ %zero4, %done ], [ %mma52, %done2 ]
  %acc14 = phi <64 x float> [ %zero3, %done ], [ %mma51, %done2 ]
  %acc15 = phi <64 x float> [ %zero2, %done ], [ %mma50, %done2 ]
  %acc16 = phi <64 x float> [ %zero, %done ], [ %mma49, %done2 ]
  %a_at = phi ptr addrspace(1) [ %a.at, %done ], [ %a_at.at4, %done2 ]
  %b_at = phi ptr addrspace(1) [ %b.at, %done ], [ %b_at.at4, %done2 ]
  %k = phi i32 [ 0, %done ], [ %add4, %done2 ]
  %a_at.v = load <4 x float>, ptr addrspace(1) %a_at, align 16
  store <4 x float> %a_at.v, ptr addrspace(3) %a_tile.at, align 16
  %b_at.v = load <4 x float>, ptr addrspace(1) %b_at, align 16
  store <4 x float> %b_at.v, ptr addrspace(3) %b_tile.at, align 16
  %a_at.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %a_at, i64 %shl5.wide
  %a_at.v2 = load <4 x float>, ptr addrspace(1) %a_at.at, align 16
  store <4 x float> %a_at.v2, ptr addrspace(3) %a_tile.at2, align 16
  %b_at.at = getelementptr inbounds <4 x float>, ptr addrspace(1) %b_at, i64 %shl6.wide
  %b_at.v2 = load <4 x float>, ptr addrspace(1) %b_at.at, align 16
  store <4 x float> %b_at.v2, ptr addrspace(3) %b_tile.at2, align 16
  %a_at.at2 = getelementptr inbounds <4 x float>, ptr addrspace(1) %a_at, i64 %shl8.wide
  %a_at.v3 = load <4 x float>, ptr addrspace(1) %a_at.at2, align 16
  store <4 x float> %a_at.v3, ptr addrspace(3) %a_tile.at3, align 16
  %b_at.at2 = getelementptr inbounds <4 x float>, ptr addrspace(1) %b_at, i64 %shl9.wide
  %b_at.v3 = load <4 x float>, ptr addrspace(1) %b_at.at2, align 16
  store <4 x float> %b_at.v3, ptr addrspace(3) %b_tile.at3, align 16
  %a_at.at3 = getelementptr inbounds <4 x float>, ptr addrspace(1) %a_at, i64 %mul3.wide
  %a_at.v4 = load <4 x float>, ptr addrspace(1) %a_at.at3, align 16
  store <4 x float> %a_at.v4, ptr addrspace(3) %a_tile.at4, align 16
  %b_at.at3 = getelementptr inbounds <4 x float>, ptr addrspace(1) %b_at, i64 %mul4.wide
  %b_at.v4 = load <4 x float>, ptr addrspace(1) %b_at.at3, align 16
  store <4 x float> %b_at.v4, ptr addrspace(3) %b_tile.at4, align 16
  tail call void @air.wg.barrier(i32 2, i32 1)
  %load = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins, i1 false)
  %load2 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins2, i1 false)
  %load3 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins3, i1 false)
  %load4 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins4, i1 false)
  %load5 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins6, i1 false)
  %load6 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins8, i1 false)
  %load7 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins10, i1 false)
  %load8 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins12, i1 false)
  %mma = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load5, <64 x float> %acc16)
  %mma2 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load6, <64 x float> %acc15)
  %mma3 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load7, <64 x float> %acc14)
  %mma4 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load8, <64 x float> %acc13)
  %mma5 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load5, <64 x float> %acc12)
  %mma6 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load6, <64 x float> %acc11)
  %mma7 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load7, <64 x float> %acc10)
  %mma8 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load8, <64 x float> %acc9)
  %mma9 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load5, <64 x float> %acc8)
  %mma10 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load6, <64 x float> %acc7)
  %mma11 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load7, <64 x float> %acc6)
  %mma12 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load8, <64 x float> %acc5)
  %mma13 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load5, <64 x float> %acc4)
  %mma14 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load6, <64 x float> %acc3)
  %mma15 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load7, <64 x float> %acc2)
  %mma16 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load8, <64 x float> %acc)
  %load9 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins13, i1 false)
  %load10 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins14, i1 false)
  %load11 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins15, i1 false)
  %load12 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins16, i1 false)
  %load13 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins17, i1 false)
  %load14 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins18, i1 false)
  %load15 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins19, i1 false)
  %load16 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins20, i1 false)
  %mma17 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load9, <64 x float> %load13, <64 x float> %mma)
  %mma18 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load9, <64 x float> %load14, <64 x float> %mma2)
  %mma19 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load9, <64 x float> %load15, <64 x float> %mma3)
  %mma20 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load9, <64 x float> %load16, <64 x float> %mma4)
  %mma21 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load10, <64 x float> %load13, <64 x float> %mma5)
  %mma22 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load10, <64 x float> %load14, <64 x float> %mma6)
  %mma23 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load10, <64 x float> %load15, <64 x float> %mma7)
  %mma24 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load10, <64 x float> %load16, <64 x float> %mma8)
  %mma25 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load11, <64 x float> %load13, <64 x float> %mma9)
  %mma26 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load11, <64 x float> %load14, <64 x float> %mma10)
  %mma27 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load11, <64 x float> %load15, <64 x float> %mma11)
  %mma28 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load11, <64 x float> %load16, <64 x float> %mma12)
  %mma29 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load12, <64 x float> %load13, <64 x float> %mma13)
  %mma30 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load12, <64 x float> %load14, <64 x float> %mma14)
  %mma31 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load12, <64 x float> %load15, <64 x float> %mma15)
  %mma32 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load12, <64 x float> %load16, <64 x float> %mma16)
  %load17 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins21, i1 false)
  %load18 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins22, i1 false)
  %load19 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins23, i1 false)
  %load20 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins24, i1 false)
  %load21 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins25, i1 false)
  %load22 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins26, i1 false)
  %load23 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins27, i1 false)
  %load24 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins28, i1 false)
  %mma33 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load17, <64 x float> %load21, <64 x float> %mma17)
  %mma34 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load17, <64 x float> %load22, <64 x float> %mma18)
  %mma35 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load17, <64 x float> %load23, <64 x float> %mma19)
  %mma36 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load17, <64 x float> %load24, <64 x float> %mma20)
  %mma37 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load18, <64 x float> %load21, <64 x float> %mma21)
  %mma38 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load18, <64 x float> %load22, <64 x float> %mma22)
  %mma39 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load18, <64 x float> %load23, <64 x float> %mma23)
  %mma40 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load18, <64 x float> %load24, <64 x float> %mma24)
  %mma41 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load19, <64 x float> %load21, <64 x float> %mma25)
  %mma42 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load19, <64 x float> %load22, <64 x float> %mma26)
  %mma43 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load19, <64 x float> %load23, <64 x float> %mma27)
  %mma44 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load19, <64 x float> %load24, <64 x float> %mma28)
  %mma45 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load20, <64 x float> %load21, <64 x float> %mma29)
  %mma46 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load20, <64 x float> %load22, <64 x float> %mma30)
  %mma47 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load20, <64 x float> %load23, <64 x float> %mma31)
  %mma48 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load20, <64 x float> %load24, <64 x float> %mma32)
  %load25 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins29, i1 false)
  %load26 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins30, i1 false)
  %load27 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins31, i1 false)
  %load28 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @a_tile, i64 32, <2 x i64> %ins32, i1 false)
  %load29 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins33, i1 false)
  %load30 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins34, i1 false)
  %load31 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins35, i1 false)
  %load32 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3) @b_tile, i64 64, <2 x i64> %ins36, i1 false)
  %mma49 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load25, <64 x float> %load29, <64 x float> %mma33)
  %mma50 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load25, <64 x float> %load30, <64 x float> %mma34)
  %mma51 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load25, <64 x float> %load31, <64 x float> %mma35)
  %mma52 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load25, <64 x float> %load32, <64 x float> %mma36)
  %mma53 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load26, <64 x float> %load29, <64 x float> %mma37)
  %mma54 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load26, <64 x float> %load30, <64 x float> %mma38)
  %mma55 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load26, <64 x float> %load31, <64 x float> %mma39)
  %mma56 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load26, <64 x float> %load32, <64 x float> %mma40)
  %mma57 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load27, <64 x float> %load29, <64 x float> %mma41)
  %mma58 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load27, <64 x float> %load30, <64 x float> %mma42)
  %mma59 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load27, <64 x float> %load31, <64 x float> %mma43)
  %mma60 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load27, <64 x float> %load32, <64 x float> %mma44)
  %mma61 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load28, <64 x float> %load29, <64 x float> %mma45)
  %mma62 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load28, <64 x float> %load30, <64 x float> %mma46)
  %mma63 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load28, <64 x float> %load31, <64 x float> %mma47)
  %mma64 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load28, <64 x float> %load32, <64 x float> %mma48)
  tail call void @air.wg.barrier(i32 2, i32 1)
  %a_at.at4 = getelementptr inbounds i8, ptr addrspace(1) %a_at, i64 128
  %b_at.at4 = getelementptr inbounds <4 x float>, ptr addrspace(1) %b_at, i64 %shl7.wide
  %add4 = add i32 %k, 32
  %cmp2 = icmp ult i32 %add4, %size.v
  br i1 %cmp2, label %done2, label %done3

done3:
  %acc17 = phi <64 x float> [ %zero16, %entry ], [ %mma64, %done2 ]
  %acc18 = phi <64 x float> [ %zero15, %entry ], [ %mma63, %done2 ]
  %acc19 = phi <64 x float> [ %zero14, %entry ], [ %mma62, %done2 ]
  %acc20 = phi <64 x float> [ %zero13, %entry ], [ %mma61, %done2 ]
  %acc21 = phi <64 x float> [ %zero12, %entry ], [ %mma60, %done2 ]
  %acc22 = phi <64 x float> [ %zero11, %entry ], [ %mma59, %done2 ]
  %acc23 = phi <64 x float> [ %zero10, %entry ], [ %mma58, %done2 ]
  %acc24 = phi <64 x float> [ %zero9, %entry ], [ %mma57, %done2 ]
  %acc25 = phi <64 x float> [ %zero8, %entry ], [ %mma56, %done2 ]
  %acc26 = phi <64 x float> [ %zero7, %entry ], [ %mma55, %done2 ]
  %acc27 = phi <64 x float> [ %zero6, %entry ], [ %mma54, %done2 ]
  %acc28 = phi <64 x float> [ %zero5, %entry ], [ %mma53, %done2 ]
  %acc29 = phi <64 x float> [ %zero4, %entry ], [ %mma52, %done2 ]
  %acc30 = phi <64 x float> [ %zero3, %entry ], [ %mma51, %done2 ]
  %acc31 = phi <64 x float> [ %zero2, %entry ], [ %mma50, %done2 ]
  %acc32 = phi <64 x float> [ %zero, %entry ], [ %mma49, %done2 ]
  %size.v.wide = zext i32 %size.v to i64
  %shl10 = shl i32 %tg.x, 6
  %or8 = or i32 %shl10, %and2
  %add5 = add i32 %and, %shl3
  %add5.wide = zext i32 %add5 to i64
  %or8.wide = zext i32 %or8 to i64
  %ins37 = insertelement <2 x i64> poison, i64 %or8.wide, i64 0
  %ins38 = insertelement <2 x i64> %ins37, i64 %add5.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc32, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins38, i1 false)
  %or9 = or i32 %or8, 8
  %or9.wide = zext i32 %or9 to i64
  %ins39 = insertelement <2 x i64> poison, i64 %or9.wide, i64 0
  %ins40 = insertelement <2 x i64> %ins39, i64 %add5.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc31, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins40, i1 false)
  %or10 = or i32 %or8, 16
  %or10.wide = zext i32 %or10 to i64
  %ins41 = insertelement <2 x i64> poison, i64 %or10.wide, i64 0
  %ins42 = insertelement <2 x i64> %ins41, i64 %add5.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc30, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins42, i1 false)
  %or11 = or i32 %or8, 24
  %or11.wide = zext i32 %or11 to i64
  %ins43 = insertelement <2 x i64> poison, i64 %or11.wide, i64 0
  %ins44 = insertelement <2 x i64> %ins43, i64 %add5.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc29, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins44, i1 false)
  %or12 = or i32 %add5, 8
  %or12.wide = zext i32 %or12 to i64
  %ins45 = insertelement <2 x i64> %ins37, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc28, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins45, i1 false)
  %ins46 = insertelement <2 x i64> %ins39, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc27, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins46, i1 false)
  %ins47 = insertelement <2 x i64> %ins41, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc26, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins47, i1 false)
  %ins48 = insertelement <2 x i64> %ins43, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc25, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins48, i1 false)
  %or13 = or i32 %add5, 16
  %or13.wide = zext i32 %or13 to i64
  %ins49 = insertelement <2 x i64> %ins37, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc24, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins49, i1 false)
  %ins50 = insertelement <2 x i64> %ins39, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc23, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins50, i1 false)
  %ins51 = insertelement <2 x i64> %ins41, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc22, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins51, i1 false)
  %ins52 = insertelement <2 x i64> %ins43, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc21, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins52, i1 false)
  %or14 = or i32 %add5, 24
  %or14.wide = zext i32 %or14 to i64
  %ins53 = insertelement <2 x i64> %ins37, i64 %or14.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc20, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins53, i1 false)
  %ins54 = insertelement <2 x i64> %ins39, i64 %or14.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc19, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins54, i1 false)
  %ins55 = insertelement <2 x i64> %ins41, i64 %or14.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc18, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins55, i1 false)
  %ins56 = insertelement <2 x i64> %ins43, i64 %or14.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc17, ptr addrspace(1) %c, i64 %size.v.wide, <2 x i64> %ins56, i1 false)
  ret void
}

declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float) #0
declare void @air.wg.barrier(i32, i32) #0
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p3f32(ptr addrspace(3), i64, <2 x i64>, i1) #0
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>) #0
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1) #0

attributes #0 = { convergent nounwind willreturn }
