; Three divergent branches inside each other, with stores in the middle of each level.
;
; PY: def ref(i):
; PY:     r = 1
; PY:     if i & 1:
; PY:         r += 10
; PY:         if i & 2:
; PY:             r += 100
; PY:             if i & 4:
; PY:                 r += 1000
; PY:         else:
; PY:             r *= 7
; PY:     return r
; RUN: %npy %t.npy i32 '[ref(i) for i in range(100)]'
; RUN: %run %s --grid 100 --threadgroup 32 --buf y=i32[100]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 1, ptr addrspace(1) %p
  %b1 = trunc i32 %i to i1
  br i1 %b1, label %l1, label %end
l1:
  store i32 11, ptr addrspace(1) %p
  %m2 = and i32 %i, 2
  %b2 = icmp ne i32 %m2, 0
  br i1 %b2, label %l2, label %l1else
l1else:
  %old = load i32, ptr addrspace(1) %p
  %new = mul i32 %old, 7
  store i32 %new, ptr addrspace(1) %p
  br label %end
l2:
  store i32 111, ptr addrspace(1) %p
  %m3 = and i32 %i, 4
  %b3 = icmp ne i32 %m3, 0
  br i1 %b3, label %l3, label %end
l3:
  store i32 1111, ptr addrspace(1) %p
  br label %end
end:
  ret void
}
