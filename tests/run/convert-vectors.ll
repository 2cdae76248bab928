; air.convert on vectors: float4 to half4 and back, int4 to float4, float4 to uchar4.
;
; RUN: %npy %tx.npy f32 '[k * 1.37 for k in range(40)]'
; RUN: %npy %t.npy f32 '[f16(f32(k * 1.37)) + math.trunc(f32(k * 1.37)) for k in range(40)]'
; RUN: %npy %tb.npy u8 '[math.trunc(f32(k * 1.37)) for k in range(40)]'
; RUN: %run %s --grid 10 --threadgroup 10 --buf x=%tx.npy --buf y=f32[40]:zeros --buf b=u8[40]:zeros --expect y=%t.npy --expect b=%tb.npy

define void @k(ptr addrspace(1) "tmjit.type"="float4" %x, ptr addrspace(1) "tmjit.type"="float4" %y, ptr addrspace(1) "tmjit.type"="uchar4" %b, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <4 x float>, ptr addrspace(1) %x, i32 %i
  %v = load <4 x float>, ptr addrspace(1) %px
  %h = call <4 x half> @air.convert.f.v4f16.f.v4f32(<4 x float> %v)
  %w = call <4 x float> @air.convert.f.v4f32.f.v4f16(<4 x half> %h)
  %n = call <4 x i32> @air.convert.s.v4i32.f.v4f32(<4 x float> %v)
  %m = call <4 x float> @air.convert.f.v4f32.s.v4i32(<4 x i32> %n)
  %r = fadd <4 x float> %w, %m
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %r, ptr addrspace(1) %py
  %c = call <4 x i8> @air.convert.u.v4i8.f.v4f32(<4 x float> %v)
  %pb = getelementptr <4 x i8>, ptr addrspace(1) %b, i32 %i
  store <4 x i8> %c, ptr addrspace(1) %pb
  ret void
}
declare <4 x half> @air.convert.f.v4f16.f.v4f32(<4 x float>)
declare <4 x float> @air.convert.f.v4f32.f.v4f16(<4 x half>)
declare <4 x i32> @air.convert.s.v4i32.f.v4f32(<4 x float>)
declare <4 x float> @air.convert.f.v4f32.s.v4i32(<4 x i32>)
declare <4 x i8> @air.convert.u.v4i8.f.v4f32(<4 x float>)
