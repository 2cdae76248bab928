; Greatest common divisors: lanes that have left the loop hold a zero divisor and must not trap.
;
; RUN: %npy %t.npy u32 '[math.gcd(i * 6 + 6, 360) for i in range(128)]'
; RUN: %run %s --grid 128 --threadgroup 64 --buf y=u32[128]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i6 = mul i32 %i, 6
  %start = add i32 %i6, 6
  br label %head
head:
  %a = phi i32 [ %start, %entry ], [ %b, %body ]
  %b = phi i32 [ 360, %entry ], [ %r, %body ]
  %zero = icmp eq i32 %b, 0
  br i1 %zero, label %done, label %body
body:
  %r = urem i32 %a, %b
  br label %head
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %a, ptr addrspace(1) %p
  ret void
}
