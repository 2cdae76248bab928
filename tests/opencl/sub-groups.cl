// Sub-groups are SIMD-groups of 32. Lane i of sub-group s has 32 s + i in 80 threads: the last
// sub-group has 16.
//
// RUN: %simd %s --entry ids --grid 80 --threadgroup 80 --buf out=u32[480] --print out:all | FileCheck %s --check-prefix IDS
// IDS: out = 0 0 3 3 32 32 0 1 3 3 32 32 {{.*}} 2 15 3 3 32 16{{$}}
//
// ; PY: lanes = lambda i: [k for k in range(80) if k // 32 == i // 32]
// ; PY: group = range(80)
// ; PY: first = lambda i: lanes(i)[0]
// RUN: %npy %t.add.npy i32 '[sum(lanes(i)) for i in group]'
// RUN: %npy %t.min.npy i32 '[i // 32 * 32 - 40 for i in group]'
// RUN: %npy %t.max.npy i32 '[lanes(i)[-1] - 40 for i in group]'
// RUN: %npy %t.upto.npy i32 '[sum(k for k in lanes(i) if k <= i) for i in group]'
// RUN: %npy %t.below.npy i32 '[sum(k for k in lanes(i) if k < i) for i in group]'
// RUN: %npy %t.third.npy i32 '[first(i) + 3 for i in group]'
// RUN: %simd %s --entry numbers --grid 80 --threadgroup 80 --buf add=i32[80] --buf least=i32[80] --buf most=i32[80] --buf upto=i32[80] --buf below=i32[80] --buf third=i32[80] --expect add=%t.add.npy --expect least=%t.min.npy --expect most=%t.max.npy --expect upto=%t.upto.npy --expect below=%t.below.npy --expect third=%t.third.npy
//
// ; PY: value = lambda i: i * 37 % 64
// RUN: %npy %t.imin.npy i32 '[min(value(k) for k in lanes(i) if k <= i) for i in group]'
// RUN: %npy %t.imax.npy i32 '[max(value(k) for k in lanes(i) if k <= i) for i in group]'
// RUN: %npy %t.xmin.npy i32 '[min([2147483647] + [value(k) for k in lanes(i) if k < i]) for i in group]'
// RUN: %npy %t.xmax.npy i32 '[max([-2147483648] + [value(k) for k in lanes(i) if k < i]) for i in group]'
// RUN: %simd %s --entry scans --grid 80 --threadgroup 80 --buf imin=i32[80] --buf imax=i32[80] --buf xmin=i32[80] --buf xmax=i32[80] --expect imin=%t.imin.npy --expect imax=%t.imax.npy --expect xmin=%t.xmin.npy --expect xmax=%t.xmax.npy
//
// RUN: %simd %s --entry votes --grid 64 --threadgroup 64 --buf out=u32[256] --print out:all | FileCheck %s --check-prefix VOTES
// VOTES: out = 1 1 0 1 1 1 0 0 {{.*}} 0 1 0 0{{$}}
//
// RUN: %npy %t.mixed.npy i32 '[(i ^ 5) + 1000 * (i & 32 | (i + 3) % 32) for i in range(64)]'
// RUN: %npy %t.moved.npy i32 '[(i - 2 if i % 32 >= 2 else -1) + 1000 * (i + 4 if i % 32 < 28 else -1) for i in range(64)]'
// RUN: %npy %t.turned.npy i32 '[(i & 32) | (i + 7) % 32 for i in range(64)]'
// RUN: %simd %s --entry shuffles --grid 64 --threadgroup 64 --buf mixed=i32[64] --buf moved=i32[64] --buf turned=i32[64] --expect mixed=%t.mixed.npy --expect moved=%t.moved.npy --expect turned=%t.turned.npy
//
// RUN: %simd %s --entry ballots --grid 32 --threadgroup 32 --buf out=u32[256] --print out:all | FileCheck %s --check-prefix BALLOT
// Lanes 0, 3, 6, ... 30 vote: 0x49249249, 11 of them.
// BALLOT: out = 1227133513 1 1 11 1 0 0 30 {{.*}} 1227133513 0 0 11 11 11 0 30{{$}}
//
// RUN: %simd %s --entry parts --grid 32 --threadgroup 32 --buf out=i32[224] --print out:all | FileCheck %s --check-prefix PARTS
// The 16 even lanes by themselves: 240, 1, 0, 30, and, or, xor of 1 << lane.
// PARTS: out = 240 65536 0 30 0 1431655765 1431655765 {{.*}} 0 0 0 0 0 0 0{{$}}
//
// RUN: %simd %s --entry masked --grid 32 --threadgroup 32 --buf out=i32[128] --print out:all | FileCheck %s --check-prefix MASKED
// Lanes from 4 on: the first is 4, lane 9 says 9, sums of 4 to i and to i - 1.
// MASKED: out = 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4 9 4 0 4 9 9 4 4 9 15 9 {{.*}} 4 9 490 459{{$}}
//
// REQUIRES: clang

