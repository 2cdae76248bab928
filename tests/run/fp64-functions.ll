; Functions of doubles: those that AIR has, and those that it has not, which libdevice's need.
;
; PY: n = 64
; PY: x = [i * 0.13 - 4.1 for i in range(n)]
; PY: y = [3.7 - 0.11 * i for i in range(n)]
; PY: P = list(zip(range(n), x, y))
; PY: functions = [lambda i, a, b: math.copysign(abs(a) ** (1 / 3), a), lambda i, a, b: math.erf(a), lambda i, a, b: math.erfc(a), lambda i, a, b: math.expm1(a), lambda i, a, b: math.log1p(abs(a)), lambda i, a, b: math.hypot(a, b)]
; PY: functions += [lambda i, a, b: math.remainder(a, b), lambda i, a, b: math.exp(a), lambda i, a, b: math.pow(abs(a), b), lambda i, a, b: math.nextafter(a, b), lambda i, a, b: a - math.floor(a), lambda i, a, b: math.ldexp(a, i)]
; PY: out = [f(i, a, b) for f in functions for i, a, b in P]
; RUN: %npy %t.x.npy f64 x
; RUN: %npy %t.y.npy f64 y
; RUN: %npy %t.out.npy f64 out
; RUN: %run %s --allow-fp64 --grid 64 --buf x=%t.x.npy --buf y=%t.y.npy --buf out=f64[768] --expect out=%t.out.npy --rtol 2e-15 --atol 1e-300

declare double @air.cbrt.f64(double)
declare double @air.erf.f64(double)
declare double @air.erfc.f64(double)
declare double @air.expm1.f64(double)
declare double @air.log1p.f64(double)
declare double @air.hypot.f64(double, double)
declare double @air.remainder.f64(double, double)
declare double @air.exp.f64(double)
declare double @air.pow.f64(double, double)
declare double @air.nextafter.f64(double, double)
declare double @air.fract.f64(double)
declare double @air.ldexp.f64(double, i32)

define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y, ptr addrspace(1) %out, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %w = zext i32 %i to i64
  %px = getelementptr inbounds double, ptr addrspace(1) %x, i64 %w
  %a = load double, ptr addrspace(1) %px, align 8
  %py = getelementptr inbounds double, ptr addrspace(1) %y, i64 %w
  %b = load double, ptr addrspace(1) %py, align 8
  %size = call double @llvm.fabs.f64(double %a)
  %v0 = call double @air.cbrt.f64(double %a)
  %w0 = add i64 %w, 0
  %p0 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w0
  store double %v0, ptr addrspace(1) %p0, align 8
  %v1 = call double @air.erf.f64(double %a)
  %w1 = add i64 %w, 64
  %p1 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w1
  store double %v1, ptr addrspace(1) %p1, align 8
  %v2 = call double @air.erfc.f64(double %a)
  %w2 = add i64 %w, 128
  %p2 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w2
  store double %v2, ptr addrspace(1) %p2, align 8
  %v3 = call double @air.expm1.f64(double %a)
  %w3 = add i64 %w, 192
  %p3 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w3
  store double %v3, ptr addrspace(1) %p3, align 8
  %v4 = call double @air.log1p.f64(double %size)
  %w4 = add i64 %w, 256
  %p4 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w4
  store double %v4, ptr addrspace(1) %p4, align 8
  %v5 = call double @air.hypot.f64(double %a, double %b)
  %w5 = add i64 %w, 320
  %p5 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w5
  store double %v5, ptr addrspace(1) %p5, align 8
  %v6 = call double @air.remainder.f64(double %a, double %b)
  %w6 = add i64 %w, 384
  %p6 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w6
  store double %v6, ptr addrspace(1) %p6, align 8
  %v7 = call double @air.exp.f64(double %a)
  %w7 = add i64 %w, 448
  %p7 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w7
  store double %v7, ptr addrspace(1) %p7, align 8
  %v8 = call double @air.pow.f64(double %size, double %b)
  %w8 = add i64 %w, 512
  %p8 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w8
  store double %v8, ptr addrspace(1) %p8, align 8
  %v9 = call double @air.nextafter.f64(double %a, double %b)
  %w9 = add i64 %w, 576
  %p9 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w9
  store double %v9, ptr addrspace(1) %p9, align 8
  %v10 = call double @air.fract.f64(double %a)
  %w10 = add i64 %w, 640
  %p10 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w10
  store double %v10, ptr addrspace(1) %p10, align 8
  %v11 = call double @air.ldexp.f64(double %a, i32 %i)
  %w11 = add i64 %w, 704
  %p11 = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w11
  store double %v11, ptr addrspace(1) %p11, align 8
  ret void
}

declare double @llvm.fabs.f64(double)
