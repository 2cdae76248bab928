; The usual two-stage sum: SIMD-group sums to threadgroup memory, a barrier, one SIMD-group more.
;
; PY: x = [(i * 31 + 7) % 64 - 20 for i in range(3000)]
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t1000.npy f32 '[sum(x[g:g + 1000]) for g in range(0, 3000, 1000)]'
; RUN: %simd %s --grid 3000 --threadgroup 1000 --buf x=%tx.npy --buf y=f32[3]:zeros --expect y=%t1000.npy
; RUN: %npy %t96.npy f32 '[sum(x[g:g + 96]) for g in range(0, 3000, 96)]'
; RUN: %simd %s --grid 3000 --threadgroup 96 --buf x=%tx.npy --buf y=f32[32]:zeros --expect y=%t96.npy
; RUN: %npy %t33.npy f32 '[sum(x[g:g + 33]) for g in range(0, 3000, 33)]'
; RUN: %simd %s --grid 3000 --threadgroup 33 --buf x=%tx.npy --buf y=f32[91]:zeros --expect y=%t33.npy

@partial = internal addrspace(3) global [32 x float] undef, align 4

define void @sum(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="threadgroup_position_in_grid" %g, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane, i32 "tmjit.builtin"="simdgroup_index_in_threadgroup" %s, i32 "tmjit.builtin"="simdgroups_per_threadgroup" %n) "tmjit.kernel" {
entry:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = call float @air.simd_sum.f32(float %v)
  %first = icmp eq i32 %lane, 0
  br i1 %first, label %put, label %meet
put:
  %ps = getelementptr [32 x float], ptr addrspace(3) @partial, i32 0, i32 %s
  store float %a, ptr addrspace(3) %ps
  br label %meet
meet:
  call void @air.wg.barrier(i32 2, i32 1)
  %lead = icmp eq i32 %s, 0
  br i1 %lead, label %second, label %done
second:
  %have = icmp ult i32 %lane, %n
  br i1 %have, label %get, label %add
get:
  %pl = getelementptr [32 x float], ptr addrspace(3) @partial, i32 0, i32 %lane
  %l = load float, ptr addrspace(3) %pl
  br label %add
add:
  %w = phi float [ 0.0, %second ], [ %l, %get ]
  %b = call float @air.simd_sum.f32(float %w)
  br i1 %first, label %write, label %done
write:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %g
  store float %b, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare float @air.simd_sum.f32(float)
declare void @air.wg.barrier(i32, i32)
