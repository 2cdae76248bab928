; The number of rounds with a barrier comes from a buffer, another for each threadgroup.
;
; PY: rounds = [3, 0, 1, 5, 2]
; RUN: %npy %tn.npy i32 'rounds'
; RUN: %npy %t.npy i32 '[i // 64 * 64 + (i + rounds[i // 64]) %% 64 for i in range(320)]'
; RUN: %run %s --grid 320 --threadgroup 64 --buf n=%tn.npy --buf y=i32[320]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [64 x i32] undef, align 4

define void @rotate(ptr addrspace(1) "tmjit.type"="int" %n, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %pn = getelementptr i32, ptr addrspace(1) %n, i32 %g
  %rounds = load i32, ptr addrspace(1) %pn
  %p = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  %t1 = add i32 %t, 1
  %m = and i32 %t1, 63
  %q = getelementptr [64 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  br label %head
head:
  %k = phi i32 [ 0, %entry ], [ %k1, %body ]
  %v = phi i32 [ %i, %entry ], [ %w, %body ]
  %in = icmp slt i32 %k, %rounds
  br i1 %in, label %body, label %done
body:
  store i32 %v, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %w = load i32, ptr addrspace(3) %q
  call void @air.wg.barrier(i32 2, i32 1)
  %k1 = add i32 %k, 1
  br label %head
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
