// Functions of work-items in three dimensions, and in a grid that its groups do not fill.
//
// RUN: %run %s --entry ids --grid 4,2,3 --threadgroup 2,1,3 --buf out=u32[432] --print out:all | FileCheck %s
// Thread (3, 1, 2) is the last, row 23: global 3 1 2 of 4 2 3, local 1 0 2 of 2 1 3, group 1 1 0
// of 2 2 1, linear 23 and 5; its 18 numbers end the buffer.
// CHECK: out = 0 0 0 4 2 3 0 0 0 2 1 3 0 0 0 0 3 0 1 0 0 4 2 3 1 0 0 2 1 3 0 0 1 1 3 0
// CHECK-SAME: {{ 3 1 2 4 2 3 1 0 2 2 1 3 1 1 23 5 3 0$}}
//
// RUN: %run %s --entry ragged --grid 10 --threadgroup 4 --buf out=u32[60] --print out:all | FileCheck %s --check-prefix RAGGED
// The last group has two threads; it was asked for four.
// RAGGED: out = 10 4 4 3 1 0 {{.*}} 10 2 4 3 1 9{{$}}
//
// RUN: %run %s --entry beyond --grid 3 --buf out=u32[8] --print out:all | FileCheck %s --check-prefix BEYOND
// A dimension that is not there: identifiers are 0, sizes 1.
// BEYOND: out = 0 1 0 1 0 1 0 0
//
// REQUIRES: clang

kernel void ids(global uint *out)
{
    uint values[18] = {
        get_global_id(0),   get_global_id(1),   get_global_id(2),   get_global_size(0),
        get_global_size(1), get_global_size(2), get_local_id(0),    get_local_id(1),
        get_local_id(2),    get_local_size(0),  get_local_size(1),  get_local_size(2),
        get_group_id(0),    get_group_id(1),    get_global_linear_id(), get_local_linear_id(),
        get_work_dim(),     get_global_offset(0)};
    size_t row = get_global_linear_id();
    for (int i = 0; i < 18; i++)
        out[18 * row + i] = values[i];
}

kernel void ragged(global uint *out)
{
    size_t row = 6 * get_global_id(0);
    out[row] = get_global_size(0);
    out[row + 1] = get_local_size(0);
    out[row + 2] = get_enqueued_local_size(0);
    out[row + 3] = get_num_groups(0);
    out[row + 4] = get_work_dim();
    out[row + 5] = get_global_linear_id();
}

kernel void beyond(global uint *out)
{
    int d = 3 + get_global_id(0);
    if (d > 3)
        return;
    out[0] = get_global_id(d);
    out[1] = get_global_size(d);
    out[2] = get_local_id(d);
    out[3] = get_local_size(d);
    out[4] = get_group_id(d);
    out[5] = get_num_groups(d);
    out[6] = get_global_offset(d);
    out[7] = 0;
}
