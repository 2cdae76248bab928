; Loads and stores that are 2 to 8 elements apart from thread to thread leave the gaps alone.
;
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 2 + 1000] + [-1] * 1]'
; RUN: %run %s --entry stride2 --grid 75 --threadgroup 32 --buf x=i32[150]:iota --buf y=i32[150]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 3 + 1000] + [-1] * 2]'
; RUN: %run %s --entry stride3 --grid 75 --threadgroup 32 --buf x=i32[225]:iota --buf y=i32[225]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 4 + 1000] + [-1] * 3]'
; RUN: %run %s --entry stride4 --grid 75 --threadgroup 32 --buf x=i32[300]:iota --buf y=i32[300]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 5 + 1000] + [-1] * 4]'
; RUN: %run %s --entry stride5 --grid 75 --threadgroup 32 --buf x=i32[375]:iota --buf y=i32[375]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 6 + 1000] + [-1] * 5]'
; RUN: %run %s --entry stride6 --grid 75 --threadgroup 32 --buf x=i32[450]:iota --buf y=i32[450]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 7 + 1000] + [-1] * 6]'
; RUN: %run %s --entry stride7 --grid 75 --threadgroup 32 --buf x=i32[525]:iota --buf y=i32[525]:-1 --expect y=%t.npy
; RUN: %npy %t.npy i32 '[v for i in range(75) for v in [i * 8 + 1000] + [-1] * 7]'
; RUN: %run %s --entry stride8 --grid 75 --threadgroup 32 --buf x=i32[600]:iota --buf y=i32[600]:-1 --expect y=%t.npy

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
