; Signed and unsigned minimum and maximum over all threads.
;
; PY: x = [v - 1000 for v in rand(5000, 3, 100000)]
; RUN: %npy %tx.npy i32 'x'
; RUN: %npy %t.npy i32 '[min(x), max(x)]'
; RUN: %npy %tu.npy u32 '[min(u32(v) for v in x), max(u32(v) for v in x)]'
; RUN: %run %s --grid 5000 --threadgroup 96 --buf x=%tx.npy --buf s=i32:2147483647,-2147483648 --buf u=u32:4294967295,0 --expect s=%t.npy --expect u=%tu.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %s, ptr addrspace(1) "tmjit.type"="uint" %u, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %p
  %s1 = getelementptr i32, ptr addrspace(1) %s, i32 1
  %u1 = getelementptr i32, ptr addrspace(1) %u, i32 1
  %a = call i32 @air.atomic.global.min.s.i32(ptr addrspace(1) %s, i32 %v, i32 0, i32 2, i1 true)
  %b = call i32 @air.atomic.global.max.s.i32(ptr addrspace(1) %s1, i32 %v, i32 0, i32 2, i1 true)
  %c = call i32 @air.atomic.global.min.u.i32(ptr addrspace(1) %u, i32 %v, i32 0, i32 2, i1 true)
  %d = call i32 @air.atomic.global.max.u.i32(ptr addrspace(1) %u1, i32 %v, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.min.s.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.max.s.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.min.u.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.max.u.i32(ptr addrspace(1), i32, i32, i32, i1)
