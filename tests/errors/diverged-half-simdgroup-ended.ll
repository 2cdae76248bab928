; Half of a SIMD-group has returned when the others reach the barrier.
;
; RUN: %fails %s --grid 64 --threadgroup 64 --buf y=i32[1]:zeros | FileCheck %s
; CHECK: diverged-half-simdgroup-ended.ll:[[#@LINE+9]]:3: error: threadgroup barrier reached by part of the SIMD-group's threads{{.*}} [diverged]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %low = and i32 %i, 31
  %half = icmp ult i32 %low, 16
  br i1 %half, label %out, label %wait
out:
  ret void
wait:
  call void @air.wg.barrier(i32 2, i32 1)
  ret void
}
declare void @air.wg.barrier(i32, i32)
