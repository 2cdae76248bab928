; The 64-bit unsigned minimum and maximum on device memory, which return nothing.
;
; RUN: %run %s --grid 100 --buf y=u64:18446744073709551615,0 --print y | FileCheck %s
; CHECK: y = 4294967296 429496729600

define void @k(ptr addrspace(1) "tmjit.type"="ulong" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i1 = add i32 %i, 1
  %w = zext i32 %i1 to i64
  %v = shl i64 %w, 32
  %p = getelementptr i64, ptr addrspace(1) %y, i32 1
  call void @air.atomic.global.min.u.i64(ptr addrspace(1) %y, i64 %v, i32 0, i32 2, i1 true)
  call void @air.atomic.global.max.u.i64(ptr addrspace(1) %p, i64 %v, i32 0, i32 2, i1 true)
  ret void
}
declare void @air.atomic.global.min.u.i64(ptr addrspace(1), i64, i32, i32, i1)
declare void @air.atomic.global.max.u.i64(ptr addrspace(1), i64, i32, i32, i1)
