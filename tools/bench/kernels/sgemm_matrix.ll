; SPDX-License-Identifier: MIT
; C = A * B, row-major, size x size. Threadgroups of four SIMD-groups compute 64 x 64 elements,
; 32 x 32 a SIMD-group as 4 x 4 SIMD-group matrices, loaded straight from device memory.
; A round takes sixteen of k.
source_filename = "sgemm_matrix.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

define void @sgemm_matrix(ptr addrspace(1) nocapture readonly "tmjit.type"="float" %a,
                          ptr addrspace(1) nocapture readonly "tmjit.type"="float" %b,
                          ptr addrspace(1) nocapture "tmjit.type"="float" %c,
                          ptr addrspace(2) nocapture readonly "tmjit.type"="uint" %size,
                          <2 x i32> "tmjit.builtin"="threadgroup_position_in_grid" %tg,
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
  %tg.y = extractelement <2 x i32> %tg, i64 1
  %shl = shl i32 %tg.y, 6
  %shl2 = shl i32 %group, 4
  %and = and i32 %shl2, -32
  %add = add i32 %and, %shl
  %tg.x = extractelement <2 x i32> %tg, i64 0
  %shl3 = shl i32 %tg.x, 6
  %shl4 = shl i32 %group, 5
  %and2 = and i32 %shl4, 32
  %or = or i32 %and2, %shl3
  %cmp = icmp eq i32 %size.v, 0
  br i1 %cmp, label %done, label %start

start:
  %size.v.wide = zext i32 %size.v to i64
  %add.wide = zext i32 %add to i64
  %or2 = or i32 %add, 8
  %or2.wide = zext i32 %or2 to i64
  %or3 = or i32 %add, 16
  %or3.wide = zext i32 %or3 to i64
  %or4 = or i32 %add, 24
  %or4.wide = zext i32 %or4 to i64
  %or.wide = zext i32 %or to i64
  %ins = insertelement <2 x i64> poison, i64 %or.wide, i64 0
  %or5 = or i32 %or, 8
  %or5.wide = zext i32 %or5 to i64
  %ins2 = insertelement <2 x i64> poison, i64 %or5.wide, i64 0
  %or6 = or i32 %or, 16
  %or6.wide = zext i32 %or6 to i64
  %ins3 = insertelement <2 x i64> poison, i64 %or6.wide, i64 0
  %or7 = or i32 %or, 24
  %or7.wide = zext i32 %or7 to i64
  %ins4 = insertelement <2 x i64> poison, i64 %or7.wide, i64 0
  br label %loop

done:
  %acc = phi <64 x float> [ %zero8, %entry ], [ %mma8.second, %loop ]
  %acc2 = phi <64 x float> [ %zero7, %entry ], [ %mma7.second, %loop ]
  %acc3 = phi <64 x float> [ %zero6, %entry ], [ %mma6.second, %loop ]
  %acc4 = phi <64 x float> [ %zero5, %entry ], [ %mma5.second, %loop ]
  %acc5 = phi <64 x float> [ %zero4, %entry ], [ %mma4.second, %loop ]
  %acc6 = phi <64 x float> [ %zero3, %entry ], [ %mma3.second, %loop ]
  %acc7 = phi <64 x float> [ %zero2, %entry ], [ %mma2.second, %loop ]
  %acc8 = phi <64 x float> [ %zero, %entry ], [ %mma.second, %loop ]
  %acc9 = phi <64 x float> [ %zero9, %entry ], [ %mma9.second, %loop ]
  %acc10 = phi <64 x float> [ %zero10, %entry ], [ %mma10.second, %loop ]
  %acc11 = phi <64 x float> [ %zero11, %entry ], [ %mma11.second, %loop ]
  %acc12 = phi <64 x float> [ %zero12, %entry ], [ %mma12.second, %loop ]
  %acc13 = phi <64 x float> [ %zero13, %entry ], [ %mma13.second, %loop ]
  %acc14 = phi <64 x float> [ %zero14, %entry ], [ %mma14.second, %loop ]
  %acc15 = phi <64 x float> [ %zero15, %entry ], [ %mma15.second, %loop ]
  %acc16 = phi <64 x float> [ %zero16, %entry ], [ %mma16.second, %loop ]
  %size.v.wide2 = zext i32 %size.v to i64
  %add.wide2 = zext i32 %add to i64
  %or.wide2 = zext i32 %or to i64
  %ins5 = insertelement <2 x i64> poison, i64 %or.wide2, i64 0
  %ins6 = insertelement <2 x i64> %ins5, i64 %add.wide2, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc8, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins6, i1 false)
  %or8 = or i32 %or, 8
  %or8.wide = zext i32 %or8 to i64
  %ins7 = insertelement <2 x i64> poison, i64 %or8.wide, i64 0
  %ins8 = insertelement <2 x i64> %ins7, i64 %add.wide2, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc7, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins8, i1 false)
  %or9 = or i32 %or, 16
  %or9.wide = zext i32 %or9 to i64
  %ins9 = insertelement <2 x i64> poison, i64 %or9.wide, i64 0
  %ins10 = insertelement <2 x i64> %ins9, i64 %add.wide2, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc6, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins10, i1 false)
  %or10 = or i32 %or, 24
  %or10.wide = zext i32 %or10 to i64
  %ins11 = insertelement <2 x i64> poison, i64 %or10.wide, i64 0
  %ins12 = insertelement <2 x i64> %ins11, i64 %add.wide2, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc5, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins12, i1 false)
  %or11 = or i32 %add, 8
  %or11.wide = zext i32 %or11 to i64
  %ins13 = insertelement <2 x i64> %ins5, i64 %or11.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc4, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins13, i1 false)
  %ins14 = insertelement <2 x i64> %ins7, i64 %or11.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc3, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins14, i1 false)
  %ins15 = insertelement <2 x i64> %ins9, i64 %or11.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc2, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins15, i1 false)
  %ins16 = insertelement <2 x i64> %ins11, i64 %or11.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins16, i1 false)
  %or12 = or i32 %add, 16
  %or12.wide = zext i32 %or12 to i64
  %ins17 = insertelement <2 x i64> %ins5, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc9, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins17, i1 false)
  %ins18 = insertelement <2 x i64> %ins7, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc10, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins18, i1 false)
  %ins19 = insertelement <2 x i64> %ins9, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc11, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins19, i1 false)
  %ins20 = insertelement <2 x i64> %ins11, i64 %or12.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc12, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins20, i1 false)
  %or13 = or i32 %add, 24
  %or13.wide = zext i32 %or13 to i64
  %ins21 = insertelement <2 x i64> %ins5, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc13, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins21, i1 false)
  %ins22 = insertelement <2 x i64> %ins7, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc14, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins22, i1 false)
  %ins23 = insertelement <2 x i64> %ins9, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc15, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins23, i1 false)
  %ins24 = insertelement <2 x i64> %ins11, i64 %or13.wide, i64 1
  tail call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %acc16, ptr addrspace(1) %c, i64 %size.v.wide2, <2 x i64> %ins24, i1 false)
  ret void

