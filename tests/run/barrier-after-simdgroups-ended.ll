; Whole SIMD-groups return before the barrier; those that are left still meet there.
;
; RUN: %npy %t.npy i32 '[-1 if i // 32 %% 2 else (i // 64) * 64 + (31 - i %% 32) for i in range(256)]'
; RUN: %run %s --grid 256 --threadgroup 256 --buf y=i32[256]:-1 --expect y=%t.npy

@tile = internal addrspace(3) global [256 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s) "tmjit.kernel" {
entry:
  %odd = trunc i32 %s to i1
  br i1 %odd, label %out, label %go
out:
  ret void
go:
  %p = getelementptr [256 x i32], ptr addrspace(3) @tile, i32 0, i32 %i
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %m = xor i32 %i, 31
  %q = getelementptr [256 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
