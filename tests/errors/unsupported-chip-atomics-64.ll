; 64-bit atomics: the minimum and maximum from Apple8 on (not A15, A16), the others from
; Apple9 on.
;
; DEFINE: %{min} = %tmjit run %s --entry smallest --grid 8 --buf y=u64:100 --print y
; DEFINE: %{add} = %tmjit run %s --entry sum --grid 8 --buf y=u64:100 --print y
; RUN: %{min} --chip apple8 | FileCheck %s --check-prefix=MIN
; RUN: %{min} --chip m2 --engine interp | FileCheck %s --check-prefix=MIN
; RUN: %{min} --chip apple9 | FileCheck %s --check-prefix=MIN
; MIN: y = 0
; RUN: %{add} --chip apple9 | FileCheck %s --check-prefix=ADD
; RUN: %{add} --chip "a17 pro" | FileCheck %s --check-prefix=ADD
; RUN: %{add} | FileCheck %s --check-prefix=ADD
; ADD: y = 128
;
; RUN: not %{min} --chip m1 2>&1 | FileCheck %s --check-prefix=M1
; RUN: not %{min} --chip apple7 --engine interp 2>&1 | FileCheck %s --check-prefix=APPLE7
; RUN: not %{min} --chip a15 2>&1 | FileCheck %s --check-prefix=A15
; M1: error: 64-bit atomic minimum or maximum on m1 (apple7); apple8 for Macs and newer families have it [unsupported]
; APPLE7: error: 64-bit atomic minimum or maximum on apple7; apple8 for Macs and newer families have it [unsupported]
; A15: error: 64-bit atomic minimum or maximum on a15 (apple8); apple8 for Macs and newer families have it [unsupported]
; RUN: not %{add} --chip apple8 2>&1 | FileCheck %s --check-prefix=APPLE8
; RUN: not %{add} --chip "m2 max" --engine interp 2>&1 | FileCheck %s --check-prefix=M2
; APPLE8: -64.ll:[[#@LINE+10]]:3: error: 64-bit atomic on apple8; apple9 and newer have it [unsupported]
; M2: -64.ll:[[#@LINE+9]]:3: error: 64-bit atomic on m2 max (apple8); apple9 and newer have it [unsupported]

define void @smallest(ptr addrspace(1) "tmjit.type"="ulong" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = zext i32 %i to i64
  call void @air.atomic.global.min.u.i64(ptr addrspace(1) %y, i64 %v, i32 0, i32 2, i1 true)
  ret void
}
define void @sum(ptr addrspace(1) "tmjit.type"="ulong" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = zext i32 %i to i64
  %old = atomicrmw add ptr addrspace(1) %y, i64 %v monotonic, align 8
  ret void
}
declare void @air.atomic.global.min.u.i64(ptr addrspace(1), i64, i32, i32, i1)
