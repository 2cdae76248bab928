; SPDX-License-Identifier: MIT
; Weighted sum of five neighbours; the two elements at either end are copied. One thread an
; element.
source_filename = "stencil.metal"
target datalayout = "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"
target triple = "air64-apple-macosx14.0.0"

define void @stencil(ptr addrspace(1) nocapture readonly "tmjit.type"="float" %src,
                     ptr addrspace(1) nocapture "tmjit.type"="float" %dst,
                     ptr addrspace(2) nocapture readonly "tmjit.type"="float" %w,
                     i32 "tmjit.builtin"="thread_position_in_grid" %i,
                     i32 "tmjit.builtin"="threads_per_grid" %n) "tmjit.kernel" {
entry:
  %i.wide = zext i32 %i to i64
  %src.at = getelementptr inbounds float, ptr addrspace(1) %src, i64 %i.wide
  %src.v = load float, ptr addrspace(1) %src.at, align 4
  %cmp = icmp ugt i32 %i, 1
  %add = add i32 %n, -2
  %cmp2 = icmp ult i32 %i, %add
  %and = and i1 %cmp, %cmp2
  br i1 %and, label %then, label %next

then:
  %w.v = load float, ptr addrspace(2) %w, align 4
  %add2 = add i32 %i, -2
  %add2.wide = zext i32 %add2 to i64
  %src.at2 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add2.wide
  %src.v2 = load float, ptr addrspace(1) %src.at2, align 4
  %fmul = fmul fast float %src.v2, %w.v
  %w.at = getelementptr inbounds i8, ptr addrspace(2) %w, i64 4
  %w.v2 = load float, ptr addrspace(2) %w.at, align 4
  %add3 = add i32 %i, -1
  %add3.wide = zext i32 %add3 to i64
  %src.at3 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add3.wide
  %src.v3 = load float, ptr addrspace(1) %src.at3, align 4
  %fmul2 = fmul fast float %src.v3, %w.v2
  %fadd = fadd fast float %fmul2, %fmul
  %w.at2 = getelementptr inbounds i8, ptr addrspace(2) %w, i64 8
  %w.v3 = load float, ptr addrspace(2) %w.at2, align 4
  %fmul3 = fmul fast float %w.v3, %src.v
  %fadd2 = fadd fast float %fadd, %fmul3
  %w.at3 = getelementptr inbounds i8, ptr addrspace(2) %w, i64 12
  %w.v4 = load float, ptr addrspace(2) %w.at3, align 4
  %add4 = add nuw i32 %i, 1
  %add4.wide = zext i32 %add4 to i64
  %src.at4 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add4.wide
  %src.v4 = load float, ptr addrspace(1) %src.at4, align 4
  %fmul4 = fmul fast float %src.v4, %w.v4
  %fadd3 = fadd fast float %fadd2, %fmul4
  %w.at4 = getelementptr inbounds i8, ptr addrspace(2) %w, i64 16
  %w.v5 = load float, ptr addrspace(2) %w.at4, align 4
  %add5 = add i32 %i, 2
  %add5.wide = zext i32 %add5 to i64
  %src.at5 = getelementptr inbounds float, ptr addrspace(1) %src, i64 %add5.wide
  %src.v5 = load float, ptr addrspace(1) %src.at5, align 4
  %fmul5 = fmul fast float %src.v5, %w.v5
  %fadd4 = fadd fast float %fadd3, %fmul5
  br label %next

next:
  %v = phi float [ %fadd4, %then ], [ %src.v, %entry ]
  %dst.at = getelementptr inbounds float, ptr addrspace(1) %dst, i64 %i.wide
  store float %v, ptr addrspace(1) %dst.at, align 4
  ret void
}
