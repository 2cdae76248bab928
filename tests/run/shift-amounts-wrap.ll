; Shift amounts count modulo the width, in 8, 16, 32 and 64 bits, varying and uniform.
;
; RUN: %npy %t.npy i64 '[v for i in range(70) for v in (wrap(1 << i %% 32, 32, True), (2**32 - 16 >> i %% 32), -16 >> i %% 32, wrap(3 << i %% 8, 8, True), wrap(3 << i %% 16, 16, True), wrap(5 << i %% 64, 64, True))]'
; RUN: %run %s --grid 70 --threadgroup 70 --buf y=i64[420]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="long" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i8 = trunc i32 %i to i8
  %i16 = trunc i32 %i to i16
  %i64 = zext i32 %i to i64
  %a = shl i32 1, %i
  %b = lshr i32 -16, %i
  %c = ashr i32 -16, %i
  %d = shl i8 3, %i8
  %e = shl i16 3, %i16
  %f = shl i64 5, %i64
  %wa = sext i32 %a to i64
  %wb = zext i32 %b to i64
  %wc = sext i32 %c to i64
  %wd = sext i8 %d to i64
  %we = sext i16 %e to i64
  %at = mul i32 %i, 6
  %p0 = getelementptr i64, ptr addrspace(1) %y, i32 %at
  store i64 %wa, ptr addrspace(1) %p0
  %p1 = getelementptr i64, ptr addrspace(1) %p0, i32 1
  store i64 %wb, ptr addrspace(1) %p1
  %p2 = getelementptr i64, ptr addrspace(1) %p0, i32 2
  store i64 %wc, ptr addrspace(1) %p2
  %p3 = getelementptr i64, ptr addrspace(1) %p0, i32 3
  store i64 %wd, ptr addrspace(1) %p3
  %p4 = getelementptr i64, ptr addrspace(1) %p0, i32 4
  store i64 %we, ptr addrspace(1) %p4
  %p5 = getelementptr i64, ptr addrspace(1) %p0, i32 5
  store i64 %f, ptr addrspace(1) %p5
  ret void
}
