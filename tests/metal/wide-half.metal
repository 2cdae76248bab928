// precise:: and fast:: have no functions of half: the argument becomes float, and so the result
// keeps what half would round away.
//
// REQUIRES: clang
// RUN: %run %s --grid 1 --buf x=f16[1]:2048 --buf y=f32[3] --print y | FileCheck %s
// CHECK: y = 1.6487{{[0-9]+}} 2.71828{{[0-9]+}} 1{{$}}

#include <metal_stdlib>

using namespace metal;

kernel void k(device const half *x, device float *y)
{
    y[0] = precise::exp(x[0] / 4096);
    y[1] = precise::exp(x[0] / 2048);
    y[2] = is_same_v<decltype(fast::fma(x[0], x[0], x[0])), float>;
}
