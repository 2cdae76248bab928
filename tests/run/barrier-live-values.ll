; Values of many kinds live across a barrier: integers, floats, vectors, flags, pointers and a
; private array.
;
; PY: def ref(i):
; PY:     arr = [i * k for k in range(4)]
; PY:     return i * 3 + 2 * (i ^ 1) + (i + 2) * (i + 1) + (1000 if i % 3 == 0 else 0) + arr[i % 4] + i
; RUN: %npy %t.npy f32 '[ref(i) for i in range(66)]'
; RUN: %run %s --grid 66 --threadgroup 66 --buf x=i32[66]:iota --buf y=f32[66]:zeros --expect y=%t.npy

@tile = internal addrspace(3) global [66 x i32] undef, align 4

define void @k(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %arr = alloca [4 x i32], align 4
  br label %fill
fill:
  %k = phi i32 [ 0, %entry ], [ %k1, %fill ]
  %ik = mul i32 %i, %k
  %pk = getelementptr [4 x i32], ptr %arr, i32 0, i32 %k
  store i32 %ik, ptr %pk
  %k1 = add i32 %k, 1
  %more = icmp ult i32 %k1, 4
  br i1 %more, label %fill, label %cross
cross:
  %i3 = mul i32 %i, 3
  %f = uitofp i32 %i to float
  %f1 = fadd float %f, 1.0
  %f2 = fadd float %f, 2.0
  %v0 = insertelement <2 x float> poison, float %f1, i32 0
  %v = insertelement <2 x float> %v0, float %f2, i32 1
  %m = urem i32 %i, 3
  %flag = icmp eq i32 %m, 0
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %t = getelementptr [66 x i32], ptr addrspace(3) @tile, i32 0, i32 %i
  store i32 %i, ptr addrspace(3) %t
  call void @air.wg.barrier(i32 2, i32 1)
  %j = xor i32 %i, 1
  %u = getelementptr [66 x i32], ptr addrspace(3) @tile, i32 0, i32 %j
  %w = load i32, ptr addrspace(3) %u
  %w2 = shl i32 %w, 1
  %va = extractelement <2 x float> %v, i32 0
  %vb = extractelement <2 x float> %v, i32 1
  %prod = fmul float %va, %vb
  %thousand = select i1 %flag, i32 1000, i32 0
  %at = and i32 %i, 3
  %pa = getelementptr [4 x i32], ptr %arr, i32 0, i32 %at
  %a = load i32, ptr %pa
  %b = load i32, ptr addrspace(1) %px
  %s1 = add i32 %i3, %w2
  %s2 = add i32 %s1, %thousand
  %s3 = add i32 %s2, %a
  %s4 = add i32 %s3, %b
  %sf = sitofp i32 %s4 to float
  %r = fadd float %sf, %prod
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  ret void
}
declare void @air.wg.barrier(i32, i32)
