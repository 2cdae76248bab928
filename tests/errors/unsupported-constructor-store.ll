; A constructor that writes threadgroup memory, which no threadgroup has yet.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-constructor-store.ll:10:{{.*}}error: a constructor writes memory in address space 3; static initialisers fill variables in constant memory [unsupported]

@x = internal addrspace(3) global i32 undef, align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

define internal void @start() {
  store i32 1, ptr addrspace(3) @x, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %x = load i32, ptr addrspace(3) @x, align 4
  store i32 %x, ptr addrspace(1) %out
  ret void
}
