; Pointers into one of several memories read, write and count where they point: chosen by lane and
; for all, through a loop in which two buffers change places, into threadgroup variables, private
; arrays and a constant table, with null beside them.
;
; PY: n = 70
; PY: a = [3 * i + 1 for i in range(n)]; b = [1000 - i for i in range(n)]
; PY: t = [10, 20, 30, 40]
; PY: group = lambda i: i - i % 33
; RUN: %npy %ta.npy i32 'a'
; RUN: %npy %tb.npy i32 'b'
; RUN: %npy %tlanes.npy i32 '[a[i] if i %% 2 else b[n - 1 - i] for i in range(n)]'
; RUN: %npy %tpong-a.npy i32 '[2 * a[i] + b[i] + 1 for i in range(n)]'
; RUN: %npy %tpong-b.npy i32 '[3 * a[i] + 2 * b[i] + 3 for i in range(n)]'
; RUN: %npy %tleft.npy i32 '[a[i] if i %% 3 %% 2 == 0 else b[i] for i in range(n)]'
; RUN: %npy %tblocks.npy i32 '[(a if i %% 2 else b)[8 * (i %% 4) + k] for i in range(n) for k in range(8)]'
; RUN: %npy %tkinds.npy i32 '[[t[i %% 4], i + 5, a[i], 7 * i][i %% 4] for i in range(n)]'
; RUN: %npy %tcounts.npy i32 '[sum(1 for i in range(n) if i %% 2 == 0 and i %% 3 == k) for k in range(3)]'
; RUN: %npy %todd.npy i32 '[sum(1 for i in range(n) if i %% 2 and i %% 3 == k) for k in range(3)]'
; RUN: %run %s --entry lanes --grid 70 --threadgroup 33 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[70] --expect y=%tlanes.npy
; RUN: %run %s --entry pong --grid 70 --threadgroup 33 --buf a=%ta.npy --buf b=%tb.npy --set rounds=3 --expect a=%tpong-a.npy --expect b=%tpong-b.npy
; RUN: %run %s --entry left --grid 70 --threadgroup 33 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[70] --expect y=%tleft.npy
; RUN: %run %s --entry blocks --grid 70 --threadgroup 33 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[560] --expect y=%tblocks.npy
; RUN: %run %s --entry kinds --grid 70 --threadgroup 33 --buf x=%ta.npy --buf y=i32[70] --expect y=%tkinds.npy
; RUN: %run %s --entry counts --grid 70 --threadgroup 33 --buf even=i32[3] --buf odd=i32[3] --expect even=%tcounts.npy --expect odd=%todd.npy

@table = internal addrspace(2) constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
@group = internal addrspace(3) global [33 x i32] undef

define void @lanes(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  br i1 %is-odd, label %one, label %two
one:
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  br label %both
two:
  %back = sub i32 69, %i
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %back
  br label %both
both:
  %p = phi ptr addrspace(1) [ %pa, %one ], [ %pb, %two ]
  %v = load i32, ptr addrspace(1) %p
  %late = icmp ult i32 %i, 70
  %to = select i1 %late, ptr addrspace(1) %y, ptr addrspace(1) null
  %py = getelementptr i32, ptr addrspace(1) %to, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; Round r: to[i] += from[i] + r.
define void @pong(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(2) "tmjit.type"="int" %rounds, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = load i32, ptr addrspace(2) %rounds
  br label %loop
loop:
  %from = phi ptr addrspace(1) [ %a, %0 ], [ %to, %loop ]
  %to = phi ptr addrspace(1) [ %b, %0 ], [ %from, %loop ]
  %r = phi i32 [ 0, %0 ], [ %next, %loop ]
  %pf = getelementptr i32, ptr addrspace(1) %from, i32 %i
  %pt = getelementptr i32, ptr addrspace(1) %to, i32 %i
  %f = load i32, ptr addrspace(1) %pf
  %t = load i32, ptr addrspace(1) %pt
  %s = add i32 %f, %t
  %u = add i32 %s, %r
  store i32 %u, ptr addrspace(1) %pt
  %next = add i32 %r, 1
  %go = icmp ult i32 %next, %n
  br i1 %go, label %loop, label %done
done:
  ret void
}

; The buffers change places i % 3 times; what is left in the first place is read after the loop.
define void @left(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %n = urem i32 %i, 3
  br label %loop
loop:
  %p = phi ptr addrspace(1) [ %a, %0 ], [ %q, %body ]
  %q = phi ptr addrspace(1) [ %b, %0 ], [ %p, %body ]
  %r = phi i32 [ 0, %0 ], [ %next, %body ]
  %go = icmp ult i32 %r, %n
  br i1 %go, label %body, label %done
body:
  %next = add i32 %r, 1
  br label %loop
done:
  %pi = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %v = load i32, ptr addrspace(1) %pi
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

declare void @llvm.memcpy.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)

define void @blocks(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr addrspace(1) %a, ptr addrspace(1) %b
  %which = and i32 %i, 3
  %from = getelementptr [8 x i32], ptr addrspace(1) %p, i32 %which
  %to = getelementptr [8 x i32], ptr addrspace(1) %y, i32 %i
  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) align 4 %to, ptr addrspace(1) align 4 %from, i64 32, i1 false)
  ret void
}

define void @kinds(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l) "tmjit.kernel" {
  %own = alloca [4 x i32], align 4
  %po = getelementptr [4 x i32], ptr %own, i32 0, i32 2
  %seven = mul i32 %i, 7
  store i32 %seven, ptr %po
  %gl = getelementptr [33 x i32], ptr addrspace(3) @group, i32 0, i32 %l
  %five = add i32 %i, 5
  store i32 %five, ptr addrspace(3) %gl
  %kind = and i32 %i, 3
  %pt = getelementptr [4 x i32], ptr addrspace(2) @table, i32 0, i32 %kind
  %t = addrspacecast ptr addrspace(2) %pt to ptr
  %g = addrspacecast ptr addrspace(3) %gl to ptr
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %d = addrspacecast ptr addrspace(1) %px to ptr
  %is-1 = icmp eq i32 %kind, 1
  %is-2 = icmp eq i32 %kind, 2
  %is-3 = icmp eq i32 %kind, 3
  %p1 = select i1 %is-1, ptr %g, ptr %t
  %p2 = select i1 %is-2, ptr %d, ptr %p1
  %p = select i1 %is-3, ptr %po, ptr %p2
  %v = load i32, ptr %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)

define void @counts(ptr addrspace(1) "tmjit.type"="int" %even, ptr addrspace(1) "tmjit.type"="int" %odd, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %is-odd = trunc i32 %i to i1
  %p = select i1 %is-odd, ptr addrspace(1) %odd, ptr addrspace(1) %even
  %k = urem i32 %i, 3
  %pk = getelementptr i32, ptr addrspace(1) %p, i32 %k
  %old = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %pk, i32 1, i32 0, i32 2, i1 true)
  ret void
}
