; A two-dimensional private array of bytes, read across as 16-bit elements too.
;
; RUN: %npy %t.npy i32 '[((i + 4) & 255) + ((i + 7) & 255) * 256 + ((i + 10) & 255) * 65536 for i in range(300)]'
; RUN: %run %s --grid 300 --threadgroup 100 --buf y=i32[300]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %a = alloca [3 x [4 x i8]], align 2
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %row = udiv i32 %k, 4
  %col = and i32 %k, 3
  %ik = add i32 %i, %k
  %b = trunc i32 %ik to i8
  %p = getelementptr [3 x [4 x i8]], ptr %a, i32 0, i32 %row, i32 %col
  store i8 %b, ptr %p
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 12
  br i1 %more, label %fill, label %read
read:
  %p4 = getelementptr [3 x [4 x i8]], ptr %a, i32 0, i32 1, i32 0
  %b4 = load i8, ptr %p4
  %p6 = getelementptr [3 x [4 x i8]], ptr %a, i32 0, i32 1, i32 2
  %h = load i16, ptr %p6, align 2
  %b7 = lshr i16 %h, 8
  %p10 = getelementptr [3 x [4 x i8]], ptr %a, i32 0, i32 2, i32 2
  %b10 = load i8, ptr %p10
  %w4 = zext i8 %b4 to i32
  %w7 = zext i16 %b7 to i32
  %w10 = zext i8 %b10 to i32
  %s7 = shl i32 %w7, 8
  %s10 = shl i32 %w10, 16
  %r0 = or i32 %w4, %s7
  %r = or i32 %r0, %s10
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
