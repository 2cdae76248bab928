; Two kernels with a struct argument: 4096 and 4112 bytes.
%short = type { i32, [1023 x i32] }
%long = type { i32, [1027 x i32] }

define void @short(ptr addrspace(2) %p, ptr addrspace(1) %y) {
  %n = load i32, ptr addrspace(2) %p
  store i32 %n, ptr addrspace(1) %y
  ret void
}

define void @long(ptr addrspace(2) %p, ptr addrspace(1) %y) {
  %n = load i32, ptr addrspace(2) %p
  store i32 %n, ptr addrspace(1) %y
  ret void
}

!air.kernel = !{!0, !5}
!0 = !{ptr @short, !1, !2}
!1 = !{}
!2 = !{!3, !4}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !8, !"air.arg_type_size", i32 4096, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"short_params", !"air.arg_name", !"p"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"y"}
!5 = !{ptr @long, !1, !6}
!6 = !{!7, !4}
!7 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !8, !"air.arg_type_size", i32 4112, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"long_params", !"air.arg_name", !"p"}
!8 = !{i32 0, i32 4, i32 0, !"uint", !"n"}
