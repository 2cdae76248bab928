; Bit patterns between float and int, between vectors of different elements, half and ushort.
;
; RUN: %npy %t.npy u32 '[v for i in range(20) for v in (float_bits(i + 0.5), float_bits(i + 0.5) >> 16, 0x3c00 + 32 * i)]'
; RUN: %run %s --grid 20 --threadgroup 20 --buf y=u32[60]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %f = uitofp i32 %i to float
  %h = fadd float %f, 0.5
  %b = bitcast float %h to i32
  %v = bitcast float %h to <2 x i16>
  %hi = extractelement <2 x i16> %v, i32 1
  %hi32 = zext i16 %hi to i32
  %f16 = fmul float %f, 0.03125
  %g = fadd float %f16, 1.0
  %t = fptrunc float %g to half
  %tb = bitcast half %t to i16
  %tb32 = zext i16 %tb to i32
  %at = mul i32 %i, 3
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %b, ptr addrspace(1) %p
  %p1 = getelementptr i32, ptr addrspace(1) %p, i32 1
  store i32 %hi32, ptr addrspace(1) %p1
  %p2 = getelementptr i32, ptr addrspace(1) %p, i32 2
  store i32 %tb32, ptr addrspace(1) %p2
  ret void
}
