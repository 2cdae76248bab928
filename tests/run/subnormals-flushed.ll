; With air.compile.denorms_disable, results below the normal range become zero.
;
; RUN: %run %s --grid 4 --buf x=f32:1e-20,2.168404344971009e-19,-1e-25,1 --buf y=f32[4]:7 --print y | FileCheck %s
; CHECK: y = 0 4.7019774e-38 0 1

define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y, i32 %i) {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = fmul float %v, %v
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}

!air.kernel = !{!0}
!air.compile_options = !{!6}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"x"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"y"}
!5 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!6 = !{!"air.compile.denorms_disable"}
