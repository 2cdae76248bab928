; A switch on a launch constant: all threads take the same case, whichever it is.
;
; RUN: %run %s --grid 4 --buf y=i32[4]:zeros --set mode=0 --print y | FileCheck %s --check-prefix=ZERO
; RUN: %run %s --grid 4 --buf y=i32[4]:zeros --set mode=8 --print y | FileCheck %s --check-prefix=EIGHT
; RUN: %run %s --grid 4 --buf y=i32[4]:zeros --set mode=5 --print y | FileCheck %s --check-prefix=OTHER
; ZERO: y = 0 1 2 3
; EIGHT: y = 0 2 4 6
; OTHER: y = -1 -1 -1 -1

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="int" %mode, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %m = load i32, ptr addrspace(2) %mode
  switch i32 %m, label %join [
    i32 0, label %same
    i32 8, label %double
  ]
same:
  br label %join
double:
  %d = shl i32 %i, 1
  br label %join
join:
  %r = phi i32 [ -1, %entry ], [ %i, %same ], [ %d, %double ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
