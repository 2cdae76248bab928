; A float maximum made of a compare-and-exchange loop, by all threads on one word.
;
; PY: x = [v / 8 - 500 for v in rand(2000, 11, 8000)]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy u32 '[float_bits(max(x))]'
; RUN: %run %s --grid 2000 --threadgroup 64 --buf x=%tx.npy --buf y=u32:4286578688 --expect y=%t.npy

define void @maximum(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="uint" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %box = alloca i32, align 4
  %p = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %p
  %bits = bitcast float %v to i32
  %first = call i32 @air.atomic.global.load.i32(ptr addrspace(1) %y, i32 0, i32 2, i1 true)
  store i32 %first, ptr %box
  br label %head
head:
  %old = load i32, ptr %box
  %oldf = bitcast i32 %old to float
  %greater = fcmp ogt float %v, %oldf
  br i1 %greater, label %try, label %done
try:
  %was = call i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) %y, ptr %box, i32 %bits, i32 0, i32 0, i32 2, i1 true)
  %ok = icmp eq i32 %was, %old
  br i1 %ok, label %done, label %head
done:
  ret void
}
declare i32 @air.atomic.global.load.i32(ptr addrspace(1), i32, i32, i1)
declare i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1), ptr, i32, i32, i32, i32, i1)
