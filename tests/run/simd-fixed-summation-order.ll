; Float sums that depend on the order of additions: butterfly over lane distances 16, 8, 4, 2, 1.
;
; PY: x = [f32((v - 500) * 10.0 ** (v % 9 - 4)) for v in rand(64, 17, 1000)]
; PY: def butterfly(v):
; PY:     for d in (16, 8, 4, 2, 1): v = [f32(v[i] + v[i ^ d]) for i in range(32)]
; PY:     return v[0]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[butterfly(x[:32]), butterfly(x[32:])]'
; RUN: %simd %s --grid 64 --threadgroup 64 --buf x=%tx.npy --buf y=f32[2]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s) "tmjit.kernel" {
entry:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = call float @air.simd_sum.f32(float %v)
  %first = call i1 @air.simd_is_first()
  br i1 %first, label %put, label %done
put:
  %p = getelementptr float, ptr addrspace(1) %y, i32 %s
  store float %a, ptr addrspace(1) %p
  br label %done
done:
  ret void
}
declare float @air.simd_sum.f32(float)
declare i1 @air.simd_is_first()
