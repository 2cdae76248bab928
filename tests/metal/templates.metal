// Kernels that are made of templates: under a name for the host, by their own name, and when the
// user names the arguments. Each writes its number and the size of its type.
//
// REQUIRES: clang
// RUN: %run %s --entry scale_f32 --grid 3 --buf x=f32[3]:iota --print x | FileCheck %s --check-prefix FLOAT
// FLOAT: x = 0 3 6
// RUN: %run %s --entry scale_i16 --grid 3 --buf x=i16[3]:iota --print x | FileCheck %s --check-prefix SHORT
// SHORT: x = 0 5 10
// RUN: %run %s --entry 'scale<half, 4>' --grid 3 --buf x=f16[3]:iota --print x | FileCheck %s --check-prefix HALF
// HALF: x = 0 4 8
// RUN: %run %s --entry 'scale<int, 7>' --grid 3 --buf x=i32[3]:iota --print x | FileCheck %s --check-prefix INT
// INT: x = 0 7 14
// RUN: %run %s --entry plain --grid 1 --buf x=f32[1] --print x | FileCheck %s --check-prefix PLAIN
// PLAIN: x = 42
// RUN: %tmjit info %s | FileCheck %s --check-prefix INFO
// INFO-DAG: kernel plain
// INFO-DAG: kernel scale_f32
// INFO-DAG: kernel scale_i16
// INFO-DAG: max threads            128 a threadgroup
// RUN: not %tmjit run %s --entry 'scale<nothing>' --grid 1 2>&1 | FileCheck %s --check-prefix WRONG
// WRONG: --entry:1:{{.*}}error: {{.*}}nothing

#include <metal_stdlib>

using namespace metal;

template <typename T, int N>
[[kernel, max_total_threads_per_threadgroup(N < 4 ? 128 : 256)]] void
scale(device T *x [[buffer(0)]], uint i [[thread_position_in_grid]])
{
    x[i] = x[i] * T(N);
}

#define INSTANCE(name, T, N)                                                                   \
    template [[host_name("scale_" #name)]] [[kernel]] decltype(scale<T, N>) scale<T, N>;

INSTANCE(f32, float, 3)
template [[host_name("scale_i16")]] kernel void scale<short, 5>(device short *, uint);

kernel void plain(device float *x)
{
    *x = 42;
}
