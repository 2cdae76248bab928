// C11's atomics: through named and generic pointers, with and without orders.
//
// RUN: %run %s --entry c11 --grid 64 --threadgroup 32 --buf g=i32[12] --buf u=u32[2]:50 --buf f=f32[2] --print g:all --print u --print f | FileCheck %s
// CHECK: g = 2016 -2016 63 -5 60 63 3 1 64 64 64 0
// CHECK: u = 0 4294967295
// CHECK: f = 2.5 96
//
// RUN: %run %s --entry generic_pointers --grid 64 --threadgroup 32 --buf g=i32[1] --buf sums=i32[2] --print g --print sums | FileCheck %s --check-prefix GENERIC
// GENERIC: g = 2016
// GENERIC: sums = 496 1520
//
// RUN: %run %s --entry plain --grid 64 --threadgroup 32 --buf g=i32[9] --print g:all | FileCheck %s --check-prefix PLAIN
// PLAIN: g = 2016 -2016 63 0 4 63 -1 1 5
//
// RUN: %run %s --entry flag --grid 64 --threadgroup 32 --buf f=i32[2] --buf won=i32[1] --print won --print f | FileCheck %s --check-prefix FLAG
// FLAG: won = 1
// FLAG: f = 1 0
//
// RUN: %run %s --entry strong --grid 3 --threadgroup 3 --buf a=i32:5 --buf b=f32:2.5 --buf won=i32[3] --buf old=f32[3]:-1 --expect a=i32:9 --expect b=f32:0.5 --expect won=i32:100,9,9 --expect old=f32:-1,0.5,0.5
//
// RUN: %tmjit emit %s --entry strong --as msl | FileCheck %s --check-prefix STRONG
// STRONG: while (old == expected && !atomic_compare_exchange_weak_explicit(object, &old,
// STRONG-NEXT: desired, memory_order_relaxed, memory_order_relaxed)) {
// STRONG: compare_exchange(a, 5u, 9 + 
//
// REQUIRES: clang

kernel void c11(global atomic_int *g, global atomic_uint *u, global atomic_float *f)
{
    int i = get_global_id(0);
    atomic_fetch_add_explicit(&g[0], i, memory_order_relaxed);
    atomic_fetch_sub_explicit(&g[1], i, memory_order_acq_rel, memory_scope_device);
    atomic_fetch_max_explicit(&g[2], i, memory_order_relaxed);
    atomic_fetch_min_explicit(&g[3], i - 5, memory_order_relaxed);
    atomic_fetch_or_explicit(&g[4], i & 60, memory_order_relaxed);
    atomic_fetch_xor_explicit(&g[5], i ? 0 : 63, memory_order_relaxed);
    if (i == 3)
        atomic_store_explicit(&g[6], i, memory_order_release);
    int none = 0;
    atomic_compare_exchange_strong_explicit(&g[7], &none, 1, memory_order_seq_cst,
                                            memory_order_relaxed);
    for (int old = atomic_load_explicit(&g[8], memory_order_relaxed);
         !atomic_compare_exchange_weak_explicit(&g[8], &old, old + 1, memory_order_relaxed,
                                                memory_order_relaxed);)
        ;
    atomic_fetch_add_explicit(&g[9], atomic_exchange_explicit(&g[11], 0, memory_order_relaxed) + 1,
                              memory_order_relaxed);
    atomic_fetch_add(&g[10], 1);
    atomic_fetch_and_explicit(&u[0], (uint)i, memory_order_relaxed);
    atomic_fetch_max_explicit(&u[1], i == 9 ? 0xffffffffu : 1u, memory_order_relaxed);
    if (i == 0)
        atomic_store(&f[0], 2.5f);
    float was = 0;
    while (!atomic_compare_exchange_strong(&f[1], &was, was + 1.5f))
        ;
}

void add(atomic_int *to, int value)
{
    atomic_fetch_add(to, value);
}

kernel void generic_pointers(global atomic_int *g, global int *sums)
{
    local atomic_int sum;
    if (get_local_id(0) == 0)
        atomic_init(&sum, 0);
    work_group_barrier(CLK_LOCAL_MEM_FENCE);
    add(&sum, get_global_id(0));
    add(&g[0], get_global_id(0));
    work_group_barrier(CLK_LOCAL_MEM_FENCE, memory_scope_work_group);
    if (get_local_id(0) == 0)
        sums[get_group_id(0)] = atomic_load(&sum);
}

kernel void plain(global atomic_int *g)
{
    int i = get_global_id(0), none = 0;
    atomic_fetch_add(&g[0], i);
    atomic_fetch_sub(&g[1], i);
    atomic_fetch_max(&g[2], i);
    atomic_fetch_and(&g[3], i);
    atomic_fetch_or(&g[4], 4);
    atomic_fetch_xor(&g[5], i ? 0 : 63);
    atomic_fetch_min(&g[6], i == 0 ? -1 : 2);
    atomic_compare_exchange_weak(&g[7], &none, 1);
    atomic_work_item_fence(CLK_GLOBAL_MEM_FENCE, memory_order_seq_cst, memory_scope_device);
    atomic_exchange(&g[8], 5);
}

kernel void flag(global atomic_flag *f, global atomic_int *won)
{
    if (!atomic_flag_test_and_set(&f[0]))
        atomic_fetch_add(won, 1);
    atomic_flag_test_and_set_explicit(&f[1], memory_order_relaxed);
    atomic_flag_clear_explicit(&f[1], memory_order_relaxed);
    if (get_global_id(0) == 0)
        atomic_flag_clear(&f[1]);
}

// One that must not fail by itself tells by the old value alone whether it replaced.
kernel void strong(global atomic_int *a, global atomic_float *b, global int *won,
                   global float *old)
{
    int i = get_global_id(0), expected = 5;
    float was = 2.5f;
    won[i] = atomic_compare_exchange_strong(a, &expected, 9 + i) ? 100 : expected;
    if (!atomic_compare_exchange_strong(b, &was, i + 0.5f))
        old[i] = was;
}
