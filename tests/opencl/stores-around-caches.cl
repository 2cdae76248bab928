// Launches that write more than caches hold, whose stores have all lanes, some and none: what
// goes around the caches and what does not makes one result.
//
// RUN: %tmjit run %s --entry halves --grid 8388608 --threadgroup 128 --buf dst=i32[8388608]:-1 --set n=8388000 --engine both
// REQUIRES: clang

kernel void halves(global int *dst, uint n)
{
    uint i = get_global_id(0), group = i / 32;
    if (i >= n)
        return;
    if (group % 3 == 0 || (group % 3 == 1 && i % 5 < 2))
        dst[i] = i * 3;
    else
        dst[i] = i ^ 5;
    if (group % 7 == 1)
        dst[i] = group;
}
