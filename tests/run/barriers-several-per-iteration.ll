; A prefix sum in place: two barriers in each round, a value carried over the first of them.
;
; PY: def ref(n, size):
; PY:     out = []
; PY:     for g in range(0, n, size):
; PY:         s = 0
; PY:         for i in range(g, min(g + size, n)):
; PY:             s += i % 10 + 1
; PY:             out.append(s)
; PY:     return out
; RUN: %npy %t33.npy i32 'ref(80, 33)'
; RUN: %run %s --grid 80 --threadgroup 33 --buf y=i32[80]:zeros --expect y=%t33.npy
; RUN: %npy %t96.npy i32 'ref(192, 96)'
; RUN: %run %s --grid 192 --threadgroup 96 --buf y=i32[192]:zeros --expect y=%t96.npy
; RUN: %npy %t1024.npy i32 'ref(1500, 1024)'
; RUN: %run %s --grid 1500 --threadgroup 1024 --buf y=i32[1500]:zeros --expect y=%t1024.npy

@tile = internal addrspace(3) global [1024 x i32] undef, align 4

define void @scan(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threads_per_threadgroup" %n) "tmjit.kernel" {
entry:
  %m10 = urem i32 %i, 10
  %x = add i32 %m10, 1
  %p = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %x, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  br label %head
head:
  %d = phi i32 [ 1, %entry ], [ %d2, %next ]
  %more = icmp ult i32 %d, %n
  br i1 %more, label %read, label %done
read:
  %has = icmp uge i32 %t, %d
  br i1 %has, label %left, label %wait
left:
  %u = sub i32 %t, %d
  %q = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %u
  %l = load i32, ptr addrspace(3) %q
  br label %wait
wait:
  %add = phi i32 [ 0, %read ], [ %l, %left ]
  call void @air.wg.barrier(i32 2, i32 1)
  %old = load i32, ptr addrspace(3) %p
  %new = add i32 %old, %add
  store i32 %new, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  br label %next
next:
  %d2 = shl i32 %d, 1
  br label %head
done:
  %v = load i32, ptr addrspace(3) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