loop:
  %acc17 = phi <64 x float> [ %zero8, %start ], [ %mma8.second, %loop ]
  %acc18 = phi <64 x float> [ %zero7, %start ], [ %mma7.second, %loop ]
  %acc19 = phi <64 x float> [ %zero6, %start ], [ %mma6.second, %loop ]
  %acc20 = phi <64 x float> [ %zero5, %start ], [ %mma5.second, %loop ]
  %acc21 = phi <64 x float> [ %zero4, %start ], [ %mma4.second, %loop ]
  %acc22 = phi <64 x float> [ %zero3, %start ], [ %mma3.second, %loop ]
  %acc23 = phi <64 x float> [ %zero2, %start ], [ %mma2.second, %loop ]
  %acc24 = phi <64 x float> [ %zero, %start ], [ %mma.second, %loop ]
  %acc25 = phi <64 x float> [ %zero9, %start ], [ %mma9.second, %loop ]
  %acc26 = phi <64 x float> [ %zero10, %start ], [ %mma10.second, %loop ]
  %acc27 = phi <64 x float> [ %zero11, %start ], [ %mma11.second, %loop ]
  %acc28 = phi <64 x float> [ %zero12, %start ], [ %mma12.second, %loop ]
  %acc29 = phi <64 x float> [ %zero13, %start ], [ %mma13.second, %loop ]
  %acc30 = phi <64 x float> [ %zero14, %start ], [ %mma14.second, %loop ]
  %acc31 = phi <64 x float> [ %zero15, %start ], [ %mma15.second, %loop ]
  %acc32 = phi <64 x float> [ %zero16, %start ], [ %mma16.second, %loop ]
  %k = phi i32 [ 0, %start ], [ %add2, %loop ]
  %k.wide = zext i32 %k to i64
  %ins25 = insertelement <2 x i64> poison, i64 %k.wide, i64 0
  %ins26 = insertelement <2 x i64> %ins25, i64 %add.wide, i64 1
  %load = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins26, i1 false)
  %ins27 = insertelement <2 x i64> %ins25, i64 %or2.wide, i64 1
  %load2 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins27, i1 false)
  %ins28 = insertelement <2 x i64> %ins25, i64 %or3.wide, i64 1
  %load3 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins28, i1 false)
  %ins29 = insertelement <2 x i64> %ins25, i64 %or4.wide, i64 1
  %load4 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins29, i1 false)
  %ins30 = insertelement <2 x i64> %ins, i64 %k.wide, i64 1
  %load5 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins30, i1 false)
  %ins31 = insertelement <2 x i64> %ins2, i64 %k.wide, i64 1
  %load6 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins31, i1 false)
  %ins32 = insertelement <2 x i64> %ins3, i64 %k.wide, i64 1
  %load7 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins32, i1 false)
  %ins33 = insertelement <2 x i64> %ins4, i64 %k.wide, i64 1
  %load8 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins33, i1 false)
  %mma = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load5, <64 x float> %acc24)
  %mma2 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load6, <64 x float> %acc23)
  %mma3 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load7, <64 x float> %acc22)
  %mma4 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load, <64 x float> %load8, <64 x float> %acc21)
  %mma5 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load5, <64 x float> %acc20)
  %mma6 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load6, <64 x float> %acc19)
  %mma7 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load7, <64 x float> %acc18)
  %mma8 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2, <64 x float> %load8, <64 x float> %acc17)
  %mma9 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load5, <64 x float> %acc25)
  %mma10 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load6, <64 x float> %acc26)
  %mma11 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load7, <64 x float> %acc27)
  %mma12 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3, <64 x float> %load8, <64 x float> %acc28)
  %mma13 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load5, <64 x float> %acc29)
  %mma14 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load6, <64 x float> %acc30)
  %mma15 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load7, <64 x float> %acc31)
  %mma16 = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4, <64 x float> %load8, <64 x float> %acc32)
  %k.second = or i32 %k, 8
  %k.wide.second = zext i32 %k.second to i64
  %ins25.second = insertelement <2 x i64> poison, i64 %k.wide.second, i64 0
  %ins26.second = insertelement <2 x i64> %ins25.second, i64 %add.wide, i64 1
  %load.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins26.second, i1 false)
  %ins27.second = insertelement <2 x i64> %ins25.second, i64 %or2.wide, i64 1
  %load2.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins27.second, i1 false)
  %ins28.second = insertelement <2 x i64> %ins25.second, i64 %or3.wide, i64 1
  %load3.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins28.second, i1 false)
  %ins29.second = insertelement <2 x i64> %ins25.second, i64 %or4.wide, i64 1
  %load4.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %a, i64 %size.v.wide, <2 x i64> %ins29.second, i1 false)
  %ins30.second = insertelement <2 x i64> %ins, i64 %k.wide.second, i64 1
  %load5.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins30.second, i1 false)
  %ins31.second = insertelement <2 x i64> %ins2, i64 %k.wide.second, i64 1
  %load6.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins31.second, i1 false)
  %ins32.second = insertelement <2 x i64> %ins3, i64 %k.wide.second, i64 1
  %load7.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins32.second, i1 false)
  %ins33.second = insertelement <2 x i64> %ins4, i64 %k.wide.second, i64 1
  %load8.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1) %b, i64 %size.v.wide, <2 x i64> %ins33.second, i1 false)
  %mma.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load.second, <64 x float> %load5.second, <64 x float> %mma)
  %mma2.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load.second, <64 x float> %load6.second, <64 x float> %mma2)
  %mma3.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load.second, <64 x float> %load7.second, <64 x float> %mma3)
  %mma4.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load.second, <64 x float> %load8.second, <64 x float> %mma4)
  %mma5.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2.second, <64 x float> %load5.second, <64 x float> %mma5)
  %mma6.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2.second, <64 x float> %load6.second, <64 x float> %mma6)
  %mma7.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2.second, <64 x float> %load7.second, <64 x float> %mma7)
  %mma8.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load2.second, <64 x float> %load8.second, <64 x float> %mma8)
  %mma9.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3.second, <64 x float> %load5.second, <64 x float> %mma9)
  %mma10.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3.second, <64 x float> %load6.second, <64 x float> %mma10)
  %mma11.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3.second, <64 x float> %load7.second, <64 x float> %mma11)
  %mma12.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load3.second, <64 x float> %load8.second, <64 x float> %mma12)
  %mma13.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4.second, <64 x float> %load5.second, <64 x float> %mma13)
  %mma14.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4.second, <64 x float> %load6.second, <64 x float> %mma14)
  %mma15.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4.second, <64 x float> %load7.second, <64 x float> %mma15)
  %mma16.second = tail call fast <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %load4.second, <64 x float> %load8.second, <64 x float> %mma16)
  %add2 = add i32 %k, 16
  %cmp2 = icmp ult i32 %add2, %size.v
  br i1 %cmp2, label %loop, label %done
}

declare <64 x float> @air.simdgroup_matrix_8x8_init_filled.v64f32.f32(float) #0
declare <64 x float> @air.simdgroup_matrix_8x8_load.v64f32.p1f32(ptr addrspace(1), i64, <2 x i64>, i1) #0
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>) #0
declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1) #0

attributes #0 = { convergent nounwind willreturn }
