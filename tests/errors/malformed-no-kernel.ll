; A module without any kernel.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-no-kernel.ll:{{.*}}error: no kernel; accepted are functions in !air.kernel and functions with the attribute "tmjit.kernel" [malformed]

define void @f() {
  ret void
}
