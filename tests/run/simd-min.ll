; simd_min of int, uint, float and short, with all lanes, with some and with one.
; Lanes outside the mask and beyond the end of the grid (32 and then 18 threads) take no part.
;
; PY: def groups(mask):
; PY:     return [[i for i in range(b, min(b + 32, 50)) if mask >> i % 32 & 1] for b in (0, 32)]
; PY: xi = [(k * 37 + 11) % 101 - 50 for k in range(50)]
; PY: xu = [u32((k * 37 + 11) % 101 - 50) for k in range(50)]
; PY: xf = [f32(((k * 37 + 11) % 101 - 50) / 7) for k in range(50)]
; PY: xs = [(k * 37 + 11) % 101 - 50 for k in range(50)]
; PY: def ref_i(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         v = [2**31 - 1] * 32
; PY:         for i in group: v[i % 32] = x[i]
; PY:         for d in (16, 8, 4, 2, 1): v = [i32(min(v[i], v[i ^ d])) for i in range(32)]
; PY:         for i in group: y[i] = v[0]
; PY:     return y
; PY: def ref_u(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         v = [2**32 - 1] * 32
; PY:         for i in group: v[i % 32] = x[i]
; PY:         for d in (16, 8, 4, 2, 1): v = [u32(min(v[i], v[i ^ d])) for i in range(32)]
; PY:         for i in group: y[i] = v[0]
; PY:     return y
; PY: def ref_f(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         v = [inf] * 32
; PY:         for i in group: v[i % 32] = x[i]
; PY:         for d in (16, 8, 4, 2, 1): v = [f32(min(v[i], v[i ^ d])) for i in range(32)]
; PY:         for i in group: y[i] = v[0]
; PY:     return y
; PY: def ref_s(mask, x):
; PY:     y = [77] * 50
; PY:     for group in groups(mask):
; PY:         v = [32767] * 32
; PY:         for i in group: v[i % 32] = x[i]
; PY:         for d in (16, 8, 4, 2, 1): v = [(lambda v: wrap(v, 16, True))(min(v[i], v[i ^ d])) for i in range(32)]
; PY:         for i in group: y[i] = v[0]
; PY:     return y
; RUN: %npy %tx.npy i32 'xi'
; RUN: %npy %t.npy i32 'ref_i(0xffffffff, xi)'
; RUN: %simd %s --entry min_i --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref_i(0x0f0f3355, xi)'
; RUN: %simd %s --entry min_i --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy i32 'ref_i(0x00000100, xi)'
; RUN: %simd %s --entry min_i --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i32[50]:77 --set mask=256 --expect y=%t.npy
; RUN: %npy %tx.npy u32 'xu'
; RUN: %npy %t.npy u32 'ref_u(0xffffffff, xu)'
; RUN: %simd %s --entry min_u --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=u32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy u32 'ref_u(0x0f0f3355, xu)'
; RUN: %simd %s --entry min_u --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=u32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy u32 'ref_u(0x00000100, xu)'
; RUN: %simd %s --entry min_u --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=u32[50]:77 --set mask=256 --expect y=%t.npy
; RUN: %npy %tx.npy f32 'xf'
; RUN: %npy %t.npy f32 'ref_f(0xffffffff, xf)'
; RUN: %simd %s --entry min_f --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy f32 'ref_f(0x0f0f3355, xf)'
; RUN: %simd %s --entry min_f --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy f32 'ref_f(0x00000100, xf)'
; RUN: %simd %s --entry min_f --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=f32[50]:77 --set mask=256 --expect y=%t.npy
; RUN: %npy %tx.npy i16 'xs'
; RUN: %npy %t.npy i16 'ref_s(0xffffffff, xs)'
; RUN: %simd %s --entry min_s --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i16[50]:77 --set mask=4294967295 --expect y=%t.npy
; RUN: %npy %t.npy i16 'ref_s(0x0f0f3355, xs)'
; RUN: %simd %s --entry min_s --grid 50 --threadgroup 64 --buf x=%tx.npy --buf y=i16[50]:77 --set mask=252654421 --expect y=%t.npy
; RUN: %npy %t.npy i16 'ref_s(0x00000100, xs)'
; RUN: %simd %s --entry min_s --grid 50 --threadgroup 32 --buf x=%tx.npy --buf y=i16[50]:77 --set mask=256 --expect y=%t.npy

define void @min_i(ptr addrspace(1) "tmjit.type"="int" %x, ptr addrspace(1) "tmjit.type"="int" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %r = call i32 @air.simd_min.s.i32(i32 %v)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @min_u(ptr addrspace(1) "tmjit.type"="uint" %x, ptr addrspace(1) "tmjit.type"="uint" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i
  %v = load i32, ptr addrspace(1) %px
  %r = call i32 @air.simd_min.u.i32(i32 %v)
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i
  store i32 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @min_f(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="float" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %r = call float @air.simd_min.f32(float %v)
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}

define void @min_s(ptr addrspace(1) "tmjit.type"="short" %x, ptr addrspace(1) "tmjit.type"="short" %y, ptr addrspace(2) "tmjit.type"="uint" %mask, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_index_in_simdgroup" %lane) "tmjit.kernel" {
  %m = load i32, ptr addrspace(2) %mask
  %s = lshr i32 %m, %lane
  %on = trunc i32 %s to i1
  br i1 %on, label %active, label %done
active:
  %px = getelementptr i16, ptr addrspace(1) %x, i32 %i
  %v = load i16, ptr addrspace(1) %px
  %r = call i16 @air.simd_min.s.i16(i16 %v)
  %py = getelementptr i16, ptr addrspace(1) %y, i32 %i
  store i16 %r, ptr addrspace(1) %py
  br label %done
done:
  ret void
}
declare i32 @air.simd_min.s.i32(i32)
declare i32 @air.simd_min.u.i32(i32)
declare float @air.simd_min.f32(float)
declare i16 @air.simd_min.s.i16(i16)
