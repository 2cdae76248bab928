
define void @stride2(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 2
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride3(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 3
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride4(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 4
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride5(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 5
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride6(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 6
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride7(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 7
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @stride8(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %at = mul i32 %i, 8
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %r = add i32 %v, 1000
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  ret void
}
