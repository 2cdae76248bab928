; An asynchronous copy that reads past its buffer: the place is the call's.
;
; RUN: %fails %s --grid 32 --buf x=f32[39]:iota 2>&1 | FileCheck %s
; CHECK: bounds-async-copy.ll:10:{{.*}}error: load of 4 bytes at byte offset 156 of buffer 'x' (156 bytes), by thread (7, 0, 0) of the grid, (7, 0, 0) of threadgroup (0, 0, 0) [bounds]

@tile = internal addrspace(3) global [40 x float] undef, align 16
declare ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64, i64, ptr addrspace(3), ptr addrspace(1), i64)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x) "tmjit.kernel" {
  %event = call ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64 4, i64 4, ptr addrspace(3) @tile, ptr addrspace(1) %x, i64 40)
  ret void
}
