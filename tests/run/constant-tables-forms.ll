; Constant tables of every form, read with indices that differ by thread: structs with arrays and
; padding, packed structs, vectors, zero-initialised ones, one in thread space, one that is
; writable in name only; and threadgroup variables of struct type with their own alignment, whose
; members other threads write.
;
; PY: n = 12
; PY: def row(i):
; PY:     k = i % 3
; PY:     s = [(1.5, [10, 20, 30], 7), (2.5, [11, 21, 31], 8), (0.0, [0, 0, 0], 0)][k]
; PY:     packed = [(1, 100000), (2, 200000), (255, -3)][k]
; PY:     return s[0] + s[1][k] + s[2] + packed[0] + packed[1] + [4, 8, 12][k] + 0 + [2, 3, 5][k] + [9, 9, 9][k] + (n - 1 - i) * 2 + 1
; PY: y = [row(i) for i in range(n)]
; RUN: %npy %t.npy f32 'y'
; RUN: %run %s --grid 12 --threadgroup 12 --buf y=f32[12]:zeros --expect y=%t.npy

%struct.entry = type { float, [3 x i32], i8 }
%struct.pair = type { i64, i8 }

@structs = internal unnamed_addr addrspace(2) constant [3 x %struct.entry] [%struct.entry { float 1.5, [3 x i32] [i32 10, i32 20, i32 30], i8 7 }, %struct.entry { float 2.5, [3 x i32] [i32 11, i32 21, i32 31], i8 8 }, %struct.entry zeroinitializer], align 4
@packed = internal addrspace(2) constant [3 x <{ i8, i32 }>] [<{ i8, i32 }> <{ i8 1, i32 100000 }>, <{ i8, i32 }> <{ i8 2, i32 200000 }>, <{ i8, i32 }> <{ i8 -1, i32 -3 }>], align 1
@vectors = internal addrspace(2) constant [3 x <4 x i32>] [<4 x i32> <i32 1, i32 2, i32 3, i32 4>, <4 x i32> <i32 5, i32 6, i32 7, i32 8>, <4 x i32> <i32 9, i32 10, i32 11, i32 12>], align 16
@zeroes = internal addrspace(2) constant [3 x [5 x float]] zeroinitializer, align 4
@thread_table = internal constant [3 x i16] [i16 2, i16 3, i16 5], align 2
@writable = internal addrspace(2) global [3 x i32] [i32 9, i32 9, i32 9], align 4
@small = internal addrspace(3) global i8 undef, align 1
@shared = internal addrspace(3) global [12 x %struct.pair] undef, align 64

declare void @air.wg.barrier(i32, i32)

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %own = getelementptr inbounds [12 x %struct.pair], ptr addrspace(3) @shared, i64 0, i64 %w, i32 0
  %twice = mul i64 %w, 2
  store i64 %twice, ptr addrspace(3) %own, align 8
  %own.b = getelementptr inbounds [12 x %struct.pair], ptr addrspace(3) @shared, i64 0, i64 %w, i32 1
  store i8 1, ptr addrspace(3) %own.b, align 8
  store i8 3, ptr addrspace(3) @small, align 1
  call void @air.wg.barrier(i32 2, i32 1)
  %k = urem i32 %i, 3
  %kw = zext i32 %k to i64
  %p0 = getelementptr inbounds [3 x %struct.entry], ptr addrspace(2) @structs, i64 0, i64 %kw, i32 0
  %a = load float, ptr addrspace(2) %p0, align 4
  %p1 = getelementptr inbounds [3 x %struct.entry], ptr addrspace(2) @structs, i64 0, i64 %kw, i32 1, i64 %kw
  %b = load i32, ptr addrspace(2) %p1, align 4
  %p2 = getelementptr inbounds [3 x %struct.entry], ptr addrspace(2) @structs, i64 0, i64 %kw, i32 2
  %c = load i8, ptr addrspace(2) %p2, align 4
  %p3 = getelementptr inbounds [3 x <{ i8, i32 }>], ptr addrspace(2) @packed, i64 0, i64 %kw, i32 0
  %d = load i8, ptr addrspace(2) %p3, align 1
  %p4 = getelementptr inbounds [3 x <{ i8, i32 }>], ptr addrspace(2) @packed, i64 0, i64 %kw, i32 1
  %e = load i32, ptr addrspace(2) %p4, align 1
  %p5 = getelementptr inbounds [3 x <4 x i32>], ptr addrspace(2) @vectors, i64 0, i64 %kw
  %v = load <4 x i32>, ptr addrspace(2) %p5, align 16
  %f = extractelement <4 x i32> %v, i32 3
  %p6 = getelementptr inbounds [3 x [5 x float]], ptr addrspace(2) @zeroes, i64 0, i64 %kw, i64 4
  %g = load float, ptr addrspace(2) %p6, align 4
  %p7 = getelementptr inbounds [3 x i16], ptr @thread_table, i64 0, i64 %kw
  %h = load i16, ptr %p7, align 2
  %p8 = getelementptr inbounds [3 x i32], ptr addrspace(2) @writable, i64 0, i64 %kw
  %j = load i32, ptr addrspace(2) %p8, align 4
  %back = sub i64 11, %w
  %p9 = getelementptr inbounds [12 x %struct.pair], ptr addrspace(3) @shared, i64 0, i64 %back, i32 0
  %l = load i64, ptr addrspace(3) %p9, align 8
  %p10 = getelementptr inbounds [12 x %struct.pair], ptr addrspace(3) @shared, i64 0, i64 %back, i32 1
  %m = load i8, ptr addrspace(3) %p10, align 8
  %c.w = zext i8 %c to i32
  %d.w = zext i8 %d to i32
  %h.w = sext i16 %h to i32
  %l.n = trunc i64 %l to i32
  %m.w = zext i8 %m to i32
  %s1 = add i32 %b, %c.w
  %s2 = add i32 %s1, %d.w
  %s3 = add i32 %s2, %e
  %s4 = add i32 %s3, %f
  %s5 = add i32 %s4, %h.w
  %s6 = add i32 %s5, %j
  %s7 = add i32 %s6, %l.n
  %s8 = add i32 %s7, %m.w
  %s.f = sitofp i32 %s8 to float
  %t = fadd float %a, %g
  %r = fadd float %t, %s.f
  %q = getelementptr inbounds float, ptr addrspace(1) %y, i64 %w
  store float %r, ptr addrspace(1) %q, align 4
  ret void
}
