; More threads in a threadgroup than the chip has, and than the kernel allows; as many as they
; allow are accepted.
;
; DEFINE: %{any} = %tmjit run %s --entry any --grid 4096
; RUN: %{any} --threadgroup 1024 --chip apple7
; RUN: %{any} --threadgroup 32,32 --chip apple8
; RUN: %{any} --threadgroup 16,8,8 --chip apple9
; RUN: %{any} --threadgroup 1024 --chip apple10
; RUN: not %{any} --threadgroup 1025 --chip apple7 2>&1 | FileCheck %s --check-prefix=A7
; RUN: not %{any} --threadgroup 1025 --chip m2 2>&1 | FileCheck %s --check-prefix=M2
; RUN: not %{any} --threadgroup 33,32 --chip apple9 --engine interp 2>&1 | FileCheck %s --check-prefix=A9
; RUN: not %{any} --threadgroup 4294967295,4294967295,4294967295 2>&1 | FileCheck %s --check-prefix=HUGE
; A7: error: threadgroup 1025 x 1 x 1; apple7 takes at most 1024 threads [invalid]
; M2: error: threadgroup 1025 x 1 x 1; m2 takes at most 1024 threads [invalid]
; A9: error: threadgroup 33 x 32 x 1; apple9 takes at most 1024 threads [invalid]
; HUGE: error: threadgroup 4294967295 x 4294967295 x 4294967295; apple10 takes at most 1024 threads [invalid]
;
; RUN: %tmjit run %s --entry some --grid 4096 --threadgroup 64
; RUN: not %tmjit run %s --entry some --grid 4096 --threadgroup 65 2>&1 | FileCheck %s --check-prefix=KERNEL
; KERNEL: error: threadgroup 65 x 1 x 1; kernel 'some' takes at most 64 threads [invalid]

define void @any() "tmjit.kernel" {
  ret void
}
define void @some() "tmjit.kernel" "tmjit.max_threads"="64" {
  ret void
}
