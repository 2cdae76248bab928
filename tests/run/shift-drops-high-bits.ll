; Bits of the thread's position that a left shift drops stay out when they are shifted back.
;
; RUN: %npy %t.npy u32 '[v for i in range(64) for v in (i % 16, (i << 2 | 1) % 2**32, i * 0x60000000 % 2**32 >> 8)]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf y=u32[192]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %u = shl i32 %i, 28
  %field = lshr i32 %u, 28
  %four = shl i32 %i, 2
  %odd = or i32 %four, 1
  %m = mul i32 %i, 1610612736
  %top = lshr i32 %m, 8
  %at = mul i32 %i, 3
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %field, ptr addrspace(1) %p
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1
  store i32 %odd, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2
  store i32 %top, ptr addrspace(1) %p2
  ret void
}
