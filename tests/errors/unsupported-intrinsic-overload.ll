; A known AIR function with a suffix that its row does not take.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-intrinsic-overload.ll:[[#@LINE+3]]:3: error: unknown intrinsic 'air.exp.i32' [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = call i32 @air.exp.i32(i32 %i)
  ret void
}
declare i32 @air.exp.i32(i32)
