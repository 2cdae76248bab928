; Vectors of integers with their bytes in the other order; floats and halves to bfloat in the
; roundings that are not to nearest: a NaN stays one, the largest finite one may become infinite.
;
; PY: import struct
; PY: def bits(x): return struct.unpack('<I', struct.pack('<f', x))[0]
; PY: def rounded(u, mode):
; PY:     if u & 0x7fffffff > 0x7f800000: return u >> 16 | 0x40
; PY:     away = mode == (2 if u >> 31 else 1)
; PY:     return (u + (0xffff if away else 0)) >> 16
; PY: floats = [0.0, -0.0, 1.0, 1.001, -1.001, 3e38, -3e38, 1e-40, -1e-40, float('inf'), -float('inf'),
; PY:           float('nan'), 3.4028234e38, -3.4028234e38, 65504.0, 0.333]
; PY: halves = [0.0, -0.0, 1.0, 1.001, -1.001, 65504.0, -65504.0, 6e-8, -6e-8, float('inf'), -float('inf'),
; PY:           float('nan'), 2049.0, -2047.0, 0.1, -0.1]
; PY: def half(x): return struct.unpack('<e', struct.pack('<e', x))[0]
; PY: def swap(w, n): return int.from_bytes(w.to_bytes(n, 'little'), 'big')
; RUN: %npy %t.f.npy f32 'floats'
; RUN: %npy %t.h.npy f16 'halves'
; RUN: %npy %t.w.npy u32 '[n * 0x9e3779b1 %% 2**32 for n in range(64)]'
; RUN: %npy %t.y.npy u16 '[rounded(u, m) for i in range(16) for u in (bits(floats[i]), bits(half(halves[i]))) for m in range(3)]'
; RUN: %npy %t.z.npy u32 '[swap(n * 0x9e3779b1 %% 2**32, 4) for n in range(64)]'
; RUN: %run %s --grid 16 --threadgroup 16 --buf f=%t.f.npy --buf h=%t.h.npy --buf w=%t.w.npy --buf y=u16[96]:zeros --buf z=u32[64]:zeros --expect y=%t.y.npy --expect z=%t.z.npy

declare <4 x i32> @llvm.bswap.v4i32(<4 x i32>)
declare bfloat @air.convert.f.bf16.f.f32.rtz(float)
declare bfloat @air.convert.f.bf16.f.f32.rtp(float)
declare bfloat @air.convert.f.bf16.f.f32.rtn(float)
declare bfloat @air.convert.f.bf16.f.f16.rtz(half)
declare bfloat @air.convert.f.bf16.f.f16.rtp(half)
declare bfloat @air.convert.f.bf16.f.f16.rtn(half)

define void @k(ptr addrspace(1) "tmjit.type"="float" %f, ptr addrspace(1) "tmjit.type"="half" %h, ptr addrspace(1) "tmjit.type"="uint4" %w, ptr addrspace(1) "tmjit.type"="ushort" %y, ptr addrspace(1) "tmjit.type"="uint4" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %fp = getelementptr float, ptr addrspace(1) %f, i32 %i
  %hp = getelementptr half, ptr addrspace(1) %h, i32 %i
  %wp = getelementptr <4 x i32>, ptr addrspace(1) %w, i32 %i
  %zp = getelementptr <4 x i32>, ptr addrspace(1) %z, i32 %i
  %first = mul i32 %i, 6
  %yp = getelementptr i16, ptr addrspace(1) %y, i32 %first
  %fv = load float, ptr addrspace(1) %fp
  %hv = load half, ptr addrspace(1) %hp
  %wv = load <4 x i32>, ptr addrspace(1) %wp
  %turned = call <4 x i32> @llvm.bswap.v4i32(<4 x i32> %wv)
  store <4 x i32> %turned, ptr addrspace(1) %zp
  %a = call bfloat @air.convert.f.bf16.f.f32.rtz(float %fv)
  %b = call bfloat @air.convert.f.bf16.f.f32.rtp(float %fv)
  %c = call bfloat @air.convert.f.bf16.f.f32.rtn(float %fv)
  %d = call bfloat @air.convert.f.bf16.f.f16.rtz(half %hv)
  %e = call bfloat @air.convert.f.bf16.f.f16.rtp(half %hv)
  %g = call bfloat @air.convert.f.bf16.f.f16.rtn(half %hv)
  %ai = bitcast bfloat %a to i16
  %bi = bitcast bfloat %b to i16
  %ci = bitcast bfloat %c to i16
  %di = bitcast bfloat %d to i16
  %ei = bitcast bfloat %e to i16
  %gi = bitcast bfloat %g to i16
  %p1 = getelementptr i16, ptr addrspace(1) %yp, i32 1
  %p2 = getelementptr i16, ptr addrspace(1) %yp, i32 2
  %p3 = getelementptr i16, ptr addrspace(1) %yp, i32 3
  %p4 = getelementptr i16, ptr addrspace(1) %yp, i32 4
  %p5 = getelementptr i16, ptr addrspace(1) %yp, i32 5
  store i16 %ai, ptr addrspace(1) %yp
  store i16 %bi, ptr addrspace(1) %p1
  store i16 %ci, ptr addrspace(1) %p2
  store i16 %di, ptr addrspace(1) %p3
  store i16 %ei, ptr addrspace(1) %p4
  store i16 %gi, ptr addrspace(1) %p5
  ret void
}
