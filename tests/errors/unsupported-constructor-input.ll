; A constructor that asks for the position of a thread.
;
; RUN: not %tmjit run %s --grid 1 --buf out=i32[1] 2>&1 | FileCheck %s
; CHECK: error: a static initialiser asks for 'thread_position_in_grid', which only threads have [unsupported]

@x = internal addrspace(2) global i32 undef, align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

declare i32 @air.get_global_id.i32(i32)

define internal void @start() {
  %1 = call i32 @air.get_global_id.i32(i32 0)
  store i32 %1, ptr addrspace(2) @x, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %x = load i32, ptr addrspace(2) @x, align 4
  store i32 %x, ptr addrspace(1) %out
  ret void
}
