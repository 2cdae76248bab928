
@tile = internal addrspace(3) global [1024 x i32] undef, align 4

define void @sum(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threads_per_threadgroup" %n, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %p = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %i, ptr addrspace(3) %p
  br label %head
head:
  %m = phi i32 [ %n, %entry ], [ %half, %next ]
  call void @air.wg.barrier(i32 2, i32 1)
  %many = icmp ugt i32 %m, 1
  br i1 %many, label %body, label %done
body:
  %m1 = add i32 %m, 1
  %half = lshr i32 %m1, 1
  %u = add i32 %t, %half
  %in = icmp ult i32 %u, %m
  br i1 %in, label %add, label %next
add:
  %q = getelementptr [1024 x i32], ptr addrspace(3) @tile, i32 0, i32 %u
  %a = load i32, ptr addrspace(3) %p
  %b = load i32, ptr addrspace(3) %q
  %s = add i32 %a, %b
  store i32 %s, ptr addrspace(3) %p
  br label %next
next:
  br label %head
done:
  %first = icmp eq i32 %t, 0
  br i1 %first, label %write, label %end
write:
  %v = load i32, ptr addrspace(3) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %g
  store i32 %v, ptr addrspace(1) %py
  br label %end
end:
  ret void
}
declare void @air.wg.barrier(i32, i32)
