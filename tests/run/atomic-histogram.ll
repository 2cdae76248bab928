; A histogram: threadgroup atomics on colliding bins, then device atomics to merge.
;
; PY: x = [v * v % 17 for v in rand(4000, 5, 1000)]
; RUN: %npy %tx.npy u32 'x'
; RUN: %npy %t.npy u32 '[x.count(b) for b in range(17)]'
; RUN: %run %s --grid 4000 --threadgroup 256 --buf x=%tx.npy --buf y=u32[17]:zeros --expect y=%t.npy

@bins = internal addrspace(3) global [17 x i32] undef, align 4

define void @histogram(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t) "tmjit.kernel" {
entry:
  %isbin = icmp ult i32 %t, 17
  br i1 %isbin, label %clear, label %count
clear:
  %pc = getelementptr [17 x i32], ptr addrspace(3) @bins, i32 0, i32 %t
  store i32 0, ptr addrspace(3) %pc
  br label %count
count:
  call void @air.wg.barrier(i32 2, i32 1)
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %b = load i32, ptr addrspace(1) %px
  %pb = getelementptr [17 x i32], ptr addrspace(3) @bins, i32 0, i32 %b
  %o = call i32 @air.atomic.local.add.u.i32(ptr addrspace(3) %pb, i32 1, i32 0, i32 1, i1 true)
  call void @air.wg.barrier(i32 2, i32 1)
  br i1 %isbin, label %merge, label %done
merge:
  %pm = getelementptr [17 x i32], ptr addrspace(3) @bins, i32 0, i32 %t
  %n = load i32, ptr addrspace(3) %pm
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %t
  %p = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %py, i32 %n, i32 0, i32 2, i1 true)
  br label %done
done:
  ret void
}
declare void @air.wg.barrier(i32, i32)
declare i32 @air.atomic.local.add.u.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)
