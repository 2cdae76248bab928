// --math fast compiles as Metal's compiler does by itself: functions of float without a namespace
// are those of `fast`, and operations may be regrouped. `precise::` and half stay what they are;
// strict maths has neither.
//
// REQUIRES: clang
// RUN: %tmjit emit %s --as air | FileCheck %s --check-prefix STRICT --implicit-check-not air.fast --implicit-check-not reassoc
// STRICT-DAG: call float @air.tanh.f32
// STRICT-DAG: call float @air.fmax.f32
// STRICT-DAG: call float @air.dot.v3f32
// STRICT-DAG: call half @air.sqrt.f16
//
// RUN: %tmjit emit %s --as air --math fast | FileCheck %s --check-prefix FAST --implicit-check-not nnan --implicit-check-not ninf
// FAST-DAG: call {{.*}}float @air.fast_tanh.f32
// FAST-DAG: call {{.*}}float @air.tanh.f32
// FAST-DAG: call {{.*}}float @air.fast_fmax.f32
// FAST-DAG: call {{.*}}float @air.fast_dot.v3f32
// FAST-DAG: call {{.*}}half @air.sqrt.f16
// FAST-DAG: fadd reassoc nsz arcp contract afn float
//
// tanh(0.5) = 0.46211716, twice; then 1 and 0.25 + 4 + 9. Once more from the cache.
// RUN: %tmjit run %s --cache %t --math fast --grid 1 --buf x=f32[1]:0.5 --buf h=f16[1]:4 --expect x=f32[1]:15.174234 --expect h=f16[1]:2 --rtol 1e-5
// RUN: %tmjit run %s --cache %t --math fast --grid 1 --buf x=f32[1]:0.5 --buf h=f16[1]:4 --expect x=f32[1]:15.174234 --expect h=f16[1]:2 --rtol 1e-5
// The library that was prepared for fast maths is not taken for strict maths.
// RUN: %tmjit run %s --cache %t --engine both --grid 1 --buf x=f32[1]:0.5 --buf h=f16[1]:4 --expect x=f32[1]:15.174234 --expect h=f16[1]:2 --rtol 1e-5
// RUN: %tmjit cache clear --cache %t

#include <metal_stdlib>
using namespace metal;

kernel void k(device float *x, device half *h, uint i [[thread_position_in_grid]])
{
    float3 v = float3(x[i], 2, 3);
    x[i] = tanh(x[i]) + precise::tanh(x[i]) + max(x[i], 1.0f) + dot(v, v);
    h[i] = sqrt(h[i]);
}
