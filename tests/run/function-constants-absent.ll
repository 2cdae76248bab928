; An optional argument in constant memory that is not there reads as one zero element: the
; kernel loads a member before it asks. Behind the element, and in device memory, every access
; is refused.
;
; RUN: %run %s --entry k --grid 4 --constant use=false --set at=1 --buf x=f32[4]:iota --print x | FileCheck %s --check-prefix=OFF
; OFF: x = 0 1 2 3
; RUN: %run %s --entry k --grid 4 --constant use=true --set at=1 --buf x=f32[4]:iota --buf params=f32:3,5 --print x | FileCheck %s --check-prefix=ON
; ON: x = 5 6 7 8
; RUN: %fails %s --entry k --grid 4 --constant use=false --set at=2 --buf x=f32[4]:iota 2>&1 | FileCheck %s --check-prefix=BEHIND
; BEHIND: load of 4 bytes at byte offset 8 of buffer 'params' (8 bytes), by thread (0, 0, 0)
; RUN: %fails %s --entry far --grid 4 --constant use=false --buf x=f32[4]:iota 2>&1 | FileCheck %s --check-prefix=DEVICE
; DEVICE: load of 4 bytes at byte offset 0 of buffer 'more' (0 bytes), by thread (0, 0, 0)

@__metal_implicit_fc_pred_0 = internal addrspace(2) global i8 0, align 1
@_ZL3use = internal unnamed_addr addrspace(2) global i8 undef, align 1
@_Z3use.MTL_FC_INIT_0_b = internal unnamed_addr addrspace(2) externally_initialized constant i8 undef, section "air.fc_initializer", align 1
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @_GLOBAL__sub_I_absent.metal, ptr null }]

declare i8 @air.normalize_function_constant_predicate.i8(i8)

define internal void @_GLOBAL__sub_I_absent.metal() section "air.static_init" {
  %1 = load i8, ptr addrspace(2) @_Z3use.MTL_FC_INIT_0_b, align 1
  store i8 %1, ptr addrspace(2) @_ZL3use, align 1
  %2 = tail call i8 @air.normalize_function_constant_predicate.i8(i8 %1)
  store i8 %2, ptr addrspace(2) @__metal_implicit_fc_pred_0, align 1
  ret void
}

define void @k(ptr addrspace(1) %x, ptr addrspace(2) %params, ptr addrspace(2) %at, i32 %i) {
  %a = load i32, ptr addrspace(2) %at, align 4
  %wide = zext i32 %a to i64
  %q = getelementptr inbounds float, ptr addrspace(2) %params, i64 %wide
  %v = load float, ptr addrspace(2) %q, align 4
  %n = zext i32 %i to i64
  %p = getelementptr inbounds float, ptr addrspace(1) %x, i64 %n
  %old = load float, ptr addrspace(1) %p, align 4
  %new = fadd float %old, %v
  store float %new, ptr addrspace(1) %p, align 4
  ret void
}

define void @far(ptr addrspace(1) %x, ptr addrspace(1) %more, i32 %i) {
  %n = zext i32 %i to i64
  %q = getelementptr inbounds float, ptr addrspace(1) %more, i64 %n
  %v = load float, ptr addrspace(1) %q, align 4
  %p = getelementptr inbounds float, ptr addrspace(1) %x, i64 %n
  store float %v, ptr addrspace(1) %p, align 4
  ret void
}

!air.kernel = !{!0, !12}
!air.function_constants = !{!20}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5, !6}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"x"}
!4 = !{i32 1, !"air.function_constant", !10, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 2, !"air.struct_type_info", !11, !"air.arg_type_size", i32 8, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"Params", !"air.arg_name", !"params"}
!5 = !{i32 2, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 2, i32 1, !"air.read", !"air.address_space", i32 2, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"uint", !"air.arg_name", !"at"}
!6 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!10 = !{ptr addrspace(2) @__metal_implicit_fc_pred_0, !"bool", !"use"}
!11 = !{i32 0, i32 4, i32 0, !"float", !"a", i32 4, i32 4, i32 0, !"float", !"b"}
!12 = !{ptr @far, !1, !13}
!13 = !{!3, !14, !15}
!14 = !{i32 1, !"air.function_constant", !10, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"more"}
!15 = !{i32 2, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!20 = !{ptr addrspace(2) @_Z3use.MTL_FC_INIT_0_b, !"bool", !"use", i32 0, i1 true}
