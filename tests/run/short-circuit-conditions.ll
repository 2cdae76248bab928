; Chains of && and || whose right sides must not be evaluated: they would read out of bounds.
;
; PY: x = [3, 900000, 5, 0, 2, 800000, 1, 4]
; RUN: %npy %tx.npy i32 'x'
; RUN: %run %s --grid 8 --buf x=%tx.npy --buf y=i32[8]:zeros --print y | FileCheck %s
; CHECK: y = 1 0 1 0 1 0 1 0

; y[i] = x[i] < 8 && (x[x[i]] > 3 || x[x[x[i]]] == 3)  with the last test only for x[x[i]] <= 3
define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %a = load i32, ptr addrspace(1) %px
  %c1 = icmp ult i32 %a, 8
  br i1 %c1, label %rhs1, label %join
rhs1:
  %pa = getelementptr i32, ptr addrspace(1) %x, i32 %a
  %b = load i32, ptr addrspace(1) %pa
  %c2 = icmp ugt i32 %b, 3
  br i1 %c2, label %join, label %rhs2
rhs2:
  %pb = getelementptr i32, ptr addrspace(1) %x, i32 %b
  %c = load i32, ptr addrspace(1) %pb
  %c3 = icmp eq i32 %c, 3
  br label %join
join:
  %r = phi i1 [ false, %entry ], [ true, %rhs1 ], [ %c3, %rhs2 ]
  %r32 = zext i1 %r to i32
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r32, ptr addrspace(1) %py
  ret void
}
