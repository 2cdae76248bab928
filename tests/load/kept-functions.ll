; Functions that llvm.used, an alias or a table keeps alive, and that no kernel calls, do not
; matter.
;
; RUN: %run %s --grid 2 --buf y=u32[2] --print y | FileCheck %s
; CHECK: y = 7 7

@llvm.used = appending global [2 x ptr] [ptr @g, ptr @k], section "llvm.metadata"
@llvm.compiler.used = appending global [1 x ptr] [ptr @h], section "llvm.metadata"
@named = appending global [1 x ptr] [ptr @g]
@table = addrspace(2) constant [2 x ptr] [ptr @g, ptr @h]
@other = alias void (), ptr @h

define void @g() {
  ret void
}
define internal void @h() {
  ret void
}
define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 7, ptr addrspace(1) %p
  ret void
}
