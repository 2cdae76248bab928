; A known AIR function declared with other operands.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-intrinsic-signature.ll:[[#@LINE+3]]:3: error: wrong signature of 'air.exp.f32'{{.*}} [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = call float @air.exp.f32(i32 %i)
  ret void
}
declare float @air.exp.f32(i32)
