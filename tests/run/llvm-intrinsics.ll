; LLVM's own arithmetic intrinsics, as third-party writers of AIR use them.
;
; PY: def ref(i):
; PY:     a, b = i * 7 - 100, 50 - i * 3
; PY:     x = i / 4 - 4
; PY:     return (min(a, b) + max(a, b) + abs(a) + bin(i).count("1") + (32 - i.bit_length()) + math.floor(x)
; PY:             + math.ceil(x) + abs(x) + min(x, 1.5) + max(x, -1.5) + math.copysign(2, x))
; RUN: %npy %t.npy f32 '[ref(i) for i in range(40)]'
; RUN: %run %s --grid 40 --threadgroup 40 --buf y=f32[40]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %i7 = mul i32 %i, 7
  %a = sub i32 %i7, 100
  %i3 = mul i32 %i, 3
  %b = sub i32 50, %i3
  %mn = call i32 @llvm.smin.i32(i32 %a, i32 %b)
  %mx = call i32 @llvm.smax.i32(i32 %a, i32 %b)
  %ab = call i32 @llvm.abs.i32(i32 %a, i1 false)
  %pc = call i32 @llvm.ctpop.i32(i32 %i)
  %lz = call i32 @llvm.ctlz.i32(i32 %i, i1 false)
  %s0 = add i32 %mn, %mx
  %s1 = add i32 %s0, %ab
  %s2 = add i32 %s1, %pc
  %s3 = add i32 %s2, %lz
  %s = sitofp i32 %s3 to float
  %f = uitofp i32 %i to float
  %f4 = fmul float %f, 0.25
  %x = fsub float %f4, 4.0
  %fl = call float @llvm.floor.f32(float %x)
  %ce = call float @llvm.ceil.f32(float %x)
  %fa = call float @llvm.fabs.f32(float %x)
  %fm = call float @llvm.minnum.f32(float %x, float 1.5)
  %fx = call float @llvm.maxnum.f32(float %x, float -1.5)
  %cs = call float @llvm.copysign.f32(float 2.0, float %x)
  %t0 = fadd float %s, %fl
  %t1 = fadd float %t0, %ce
  %t2 = fadd float %t1, %fa
  %t3 = fadd float %t2, %fm
  %t4 = fadd float %t3, %fx
  %t5 = fadd float %t4, %cs
  %p = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %t5, ptr addrspace(1) %p
  ret void
}
declare i32 @llvm.smin.i32(i32, i32)
declare i32 @llvm.smax.i32(i32, i32)
declare i32 @llvm.abs.i32(i32, i1)
declare i32 @llvm.ctpop.i32(i32)
declare i32 @llvm.ctlz.i32(i32, i1)
declare float @llvm.floor.f32(float)
declare float @llvm.ceil.f32(float)
declare float @llvm.fabs.f32(float)
declare float @llvm.minnum.f32(float, float)
declare float @llvm.maxnum.f32(float, float)
declare float @llvm.copysign.f32(float, float)
