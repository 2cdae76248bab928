; Tiled matrix multiplication: two barriers a tile, two tiles of threadgroup memory, 2-D ids.
;
; PY: def a(r, c): return (r * 3 + c) % 5 - 2
; PY: def b(r, c): return (r + c * 2) % 7 - 3
; RUN: %npy %ta.npy f32 '[a(r, c) for r in range(16) for c in range(24)]'
; RUN: %npy %tb.npy f32 '[b(r, c) for r in range(24) for c in range(32)]'
; RUN: %npy %t.npy f32 '[sum(a(r, k) * b(k, c) for k in range(24)) for r in range(16) for c in range(32)]'
; RUN: %run %s --grid 32,16 --threadgroup 8,8 --buf a=%ta.npy --buf b=%tb.npy --buf c=f32[512]:zeros --expect c=%t.npy

@ta = internal addrspace(3) global [64 x float] undef, align 4
@tb = internal addrspace(3) global [64 x float] undef, align 4

; a: 16 x 24, b: 24 x 32, c: 16 x 32
define void @matmul(ptr addrspace(1) "tmjit.type"="float" %a, ptr addrspace(1) "tmjit.type"="float" %b, ptr addrspace(1) "tmjit.type"="float" %c, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos, <2 x i32> "tmjit.builtin"="thread_position_in_threadgroup" %t) "tmjit.kernel" {
entry:
  %col = extractelement <2 x i32> %pos, i32 0
  %row = extractelement <2 x i32> %pos, i32 1
  %tx = extractelement <2 x i32> %t, i32 0
  %ty = extractelement <2 x i32> %t, i32 1
  %ty8 = mul i32 %ty, 8
  %at = add i32 %ty8, %tx
  %pta = getelementptr [64 x float], ptr addrspace(3) @ta, i32 0, i32 %at
  %ptb = getelementptr [64 x float], ptr addrspace(3) @tb, i32 0, i32 %at
  br label %tiles
tiles:
  %k0 = phi i32 [ 0, %entry ], [ %k8, %next ]
  %acc0 = phi float [ 0.0, %entry ], [ %acc1, %next ]
  %row24 = mul i32 %row, 24
  %ka = add i32 %k0, %tx
  %ia = add i32 %row24, %ka
  %pa = getelementptr float, ptr addrspace(1) %a, i32 %ia
  %va = load float, ptr addrspace(1) %pa
  store float %va, ptr addrspace(3) %pta
  %kb = add i32 %k0, %ty
  %kb32 = mul i32 %kb, 32
  %ib = add i32 %kb32, %col
  %pb = getelementptr float, ptr addrspace(1) %b, i32 %ib
  %vb = load float, ptr addrspace(1) %pb
  store float %vb, ptr addrspace(3) %ptb
  call void @air.wg.barrier(i32 2, i32 1)
  br label %inner
inner:
  %k = phi i32 [ 0, %tiles ], [ %k1, %inner ]
  %acc = phi float [ %acc0, %tiles ], [ %acc1, %inner ]
  %ja = add i32 %ty8, %k
  %qa = getelementptr [64 x float], ptr addrspace(3) @ta, i32 0, i32 %ja
  %wa = load float, ptr addrspace(3) %qa
  %kk8 = mul i32 %k, 8
  %jb = add i32 %kk8, %tx
  %qb = getelementptr [64 x float], ptr addrspace(3) @tb, i32 0, i32 %jb
  %wb = load float, ptr addrspace(3) %qb
  %acc1 = call float @air.fma.f32(float %wa, float %wb, float %acc)
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 8
  br i1 %more, label %inner, label %next
next:
  call void @air.wg.barrier(i32 2, i32 1)
  %k8 = add i32 %k0, 8
  %tiled = icmp ult i32 %k8, 24
  br i1 %tiled, label %tiles, label %done
done:
  %row32 = mul i32 %row, 32
  %ic = add i32 %row32, %col
  %pc = getelementptr float, ptr addrspace(1) %c, i32 %ic
  store float %acc1, ptr addrspace(1) %pc
  ret void
}
declare void @air.wg.barrier(i32, i32)
declare float @air.fma.f32(float, float, float)
