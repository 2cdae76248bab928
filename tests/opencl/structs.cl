// Structs as values and behind pointers: their fields in info, for --set, in prints.
//
// REQUIRES: clang
// RUN: %run %s --grid 3 --set p.count=2 --set p.in.scale=0.5 --set p.v=1,2,3,4 --set p.s=7,8,9 --buf c=u8[48]:zeros --buf x=f32[3]:iota --print x | FileCheck %s
// i * 0.5 + 4 + 9 for the first two.
// CHECK: x = 13 13.5 1
// RUN: %tmjit info %s | FileCheck %s --check-prefix INFO
// INFO:      1  p                outer          constant     buffer 1     read         48 in all
// INFO-NEXT:    .in              params         at byte 0, 8 bytes
// INFO-NEXT:    .in.id           uint           at byte 0, 4 bytes
// INFO-NEXT:    .in.scale        float          at byte 4, 4 bytes
// INFO-NEXT:    .v               float4         at byte 16, 16 bytes
// INFO-NEXT:    .s               short[3]       at byte 32, 6 bytes
// INFO-NEXT:    .count           int            at byte 40, 4 bytes
// INFO-NEXT: 2  c                outer          constant     buffer 2
// INFO-NEXT:    .in              params
// RUN: not %tmjit run %s --grid 3 --set p.in.z=1 2>&1 | FileCheck %s --check-prefix FIELD
// FIELD: struct 'p' has no field 'in.z'; it has in (params), in.id (uint)

typedef struct { uint id; float scale; } params;
struct outer { params in; float4 v; short s[3]; int count; };

kernel void k(global float *x, struct outer p, constant struct outer *c)
{
    int i = get_global_id(0);
    float total = x[i] * p.in.scale;
    if (i < p.count)
        total += p.v.w + p.s[2] + c->v.z;
    x[i] = total;
}
