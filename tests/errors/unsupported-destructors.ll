; Functions that a program would run at its end.
;
; RUN: not %tmjit run %s --grid 1 2>&1 | FileCheck %s
; CHECK: unsupported-destructors.ll: error: destructors; nothing runs after a kernel [unsupported]

@llvm.global_dtors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @end, ptr null }]

define internal void @end() {
  ret void
}
define void @k() "tmjit.kernel" {
  ret void
}
