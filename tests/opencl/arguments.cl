// Values of all kinds of types, local arguments with --local, local variables, constants.
//
// RUN: %run %s --entry sums --grid 8 --threadgroup 4 --buf x=f32[8]:iota --buf out=f32[8] --local part=16 --set more=1,2,3 --set n=-7 --set big=4294967296 --print out | FileCheck %s
// Each group of four: its sum, 1 + 2 + 3 = 6, -7, 2^32 / 2^30 = 4, the table's 10 20 30 40.
// CHECK: out = 19 29 39 49 35 45 55 65
//
// RUN: not %tmjit run %s --entry sums --grid 8 --threadgroup 4 --buf x=f32[8]:iota --buf out=f32[8] --set more=1,2,3 --set n=-7 --set big=0 2>&1 | FileCheck %s --check-prefix MISSING
// MISSING: kernel 'sums' also needs part (threadgroup 0, float); give
//
// RUN: %tmjit info %s --entry sums | FileCheck %s --check-prefix INFO
// INFO: x                float          device       buffer 0     read         4 an element
// INFO: part             float          threadgroup  threadgroup 0
// INFO: more             float3         constant     buffer 2     read         16 in all
// INFO: n                short          constant     buffer 3     read         2 in all
// INFO: big              ulong          constant     buffer 4     read         8 in all
// INFO: max threads            4 a threadgroup
// INFO-NEXT: threadgroup            4,1,1
//
// Only that size, and no other of as many threads.
// RUN: not %tmjit run %s --entry sums --grid 8 --threadgroup 2,2 --buf x=f32[8] --buf out=f32[8] --local part=16 --set more=1,2,3 --set n=-7 --set big=0 2>&1 | FileCheck %s --check-prefix SIZE
// SIZE: threadgroup 2 x 2 x 1; kernel 'sums' runs with 4 x 1 x 1 only
//
// REQUIRES: clang

constant int table[4] = {10, 20, 30, 40};

__attribute__((reqd_work_group_size(4, 1, 1)))
kernel void sums(global const float *x, global float *out, local float *part, float3 more,
                 short n, ulong big)
{
    local float fixed[4];
    int i = get_local_id(0);
    part[i] = x[get_global_id(0)];
    fixed[3 - i] = part[i];
    barrier(CLK_LOCAL_MEM_FENCE);
    float sum = 0;
    for (int k = 0; k < 4; k++)
        sum += 0.5f * (part[k] + fixed[k]);
    out[get_global_id(0)] =
        sum + more.x + more.y + more.z + n + (float)(big >> 30) + table[i];
}

kernel void other(global float *x) { x[0] = 1; }
