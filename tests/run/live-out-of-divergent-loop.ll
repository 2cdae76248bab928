; Values made inside a divergent loop and used after it keep what each thread had when it left.
;
; PY: def ref(i):
; PY:     n, last, before = 0, 0, 0
; PY:     while True:
; PY:         before = last
; PY:         last = n * n + i
; PY:         n += 1
; PY:         if last > 5 * i + 3: return last * 1000 + before + n
; RUN: %npy %t.npy i32 '[ref(i) for i in range(65)]'
; RUN: %run %s --grid 65 --threadgroup 65 --buf y=i32[65]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i5 = mul i32 %i, 5
  %lim = add i32 %i5, 3
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %prev = phi i32 [ 0, %entry ], [ %last, %loop ]
  %nn = mul i32 %n, %n
  %last = add i32 %nn, %i
  %n1 = add i32 %n, 1
  %out = icmp ugt i32 %last, %lim
  br i1 %out, label %done, label %loop
done:
  %l1000 = mul i32 %last, 1000
  %lp = add i32 %l1000, %prev
  %r = add i32 %lp, %n1
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
