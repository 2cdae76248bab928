; A texture inside an argument buffer is refused by name.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-argument-buffer-texture.ll:[[#@LINE+3]]: error: argument 0 ('args'): member 'inner' of kind 'air.texture'; accepted are air.indirect_constant and air.buffer [unsupported]
; CHECK-NEXT: in kernel @k

define void @k(ptr addrspace(2) %args) {
  ret void
}

!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3}
!3 = !{i32 0, !"air.indirect_buffer", !"air.buffer_size", i32 16, !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !4, !"air.arg_type_size", i32 16, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"Args", !"air.arg_name", !"args"}
!4 = !{i32 0, i32 4, i32 0, !"int", !"n", !"air.indirect_argument", !5, i32 8, i32 8, i32 0, !"texture", !"inner", !"air.indirect_argument", !6}
!5 = !{i32 0, !"air.indirect_constant", !"air.location_index", i32 0, i32 1, !"air.arg_type_name", !"int", !"air.arg_name", !"n"}
!6 = !{i32 1, !"air.texture", !"air.location_index", i32 1, i32 1, !"air.arg_type_name", !"texture", !"air.arg_name", !"inner"}
