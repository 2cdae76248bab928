; A static threadgroup struct, a static array of half and a threadgroup argument do not overlap.
;
; RUN: %npy %t.npy i32 '[(31 - i) + (31 - i) * 2 * 100 + (31 - i) * 3 * 10000 + 7 * 1000000 for i in range(32)]'
; RUN: %run %s --grid 32 --threadgroup 32 --local arg=128 --buf y=i32[32]:zeros --expect y=%t.npy

%pair = type { i8, [32 x i16], i32 }
@s = internal addrspace(3) global %pair undef, align 4
@h = internal addrspace(3) global [32 x half] undef, align 2

define void @k(ptr addrspace(3) "tmjit.type"="int" %arg, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_index_in_threadgroup" %i) "tmjit.kernel" {
  %pn = getelementptr %pair, ptr addrspace(3) @s, i32 0, i32 2
  store i32 7, ptr addrspace(3) %pn
  %p1 = getelementptr %pair, ptr addrspace(3) @s, i32 0, i32 1, i32 %i
  %c = trunc i32 %i to i16
  store i16 %c, ptr addrspace(3) %p1
  %p2 = getelementptr [32 x half], ptr addrspace(3) @h, i32 0, i32 %i
  %i2 = mul i32 %i, 2
  %f = uitofp i32 %i2 to half
  store half %f, ptr addrspace(3) %p2
  %p3 = getelementptr i32, ptr addrspace(3) %arg, i32 %i
  %i3 = mul i32 %i, 3
  store i32 %i3, ptr addrspace(3) %p3
  call void @air.wg.barrier(i32 2, i32 1)
  %j = sub i32 31, %i
  %q1 = getelementptr %pair, ptr addrspace(3) @s, i32 0, i32 1, i32 %j
  %v1 = load i16, ptr addrspace(3) %q1
  %q2 = getelementptr [32 x half], ptr addrspace(3) @h, i32 0, i32 %j
  %v2 = load half, ptr addrspace(3) %q2
  %q3 = getelementptr i32, ptr addrspace(3) %arg, i32 %j
  %v3 = load i32, ptr addrspace(3) %q3
  %n = load i32, ptr addrspace(3) %pn
  %w1 = zext i16 %v1 to i32
  %w2 = fptoui half %v2 to i32
  %a = mul i32 %w2, 100
  %b = mul i32 %v3, 10000
  %c1 = mul i32 %n, 1000000
  %ab = add i32 %a, %b
  %abc = add i32 %ab, %c1
  %r = add i32 %abc, %w1
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
