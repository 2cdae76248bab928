; Built-in inputs that code asks for by calls: OpenCL's functions with constant and with computed
; dimensions, and the inputs' own names with every kind of result. The same numbers as parameters
; are the reference; a helper function asks too.
;
; Threads of a 10 x 6 x 2 grid in groups of 4 x 3 x 1, so that threadgroups at the edge are smaller.
; PY: X, Y, Z = 10, 6, 2
; PY: def row(x, y, z):
; PY:     sizes = (min(4, X - x // 4 * 4), 3, 1)
; PY:     local = (x % 4, y % 3, 0)
; PY:     linear = local[0] + sizes[0] * local[1]
; PY:     return [x, y, z, 0, *local, x // 4, y // 3, z, X, Y, Z, 1, *sizes, 4, 3, 2, linear, 32, [x, y, z, 0][(x + y) % 4], [4, 3, 1][y % 3], 0]
; PY: rows = [v for z in range(Z) for y in range(Y) for x in range(X) for v in row(x, y, z)]
; RUN: %npy %t.npy i32 'rows'
; RUN: %run %s --grid 10,6,2 --threadgroup 4,3,1 --buf out=i32[3000]:zeros --expect out=%t.npy

declare i32 @air.get_global_id.i32(i32)
declare i16 @air.get_local_id.i16(i16)
declare i32 @air.get_group_id.i32(i32)
declare i32 @air.get_global_size.i32(i32)
declare i32 @air.get_local_size.i32(i32)
declare i32 @air.get_num_groups.i32(i32)
declare i64 @air.get_enqueued_local_size.i64(i32)
declare i32 @air.get_global_offset.i32(i32)
declare i32 @air.get_local_linear_id.i32()
declare i32 @air.thread_position_in_grid.x()
declare i32 @air.thread_position_in_grid.y()
declare <3 x i32> @air.thread_position_in_grid.v3i32()
declare [3 x i32] @air.threads_per_grid()
declare { i16, i16 } @air.threads_per_threadgroup.v2i16()
declare i32 @julia.air.threads_per_simdgroup.i32()
declare <3 x i32> @julia.air.threadgroups_per_grid.v3i32()

; The linear index of a thread in the grid, times 25.
define internal i64 @first_of_row() {
  %p = call <3 x i32> @air.thread_position_in_grid.v3i32()
  %s = call [3 x i32] @air.threads_per_grid()
  %x = extractelement <3 x i32> %p, i32 0
  %y = extractelement <3 x i32> %p, i32 1
  %z = extractelement <3 x i32> %p, i32 2
  %sx = extractvalue [3 x i32] %s, 0
  %sy = extractvalue [3 x i32] %s, 1
  %a = mul i32 %z, %sy
  %b = add i32 %a, %y
  %c = mul i32 %b, %sx
  %d = add i32 %c, %x
  %e = mul i32 %d, 25
  %f = zext i32 %e to i64
  ret i64 %f
}

define internal void @put(ptr addrspace(1) %out, i64 %row, i64 %column, i32 %value) {
  %i = add i64 %row, %column
  %p = getelementptr i32, ptr addrspace(1) %out, i64 %i
  store i32 %value, ptr addrspace(1) %p, align 4
  ret void
}

define void @k(ptr addrspace(1) "tmjit.type"="int" %out) "tmjit.kernel" {
  %row = call i64 @first_of_row()
  %g0 = call i32 @air.get_global_id.i32(i32 0)
  %g1 = call i32 @air.get_global_id.i32(i32 1)
  %g2 = call i32 @air.get_global_id.i32(i32 2)
  %g3 = call i32 @air.get_global_id.i32(i32 3)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 0, i32 %g0)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 1, i32 %g1)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 2, i32 %g2)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 3, i32 %g3)
  %l0 = call i16 @air.get_local_id.i16(i16 0)
  %l0.w = zext i16 %l0 to i32
  %l1 = call i16 @air.get_local_id.i16(i16 1)
  %l1.w = zext i16 %l1 to i32
  %l2 = call i16 @air.get_local_id.i16(i16 2)
  %l2.w = zext i16 %l2 to i32
  call void @put(ptr addrspace(1) %out, i64 %row, i64 4, i32 %l0.w)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 5, i32 %l1.w)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 6, i32 %l2.w)
  %w0 = call i32 @air.get_group_id.i32(i32 0)
  %w1 = call i32 @air.get_group_id.i32(i32 1)
  %w2 = call i32 @air.get_group_id.i32(i32 2)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 7, i32 %w0)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 8, i32 %w1)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 9, i32 %w2)
  %s0 = call i32 @air.get_global_size.i32(i32 0)
  %s1 = call i32 @air.get_global_size.i32(i32 1)
  %s2 = call i32 @air.get_global_size.i32(i32 2)
  %s3 = call i32 @air.get_global_size.i32(i32 7)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 10, i32 %s0)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 11, i32 %s1)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 12, i32 %s2)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 13, i32 %s3)
  %t = call { i16, i16 } @air.threads_per_threadgroup.v2i16()
  %t0 = extractvalue { i16, i16 } %t, 0
  %t0.w = zext i16 %t0 to i32
  %t1 = extractvalue { i16, i16 } %t, 1
  %t1.w = zext i16 %t1 to i32
  %t2 = call i32 @air.get_local_size.i32(i32 2)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 14, i32 %t0.w)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 15, i32 %t1.w)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 16, i32 %t2)
  %e0 = call i64 @air.get_enqueued_local_size.i64(i32 0)
  %e0.n = trunc i64 %e0 to i32
  call void @put(ptr addrspace(1) %out, i64 %row, i64 17, i32 %e0.n)
  %n = call <3 x i32> @julia.air.threadgroups_per_grid.v3i32()
  %n0 = extractelement <3 x i32> %n, i32 0
  call void @put(ptr addrspace(1) %out, i64 %row, i64 18, i32 %n0)
  %n1 = call i32 @air.get_num_groups.i32(i32 1)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 19, i32 %n1)
  %linear = call i32 @air.get_local_linear_id.i32()
  call void @put(ptr addrspace(1) %out, i64 %row, i64 20, i32 %linear)
  %width = call i32 @julia.air.threads_per_simdgroup.i32()
  call void @put(ptr addrspace(1) %out, i64 %row, i64 21, i32 %width)
  %x = call i32 @air.thread_position_in_grid.x()
  %y = call i32 @air.thread_position_in_grid.y()
  %xy = add i32 %x, %y
  %dimension = urem i32 %xy, 4
  %any = call i32 @air.get_global_id.i32(i32 %dimension)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 22, i32 %any)
  %dimension3 = urem i32 %y, 3
  %any3 = call i64 @air.get_enqueued_local_size.i64(i32 %dimension3)
  %any3.n = trunc i64 %any3 to i32
  call void @put(ptr addrspace(1) %out, i64 %row, i64 23, i32 %any3.n)
  %origin = call i32 @air.get_global_offset.i32(i32 %dimension)
  call void @put(ptr addrspace(1) %out, i64 %row, i64 24, i32 %origin)
  ret void
}
