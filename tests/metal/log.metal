// os_log writes to the launch's log: numbers of each kind, several levels.
//
// REQUIRES: clang
// RUN: %tmjit run %s --grid 2 --buf x=f32[2]:iota 2>&1 | FileCheck %s
// RUN: %tmjit run %s --engine interp --grid 2 --buf x=f32[2]:iota 2>&1 | FileCheck %s
// CHECK: x[0] = 0.000000, 0.5 <7> c
// CHECK: x[1] = 1.000000, 1.5 <7> c
// CHECK: last 4294967295 -5 v 1.000000,-2.500000 1,2,3

#include <metal_logging>
#include <metal_stdlib>

using namespace metal;

constant os_log logger("com.example", "parts");

kernel void k(device float *x, uint i [[thread_position_in_grid]])
{
    logger.log_error("x[%u] = %f, %.1f <%d> %c", i, x[i], half(x[i]) + 0.5h, short(7), 'c');
    if (i == 1)
        os_log_default.log("last %u %ld v %v2f %v3d", ~0u, -5l, float2(1, -2.5), short3(1, 2, 3));
}
