; What lives across barriers in loops: values that rounds exchange, of all threads and of each, a
; private array, and rounds of an inner loop that differ between threads; in any order of the
; SIMD-groups, also where the last threadgroup is smaller.
;
; PY: def group(first, size, n):
; PY:     a, b = 1, 2
; PY:     x = [first + t for t in range(size)]
; PY:     z = [5] * size
; PY:     kept = [[0] * 4 for t in range(size)]
; PY:     for r in range(n):
; PY:         tile = list(x)
; PY:         for t in range(size):
; PY:             kept[t][(r + t) & 3] += tile[(t + 1) % size]
; PY:             x[t], z[t] = z[t] + a, x[t]
; PY:             for k in range(t & 3): z[t] += b
; PY:         a, b = b, a + b
; PY:     return [x[t] + 3 * z[t] + 7 * a + sum((c + 1) * v for c, v in enumerate(kept[t])) for t in range(size)]
; PY: def ref(n): return [v for first in range(0, 230, 96) for v in group(first, min(96, 230 - first), n)]
; RUN: %npy %t.npy i32 'ref(5)'
; RUN: %npy %tn.npy i32 '[5]'
; RUN: %run %s --grid 230 --threadgroup 96 --buf n=%tn.npy --buf y=i32[230]:zeros --expect y=%t.npy
; RUN: %run %s --order 7 --grid 230 --threadgroup 96 --buf n=%tn.npy --buf y=i32[230]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [96 x i32] undef, align 4

define void @k(ptr addrspace(2) "tmjit.type"="int" %n, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threads_per_threadgroup" %size) "tmjit.kernel" {
entry:
  %kept = alloca [4 x i32], align 4
  %rounds = load i32, ptr addrspace(2) %n
  %own = getelementptr i32, ptr addrspace(3) @tile, i32 %t
  %t1 = add i32 %t, 1
  %m = urem i32 %t1, %size
  %next = getelementptr i32, ptr addrspace(3) @tile, i32 %m
  %more = and i32 %t, 3
  br label %round
round:
  %r = phi i32 [ 0, %entry ], [ %r1, %end ]
  %a = phi i32 [ 1, %entry ], [ %b, %end ]
  %b = phi i32 [ 2, %entry ], [ %ab, %end ]
  %x = phi i32 [ %i, %entry ], [ %za, %end ]
  %z = phi i32 [ 5, %entry ], [ %zz, %end ]
  store i32 %x, ptr addrspace(3) %own
  call void @air.wg.barrier(i32 2, i32 1)
  %v = load i32, ptr addrspace(3) %next
  %rt = add i32 %r, %t
  %c = and i32 %rt, 3
  %pc = getelementptr i32, ptr %kept, i32 %c
  %old = load i32, ptr %pc
  %new = add i32 %old, %v
  store i32 %new, ptr %pc
  call void @air.wg.barrier(i32 2, i32 1)
  %za = add i32 %z, %a
  %ab = add i32 %a, %b
  br label %inner
inner:
  %k = phi i32 [ 0, %round ], [ %k1, %add ]
  %zz = phi i32 [ %x, %round ], [ %zb, %add ]
  %in = icmp ult i32 %k, %more
  br i1 %in, label %add, label %end
add:
  %zb = add i32 %zz, %b
  %k1 = add i32 %k, 1
  br label %inner
end:
  %r1 = add i32 %r, 1
  %again = icmp slt i32 %r1, %rounds
  br i1 %again, label %round, label %done
done:
  call void @air.wg.barrier(i32 2, i32 1)
  %z3 = mul i32 %zz, 3
  %a7 = mul i32 %b, 7
  %xz = add i32 %za, %z3
  %start = add i32 %xz, %a7
  br label %sum
sum:
  %e = phi i32 [ 0, %done ], [ %e1, %sum ]
  %s = phi i32 [ %start, %done ], [ %s1, %sum ]
  %e1 = add i32 %e, 1
  %pe = getelementptr i32, ptr %kept, i32 %e
  %ve = load i32, ptr %pe
  %we = mul i32 %ve, %e1
  %s1 = add i32 %s, %we
  %on = icmp ult i32 %e1, 4
  br i1 %on, label %sum, label %write
write:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
