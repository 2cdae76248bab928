; Vectors of 8 shorts and of 16 chars as elements.
;
; RUN: %npy %t.npy i16 '[(k // 8 * 8 + 7 - k %% 8) * 3 for k in range(160)]'
; RUN: %npy %tc.npy i8 '[k + k // 16 for k in range(320)]'
; RUN: %npy %tx.npy i16 '[k for k in range(160)]'
; RUN: %npy %td.npy i8 '[k for k in range(320)]'
; RUN: %run %s --grid 20 --threadgroup 16 --buf x=%tx.npy --buf y=i16[160]:zeros --buf c=%td.npy --buf d=i8[320]:zeros --expect y=%t.npy --expect d=%tc.npy

define void @k(ptr addrspace(1) "tmjit.type"="short" %x, ptr addrspace(1) "tmjit.type"="short" %y, ptr addrspace(1) "tmjit.type"="char" %c, ptr addrspace(1) "tmjit.type"="char" %d, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr <8 x i16>, ptr addrspace(1) %x, i32 %i
  %v = load <8 x i16>, ptr addrspace(1) %px
  %r = shufflevector <8 x i16> %v, <8 x i16> poison, <8 x i32> <i32 7, i32 6, i32 5, i32 4, i32 3, i32 2, i32 1, i32 0>
  %r3 = mul <8 x i16> %r, splat (i16 3)
  %py = getelementptr <8 x i16>, ptr addrspace(1) %y, i32 %i
  store <8 x i16> %r3, ptr addrspace(1) %py
  %pc = getelementptr <16 x i8>, ptr addrspace(1) %c, i32 %i
  %w = load <16 x i8>, ptr addrspace(1) %pc
  %b = trunc i32 %i to i8
  %s0 = insertelement <16 x i8> poison, i8 %b, i32 0
  %s = shufflevector <16 x i8> %s0, <16 x i8> poison, <16 x i32> zeroinitializer
  %u = add <16 x i8> %w, %s
  %pd = getelementptr <16 x i8>, ptr addrspace(1) %d, i32 %i
  store <16 x i8> %u, ptr addrspace(1) %pd
  ret void
}
