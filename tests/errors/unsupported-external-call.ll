; Nothing outside the module can be called.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-external-call.ll:[[#@LINE+3]]:3: error: call of external function 'system'; functions with a body and air.* {{.*}} [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = call i32 @system(ptr null)
  ret void
}
declare i32 @system(ptr)
