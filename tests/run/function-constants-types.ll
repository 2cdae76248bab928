; Function constants of every type, by name and by index: the copier stores each value where the
; kernel reads it, and the kernel writes it out.
;
; RUN: %run %s --grid 1 --constant flag=true --constant c=-7 --constant 2=200 --constant s=-300 --constant us=60000 --constant i=-5 --constant 6=4000000000 --constant l=-9000000000 --constant h=1.5 --constant b=-2 --constant f=0.1 --constant f4=1,2,3,4 --constant i3=-1,0,9 --constant flags=true,false --buf out=f32[20]:zeros --print out:all | FileCheck %s
; CHECK: out = 1 -7 200 -300 60000 -5 4{{(e\+09|000000000)}} -9{{(e\+09|000000000)}} 1.5 -2 0.1 1 2 3 4 -1 0 9 1 0

@_ZL4flag = internal unnamed_addr addrspace(2) global i8 undef, align 1
@_Z4flag.MTL_FC_INIT_0_b = internal unnamed_addr addrspace(2) externally_initialized constant i8 undef, section "air.fc_initializer", align 1
@_ZL1c = internal unnamed_addr addrspace(2) global i8 undef, align 1
@_Z1c.MTL_FC_INIT_1_c = internal unnamed_addr addrspace(2) externally_initialized constant i8 undef, section "air.fc_initializer", align 1
@_ZL2uc = internal unnamed_addr addrspace(2) global i8 undef, align 1
@_Z2uc.MTL_FC_INIT_2_h = internal unnamed_addr addrspace(2) externally_initialized constant i8 undef, section "air.fc_initializer", align 1
@_ZL1s = internal unnamed_addr addrspace(2) global i16 undef, align 2
@_Z1s.MTL_FC_INIT_3_s = internal unnamed_addr addrspace(2) externally_initialized constant i16 undef, section "air.fc_initializer", align 2
@_ZL2us = internal unnamed_addr addrspace(2) global i16 undef, align 2
@_Z2us.MTL_FC_INIT_4_t = internal unnamed_addr addrspace(2) externally_initialized constant i16 undef, section "air.fc_initializer", align 2
@_ZL1i = internal unnamed_addr addrspace(2) global i32 undef, align 4
@_Z1i.MTL_FC_INIT_5_i = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, section "air.fc_initializer", align 4
@_ZL1u = internal unnamed_addr addrspace(2) global i32 undef, align 4
@_Z1u.MTL_FC_INIT_6_j = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, section "air.fc_initializer", align 4
@_ZL1l = internal unnamed_addr addrspace(2) global i64 undef, align 8
@_Z1l.MTL_FC_INIT_7_l = internal unnamed_addr addrspace(2) externally_initialized constant i64 undef, section "air.fc_initializer", align 8
@_ZL1h = internal unnamed_addr addrspace(2) global half undef, align 2
@_Z1h.MTL_FC_INIT_8_Dh = internal unnamed_addr addrspace(2) externally_initialized constant half undef, section "air.fc_initializer", align 2
@_ZL1b = internal unnamed_addr addrspace(2) global bfloat undef, align 2
@_Z1b.MTL_FC_INIT_9_u6__bf16 = internal unnamed_addr addrspace(2) externally_initialized constant bfloat undef, section "air.fc_initializer", align 2
@_ZL1f = internal unnamed_addr addrspace(2) global float undef, align 4
@_Z1f.MTL_FC_INIT_10_f = internal unnamed_addr addrspace(2) externally_initialized constant float undef, section "air.fc_initializer", align 4
@_ZL2f4 = internal unnamed_addr addrspace(2) global <4 x float> undef, align 16
@_Z2f4.MTL_FC_INIT_11_Dv4_f = internal unnamed_addr addrspace(2) externally_initialized constant <4 x float> undef, section "air.fc_initializer", align 16
@_ZL2i3 = internal unnamed_addr addrspace(2) global <3 x i32> undef, align 16
@_Z2i3.MTL_FC_INIT_12_Dv3_i = internal unnamed_addr addrspace(2) externally_initialized constant <3 x i32> undef, section "air.fc_initializer", align 16
@_ZL5flags = internal unnamed_addr addrspace(2) global <2 x i8> undef, align 2
@_Z5flags.MTL_FC_INIT_13_Dv2_b = internal unnamed_addr addrspace(2) externally_initialized constant <2 x i8> undef, section "air.fc_initializer", align 2
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @_GLOBAL__sub_I_types.metal, ptr null }]

