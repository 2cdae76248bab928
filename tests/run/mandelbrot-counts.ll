; Escape counts of a small Mandelbrot set on a 2-D grid, float arithmetic in a divergent loop.
;
; PY: def count(i, j):
; PY:     cx, cy = f32(f32(i * 0.125) - 2), f32(f32(j * 0.25) - 1)
; PY:     x = y = 0.0
; PY:     for n in range(64):
; PY:         xx, yy = f32(x * x), f32(y * y)
; PY:         if f32(xx + yy) > 4: return n
; PY:         x, y = f32(f32(xx - yy) + cx), f32(f32(2 * f32(x * y)) + cy)
; PY:     return 64
; RUN: %npy %t.npy i32 '[count(i, j) for j in range(9) for i in range(24)]'
; RUN: %run %s --grid 24,9 --threadgroup 8,4 --buf y=i32[216]:zeros --expect y=%t.npy

define void @k(ptr addrspace(1) "tmjit.type"="int" %y, <2 x i32> "tmjit.builtin"="thread_position_in_grid" %pos) "tmjit.kernel" {
entry:
  %i = extractelement <2 x i32> %pos, i32 0
  %j = extractelement <2 x i32> %pos, i32 1
  %fi = uitofp i32 %i to float
  %fj = uitofp i32 %j to float
  %si = fmul float %fi, 0.125
  %sj = fmul float %fj, 0.25
  %cx = fsub float %si, 2.0
  %cy = fsub float %sj, 1.0
  br label %head
head:
  %n = phi i32 [ 0, %entry ], [ %n1, %next ]
  %x = phi float [ 0.0, %entry ], [ %x1, %next ]
  %v = phi float [ 0.0, %entry ], [ %v1, %next ]
  %in = icmp ult i32 %n, 64
  br i1 %in, label %body, label %done
body:
  %xx = fmul float %x, %x
  %yy = fmul float %v, %v
  %r2 = fadd float %xx, %yy
  %out = fcmp ogt float %r2, 4.0
  br i1 %out, label %done, label %next
next:
  %d = fsub float %xx, %yy
  %x1 = fadd float %d, %cx
  %xy = fmul float %x, %v
  %xy2 = fmul float 2.0, %xy
  %v1 = fadd float %xy2, %cy
  %n1 = add i32 %n, 1
  br label %head
done:
  %row = mul i32 %j, 24
  %at = add i32 %row, %i
  %p = getelementptr i32, ptr addrspace(1) %y, i32 %at
  store i32 %n, ptr addrspace(1) %p
  ret void
}
