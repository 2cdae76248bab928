/* SPDX-License-Identifier: MIT */
/* Memory beside the arguments that pointers made from integers reach: tables of addresses. */
#include "api_util.h"

#include <stdlib.h>

/* *(table[i]) becomes y[i] and its double */
static const char follow_kernel[] =
    "define void @follow(ptr addrspace(1) \"tmjit.type\"=\"ulong\" %table,\n"
    "                    ptr addrspace(1) \"tmjit.type\"=\"int\" %y,\n"
    "                    i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i)\n"
    "    \"tmjit.kernel\" {\n"
    "  %k = zext i32 %i to i64\n"
    "  %pt = getelementptr i64, ptr addrspace(1) %table, i64 %k\n"
    "  %address = load i64, ptr addrspace(1) %pt, align 8\n"
    "  %p = inttoptr i64 %address to ptr addrspace(1)\n"
    "  %v = load i32, ptr addrspace(1) %p, align 4\n"
    "  %py = getelementptr i32, ptr addrspace(1) %y, i64 %k\n"
    "  store i32 %v, ptr addrspace(1) %py, align 4\n"
    "  %d = shl i32 %v, 1\n"
    "  store i32 %d, ptr addrspace(1) %p, align 4\n"
    "  ret void\n"
    "}\n";

enum { THREADS = 40, BLOCKS = 5 };

/* Thread i reaches word i / BLOCKS of block i % BLOCKS; blocks are apart from each other. */
typedef struct memory {
    uint64_t table[THREADS];
    int32_t y[THREADS];
    int32_t *blocks[BLOCKS];
    tmjit_binding bindings[3], resident[BLOCKS];
    tmjit_launch launch;
} memory;

static int32_t *word(const memory *m, unsigned i)
{
    return &m->blocks[i % BLOCKS][i / BLOCKS];
}

static void init_memory(memory *m)
{
    *m = (memory){0};
    for (unsigned b = 0; b < BLOCKS; b++) {
        uint64_t byte_len = THREADS / BLOCKS * sizeof(int32_t);
        m->blocks[b] = malloc(byte_len);
        m->resident[b] = (tmjit_binding){m->blocks[b], byte_len};
    }
    for (unsigned i = 0; i < THREADS; i++) {
        m->table[i] = (uint64_t)(uintptr_t)word(m, i);
        *word(m, i) = (int32_t)(7 * i);
    }
    m->bindings[0] = (tmjit_binding){m->table, sizeof m->table};
    m->bindings[1] = (tmjit_binding){m->y, sizeof m->y};
    m->launch = (tmjit_launch){.struct_size = sizeof m->launch,
                               .grid = {THREADS, 1, 1},
                               .bindings = m->bindings,
                               .binding_count = 3,
                               .resident = m->resident,
                               .resident_count = BLOCKS};
}

static void free_memory(memory *m)
{
    for (unsigned b = 0; b < BLOCKS; b++)
        free(m->blocks[b]);
}

static void assert_result(const memory *m)
{
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(m->y[i], 7 * i);
        assert_int_equal(*word(m, i), 14 * i);
    }
}

static tmjit_pipeline *follow(tmjit_context *ctx, tmjit_engine engine)
{
    return compile(ctx, load_kernel(ctx, follow_kernel, "follow"), engine,
                   (tmjit_extent){32, 1, 1});
}

static void refuse(tmjit_context *ctx, tmjit_pipeline *pipeline, const memory *m,
                   tmjit_status status, const char *part)
{
    assert_int_equal(tmjit_pipeline_launch(pipeline, &m->launch), status);
    assert_error(ctx, status, part);
}

static void test_both_engines(void **state)
{
    static const tmjit_engine engines[] = {TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP};
    tmjit_context *ctx = new_context();
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        tmjit_pipeline *pipeline = follow(ctx, engines[e]);
        memory m;

        init_memory(&m);
        if (tmjit_pipeline_launch(pipeline, &m.launch))
            fail_msg("%s", tmjit_last_error(ctx)->rendered);
        assert_result(&m);
        m.resident[4].byte_len -= 4; /* the last thread's word */
        refuse(ctx, pipeline, &m, TMJIT_E_BOUNDS, "of no buffer of this launch");
        m.resident[4].byte_len += 4;
        m.launch.resident_count = 4;
        refuse(ctx, pipeline, &m, TMJIT_E_BOUNDS, "of no buffer of this launch");
        m.launch.resident_count = 0;
        m.launch.resident = NULL;
        refuse(ctx, pipeline, &m, TMJIT_E_BOUNDS, "of no buffer of this launch");
        free_memory(&m);
    }
    tmjit_context_destroy(ctx);
}

/* A queued launch keeps what it needs of the caller's array. */
static void test_queue(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = follow(ctx, TMJIT_ENGINE_SIMD);
    tmjit_queue *queue = NULL;
    memory m;
    (void)state;

    init_memory(&m);
    assert_int_equal(tmjit_queue_create(ctx, NULL, &queue), TMJIT_OK);
    assert_int_equal(tmjit_queue_launch(queue, pipeline, &m.launch, NULL), TMJIT_OK);
    memset(m.resident, 0, sizeof m.resident);
    assert_int_equal(tmjit_queue_wait(queue, 60), TMJIT_OK);
    assert_result(&m);
    free_memory(&m);
    tmjit_context_destroy(ctx);
}

/* More regions than a launch has arguments. */
static void test_many(void **state)
{
    static tmjit_binding many[1 << 16];
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = follow(ctx, TMJIT_ENGINE_SIMD);
    memory m;
    (void)state;

    init_memory(&m);
    memcpy(&many[(1 << 16) - BLOCKS], m.resident, sizeof m.resident);
    m.launch.resident = many;
    m.launch.resident_count = 1 << 16;
    assert_int_equal(tmjit_pipeline_launch(pipeline, &m.launch), TMJIT_OK);
    assert_result(&m);
    m.launch.resident_count++;
    refuse(ctx, pipeline, &m, TMJIT_E_INVALID, "resident_count is 65537; at most 65536");
    free_memory(&m);
    tmjit_context_destroy(ctx);
}

static void test_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = follow(ctx, TMJIT_ENGINE_SIMD);
    memory m;
    (void)state;

    init_memory(&m);
    m.launch.resident = NULL;
    refuse(ctx, pipeline, &m, TMJIT_E_INVALID, "resident is NULL");
    m.launch.resident = m.resident;
    m.resident[2].data = NULL;
    refuse(ctx, pipeline, &m, TMJIT_E_INVALID, "resident[2] has 32 bytes at NULL");
    free_memory(&m);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_engines),
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
