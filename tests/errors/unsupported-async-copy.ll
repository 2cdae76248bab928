; An asynchronous copy with another signature than AIR's.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-async-copy.ll:10:{{.*}}error: unknown intrinsic 'air.simdgroup_async_copy_1d.p3i8.p1i8' [unsupported]

@tile = internal addrspace(3) global [40 x float] undef, align 16
declare ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64, ptr addrspace(3), ptr addrspace(1), i64)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x) "tmjit.kernel" {
  %event = call ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64 4, ptr addrspace(3) @tile, ptr addrspace(1) %x, i64 40)
  ret void
}
