// What C++ does not have: methods for address spaces, threadgroup arrays in functions, array
// parameters, conditions over memories, literals of half and bfloat, unsuffixed floats.
//
// REQUIRES: clang
// RUN: %run %s --grid 32 --threadgroup 32 --buf x=f32[32]:iota --buf t=f32[4]:iota --buf bytes=f32[12] --print bytes | FileCheck %s
// CHECK: bytes = 2 1 2 1 496 31 2.5 0.5 1.5 7 3 12

#include <metal_stdlib>

using namespace metal;

struct cell {
    float value;
    int which() const constant { return int(value) + 1; }
    int which() const device { return int(value) + 1; }
    int which() const threadgroup { return int(value) + 1; }
    int which() const thread { return int(value) + 1; }
};

constant cell fixed = {1};
constant float weights[3] = {1, 2, 4};

template <typename T> T sum_all(threadgroup T (&part)[32], uint lane, T mine)
{
    part[lane] = mine;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    T all = 0;
    for (int i = 0; i < 32; i++)
        all += part[i];
    return all;
}

float last(threadgroup float rows[2][16])
{
    return rows[1][15];
}

float third(constant const float three[3])
{
    return three[2] + three[1] + three[0];
}

template <typename T> T halved(T x)
{
    return x * 0.5;
}

kernel void k(device cell *x [[buffer(0)]],
              constant float4 &t [[buffer(1)]],
              device void *bytes [[buffer(2)]],
              uint lane [[thread_index_in_threadgroup]])
{
    device float *out = (device float *)bytes;
    threadgroup float part[32];
    threadgroup float rows[2][16];
    threadgroup cell shared;
    cell own = {lane == 0 ? t.x : x[1].value};
    float sum = sum_all(part, lane, x[lane].value);
    rows[lane / 16][lane % 16] = x[lane].value;
    shared.value = 1;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    cell chosen = lane ? own : x[3];
    if (lane)
        return;
    out[0] = fixed.which();
    out[1] = x->which();
    out[2] = shared.which();
    out[3] = own.which();
    out[4] = sum;
    out[5] = last(rows);
    out[6] = float(2.5h);
    out[7] = halved(1.0f);
    out[8] = static_cast<half>(bfloat(1.5bf));
    out[9] = third(weights);
    out[10] = chosen.value;
    out[11] = dot(t, float4(t.wzyx)) + dot(t.xy, t.zw) + 0 * t.x + 5;
}
