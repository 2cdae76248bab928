; A struct, a vector, a threadgroup argument and an unused argument, in Apple's metadata.
;
;   struct params { int n; float3 scale; float weights[3]; };
;   out[i] = n + scale[1] * offset.y + weights[2]
%params = type { i32, <3 x float>, [3 x float] }

define void @k(ptr addrspace(1) %out, ptr addrspace(2) %p, ptr addrspace(2) %offset,
               ptr addrspace(3) %tile, ptr addrspace(1) %unused, i32 %i) {
  %pn = getelementptr %params, ptr addrspace(2) %p, i32 0, i32 0
  %n = load i32, ptr addrspace(2) %pn
  %ps = getelementptr %params, ptr addrspace(2) %p, i32 0, i32 1, i32 1
  %s = load float, ptr addrspace(2) %ps
  %pw = getelementptr %params, ptr addrspace(2) %p, i32 0, i32 2, i32 2
  %w = load float, ptr addrspace(2) %pw
  %po = getelementptr float, ptr addrspace(2) %offset, i32 1
  %o = load float, ptr addrspace(2) %po
  %f = sitofp i32 %n to float
  %m = fmul float %s, %o
  %a = fadd float %f, %m
  %r = fadd float %a, %w
  store float %r, ptr addrspace(3) %tile
  %back = load float, ptr addrspace(3) %tile
  %to = getelementptr float, ptr addrspace(1) %out, i32 %i
  store float %back, ptr addrspace(1) %to
  ret void
}

!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !6, !7, !8, !9}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"out"}
!4 = !{i32 1, !"air.buffer", !"air.buffer_size", i32 48, !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !5, !"air.arg_type_size", i32 48, !"air.arg_type_align_size", i32 16, !"air.arg_type_name", !"params", !"air.arg_name", !"p"}
!5 = !{i32 0, i32 4, i32 0, !"int", !"n", i32 16, i32 16, i32 0, !"float3", !"scale", i32 32, i32 4, i32 3, !"float", !"weights"}
!6 = !{i32 2, !"air.buffer", !"air.buffer_size", i32 8, !"air.location_index", i32 2, i32 1, !"air.read", !"air.address_space", i32 2, !"air.arg_type_size", i32 8, !"air.arg_type_align_size", i32 8, !"air.arg_type_name", !"float2", !"air.arg_name", !"offset"}
!7 = !{i32 3, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 3, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"tile"}
!8 = !{i32 4, !"air.buffer", !"air.location_index", i32 3, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"unused", !"air.arg_unused"}
!9 = !{i32 5, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
