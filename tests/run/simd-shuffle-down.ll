; simd_shuffle_down by 5; reading a lane that takes no part gives the own value, with all lanes, with some and with one.
; Lanes outside the mask and beyond the end of the grid (32 and then 18 threads) take no part.
;
; PY: def groups(mask):
; PY:     return [[i for i in range(b, min(b + 32, 50)) if mask >> i % 32 & 1] for b in (0, 32)]
; PY: xi = [(k * 37 + 11) % 101 - 50 for k in range(50)]
; PY: xf = [f32(((k * 37 + 11) % 101 - 50) / 7) for k in range(50)]
; PY: def ref(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         for i in group:
; PY:             b, lane = i - i % 32, i % 32
; PY:             source = b + (lane + 5 if lane < 27 else lane)
; PY:             y[i] = x[source] if source in group else x[i]
; PY:     return y
; RUN: %npy %tx.npy i32 'xi'
; RUN: %npy %t.npy i32 'ref(0xffffffff, xi)'
; RUN: %simd %s --entry k_i --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref(0x0f0f3355, xi)'
; RUN: %simd %s --entry k_i --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref(0x00000100, xi)'
; RUN: %simd %s --entry k_i --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=256 --expect y=%t.npy
; RUN: %npy %tx.npy f32 'xf'
; RUN: %npy %t.npy f32 'ref(0xffffffff, xf)'
; RUN: %simd %s --entry k_f --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy f32 'ref(0x0f0f3355, xf)'
; RUN: %simd %s --entry k_f --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy f32 'ref(0x00000100, xf)'
; RUN: %simd %s --entry k_f --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=256 --expect y=%t.npy

define void @k_i(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %r = call i32 @air.simd_shuffle_down.s.i32(i32 %v, i16 5)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @k_f(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.simd_shuffle_down.f32(float %v, i16 5)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare i32 @air.simd_shuffle_down.s.i32(i32, i16)
declare float @air.simd_shuffle_down.f32(float, i16)
