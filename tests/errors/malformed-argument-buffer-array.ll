; An array of pointers inside an argument buffer with another number of places; one too long.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; RUN: sed -e 's/i32 64, i32 8, !"int"/i32 8, i32 513, !"int"/' -e 's/i32 0, i32 3, !"air.read"/i32 0, i32 513, !"air.read"/' %s > %t.ll
; RUN: not %tmjit info %t.ll 2>&1 | FileCheck %s --check-prefix LONG
; CHECK: malformed-argument-buffer-array.ll:[[#@LINE+4]]: error: argument 0 ('args'): member 'p': an array of another length than its locations [malformed]
; CHECK-NEXT: in kernel @k
; LONG: error: argument 0 ('args'): member 'p': more than 512 pointers in a kernel's argument buffers [unsupported]

define void @k(ptr addrspace(2) %args) {
  ret void
}

!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3}
!3 = !{i32 0, !"air.indirect_buffer", !"air.buffer_size", i32 64, !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !4, !"air.arg_type_size", i32 64, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"Args", !"air.arg_name", !"args"}
!4 = !{i32 0, i32 64, i32 8, !"int", !"p", !"air.indirect_argument", !5}
!5 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 3, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"p"}
!6 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 3, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"p"}
