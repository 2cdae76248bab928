; Atomics on addresses that differ, coincide in pairs and coincide in all lanes of a vector.
;
; RUN: %npy %t.npy i32 '[(1 if k < 512 else 0) + (2 if k < 256 else 0) + (512 // 8 if k %% 64 == 0 and k < 512 else 0) for k in range(512)]'
; RUN: %run %s --grid 512 --threadgroup 64 --buf y=i32[512]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %a = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %p, i32 1, i32 0, i32 2, i1 true)
  %h = lshr i32 %i, 1
  %q = getelementptr i32, ptr addrspace(1) %y, i32 %h
  %b = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %q, i32 1, i32 0, i32 2, i1 true)
  %g = and i32 %i, -64
  %r = getelementptr i32, ptr addrspace(1) %y, i32 %g
  %c = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %r, i32 1, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.add.s.i32(ptr addrspace(1), i32, i32, i32, i1)
