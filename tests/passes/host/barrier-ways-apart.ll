; SIMD-groups may take different ways to a barrier, by a number that each loads for itself: the
; slices stay coroutines, and the runtime sees who waits where.
;
; RUN: %tmjit emit %s --as host --threadgroup 64 --check none --after host-phases | FileCheck %s
; CHECK: call token @llvm.coro.id
; CHECK: @llvm.coro.suspend

@tile = internal addrspace(3) global [64 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %n, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_index_in_threadgroup" %i, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s) "tmjit.kernel" {
entry:
  %p = getelementptr i32, ptr addrspace(3) @tile, i32 %i
  store i32 %i, ptr addrspace(3) %p
  %pn = getelementptr i32, ptr addrspace(1) %n, i32 %s
  br label %round
round:
  %r = phi i32 [ 0, %entry ], [ %r1, %round ]
  call void @air.wg.barrier(i32 2, i32 1)
  %r1 = add i32 %r, 1
  %rounds = load i32, ptr addrspace(1) %pn
  %in = icmp slt i32 %r1, %rounds
  br i1 %in, label %round, label %done
done:
  %j = xor i32 %i, 33
  %q = getelementptr i32, ptr addrspace(3) @tile, i32 %j
  %v = load i32, ptr addrspace(3) %q
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
