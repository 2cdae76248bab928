; thread_elements() as compilers pass it: <2 x float> into a matrix and back through shuffles, a
; pair from two matrices, and a constant pair in every lane.
;
; PY: def place(l): return (l // 4 & 4) + l // 2 % 4, (l // 4 & 2) * 2 + l % 2 * 2
; PY: def tile(of):
; PY:     m = [[0.0] * 8 for _ in range(8)]
; PY:     for l in range(32):
; PY:         r, c = place(l)
; PY:         m[r][c], m[r][c + 1] = of(l)
; PY:     return m
; PY: def product(a, b, c): return [[sum(a[r][k] * b[k][j] for k in range(8)) + c[r][j] for j in range(8)] for r in range(8)]
; PY: one = tile(lambda l: (2 * l, 2 * l + 1))
; PY: two = tile(lambda l: (2.0, 3.0))
; PY: mixed = tile(lambda l: (3.0, 2 * l))
; PY: zero = tile(lambda l: (0.0, 0.0))
; PY: answer = product(one, two, mixed)
; PY: pairs = [v for l in range(32) for v in (lambda r, c: (answer[r][c + 1], answer[r][c]))(*place(l))]
; RUN: %npy %t0.npy f32 '[v for row in answer for v in row]'
; RUN: %npy %t1.npy f32 'pairs'
; RUN: %simd %s --grid 32 --threadgroup 32 --buf y=f32[64]:zeros --buf p=f32[64]:zeros --expect y=%t0.npy --expect p=%t1.npy

define void @k(ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(1) "tmjit.type"="float" %p, i32 "tmjit.builtin"="thread_index_in_simdgroup" %l) "tmjit.kernel" {
  %twice = mul i32 %l, 2
  %more = add i32 %twice, 1
  %f0 = uitofp i32 %twice to float
  %f1 = uitofp i32 %more to float
  %v0 = insertelement <2 x float> poison, float %f0, i32 0
  %v1 = insertelement <2 x float> %v0, float %f1, i32 1
  %wide = shufflevector <2 x float> %v1, <2 x float> poison, <64 x i32> <i32 0,i32 1,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison>
  %a = shufflevector <64 x float> %wide, <64 x float> undef, <64 x i32> <i32 0,i32 1,i32 66,i32 67,i32 68,i32 69,i32 70,i32 71,i32 72,i32 73,i32 74,i32 75,i32 76,i32 77,i32 78,i32 79,i32 80,i32 81,i32 82,i32 83,i32 84,i32 85,i32 86,i32 87,i32 88,i32 89,i32 90,i32 91,i32 92,i32 93,i32 94,i32 95,i32 96,i32 97,i32 98,i32 99,i32 100,i32 101,i32 102,i32 103,i32 104,i32 105,i32 106,i32 107,i32 108,i32 109,i32 110,i32 111,i32 112,i32 113,i32 114,i32 115,i32 116,i32 117,i32 118,i32 119,i32 120,i32 121,i32 122,i32 123,i32 124,i32 125,i32 126,i32 127>
  %b = shufflevector <64 x float> <float 2.0,float 3.0,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison,float poison>, <64 x float> %a, <64 x i32> <i32 0,i32 1,i32 66,i32 67,i32 68,i32 69,i32 70,i32 71,i32 72,i32 73,i32 74,i32 75,i32 76,i32 77,i32 78,i32 79,i32 80,i32 81,i32 82,i32 83,i32 84,i32 85,i32 86,i32 87,i32 88,i32 89,i32 90,i32 91,i32 92,i32 93,i32 94,i32 95,i32 96,i32 97,i32 98,i32 99,i32 100,i32 101,i32 102,i32 103,i32 104,i32 105,i32 106,i32 107,i32 108,i32 109,i32 110,i32 111,i32 112,i32 113,i32 114,i32 115,i32 116,i32 117,i32 118,i32 119,i32 120,i32 121,i32 122,i32 123,i32 124,i32 125,i32 126,i32 127>
  %c = shufflevector <64 x float> %a, <64 x float> %b, <64 x i32> <i32 65,i32 0,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison,i32 poison>
  %m = call <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float> %a, <64 x float> %b, <64 x float> %c)
  call void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float> %m, ptr addrspace(1) %y, i64 8, <2 x i64> zeroinitializer, i1 false)
  %pair = shufflevector <64 x float> %m, <64 x float> poison, <2 x i32> <i32 1, i32 0>
  %at = getelementptr <2 x float>, ptr addrspace(1) %p, i32 %l
  store <2 x float> %pair, ptr addrspace(1) %at
  ret void
}

declare void @air.simdgroup_matrix_8x8_store.v64f32.p1f32(<64 x float>, ptr addrspace(1), i64, <2 x i64>, i1)
declare <64 x float> @air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32.v64f32(<64 x float>, <64 x float>, <64 x float>)
