// Barriers and fences with their flags reach AIR, and Metal.
//
// RUN: %run %s --grid 8 --threadgroup 8 --buf out=i32[8] --print out | FileCheck %s
// CHECK: out = 7 6 5 4 3 2 1 0
//
// RUN: %tmjit emit %s --as air | FileCheck %s --check-prefix AIR
// AIR: call void @air.wg.barrier(i32 2, i32 1)
// AIR: call void @air.wg.barrier(i32 1, i32 1)
// AIR: call void @air.wg.barrier(i32 3, i32 1)
// AIR: call void @air.atomic.fence(i32 2, i32 5, i32 2)
// AIR: call void @air.atomic.fence(i32 1, i32 5, i32 2)
// AIR: call void @air.atomic.fence(i32 3, i32 5, i32 2)
// AIR: call void @air.simdgroup.barrier(i32 2, i32 1)
//
// REQUIRES: clang

kernel void k(global int *out)
{
    local int part[8];
    int i = get_local_id(0);
    part[i] = i;
    barrier(CLK_LOCAL_MEM_FENCE);
    work_group_barrier(CLK_GLOBAL_MEM_FENCE);
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    mem_fence(CLK_LOCAL_MEM_FENCE);
    read_mem_fence(CLK_GLOBAL_MEM_FENCE);
    write_mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    sub_group_barrier(CLK_LOCAL_MEM_FENCE);
    out[i] = part[7 - i];
}
