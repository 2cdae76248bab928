; Two SIMD-groups wait at two different barriers.
;
; RUN: %fails %s --grid 64 --threadgroup 64 --buf y=i32[1]:zeros | FileCheck %s
; CHECK: diverged-different-barriers.ll:[[#A:]]:3: error: SIMD-groups wait at different barriers; the other is at {{.*}}diverged-different-barriers.ll:{{[0-9]+}} [diverged]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %s = lshr i32 %i, 5
  %second = trunc i32 %s to i1
  br i1 %second, label %a, label %b
a:
  call void @air.wg.barrier(i32 2, i32 1)
  br label %done
b:
  call void @air.wg.barrier(i32 1, i32 1)
  br label %done
done:
  ret void
}
declare void @air.wg.barrier(i32, i32)
