; A syntax error is named by line and column.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-syntax.ll:[[#@LINE+3]]:{{[0-9]+}}: error: expected instruction opcode [malformed]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = ad i32 %i, 1
  ret void
}
