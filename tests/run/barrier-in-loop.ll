; A tree sum over a threadgroup: a barrier in a loop whose trip count depends on its size.
;
; PY: def ref(n, size):
; PY:     return [sum(range(g, min(g + size, n))) for g in range(0, n, size)]
; RUN: %npy %t1.npy i32 'ref(4, 1)'
; RUN: %run %s --grid 4 --threadgroup 1 --buf y=i32[4]:zeros --expect y=%t1.npy
; RUN: %npy %t31.npy i32 'ref(62, 31)'
; RUN: %run %s --grid 62 --threadgroup 31 --buf y=i32[2]:zeros --expect y=%t31.npy
; RUN: %npy %t33.npy i32 'ref(70, 33)'
; RUN: %run %s --grid 70 --threadgroup 33 --buf y=i32[3]:zeros --expect y=%t33.npy
; RUN: %npy %t96.npy i32 'ref(300, 96)'
; RUN: %run %s --grid 300 --threadgroup 96 --buf y=i32[4]:zeros --expect y=%t96.npy
; RUN: %npy %t1000.npy i32 'ref(2500, 1000)'
; RUN: %run %s --grid 2500 --threadgroup 1000 --buf y=i32[3]:zeros --expect y=%t1000.npy
; RUN: %npy %t1024.npy i32 'ref(3072, 1024)'
; RUN: %run %s --grid 3072 --threadgroup 1024 --buf y=i32[3]:zeros --expect y=%t1024.npy

@tile = internal addrspace(3) global [1024 x i32] undef, align 4

define void @sum(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threads_per_threadgroup" %n, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %p = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %i, ptr addrspace(3) %p
  br label %head
head:
  %m = phi i32 [ %n, %entry ], [ %half, %next ]
  call void @air.wg.barrier(i32 2, i32 1)
  %many = icmp ugt i32 %m, 1
  br i1 %many, label %body, label %done
body:
  %m1 = add i32 %m, 1
  %half = lshr i32 %m1, 1
  %u = add i32 %t, %half
  %in = icmp ult i32 %u, %m
  br i1 %in, label %add, label %next
add:
  %q = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %u
  %a = load i32, ptr addrspace(3) %p
  %b = load i32, ptr addrspace(3) %q
  %s = add i32 %a, %b
  store i32 %s, ptr addrspace(3) %p
  br label %next
next:
  br label %head
done:
  %first = icmp eq i32 %t, 0
  br i1 %first, label %write, label %end
write:
  %v = load i32, ptr addrspace(3) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %g
  store i32 %v, ptr addrspace(1) %py
  br label %end
end:
  ret void
}
declare void @air.wg.barrier(i32, i32)
