; A SIMD-group sum inside a loop that lanes leave one by one: each round adds the lanes still in.
;
; PY: def ref():
; PY:     out = [0] * 32
; PY:     for k in range(32):
; PY:         live = [i for i in range(32) if k <= i * 7 % 11]
; PY:         for i in live: out[i] += sum(live)
; PY:     return out
; RUN: %npy %t.npy i32 'ref()'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=i32[32]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %i7 = mul i32 %i, 7
  %lim = urem i32 %i7, 11
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s1, %loop ]
  %sum = call i32 @air.simd_sum.s.i32(i32 %i)
  %s1 = add i32 %s, %sum
  %k1 = add i32 %k, 1
  %more = icmp ule i32 %k1, %lim
  br i1 %more, label %loop, label %done
done:
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %s1, ptr addrspace(1) %p
  ret void
}
declare i32 @air.simd_sum.s.i32(i32)
