; The modules of a container: as Apple's compiler writes them, one kernel each. KERNEL and VALUE
; are replaced by the test.
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64_v26-apple-macosx14.0.0"

@llvm.global_ctors = appending global [0 x { i32, ptr, ptr }] zeroinitializer

define void @KERNEL(ptr addrspace(1) noundef "air-buffer-no-alias" %0, i32 noundef %1) local_unnamed_addr {
  %3 = zext i32 %1 to i64
  %4 = getelementptr inbounds i32, ptr addrspace(1) %0, i64 %3
  %5 = add i32 %1, VALUE
  store i32 %5, ptr addrspace(1) %4, align 4
  ret void
}

!air.kernel = !{!0}
!air.version = !{!5}
!0 = !{ptr @KERNEL, !1, !2}
!1 = !{}
!2 = !{!3, !4}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"y"}
!4 = !{i32 1, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!5 = !{i32 2, i32 6, i32 0}
