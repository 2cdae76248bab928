; simdgroup_async_copy of tiles: a 6 x 5 part of a matrix with rows of 9 becomes an 8 x 7 tile with
; rows of 10, and the tile goes back to a matrix with rows of 12. Clamp mode 0 writes zero outside
; the source's tile, mode 1 the nearest element; offsets before the tile and behind it; elements of
; two bytes; a stride between elements that transposes.
;
; PY: m = [[10 * r + c for c in range(9)] for r in range(8)]
; PY: def at(x, y, ox, oy, edge):
; PY:     sx, sy = x + ox, y + oy
; PY:     if edge: sx, sy = min(max(sx, 0), 5), min(max(sy, 0), 4)
; PY:     return m[sy][sx] if 0 <= sx < 6 and 0 <= sy < 5 else 0
; PY: def result(ox, oy, edge): return [at(x, y, ox, oy, edge) if x < 8 else -1 for y in range(7) for x in range(12)]
; PY: flat = [v for r in m for v in r]
; PY: turned = [(m[y][x] if x < 6 else -1) for y in range(5) for x in range(8)]
; RUN: %npy %tm.npy i16 'flat'
; RUN: %npy %t0.npy i16 'result(0, 0, 0)'
; RUN: %simd %s --entry k --grid 32 --set mode=0 --set offset=0,0 --buf m=%tm.npy --buf out=i16[84]:-1 --expect out=%t0.npy
; RUN: %npy %t1.npy i16 'result(0, 0, 1)'
; RUN: %simd %s --entry k --grid 32 --set mode=1 --set offset=0,0 --buf m=%tm.npy --buf out=i16[84]:-1 --expect out=%t1.npy
; RUN: %npy %t2.npy i16 'result(-2, 1, 0)'
; RUN: %simd %s --entry k --grid 32 --set mode=0 --set offset=-2,1 --buf m=%tm.npy --buf out=i16[84]:-1 --expect out=%t2.npy
; RUN: %npy %t3.npy i16 'result(-2, 1, 1)'
; RUN: %simd %s --entry k --grid 20 --set mode=1 --set offset=-2,1 --buf m=%tm.npy --buf out=i16[84]:-1 --expect out=%t3.npy
; RUN: %npy %t4.npy i16 'turned'
; RUN: %simd %s --entry transpose --grid 32 --buf m=%tm.npy --buf out=i16[40]:-1 --expect out=%t4.npy

@tile = internal addrspace(3) global [70 x i16] undef, align 16

declare ptr @air.simdgroup_async_copy_2d.p3i8.p1i8(i64, i64, ptr addrspace(3), i64, i64, <2 x i64>, ptr addrspace(1), i64, i64, <2 x i64>, <2 x i64>, i32)
declare ptr @air.simdgroup_async_copy_2d.p1i8.p3i8(i64, i64, ptr addrspace(1), i64, i64, <2 x i64>, ptr addrspace(3), i64, i64, <2 x i64>, <2 x i64>, i32)

define void @k(ptr addrspace(1) "tmjit.type"="short" %m, ptr addrspace(1) "tmjit.type"="short" %out, ptr addrspace(2) "tmjit.type"="int" %mode, ptr addrspace(2) "tmjit.type"="long2" %offset) "tmjit.kernel" {
  %mode.v = load i32, ptr addrspace(2) %mode, align 4
  %offset.v = load <2 x i64>, ptr addrspace(2) %offset, align 16
  %1 = call ptr @air.simdgroup_async_copy_2d.p3i8.p1i8(i64 2, i64 2, ptr addrspace(3) @tile, i64 10, i64 1, <2 x i64> <i64 8, i64 7>, ptr addrspace(1) %m, i64 9, i64 1, <2 x i64> <i64 6, i64 5>, <2 x i64> %offset.v, i32 %mode.v)
  %2 = call ptr @air.simdgroup_async_copy_2d.p1i8.p3i8(i64 2, i64 2, ptr addrspace(1) %out, i64 12, i64 1, <2 x i64> <i64 8, i64 7>, ptr addrspace(3) @tile, i64 10, i64 1, <2 x i64> <i64 8, i64 7>, <2 x i64> zeroinitializer, i32 0)
  ret void
}

; The tile holds the transposed matrix, with a stride of one element between rows.
define void @transpose(ptr addrspace(1) "tmjit.type"="short" %m, ptr addrspace(1) "tmjit.type"="short" %out) "tmjit.kernel" {
  %1 = call ptr @air.simdgroup_async_copy_2d.p3i8.p1i8(i64 2, i64 2, ptr addrspace(3) @tile, i64 1, i64 5, <2 x i64> <i64 6, i64 5>, ptr addrspace(1) %m, i64 9, i64 1, <2 x i64> <i64 6, i64 5>, <2 x i64> zeroinitializer, i32 0)
  %2 = call ptr @air.simdgroup_async_copy_2d.p1i8.p3i8(i64 2, i64 2, ptr addrspace(1) %out, i64 8, i64 1, <2 x i64> <i64 6, i64 5>, ptr addrspace(3) @tile, i64 1, i64 5, <2 x i64> <i64 6, i64 5>, <2 x i64> zeroinitializer, i32 0)
  ret void
}
