; Lanes that went through a divergent branch and loop are together again behind it.
;
; PY: v = [i * 2 if i % 3 == 0 else sum(range(i % 5)) for i in range(64)]
; RUN: %npy %t.npy i32 '[sum(v[i // 32 * 32:i // 32 * 32 + 32]) for i in range(64)]'
; RUN: %simd %s --grid 64 --threadgroup 64 --buf y=i32[64]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %m3 = urem i32 %i, 3
  %is0 = icmp eq i32 %m3, 0
  br i1 %is0, label %double, label %pre
double:
  %d = mul i32 %i, 2
  br label %join
pre:
  %n = urem i32 %i, 5
  br label %head
head:
  %k = phi i32 [ 0, %pre ], [ %k1, %body ]
  %s = phi i32 [ 0, %pre ], [ %s1, %body ]
  %in = icmp ult i32 %k, %n
  br i1 %in, label %body, label %join
body:
  %s1 = add i32 %s, %k
  %k1 = add i32 %k, 1
  br label %head
join:
  %v = phi i32 [ %d, %double ], [ %s, %head ]
  %r = call i32 @air.simd_sum.s.i32(i32 %v)
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %p
  ret void
}
declare i32 @air.simd_sum.s.i32(i32)
