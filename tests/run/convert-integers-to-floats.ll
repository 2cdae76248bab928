; Integers to float, half and bfloat: signed and unsigned, rounded to even once.
;
; PY: x = [0, 1, -1, 16777217, 16777219, -16777217, 2**31 - 1, -2**31, 2049, 2051, 257, 259]
; RUN: %npy %tx.npy i32 'x'
; RUN: %npy %t.npy f32 '[v for a in x for v in (f32(a), f32(u32(a)), f16(a %% 4096), bf16(f32(a %% 1024)), f32(wrap(a, 8, True)), f32(a & 1))]'
; RUN: %run %s --grid 12 --threadgroup 12 --buf x=%tx.npy --buf y=f32[72]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %a = call float @air.convert.f.f32.s.i32(i32 %v)
  %b = call float @air.convert.f.f32.u.i32(i32 %v)
  %v12 = and i32 %v, 4095
  %c = call half @air.convert.f.f16.u.i32(i32 %v12)
  %c32 = call float @air.convert.f.f32.f.f16(half %c)
  %v10 = and i32 %v, 1023
  %v16 = trunc i32 %v10 to i16
  %d = call bfloat @air.convert.f.bf16.s.i16(i16 %v16)
  %d32 = call float @air.convert.f.f32.f.bf16(bfloat %d)
  %v8 = trunc i32 %v to i8
  %e = call float @air.convert.f.f32.s.i8(i8 %v8)
  %v1 = trunc i32 %v to i1
  %f = call float @air.convert.f.f32.u.i1(i1 %v1)
  %at = mul i32 %i, 6
  %p = getelementptr float, ptr addrspace(1) %y, i32 %at
  store float %a, ptr addrspace(1) %p
  %p1 = getelementptr float, ptr addrspace(1) %p, i32 1
  store float %b, ptr addrspace(1) %p1
  %p2 = getelementptr float, ptr addrspace(1) %p, i32 2
  store float %c32, ptr addrspace(1) %p2
  %p3 = getelementptr float, ptr addrspace(1) %p, i32 3
  store float %d32, ptr addrspace(1) %p3
  %p4 = getelementptr float, ptr addrspace(1) %p, i32 4
  store float %e, ptr addrspace(1) %p4
  %p5 = getelementptr float, ptr addrspace(1) %p, i32 5
  store float %f, ptr addrspace(1) %p5
  ret void
}
declare float @air.convert.f.f32.s.i32(i32)
declare float @air.convert.f.f32.u.i32(i32)
declare half @air.convert.f.f16.u.i32(i32)
declare float @air.convert.f.f32.f.f16(half)
declare bfloat @air.convert.f.bf16.s.i16(i16)
declare float @air.convert.f.f32.f.bf16(bfloat)
declare float @air.convert.f.f32.s.i8(i8)
declare float @air.convert.f.f32.u.i1(i1)
