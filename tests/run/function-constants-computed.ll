; Static initialisers with arithmetic, control flow, calls and an order: constants computed from
; function constants, in two constructors, the second of which reads what the first wrote; their
; priorities order them. Without
; sections and without the "required" operand, as before AIR 2.5. What LLVM leaves undefined means
; the same as in a kernel: x / 0 is x, shifts go modulo the width.
;
; n = 12, m = 0: total = n * 3 + 1, depth = log2-like count, quotient = n / m = n, shifted = n << 33
; RUN: %run %s --grid 1 --constant n=12 --constant m=0 --buf out=i32[6]:zeros --print out | FileCheck %s
; CHECK: out = 37 4 12 24 38 7
; n = -1, m = 2: the loop runs 32 times on the unsigned value
; RUN: %run %s --grid 1 --constant n=-1 --constant m=2 --buf out=i32[6]:zeros --print out | FileCheck %s --check-prefix=NEGATIVE
; NEGATIVE: out = -2 32 0 -2 -1 5

@n = internal unnamed_addr addrspace(2) global i32 undef, align 4
@n.MTL_FC_INIT_0_i = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, align 4
@m.MTL_FC_INIT_1_i = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, align 4
@total = internal unnamed_addr addrspace(2) global i32 undef, align 4
@depth = internal unnamed_addr addrspace(2) global i32 undef, align 4
@quotient = internal unnamed_addr addrspace(2) global i32 undef, align 4
@shifted = internal unnamed_addr addrspace(2) global i32 undef, align 4
@later = internal unnamed_addr addrspace(2) global i32 undef, align 4
@table = internal unnamed_addr addrspace(2) global [3 x i32] [i32 5, i32 6, i32 0], align 4
@llvm.global_ctors = appending global [2 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @second, ptr null }, { i32, ptr, ptr } { i32 200, ptr @first, ptr null }]

define internal i32 @triple(i32 %x) {
  %y = mul i32 %x, 3
  ret i32 %y
}

define internal void @first() {
entry:
  %n = load i32, ptr addrspace(2) @n.MTL_FC_INIT_0_i, align 4
  store i32 %n, ptr addrspace(2) @n, align 4
  %m = load i32, ptr addrspace(2) @m.MTL_FC_INIT_1_i, align 4
  %three = call i32 @triple(i32 %n)
  %total = add nsw i32 %three, 1
  store i32 %total, ptr addrspace(2) @total, align 4
  %quotient = sdiv i32 %n, %m
  store i32 %quotient, ptr addrspace(2) @quotient, align 4
  %shifted = shl i32 %n, 33
  store i32 %shifted, ptr addrspace(2) @shifted, align 4
  br label %loop
loop:
  %rest = phi i32 [ %n, %entry ], [ %half, %loop ]
  %count = phi i32 [ 0, %entry ], [ %next, %loop ]
  %half = lshr i32 %rest, 1
  %next = add i32 %count, 1
  %more = icmp ne i32 %half, 0
  br i1 %more, label %loop, label %done
done:
  store i32 %next, ptr addrspace(2) @depth, align 4
  ret void
}

define internal void @second() {
  %total = load i32, ptr addrspace(2) @total, align 4
  %later = add i32 %total, 1
  store i32 %later, ptr addrspace(2) @later, align 4
  %five = load i32, ptr addrspace(2) @table, align 4
  %m = load i32, ptr addrspace(2) @m.MTL_FC_INIT_1_i, align 4
  %is_zero = icmp eq i32 %m, 0
  %extra = select i1 %is_zero, i32 2, i32 0
  %last = add i32 %five, %extra
  store i32 %last, ptr addrspace(2) getelementptr inbounds ([3 x i32], ptr addrspace(2) @table, i64 0, i64 2), align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %a = load i32, ptr addrspace(2) @total, align 4
  store i32 %a, ptr addrspace(1) %out
  %b = load i32, ptr addrspace(2) @depth, align 4
  %p1 = getelementptr i32, ptr addrspace(1) %out, i64 1
  store i32 %b, ptr addrspace(1) %p1
  %c = load i32, ptr addrspace(2) @quotient, align 4
  %p2 = getelementptr i32, ptr addrspace(1) %out, i64 2
  store i32 %c, ptr addrspace(1) %p2
  %d = load i32, ptr addrspace(2) @shifted, align 4
  %p3 = getelementptr i32, ptr addrspace(1) %out, i64 3
  store i32 %d, ptr addrspace(1) %p3
  %e = load i32, ptr addrspace(2) @later, align 4
  %p4 = getelementptr i32, ptr addrspace(1) %out, i64 4
  store i32 %e, ptr addrspace(1) %p4
  %q = getelementptr inbounds [3 x i32], ptr addrspace(2) @table, i64 0, i64 2
  %f = load i32, ptr addrspace(2) %q, align 4
  %p5 = getelementptr i32, ptr addrspace(1) %out, i64 5
  store i32 %f, ptr addrspace(1) %p5
  ret void
}

!air.function_constants = !{!0, !1}
!0 = !{ptr addrspace(2) @n.MTL_FC_INIT_0_i, !"int", !"n", i32 0}
!1 = !{ptr addrspace(2) @m.MTL_FC_INIT_1_i, !"int", !"m", i32 1}
