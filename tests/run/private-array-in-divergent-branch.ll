; Private arrays are written under a mask: threads that skip the branch keep their elements.
;
; RUN: %npy %t.npy i32 '[(5 if i %% 2 else 1) + (7 if i %% 3 == 0 else 2) * 10 for i in range(66)]'
; RUN: %run %s --grid 66 --threadgroup 66 --buf y=i32[66]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [2 x i32], align 4
  %odd = and i32 %i, 1
  %p0 = getelementptr [2 x i32], ptr %a, i32 0, i32 %odd
  store i32 1, ptr %p0
  %even = xor i32 %odd, 1
  %p1 = getelementptr [2 x i32], ptr %a, i32 0, i32 %even
  store i32 2, ptr %p1
  %isodd = icmp ne i32 %odd, 0
  br i1 %isodd, label %five, label %next
five:
  store i32 5, ptr %p0
  br label %next
next:
  %m = urem i32 %i, 3
  %is0 = icmp eq i32 %m, 0
  br i1 %is0, label %seven, label %read
seven:
  store i32 7, ptr %p1
  br label %read
read:
  %v0 = load i32, ptr %p0
  %v1 = load i32, ptr %p1
  %v10 = mul i32 %v1, 10
  %r = add i32 %v0, %v10
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