kernel void ids(global uint *out)
{
    size_t row = 6 * get_global_id(0);
    out[row] = get_sub_group_id();
    out[row + 1] = get_sub_group_local_id();
    out[row + 2] = get_num_sub_groups();
    out[row + 3] = get_enqueued_num_sub_groups();
    out[row + 4] = get_max_sub_group_size();
    out[row + 5] = get_sub_group_size();
}

kernel void numbers(global int *add, global int *least, global int *most, global int *upto,
                    global int *below, global int *third)
{
    int i = get_global_id(0);
    add[i] = sub_group_reduce_add(i);
    least[i] = sub_group_reduce_min(i - 40);
    most[i] = sub_group_reduce_max(i - 40);
    upto[i] = sub_group_scan_inclusive_add(i);
    below[i] = sub_group_scan_exclusive_add(i);
    third[i] = sub_group_broadcast(i, 3);
    sub_group_barrier(CLK_LOCAL_MEM_FENCE);
}

kernel void scans(global int *imin, global int *imax, global int *xmin, global int *xmax)
{
    int i = get_global_id(0), value = i * 37 % 64;
    imin[i] = sub_group_scan_inclusive_min(value);
    imax[i] = sub_group_scan_inclusive_max(value);
    xmin[i] = sub_group_scan_exclusive_min(value);
    xmax[i] = sub_group_scan_exclusive_max(value);
}

kernel void votes(global uint *out)
{
    int i = get_global_id(0);
    out[4 * i] = sub_group_all(i < 32);
    out[4 * i + 1] = sub_group_any((i & 31) == 5);
    out[4 * i + 2] = sub_group_all(i & 1);
    out[4 * i + 3] = sub_group_elect();
}

kernel void shuffles(global int *mixed, global int *moved, global int *turned)
{
    int i = get_global_id(0), lane = get_sub_group_local_id();
    mixed[i] = sub_group_shuffle_xor(i, 5) + 1000 * sub_group_shuffle(i, (lane + 3) % 32);
    int up = sub_group_shuffle_up(i, 2), down = sub_group_shuffle_down(i, 4);
    moved[i] = (lane >= 2 ? up : -1) + 1000 * (lane < 28 ? down : -1);
    turned[i] = sub_group_rotate(i, 7);
}

kernel void ballots(global uint *out)
{
    int i = get_global_id(0);
    uint4 b = sub_group_ballot(i % 3 == 0);
    out[8 * i] = b.x;
    out[8 * i + 1] = sub_group_inverse_ballot(b);
    out[8 * i + 2] = sub_group_ballot_bit_extract(b, i);
    out[8 * i + 3] = sub_group_ballot_bit_count(b);
    out[8 * i + 4] = sub_group_ballot_inclusive_scan(b);
    out[8 * i + 5] = sub_group_ballot_exclusive_scan(b);
    out[8 * i + 6] = sub_group_ballot_find_lsb(b);
    out[8 * i + 7] = sub_group_ballot_find_msb(b);
}

kernel void parts(global int *out)
{
    int i = get_global_id(0);
    if (i & 1)
        return;
    out[7 * i] = sub_group_non_uniform_reduce_add(i);
    out[7 * i + 1] = sub_group_non_uniform_reduce_mul(2);
    out[7 * i + 2] = sub_group_non_uniform_reduce_min(i);
    out[7 * i + 3] = sub_group_non_uniform_reduce_max(i);
    out[7 * i + 4] = sub_group_non_uniform_reduce_and(1 << i);
    out[7 * i + 5] = sub_group_non_uniform_reduce_or(1 << i);
    out[7 * i + 6] = sub_group_non_uniform_reduce_xor(1 << i);
}

kernel void masked(global int *out)
{
    int i = get_global_id(0);
    if (i < 4)
        return;
    out[4 * i] = sub_group_broadcast_first(i);
    out[4 * i + 1] = sub_group_non_uniform_broadcast(i, 9);
    out[4 * i + 2] = sub_group_non_uniform_scan_inclusive_add(i);
    out[4 * i + 3] = sub_group_non_uniform_scan_exclusive_add(i);
}
