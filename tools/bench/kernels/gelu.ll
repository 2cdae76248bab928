; SPDX-License-Identifier: MIT
; dst[i] = gelu(src[i]), the tanh form. One thread an element.
source_filename = "gelu.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

define void @gelu(ptr addrspace(1) nocapture readonly "tmjit.type"="float" %src,
                  ptr addrspace(1) nocapture "tmjit.type"="float" %dst,
                  i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i.wide = zext i32 %i to i64
  %src.at = getelementptr inbounds float, ptr addrspace(1) %src, i64 %i.wide
  %src.v = load float, ptr addrspace(1) %src.at, align 4
  %fmul = fmul fast float %src.v, %src.v
  %fmul2 = fmul fast float %fmul, 0x3FA6E4E260000000
  %fmul3 = fmul fast float %fmul2, %src.v
  %fadd = fadd fast float %fmul3, %src.v
  %fmul4 = fmul fast float %fadd, 0x3FE9884540000000
  %tanh = tail call fast float @air.fast_tanh.f32(float %fmul4)
  %fmul5 = fmul fast float %src.v, 5.000000e-01
  %fadd2 = fadd fast float %tanh, 1.000000e+00
  %fmul6 = fmul fast float %fmul5, %fadd2
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %i.wide
  store float %fmul6, ptr addrspace(1) %dst.at, align 4
  ret void
}

declare float @air.fast_tanh.f32(float) #0

attributes #0 = { nounwind readnone willreturn }
