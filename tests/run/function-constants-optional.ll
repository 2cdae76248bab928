; Optional arguments and optional constants. `bias` is there when use_bias is true; `scale` has a
; default that the kernel takes when is_function_constant_defined says no. Two arguments share
; buffer 1, one for each value of use_bias. Values that are off need no memory.
;
; RUN: %run %s --entry k --grid 4 --constant use_bias=false --buf 0=f32[4]:iota --buf other=f32[4]:100 --print out | FileCheck %s --check-prefix=OFF
; OFF: out = 102 104 106 108
; RUN: %run %s --entry k --grid 4 --constant use_bias=true --constant scale=10 --buf 0=f32[4]:iota --buf bias=f32[4]:1 --print out | FileCheck %s --check-prefix=ON
; ON: out = 11 21 31 41
; RUN: not %tmjit run %s --entry k --grid 4 --constant use_bias=true --buf 0=f32[4]:iota 2>&1 | FileCheck %s --check-prefix=MISSING
; MISSING: kernel 'k' also needs bias (buffer 1, float)
; RUN: %tmjit info %s | FileCheck %s --check-prefix=INFO
; INFO: bias {{.*}} 4 an element, optional
; INFO: index  constant         type           value
; INFO-NEXT: 0  use_bias         bool           required
; INFO-NEXT: 1  scale            float          optional
; RUN: %tmjit info %s --json | FileCheck %s --check-prefix=JSON
; JSON: "optional": true
; JSON: "constants": [{{.*}}
; JSON: "name": "use_bias",
; JSON: "required": true

@__metal_implicit_fc_pred_0 = internal addrspace(2) global i8 0, align 1
@__metal_implicit_fc_pred_1 = internal addrspace(2) global i8 0, align 1
@_ZL8use_bias = internal unnamed_addr addrspace(2) global i8 undef, align 1
@_Z8use_bias.MTL_FC_INIT_0_b = internal unnamed_addr addrspace(2) externally_initialized constant i8 undef, section "air.fc_initializer", align 1
@_ZL5scale = internal unnamed_addr addrspace(2) global float undef, align 4
@_Z5scale.MTL_FC_INIT_1_f = internal unnamed_addr addrspace(2) externally_initialized constant float undef, section "air.fc_initializer", align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @_GLOBAL__sub_I_optional.metal, ptr null }]
@llvm.compiler.used = appending global [2 x ptr] [ptr addrspacecast (ptr addrspace(2) @__metal_implicit_fc_pred_0 to ptr), ptr addrspacecast (ptr addrspace(2) @__metal_implicit_fc_pred_1 to ptr)], section "llvm.metadata"

declare i8 @air.normalize_function_constant_predicate.i8(i8)
declare i1 @air.is_function_constant_defined(ptr addrspace(2))

define internal void @_GLOBAL__sub_I_optional.metal() section "air.static_init" {
  %1 = load i8, ptr addrspace(2) @_Z8use_bias.MTL_FC_INIT_0_b, align 1
  store i8 %1, ptr addrspace(2) @_ZL8use_bias, align 1
  %2 = tail call i8 @air.normalize_function_constant_predicate.i8(i8 %1)
  store i8 %2, ptr addrspace(2) @__metal_implicit_fc_pred_0, align 1
  %3 = icmp eq i8 %1, 0
  %4 = zext i1 %3 to i8
  %5 = tail call i8 @air.normalize_function_constant_predicate.i8(i8 %4)
  store i8 %5, ptr addrspace(2) @__metal_implicit_fc_pred_1, align 1
  %6 = tail call i1 @air.is_function_constant_defined(ptr addrspace(2) @_Z5scale.MTL_FC_INIT_1_f)
  %7 = load float, ptr addrspace(2) @_Z5scale.MTL_FC_INIT_1_f, align 4
  %8 = select i1 %6, float %7, float 2.0
  store float %8, ptr addrspace(2) @_ZL5scale, align 4
  ret void
}

define void @k(ptr addrspace(1) %out, ptr addrspace(1) %bias, ptr addrspace(1) %other, i32 %i) {
  %scale = load float, ptr addrspace(2) @_ZL5scale, align 4
  %flag = load i8, ptr addrspace(2) @_ZL8use_bias, align 1
  %is_on = icmp ne i8 %flag, 0
  %n = zext i32 %i to i64
  %p = getelementptr inbounds float, ptr addrspace(1) %out, i64 %n
  %x = load float, ptr addrspace(1) %p, align 4
  %i1 = add i32 %i, 1
  %f1 = uitofp i32 %i1 to float
  %y = fmul float %f1, %scale
  br i1 %is_on, label %on, label %off
on:
  %q = getelementptr inbounds float, ptr addrspace(1) %bias, i64 %n
  %b = load float, ptr addrspace(1) %q, align 4
  br label %end
off:
  %r = getelementptr inbounds float, ptr addrspace(1) %other, i64 %n
  %o = load float, ptr addrspace(1) %r, align 4
  br label %end
end:
  %add = phi float [ %b, %on ], [ %o, %off ]
  %z = fadd float %y, %add
  store float %z, ptr addrspace(1) %p, align 4
  ret void
}

!air.kernel = !{!0}
!air.function_constants = !{!20, !21}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!3, !4, !5, !6}
!3 = !{i32 0, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"out"}
!4 = !{i32 1, !"air.function_constant", !10, !"air.buffer", !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"bias"}
!5 = !{i32 2, !"air.function_constant", !11, !"air.buffer", !"air.buffer_size", i32 16, !"air.location_index", i32 1, i32 1, !"air.read", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"float", !"air.arg_name", !"other"}
!6 = !{i32 3, !"air.thread_position_in_grid", !"air.arg_type_name", !"uint", !"air.arg_name", !"i"}
!10 = !{ptr addrspace(2) @__metal_implicit_fc_pred_0, !"bool", !"use_bias"}
!11 = !{ptr addrspace(2) @__metal_implicit_fc_pred_1, !"bool", !"no_bias"}
!20 = !{ptr addrspace(2) @_Z8use_bias.MTL_FC_INIT_0_b, !"bool", !"use_bias", i32 0, i1 true}
!21 = !{ptr addrspace(2) @_Z5scale.MTL_FC_INIT_1_f, !"float", !"scale", i32 1, i1 false}
