; Addresses by byte offsets and by integer arithmetic on a pointer cast, as third-party code does.
;
; RUN: %run %s --grid 8 --buf x=i32[8]:iota --buf y=i32[8]:zeros --print y | FileCheck %s
; CHECK: y = 7 7 7 7 7 7 7 7

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %off = mul i32 %i, 4
  %p = getelementptr i8, ptr addrspace(1) %x, i32 %off
  %a = load i32, ptr addrspace(1) %p
  %o64 = zext i32 %off to i64
  %neg = sub i64 0, %o64
  %end = getelementptr i8, ptr addrspace(1) %x, i64 28
  %q = getelementptr i8, ptr addrspace(1) %end, i64 %neg
  %b = load i32, ptr addrspace(1) %q
  %s = add i32 %a, %b
  %r = getelementptr i8, ptr addrspace(1) %y, i32 %off
  store i32 %s, ptr addrspace(1) %r
  ret void
}
