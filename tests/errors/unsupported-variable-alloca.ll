; Private memory of a length that is only known at run time.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-variable-alloca.ll:[[#@LINE+3]]:3: error: alloca of variable length; constant lengths are supported [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %a = alloca i32, i32 %i
  store i32 1, ptr %a
  ret void
}
