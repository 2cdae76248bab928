; Barriers in both arms of a branch that all threads of a threadgroup take the same way.
;
; RUN: %npy %t.npy i32 '[(i ^ 1) if i // 40 %% 2 else (i // 40) * 40 + 39 - i %% 40 for i in range(160)]'
; RUN: %run %s --grid 160 --threadgroup 40 --buf y=i32[160]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [40 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %p = getelementptr [40 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  %odd = trunc i32 %g to i1
  br i1 %odd, label %pairs, label %reverse
pairs:
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %a = xor i32 %t, 1
  br label %read
reverse:
  store i32 %i, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %b = sub i32 39, %t
  br label %read
read:
  %at = phi i32 [ %a, %pairs ], [ %b, %reverse ]
  %q = getelementptr [40 x i32], ptr addrspace(3) @tile, i32 0, i32 %at
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
