; More threads in a threadgroup than the model has, and than the kernel allows.
;
; RUN: not %tmjit run %s --entry any --grid 4096 --threadgroup 2048 2>&1 | FileCheck %s --check-prefix=MODEL
; RUN: not %tmjit run %s --entry some --grid 4096 --threadgroup 128 2>&1 | FileCheck %s --check-prefix=KERNEL
; MODEL: error: {{.*}}2048{{.*}}1024{{.*}} [invalid]
; KERNEL: error: {{.*}}128{{.*}}64{{.*}} [invalid]

define void @any() "tmjit.kernel" {
  ret void
}
define void @some() "tmjit.kernel" "tmjit.max_threads"="64" {
  ret void
}
