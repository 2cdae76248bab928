; A static initialiser that runs too long: the limit is named.
;
; RUN: not %tmjit run %s --grid 1 --buf out=i32[1] 2>&1 | FileCheck %s
; CHECK: unsupported-constructor-endless.ll:{{.*}}error: static initialisers run for more than 16777216 steps [unsupported]

@x = internal addrspace(2) global i32 undef, align 4
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

define internal void @start() {
entry:
  br label %loop
loop:
  %state = phi i32 [ 1, %entry ], [ %next, %loop ]
  %i = phi i64 [ 0, %entry ], [ %more, %loop ]
  %a = shl i32 %state, 13
  %b = xor i32 %state, %a
  %c = lshr i32 %b, 17
  %next = xor i32 %b, %c
  %more = add i64 %i, 1
  %is_done = icmp eq i64 %more, 1000000000000
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
