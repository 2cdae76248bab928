; Integers of other widths than 1, 8, 16, 32 and 64.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-integer-width.ll:[[#@LINE+3]]:3: error: zext of i128; widths 1, 8, 16, 32 and 64 are supported [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i128
  ret void
}
