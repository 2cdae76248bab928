; simd_any of a varying condition, with all lanes, with some and with one.
; Lanes outside the mask and beyond the end of the grid (32 and then 18 threads) take no part.
;
; PY: def groups(mask):
; PY:     return [[i for i in range(b, min(b + 32, 50)) if mask >> i % 32 & 1] for b in (0, 32)]
; PY: xi = [(k * 37 + 11) % 101 - 50 for k in range(50)]
; PY: def ref(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         for i in group: y[i] = int(any(x[j] > 40 for j in group)) + 10 * int(any(x[j] > 100 for j in group)) + 100 * int(any(x[j] > -100 for j in group))
; PY:     return y
; RUN: %npy %tx.npy i32 'xi'
; RUN: %npy %t.npy i32 'ref(0xffffffff, xi)'
; RUN: %simd %s --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref(0x0f0f3355, xi)'
; RUN: %simd %s --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref(0x00000100, xi)'
; RUN: %simd %s --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=256 --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %c = icmp sgt i32 %v, 40
  %b = call i1 @air.simd_any(i1 %c)
  %r1 = zext i1 %b to i32
  %c2 = icmp sgt i32 %v, 100
  %b2 = call i1 @air.simd_any(i1 %c2)
  %r2 = select i1 %b2, i32 10, i32 0
  %c3 = icmp sgt i32 %v, -100
  %b3 = call i1 @air.simd_any(i1 %c3)
  %r3 = select i1 %b3, i32 100, i32 0
  %r12 = add i32 %r1, %r2
  %res = add i32 %r12, %r3
  %r = add i32 %res, 0
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare i1 @air.simd_any(i1)
