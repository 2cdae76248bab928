; A constant struct argument: fields from the metadata, set by name on the command line.
;
; RUN: %run %s --grid 4 --buf out=f32[4]:zeros --set p.scale=0.5 --set p.shift=10,1 --set p.step=3 --print out | FileCheck %s
; CHECK: out = 10 11.5 13 14.5

%struct.params = type { float, <2 x float>, i16 }

define void @k(ptr addrspace(2) nocapture readonly align 8 dereferenceable(24) %0, ptr addrspace(1) %1, i32 %2) {
  %4 = getelementptr inbounds %struct.params, ptr addrspace(2) %0, i64 0, i32 0
  %5 = load float, ptr addrspace(2) %4, align 8
  %6 = getelementptr inbounds %struct.params, ptr addrspace(2) %0, i64 0, i32 1, i64 0
  %7 = load float, ptr addrspace(2) %6, align 8
  %8 = getelementptr inbounds %struct.params, ptr addrspace(2) %0, i64 0, i32 2
  %9 = load i16, ptr addrspace(2) %8, align 8
  %10 = uitofp i32 %2 to float
  %11 = sitofp i16 %9 to float
  %12 = fmul float %10, %11
  %13 = fmul float %12, %5
  %14 = fadd float %13, %7
  %15 = zext i32 %2 to i64
  %16 = getelementptr inbounds float, ptr addrspace(1) %1, i64 %15
  store float %14, ptr addrspace(1) %16, align 4
  ret void
}

!air.kernel = !{!0}
!air.version = !{!7}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5}
!3 = !{i32 0, !"air.buffer", !"air.buffer_size", i32 24, !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !6, !"air.arg_type_size", i32 24, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"params", !"air.arg_name", !"p"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"out"}
!5 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!6 = !{i32 0, i32 4, i32 0, !"float", !"scale", i32 8, i32 8, i32 0, !"float2", !"shift", i32 16, i32 2, i32 0, !"short", !"step"}
!7 = !{i32 2, i32 6, i32 0}
