; Threads exchange values through threadgroup memory, in threadgroups of every kind of size.
;
; PY: def ref(n, size):
; PY:     out = []
; PY:     for g in range(0, n, size):
; PY:         out += reversed(range(g, min(g + size, n)))
; PY:     return out
; RUN: %npy %t1.npy i32 'ref(5, 1)'
; RUN: %run %s --grid 5 --threadgroup 1 --buf y=i32[5]:zeros --expect y=%t1.npy
; RUN: %npy %t31.npy i32 'ref(93, 31)'
; RUN: %run %s --grid 93 --threadgroup 31 --buf y=i32[93]:zeros --expect y=%t31.npy
; RUN: %npy %t33.npy i32 'ref(100, 33)'
; RUN: %run %s --grid 100 --threadgroup 33 --buf y=i32[100]:zeros --expect y=%t33.npy
; RUN: %npy %t96.npy i32 'ref(200, 96)'
; RUN: %run %s --grid 200 --threadgroup 96 --buf y=i32[200]:zeros --expect y=%t96.npy
; RUN: %npy %t1000.npy i32 'ref(3001, 1000)'
; RUN: %run %s --grid 3001 --threadgroup 1000 --buf y=i32[3001]:zeros --expect y=%t1000.npy
; RUN: %npy %t1024.npy i32 'ref(2048, 1024)'
; RUN: %run %s --grid 2048 --threadgroup 1024 --buf y=i32[2048]:zeros --expect y=%t1024.npy

@tile = internal addrspace(3) global [1024 x i32] undef, align 4

define void @reverse(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threads_per_threadgroup" %n) "tmjit.kernel" {
  %p = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %last = sub i32 %n, 1
  %m = sub i32 %last, %t
  %q = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