define internal void @_GLOBAL__sub_I_types.metal() section "air.static_init" {
  %1 = load i8, ptr addrspace(2) @_Z4flag.MTL_FC_INIT_0_b, align 1, !range !30
  store i8 %1, ptr addrspace(2) @_ZL4flag, align 1
  %2 = load i8, ptr addrspace(2) @_Z1c.MTL_FC_INIT_1_c, align 1
  store i8 %2, ptr addrspace(2) @_ZL1c, align 1
  %3 = load i8, ptr addrspace(2) @_Z2uc.MTL_FC_INIT_2_h, align 1
  store i8 %3, ptr addrspace(2) @_ZL2uc, align 1
  %4 = load i16, ptr addrspace(2) @_Z1s.MTL_FC_INIT_3_s, align 2
  store i16 %4, ptr addrspace(2) @_ZL1s, align 2
  %5 = load i16, ptr addrspace(2) @_Z2us.MTL_FC_INIT_4_t, align 2
  store i16 %5, ptr addrspace(2) @_ZL2us, align 2
  %6 = load i32, ptr addrspace(2) @_Z1i.MTL_FC_INIT_5_i, align 4
  store i32 %6, ptr addrspace(2) @_ZL1i, align 4
  %7 = load i32, ptr addrspace(2) @_Z1u.MTL_FC_INIT_6_j, align 4
  store i32 %7, ptr addrspace(2) @_ZL1u, align 4
  %8 = load i64, ptr addrspace(2) @_Z1l.MTL_FC_INIT_7_l, align 8
  store i64 %8, ptr addrspace(2) @_ZL1l, align 8
  %9 = load half, ptr addrspace(2) @_Z1h.MTL_FC_INIT_8_Dh, align 2
  store half %9, ptr addrspace(2) @_ZL1h, align 2
  %10 = load bfloat, ptr addrspace(2) @_Z1b.MTL_FC_INIT_9_u6__bf16, align 2
  store bfloat %10, ptr addrspace(2) @_ZL1b, align 2
  %11 = load float, ptr addrspace(2) @_Z1f.MTL_FC_INIT_10_f, align 4
  store float %11, ptr addrspace(2) @_ZL1f, align 4
  %12 = load <4 x float>, ptr addrspace(2) @_Z2f4.MTL_FC_INIT_11_Dv4_f, align 16
  store <4 x float> %12, ptr addrspace(2) @_ZL2f4, align 16
  %13 = load <3 x i32>, ptr addrspace(2) @_Z2i3.MTL_FC_INIT_12_Dv3_i, align 16
  store <3 x i32> %13, ptr addrspace(2) @_ZL2i3, align 16
  %14 = load <2 x i8>, ptr addrspace(2) @_Z5flags.MTL_FC_INIT_13_Dv2_b, align 2
  store <2 x i8> %14, ptr addrspace(2) @_ZL5flags, align 2
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="float" %out) "tmjit.kernel" {
  %flag = load i8, ptr addrspace(2) @_ZL4flag, align 1
  %flag.f = uitofp i8 %flag to float
  store float %flag.f, ptr addrspace(1) %out
  %c = load i8, ptr addrspace(2) @_ZL1c, align 1
  %c.f = sitofp i8 %c to float
  %p1 = getelementptr float, ptr addrspace(1) %out, i64 1
  store float %c.f, ptr addrspace(1) %p1
  %uc = load i8, ptr addrspace(2) @_ZL2uc, align 1
  %uc.f = uitofp i8 %uc to float
  %p2 = getelementptr float, ptr addrspace(1) %out, i64 2
  store float %uc.f, ptr addrspace(1) %p2
  %s = load i16, ptr addrspace(2) @_ZL1s, align 2
  %s.f = sitofp i16 %s to float
  %p3 = getelementptr float, ptr addrspace(1) %out, i64 3
  store float %s.f, ptr addrspace(1) %p3
  %us = load i16, ptr addrspace(2) @_ZL2us, align 2
  %us.f = uitofp i16 %us to float
  %p4 = getelementptr float, ptr addrspace(1) %out, i64 4
  store float %us.f, ptr addrspace(1) %p4
  %i = load i32, ptr addrspace(2) @_ZL1i, align 4
  %i.f = sitofp i32 %i to float
  %p5 = getelementptr float, ptr addrspace(1) %out, i64 5
  store float %i.f, ptr addrspace(1) %p5
  %u = load i32, ptr addrspace(2) @_ZL1u, align 4
  %u.f = uitofp i32 %u to float
  %p6 = getelementptr float, ptr addrspace(1) %out, i64 6
  store float %u.f, ptr addrspace(1) %p6
  %l = load i64, ptr addrspace(2) @_ZL1l, align 8
  %l.f = sitofp i64 %l to float
  %p7 = getelementptr float, ptr addrspace(1) %out, i64 7
  store float %l.f, ptr addrspace(1) %p7
  %h = load half, ptr addrspace(2) @_ZL1h, align 2
  %h.f = fpext half %h to float
  %p8 = getelementptr float, ptr addrspace(1) %out, i64 8
  store float %h.f, ptr addrspace(1) %p8
  %b = load bfloat, ptr addrspace(2) @_ZL1b, align 2
  %b.f = fpext bfloat %b to float
  %p9 = getelementptr float, ptr addrspace(1) %out, i64 9
  store float %b.f, ptr addrspace(1) %p9
  %f = load float, ptr addrspace(2) @_ZL1f, align 4
  %p10 = getelementptr float, ptr addrspace(1) %out, i64 10
  store float %f, ptr addrspace(1) %p10
  %f4 = load <4 x float>, ptr addrspace(2) @_ZL2f4, align 16
  %p11 = getelementptr float, ptr addrspace(1) %out, i64 11
  store <4 x float> %f4, ptr addrspace(1) %p11, align 4
  %i3 = load <3 x i32>, ptr addrspace(2) @_ZL2i3, align 16
  %i3.f = sitofp <3 x i32> %i3 to <3 x float>
  %p15 = getelementptr float, ptr addrspace(1) %out, i64 15
  store <3 x float> %i3.f, ptr addrspace(1) %p15, align 4
  %flags = load <2 x i8>, ptr addrspace(2) @_ZL5flags, align 2
  %flags.f = uitofp <2 x i8> %flags to <2 x float>
  %p18 = getelementptr float, ptr addrspace(1) %out, i64 18
  store <2 x float> %flags.f, ptr addrspace(1) %p18, align 4
  ret void
}

