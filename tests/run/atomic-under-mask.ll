; Atomics in a divergent branch and in a divergent loop act for the active threads only.
;
; PY: odd = [i for i in range(1000) if i % 2]
; RUN: %npy %t.npy i32 '[len(odd), sum(odd), sum(i %% 5 for i in range(1000))]'
; RUN: %run %s --grid 1000 --threadgroup 72 --buf y=i32[3]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p1 = getelementptr i32, ptr addrspace(1) %y, i32 1
  %p2 = getelementptr i32, ptr addrspace(1) %y, i32 2
  %odd = trunc i32 %i to i1
  br i1 %odd, label %add, label %pre
add:
  %a = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %y, i32 1, i32 0, i32 2, i1 true)
  %b = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %p1, i32 %i, i32 0, i32 2, i1 true)
  br label %pre
pre:
  %n = urem i32 %i, 5
  br label %head
head:
  %k = phi i32 [ 0, %pre ], [ %k1, %body ]
  %in = icmp ult i32 %k, %n
  br i1 %in, label %body, label %done
body:
  %c = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %p2, i32 1, i32 0, i32 2, i1 true)
  %k1 = add i32 %k, 1
  br label %head
done:
  ret void
}
declare i32 @air.atomic.global.add.s.i32(ptr addrspace(1), i32, i32, i32, i1)
