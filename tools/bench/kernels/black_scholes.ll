; SPDX-License-Identifier: MIT
; Prices of European call and put options by Black and Scholes, the normal distribution by
; the polynomial 26.2.17 of Abramowitz and Stegun. One thread an option.
source_filename = "black_scholes.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

%struct.market = type { float, float }

define void @black_scholes(ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %spot,
                           ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %strike,
                           ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %years,
                           ptr addrspace(1) nocapture "air-buffer-no-alias" %call,
                           ptr addrspace(1) nocapture "air-buffer-no-alias" %put,
                           ptr addrspace(2) nocapture readonly %m,
                           i32 %i) {
entry:
  %i.wide = zext i32 %i to i64
  %spot.at = getelementptr inbounds float, ptr addrspace(1) %spot, i64 %i.wide
  %spot.v = load float, ptr addrspace(1) %spot.at, align 4
  %strike.at = getelementptr inbounds float, ptr addrspace(1) %strike, i64 %i.wide
  %strike.v = load float, ptr addrspace(1) %strike.at, align 4
  %years.at = getelementptr inbounds float, ptr addrspace(1) %years, i64 %i.wide
  %years.v = load float, ptr addrspace(1) %years.at, align 4
  %m.at = getelementptr inbounds %struct.market, ptr addrspace(2) %m, i64 0, i32 1
  %m.v = load float, ptr addrspace(2) %m.at, align 4
  %sqrt = tail call fast float @air.fast_sqrt.f32(float %years.v)
  %fmul = fmul fast float %sqrt, %m.v
  %fdiv = fdiv fast float %spot.v, %strike.v
  %log = tail call fast float @air.fast_log.f32(float %fdiv)
  %m.v2 = load float, ptr addrspace(2) %m, align 4
  %fmul2 = fmul fast float %m.v, %m.v
  %fmul3 = fmul fast float %fmul2, 5.000000e-01
  %fadd = fadd fast float %m.v2, %fmul3
  %fmul4 = fmul fast float %fadd, %years.v
  %fadd2 = fadd fast float %fmul4, %log
  %fdiv2 = fdiv fast float %fadd2, %fmul
  %fsub = fsub fast float %fdiv2, %fmul
  %fabs = tail call fast float @air.fast_fabs.f32(float %fdiv2)
  %fmul5 = fmul fast float %fabs, 0x3FCDA67120000000
  %fadd3 = fadd fast float %fmul5, 1.000000e+00
  %fdiv3 = fdiv fast float 1.000000e+00, %fadd3
  %fmul6 = fmul fast float %fdiv3, 0x3FF548CDE0000000
  %fadd4 = fadd fast float %fmul6, 0xBFFD23DD40000000
  %fmul7 = fmul fast float %fadd4, %fdiv3
  %fadd5 = fadd fast float %fmul7, 0x3FFC80EF00000000
  %fmul8 = fmul fast float %fadd5, %fdiv3
  %fadd6 = fadd fast float %fmul8, 0xBFD6D1F0E0000000
  %fmul9 = fmul fast float %fadd6, %fdiv3
  %fadd7 = fadd fast float %fmul9, 0x3FD470BF40000000
  %fmul10 = fmul fast float %fdiv2, %fdiv2
  %fmul11 = fmul fast float %fmul10, -5.000000e-01
  %exp = tail call fast float @air.fast_exp.f32(float %fmul11)
  %fmul12 = fmul fast float %exp, 0x3FD9884540000000
  %fmul13 = fmul fast float %fmul12, %fdiv3
  %fmul14 = fmul fast float %fmul13, %fadd7
  %cmp = fcmp fast ogt float %fdiv2, 0.000000e+00
  %fsub2 = fsub fast float 1.000000e+00, %fmul14
  %select = select fast i1 %cmp, float %fsub2, float %fmul14
  %fabs2 = tail call fast float @air.fast_fabs.f32(float %fsub)
  %fmul15 = fmul fast float %fabs2, 0x3FCDA67120000000
  %fadd8 = fadd fast float %fmul15, 1.000000e+00
  %fdiv4 = fdiv fast float 1.000000e+00, %fadd8
  %fmul16 = fmul fast float %fdiv4, 0x3FF548CDE0000000
  %fadd9 = fadd fast float %fmul16, 0xBFFD23DD40000000
  %fmul17 = fmul fast float %fadd9, %fdiv4
  %fadd10 = fadd fast float %fmul17, 0x3FFC80EF00000000
  %fmul18 = fmul fast float %fadd10, %fdiv4
  %fadd11 = fadd fast float %fmul18, 0xBFD6D1F0E0000000
  %fmul19 = fmul fast float %fadd11, %fdiv4
  %fadd12 = fadd fast float %fmul19, 0x3FD470BF40000000
  %fmul20 = fmul fast float %fsub, %fsub
  %fmul21 = fmul fast float %fmul20, -5.000000e-01
  %exp2 = tail call fast float @air.fast_exp.f32(float %fmul21)
  %fmul22 = fmul fast float %exp2, 0x3FD9884540000000
  %fmul23 = fmul fast float %fmul22, %fdiv4
  %fmul24 = fmul fast float %fmul23, %fadd12
  %cmp2 = fcmp fast ogt float %fsub, 0.000000e+00
  %fsub3 = fsub fast float 1.000000e+00, %fmul24
  %select2 = select fast i1 %cmp2, float %fsub3, float %fmul24
  %fneg = fneg fast float %years.v
  %fmul25 = fmul fast float %m.v2, %fneg
  %exp3 = tail call fast float @air.fast_exp.f32(float %fmul25)
  %fmul26 = fmul fast float %exp3, %strike.v
  %fmul27 = fmul fast float %select, %spot.v
  %fmul28 = fmul fast float %select2, %fmul26
  %fsub4 = fsub fast float %fmul27, %fmul28
  %call.at = getelementptr inbounds float, ptr addrspace(1) %call, i64 %i.wide
  store float %fsub4, ptr addrspace(1) %call.at, align 4
  %fsub5 = fsub fast float 1.000000e+00, %select2
  %fmul29 = fmul fast float %fsub5, %fmul26
  %fsub6 = fsub fast float 1.000000e+00, %select
  %fmul30 = fmul fast float %fsub6, %spot.v
  %fsub7 = fsub fast float %fmul29, %fmul30
  %put.at = getelementptr inbounds float, ptr addrspace(1) %put, i64 %i.wide
  store float %fsub7, ptr addrspace(1) %put.at, align 4
  ret void
}

