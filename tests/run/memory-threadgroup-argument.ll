; Threadgroup memory passed as an argument, of a length that the launch chooses.
;
; RUN: %npy %t.npy f32 '[i // 24 * 24 + (i + 1) %% 24 for i in range(96)]'
; RUN: %run %s --grid 96 --threadgroup 24 --local tile=96 --buf y=f32[96]:zeros --expect y=%t.npy

define void @k(ptr addrspace(3) "tmjit.type"="float" %tile, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(3) %tile, i32 %t
  %f = uitofp i32 %i to float
  store float %f, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %t1 = add i32 %t, 1
  %m = urem i32 %t1, 24
  %q = getelementptr float, ptr addrspace(3) %tile, i32 %m
  %v = load float, ptr addrspace(3) %q
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
