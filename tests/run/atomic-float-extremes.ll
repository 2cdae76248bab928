; The largest and the smallest float in device and in threadgroup memory. Metal's library lacks
; them: the print has a function of its own for each.
;
; PY: x = [(i * 37) % 64 - 20.5 for i in range(64)]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy f32 '[max(x), min(x), max(x[:32]), max(x[32:])]'
; RUN: %run %s --grid 64 --threadgroup 32 --buf x=%tx.npy --buf y=f32[4]:zeros --expect y=%t.npy
; RUN: %tmjit emit %s --as msl | FileCheck %s
; CHECK: static float atomic_fetch_max_float(device atomic_float *object, float operand)
; CHECK: while (!atomic_compare_exchange_weak_explicit(object, &old, fmax(old, operand),
; CHECK: static float atomic_fetch_max_float2(threadgroup atomic_float *object, float operand)
; CHECK: static float atomic_fetch_min_float(device atomic_float *object, float operand)
; CHECK: atomic_fetch_max_float((device atomic_float *)

@most = internal addrspace(3) global float undef

declare void @air.wg.barrier(i32, i32)

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %p = getelementptr float, ptr addrspace(1) %x, i64 %w
  %v = load float, ptr addrspace(1) %p, align 4
  %is.first = icmp eq i32 %l, 0
  br i1 %is.first, label %start, label %go
start:
  store float -1000.0, ptr addrspace(3) @most, align 4
  br label %go
go:
  call void @air.wg.barrier(i32 2, i32 1)
  %a = atomicrmw fmax ptr addrspace(1) %y, float %v monotonic
  %least = getelementptr float, ptr addrspace(1) %y, i64 1
  %b = atomicrmw fmin ptr addrspace(1) %least, float %v monotonic
  %c = atomicrmw fmax ptr addrspace(3) @most, float %v monotonic
  call void @air.wg.barrier(i32 2, i32 1)
  br i1 %is.first, label %last, label %end
last:
  %most = load float, ptr addrspace(3) @most, align 4
  %g2 = add i32 %g, 2
  %gw = zext i32 %g2 to i64
  %q = getelementptr float, ptr addrspace(1) %y, i64 %gw
  store float %most, ptr addrspace(1) %q, align 4
  br label %end
end:
  ret void
}
