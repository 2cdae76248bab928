; A barrier that thread 0 of each SIMD-group alone reaches: it waits for the other SIMD-groups'
; thread 0. No other thread can reach a barrier any more; these go on behind it.
;
; RUN: %npy %t.npy i32 '[10 + 11 + 12] + [t for t in range(1, 32)] + [100] + [t for t in range(33, 64)] + [100] + [t for t in range(65, 70)]'
; RUN: %run %s --grid 70 --threadgroup 70 --buf y=i32[70]:zeros --local s=16 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(3) "tmjit.type"="int" %s, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
entry:
  %lane = and i32 %t, 31
  %group = lshr i32 %t, 5
  %n = zext i32 %t to i64
  %p = getelementptr inbounds i32, ptr addrspace(1) %y, i64 %n
  %is_first = icmp eq i32 %lane, 0
  br i1 %is_first, label %first, label %join
first:
  %g = zext i32 %group to i64
  %own = getelementptr inbounds i32, ptr addrspace(3) %s, i64 %g
  %value = add i32 %group, 10
  store i32 %value, ptr addrspace(3) %own, align 4
  call void @air.wg.barrier(i32 2, i32 1)
  %is_zero = icmp eq i32 %group, 0
  br i1 %is_zero, label %sum, label %join
sum:
  %a = load i32, ptr addrspace(3) %s, align 4
  %s1 = getelementptr inbounds i32, ptr addrspace(3) %s, i64 1
  %b = load i32, ptr addrspace(3) %s1, align 4
  %s2 = getelementptr inbounds i32, ptr addrspace(3) %s, i64 2
  %c = load i32, ptr addrspace(3) %s2, align 4
  %ab = add i32 %a, %b
  %abc = add i32 %ab, %c
  br label %join
join:
  %v = phi i32 [ %t, %entry ], [ 100, %first ], [ %abc, %sum ]
  store i32 %v, ptr addrspace(1) %p, align 4
  ret void
}
declare void @air.wg.barrier(i32, i32)
