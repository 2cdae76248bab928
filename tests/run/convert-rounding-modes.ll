; air.convert with rounding suffixes: to zero, to even, up and down; and narrowing to half.
;
; PY: x = [0.5, 1.5, 2.5, -0.5, -1.5, 2.3, -2.3, 2.7]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy i32 '[v for a in x for v in (math.trunc(a), round(a), math.ceil(a), math.floor(a))]'
; RUN: %run %s --grid 8 --threadgroup 8 --buf x=%tx.npy --buf y=i32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = call i32 @air.convert.s.i32.f.f32.rtz(float %v)
  %b = call i32 @air.convert.s.i32.f.f32.rte(float %v)
  %c = call i32 @air.convert.s.i32.f.f32.rtp(float %v)
  %d = call i32 @air.convert.s.i32.f.f32.rtn(float %v)
  %at = mul i32 %i, 4
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %a, ptr addrspace(1) %p
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1
  store i32 %b, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2
  store i32 %c, ptr addrspace(1) %p2
  %p3 = getelementptr i32, ptr addrspace(1) %p, i32 3
  store i32 %d, ptr addrspace(1) %p3
  ret void
}
declare i32 @air.convert.s.i32.f.f32.rtz(float)
declare i32 @air.convert.s.i32.f.f32.rte(float)
declare i32 @air.convert.s.i32.f.f32.rtp(float)
declare i32 @air.convert.s.i32.f.f32.rtn(float)
