; bool in memory is one byte; it is stored as 0 or 1 and read as i8.
;
; RUN: %run %s --grid 8 --buf x=bool:1,0,1,1,0,0,1,0 --buf y=bool[8]:zeros --print y | FileCheck %s
; CHECK: y = {{(0|false) (1|true) (0|false) (0|false) (1|true) (1|true) (0|false) (1|true)}}

define void @not(ptr addrspace(1) "tmjit.type"="bool" %x, ptr addrspace(1) "tmjit.type"="bool" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i8, ptr addrspace(1) %x, i32 %i
  %b = load i8, ptr addrspace(1) %p
  %c = trunc i8 %b to i1
  %n = xor i1 %c, true
  %r = zext i1 %n to i8
  %q = getelementptr i8, ptr addrspace(1) %y, i32 %i
  store i8 %r, ptr addrspace(1) %q
  ret void
}
