; A constructor that calls into the process.
;
; RUN: not %tmjit info %s 2>&1 | FileCheck %s
; CHECK: unsupported-constructor-call.ll:12:{{.*}}error: call of external function 'system'; functions with a body and air.* functions can be called [unsupported]

@command = internal addrspace(2) constant [5 x i8] c"true\00"
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

declare i32 @system(ptr addrspace(2))

define internal void @start() {
  %1 = call i32 @system(ptr addrspace(2) @command)
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  store i32 1, ptr addrspace(1) %out
  ret void
}
