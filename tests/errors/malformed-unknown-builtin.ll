; A built-in input that does not exist.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: malformed-unknown-builtin.ll:{{.*}}error: {{.*}}unknown built-in input 'thread_position' [malformed]

define void @k(i32 "tmjit.builtin"="thread_position" %i) "tmjit.kernel" {
  ret void
}
