; An AIR function that no row of the table names.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-intrinsic.ll:[[#@LINE+3]]:3: error: unknown intrinsic 'air.get_num_samples.i32' [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = call i32 @air.get_num_samples.i32()
  ret void
}
declare i32 @air.get_num_samples.i32()
