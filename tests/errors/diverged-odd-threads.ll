; A barrier that only the odd threads of a SIMD-group reach; the even ones have another one
; before them.
;
; RUN: %fails %s --grid 64 --threadgroup 64 --buf y=i32[1]:zeros | FileCheck %s
; CHECK: diverged-odd-threads.ll:[[#@LINE+6]]:3: error: threadgroup barrier reached by part of the SIMD-group's threads{{.*}} [diverged]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %odd = trunc i32 %i to i1
  br i1 %odd, label %wait, label %done
wait:
  call void @air.wg.barrier(i32 2, i32 1)
  br label %done
done:
  call void @air.wg.barrier(i32 2, i32 1)
  ret void
}
declare void @air.wg.barrier(i32, i32)
