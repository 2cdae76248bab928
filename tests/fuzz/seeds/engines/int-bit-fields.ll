
define void @extract_u(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.extract_bits.u.i32(i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @extract_s(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.extract_bits.s.i32(i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @insert(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %d, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %pd = getelementptr i32, ptr addrspace(1) %d, i32 %i
  %dv = load i32, ptr addrspace(1) %pd
  %r = call i32 @air.insert_bits.u.i32(i32 %av, i32 %bv, i32 %cv, i32 %dv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.extract_bits.u.i32(i32, i32, i32)
declare i32 @air.extract_bits.s.i32(i32, i32, i32)
declare i32 @air.insert_bits.u.i32(i32, i32, i32, i32)
