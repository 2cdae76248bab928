; All ten integer predicates on equal, smaller and larger values of either sign.
;
; PY: pairs = [(a, b) for a in (-2, 0, 3) for b in (-2, 0, 3)]
; PY: def bits(a, b):
; PY:     c = [a == b, a != b, a < b, a <= b, a > b, a >= b]
; PY:     u, v = u32(a), u32(b)
; PY:     return sum(1 << k for k, t in enumerate(c + [u < v, u <= v, u > v, u >= v]) if t)
; RUN: %npy %ta.npy i32 '[a for a, b in pairs]'
; RUN: %npy %tb.npy i32 '[b for a, b in pairs]'
; RUN: %npy %t.npy i32 '[bits(a, b) for a, b in pairs]'
; RUN: %run %s --grid 9 --threadgroup 9 --buf a=%ta.npy --buf b=%tb.npy --buf y=i32[9]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %a, ptr addrspace(1) "tmjit.type"="int" %b, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i
  %x = load i32, ptr addrspace(1) %pa
  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i
  %z = load i32, ptr addrspace(1) %pb
  %c0 = icmp eq i32 %x, %z
  %c1 = icmp ne i32 %x, %z
  %c2 = icmp slt i32 %x, %z
  %c3 = icmp sle i32 %x, %z
  %c4 = icmp sgt i32 %x, %z
  %c5 = icmp sge i32 %x, %z
  %c6 = icmp ult i32 %x, %z
  %c7 = icmp ule i32 %x, %z
  %c8 = icmp ugt i32 %x, %z
  %c9 = icmp uge i32 %x, %z
  %s0 = select i1 %c0, i32 1, i32 0
  %s1 = select i1 %c1, i32 2, i32 0
  %s2 = select i1 %c2, i32 4, i32 0
  %s3 = select i1 %c3, i32 8, i32 0
  %s4 = select i1 %c4, i32 16, i32 0
  %s5 = select i1 %c5, i32 32, i32 0
  %s6 = select i1 %c6, i32 64, i32 0
  %s7 = select i1 %c7, i32 128, i32 0
  %s8 = select i1 %c8, i32 256, i32 0
  %s9 = select i1 %c9, i32 512, i32 0
  %o1 = or i32 %s0, %s1
  %o2 = or i32 %o1, %s2
  %o3 = or i32 %o2, %s3
  %o4 = or i32 %o3, %s4
  %o5 = or i32 %o4, %s5
  %o6 = or i32 %o5, %s6
  %o7 = or i32 %o6, %s7
  %o8 = or i32 %o7, %s8
  %o9 = or i32 %o8, %s9
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %o9, ptr addrspace(1) %py
  ret void
}
