; Inline assembly.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-inline-assembly.ll:[[#@LINE+3]]:3: error: inline assembly is not supported [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  call void asm sideeffect "nop", ""()
  ret void
}
