; clz, ctz, popcount and reverse_bits; zero counts as 32 bits.
;
; PY: rows = [(i32(v),) for v in (0, 1, -1, 0x00010000, 0x80000000, 0x12345678, 255, 0x40)]
; PY: def clz(v): return 32 - u32(v).bit_length()
; PY: def ctz(v): return 32 if v == 0 else (u32(v) & -u32(v)).bit_length() - 1
; PY: def pop(v): return bin(u32(v)).count("1")
; PY: def rev(v): return i32(int(format(u32(v), "032b")[::-1], 2))
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %t.npy i32 '[clz(r[0]) for r in rows]'
; RUN: %run %s --entry clz --grid 8 --threadgroup 32 --buf a=%ta.npy --buf y=i32[8]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[ctz(r[0]) for r in rows]'
; RUN: %run %s --entry ctz --grid 8 --threadgroup 32 --buf a=%ta.npy --buf y=i32[8]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[pop(r[0]) for r in rows]'
; RUN: %run %s --entry popcount --grid 8 --threadgroup 32 --buf a=%ta.npy --buf y=i32[8]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[rev(r[0]) for r in rows]'
; RUN: %run %s --entry reverse --grid 8 --threadgroup 32 --buf a=%ta.npy --buf y=i32[8]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[8 - (r[0] & 255).bit_length() + 100 * pop(r[0] & 255) for r in rows]'
; RUN: %run %s --entry bytes --grid 8 --threadgroup 32 --buf a=%ta.npy --buf y=i32[8]:zeros --expect y=%t.npy

define void @clz(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %r = call i32 @air.clz.i32(i32 %av, i1 false)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @ctz(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %r = call i32 @air.ctz.i32(i32 %av, i1 false)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @popcount(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %r = call i32 @air.popcount.i32(i32 %av)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @reverse(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %r = call i32 @air.reverse_bits.i32(i32 %av)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @bytes(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %b = trunc i32 %av to i8
  %c = call i8 @air.clz.i8(i8 %b, i1 false)
  %p = call i8 @air.popcount.i8(i8 %b)
  %c32 = zext i8 %c to i32
  %p32 = zext i8 %p to i32
  %p100 = mul i32 %p32, 100
  %r = add i32 %c32, %p100
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.clz.i32(i32, i1)
declare i32 @air.ctz.i32(i32, i1)
declare i32 @air.popcount.i32(i32)
declare i32 @air.reverse_bits.i32(i32)
declare i8 @air.clz.i8(i8, i1)
declare i8 @air.popcount.i8(i8)
