
define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i7 = urem i32 %i, 7
  %na = add i32 %i7, 2
  %i5 = urem i32 %i, 5
  %nb = add i32 %i5, 3
  br label %outer
outer:
  %a = phi i32 [ 0, %entry ], [ %a1, %next ]
  %s = phi i32 [ 0, %entry ], [ %s2, %next ]
  %ina = icmp slt i32 %a, %na
  br i1 %ina, label %inner, label %done
inner:
  %b = phi i32 [ 0, %outer ], [ %b1, %skip ], [ %b1, %take ]
  %s1 = phi i32 [ %s, %outer ], [ %s1, %skip ], [ %s3, %take ]
  %inb = icmp slt i32 %b, %nb
  br i1 %inb, label %body, label %after
body:
  %b1 = add i32 %b, 1
  %ab = add i32 %a, %b1
  %abi = add i32 %ab, %i
  %r = urem i32 %abi, 3
  %is0 = icmp eq i32 %r, 0
  br i1 %is0, label %skip, label %test
skip:
  br label %inner
test:
  %m = mul i32 %a, %b1
  %big = icmp sgt i32 %m, 8
  br i1 %big, label %after, label %take
take:
  %a10 = mul i32 %a, 10
  %t = add i32 %a10, %b1
  %s3 = add i32 %s1, %t
  br label %inner
after:
  %s2 = phi i32 [ %s1, %inner ], [ %s1, %test ]
  %stop = icmp sgt i32 %s2, 150
  br i1 %stop, label %done, label %next
next:
  %a1 = add i32 %a, 1
  br label %outer
done:
  %sr = phi i32 [ %s, %outer ], [ %s2, %after ]
  %s100 = mul i32 %sr, 100
  %out = add i32 %s100, %a
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %out, ptr addrspace(1) %p
  ret void
}
