; Buffer indices that are neither dense nor in parameter order; threadgroup slots of their own.
;
; RUN: %npy %t.npy i32 '[31 - i + 7 for i in range(32)]'
; RUN: %run %s --grid 32 --threadgroup 32 --set 30=7 --buf 0=i32[32]:zeros --local 2=128 --expect out=%t.npy

define void @k(ptr addrspace(2) %c, ptr addrspace(3) %tile, i32 %t, ptr addrspace(1) %out) {
  %p = getelementptr i32, ptr addrspace(3) %tile, i32 %t
  store i32 %t, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %m = sub i32 31, %t
  %q = getelementptr i32, ptr addrspace(3) %tile, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %s = load i32, ptr addrspace(2) %c
  %r = add i32 %v, %s
  %o = getelementptr i32, ptr addrspace(1) %out, i32 %t
  store i32 %r, ptr addrspace(1) %o
  ret void
}
declare void @air.wg.barrier(i32, i32)

!air.kernel = !{!0}
!0 = !{ptr @k, !1, !2}
!1 = !{}
!2 = !{!5, !3, !4, !6}
!3 = !{i32 1, !"air.buffer", !"air.location_index", i32 2, i32 1, !"air.read_write", !"air.address_space", i32 3, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"tile"}
!4 = !{i32 2, !"air.thread_index_in_threadgroup", !"air.arg_type_name", !"uint", !"air.arg_name", !"t"}
!5 = !{i32 0, !"air.buffer", !"air.buffer_size", i32 4, !"air.location_index", i32 30, i32 1, !"air.read", !"air.address_space", i32 2, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"c"}
!6 = !{i32 3, !"air.buffer", !"air.location_index", i32 0, i32 1, !"air.read_write", !"air.address_space", i32 1, !"air.arg_type_size", i32 4, !"air.arg_type_align_size", i32 4, !"air.arg_type_name", !"int", !"air.arg_name", !"out"}
