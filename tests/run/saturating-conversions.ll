; Float to integer truncates toward zero and saturates; NaN gives zero.
;
; PY: x = [1.9, -1.9, 3e9, -3e9, nan, inf, -inf, 300.5, -0.5, 2147483520.0]
; PY: def sat(v, lo, hi): return 0 if math.isnan(v) else max(lo, min(hi, math.trunc(v) if math.isfinite(v) else math.copysign(1e30, v)))
; RUN: %npy %tx.npy f32 'x'
; RUN: %npy %t.npy i64 '[int(sat(v, lo, hi)) for v in x for lo, hi in ((-2**31, 2**31 - 1), (0, 2**32 - 1), (-128, 127), (0, 255), (0, 65535))]'
; RUN: %run %s --entry llvm --grid 10 --threadgroup 10 --buf x=%tx.npy --buf y=i64[50]:zeros --expect y=%t.npy
; RUN: %run %s --entry air --grid 10 --threadgroup 10 --buf x=%tx.npy --buf y=i64[50]:zeros --expect y=%t.npy

define void @llvm(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="long" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = fptosi float %v to i32
  %b = fptoui float %v to i32
  %c = fptosi float %v to i8
  %d = fptoui float %v to i8
  %e = fptoui float %v to i16
  %at = mul i32 %i, 5
  %p = getelementptr i64, ptr addrspace(1) %y, i32 %at
  call void @put(ptr addrspace(1) %p, i32 %a, i32 %b, i8 %c, i8 %d, i16 %e)
  ret void
}

define void @air(ptr addrspace(1) "tmjit.type"="float" %x, ptr addrspace(1) "tmjit.type"="long" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %px = getelementptr float, ptr addrspace(1) %x, i32 %i
  %v = load float, ptr addrspace(1) %px
  %a = call i32 @air.convert.s.i32.f.f32(float %v)
  %b = call i32 @air.convert.u.i32.f.f32(float %v)
  %c = call i8 @air.convert.s.i8.f.f32(float %v)
  %d = call i8 @air.convert.u.i8.f.f32(float %v)
  %e = call i16 @air.convert.u.i16.f.f32(float %v)
  %at = mul i32 %i, 5
  %p = getelementptr i64, ptr addrspace(1) %y, i32 %at
  call void @put(ptr addrspace(1) %p, i32 %a, i32 %b, i8 %c, i8 %d, i16 %e)
  ret void
}

define internal void @put(ptr addrspace(1) %p, i32 %a, i32 %b, i8 %c, i8 %d, i16 %e) {
  %wa = sext i32 %a to i64
  store i64 %wa, ptr addrspace(1) %p
  %wb = zext i32 %b to i64
  %p1 = getelementptr i64, ptr addrspace(1) %p, i32 1
  store i64 %wb, ptr addrspace(1) %p1
  %wc = sext i8 %c to i64
  %p2 = getelementptr i64, ptr addrspace(1) %p, i32 2
  store i64 %wc, ptr addrspace(1) %p2
  %wd = zext i8 %d to i64
  %p3 = getelementptr i64, ptr addrspace(1) %p, i32 3
  store i64 %wd, ptr addrspace(1) %p3
  %we = zext i16 %e to i64
  %p4 = getelementptr i64, ptr addrspace(1) %p, i32 4
  store i64 %we, ptr addrspace(1) %p4
  ret void
}
declare i32 @air.convert.s.i32.f.f32(float)
declare i32 @air.convert.u.i32.f.f32(float)
declare i8 @air.convert.s.i8.f.f32(float)
declare i8 @air.convert.u.i8.f.f32(float)
declare i16 @air.convert.u.i16.f.f32(float)
