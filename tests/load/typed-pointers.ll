; Typed-pointer text with the metadata of AIR 2.4: no air.address_space, anonymous values, old
; attribute spellings, undef.
;
; RUN: %run %s --grid 6 --threadgroup 4 --buf x=f32[6]:iota --buf y=f32[6]:1 --set a=2 --print y | FileCheck %s
; RUN: %tmjit info %s | FileCheck %s --check-prefix=INFO
; CHECK: y = 1 3 5 7 9 11
; INFO: saxpy
; INFO: x
; INFO: float
; INFO: thread_position_in_grid
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx12.0.0"

define void @saxpy(float addrspace(1)* noalias nocapture readonly %0, float addrspace(1)* noalias nocapture %1, float addrspace(2)* noalias nocapture readonly align 4 dereferenceable(4) %2, i32 %3) local_unnamed_addr #0 {
  %5 = load float, float addrspace(2)* %2, align 4, !tbaa !10
  %6 = zext i32 %3 to i64
  %7 = getelementptr inbounds float, float addrspace(1)* %0, i64 %6
  %8 = load float, float addrspace(1)* %7, align 4, !tbaa !10
  %9 = fmul fast float %8, %5
  %10 = getelementptr inbounds float, float addrspace(1)* %1, i64 %6
  %11 = load float, float addrspace(1)* %10, align 4, !tbaa !10
  %12 = fadd fast float %11, %9
  store float %12, float addrspace(1)* %10, align 4, !tbaa !10
  ret void
}

attributes #0 = { nofree norecurse nounwind willreturn "frame-pointer"="none" "unsafe-fp-math"="true" }

!air.kernel = !{!0}
!air.version = !{!7}
!air.language_version = !{!8}
!air.compile_options = !{!14, !15}
!air.source_file_name = !{!9}
!llvm.module.flags = !{!16, !17}
!0 = !{void (float addrspace(1)*, float addrspace(1)*, float addrspace(2)*, i32)* @saxpy, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5, !6}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"x"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"y"}
!5 = !{i32 2, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 2, i32 1, !"air.read", !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"a"}
!6 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!7 = !{i32 2, i32 4, i32 0}
!8 = !{!"Metal", i32 2, i32 4, i32 0}
!9 = !{!"/src/saxpy.metal"}
!10 = !{!11, !11, i64 0}
!11 = !{!"float", !12, i64 0}
!12 = !{!"omnipotent char", !13, i64 0}
!13 = !{!"Simple C++ TBAA"}
!14 = !{!"air.compile.denorms_disable"}
!15 = !{!"air.compile.fast_math_enable"}
!16 = !{i32 1, !"wchar_size", i32 4}
!17 = !{i32 7, !"air.max_device_buffers", i32 31}
