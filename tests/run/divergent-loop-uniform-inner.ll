; A loop of fixed length inside a loop that the threads leave one by one; stores in both.
;
; RUN: %npy %t.npy i32 '[(i %% 6 + 1) * 4 * 10 + i %% 6 for i in range(60)]'
; RUN: %run %s --grid 60 --threadgroup 60 --buf y=i32[60]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  %n = urem i32 %i, 6
  br label %outer
outer:
  %a = phi i32 [ 0, %entry ], [ %a1, %after ]
  br label %inner
inner:
  %b = phi i32 [ 0, %outer ], [ %b1, %inner ]
  %old = load i32, ptr addrspace(1) %p
  %new = add i32 %old, 10
  store i32 %new, ptr addrspace(1) %p
  %b1 = add i32 %b, 1
  %inb = icmp ult i32 %b1, 4
  br i1 %inb, label %inner, label %after
after:
  %a1 = add i32 %a, 1
  %ina = icmp ule i32 %a1, %n
  br i1 %ina, label %outer, label %done
done:
  %v = load i32, ptr addrspace(1) %p
  %r = add i32 %v, %a
  store i32 %r, ptr addrspace(1) %p
  ret void
}
