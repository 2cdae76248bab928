// --math fast compiles as -cl-fast-relaxed-math does: maths functions become AIR's fast ones and
// operations may be regrouped; strict maths has neither. What is exact stays what it is.
//
// RUN: %tmjit emit %s --as air | FileCheck %s --check-prefix STRICT --implicit-check-not air.fast --implicit-check-not reassoc
// STRICT: call float @air.tanh.f32
// STRICT: call float @air.fma.f32
//
// RUN: %tmjit emit %s --as air --math fast | FileCheck %s --check-prefix FAST
// FAST: fmul reassoc nsz arcp contract afn float
// FAST: call {{.*}}float @air.fast_tanh.f32
// FAST: call {{.*}}float @air.fma.f32
//
// RUN: %tmjit run %s --no-cache --math fast --grid 4 --buf x=f32[4]:0.5 --expect x=f32[4]:1.9242343 --rtol 1e-5
// tanh(0.5) = 0.46211716, twice and 1 more.
//
// REQUIRES: clang

kernel void k(global float *x)
{
    int i = get_global_id(0);
    float value = x[i] * 2.0f * 0.5f;
    x[i] = fma(tanh(value), 2.0f, 1.0f);
}