declare float @air.fast_sqrt.f32(float) #0
declare float @air.fast_log.f32(float) #0
declare float @air.fast_exp.f32(float) #0
declare float @air.fast_fabs.f32(float) #0

attributes #0 = { nounwind readnone willreturn }

!air.kernel = !{!10}
!air.version = !{!11}
!air.language_version = !{!12}
!air.compile_options = !{!13, !14}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"spot"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"strike"}
!3 = !{i32 2, !"air.buffer", !"air.location_index", i32 2, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"years"}
!4 = !{i32 3, !"air.buffer", !"air.location_index", i32 3, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"call"}
!5 = !{i32 4, !"air.buffer", !"air.location_index", i32 4, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"put"}
!6 = !{i32 0, i32 4, i32 0, !"float", !"rate", i32 4, i32 4, i32 0, !"float", !"volatility"}
!7 = !{i32 5, !"air.buffer", !"air.buffer_size", i32 8, !"air.location_index", i32 5, i32 1, !"air.read", !"air.address_space", i32 2,
         !"air.struct_type_info", !6,
         !"air.arg_type_size", i32 8, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"market", !"air.arg_name", !"m"}
!8 = !{i32 6, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!9 = !{!1, !2, !3, !4, !5, !7, !8}
!10 = !{ptr @black_scholes, !0, !9}
!11 = !{i32 2, i32 6, i32 0}
!12 = !{!"Metal", i32 3, i32 1, i32 0}
!13 = !{!"air.compile.denorms_disable"}
!14 = !{!"air.compile.fast_math_enable"}
