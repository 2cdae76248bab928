; SPDX-License-Identifier: MIT
; c[i] = a[i] + b[i]. One thread an element.
source_filename = "vector_add.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

define void @vector_add(ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %a,
                        ptr addrspace(1) nocapture readonly "air-buffer-no-alias" %b,
                        ptr addrspace(1) nocapture "air-buffer-no-alias" %c,
                        i32 %i) {
entry:
  %i.wide = zext i32 %i to i64
  %a.at = getelementptr inbounds float, ptr addrspace(1) %a, i64 %i.wide
  %a.v = load float, ptr addrspace(1) %a.at, align 4
  %b.at = getelementptr inbounds float, ptr addrspace(1) %b, i64 %i.wide
  %b.v = load float, ptr addrspace(1) %b.at, align 4
  %fadd = fadd fast float %b.v, %a.v
  %c.at = getelementptr inbounds float, ptr addrspace(1) %c, i64 %i.wide
  store float %fadd, ptr addrspace(1) %c.at, align 4
  ret void
}

!air.kernel = !{!6}
!air.version = !{!7}
!air.language_version = !{!8}
!air.compile_options = !{!9, !10}

!0 = !{}
!1 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"a"}
!2 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"b"}
!3 = !{i32 2, !"air.buffer", !"air.location_index", i32 2, i32 1, !"air.read_write", !"air.address_space", i32 1,
         !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"c"}
!4 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!5 = !{!1, !2, !3, !4}
!6 = !{ptr @vector_add, !0, !5}
!7 = !{i32 2, i32 6, i32 0}
!8 = !{!"Metal", i32 3, i32 1, i32 0}
!9 = !{!"air.compile.denorms_disable"}
!10 = !{!"air.compile.fast_math_enable"}
