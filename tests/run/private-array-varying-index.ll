; A private array that every thread fills and reads at indices of its own.
;
; PY: def ref(i):
; PY:     a = [0] * 8
; PY:     for k in range(8): a[(k * 3 + i) % 8] = k * 10 + i
; PY:     return a[i * 5 % 8] + a[(i + 1) % 8] * 1000
; RUN: %npy %t.npy i32 '[ref(i) for i in range(100)]'
; RUN: %run %s --grid 100 --threadgroup 64 --buf y=i32[100]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [8 x i32], align 4
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %k3 = mul i32 %k, 3
  %k3i = add i32 %k3, %i
  %at = and i32 %k3i, 7
  %p = getelementptr [8 x i32], ptr %a, i32 0, i32 %at
  %k10 = mul i32 %k, 10
  %v = add i32 %k10, %i
  store i32 %v, ptr %p
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 8
  br i1 %more, label %fill, label %read
read:
  %i5 = mul i32 %i, 5
  %at1 = and i32 %i5, 7
  %p1 = getelementptr [8 x i32], ptr %a, i32 0, i32 %at1
  %v1 = load i32, ptr %p1
  %i1 = add i32 %i, 1
  %at2 = and i32 %i1, 7
  %p2 = getelementptr [8 x i32], ptr %a, i32 0, i32 %at2
  %v2 = load i32, ptr %p2
  %v2k = mul i32 %v2, 1000
  %r = add i32 %v1, %v2k
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
