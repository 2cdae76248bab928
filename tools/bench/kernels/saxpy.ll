; SPDX-License-Identifier: MIT
; y[i] = a * x[i] + y[i]. One thread an element. With Apple's typed pointers.
source_filename = "saxpy.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx13.0.0"

define void @saxpy(float addrspace(2)* nocapture readonly align 4 dereferenceable(4) "air-buffer-no-alias" %a,
                   float addrspace(1)* nocapture readonly "air-buffer-no-alias" %x,
                   float addrspace(1)* nocapture "air-buffer-no-alias" %y,
                   i32 %i) local_unnamed_addr #0 {
entry:
  %a.v = load float, float addrspace(2)* %a, align 4
  %i.wide = zext i32 %i to i64
  %x.at = getelementptr inbounds float, float addrspace(1)* %x, i64 %i.wide
  %x.v = load float, float addrspace(1)* %x.at, align 4
  %fmul = fmul fast float %x.v, %a.v
  %y.at = getelementptr inbounds float, float addrspace(1)* %y, i64 %i.wide
  %y.v = load float, float addrspace(1)* %y.at, align 4
  %fadd = fadd fast float %fmul, %y.v
  store float %fadd, float addrspace(1)* %y.at, align 4
  ret void
}

attributes #0 = { nofree norecurse nosync nounwind willreturn "frame-pointer"="all" "unsafe-fp-math"="true" }

!air.kernel = !{!6}
!air.version = !{!7}
!air.language_version = !{!8}
!air.compile_options = !{!9, !10}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"a"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"x"}
!3 = !{i32 2, !"air.buffer", !"air.location_index", i32 2, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"y"}
!4 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!5 = !{!1, !2, !3, !4}
!6 = !{void (float addrspace(2)*, float addrspace(1)*, float addrspace(1)*, i32)* @saxpy, !0, !5}
!7 = !{i32 2, i32 5, i32 0}
!8 = !{!"Metal", i32 3, i32 0, i32 0}
!9 = !{!"air.compile.denorms_disable"}
!10 = !{!"air.compile.fast_math_enable"}
