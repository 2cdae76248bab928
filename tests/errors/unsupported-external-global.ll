; A global that is defined elsewhere.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-external-global.ll:{{.*}}error: global 'table' is external; globals need an initialiser [unsupported]

@table = external addrspace(2) constant i32, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = load i32, ptr addrspace(2) @table
  store i32 %v, ptr addrspace(1) %y
  ret void
}
