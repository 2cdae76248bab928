; All slices take the same way from barrier to barrier, round after round: no coroutine, but a
; loop over the slices for each phase. The sum is kept between phases, the counter is one for all.
;
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check none --after host-phases | FileCheck %s
; RUN: %tmjit emit %s --as host --lanes 8 --threadgroup 64 --check bounds --after host-phases | FileCheck %s
; CHECK: define void @kernel(ptr
; CHECK-NOT: coro
; CHECK-COUNT-3: %slice
; CHECK-NOT: coro

@tile = internal addrspace(3) global [64 x float] undef, align 4

define void @k(ptr addrspace(2) "tmjit.type"="int" %n, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %rounds = load i32, ptr addrspace(2) %n
  %p = getelementptr float, ptr addrspace(3) @tile, i32 %i
  %f = uitofp i32 %i to float
  br label %round
round:
  %r = phi i32 [ 0, %entry ], [ %r1, %round ]
  %s = phi float [ %f, %entry ], [ %t, %round ]
  store float %s, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %j0 = xor i32 %i, %r
  %j = and i32 %j0, 63
  %q = getelementptr float, ptr addrspace(3) @tile, i32 %j
  %v = load float, ptr addrspace(3) %q
  %t = fadd float %s, %v
  call void @air.wg.barrier(i32 2, i32 1)
  %r1 = add i32 %r, 1
  %in = icmp slt i32 %r1, %rounds
  br i1 %in, label %round, label %done
done:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %t, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
