; What can be wrong with the values of function constants, by the command.
;
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1 2>&1 | FileCheck %s --check-prefix=MISSING
; MISSING: function-constants.ll: error: function constant 'b' (index 7, float) has no value [invalid]
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1 --constant b=1 --constant c=1 2>&1 | FileCheck %s --check-prefix=UNKNOWN
; UNKNOWN: kernel 'k' has no function constant 'c'; it has a (index 0, int), b (index 7, float)
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1 --constant b=1 --constant 1=1 2>&1 | FileCheck %s --check-prefix=INDEX
; INDEX: kernel 'k' has no function constant '1'; it has a (index 0, int), b (index 7, float)
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1 --constant b=1 --constant 0=1 2>&1 | FileCheck %s --check-prefix=TWICE
; TWICE: function-constants.ll: error: function constant 'a' (index 0) is given twice [invalid]
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1.5 --constant b=1 2>&1 | FileCheck %s --check-prefix=TYPE
; TYPE: '1.5' is not an integer (i32)
; RUN: not %tmjit run %s --grid 1 --buf out=f32[1] --constant a=1,2 --constant b=1 2>&1 | FileCheck %s --check-prefix=LIST
; LIST: function constant 'a' (int) takes a list of 1, not of 2
; RUN: not %tmjit emit %s --as air --constant a=1 2>&1 | FileCheck %s --check-prefix=MISSING

@a.MTL_FC_INIT_0_i = internal addrspace(2) externally_initialized constant i32 undef, section "air.fc_initializer", align 4
@b.MTL_FC_INIT_7_f = internal addrspace(2) externally_initialized constant float undef, section "air.fc_initializer", align 4

define void @k(ptr addrspace(1) "tmjit.type"="float" %out) "tmjit.kernel" {
  %a = load i32, ptr addrspace(2) @a.MTL_FC_INIT_0_i, align 4
  %b = load float, ptr addrspace(2) @b.MTL_FC_INIT_7_f, align 4
  %f = sitofp i32 %a to float
  %s = fadd float %f, %b
  store float %s, ptr addrspace(1) %out
  ret void
}

!air.function_constants = !{!0, !1}
!0 = !{ptr addrspace(2) @a.MTL_FC_INIT_0_i, !"int", !"a", i32 0, i1 true}
!1 = !{ptr addrspace(2) @b.MTL_FC_INIT_7_f, !"float", !"b", i32 7, i1 true}
