; Tables of pointers in constant memory: to other tables, into them, to tables of pointers, inside
; structs, in generic space, to themselves; read at constant, uniform and varying places.
;
; PY: a = [11, 12, 13, 14]; b = [201, 202, 203]; n = 40
; PY: t = [a, a[2:] + [0, 0], b, b[1:] + [0]]
; RUN: %npy %tfixed.npy i32 '[13 + 202 + i for i in range(n)]'
; RUN: %npy %tuniform.npy i32 '[t[3][i %% 2] for i in range(n)]'
; RUN: %npy %tvarying.npy i32 '[t[i %% 4][i // 4 %% 2] for i in range(n)]'
; RUN: %npy %tdeep.npy i32 '[(a[i %% 3] + 7 if i %% 2 else b[i %% 3] + 5) for i in range(n)]'
; RUN: %npy %tring.npy i32 '[[10, 20, 30][(i %% 3 + i // 3) %% 3] for i in range(n)]'
; RUN: %npy %tcopy.npy i32 '[(t + [a])[i %% 4 + 1][1] for i in range(n)]'
; RUN: %run %s --entry fixed --grid 40 --buf y=i32[40] --expect y=%tfixed.npy
; RUN: %run %s --entry uniform --grid 40 --set which=3 --buf y=i32[40] --expect y=%tuniform.npy
; RUN: %run %s --entry varying --grid 40 --buf y=i32[40] --expect y=%tvarying.npy
; RUN: %run %s --entry deep --grid 40 --buf y=i32[40] --expect y=%tdeep.npy
; RUN: %run %s --entry ring --grid 40 --buf y=i32[40] --expect y=%tring.npy
; RUN: %run %s --entry copy --grid 40 --buf y=i32[40] --expect y=%tcopy.npy

%node = type { i32, ptr addrspace(2) }

@a = internal addrspace(2) constant [4 x i32] [i32 11, i32 12, i32 13, i32 14]
@b = internal addrspace(2) constant [3 x i32] [i32 201, i32 202, i32 203]
@t = internal addrspace(2) constant [4 x ptr addrspace(2)] [ptr addrspace(2) @a, ptr addrspace(2) getelementptr inbounds ([4 x i32], ptr addrspace(2) @a, i64 0, i64 2), ptr addrspace(2) @b, ptr addrspace(2) getelementptr (i8, ptr addrspace(2) @b, i64 4)]
@odd = internal addrspace(2) constant <{ i8, ptr addrspace(2), i32 }> <{ i8 1, ptr addrspace(2) @a, i32 7 }>
@even = internal addrspace(2) constant <{ i8, ptr addrspace(2), i32 }> <{ i8 0, ptr addrspace(2) @b, i32 5 }>
@both = internal constant [2 x ptr] [ptr addrspacecast (ptr addrspace(2) @even to ptr), ptr addrspacecast (ptr addrspace(2) @odd to ptr)]
@r0 = internal addrspace(2) constant %node { i32 10, ptr addrspace(2) @r1 }
@r1 = internal addrspace(2) constant %node { i32 20, ptr addrspace(2) @r2 }
@r2 = internal addrspace(2) constant %node { i32 30, ptr addrspace(2) @r0 }
@nodes = internal addrspace(2) constant [4 x ptr addrspace(2)] [ptr addrspace(2) @r0, ptr addrspace(2) @r1, ptr addrspace(2) @r2, ptr addrspace(2) null]

define void @fixed(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %p = load ptr addrspace(2), ptr addrspace(2) getelementptr inbounds ([4 x ptr addrspace(2)], ptr addrspace(2) @t, i64 0, i64 1)
  %v = load i32, ptr addrspace(2) %p
  %q = load ptr addrspace(2), ptr addrspace(2) getelementptr inbounds ([4 x ptr addrspace(2)], ptr addrspace(2) @t, i64 0, i64 2)
  %q1 = getelementptr i32, ptr addrspace(2) %q, i64 1
  %w = load i32, ptr addrspace(2) %q1
  %s = add i32 %v, %w
  %r = add i32 %s, %i
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @uniform(ptr addrspace(2) "tmjit.type"="int" %which, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %k = load i32, ptr addrspace(2) %which
  %pt = getelementptr [4 x ptr addrspace(2)], ptr addrspace(2) @t, i32 0, i32 %k
  %p = load ptr addrspace(2), ptr addrspace(2) %pt
  %bit = and i32 %i, 1
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %bit
  %v = load i32, ptr addrspace(2) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @varying(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %k = and i32 %i, 3
  %pt = getelementptr [4 x ptr addrspace(2)], ptr addrspace(2) @t, i32 0, i32 %k
  %p = load ptr addrspace(2), ptr addrspace(2) %pt
  %quarter = lshr i32 %i, 2
  %bit = and i32 %quarter, 1
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %bit
  %v = load i32, ptr addrspace(2) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; A table of addresses of packed structs, which hold an address at byte 1.
define void @deep(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %bit = and i32 %i, 1
  %ps = getelementptr [2 x ptr], ptr @both, i32 0, i32 %bit
  %s = load ptr, ptr %ps
  %pp = getelementptr <{ i8, ptr addrspace(2), i32 }>, ptr %s, i32 0, i32 1
  %p = load ptr addrspace(2), ptr %pp, align 1
  %pn = getelementptr <{ i8, ptr addrspace(2), i32 }>, ptr %s, i32 0, i32 2
  %more = load i32, ptr %pn, align 1
  %third = urem i32 %i, 3
  %pe = getelementptr i32, ptr addrspace(2) %p, i32 %third
  %v = load i32, ptr addrspace(2) %pe
  %sum = add i32 %v, %more
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %sum, ptr addrspace(1) %py
  ret void
}

; i / 3 steps along a ring of three nodes.
define void @ring(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %first = urem i32 %i, 3
  %steps = udiv i32 %i, 3
  %pf = getelementptr [4 x ptr addrspace(2)], ptr addrspace(2) @nodes, i32 0, i32 %first
  %start = load ptr addrspace(2), ptr addrspace(2) %pf
  br label %loop
loop:
  %node = phi ptr addrspace(2) [ %start, %0 ], [ %next, %body ]
  %k = phi i32 [ 0, %0 ], [ %k1, %body ]
  %go = icmp ult i32 %k, %steps
  br i1 %go, label %body, label %done
body:
  %pn = getelementptr %node, ptr addrspace(2) %node, i32 0, i32 1
  %next = load ptr addrspace(2), ptr addrspace(2) %pn
  %k1 = add i32 %k, 1
  br label %loop
done:
  %v = load i32, ptr addrspace(2) %node
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

declare void @llvm.memcpy.p0.p2.i64(ptr, ptr addrspace(2), i64, i1)

; A private copy of the table with its first pointer once more behind it.
define void @copy(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %own = alloca [5 x ptr addrspace(2)], align 8
  call void @llvm.memcpy.p0.p2.i64(ptr align 8 %own, ptr addrspace(2) align 8 @t, i64 32, i1 false)
  %zero = load ptr addrspace(2), ptr %own
  %last = getelementptr [5 x ptr addrspace(2)], ptr %own, i32 0, i32 4
  store ptr addrspace(2) %zero, ptr %last
  %k = and i32 %i, 3
  %k1 = add i32 %k, 1
  %pt = getelementptr [5 x ptr addrspace(2)], ptr %own, i32 0, i32 %k1
  %p = load ptr addrspace(2), ptr %pt
  %p1 = getelementptr i32, ptr addrspace(2) %p, i32 1
  %v = load i32, ptr addrspace(2) %p1
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
