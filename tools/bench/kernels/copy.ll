; SPDX-License-Identifier: MIT
; dst[i] = src[i]. One thread an element.
source_filename = "copy.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

define void @copy(ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %src,
                  ptr addrspace(1) nocapture "air-buffer-no-alias" %dst,
                  i32 %i) {
entry:
  %i.wide = zext i32 %i to i64
  %src.at = getelementptr inbounds float, ptr addrspace(1) %src, i64 %i.wide
  %src.v = load float, ptr addrspace(1) %src.at, align 4
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %i.wide
  store float %src.v, ptr addrspace(1) %dst.at, align 4
  ret void
}

!air.kernel = !{!5}
!air.version = !{!6}
!air.language_version = !{!7}
!air.compile_options = !{!8, !9}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"src"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"dst"}
!3 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!4 = !{!1, !2, !3}
!5 = !{ptr @copy, !0, !4}
!6 = !{i32 2, i32 6, i32 0}
!7 = !{!"Metal", i32 3, i32 1, i32 0}
!8 = !{!"air.compile.denorms_disable"}
!9 = !{!"air.compile.fast_math_enable"}
