; A function constant that is a vector of five.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-function-constant-type.ll: error: !air.function_constants: node 0 has a type that is no number and no vector of them [malformed]

@a = internal addrspace(2) externally_initialized constant <5 x i32> undef, align 32

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %v = load <5 x i32>, ptr addrspace(2) @a, align 32
  %x = extractelement <5 x i32> %v, i32 0
  store i32 %x, ptr addrspace(1) %out
  ret void
}

!air.function_constants = !{!0}
!0 = !{ptr addrspace(2) @a, !"int5", !"a", i32 0, i1 true}
