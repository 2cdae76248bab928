; A recurrence whose sums fast maths orders anew stays within rounding.
;
; PY: import functools
; PY: c = [v / 327680 for v in rand(100, 29, 60000)]
; PY: step = lambda s, v: (s[0] ** 2 - s[1] ** 2 + v, s[0] ** 2 + s[1] ** 2 + s[0])
; RUN: %npy %tc.npy f32 'c'
; RUN: %npy %t.npy f32 '[functools.reduce(lambda s, _: step(s, f32(v)), range(12), (0.0, 0.0))[0] for v in c]'
; RUN: %run %s --math fast --grid 100 --threadgroup 64 --buf c=%tc.npy --buf y=f32[100]:zeros --expect y=%t.npy --rtol 4e-6

define void @k(ptr addrspace(1) "tmjit.type"="float" %c, ptr addrspace(1) "tmjit.type"="float" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  %p = getelementptr float, ptr addrspace(1) %c, i32 %i
  %v = load float, ptr addrspace(1) %p
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %a = phi float [ 0.0, %entry ], [ %a1, %loop ]
  %b = phi float [ 0.0, %entry ], [ %b1, %loop ]
  %aa = fmul fast float %a, %a
  %bb = fmul fast float %b, %b
  %d = fsub fast float %aa, %bb
  %a1 = fadd fast float %d, %v
  %s = fadd fast float %aa, %bb
  %b1 = fadd fast float %s, %a
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 12
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr float, ptr addrspace(1) %y, i32 %i
  store float %a1, ptr addrspace(1) %py
  ret void
}
