; Threads that have returned do not count at barriers: part of a SIMD-group, a whole one, some
; in each round of a loop. The others exchange values through threadgroup memory.
;
; PY: group = 80
; PY: def left(n): return [t for t in range(group) if t % 8 < 5 and t < 64 and t % 8 >= n]
; PY: def sums():
; PY:     out = [0] * group
; PY:     for n in range(3):
; PY:         alive = left(n)
; PY:         for t in alive: out[t] += sum(alive)
; PY:     return out
; RUN: %npy %t.npy i32 'sums() + [group * (1 if t %% 8 < 5 and t < 64 else 0) + v for t, v in enumerate(sums())]'
; RUN: %run %s --entry k --grid 160 --threadgroup 80 --buf y=i32[160]:zeros --local s=320 --expect y=%t.npy
;
; One SIMD-group of which 5 threads are left.
; RUN: %run %s --entry one --grid 32 --threadgroup 32 --buf y=i32[32]:zeros --local s=128 --print y:all | FileCheck %s
; CHECK: y = 4 3 2 1 0 0 0 0 0 0

; In round n every thread t left puts t into s[t] and adds up all s of threads left; then
; those with t % 8 == n end. y also counts the bytes of the second threadgroup.
define void @k(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(3) "tmjit.type"="int" %s, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %low = and i32 %t, 7
  %few = icmp ult i32 %low, 5
  %first = icmp ult i32 %t, 64
  %stays = and i1 %few, %first
  br i1 %stays, label %begin, label %out
begin:
  %n = zext i32 %i to i64
  %p = getelementptr inbounds i32, ptr addrspace(1) %y, i64 %n
  %w = zext i32 %t to i64
  %own = getelementptr inbounds i32, ptr addrspace(3) %s, i64 %w
  %extra = mul i32 %g, 80
  store i32 %extra, ptr addrspace(1) %p, align 4
  br label %round
round:
  %r = phi i32 [ 0, %begin ], [ %r.next, %next ]
  store i32 %t, ptr addrspace(3) %own, align 4
  call void @air.wg.barrier(i32 2, i32 1)
  br label %add
add:
  %j = phi i32 [ 0, %round ], [ %j.next, %add ]
  %sum = phi i32 [ 0, %round ], [ %sum.next, %add ]
  %jw = zext i32 %j to i64
  %q = getelementptr inbounds i32, ptr addrspace(3) %s, i64 %jw
  %v = load i32, ptr addrspace(3) %q, align 4
  %sum.next = add i32 %sum, %v
  %j.next = add i32 %j, 1
  %more = icmp ult i32 %j.next, 80
  br i1 %more, label %add, label %write
write:
  %old = load i32, ptr addrspace(1) %p, align 4
  %new = add i32 %old, %sum.next
  store i32 %new, ptr addrspace(1) %p, align 4
  call void @air.wg.barrier(i32 2, i32 1)
  store i32 0, ptr addrspace(3) %own, align 4
  call void @air.wg.barrier(i32 2, i32 1)
  %r.next = add i32 %r, 1
  %goes = icmp eq i32 %low, %r
  br i1 %goes, label %out, label %next
next:
  %again = icmp ult i32 %r.next, 3
  br i1 %again, label %round, label %out
out:
  ret void
}

; y[t] = the s of the last thread left less t.
define void @one(ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(3) "tmjit.type"="int" %s, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
  %few = icmp ult i32 %t, 5
  br i1 %few, label %stay, label %out
stay:
  %w = zext i32 %t to i64
  %own = getelementptr inbounds i32, ptr addrspace(3) %s, i64 %w
  store i32 %t, ptr addrspace(3) %own, align 4
  call void @air.wg.barrier(i32 2, i32 1)
  %other = sub i32 4, %t
  %o = zext i32 %other to i64
  %q = getelementptr inbounds i32, ptr addrspace(3) %s, i64 %o
  %v = load i32, ptr addrspace(3) %q, align 4
  %p = getelementptr inbounds i32, ptr addrspace(1) %y, i64 %w
  store i32 %v, ptr addrspace(1) %p, align 4
  br label %out
out:
  ret void
}
declare void @air.wg.barrier(i32, i32)
