; Float to half towards zero, up and down: by functions that the print brings along. Values between
; two halves, of both signs, subnormal, too large and not a number.
;
; PY: x = [1.0001, -1.0001, 2048.5, -2048.5, 1e-8, -1e-8, 70000.0, -70000.0, 6.0e-8, 0.0, 65519.0, 1.0]
; PY: z = [0x3c00, 0xbc00, 0x6800, 0xe800, 0, 0x8000, 0x7bff, 0xfbff, 1, 0, 0x7bff, 0x3c00]
; PY: p = [0x3c01, 0xbc00, 0x6801, 0xe800, 1, 0x8000, 0x7c00, 0xfbff, 2, 0, 0x7c00, 0x3c00]
; PY: n = [0x3c00, 0xbc01, 0x6800, 0xe801, 0, 0x8001, 0x7bff, 0xfc00, 1, 0, 0x7bff, 0x3c00]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %tz.npy u16 'z'
; RUN: %npy %tp.npy u16 'p'
; RUN: %npy %tn.npy u16 'n'
; RUN: %run %s --grid 12 --buf x=%tx.npy --buf z=u16[12] --buf p=u16[12] --buf n=u16[12] --expect z=%tz.npy --expect p=%tp.npy --expect n=%tn.npy
; RUN: %tmjit emit %s --as msl | FileCheck %s
; CHECK: static half half_rtz(float x)
; CHECK: return fabs(float(y)) > fabs(x) ? nextafter(y, 0.0h) : y;
; CHECK: static half half_rtp(float x)
; CHECK: static half half_rtn(float x)
; CHECK: z[i] = as_type<ushort>(half_rtz(

declare half @air.convert.f.f16.f.f32.rtz(float)
declare half @air.convert.f.f16.f.f32.rtp(float)
declare half @air.convert.f.f16.f.f32.rtn(float)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="ushort" %z, ptr addrspace(1) "tmjit.type"="ushort" %p, ptr addrspace(1) "tmjit.type"="ushort" %n, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %px = getelementptr float, ptr addrspace(1) %x, i64 %w
  %v = load float, ptr addrspace(1) %px, align 4
  %a = call half @air.convert.f.f16.f.f32.rtz(float %v)
  %b = call half @air.convert.f.f16.f.f32.rtp(float %v)
  %c = call half @air.convert.f.f16.f.f32.rtn(float %v)
  %ia = bitcast half %a to i16
  %ib = bitcast half %b to i16
  %ic = bitcast half %c to i16
  %pa = getelementptr i16, ptr addrspace(1) %z, i64 %w
  %pb = getelementptr i16, ptr addrspace(1) %p, i64 %w
  %pc = getelementptr i16, ptr addrspace(1) %n, i64 %w
  store i16 %ia, ptr addrspace(1) %pa, align 2
  store i16 %ib, ptr addrspace(1) %pb, align 2
  store i16 %ic, ptr addrspace(1) %pc, align 2
  ret void
}
