; A sum that a loop carries across barriers is in the coroutine's frame, and not pinned there any
; more when instructions are chosen: the uniform load is a broadcast from memory. The rounds are
; told by memory, again and again: slices might differ, and stay coroutines.
;
; RUN: %tmjit emit %s --as host --lanes 4 --threadgroup 8 --check none --after host-lcssa | FileCheck %s --check-prefix PINNED
; PINNED: freeze <4 x float>
;
; RUN: %tmjit emit %s --as host --lanes 4 --threadgroup 8 --check none | FileCheck %s
; CHECK: @kernel.resume
; CHECK: load float
; CHECK: fadd <4 x float>
; CHECK-NOT: freeze <4 x float>

@tile = internal addrspace(3) global [8 x float] undef

define void @k(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="int" %n, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l) "tmjit.kernel" {
entry:
  %mine = getelementptr float, ptr addrspace(3) @tile, i32 %l
  br label %tiles
tiles:
  %t = phi i32 [ 0, %entry ], [ %t1, %next ]
  %sum = phi float [ 0.0, %entry ], [ %sum1, %next ]
  %at = add i32 %t, %l
  %from = getelementptr float, ptr addrspace(1) %x, i32 %at
  %v = load float, ptr addrspace(1) %from
  store float %v, ptr addrspace(3) %mine
  call void @air.wg.barrier(i32 2, i32 1)
  br label %items
items:
  %i = phi i32 [ 0, %tiles ], [ %i1, %items ]
  %sum0 = phi float [ %sum, %tiles ], [ %sum1, %items ]
  %pi = getelementptr float, ptr addrspace(3) @tile, i32 %i
  %w = load float, ptr addrspace(3) %pi
  %f = fmul float %w, %v
  %sum1 = fadd float %sum0, %f
  %i1 = add i32 %i, 1
  %more = icmp ult i32 %i1, 8
  br i1 %more, label %items, label %next
next:
  call void @air.wg.barrier(i32 2, i32 1)
  %t1 = add i32 %t, 8
  %limit = load i32, ptr addrspace(1) %n
  %again = icmp ult i32 %t1, %limit
  br i1 %again, label %tiles, label %done
done:
  %to = getelementptr float, ptr addrspace(1) %y, i32 %l
  store float %sum1, ptr addrspace(1) %to
  ret void
}
declare void @air.wg.barrier(i32, i32)
