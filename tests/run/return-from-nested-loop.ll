; Threads return out of the inner of two loops; the others keep counting for themselves.
;
; PY: def ref(i):
; PY:     count = 0
; PY:     for a in range(6):
; PY:         for b in range(i % 4 + 1):
; PY:             count += 1
; PY:             if count == i % 11:
; PY:                 return 1000 + a * 10 + b
; PY:     return count
; RUN: %npy %t.npy i32 '[ref(i) for i in range(130)]'
; RUN: %run %s --grid 130 --threadgroup 48 --buf y=i32[130]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %key = urem i32 %i, 11
  %i4 = and i32 %i, 3
  br label %outer
outer:
  %a = phi i32 [ 0, %entry ], [ %a1, %after ]
  %c = phi i32 [ 0, %entry ], [ %c1, %after ]
  br label %inner
inner:
  %b = phi i32 [ 0, %outer ], [ %b1, %more ]
  %c0 = phi i32 [ %c, %outer ], [ %c1, %more ]
  %c1 = add i32 %c0, 1
  %hit = icmp eq i32 %c1, %key
  br i1 %hit, label %found, label %more
found:
  %a10 = mul i32 %a, 10
  %ab = add i32 %a10, %b
  %f = add i32 %ab, 1000
  store i32 %f, ptr addrspace(1) %p
  ret void
more:
  %b1 = add i32 %b, 1
  %inb = icmp ule i32 %b1, %i4
  br i1 %inb, label %inner, label %after
after:
  %a1 = add i32 %a, 1
  %ina = icmp ult i32 %a1, 6
  br i1 %ina, label %outer, label %done
done:
  store i32 %c1, ptr addrspace(1) %p
  ret void
}
