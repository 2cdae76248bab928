; Two blocks jump into each other's middle and are entered from outside at both.
;
; PY: def ref(i):
; PY:     v, n, at = i, 0, ("a" if i % 2 else "b")
; PY:     while True:
; PY:         n += 1
; PY:         if at == "a":
; PY:             v += 5
; PY:             at = "b"
; PY:             if v > 60: return v * 100 + n
; PY:         else:
; PY:             v = v * 2 + 1
; PY:             at = "a"
; PY:             if v > 90: return -(v * 100 + n)
; RUN: %npy %t.npy i32 '[ref(i) for i in range(64)]'
; RUN: %run %s --grid 64 --threadgroup 64 --buf y=i32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %odd = trunc i32 %i to i1
  br i1 %odd, label %a, label %b
a:
  %va = phi i32 [ %i, %entry ], [ %vb1, %b ]
  %na = phi i32 [ 0, %entry ], [ %nb1, %b ]
  %na1 = add i32 %na, 1
  %va1 = add i32 %va, 5
  %outa = icmp sgt i32 %va1, 60
  br i1 %outa, label %done, label %b
b:
  %vb = phi i32 [ %i, %entry ], [ %va1, %a ]
  %nb = phi i32 [ 0, %entry ], [ %na1, %a ]
  %nb1 = add i32 %nb, 1
  %vb2 = shl i32 %vb, 1
  %vb1 = add i32 %vb2, 1
  %outb = icmp sgt i32 %vb1, 90
  br i1 %outb, label %done, label %a
done:
  %v = phi i32 [ %va1, %a ], [ %vb1, %b ]
  %n = phi i32 [ %na1, %a ], [ %nb1, %b ]
  %sign = phi i32 [ 1, %a ], [ -1, %b ]
  %v100 = mul i32 %v, 100
  %vn = add i32 %v100, %n
  %r = mul i32 %vn, %sign
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
