; A constructor that reads threadgroup memory, which no threadgroup has yet.
;
; RUN: not %tmjit run %s --grid 1 --buf out=i32[1] 2>&1 | FileCheck %s
; CHECK: error: a static initialiser uses 'shared' in threadgroup memory [unsupported]

@x = internal addrspace(2) global i32 undef, align 4
@shared = internal addrspace(3) global i32 undef, align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

define internal void @start() {
  %1 = load i32, ptr addrspace(3) @shared, align 4
  store i32 %1, ptr addrspace(2) @x, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %x = load i32, ptr addrspace(2) @x, align 4
  store i32 %x, ptr addrspace(1) %out
  ret void
}
