; max_total_threads_per_threadgroup, from the metadata, is what info shows and a launch obeys.
;
; RUN: %tmjit info %s | FileCheck %s --check-prefix=INFO
; RUN: not %tmjit run %s --grid 128 --threadgroup 128 --buf y=i32[1]:zeros 2>&1 | FileCheck %s
; RUN: %run %s --grid 128 --threadgroup 64 --buf y=i32[1]:zeros --print y | FileCheck %s --check-prefix=WORKS
; INFO: 64
; CHECK: error: {{.*}}128{{.*}}64
; WORKS: y = 1

define void @k(ptr addrspace(1) %y) {
  store i32 1, ptr addrspace(1) %y
  ret void
}

!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2, !4}
!1 = !{}
!2 = !{!3}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
!4 = !{!"air.max_work_group_size", i32 64}
