; The barrier is in a function that the kernel calls twice, once in a loop.
;
; RUN: %npy %t.npy i32 '[(i + 5) %% 70 for i in range(70)]'
; RUN: %run %s --grid 70 --threadgroup 70 --buf y=i32[70]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [70 x i32] undef, align 4

; what the next thread passes, around the end
define internal i32 @next(i32 %v, i32 %t) convergent noinline {
  %p = getelementptr [70 x i32], ptr addrspace(3) @tile, i32 0, i32 %t
  store i32 %v, ptr addrspace(3) %p
  call void @air.wg.barrier(i32 2, i32 1)
  %t1 = add i32 %t, 1
  %m = urem i32 %t1, 70
  %q = getelementptr [70 x i32], ptr addrspace(3) @tile, i32 0, i32 %m
  %w = load i32, ptr addrspace(3) %q
  call void @air.wg.barrier(i32 2, i32 1)
  ret i32 %w
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %first = call i32 @next(i32 %i, i32 %i)
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %v = phi i32 [ %first, %entry ], [ %v1, %loop ]
  %v1 = call i32 @next(i32 %v, i32 %i)
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 4
  br i1 %more, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %v1, ptr addrspace(1) %p
  ret void
}
declare void @air.wg.barrier(i32, i32)
