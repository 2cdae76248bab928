; Static initialisers that call AIR functions and loop: a table of sines of n + 0.37 k, what a
; pseudo-random sequence gives after 100,000 steps, conversions with a rounding, a dot product,
; bit counts. The kernel computes the same from buffers, which nothing knows before the launch:
; every bit is the same (differ), and the sequence is what the rule says.
;
; PY: state = 2463534242
; PY: for _ in range(100000):
; PY:     state ^= (state << 13) % 2**32; state ^= state >> 17; state ^= (state << 5) % 2**32
; PY: rest = [state, 3, 4, 14, 13, 24, 5]
; RUN: %npy %tx.npy f32 '[f32(2 + f32(f32(0.37) * k)) for k in range(64)]'
; RUN: %npy %trest.npy i32 'rest'
; RUN: %npy %tzero.npy i32 '[0] * 64'
; RUN: %run %s --grid 64 --constant n=2 --buf x=%tx.npy --buf differ=i32[64] --buf rest=i32[7]:zeros --expect rest=%trest.npy --expect differ=%tzero.npy

@n.MTL_FC_INIT_0_i = internal unnamed_addr addrspace(2) externally_initialized constant i32 undef, align 4
@sines = internal unnamed_addr addrspace(2) global [64 x float] zeroinitializer, align 4
@state = internal unnamed_addr addrspace(2) global i32 undef, align 4
@down = internal unnamed_addr addrspace(2) global i32 undef, align 4
@up = internal unnamed_addr addrspace(2) global half undef, align 2
@mixed = internal unnamed_addr addrspace(2) global { i8, <3 x float>, [2 x i16] } zeroinitializer, align 16
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 65535, ptr @start, ptr null }]

declare float @air.sin.f32(float)
declare float @air.convert.f.f32.s.i32(i32)
declare i32 @air.convert.s.i32.f.f32.rtn(float)
declare i32 @air.convert.s.i32.f.f32.rtp(float)
declare half @air.convert.f.f16.f.f32(float)
declare float @air.dot.v3f32(<3 x float>, <3 x float>)
declare i16 @air.popcount.i16(i16)
declare i32 @air.mul_hi.u.i32(i32, i32)
declare float @air.sincos.f32(float, ptr)

