; Three loops deep, a break leaves two of them at once.
;
; PY: def ref(i):
; PY:     s = 0
; PY:     for a in range(3):
; PY:         stop = False
; PY:         for b in range(4):
; PY:             for c in range(i % 3 + 1):
; PY:                 s += 1
; PY:                 if (s * 3 + i) % 8 == 0:
; PY:                     stop = True
; PY:                     break
; PY:             if stop: break
; PY:         s += 100
; PY:     return s
; RUN: %npy %t.npy i32 '[ref(i) for i in range(99)]'
; RUN: %run %s --grid 99 --threadgroup 33 --buf y=i32[99]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %nc = urem i32 %i, 3
  br label %la
la:
  %a = phi i32 [ 0, %entry ], [ %a1, %nexta ]
  %s0 = phi i32 [ 0, %entry ], [ %s5, %nexta ]
  br label %lb
lb:
  %b = phi i32 [ 0, %la ], [ %b1, %nextb ]
  %s1 = phi i32 [ %s0, %la ], [ %s3, %nextb ]
  br label %lc
lc:
  %c = phi i32 [ 0, %lb ], [ %c1, %nextc ]
  %s2 = phi i32 [ %s1, %lb ], [ %s3, %nextc ]
  %s3 = add i32 %s2, 1
  %t = mul i32 %s3, 3
  %u = add i32 %t, %i
  %m = and i32 %u, 7
  %stop = icmp eq i32 %m, 0
  br i1 %stop, label %nexta, label %nextc
nextc:
  %c1 = add i32 %c, 1
  %inc = icmp ule i32 %c1, %nc
  br i1 %inc, label %lc, label %nextb
nextb:
  %b1 = add i32 %b, 1
  %inb = icmp ult i32 %b1, 4
  br i1 %inb, label %lb, label %nexta
nexta:
  %s5 = add i32 %s3, 100
  %a1 = add i32 %a, 1
  %ina = icmp ult i32 %a1, 3
  br i1 %ina, label %la, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s5, ptr addrspace(1) %p
  ret void
}
