; SIMD-group shuffle and fill: from Apple8 on, refused on chips of Apple7 with the place.
;
; DEFINE: %{run} = %tmjit run %s --grid 32 --threadgroup 32 --buf y=u32[32] --print y:all
; RUN: %{run} --chip apple8 | FileCheck %s
; RUN: %{run} --chip "M2 Ultra" | FileCheck %s
; RUN: %{run} --chip a15 --engine interp | FileCheck %s
; RUN: %{run} --chip apple9 | FileCheck %s
; RUN: %{run} --chip apple10 | FileCheck %s
; RUN: %{run} | FileCheck %s
; CHECK: y = 99 99 0 1 2 3
;
; RUN: not %{run} --chip apple7 2>&1 | FileCheck %s --check-prefix=FAMILY
; RUN: not %{run} --chip M1-Pro 2>&1 | FileCheck %s --check-prefix=M1
; RUN: not %{run} --chip a14 --engine interp 2>&1 | FileCheck %s --check-prefix=A14
; FAMILY: fill.ll:[[#@LINE+7]]:3: error: SIMD-group shuffle and fill on apple7; apple8 and newer have it [unsupported]
; M1: fill.ll:[[#@LINE+6]]:3: error: SIMD-group shuffle and fill on m1 pro (apple7); apple8 and newer have it [unsupported]
; A14: fill.ll:[[#@LINE+5]]:3: error: SIMD-group shuffle and fill on a14 (apple7); apple8 and newer have it [unsupported]

declare i32 @air.simd_shuffle_and_fill_up.u.i32(i32, i32, i16, i16)
define void @k(ptr addrspace(1) "tmjit.type"="uint" %y,
               i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = call i32 @air.simd_shuffle_and_fill_up.u.i32(i32 %i, i32 99, i16 2, i16 32)
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v, ptr addrspace(1) %p, align 4
  ret void
}
