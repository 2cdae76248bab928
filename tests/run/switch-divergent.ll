; A switch with shared cases, a case that falls through and a default, on a varying value.
;
; PY: def ref(i):
; PY:     k = i % 7
; PY:     if k in (1, 4): return 10
; PY:     if k == 2: return 20 + 300
; PY:     if k == 3: return 300
; PY:     if k == 5: return i * i
; PY:     return -k
; RUN: %npy %t.npy i32 '[ref(i) for i in range(77)]'
; RUN: %run %s --grid 77 --threadgroup 33 --buf y=i32[77]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %k = urem i32 %i, 7
  switch i32 %k, label %other [
    i32 1, label %ten
    i32 4, label %ten
    i32 2, label %two
    i32 3, label %three
    i32 5, label %square
  ]
ten:
  br label %join
two:
  br label %three
three:
  %from = phi i32 [ 0, %entry ], [ 20, %two ]
  %t = add i32 %from, 300
  br label %join
square:
  %q = mul i32 %i, %i
  br label %join
other:
  %n = sub i32 0, %k
  br label %join
join:
  %r = phi i32 [ 10, %ten ], [ %t, %three ], [ %q, %square ], [ %n, %other ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
