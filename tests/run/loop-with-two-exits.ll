; A loop that is left from two blocks to two different places, which meet again later.
;
; PY: def ref(i):
; PY:     n = 0
; PY:     while True:
; PY:         n += 1
; PY:         if (n * 7 + i) % 13 == 0: return n + 100
; PY:         if (n * 5 + i) % 11 == 0: return -n
; RUN: %npy %t.npy i32 '[ref(i) for i in range(150)]'
; RUN: %run %s --grid 150 --threadgroup 50 --buf y=i32[150]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %second ]
  %n1 = add i32 %n, 1
  %n7 = mul i32 %n1, 7
  %n7i = add i32 %n7, %i
  %m13 = urem i32 %n7i, 13
  %hit13 = icmp eq i32 %m13, 0
  br i1 %hit13, label %plus, label %second
second:
  %n5 = mul i32 %n1, 5
  %n5i = add i32 %n5, %i
  %m11 = urem i32 %n5i, 11
  %hit11 = icmp eq i32 %m11, 0
  br i1 %hit11, label %minus, label %loop
plus:
  %a = add i32 %n1, 100
  br label %join
minus:
  %b = sub i32 0, %n1
  br label %join
join:
  %r = phi i32 [ %a, %plus ], [ %b, %minus ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
