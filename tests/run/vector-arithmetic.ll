; Vectors of 2 to 16 components: arithmetic, shuffles, dynamic component access, select.
;
; PY: def ref(i):
; PY:     v = [i + c for c in range(4)]
; PY:     w = [a * b for a, b in zip(v, reversed(v))]
; PY:     w[i % 4] = 1000 + i
; PY:     picked = w[(i + 1) % 4]
; PY:     s = [a if a > b else b for a, b in zip(v, w)]
; PY:     return sum(s) + 10000 * picked + sum(range(16)) + 16 * i
; RUN: %npy %t.npy i32 '[ref(i) for i in range(50)]'
; RUN: %run %s --grid 50 --threadgroup 50 --buf y=i32[50]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %b0 = insertelement <4 x i32> poison, i32 %i, i32 0
  %b = shufflevector <4 x i32> %b0, <4 x i32> poison, <4 x i32> zeroinitializer
  %v = add <4 x i32> %b, <i32 0, i32 1, i32 2, i32 3>
  %rev = shufflevector <4 x i32> %v, <4 x i32> poison, <4 x i32> <i32 3, i32 2, i32 1, i32 0>
  %w0 = mul <4 x i32> %v, %rev
  %c = and i32 %i, 3
  %k = add i32 %i, 1000
  %w = insertelement <4 x i32> %w0, i32 %k, i32 %c
  %i1 = add i32 %i, 1
  %d = and i32 %i1, 3
  %picked = extractelement <4 x i32> %w, i32 %d
  %gt = icmp sgt <4 x i32> %v, %w
  %s = select <4 x i1> %gt, <4 x i32> %v, <4 x i32> %w
  %s0 = extractelement <4 x i32> %s, i32 0
  %s1 = extractelement <4 x i32> %s, i32 1
  %s2 = extractelement <4 x i32> %s, i32 2
  %s3 = extractelement <4 x i32> %s, i32 3
  %s01 = add i32 %s0, %s1
  %s23 = add i32 %s2, %s3
  %sum = add i32 %s01, %s23
  %p = mul i32 %picked, 10000
  %r0 = add i32 %sum, %p
  %wide = shufflevector <4 x i32> %b, <4 x i32> poison, <16 x i32> zeroinitializer
  %many = add <16 x i32> %wide, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %total = call i32 @total(<16 x i32> %many)
  %r = add i32 %r0, %total
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  ret void
}

define internal i32 @total(<16 x i32> %v) {
  %h = shufflevector <16 x i32> %v, <16 x i32> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %l = shufflevector <16 x i32> %v, <16 x i32> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %a8 = add <8 x i32> %h, %l
  %h4 = shufflevector <8 x i32> %a8, <8 x i32> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %l4 = shufflevector <8 x i32> %a8, <8 x i32> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %a4 = add <4 x i32> %h4, %l4
  %e0 = extractelement <4 x i32> %a4, i32 0
  %e1 = extractelement <4 x i32> %a4, i32 1
  %e2 = extractelement <4 x i32> %a4, i32 2
  %e3 = extractelement <4 x i32> %a4, i32 3
  %s0 = add i32 %e0, %e1
  %s1 = add i32 %e2, %e3
  %s = add i32 %s0, %s1
  ret i32 %s
}
