; y[i] = args.a[i] + args.k * args.more->b[i]
%Args = type { ptr addrspace(1), i32, ptr addrspace(2) }
define void @k(ptr addrspace(2) %args, ptr addrspace(1) %y, i32 %i) {
  %a = load ptr addrspace(1), ptr addrspace(2) %args, align 8
  %pk = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 1
  %k = load i32, ptr addrspace(2) %pk, align 8
  %pm = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 2
  %m = load ptr addrspace(2), ptr addrspace(2) %pm, align 8
  %b = load ptr addrspace(1), ptr addrspace(2) %m, align 8
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %va = load i32, ptr addrspace(1) %pa, align 4
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %vb = load i32, ptr addrspace(1) %pb, align 4
  %s = mul i32 %vb, %k
  %r = add i32 %va, %s
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py, align 4
  ret void
}
!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5}
!3 = !{i32 0, !"air.indirect_buffer", !"air.location_index", i32 0, i32 1,
  !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !6,
  !"air.arg_type_size", i32 24, !"air.arg_type_align_size", i32 8,
  !"air.arg_type_name", !"Args", !"air.arg_name", !"args"}
!4 = !{i32 1, !"air.buffer", !"air.location_index", i32 1, i32 1,
  !"air.read_write", !"air.arg_type_size", i32 4, !"air.arg_type_name", !"int",
  !"air.arg_name", !"y"}
!5 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_name", !"i"}
!6 = !{i32 0, i32 8, i32 0, !"int", !"a", !"air.indirect_argument", !7,
  i32 8, i32 4, i32 0, !"int", !"k", !"air.indirect_argument", !8,
  i32 16, i32 8, i32 0, !"More", !"more", !"air.indirect_argument", !9}
!7 = !{i32 0, !"air.buffer", !"air.location_index", i32 5, i32 1, !"air.read",
  !"air.address_space", i32 1, !"air.arg_type_size", i32 4,
  !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int"}
!8 = !{i32 1, !"air.indirect_constant", !"air.location_index", i32 1, i32 1}
!9 = !{i32 2, !"air.indirect_buffer", !"air.location_index", i32 2, i32 1,
  !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !10,
  !"air.arg_type_size", i32 8, !"air.arg_type_align_size", i32 8,
  !"air.arg_type_name", !"More"}
!10 = !{i32 0, i32 8, i32 0, !"int", !"b", !"air.indirect_argument", !11}
!11 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read",
  !"air.address_space", i32 1, !"air.arg_type_size", i32 4,
  !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int"}
