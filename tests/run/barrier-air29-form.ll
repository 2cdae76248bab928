; The three-operand barrier of AIR 2.9 and the SIMD-group barrier in both forms.
;
; RUN: %npy %t.npy i32 '[63 - i for i in range(64)]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf y=i32[64]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [64 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %i
  store i32 %i, ptr addrspace(3) %p
  call void @air.simdgroup.barrier(i32 2, i32 5, i32 1)
  call void @air.wg.barrier(i32 2, i32 5, i32 1)
  %m = sub i32 63, %i
  %q = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32, i32)
declare void @air.simdgroup.barrier(i32, i32, i32)
