; A pointer that comes from one of two buffers, by a branch and by a select.
;
; RUN: %run %s --grid 8 --buf a=i32[8]:iota --buf b=i32[8]:50 --buf y=i32[16]:zeros --print y | FileCheck %s
; CHECK: y = 0 50 2 50 4 50 6 50 50 50 50 50 4 5 6 7

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %odd = trunc i32 %i to i1
  br i1 %odd, label %other, label %join
other:
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  br label %join
join:
  %p = phi ptr addrspace(1) [ %pa, %entry ], [ %pb, %other ]
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  %low = icmp ult i32 %i, 4
  %q = select i1 %low, ptr addrspace(1) %b, ptr addrspace(1) %a
  %pq = getelementptr i32, ptr addrspace(1) %q, i32 %i
  %w = load i32, ptr addrspace(1) %pq
  %i8 = add i32 %i, 8
  %py8 = getelementptr i32, ptr addrspace(1) %y, i32 %i8
  store i32 %w, ptr addrspace(1) %py8
  ret void
}
