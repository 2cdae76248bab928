
define void @sort(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [8 x i32], align 4
  %base = mul i32 %i, 8
  br label %outer
outer:
  %k = phi i32 [ 0, %entry ], [ %k1, %place ]
  %from = add i32 %base, %k
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %from
  %v = load i32, ptr addrspace(1) %px
  br label %head
head:
  %j = phi i32 [ %k, %outer ], [ %j1, %shift ]
  %some = icmp sgt i32 %j, 0
  br i1 %some, label %look, label %place
look:
  %j1 = sub i32 %j, 1
  %pl = getelementptr [8 x i32], ptr %a, i32 0, i32 %j1
  %l = load i32, ptr %pl
  %greater = icmp sgt i32 %l, %v
  br i1 %greater, label %shift, label %place
shift:
  %pj = getelementptr [8 x i32], ptr %a, i32 0, i32 %j
  store i32 %l, ptr %pj
  br label %head
place:
  %pp = getelementptr [8 x i32], ptr %a, i32 0, i32 %j
  store i32 %v, ptr %pp
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 8
  br i1 %more, label %outer, label %write
write:
  %n = phi i32 [ 0, %place ], [ %n1, %write ]
  %pr = getelementptr [8 x i32], ptr %a, i32 0, i32 %n
  %r = load i32, ptr %pr
  %to = add i32 %base, %n
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %to
  store i32 %r, ptr addrspace(1) %py
  %n1 = add i32 %n, 1
  %left = icmp ult i32 %n1, 8
  br i1 %left, label %write, label %done
done:
  ret void
}
