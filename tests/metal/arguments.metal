// Built-in inputs of every shape, argument structs, references, packed vectors, arguments without
// a number, threadgroup arguments, and a limit of threads.
//
// REQUIRES: clang
// ; PY: threads = [(x, y, z) for z in range(2) for y in range(4) for x in range(6)]
// ; PY: places = [n for x, y, z in threads for n in (x + y * 10 + z * 100, x // 3 + 2 * (y // 2))]
// RUN: %npy %t.npy u32 'places'
// RUN: %run %s --entry places --grid 6,4,2 --threadgroup 3,2,1 --buf out=u32[96] --expect out=%t.npy
//
// RUN: %run %s --entry structs --grid 3 --buf p=u8[32]:zeros --buf v=f32[9]:iota --buf out=f32[12]:zeros --print out | FileCheck %s --check-prefix STRUCTS
// STRUCTS: out = 0 1 2 0 3 4 5 0 6 7 8 0
//
// RUN: %run %s --entry sums --grid 64 --threadgroup 32 --buf x=f32[64]:iota --local part=128 --buf out=f32[2]:zeros --print out | FileCheck %s --check-prefix SUMS
// SUMS: out = 496 1520
//
// RUN: %tmjit info %s | FileCheck %s --check-prefix INFO
// INFO: kernel places
// INFO: 0  out              uint           device       buffer 0
// INFO: 1  gid              uint3          built-in thread_position_in_grid
// INFO: 2  tid              ushort3        built-in thread_position_in_threadgroup
// INFO: 3  group            uint2          built-in threadgroup_position_in_grid
// INFO: kernel structs
// INFO: 0  p                params         constant     buffer 0     read         32
// INFO: 1  v                packed_float3  device       buffer 1     read         12 an element
// INFO: 2  out              float4         device       buffer 2     write        16 an element
// INFO: kernel sums
// INFO: threadgroup 0
// INFO: max threads            64 a threadgroup

#include <metal_stdlib>

using namespace metal;

struct params {
    uint  count;
    float scale;
    float3 shift;
};

kernel void places(device uint *out,
                   uint3   gid   [[thread_position_in_grid]],
                   ushort3 tid   [[thread_position_in_threadgroup]],
                   uint2   group [[threadgroup_position_in_grid]],
                   uint3   grid  [[threads_per_grid]])
{
    uint at = gid.x + grid.x * (gid.y + grid.y * gid.z);
    out[2 * at] = gid.x + gid.y * 10 + gid.z * 100;
    out[2 * at + 1] = group.x + 2 * group.y + 0 * tid.x;
}

kernel void structs(constant params &p,
                    device const packed_float3 *v,
                    device float4 *out,
                    uint i [[thread_position_in_grid]])
{
    float3 x = v[i] + p.shift * p.scale;
    out[i] = float4(x, float(p.count));
}

[[kernel, max_total_threads_per_threadgroup(64)]]
void sums(device const float *x [[buffer(0)]],
          threadgroup float *part [[threadgroup(0)]],
          device float *out [[buffer(1)]],
          uint i    [[thread_position_in_grid]],
          uint lane [[thread_index_in_threadgroup]],
          uint g    [[threadgroup_position_in_grid]])
{
    part[lane] = x[i];
    for (uint step = 16; step > 0; step /= 2) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        float other = lane < step ? part[lane + step] : 0;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        part[lane] += other;
    }
    if (lane == 0)
        out[g] = part[0];
}
