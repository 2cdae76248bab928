; A state machine: each thread walks its own way through a switch inside a loop.
;
; PY: def ref(i):
; PY:     state, v, steps = i % 4, i, 0
; PY:     while state != 4 and steps < 50:
; PY:         steps += 1
; PY:         if state == 0: v, state = v + 3, 1
; PY:         elif state == 1: v, state = v * 2 % 1000, (2 if v % 2 else 3)
; PY:         elif state == 2: v, state = v - 1, 0
; PY:         else: v, state = v, (4 if v % 5 == 0 else 0)
; PY:     return v * 100 + steps
; RUN: %npy %t.npy i32 '[ref(i) for i in range(96)]'
; RUN: %run %s --grid 96 --threadgroup 96 --buf y=i32[96]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %s0 = and i32 %i, 3
  br label %head
head:
  %s = phi i32 [ %s0, %entry ], [ %sn, %next ]
  %v = phi i32 [ %i, %entry ], [ %vn, %next ]
  %n = phi i32 [ 0, %entry ], [ %n1, %next ]
  %live = icmp ne i32 %s, 4
  %few = icmp ult i32 %n, 50
  %go = and i1 %live, %few
  br i1 %go, label %body, label %done
body:
  %n1 = add i32 %n, 1
  switch i32 %s, label %c3 [
    i32 0, label %c0
    i32 1, label %c1
    i32 2, label %c2
  ]
c0:
  %v0 = add i32 %v, 3
  br label %next
c1:
  %v2 = shl i32 %v, 1
  %v1 = urem i32 %v2, 1000
  %odd = trunc i32 %v to i1
  %s1 = select i1 %odd, i32 2, i32 3
  br label %next
c2:
  %vm = sub i32 %v, 1
  br label %next
c3:
  %m5 = urem i32 %v, 5
  %is5 = icmp eq i32 %m5, 0
  %s3 = select i1 %is5, i32 4, i32 0
  br label %next
next:
  %sn = phi i32 [ 1, %c0 ], [ %s1, %c1 ], [ 0, %c2 ], [ %s3, %c3 ]
  %vn = phi i32 [ %v0, %c0 ], [ %v1, %c1 ], [ %vm, %c2 ], [ %v, %c3 ]
  br label %head
done:
  %h = mul i32 %v, 100
  %r = add i32 %h, %n
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
