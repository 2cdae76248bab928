; A variable at program scope outside threadgroup memory.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-writable-global.ll:{{.*}}error: global 'counter' is writable; variables can be in threadgroup memory only [unsupported]

@counter = internal global i32 0, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = load i32, ptr @counter
  store i32 %v, ptr addrspace(1) %y
  ret void
}
