; Fewer argument nodes than parameters.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-metadata-count.ll:{{.*}}error: {{.*}}1 argument nodes for 2 parameters [malformed]

define void @k(ptr addrspace(1) %y, i32 %i) {
  ret void
}
!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
