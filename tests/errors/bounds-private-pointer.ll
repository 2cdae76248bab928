; Pointers that were stored in private memory come from the buffer that they were made from: an
; access past its end is outside although another buffer may lie there. In arrays by a place that is
; the same for all, and by lane; in an array of structs; copied by memcpy to another array; through
; an array whose own address is kept; of a table; overwritten by a number, which may be anywhere.
;
; DEFINE: %{run} = %fails %s --grid 40 --threadgroup 40 --buf a=i32[8] --buf b=i32[16] --buf y=i32[40]
; RUN: %{run} --entry array --set k=0 --set at=8 | FileCheck %s --check-prefix A
; RUN: %{run} --entry array --set k=1 --set at=16 | FileCheck %s --check-prefix B
; RUN: %{run} --entry lanes --set k=0 --set at=8 | FileCheck %s --check-prefix A
; RUN: %{run} --entry lanes --set k=1 --set at=9 | FileCheck %s --check-prefix LANE
; RUN: %{run} --entry structs --set k=1 --set at=16 | FileCheck %s --check-prefix B
; RUN: %{run} --entry copied --set k=0 --set at=8 | FileCheck %s --check-prefix A
; RUN: %{run} --entry escaped --set k=1 --set at=16 | FileCheck %s --check-prefix B
; RUN: %{run} --entry table --set k=1 --set at=3 | FileCheck %s --check-prefix TABLE
; RUN: %{run} --entry loop --set k=3 --set at=16 | FileCheck %s --check-prefix LOOP
; RUN: %{run} --entry number --set k=0 --set at=8 | FileCheck %s --check-prefix NUMBER
; A: error: load of 4 bytes at byte offset 32 of buffer 'a' (32 bytes), by thread (0, 0, 0) of the grid
; B: error: load of 4 bytes at byte offset 64 of buffer 'b' (64 bytes), by thread (0, 0, 0) of the grid
; LANE: error: load of 4 bytes at byte offset 36 of buffer 'a' (32 bytes), by thread (1, 0, 0) of the grid
; TABLE: error: load of 4 bytes at byte offset 12 of constant 't' (12 bytes), by thread (0, 0, 0) of the grid
; LOOP: error: load of 4 bytes at byte offset 64 of buffer 'b' (64 bytes), by thread (0, 0, 0) of the grid
; NUMBER: error: load of 4 bytes at address 0x1000 of no buffer of this launch, by thread (0, 0, 0) of the grid

@t = internal addrspace(2) constant [3 x i32] [i32 1, i32 2, i32 3]

define void @array(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  store ptr addrspace(1) %a, ptr %own
  %p1 = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 1
  store ptr addrspace(1) %b, ptr %p1
  %pk = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 %kk
  %p = load ptr addrspace(1), ptr %pk
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; Thread i reads through pointer (i + k) % 2.
define void @lanes(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  store ptr addrspace(1) %a, ptr %own
  %p1 = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 1
  store ptr addrspace(1) %b, ptr %p1
  %sum = add i32 %i, %kk
  %bit = and i32 %sum, 1
  %pk = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 %bit
  %p = load ptr addrspace(1), ptr %pk
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @structs(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x { i32, ptr addrspace(1) }], align 8
  %s0 = insertvalue { i32, ptr addrspace(1) } { i32 0, ptr addrspace(1) null }, ptr addrspace(1) %a, 1
  store { i32, ptr addrspace(1) } %s0, ptr %own
  %s1 = insertvalue { i32, ptr addrspace(1) } { i32 1, ptr addrspace(1) null }, ptr addrspace(1) %b, 1
  %p1 = getelementptr [2 x { i32, ptr addrspace(1) }], ptr %own, i32 0, i32 1
  store { i32, ptr addrspace(1) } %s1, ptr %p1
  %pk = getelementptr [2 x { i32, ptr addrspace(1) }], ptr %own, i32 0, i32 %kk
  %s = load { i32, ptr addrspace(1) }, ptr %pk
  %p = extractvalue { i32, ptr addrspace(1) } %s, 1
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define void @copied(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  %copy = alloca [4 x ptr addrspace(1)], align 8
  store ptr addrspace(1) %a, ptr %own
  %p1 = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 1
  store ptr addrspace(1) %b, ptr %p1
  %from = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 %kk
  %to = getelementptr [4 x ptr addrspace(1)], ptr %copy, i32 0, i32 %kk
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %to, ptr align 8 %from, i64 8, i1 false)
  %p = load ptr addrspace(1), ptr %to
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; The array's address lies in another array, and is written and read through it.
define void @escaped(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  %keep = alloca [2 x ptr], align 8
  %pkeep = getelementptr [2 x ptr], ptr %keep, i32 0, i32 %kk
  store ptr %own, ptr %pkeep
  %again = load ptr, ptr %pkeep
  store ptr addrspace(1) %a, ptr %again
  %p1 = getelementptr ptr addrspace(1), ptr %again, i32 1
  store ptr addrspace(1) %b, ptr %p1
  %pk = getelementptr ptr addrspace(1), ptr %again, i32 %kk
  %p = load ptr addrspace(1), ptr %pk
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @table(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr], align 8
  %ga = addrspacecast ptr addrspace(1) %a to ptr
  store ptr %ga, ptr %own
  %p1 = getelementptr [2 x ptr], ptr %own, i32 0, i32 1
  store ptr addrspacecast (ptr addrspace(2) @t to ptr), ptr %p1
  %pk = getelementptr [2 x ptr], ptr %own, i32 0, i32 %kk
  %p = load ptr, ptr %pk
  %pe = getelementptr i32, ptr %p, i32 %aa
  %v = load i32, ptr %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

; The two change places k times.
define void @loop(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  store ptr addrspace(1) %a, ptr %own
  %p1 = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 1
  store ptr addrspace(1) %b, ptr %p1
  %bit = and i32 %aa, 0
  %here = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 %bit
  br label %loop
loop:
  %n = phi i32 [ 0, %0 ], [ %next, %loop ]
  %x = load ptr addrspace(1), ptr %here
  %z = load ptr addrspace(1), ptr %p1
  store ptr addrspace(1) %z, ptr %here
  store ptr addrspace(1) %x, ptr %p1
  %next = add i32 %n, 1
  %go = icmp ult i32 %next, %kk
  br i1 %go, label %loop, label %done
done:
  %p = load ptr addrspace(1), ptr %here
  %pe = getelementptr i32, ptr addrspace(1) %p, i32 %aa
  %v = load i32, ptr addrspace(1) %pe
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}

define void @number(ptr addrspace(2) "tmjit.type"="int" %k, ptr addrspace(2) "tmjit.type"="int" %at, ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %kk = load i32, ptr addrspace(2) %k
  %aa = load i32, ptr addrspace(2) %at
  %own = alloca [2 x ptr addrspace(1)], align 8
  store ptr addrspace(1) %a, ptr %own
  %pk = getelementptr [2 x ptr addrspace(1)], ptr %own, i32 0, i32 %kk
  store i64 4096, ptr %pk
  %p = load ptr addrspace(1), ptr %pk
  %v = load i32, ptr addrspace(1) %p
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %py
  ret void
}
