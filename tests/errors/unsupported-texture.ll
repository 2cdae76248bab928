; Textures are refused by the kind of argument.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-texture.ll:{{.*}}error: {{.*}}argument kind 'air.texture'; accepted are air.buffer, air.indirect_buffer and built-in inputs [unsupported]

%struct._texture_2d_t = type opaque
define void @k(ptr addrspace(1) %t) {
  ret void
}
!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3}
!3 = !{i32 0, !"air.texture", !"air.location_index", i32 0, i32 1, !"air.sample", !"air.arg_type_name", !"texture2d<float, sample>", !"air.arg_name", !"t"}
