; The same function in both arms of a branch combines the lanes of each arm by themselves.
;
; PY: x = [(i * 13 + 5) % 29 for i in range(40)]
; PY: def ref():
; PY:     out = [0] * 40
; PY:     for b in (0, 32):
; PY:         for odd in (0, 1):
; PY:             arm = [i for i in range(b, min(b + 32, 40)) if x[i] % 2 == odd]
; PY:             for i in arm: out[i] = max(x[j] for j in arm) + (100 if odd else 0)
; PY:     return out
; RUN: %npy %tx.npy i32 'x'
; RUN: %npy %t.npy i32 'ref()'
; RUN: %simd %s --grid 40 --threadgroup 40 --buf x=%tx.npy --buf y=i32[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %odd = trunc i32 %v to i1
  br i1 %odd, label %a, label %b
a:
  %ma = call i32 @air.simd_max.s.i32(i32 %v)
  %ma1 = add i32 %ma, 100
  br label %join
b:
  %mb = call i32 @air.simd_max.s.i32(i32 %v)
  br label %join
join:
  %r = phi i32 [ %ma1, %a ], [ %mb, %b ]
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
declare i32 @air.simd_max.s.i32(i32)