define internal void @start() {
entry:
  %n = load i32, ptr addrspace(2) @n.MTL_FC_INIT_0_i, align 4
  %start = call float @air.convert.f.f32.s.i32(i32 %n)
  %c = alloca float, align 4
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %fk = call float @air.convert.f.f32.s.i32(i32 %k)
  %m = fmul float %fk, 0x3FD7AE1480000000
  %x = fadd float %start, %m
  %s = call float @air.sin.f32(float %x)
  %w = zext i32 %k to i64
  %p = getelementptr [64 x float], ptr addrspace(2) @sines, i64 0, i64 %w
  store float %s, ptr addrspace(2) %p, align 4
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 64
  br i1 %more, label %loop, label %random
random:
  %r = phi i32 [ -1831433054, %loop ], [ %r3, %random ]
  %i = phi i32 [ 0, %loop ], [ %i1, %random ]
  %a1 = shl i32 %r, 13
  %r1 = xor i32 %r, %a1
  %a2 = lshr i32 %r1, 17
  %r2 = xor i32 %r1, %a2
  %a3 = shl i32 %r2, 5
  %r3 = xor i32 %r2, %a3
  %i1 = add i32 %i, 1
  %again = icmp ult i32 %i1, 100000
  br i1 %again, label %random, label %done
done:
  store i32 %r3, ptr addrspace(2) @state, align 4
  %seven = fadd float %start, 1.5
  %down = call i32 @air.convert.s.i32.f.f32.rtn(float %seven)
  store i32 %down, ptr addrspace(2) @down, align 4
  %rtp = call i32 @air.convert.s.i32.f.f32.rtp(float %seven)
  %frtp = call float @air.convert.f.f32.s.i32(i32 %rtp)
  %h = call half @air.convert.f.f16.f.f32(float %frtp)
  store half %h, ptr addrspace(2) @up, align 2
  %v0 = insertelement <3 x float> <float 1.0, float 0.0, float 3.0>, float %start, i64 1
  %dot = call float @air.dot.v3f32(<3 x float> %v0, <3 x float> %v0)
  %v1 = insertelement <3 x float> %v0, float %dot, i64 0
  store <3 x float> %v1, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 1), align 16
  %bits = call i16 @air.popcount.i16(i16 -8)
  store i16 %bits, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 2, i64 1), align 2
  %hi = call i32 @air.mul_hi.u.i32(i32 -1, i32 25)
  %lo = trunc i32 %hi to i8
  store i8 %lo, ptr addrspace(2) @mixed, align 1
  %sc = call float @air.sincos.f32(float 0.0, ptr %c)
  %cos = load float, ptr %c, align 4
  %five = fadd float %cos, 4.0
  %icos = call i32 @air.convert.s.i32.f.f32.rtn(float %five)
  %tcos = trunc i32 %icos to i16
  store i16 %tcos, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 2, i64 0), align 2
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="int" %differ,
               ptr addrspace(1) "tmjit.type"="int" %rest, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p = getelementptr float, ptr addrspace(1) %x, i64 %w
  %v = load float, ptr addrspace(1) %p, align 4
  %here = call float @air.sin.f32(float %v)
  %q = getelementptr [64 x float], ptr addrspace(2) @sines, i64 0, i64 %w
  %there = load float, ptr addrspace(2) %q, align 4
  %b1 = bitcast float %here to i32
  %b2 = bitcast float %there to i32
  %d = xor i32 %b1, %b2
  %o = getelementptr i32, ptr addrspace(1) %differ, i64 %w
  store i32 %d, ptr addrspace(1) %o, align 4
  %state = load i32, ptr addrspace(2) @state, align 4
  store i32 %state, ptr addrspace(1) %rest, align 4
  %down = load i32, ptr addrspace(2) @down, align 4
  %o1 = getelementptr i32, ptr addrspace(1) %rest, i64 1
  store i32 %down, ptr addrspace(1) %o1, align 4
  %h = load half, ptr addrspace(2) @up, align 2
  %up = fptosi half %h to i32
  %o2 = getelementptr i32, ptr addrspace(1) %rest, i64 2
  store i32 %up, ptr addrspace(1) %o2, align 4
  %vec = load <3 x float>, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 1), align 16
  %e = extractelement <3 x float> %vec, i64 0
  %dot = fptosi float %e to i32
  %o3 = getelementptr i32, ptr addrspace(1) %rest, i64 3
  store i32 %dot, ptr addrspace(1) %o3, align 4
  %bits = load i16, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 2, i64 1), align 2
  %wbits = zext i16 %bits to i32
  %o4 = getelementptr i32, ptr addrspace(1) %rest, i64 4
  store i32 %wbits, ptr addrspace(1) %o4, align 4
  %hi = load i8, ptr addrspace(2) @mixed, align 1
  %whi = zext i8 %hi to i32
  %o5 = getelementptr i32, ptr addrspace(1) %rest, i64 5
  store i32 %whi, ptr addrspace(1) %o5, align 4
  %cos = load i16, ptr addrspace(2) getelementptr ({ i8, <3 x float>, [2 x i16] }, ptr addrspace(2) @mixed, i64 0, i32 2, i64 0), align 2
  %wcos = zext i16 %cos to i32
  %o6 = getelementptr i32, ptr addrspace(1) %rest, i64 6
  store i32 %wcos, ptr addrspace(1) %o6, align 4
  ret void
}

!air.function_constants = !{!0}
!0 = !{ptr addrspace(2) @n.MTL_FC_INIT_0_i, !"int", !"n", i32 0}
