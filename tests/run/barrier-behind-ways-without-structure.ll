; Ways through blocks that no structure has: threads that took different ones meet at the barrier,
; also in the kernel's print.
;
; PY: def ref(i):
; PY:     q = {0: 3, 1: 5}.get(i & 7, 0)
; PY:     return (q * i if i > 16 else 9) if q else 7
; RUN: %npy %tx.npy i32 '[int(i & 7 == 0) for i in range(64)]'
; RUN: %npy %t.npy i32 '[ref(i) for i in range(64)]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf x=i32[64]:zeros --expect x=%tx.npy --buf y=i32[64]:zeros --expect y=%t.npy
; RUN: %tmjit emit %s --as msl | FileCheck %s
; CHECK: if (block == 3u) {
; CHECK: while (block == 5u) {
; CHECK: threadgroup_barrier(

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
a:
  %kind = and i32 %i, 7
  %c1 = icmp slt i32 %kind, 1
  br i1 %c1, label %b, label %c
b:
  %pb = getelementptr i32, ptr addrspace(1) %x, i32 %i
  store i32 1, ptr addrspace(1) %pb
  br label %d
c:
  %c2 = icmp eq i32 %kind, 1
  br i1 %c2, label %d, label %j
d:
  %q = phi i32 [ 3, %b ], [ 5, %c ]
  %pd = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %q, ptr addrspace(1) %pd
  %c3 = icmp ugt i32 %i, 16
  br i1 %c3, label %e, label %j
e:
  %m = mul i32 %q, %i
  br label %f
f:
  %n = phi i32 [ 0, %e ], [ %n1, %f ]
  %n1 = add i32 %n, 1
  %again = icmp ult i32 %n1, %q
  br i1 %again, label %f, label %j0
j0:
  br label %j
j:
  %r = phi i32 [ 7, %c ], [ 9, %d ], [ %m, %j0 ]
  br label %g
g:
  %w = phi i32 [ %kind, %j ], [ %w1, %g ]
  %w1 = add i32 %w, 1
  %more = icmp ult i32 %w1, 16
  br i1 %more, label %g, label %h
h:
  call void @air.wg.barrier(i32 2, i32 1)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
