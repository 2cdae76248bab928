; A block that ends in unreachable and that no thread enters.
;
; RUN: %run %s --grid 5 --buf y=i32[5]:zeros --print y | FileCheck %s
; CHECK: y = 1 1 1 1 1

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %far = icmp ugt i32 %i, 1000
  br i1 %far, label %never, label %good
never:
  call void @llvm.trap()
  unreachable
good:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %p
  ret void
}
declare void @llvm.trap()
