; simdgroup_async_copy in one dimension: device memory to threadgroup memory and back, events, the
; null event; floats and bytes of odd number, whole and partial SIMD-groups; each SIMD-group
; copies its own 40 elements, reversed by pairs in between.
;
; PY: n = 2 * 40
; PY: x = [i * 0.5 for i in range(n)]
; PY: y = [x[i ^ 1] for i in range(n)]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %ty.npy f32 'y'
; RUN: %simd %s --entry k --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f32[80]:zeros --buf z=u8[13]:zeros --expect y=%ty.npy --print z | FileCheck %s
; RUN: %simd %s --entry k --grid 52 --threadgroup 52 --buf x=%tx.npy --buf y=f32[80]:zeros --buf z=u8[13]:zeros --expect y=%ty.npy --print z | FileCheck %s
; The first bytes of 0.5, 0, 1.5 (0x3f000000, 0, 0x3fc00000), then 1.
; CHECK: z = 0 0 0 63 0 0 0 0 0 0 192 63 1

@tile = internal addrspace(3) global [80 x float] undef, align 16

declare ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64, i64, ptr addrspace(3), ptr addrspace(1), i64)
declare ptr @air.simdgroup_async_copy_1d.p1i8.p3i8(i64, i64, ptr addrspace(1), ptr addrspace(3), i64)
declare void @air.wait_simdgroup_events(i32, ptr)
declare ptr @air.get_null_simdgroup_event()
declare i1 @air.is_null_simdgroup_event(ptr)
declare void @air.simdgroup.barrier(i32, i32)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y,
               ptr addrspace(1) "tmjit.type"="uchar" %z,
               i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %group,
               i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %events = alloca [2 x ptr], align 8
  %first = mul i32 %group, 40
  %first.w = zext i32 %first to i64
  %from = getelementptr inbounds float, ptr addrspace(1) %x, i64 %first.w
  %to = getelementptr inbounds [80 x float], ptr addrspace(3) @tile, i64 0, i64 %first.w
  %event = call ptr @air.simdgroup_async_copy_1d.p3i8.p1i8(i64 4, i64 4, ptr addrspace(3) %to, ptr addrspace(1) %from, i64 40)
  store ptr %event, ptr %events, align 8
  call void @air.wait_simdgroup_events(i32 1, ptr %events)
  %even = shl i32 %lane, 1
  %is.mine = icmp ult i32 %lane, 20
  br i1 %is.mine, label %swap, label %swapped
swap:
  %a = zext i32 %even to i64
  %p = getelementptr inbounds float, ptr addrspace(3) %to, i64 %a
  %q = getelementptr inbounds i8, ptr addrspace(3) %p, i64 4
  %u = load float, ptr addrspace(3) %p, align 4
  %v = load float, ptr addrspace(3) %q, align 4
  store float %v, ptr addrspace(3) %p, align 4
  store float %u, ptr addrspace(3) %q, align 4
  br label %swapped
swapped:
  call void @air.simdgroup.barrier(i32 2, i32 1)
  %out = getelementptr inbounds float, ptr addrspace(1) %y, i64 %first.w
  %event2 = call ptr @air.simdgroup_async_copy_1d.p1i8.p3i8(i64 4, i64 4, ptr addrspace(1) %out, ptr addrspace(3) %to, i64 40)
  %null = call ptr @air.get_null_simdgroup_event()
  %is.null = call i1 @air.is_null_simdgroup_event(ptr %null)
  %is.event = call i1 @air.is_null_simdgroup_event(ptr %event2)
  %good = xor i1 %is.event, %is.null
  %is.first = icmp eq i32 %group, 0
  br i1 %is.first, label %bytes, label %end
bytes:
  %event3 = call ptr @air.simdgroup_async_copy_1d.p1i8.p3i8(i64 1, i64 1, ptr addrspace(1) %z, ptr addrspace(3) @tile, i64 12)
  %last = getelementptr inbounds i8, ptr addrspace(1) %z, i64 12
  %good.b = zext i1 %good to i8
  store i8 %good.b, ptr addrspace(1) %last, align 1
  br label %end
end:
  ret void
}
