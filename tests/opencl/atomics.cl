// Atomics of OpenCL 1.x in global and local memory, 32 and 64 bits. Integers, so that the order
// of threads does not count.
//
// RUN: %run %s --entry old --grid 64 --threadgroup 32 --buf g=i32[11] --buf u=u32[4]:1000 --buf f=f32[1]:7 --buf seen=i32[64] --print g:all --print u --print f | FileCheck %s
// 0 + 1 + ... + 63 = 2016.
// CHECK: g = 2016 -2016 64 -64 0 63 0 63 1 5 2016
// CHECK: u = 4294967295 3 1000 999
// CHECK: f = 42
//
// RUN: %run %s --entry local_memory --grid 64 --threadgroup 32 --buf out=i32[12] --print out:all | FileCheck %s --check-prefix LOCAL
// LOCAL: out = 496 -496 32 0 31 31 1520 -1520 32 32 63 31
//
// RUN: %run %s --entry wide --grid 64 --threadgroup 32 --buf g=i64[9]:0 --buf u=u64[2]:7 --print g:all --print u | FileCheck %s --check-prefix WIDE
// WIDE: g = 8658654068736 -2016 64 -64 77 4294967296 -1 274877906943 64
// WIDE: u = 0 18446744073709551615
//
// REQUIRES: clang

kernel void old(volatile global int *g, volatile global uint *u, volatile global float *f,
                global int *seen)
{
    int i = get_global_id(0);
    atomic_add(&g[0], i);
    atomic_sub(&g[1], i);
    seen[atomic_inc(&g[2])] = i;
    atomic_dec(&g[3]);
    atomic_min(&g[4], i);
    atomic_max(&g[5], i);
    atomic_and(&g[6], i);
    atomic_or(&g[7], i);
    atomic_cmpxchg(&g[8], 0, 1);
    if (i == 5)
        atomic_xchg(&g[9], i);
    atom_add(&g[10], i);
    atomic_max(&u[0], i == 7 ? 0xffffffffu : 4u);
    atomic_min(&u[1], i + 3u);
    atomic_xor(&u[2], 1u << (i & 3));
    atom_min(&u[3], i == 9 ? 999u : 0x80000000u);
    if (i == 0)
        atomic_xchg(&f[0], 42.0f);
}

kernel void local_memory(global int *out)
{
    local int sums[6];
    int i = get_global_id(0), l = get_local_id(0), group = get_group_id(0);
    if (l < 6)
        sums[l] = l == 3 ? 100 : 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    atomic_add(&sums[0], i);
    atomic_sub(&sums[1], i);
    atomic_inc(&sums[2]);
    atomic_min(&sums[3], group ? i : l);
    atomic_max(&sums[4], i);
    atomic_or(&sums[5], l);
    barrier(CLK_LOCAL_MEM_FENCE);
    if (l < 6)
        out[6 * group + l] = sums[l];
}

#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable
#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable
kernel void wide(volatile global long *g, volatile global ulong *u)
{
    long i = get_global_id(0);
    atom_add(&g[0], i << 32);
    atom_sub(&g[1], i);
    atom_inc(&g[2]);
    atom_dec(&g[3]);
    atom_cmpxchg(&g[4], 0, 77);
    if (i == 1)
        atom_xchg(&g[5], i << 32);
    atom_min(&g[6], i - 1);
    atom_max(&g[7], (i << 32) | 0xffffffff);
    atom_or(&g[8], 64l);
    atom_and(&u[0], (ulong)i << 8);
    atom_max(&u[1], i == 3 ? 0xfffffffffffffffful : 0ul);
    atom_xor(&g[8], 0l);
}
