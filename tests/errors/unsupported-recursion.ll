; Functions that call themselves, here by way of another one.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-recursion.ll:{{[0-9]+}}:{{[0-9]+}}: error: recursion: @{{.*}} calls @{{.*}} [unsupported]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = call i32 @even(i32 %i)
  ret void
}

define internal i32 @even(i32 %n) {
  %m = sub i32 %n, 1
  %r = call i32 @odd(i32 %m)
  ret i32 %r
}
define internal i32 @odd(i32 %n) {
  %z = icmp eq i32 %n, 0
  br i1 %z, label %a, label %b
a:
  ret i32 0
b:
  %r = call i32 @even(i32 %n)
  ret i32 %r
}
