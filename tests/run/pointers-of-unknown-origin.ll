; Pointers of unknown origin that lead into several memories one after the other, for all threads at
; once and by lane: what held one pointer is no bound for the next. An address between two buffers is
; outside whatever was read before.
;
; PY: n = 48
; PY: a = [3 * i + 1 for i in range(n)]; b = [900 - i for i in range(n)]
; RUN: %npy %ta.npy i32 'a'
; RUN: %npy %tb.npy i32 'b'
; RUN: %npy %tturns.npy i32 '[a[i] + 2 * b[i] + 4 * a[i] + 8 * (i + 5) + 16 * b[i] for i in range(n)]'
; RUN: %npy %tlanes.npy i32 '[(a[i] if i %% 2 else b[i]) + (b[i] if i %% 2 else a[i]) for i in range(n)]'
; RUN: %run %s --entry turns --grid 48 --threadgroup 48 --buf a=%ta.npy --buf b=%tb.npy --buf list=u64[48] --buf y=i32[48] --expect y=%tturns.npy
; RUN: %run %s --entry lanes --grid 48 --threadgroup 48 --buf a=%ta.npy --buf b=%tb.npy --buf list=u64[48] --buf y=i32[48] --expect y=%tlanes.npy
; RUN: not %tmjit run %s --entry turns --grid 48 --threadgroup 48 --buf a=%ta.npy --buf b=i32[40] --buf list=u64[48] --buf y=i32[48] 2>&1 | FileCheck %s
; CHECK: error: load of 4 bytes at address 0x{{[0-9a-f]+}} of no buffer of this launch, by thread (40, 0, 0) of the grid

@cells = internal addrspace(3) global [48 x i32] undef

define internal i32 @through(ptr addrspace(1) %list, i64 %place, ptr %to) alwaysinline {
  %at = getelementptr ptr, ptr addrspace(1) %list, i64 %place
  store ptr %to, ptr addrspace(1) %at
  %again = load volatile ptr, ptr addrspace(1) %at
  %v = load i32, ptr %again
  ret i32 %v
}

; a, b, a, threadgroup memory, b
define void @turns(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="ulong" %list, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %pa = getelementptr i32, ptr addrspace(1) %a, i64 %w
  %pb = getelementptr i32, ptr addrspace(1) %b, i64 %w
  %pc = getelementptr [48 x i32], ptr addrspace(3) @cells, i64 0, i64 %w
  %five = add i32 %i, 5
  store i32 %five, ptr addrspace(3) %pc
  %ga = addrspacecast ptr addrspace(1) %pa to ptr
  %gb = addrspacecast ptr addrspace(1) %pb to ptr
  %gc = addrspacecast ptr addrspace(3) %pc to ptr
  %v0 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %ga)
  %v1 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %gb)
  %v2 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %ga)
  %v3 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %gc)
  %v4 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %gb)
  %m1 = shl i32 %v1, 1
  %m2 = shl i32 %v2, 2
  %m3 = shl i32 %v3, 3
  %m4 = shl i32 %v4, 4
  %s1 = add i32 %v0, %m1
  %s2 = add i32 %s1, %m2
  %s3 = add i32 %s2, %m3
  %s4 = add i32 %s3, %m4
  %py = getelementptr i32, ptr addrspace(1) %y, i64 %w
  store i32 %s4, ptr addrspace(1) %py
  ret void
}

; Odd threads read a then b, even ones b then a.
define void @lanes(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="ulong" %list, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %is-odd = trunc i32 %i to i1
  %first = select i1 %is-odd, ptr addrspace(1) %a, ptr addrspace(1) %b
  %second = select i1 %is-odd, ptr addrspace(1) %b, ptr addrspace(1) %a
  %p1 = getelementptr i32, ptr addrspace(1) %first, i64 %w
  %p2 = getelementptr i32, ptr addrspace(1) %second, i64 %w
  %g1 = addrspacecast ptr addrspace(1) %p1 to ptr
  %g2 = addrspacecast ptr addrspace(1) %p2 to ptr
  %v1 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %g1)
  %v2 = call i32 @through(ptr addrspace(1) %list, i64 %w, ptr %g2)
  %s = add i32 %v1, %v2
  %py = getelementptr i32, ptr addrspace(1) %y, i64 %w
  store i32 %s, ptr addrspace(1) %py
  ret void
}
