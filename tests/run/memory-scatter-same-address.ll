; When several threads write one address, the last of them in thread order wins inside a vector.
;
; RUN: %run %s --grid 32 --threadgroup 32 --threads 1 --buf y=i32[8]:zeros --print y | FileCheck %s
; CHECK: y = 28 29 30 31 0 0 0 31

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %m = and i32 %i, 3
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %m
  store i32 %i, ptr addrspace(1) %p
  %q = getelementptr i32, ptr addrspace(1) %y, i32 7
  store i32 %i, ptr addrspace(1) %q
  ret void
}
