; Functions that call functions, return structs and take vectors; some under a divergent branch.
;
; PY: def ref(i):
; PY:     q, r = divmod(i * 3, 7)
; PY:     v = q * 10 + r
; PY:     return v * v + 1 if i % 2 else v
; RUN: %npy %t.npy i32 '[ref(i) for i in range(60)]'
; RUN: %run %s --grid 60 --threadgroup 60 --buf y=i32[60]:zeros --expect y=%t.npy

%qr = type { i32, i32 }

define internal %qr @divide(i32 %a, i32 %b) noinline {
  %q = udiv i32 %a, %b
  %r = urem i32 %a, %b
  %s0 = insertvalue %qr undef, i32 %q, 0
  %s1 = insertvalue %qr %s0, i32 %r, 1
  ret %qr %s1
}

define internal fastcc i32 @digits(<2 x i32> %v) noinline {
  %a = extractelement <2 x i32> %v, i32 0
  %b = extractelement <2 x i32> %v, i32 1
  %s = call %qr @divide(i32 %a, i32 %b)
  %q = extractvalue %qr %s, 0
  %r = extractvalue %qr %s, 1
  %q10 = mul i32 %q, 10
  %d = add i32 %q10, %r
  ret i32 %d
}

define internal fastcc i32 @square_plus(i32 %v, i1 zeroext %one) noinline {
  br i1 %one, label %a, label %b
a:
  %vv = mul i32 %v, %v
  %r = add i32 %vv, 1
  ret i32 %r
b:
  ret i32 0
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i3 = mul i32 %i, 3
  %v0 = insertelement <2 x i32> <i32 poison, i32 7>, i32 %i3, i32 0
  %d = call fastcc i32 @digits(<2 x i32> %v0)
  %odd = trunc i32 %i to i1
  br i1 %odd, label %more, label %done
more:
  %e = call fastcc i32 @square_plus(i32 %d, i1 zeroext true)
  br label %done
done:
  %r = phi i32 [ %d, %entry ], [ %e, %more ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
