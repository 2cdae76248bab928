// Structs behind arguments have the author's fields: in info, for --set, in prints. Fields of
// structs inside have dotted names; pointers inside are the members of an argument buffer.
//
// REQUIRES: clang
// DEFINE: %{plain} = --entry plain --grid 2 --set p.count=7 --set p.scale=0.5 --set p.v=1,2,3 --set p.flat=4,5,6 --set p.h=1,2,3 --set p.in.a=10 --set p.ins[1].b=20,30 --set p.m=1,2,3,4,5,6 --set p.base=100
// 7 + 0.5 + 2 + 6 + 3 + 10 + 30 + 6 (of the second column) + 100 = 164.5
// RUN: %run %s %{plain} --buf out=f32[2] --print out | FileCheck %s --check-prefix PLAIN
// PLAIN: out = 164.5 164.5
//
// RUN: %tmjit info %s --entry plain | FileCheck %s --check-prefix INFO --strict-whitespace
// INFO:        0  p                params         constant     buffer 0     read         144 in all
// INFO-NEXT:         .base            float          at byte 0, 4 bytes
// INFO-NEXT:         .count           uint           at byte 4, 4 bytes
// INFO-NEXT:         .scale           float          at byte 8, 4 bytes
// INFO-NEXT:         .v               float3         at byte 16, 16 bytes
// INFO-NEXT:         .flat            packed_float3  at byte 32, 12 bytes
// INFO-NEXT:         .h               half[3]        at byte 44, 6 bytes
// INFO-NEXT:         .in              inner          at byte 56, 16 bytes
// INFO-NEXT:         .in.a            float          at byte 56, 4 bytes
// INFO-NEXT:         .in.b            uint2          at byte 64, 8 bytes
// INFO-NEXT:         .ins             inner[2]       at byte 72, 32 bytes
// INFO-NEXT:         .ins[0].a        float          at byte 72, 4 bytes
// INFO-NEXT:         .ins[0].b        uint2          at byte 80, 8 bytes
// INFO-NEXT:         .ins[1].a        float          at byte 88, 4 bytes
// INFO-NEXT:         .ins[1].b        uint2          at byte 96, 8 bytes
// INFO-NEXT:         .m               float2x3       at byte 112, 32 bytes
// INFO-NEXT:  1  out
//
// An argument buffer: memory by name, numbers by field, also of what a pointer leads to.
// DEFINE: %{buffers} = %s --entry buffers --grid 3 --buf g.x=f32[3]:iota --buf g.n=u32[1]:5 --set g.k=1000 --buf g.far.y=f32[3]:iota --set g.far.plus=0.5 --buf g.many[0]=null --buf g.many[1]=f32[3]:100
// RUN: %run %{buffers} --buf g.sub.z=f32[3] --print g.sub.z | FileCheck %s --check-prefix BUFFERS
// 1000 + 5 + 0.5 + i + 2 i + 100
// BUFFERS: g.sub.z = 1105.5 1108.5 1111.5
// RUN: not %tmjit run %{buffers} 2>&1 | FileCheck %s --check-prefix MISSING
// MISSING: kernel 'buffers' also needs g.sub.z (float);
// RUN: not %tmjit run %{buffers} --buf g.sub.z=f32[2] 2>&1 | FileCheck -DFILE=%s %s --check-prefix BOUNDS
// BOUNDS: {{^}}[[FILE]]:[[#@LINE+56]]:16: error: store of 4 bytes at byte offset 8 of buffer 'g.sub.z' (8 bytes), by thread (2, 0, 0)
//
// RUN: %tmjit emit %s --entry moments --as msl | FileCheck %s --check-prefix PRINT
// PRINT:      struct point {
// PRINT-NEXT:     float x;
// PRINT-NEXT:     float y;
// PRINT-NEXT:     int label;
// PRINT-NEXT: };
// PRINT:          const device point *points {{\[\[}}buffer(0)]],
// PRINT:          out[i] = points[i].x * points[i].y + float(points[i].label);
//
// RUN: not %tmjit run %s --entry plain --grid 1 --set p.in.c=1 2>&1 | FileCheck %s --check-prefix FIELD
// FIELD: struct 'p' has no field 'in.c'; it has base (float), count (uint)
// RUN: not %tmjit run %s --entry plain --grid 1 --set p.in=1 2>&1 | FileCheck %s --check-prefix STRUCT
// STRUCT: field 'p.in' is inner; --set takes scalars and vectors
// RUN: not %tmjit run %s --entry plain --grid 1 --set p.m=1,2,3 2>&1 | FileCheck %s --check-prefix COUNT
// COUNT: field 'p.m' takes a list of 6, not of 3
// RUN: not %tmjit run %s --entry buffers --grid 1 --buf g.far.z=f32[1] 2>&1 | FileCheck %s --check-prefix MEMBER
// MEMBER: 'g.far' points to no memory 'z'; it points to y (float)

#include <metal_stdlib>
using namespace metal;

struct inner { float a; uint2 b; };
struct root { float base; };
struct params : root {
    static constant int ignored = 3;
    uint32_t count;
    float scale;
    float3 v;
    packed_float3 flat;
    half h[3];
    inner in;
    inner ins[2];
    float2x3 m;
};
struct point { float x, y; int label; };
struct distant { device float *y; float plus; };
struct results { device float *z; };
struct arguments {
    const device float *x;
    constant uint *n;
    float k;
    constant distant *far;
    device float *many[2];
    results sub;
};

kernel void plain(constant params &p, device float *out, uint i [[thread_position_in_grid]])
{
    out[i] = p.count + p.scale + p.v.y + p.flat.z + p.h[2] + p.in.a + p.ins[1].b.y + p.m[1][2] + p.base;
}

kernel void buffers(constant arguments &g, uint i [[thread_position_in_grid]])
{
    float sum = g.k + g.n[0] + g.far->plus + g.x[i] + 2 * g.far->y[i] + g.many[1][i];
    g.sub.z[i] = sum;
}

kernel void moments(const device point *points, device float *out,
                   uint i [[thread_position_in_grid]])
{
    out[i] = points[i].x * points[i].y + points[i].label;
}
