; Two phis that exchange their values each round, with another number of rounds per thread.
;
; PY: def fib(n):
; PY:     a, b = 0, 1
; PY:     for _ in range(n): a, b = b, a + b
; PY:     return a
; RUN: %npy %t.npy i32 '[fib(i) for i in range(40)]'
; RUN: %run %s --grid 40 --threadgroup 32 --buf y=i32[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %head
head:
  %n = phi i32 [ 0, %entry ], [ %n1, %body ]
  %a = phi i32 [ 0, %entry ], [ %b, %body ]
  %b = phi i32 [ 1, %entry ], [ %c, %body ]
  %in = icmp ult i32 %n, %i
  br i1 %in, label %body, label %done
body:
  %c = add i32 %a, %b
  %n1 = add i32 %n, 1
  br label %head
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %a, ptr addrspace(1) %p
  ret void
}
