; Pointers that are stored and loaded again: in private arrays that stay in memory, in threadgroup
; memory, in device memory, as integers; into device, threadgroup, constant and private memory.
;
; PY: n = 40
; PY: a = [7 * i + 3 for i in range(n)]
; PY: t = [100, 200, 300, 400]
; RUN: %npy %ta.npy i32 'a'
; RUN: %npy %tprivate.npy i32 '[[a[i], 5 * i, t[i %% 4], i + 9][(i + k) %% 4] for i in range(n) for k in range(4)]'
; RUN: %npy %tgroup.npy i32 '[a[(i // 20 * 20) + 19 - i %% 20] for i in range(n)]'
; RUN: %npy %tlist.npy i32 '[sum(a[(i + 3 * s) %% n] for s in range(i %% 5)) for i in range(n)]'
; RUN: %run %s --entry private --grid 40 --threadgroup 20 --buf a=%ta.npy --buf y=i32[160] --expect y=%tprivate.npy
; RUN: %run %s --entry group --grid 40 --threadgroup 20 --buf a=%ta.npy --buf y=i32[40] --expect y=%tgroup.npy
; RUN: %run %s --entry list --grid 40 --threadgroup 40 --buf a=%ta.npy --buf 'links=u64[40]' --buf y=i32[40] --expect y=%tlist.npy

@table = internal addrspace(2) constant [4 x i32] [i32 100, i32 200, i32 300, i32 400]
@cells = internal addrspace(3) global [20 x i32] undef
@pointers = internal addrspace(3) global [20 x ptr addrspace(1)] undef

; Four pointers into four kinds of memory, read in an order that differs between threads.
define void @private(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l) "tmjit.kernel" {
  %ways = alloca [4 x ptr], align 8
  %own = alloca [2 x i32], align 4
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %da = addrspacecast ptr addrspace(1) %pa to ptr
  store ptr %da, ptr %ways
  %five = mul i32 %i, 5
  %pc = getelementptr [20 x i32], ptr addrspace(3) @cells, i32 0, i32 %l
  store i32 %five, ptr addrspace(3) %pc
  %gc = addrspacecast ptr addrspace(3) %pc to ptr
  %w1 = getelementptr [4 x ptr], ptr %ways, i32 0, i32 1
  store ptr %gc, ptr %w1
  %quarter = and i32 %i, 3
  %pt = getelementptr [4 x i32], ptr addrspace(2) @table, i32 0, i32 %quarter
  %ct = addrspacecast ptr addrspace(2) %pt to ptr
  %w2 = getelementptr [4 x ptr], ptr %ways, i32 0, i32 2
  store ptr %ct, ptr %w2
  %po = getelementptr [2 x i32], ptr %own, i32 0, i32 1
  %nine = add i32 %i, 9
  store i32 %nine, ptr %po
  %w3 = getelementptr [4 x ptr], ptr %ways, i32 0, i32 3
  store ptr %po, ptr %w3
  br label %loop
loop:
  %k = phi i32 [ 0, %0 ], [ %next, %loop ]
  %sum = add i32 %i, %k
  %which = and i32 %sum, 3
  %pw = getelementptr [4 x ptr], ptr %ways, i32 0, i32 %which
  %p = load ptr, ptr %pw
  %v = load i32, ptr %p
  %four = mul i32 %i, 4
  %at = add i32 %four, %k
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %v, ptr addrspace(1) %py
  %next = add i32 %k, 1
  %go = icmp ult i32 %next, 4
  br i1 %go, label %loop, label %done
done:
  ret void
}

declare void @air.wg.barrier(i32, i32)

; Each thread reads through the pointer of its opposite.
define void @group(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %mine = getelementptr [20 x ptr addrspace(1)], ptr addrspace(3) @pointers, i32 0, i32 %l
  store ptr addrspace(1) %pa, ptr addrspace(3) %mine
  call void @air.wg.barrier(i32 2, i32 1)
  %other = sub i32 19, %l
  %theirs = getelementptr [20 x ptr addrspace(1)], ptr addrspace(3) @pointers, i32 0, i32 %other
  %p = load ptr addrspace(1), ptr addrspace(3) %theirs
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; links[i] is the address of links[(i + 3) % 40]; i % 5 steps along them add a[] of each place.
define void @list(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="ulong" %links, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pl = getelementptr ptr addrspace(1), ptr addrspace(1) %links, i32 %i
  %i3 = add i32 %i, 3
  %to = urem i32 %i3, 40
  %target = getelementptr ptr addrspace(1), ptr addrspace(1) %links, i32 %to
  store ptr addrspace(1) %target, ptr addrspace(1) %pl
  call void @air.wg.barrier(i32 1, i32 1)
  %n = urem i32 %i, 5
  %start = ptrtoint ptr addrspace(1) %links to i64
  br label %loop
loop:
  %p = phi ptr addrspace(1) [ %pl, %0 ], [ %follow, %body ]
  %sum = phi i32 [ 0, %0 ], [ %more, %body ]
  %s = phi i32 [ 0, %0 ], [ %next, %body ]
  %go = icmp ult i32 %s, %n
  br i1 %go, label %body, label %done
body:
  %address = ptrtoint ptr addrspace(1) %p to i64
  %bytes = sub i64 %address, %start
  %half = lshr i64 %bytes, 1
  %base = ptrtoint ptr addrspace(1) %a to i64
  %place = add i64 %base, %half
  %pv = inttoptr i64 %place to ptr addrspace(1)
  %v = load i32, ptr addrspace(1) %pv
  %more = add i32 %sum, %v
  %follow = load ptr addrspace(1), ptr addrspace(1) %p
  %next = add i32 %s, 1
  br label %loop
done:
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %sum, ptr addrspace(1) %py
  ret void
}
