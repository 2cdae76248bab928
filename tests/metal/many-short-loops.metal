// Short loops that come to thousands of instructions together stay loops, and the array that they
// count through stays in memory; the half of them is written out.
//
// REQUIRES: clang
// RUN: %tmjit emit %s --entry many --as air | FileCheck %s --check-prefix KEPT
// KEPT: alloca
// KEPT: phi i32
// RUN: %tmjit emit %s --entry few --as air | FileCheck %s --check-prefix WRITTEN --implicit-check-not alloca --implicit-check-not phi
// WRITTEN: define void @few
//
// ; PY: def run(x, steps):
// ; PY:     a = [f32(x + k) for k in range(16)]
// ; PY:     for _ in range(steps):
// ; PY:         a = [f32(f32(v * x) + f32(k)) for k, v in enumerate(a)]
// ; PY:         a = [f32(a[(k + 1) % 16] - f32(a[k] * 0.5)) if k % 2 else a[k] for k in range(16)]
// ; PY:     return a
// RUN: %npy %t.many.npy f32 '[v for i in range(4) for v in run(i * 0.25, 16)]'
// RUN: %npy %t.few.npy f32 '[v for i in range(4) for v in run(i * 0.25, 2)]'
// RUN: %run %s --entry many --grid 4 --buf x=f32:0,0.25,0.5,0.75 --buf out=f32[64] --expect out=%t.many.npy
// RUN: %run %s --entry few --grid 4 --buf x=f32:0,0.25,0.5,0.75 --buf out=f32[64] --expect out=%t.few.npy

#include <metal_stdlib>
using namespace metal;
#pragma METAL fp contract(off)

#define STEP                                                                                       \
    for (int k = 0; k < 16; k++)                                                                   \
        a[k] = a[k] * v + float(k);                                                                \
    for (int k = 1; k < 16; k += 2)                                                                \
        b[k] = a[(k + 1) % 16] - a[k] * 0.5f;                                                      \
    for (int k = 1; k < 16; k += 2)                                                                \
        a[k] = b[k];
#define FOUR STEP STEP STEP STEP

#define KERNEL(name, steps)                                                                        \
    kernel void name(device const float *x [[buffer(0)]], device float *out [[buffer(1)]],         \
                     uint i [[thread_position_in_grid]])                                           \
    {                                                                                              \
        float a[16], b[16], v = x[i];                                                              \
        for (int k = 0; k < 16; k++)                                                               \
            a[k] = v + float(k);                                                                   \
        steps for (int k = 0; k < 16; k++) out[16 * i + k] = a[k];                                 \
    }

KERNEL(many, FOUR FOUR FOUR FOUR)
KERNEL(few, STEP STEP)
