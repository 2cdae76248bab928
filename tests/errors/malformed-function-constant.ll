; A function constant's node without an index.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-function-constant.ll: error: !air.function_constants: node 0 is not (global, type, name, index[, required]) [malformed]

@a.MTL_FC_INIT_0_i = internal addrspace(2) externally_initialized constant i32 undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %a = load i32, ptr addrspace(2) @a.MTL_FC_INIT_0_i, align 4
  store i32 %a, ptr addrspace(1) %out
  ret void
}

!air.function_constants = !{!0}
!0 = !{ptr addrspace(2) @a.MTL_FC_INIT_0_i, !"int", !"a", !"0"}
