; Reads and writes through an index buffer, a permutation without any pattern.
;
; PY: p = sorted(range(90), key=lambda k: (k * 37 + 5) % 90 * 7 % 90 * 11 % 97)
; RUN: %npy %tp.npy i32 'p'
; RUN: %npy %tg.npy i32 '[p[i] * 3 for i in range(90)]'
; RUN: %npy %ts.npy i32 '[p.index(k) for k in range(90)]'
; RUN: %npy %tx.npy i32 '[k * 3 for k in range(90)]'
; RUN: %run %s --grid 90 --threadgroup 40 --buf p=%tp.npy --buf x=%tx.npy --buf g=i32[90]:zeros --buf s=i32[90]:-1 --expect g=%tg.npy --expect s=%ts.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %p, ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %g, ptr addrspace(1) "tmjit.type"="int" %s, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %pp = getelementptr i32, ptr addrspace(1) %p, i32 %i
  %at = load i32, ptr addrspace(1) %pp
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %at
  %v = load i32, ptr addrspace(1) %px
  %pg = getelementptr i32, ptr addrspace(1) %g, i32 %i
  store i32 %v, ptr addrspace(1) %pg
  %ps = getelementptr i32, ptr addrspace(1) %s, i32 %at
  store i32 %i, ptr addrspace(1) %ps
  ret void
}
