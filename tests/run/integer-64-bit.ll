; 64-bit integer arithmetic: multiply, shift, divide and mixed widths.
;
; RUN: %npy %t.npy i64 '[wrap(wrap((i + 1) * 0x123456789abcd, 64, True) // 1000 + (i << 40) - (i * i), 64, True) for i in range(40)]'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=i64[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="long" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %w1 = add i64 %w, 1
  %m = mul i64 %w1, 320255973501901
  %q = sdiv i64 %m, 1000
  %s = shl i64 %w, 40
  %sq = mul i32 %i, %i
  %sq64 = sext i32 %sq to i64
  %a = add i64 %q, %s
  %r = sub i64 %a, %sq64
  %p = getelementptr i64, ptr addrspace(1) %y, i32 %i
  store i64 %r, ptr addrspace(1) %p
  ret void
}
