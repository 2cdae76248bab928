; A fault behind a barrier: threads of other SIMD-groups are waiting.
;
; RUN: %fails %s --grid 96 --threadgroup 96 --buf y=i32[70]:zeros | FileCheck %s
; CHECK: error: store of 4 bytes at byte offset 280 of buffer 'y' (280 bytes), by thread (70, 0, 0) of the grid, (70, 0, 0) of threadgroup (0, 0, 0) [bounds]

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  call void @air.wg.barrier(i32 2, i32 1)
  %few = icmp ult i32 %i, 71
  br i1 %few, label %write, label %done
write:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %py
  br label %done
done:
  call void @air.wg.barrier(i32 2, i32 1)
  ret void
}
declare void @air.wg.barrier(i32, i32)
