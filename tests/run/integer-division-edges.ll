; Division never traps: x / 0 is x, x % 0 is 0, INT_MIN / -1 is INT_MIN with remainder 0.
;
; PY: A = [7, -7, 0, -2**31, -2**31, 5, -5, 100]
; PY: B = [2, 2, 0, -1, 0, 0, -2, -7]
; PY: def div(a, b):
; PY:     if b == 0: return a
; PY:     q = abs(a) // abs(b)
; PY:     return i32(q if (a < 0) == (b < 0) else -q)
; PY: def rem(a, b):
; PY:     return 0 if b == 0 else i32(a - div(a, b) * b) if (a, b) != (-2**31, -1) else 0
; RUN: %npy %ta.npy i32 'A'
; RUN: %npy %tb.npy i32 'B'
; RUN: %npy %t.npy i32 '[v for a, b in zip(A, B) for v in (div(a, b), rem(a, b), (u32(a) // u32(b) if b else a), (u32(a) %% u32(b) if b else 0))]'
; RUN: %run %s --grid 8 --threadgroup 8 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %va = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %vb = load i32, ptr addrspace(1) %pb
  %q = sdiv i32 %va, %vb
  %r = srem i32 %va, %vb
  %uq = udiv i32 %va, %vb
  %ur = urem i32 %va, %vb
  %at = mul i32 %i, 4
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %q, ptr addrspace(1) %p
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1
  store i32 %r, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2
  store i32 %uq, ptr addrspace(1) %p2
  %p3 = getelementptr i32, ptr addrspace(1) %p, i32 3
  store i32 %ur, ptr addrspace(1) %p3
  ret void
}
