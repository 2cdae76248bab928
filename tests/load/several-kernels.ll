; Two kernels in one module share a function and a table; each runs by its name, by buffer index.
;
; RUN: %run %s --entry first --grid 4 --buf 3=i32[4]:zeros --print y | FileCheck %s --check-prefix=FIRST
; RUN: %run %s --entry second --grid 4 --buf 0=i32[4]:zeros --print 0 | FileCheck %s --check-prefix=SECOND
; RUN: %tmjit info %s | FileCheck %s
; FIRST: y = 5 6 7 8
; SECOND: = 8 7 6 5
; CHECK: first
; CHECK: second

@table = internal addrspace(2) constant [4 x i32] [i32 5, i32 6, i32 7, i32 8], align 4

define internal i32 @look(i32 %i) {
  %p = getelementptr [4 x i32], ptr addrspace(2) @table, i32 0, i32 %i
  %v = load i32, ptr addrspace(2) %p
  ret i32 %v
}

define void @first(ptr addrspace(1) "tmjit.type"="int" "tmjit.buffer"="3" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = call i32 @look(i32 %i)
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %p
  ret void
}

define void @second(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %j = sub i32 3, %i
  %v = call i32 @look(i32 %j)
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %p
  ret void
}
