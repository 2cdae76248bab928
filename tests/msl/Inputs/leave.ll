; Values that are computed in a loop and read behind it; choices by what is printed with `!`.

define void @behind(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %next, %loop ]
  %next = add i32 %n, 3
  %low = and i32 %next, 255
  %at = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %at
  %again = icmp ult i32 %next, %i
  br i1 %again, label %loop, label %out
out:
  %low.lcssa = phi i32 [ %low, %loop ]
  %v.lcssa = phi i32 [ %v, %loop ]
  %sum = add i32 %low.lcssa, %v.lcssa
  %to = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %sum, ptr addrspace(1) %to
  ret void
}

; A store in the loop is between the load and where it is read: it stays.
define void @stays(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %at = getelementptr i32, ptr addrspace(1) %x, i32 %i
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %next, %loop ]
  %next = add i32 %n, 3
  %v = load i32, ptr addrspace(1) %at
  store i32 %next, ptr addrspace(1) %at
  %again = icmp ult i32 %next, %i
  br i1 %again, label %loop, label %out
out:
  %v.lcssa = phi i32 [ %v, %loop ]
  %to = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v.lcssa, ptr addrspace(1) %to
  ret void
}

define void @turned(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %at
  %less = fcmp ult float %v, 2.0
  %equal = fcmp ugt float %v, 5.0
  %both = or i1 %less, %equal
  %s = select i1 %both, float 7.0, float %v
  %to = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %s, ptr addrspace(1) %to
  ret void
}
