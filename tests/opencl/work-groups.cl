// Functions of a whole work-group, whose sub-groups share memory; the last group of a grid that is
// not filled has fewer. 100 threads in groups of 64: 0 to 63 and 64 to 99.
//
// ; PY: value = lambda i: i * 37 % 101
// ; PY: group = lambda i: range(i // 64 * 64, min(i // 64 * 64 + 64, 100))
// ; PY: upto = lambda i: [value(k) for k in group(i) if k <= i]
// ; PY: below = lambda i: [value(k) for k in group(i) if k < i]
// ; PY: every = lambda f: [f(i) for i in range(100)]
// RUN: %npy %t.npy i32 'every(lambda i: sum(map(value, group(i)))) + every(lambda i: min(map(value, group(i)))) + every(lambda i: max(map(value, group(i)))) + every(lambda i: sum(upto(i))) + every(lambda i: min(upto(i))) + every(lambda i: max(upto(i))) + every(lambda i: sum(below(i))) + every(lambda i: min([2147483647] + below(i))) + every(lambda i: max([-2147483648] + below(i))) + every(lambda i: value(group(i)[5]))'
// RUN: %simd %s --entry numbers --grid 100 --threadgroup 64 --buf out=i32[1000] --expect out=%t.npy
//
// RUN: %simd %s --entry others --grid 8,8,2 --threadgroup 8,8,2 --buf out=u32[8] --buf f=f32[4] --buf l=i64[3] --print out:all --print f --print l | FileCheck %s
// Threads 0 to 127: sum 8128; thread (3, 2, 1) is number 83.
// CHECK: out = 8128 127 1 0 0 1 83 0
// CHECK: f = 8128 0.5 127.5 {{.*}}
// CHECK: l = 34909494181888 -127 0
//
// RUN: %run %s --entry copies --grid 8 --threadgroup 4 --buf in=f32[64]:iota --buf out=f32[64] --print out:all --local part=64 | FileCheck %s --check-prefix COPY
// Each group of four copies 8 numbers from 8 * group, adds 1, and puts every second place of 32
// from there; then three float3 of 16 bytes.
// COPY: out = 1 0 2 0 3 0 4 0 5 0 6 0 7 0 8 0 9 0 10 0 11 0 12 0 13 0 14 0 15 0 16 0
// COPY-SAME: 0 1 2 3 4 5 6 7 8 9 10 11
//
// REQUIRES: clang

kernel void numbers(global int *out)
{
    int i = get_global_id(0), v = i * 37 % 101;
    out[i] = work_group_reduce_add(v);
    out[100 + i] = work_group_reduce_min(v);
    out[200 + i] = work_group_reduce_max(v);
    out[300 + i] = work_group_scan_inclusive_add(v);
    out[400 + i] = work_group_scan_inclusive_min(v);
    out[500 + i] = work_group_scan_inclusive_max(v);
    out[600 + i] = work_group_scan_exclusive_add(v);
    out[700 + i] = work_group_scan_exclusive_min(v);
    out[800 + i] = work_group_scan_exclusive_max(v);
    out[900 + i] = work_group_broadcast(v, 5);
}

kernel void others(global uint *out, global float *f, global long *l)
{
    uint i = get_local_linear_id();
    uint sum = work_group_reduce_add(i), most = work_group_reduce_max(i);
    int all = work_group_all(i < 128), not_all = work_group_all(i < 127);
    int any = work_group_any(i == 128), some = work_group_any(i == 127);
    uint there = work_group_broadcast(i, 3, 2, 1);
    float fsum = work_group_reduce_add((float)i), fleast = work_group_reduce_min(i + 0.5f);
    float fmost = work_group_scan_inclusive_max(i + 0.5f);
    long lsum = work_group_reduce_add((long)i << 32), lleast = work_group_reduce_min(-(long)i);
    if (i == 127) {
        out[0] = sum;
        out[1] = most;
        out[2] = all;
        out[3] = not_all;
        out[4] = any;
        out[5] = some;
        out[6] = there;
        f[0] = fsum;
        f[1] = fleast;
        f[2] = fmost;
        l[0] = lsum;
        l[1] = lleast;
    }
}

kernel void copies(global const float *in, global float *out, local float *part)
{
    int l = get_local_id(0), group = get_group_id(0);
    event_t e[2];
    e[0] = async_work_group_copy(part, in + 8 * group, 8, 0);
    prefetch(in, 8);
    wait_group_events(1, e);
    part[2 * l] += 1;
    part[2 * l + 1] += 1;
    barrier(CLK_LOCAL_MEM_FENCE);
    e[1] = async_work_group_strided_copy(out + 16 * group, part, 8, 2, 0);
    wait_group_events(1, &e[1]);
    local float4 rows[3];
    e[0] = async_work_group_copy(rows, (global const float4 *)in, 3, 0);
    e[1] = async_work_group_strided_copy(part, in, 4, 4, 0);
    wait_group_events(2, e);
    e[0] = async_work_group_copy((global float4 *)out + 8, rows, 3, 0);
    wait_group_events(1, e);
    if (part[l] != 4 * l)
        out[0] = -1;
}
