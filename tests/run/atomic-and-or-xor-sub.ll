; Bitwise atomics and subtraction, each over all threads of a ragged grid.
;
; RUN: %run %s --grid 1003 --threadgroup 64 --buf y=i32:-1,0,0,5000 --print y | FileCheck %s
; CHECK: y = -512 1023 1003 -497503
;
; -512: the first 512 numbers clear nine bits, 512 to 1002 no more than those and bit 9:
; and(~(i & 511)) = ~511; xor of 0..1002 = 1003 (1002 mod 4 = 2: n + 1); 5000 - sum(0..1002)

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %low = and i32 %i, 511
  %not = xor i32 %low, -1
  %p1 = getelementptr i32, ptr addrspace(1) %y, i32 1
  %p2 = getelementptr i32, ptr addrspace(1) %y, i32 2
  %p3 = getelementptr i32, ptr addrspace(1) %y, i32 3
  %a = call i32 @air.atomic.global.and.s.i32(ptr addrspace(1) %y, i32 %not, i32 0, i32 2, i1 true)
  %b = call i32 @air.atomic.global.or.u.i32(ptr addrspace(1) %p1, i32 %i, i32 0, i32 2, i1 true)
  %c = call i32 @air.atomic.global.xor.s.i32(ptr addrspace(1) %p2, i32 %i, i32 0, i32 2, i1 true)
  %d = call i32 @air.atomic.global.sub.s.i32(ptr addrspace(1) %p3, i32 %i, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.and.s.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.or.u.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.xor.s.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.sub.s.i32(ptr addrspace(1), i32, i32, i32, i1)
