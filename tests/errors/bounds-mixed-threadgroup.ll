; Two threadgroup variables that lie one behind the other: the end of one is not the start of
; the other. Also with a threadgroup argument as the second.
;
; RUN: %fails %s --entry variables --grid 8 --threadgroup 8 --buf y=i32[8] | FileCheck %s --check-prefix VARIABLE
; RUN: %fails %s --entry argument --grid 8 --threadgroup 8 --local t=16 --buf y=i32[8] | FileCheck %s --check-prefix ARGUMENT
; VARIABLE: error: store of 4 bytes at byte offset 16 of threadgroup variable 'small' (16 bytes), by thread (4, 0, 0) of the grid
; ARGUMENT: error: store of 4 bytes at byte offset 16 of buffer 't' (16 bytes), by thread (5, 0, 0) of the grid

@small = internal addrspace(3) global [4 x i32] undef
@large = internal addrspace(3) global [8 x i32] undef

define void @variables(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr addrspace(3) @large, ptr addrspace(3) @small
  %at = getelementptr i32, ptr addrspace(3) %p, i32 %i
  store i32 %i, ptr addrspace(3) %at
  %v = load i32, ptr addrspace(3) %at
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @argument(ptr addrspace(3) "tmjit.type"="int" %t, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %half = sub i32 %i, 1
  br i1 %is-odd, label %one, label %two
one:
  br label %both
two:
  br label %both
both:
  %p = phi ptr addrspace(3) [ %t, %one ], [ @large, %two ]
  %index = phi i32 [ %half, %one ], [ %i, %two ]
  %at = getelementptr i32, ptr addrspace(3) %p, i32 %index
  store i32 %i, ptr addrspace(3) %at
  %v = load i32, ptr addrspace(3) %at
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
