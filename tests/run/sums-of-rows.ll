; Sums of multiples of rows of 4-vectors, stored whole and by component.
;
; PY: rows = [f32(v / 4096) for v in rand(128 * 16 * 4, 31, 60000)]
; PY: w = [f32(v / 8192) for v in rand(16, 37, 60000)]
; PY: def total(i, c):
; PY:     s = 0.0
; PY:     for n in range(16): s = f32(s + f32(w[n] * rows[(n * 128 + i) * 4 + c]))
; PY:     return s
; PY: t = [total(i, c) for i in range(128) for c in range(4)]
; RUN: %npy %tr.npy f32 'rows'
; RUN: %npy %tw.npy f32 'w'
; RUN: %npy %ty.npy f32 't'
; RUN: %npy %tz.npy f32 '[f32(t[4 * i + 2] - t[4 * i + 1]) for i in range(128)]'
; RUN: %run %s --grid 128 --threadgroup 64 --buf rows=%tr.npy --buf w=%tw.npy --buf y=f32[512]:zeros --buf z=f32[128]:zeros --expect y=%ty.npy --expect z=%tz.npy

define void @k(ptr addrspace(1) "tmjit.type"="float4" %rows, ptr addrspace(2) "tmjit.type"="float" %w, ptr addrspace(1) "tmjit.type"="float4" %y, ptr addrspace(1) "tmjit.type"="float" %z, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
entry:
  br label %loop
loop:
  %n = phi i32 [ 0, %entry ], [ %n1, %loop ]
  %s = phi <4 x float> [ zeroinitializer, %entry ], [ %s1, %loop ]
  %at = shl i32 %n, 7
  %k = add i32 %at, %i
  %k64 = zext i32 %k to i64
  %pv = getelementptr <4 x float>, ptr addrspace(1) %rows, i64 %k64
  %v = load <4 x float>, ptr addrspace(1) %pv
  %pw = getelementptr float, ptr addrspace(2) %w, i32 %n
  %f = load float, ptr addrspace(2) %pw
  %f0 = insertelement <4 x float> undef, float %f, i32 0
  %fs = shufflevector <4 x float> %f0, <4 x float> undef, <4 x i32> zeroinitializer
  %m = fmul <4 x float> %fs, %v
  %s1 = fadd <4 x float> %s, %m
  %n1 = add i32 %n, 1
  %more = icmp ult i32 %n1, 16
  br i1 %more, label %loop, label %done
done:
  %py = getelementptr <4 x float>, ptr addrspace(1) %y, i32 %i
  store <4 x float> %s1, ptr addrspace(1) %py
  %b = extractelement <4 x float> %s1, i32 1
  %c = extractelement <4 x float> %s1, i32 2
  %d = fsub float %c, %b
  %pz = getelementptr float, ptr addrspace(1) %z, i32 %i
  store float %d, ptr addrspace(1) %pz
  ret void
}
