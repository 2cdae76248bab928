; An argument node for a parameter that is not there.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-metadata-index.ll:{{.*}}error: {{.*}}an argument node for parameter 7 of 2 [malformed]

define void @k(ptr addrspace(1) %y, i32 %i) {
  ret void
}
!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4}
!3 = !{i32 7, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
!4 = !{i32 1, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
