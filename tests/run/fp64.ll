; Doubles, which an option allows: arithmetic, comparisons, functions, private and threadgroup memory,
; shuffles, sums of a SIMD-group, vectors, atomics. Metal has none: nothing prints.
;
; PY: n = 64
; PY: x = [i * 0.37 - 9.1 for i in range(n)]
; PY: y = [1e-9 * i + 3.0 for i in range(n)]
; PY: def root(a): return math.sqrt(abs(a))
; PY: out = [(a + b) * a - b / 3.0 if a < b else root(a) for a, b in zip(x, y)]
; PY: turned = [x[(i // 32) * 32 + (i ^ 5) % 32] for i in range(n)]
; PY: back = [y[(i // 32) * 32 + 31 - i % 32] * 2 for i in range(n)]
; PY: whole = [float(i * 3 - 70) for i in range(n)]
; PY: total = [sum(whole[32 * (i // 32):32 * (i // 32) + 32]) + 0.5 for i in range(n)]
; RUN: %npy %t.x.npy f64 x
; RUN: %npy %t.y.npy f64 y
; RUN: %npy %t.out.npy f64 out
; RUN: %npy %t.turned.npy f64 turned
; RUN: %npy %t.back.npy f64 back
; RUN: %npy %t.total.npy f64 total
; RUN: %npy %t.sum.npy f64 '[sum(whole), max(whole), min(whole)]'
; RUN: %npy %t.pairs.npy f64 '[v for a, b in zip(x, y) for v in (a * b, b - a)]'
; RUN: %npy %t.ints.npy i64 '[max(-2**63, min(2**63 - 1, int(a * 1e18))) for a in x]'
; RUN: %run %s --allow-fp64 --grid 64 --threadgroup 32 --buf x=%t.x.npy --buf y=%t.y.npy --buf out=f64[64] --buf turned=f64[64] --buf back=f64[64] --buf total=f64[64] --buf sum=f64:0,-1e300,1e300 --buf pairs=f64[128] --buf ints=i64[64] --expect out=%t.out.npy --expect turned=%t.turned.npy --expect back=%t.back.npy --expect total=%t.total.npy --expect sum=%t.sum.npy --expect pairs=%t.pairs.npy --expect ints=%t.ints.npy
; RUN: not %tmjit emit %s --allow-fp64 --as msl 2>&1 | FileCheck %s --check-prefix MSL
; MSL: fp64.ll:[[#]]:3: error: Metal has no double [unsupported]
; RUN: not %tmjit run %s --grid 64 2>&1 | FileCheck %s --check-prefix OFF
; OFF: fp64.ll:[[#]]:3: error: load of double; half, bfloat and float are supported, with fp64 allowed double too [unsupported]
;
; Code in the cache is found with the option only.
; RUN: rm -rf %t.cache
; RUN: %tmjit compile %s --allow-fp64 --cache %t.cache | FileCheck %s --check-prefix CODE
; RUN: not %tmjit compile %s --cache %t.cache 2>&1 | FileCheck %s --check-prefix OFF
; CODE: k{{[[:space:]]}}ok
;
; An argument of another type is told apart.
; RUN: not %tmjit run %s --allow-fp64 --grid 64 --buf x=f32[64] 2>&1 | FileCheck %s --check-prefix TYPE
; TYPE: argument 'x' of kernel 'k' is f64 (double), 'f32[64]' is f32

@shared = internal addrspace(3) global [32 x double] undef

declare void @air.wg.barrier(i32, i32)
declare double @air.fabs.f64(double)
declare double @air.sqrt.f64(double)
declare double @air.simd_shuffle_xor.f64(double, i16)
declare double @air.simd_sum.f64(double)
declare i64 @air.convert.s.i64.f.f64(double)

define void @k(ptr addrspace(1) %x, ptr addrspace(1) %y, ptr addrspace(1) %out, ptr addrspace(1) %turned, ptr addrspace(1) %back, ptr addrspace(1) %total, ptr addrspace(1) %sum, ptr addrspace(1) "tmjit.type"="double" %pairs, ptr addrspace(1) %ints, i32 "tmjit.builtin"="thread_position_in_grid" %i, i32 "tmjit.builtin"="thread_position_in_threadgroup" %l) "tmjit.kernel" {
  %own = alloca [2 x double], align 8
  %w = zext i32 %i to i64
  %px = getelementptr inbounds double, ptr addrspace(1) %x, i64 %w
  %a = load double, ptr addrspace(1) %px, align 8
  %py = getelementptr inbounds double, ptr addrspace(1) %y, i64 %w
  %b = load double, ptr addrspace(1) %py, align 8
  %less = fcmp olt double %a, %b
  br i1 %less, label %then, label %else

then:
  %s = fadd double %a, %b
  %m = fmul double %s, %a
  %d = fdiv double %b, 3.000000e+00
  %r = fsub double %m, %d
  br label %join

else:
  %size = call double @air.fabs.f64(double %a)
  %root = call double @air.sqrt.f64(double %size)
  br label %join

join:
  %v = phi double [ %r, %then ], [ %root, %else ]
  %po = getelementptr inbounds double, ptr addrspace(1) %out, i64 %w
  store double %v, ptr addrspace(1) %po, align 8
  %t = call double @air.simd_shuffle_xor.f64(double %a, i16 5)
  %pt = getelementptr inbounds double, ptr addrspace(1) %turned, i64 %w
  store double %t, ptr addrspace(1) %pt, align 8
  %lw = zext i32 %l to i64
  %ps = getelementptr inbounds [32 x double], ptr addrspace(3) @shared, i64 0, i64 %lw
  store double %b, ptr addrspace(3) %ps, align 8
  call void @air.wg.barrier(i32 2, i32 1)
  %other = sub i64 31, %lw
  %pr = getelementptr inbounds [32 x double], ptr addrspace(3) @shared, i64 0, i64 %other
  %from = load double, ptr addrspace(3) %pr, align 8
  %bit = and i64 %lw, 1
  %p0 = getelementptr inbounds [2 x double], ptr %own, i64 0, i64 %bit
  store double %from, ptr %p0, align 8
  %again = load double, ptr %p0, align 8
  %double = fadd double %from, %again
  %pb = getelementptr inbounds double, ptr addrspace(1) %back, i64 %w
  store double %double, ptr addrspace(1) %pb, align 8
  %three = mul i32 %i, 3
  %whole = sub i32 %three, 70
  %f = sitofp i32 %whole to double
  %all = call double @air.simd_sum.f64(double %f)
  %half = fpext half 0xH3800 to double
  %more = fadd double %all, %half
  %pa = getelementptr inbounds double, ptr addrspace(1) %total, i64 %w
  store double %more, ptr addrspace(1) %pa, align 8
  %old = atomicrmw fadd ptr addrspace(1) %sum, double %f monotonic
  %pm = getelementptr inbounds double, ptr addrspace(1) %sum, i64 1
  %old1 = atomicrmw fmax ptr addrspace(1) %pm, double %f monotonic
  %pn = getelementptr inbounds double, ptr addrspace(1) %sum, i64 2
  %old2 = atomicrmw fmin ptr addrspace(1) %pn, double %f monotonic
  %ab0 = insertelement <2 x double> zeroinitializer, double %a, i64 0
  %ab = insertelement <2 x double> %ab0, double %b, i64 1
  %ba = shufflevector <2 x double> %ab, <2 x double> zeroinitializer, <2 x i32> <i32 1, i32 0>
  %product = fmul <2 x double> %ab, %ba
  %rest = fsub <2 x double> %ba, %ab
  %pair = shufflevector <2 x double> %product, <2 x double> %rest, <2 x i32> <i32 0, i32 2>
  %pp = getelementptr inbounds <2 x double>, ptr addrspace(1) %pairs, i64 %w
  store <2 x double> %pair, ptr addrspace(1) %pp, align 16
  %large = fmul double %a, 1.000000e+18
  %n = call i64 @air.convert.s.i64.f.f64(double %large)
  %pi = getelementptr inbounds i64, ptr addrspace(1) %ints, i64 %w
  store i64 %n, ptr addrspace(1) %pi, align 8
  ret void
}
