; simd_shuffle_and_fill_up by 3 in vectors of 8, with all lanes, with some and with one.
; Lanes outside the mask and beyond the end of the grid (32 and then 18 threads) take no part.
;
; PY: def groups(mask):
; PY:     return [[i for i in range(b, min(b + 32, 50)) if mask >> i % 32 & 1] for b in (0, 32)]
; PY: xi = [(k * 37 + 11) % 101 - 50 for k in range(50)]
; PY: def ref(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         for i in group:
; PY:             v, p = i - i % 8, i % 8
; PY:             is_fill, source = p < 3, v + (p + 5 if p < 3 else p - 3)
; PY:             y[i] = (x[source] + (1000 if is_fill else 0)) if source in group else x[i]
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
  %fill = add i32 %v, 1000
  %r = call i32 @air.simd_shuffle_and_fill_up.s.i32(i32 %v, i32 %fill, i16 3, i16 8)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare i32 @air.simd_shuffle_and_fill_up.s.i32(i32, i32, i16, i16)
