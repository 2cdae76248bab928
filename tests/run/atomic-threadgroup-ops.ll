; Every read-modify-write on threadgroup memory, in threadgroups of 70.
;
; RUN: %npy %t.npy i32 '[v for g in range(2) for v in (sum(range(70)), -sum(range(70)), -3, 66, 0, 127, 207, 70 * 69 // 2)]'
; RUN: %run %s --grid 140 --threadgroup 70 --buf y=i32[16]:99 --expect y=%t.npy

@s = internal addrspace(3) global [8 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_index_in_threadgroup" %t, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g) "tmjit.kernel" {
entry:
  %few = icmp ult i32 %t, 8
  br i1 %few, label %clear, label %work
clear:
  %pc = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 %t
  %isand = icmp eq i32 %t, 4
  %start = select i1 %isand, i32 -1, i32 0
  store i32 %start, ptr addrspace(3) %pc
  br label %work
work:
  call void @air.wg.barrier(i32 2, i32 1)
  %v = sub i32 %t, 3
  %p1 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 1
  %p2 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 2
  %p3 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 3
  %p4 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 4
  %p5 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 5
  %p6 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 6
  %p7 = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 7
  %a0 = call i32 @air.atomic.local.add.s.i32(ptr addrspace(3) @s, i32 %t, i32 0, i32 1, i1 true)
  %a1 = call i32 @air.atomic.local.sub.s.i32(ptr addrspace(3) %p1, i32 %t, i32 0, i32 1, i1 true)
  %a2 = call i32 @air.atomic.local.min.s.i32(ptr addrspace(3) %p2, i32 %v, i32 0, i32 1, i1 true)
  %a3 = call i32 @air.atomic.local.max.s.i32(ptr addrspace(3) %p3, i32 %v, i32 0, i32 1, i1 true)
  %a4 = call i32 @air.atomic.local.and.u.i32(ptr addrspace(3) %p4, i32 %t, i32 0, i32 1, i1 true)
  %a5 = call i32 @air.atomic.local.or.u.i32(ptr addrspace(3) %p5, i32 %t, i32 0, i32 1, i1 true)
  %x = mul i32 %t, 3
  %a6 = call i32 @air.atomic.local.xor.u.i32(ptr addrspace(3) %p6, i32 %x, i32 0, i32 1, i1 true)
  %old = call i32 @air.atomic.local.xchg.i32(ptr addrspace(3) %p7, i32 %t, i32 0, i32 1, i1 true)
  call void @air.wg.barrier(i32 2, i32 1)
  ; the exchange: every value but the last to stay came back once; add them on top of it
  %o = call i32 @air.atomic.local.add.s.i32(ptr addrspace(3) %p7, i32 %old, i32 0, i32 1, i1 true)
  call void @air.wg.barrier(i32 2, i32 1)
  br i1 %few, label %write, label %done
write:
  %pr = getelementptr [8 x i32], ptr addrspace(3) @s, i32 0, i32 %t
  %r = load i32, ptr addrspace(3) %pr
  %g8 = mul i32 %g, 8
  %at = add i32 %g8, %t
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare void @air.wg.barrier(i32, i32)
declare i32 @air.atomic.local.add.s.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.sub.s.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.min.s.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.max.s.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.and.u.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.or.u.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.xor.u.i32(ptr addrspace(3), i32, i32, i32, i1)
declare i32 @air.atomic.local.xchg.i32(ptr addrspace(3), i32, i32, i32, i1)
