; With one slice in the threadgroup a barrier is nothing: no coroutine.
;
; RUN: %tmjit emit %s --as host --lanes 32 --threadgroup 32 --check none --after host-ssa | FileCheck %s
; CHECK: define
; CHECK-NOT: coro
; CHECK: store <32 x float>
; CHECK-NOT: coro

@tile = internal addrspace(3) global [64 x float] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr float, ptr addrspace(3) @tile, i32 %i
  %f = uitofp i32 %i to float
  store float %f, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %j = xor i32 %i, 3
  %q = getelementptr float, ptr addrspace(3) @tile, i32 %j
  %r = load float, ptr addrspace(3) %q
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
