; Divergent loops before and after a barrier, and one that a divergent branch skips.
;
; PY: def first(i): return sum(range(i % 5 + 1))
; PY: def ref(i):
; PY:     v = first((i + 32) % 96)
; PY:     if i % 2: v += sum(k * k for k in range(i % 4))
; PY:     return v
; RUN: %npy %t.npy i32 '[ref(i) for i in range(96)]'
; RUN: %run %s --grid 96 --threadgroup 96 --buf y=i32[96]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [96 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %lim = urem i32 %i, 5
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %s1 = add i32 %s, %n
  %n1 = add i32 %n, 1
  %more = icmp ule i32 %n1, %lim
  br i1 %more, label %loop, label %share
share:
  %p = getelementptr [96 x i32], ptr addrspace(3) @tile, i32 0, i32 %i
  store i32 %s1, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %i32 = add i32 %i, 32
  %j = urem i32 %i32, 96
  %q = getelementptr [96 x i32], ptr addrspace(3) @tile, i32 0, i32 %j
  %v = load i32, ptr addrspace(3) %q
  %odd = trunc i32 %i to i1
  br i1 %odd, label %pre, label %done
pre:
  %lim4 = and i32 %i, 3
  br label %head
head:
  %k = phi i32 [ 0, %pre ], [ %k1, %body ]
  %w = phi i32 [ %v, %pre ], [ %w1, %body ]
  %in = icmp ult i32 %k, %lim4
  br i1 %in, label %body, label %done
body:
  %kk = mul i32 %k, %k
  %w1 = add i32 %w, %kk
  %k1 = add i32 %k, 1
  br label %head
done:
  %r = phi i32 [ %v, %share ], [ %w, %head ]
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
