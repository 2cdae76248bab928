; A static initialiser that reads past the end of a table.
;
; RUN: not %tmjit run %s --grid 1 --buf out=i32[1] 2>&1 | FileCheck %s
; CHECK: bounds-constructor.ll:17:3: error: load of 4 bytes at byte offset 16 of constant 'table' (16 bytes), by thread (0, 0, 0)

@x = internal addrspace(2) global i32 undef, align 4
@table = internal addrspace(2) constant [4 x i32] [i32 1, i32 2, i32 3, i32 4], align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

define internal void @start() {
entry:
  br label %loop
loop:
  %sum = phi i32 [ 0, %entry ], [ %next, %loop ]
  %i = phi i64 [ 0, %entry ], [ %more, %loop ]
  %p = getelementptr i32, ptr addrspace(2) @table, i64 %i
  %v = load i32, ptr addrspace(2) %p, align 4
  %next = add i32 %sum, %v
  %more = add i64 %i, 1
  %is_done = icmp eq i64 %more, 5
  br i1 %is_done, label %done, label %loop
done:
  store i32 %next, ptr addrspace(2) @x, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %x = load i32, ptr addrspace(2) @x, align 4
  store i32 %x, ptr addrspace(1) %out
  ret void
}
