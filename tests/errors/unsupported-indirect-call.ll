; A call through a pointer.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-indirect-call.ll:[[#@LINE+4]]:3: error: {{.*}} [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %f = load ptr, ptr addrspace(1) %y
  call void %f()
  ret void
}