!air.function_constants = !{!0, !1, !2, !3, !4, !5, !6, !7, !8, !9, !10, !11, !12, !13}
!0 = !{ptr addrspace(2) @_Z4flag.MTL_FC_INIT_0_b, !"bool", !"flag", i32 0, i1 true}
!1 = !{ptr addrspace(2) @_Z1c.MTL_FC_INIT_1_c, !"char", !"c", i32 1, i1 true}
!2 = !{ptr addrspace(2) @_Z2uc.MTL_FC_INIT_2_h, !"uchar", !"uc", i32 2, i1 true}
!3 = !{ptr addrspace(2) @_Z1s.MTL_FC_INIT_3_s, !"short", !"s", i32 3, i1 true}
!4 = !{ptr addrspace(2) @_Z2us.MTL_FC_INIT_4_t, !"ushort", !"us", i32 4, i1 true}
!5 = !{ptr addrspace(2) @_Z1i.MTL_FC_INIT_5_i, !"int", !"i", i32 5, i1 true}
!6 = !{ptr addrspace(2) @_Z1u.MTL_FC_INIT_6_j, !"uint", !"u", i32 6, i1 true}
!7 = !{ptr addrspace(2) @_Z1l.MTL_FC_INIT_7_l, !"long", !"l", i32 7, i1 true}
!8 = !{ptr addrspace(2) @_Z1h.MTL_FC_INIT_8_Dh, !"half", !"h", i32 8, i1 true}
!9 = !{ptr addrspace(2) @_Z1b.MTL_FC_INIT_9_u6__bf16, !"bfloat", !"b", i32 9, i1 true}
!10 = !{ptr addrspace(2) @_Z1f.MTL_FC_INIT_10_f, !"float", !"f", i32 10, i1 true}
!11 = !{ptr addrspace(2) @_Z2f4.MTL_FC_INIT_11_Dv4_f, !"float4", !"f4", i32 11, i1 true}
!12 = !{ptr addrspace(2) @_Z2i3.MTL_FC_INIT_12_Dv3_i, !"int3", !"i3", i32 12, i1 true}
!13 = !{ptr addrspace(2) @_Z5flags.MTL_FC_INIT_13_Dv2_b, !"bool2", !"flags", i32 13, i1 true}
!30 = !{i8 0, i8 2}
