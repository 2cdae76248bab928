; Threads step over an array by the threadgroup's size. Where the length is a multiple of a slice
; all lanes of it go round equally often; where it is not, or where the counter does not start at
; a thread index, they do not. All orders of a comparison, signed and unsigned, both ways around.
;
; PY: whole = lambda t, end: sum(1000 + i for i in range(t, end, 64))
; PY: down = lambda t: len([i for i in range(448 + t, -1, -64)])
; PY: orders = lambda t: sum(1 << b for b, c in enumerate([t < 32, t >= 32, 32 > t, 32 <= t, t <= 32, t > 32, 32 >= t, 32 < t, t < 33, t == 32, t - 64 < -32, -32 <= t - 64, t + 4294967232 < 4294967264]) if c)
; RUN: %npy %t.a.npy u32 '[whole(t, 256) for t in range(64)]'
; RUN: %npy %t.b.npy u32 '[whole(t, 250) for t in range(64)]'
; RUN: %npy %t.c.npy u32 '[whole(t + 3, 256) for t in range(64)]'
; RUN: %npy %t.d.npy u32 '[down(t) for t in range(64)]'
; RUN: %npy %t.e.npy u32 '[orders(t) for t in range(64)]'
; RUN: %run %s --grid 64 --threadgroup 64 --set n=256 --buf x=u32[256]:iota --buf a=u32[64] --buf b=u32[64] --buf c=u32[64] --buf d=u32[64] --buf e=u32[64] --expect a=%t.a.npy --expect b=%t.b.npy --expect c=%t.c.npy --expect d=%t.d.npy --expect e=%t.e.npy
; RUN: %fails %s --grid 64 --threadgroup 64 --set n=257 --buf x=u32[256]:iota --buf a=u32[64] --buf b=u32[64] --buf c=u32[64] --buf d=u32[64] --buf e=u32[64] 2>&1 | FileCheck %s
; CHECK: error: load of 4 bytes at byte offset 1024 of buffer 'x' (1024 bytes), by thread (0, 0, 0) of the grid

define void @strided(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(1) "tmjit.type"="uint" %a, ptr addrspace(1) "tmjit.type"="uint" %b, ptr addrspace(1) "tmjit.type"="uint" %c, ptr addrspace(1) "tmjit.type"="uint" %d, ptr addrspace(1) "tmjit.type"="uint" %e, ptr addrspace(2) "tmjit.type"="uint" %n, i32 "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
entry:
  %limit = load i32, ptr addrspace(2) %n
  %more.than = icmp ugt i32 %limit, 256
  %extra = zext i1 %more.than to i32
  br label %whole
whole:
  %i = phi i32 [ %t, %entry ], [ %i1, %whole.body ]
  %s = phi i32 [ 0, %entry ], [ %s1, %whole.body ]
  %end.now = icmp ult i32 %i, 256
  br i1 %end.now, label %whole.body, label %whole.end
whole.body:
  %from = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %from
  %v1 = add i32 %v, 1000
  %s1 = add i32 %s, %v1
  %i1 = add i32 %i, 64
  br label %whole
whole.end:
  %to.a = getelementptr i32, ptr addrspace(1) %a, i32 %t
  store i32 %s, ptr addrspace(1) %to.a
  %wide = mul i32 %extra, 7
  %end.b = add i32 %wide, 250
  br label %part
part:
  %j = phi i32 [ %t, %whole.end ], [ %j1, %part.body ]
  %r = phi i32 [ 0, %whole.end ], [ %r1, %part.body ]
  %part.now = icmp ugt i32 %end.b, %j
  br i1 %part.now, label %part.body, label %part.end
part.body:
  %from.j = getelementptr i32, ptr addrspace(1) %x, i32 %j
  %w = load i32, ptr addrspace(1) %from.j
  %w1 = add i32 %w, 1000
  %r1 = add i32 %r, %w1
  %j1 = add i32 %j, 64
  br label %part
part.end:
  %to.b = getelementptr i32, ptr addrspace(1) %b, i32 %t
  store i32 %r, ptr addrspace(1) %to.b
  %t3 = add i32 %t, 3
  br label %shifted
shifted:
  %k = phi i32 [ %t3, %part.end ], [ %k1, %shifted.body ]
  %q = phi i32 [ 0, %part.end ], [ %q1, %shifted.body ]
  %shifted.now = icmp ult i32 %k, 256
  br i1 %shifted.now, label %shifted.body, label %shifted.end
shifted.body:
  %from.k = getelementptr i32, ptr addrspace(1) %x, i32 %k
  %u = load i32, ptr addrspace(1) %from.k
  %u1 = add i32 %u, 1000
  %q1 = add i32 %q, %u1
  %k1 = add i32 %k, 64
  br label %shifted
shifted.end:
  %to.c = getelementptr i32, ptr addrspace(1) %c, i32 %t
  store i32 %q, ptr addrspace(1) %to.c
  %high = add i32 %t, 448
  br label %down
down:
  %m = phi i32 [ %high, %shifted.end ], [ %m1, %down.body ]
  %p = phi i32 [ 0, %shifted.end ], [ %p1, %down.body ]
  %down.now = icmp sge i32 %m, 0
  br i1 %down.now, label %down.body, label %down.end
down.body:
  %p1 = add i32 %p, 1
  %m1 = sub i32 %m, 64
  br label %down
down.end:
  %to.d = getelementptr i32, ptr addrspace(1) %d, i32 %t
  store i32 %p, ptr addrspace(1) %to.d
  %o0 = icmp ult i32 %t, 32
  %o1 = icmp uge i32 %t, 32
  %o2 = icmp ugt i32 32, %t
  %o3 = icmp ule i32 32, %t
  %o4 = icmp ule i32 %t, 32
  %o5 = icmp ugt i32 %t, 32
  %o6 = icmp uge i32 32, %t
  %o7 = icmp ult i32 32, %t
  %o8 = icmp ult i32 %t, 33
  %o9 = icmp eq i32 %t, 32
  %low = sub i32 %t, 64
  %o10 = icmp slt i32 %low, -32
  %o11 = icmp sle i32 -32, %low
  %o12 = icmp ult i32 %low, -32
  %z0 = zext i1 %o0 to i32
  %z1 = select i1 %o1, i32 2, i32 0
  %z2 = select i1 %o2, i32 4, i32 0
  %z3 = select i1 %o3, i32 8, i32 0
  %z4 = select i1 %o4, i32 16, i32 0
  %z5 = select i1 %o5, i32 32, i32 0
  %z6 = select i1 %o6, i32 64, i32 0
  %z7 = select i1 %o7, i32 128, i32 0
  %z8 = select i1 %o8, i32 256, i32 0
  %z9 = select i1 %o9, i32 512, i32 0
  %z10 = select i1 %o10, i32 1024, i32 0
  %z11 = select i1 %o11, i32 2048, i32 0
  %z12 = select i1 %o12, i32 4096, i32 0
  %s01 = or i32 %z0, %z1
  %s02 = or i32 %s01, %z2
  %s03 = or i32 %s02, %z3
  %s04 = or i32 %s03, %z4
  %s05 = or i32 %s04, %z5
  %s06 = or i32 %s05, %z6
  %s07 = or i32 %s06, %z7
  %s08 = or i32 %s07, %z8
  %s09 = or i32 %s08, %z9
  %s10 = or i32 %s09, %z10
  %s11 = or i32 %s10, %z11
  %s12 = or i32 %s11, %z12
  %to.e = getelementptr i32, ptr addrspace(1) %e, i32 %t
  store i32 %s12, ptr addrspace(1) %to.e
  ret void
}
