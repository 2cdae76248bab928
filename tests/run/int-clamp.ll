; clamp of int and uint between ordered bounds.
;
; PY: rows = [(v, lo, lo + d) for v in (-2**31, -5, 0, 5, 2**31 - 1) for lo in (-4, 0, 3) for d in (0, 4)]
; PY: def ref(v, lo, hi): return min(max(v, lo), hi)
; RUN: %npy %ta.npy i32 '[r[0] for r in rows]'
; RUN: %npy %tb.npy i32 '[r[1] for r in rows]'
; RUN: %npy %tc.npy i32 '[r[2] for r in rows]'
; RUN: %npy %t.npy i32 '[ref(*r) for r in rows]'
; RUN: %run %s --entry signed --grid 30 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=i32[30]:zeros --expect y=%t.npy
; RUN: %npy %t.npy i32 '[ref(r[0] & 7, r[1] & 3, r[1] & 3 | 4) for r in rows]'
; RUN: %run %s --entry unsigned --grid 30 --threadgroup 32 --buf a=%ta.npy --buf b=%tb.npy --buf c=%tc.npy --buf y=i32[30]:zeros --expect y=%t.npy

define void @signed(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %r = call i32 @air.clamp.s.i32(i32 %av, i32 %bv, i32 %cv)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define void @unsigned(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %c, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %av = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %bv = load i32, ptr addrspace(1) %pb
  %pc = getelementptr i32, ptr addrspace(1) %c, i32 %i
  %cv = load i32, ptr addrspace(1) %pc
  %al = and i32 %av, 7
  %bl = and i32 %bv, 3
  %cl = or i32 %bl, 4
  %r = call i32 @air.clamp.u.i32(i32 %al, i32 %bl, i32 %cl)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}
declare i32 @air.clamp.s.i32(i32, i32, i32)
declare i32 @air.clamp.u.i32(i32, i32, i32)
