/* SPDX-License-Identifier: MIT */
/* Argument buffers through the public header: what reflection tells, launches by both engines
 * and queues, misuse. */
#include "api_util.h"

/* y[i] = args.a[i] + args.k * args.more->b[i] */
static const char members_kernel[] =
    "%Args = type { ptr addrspace(1), i32, ptr addrspace(2) }\n"
    "define void @k(ptr addrspace(2) %args, ptr addrspace(1) %y, i32 %i) {\n"
    "  %a = load ptr addrspace(1), ptr addrspace(2) %args, align 8\n"
    "  %pk = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 1\n"
    "  %k = load i32, ptr addrspace(2) %pk, align 8\n"
    "  %pm = getelementptr %Args, ptr addrspace(2) %args, i64 0, i32 2\n"
    "  %m = load ptr addrspace(2), ptr addrspace(2) %pm, align 8\n"
    "  %b = load ptr addrspace(1), ptr addrspace(2) %m, align 8\n"
    "  %pa = getelementptr i32, ptr addrspace(1) %a, i32 %i\n"
    "  %va = load i32, ptr addrspace(1) %pa, align 4\n"
    "  %pb = getelementptr i32, ptr addrspace(1) %b, i32 %i\n"
    "  %vb = load i32, ptr addrspace(1) %pb, align 4\n"
    "  %s = mul i32 %vb, %k\n"
    "  %r = add i32 %va, %s\n"
    "  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i\n"
    "  store i32 %r, ptr addrspace(1) %py, align 4\n"
    "  ret void\n"
    "}\n"
    "!air.kernel = !{!0}\n"
    "!0 = !{ptr @k, !1, !2}\n"
    "!1 = !{}\n"
    "!2 = !{!3, !4, !5}\n"
    "!3 = !{i32 0, !\"air.indirect_buffer\", !\"air.location_index\", i32 0, i32 1,\n"
    "  !\"air.read\", !\"air.address_space\", i32 2, !\"air.struct_type_info\", !6,\n"
    "  !\"air.arg_type_size\", i32 24, !\"air.arg_type_align_size\", i32 8,\n"
    "  !\"air.arg_type_name\", !\"Args\", !\"air.arg_name\", !\"args\"}\n"
    "!4 = !{i32 1, !\"air.buffer\", !\"air.location_index\", i32 1, i32 1,\n"
    "  !\"air.read_write\", !\"air.arg_type_size\", i32 4, !\"air.arg_type_name\", !\"int\",\n"
    "  !\"air.arg_name\", !\"y\"}\n"
    "!5 = !{i32 2, !\"air.thread_position_in_grid\", !\"air.arg_name\", !\"i\"}\n"
    "!6 = !{i32 0, i32 8, i32 0, !\"int\", !\"a\", !\"air.indirect_argument\", !7,\n"
    "  i32 8, i32 4, i32 0, !\"int\", !\"k\", !\"air.indirect_argument\", !8,\n"
    "  i32 16, i32 8, i32 0, !\"More\", !\"more\", !\"air.indirect_argument\", !9}\n"
    "!7 = !{i32 0, !\"air.buffer\", !\"air.location_index\", i32 5, i32 1, !\"air.read\",\n"
    "  !\"air.address_space\", i32 1, !\"air.arg_type_size\", i32 4,\n"
    "  !\"air.arg_type_align_size\", i32 4, !\"air.arg_type_name\", !\"int\"}\n"
    "!8 = !{i32 1, !\"air.indirect_constant\", !\"air.location_index\", i32 1, i32 1}\n"
    "!9 = !{i32 2, !\"air.indirect_buffer\", !\"air.location_index\", i32 2, i32 1,\n"
    "  !\"air.read\", !\"air.address_space\", i32 2, !\"air.struct_type_info\", !10,\n"
    "  !\"air.arg_type_size\", i32 8, !\"air.arg_type_align_size\", i32 8,\n"
    "  !\"air.arg_type_name\", !\"More\"}\n"
    "!10 = !{i32 0, i32 8, i32 0, !\"int\", !\"b\", !\"air.indirect_argument\", !11}\n"
    "!11 = !{i32 0, !\"air.buffer\", !\"air.location_index\", i32 0, i32 1, !\"air.read\",\n"
    "  !\"air.address_space\", i32 1, !\"air.arg_type_size\", i32 4,\n"
    "  !\"air.arg_type_align_size\", i32 4, !\"air.arg_type_name\", !\"int\"}\n";

static const tmjit_engine engines[] = {TMJIT_ENGINE_SIMD, TMJIT_ENGINE_INTERP};
enum { COUNT = 40 };

static void test_reflection(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, members_kernel, "k");
    const tmjit_arg *args = tmjit_kernel_arg(kernel, 0);
    (void)state;

    assert_int_equal(args->kind, TMJIT_ARG_BUFFER);
    assert_int_equal(args->field_count, 3);
    assert_null(args->fields[1].buffer);
    const tmjit_arg *a = args->fields[0].buffer, *more = args->fields[2].buffer;

    assert_non_null(a);
    assert_string_equal(a->name, "a");
    assert_int_equal(a->address_space, 1);
    assert_int_equal(a->location, 5);
    assert_int_equal(a->scalar, TMJIT_SCALAR_I32);
    assert_true(a->is_read && !a->is_written);
    assert_non_null(more);
    assert_int_equal(more->address_space, 2);
    assert_int_equal(more->field_count, 1);
    assert_non_null(more->fields[0].buffer);
    assert_null(tmjit_kernel_arg(kernel, 1)->fields);
    tmjit_context_destroy(ctx);
}

/* Memory of one launch. */
typedef struct memory {
    struct {
        uint64_t a;
        int32_t k;
        uint64_t more;
    } args;
    uint64_t more;
    int32_t a[COUNT], b[COUNT], y[COUNT];
    tmjit_binding bindings[3];
    tmjit_member members[3];
    tmjit_launch launch;
} memory;

static void init_memory(memory *m, int32_t k)
{
    *m = (memory){.args = {1, k, 2}};
    for (int32_t i = 0; i < COUNT; i++) {
        m->a[i] = 100 * i;
        m->b[i] = i + 1;
    }
    m->bindings[0] = (tmjit_binding){&m->args, sizeof m->args};
    m->bindings[1] = (tmjit_binding){m->y, sizeof m->y};
    m->members[0] = (tmjit_member){"args.more.b", m->b, sizeof m->b};
    m->members[1] = (tmjit_member){"args.a", m->a, sizeof m->a};
    m->members[2] = (tmjit_member){"args.more", &m->more, sizeof m->more};
    m->launch = (tmjit_launch){.struct_size = sizeof m->launch,
                               .grid = {COUNT, 1, 1},
                               .bindings = m->bindings,
                               .binding_count = 3,
                               .members = m->members,
                               .member_count = 3};
}

static void assert_result(const memory *m)
{
    for (int32_t i = 0; i < COUNT; i++)
        assert_int_equal(m->y[i], 100 * i + m->args.k * (i + 1));
}

static void test_both_engines(void **state)
{
    tmjit_context *ctx = new_context();
    const tmjit_kernel *kernel = load_kernel(ctx, members_kernel, "k");
    (void)state;

    for (unsigned e = 0; e < 2; e++) {
        tmjit_pipeline *pipeline = compile(ctx, kernel, engines[e], (tmjit_extent){32, 1, 1});
        memory m;

        init_memory(&m, 3);
        if (tmjit_pipeline_launch(pipeline, &m.launch))
            fail_msg("%s", tmjit_last_error(ctx)->rendered);
        assert_result(&m);
        assert_int_equal(m.args.a, (uint64_t)(uintptr_t)m.a);
        assert_int_equal(m.more, (uint64_t)(uintptr_t)m.b);
        m.members[0].byte_len = 20;
        assert_int_equal(tmjit_pipeline_launch(pipeline, &m.launch), TMJIT_E_BOUNDS);
        assert_error(ctx, TMJIT_E_BOUNDS, "byte offset 20 of buffer 'args.more.b' (20 bytes)");
        m.members[1] = (tmjit_member){"args.a", NULL, 0};
        assert_int_equal(tmjit_pipeline_launch(pipeline, &m.launch), TMJIT_E_BOUNDS);
        assert_error(ctx, TMJIT_E_BOUNDS, "byte offset 0 of buffer 'args.a' (0 bytes)");
    }
    tmjit_context_destroy(ctx);
}

/* Queued launches write their pointers when they begin, so they may share a struct. */
static void test_queue(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, members_kernel, "k"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){32, 1, 1});
    tmjit_queue *queue = NULL;
    memory first, second;
    (void)state;

    init_memory(&first, 3);
    init_memory(&second, 3);
    second.bindings[0] = first.bindings[0];
    assert_int_equal(tmjit_queue_create(ctx, NULL, &queue), TMJIT_OK);
    second.a[7] = 1;
    assert_int_equal(tmjit_queue_launch(queue, pipeline, &first.launch, NULL), TMJIT_OK);
    assert_int_equal(tmjit_queue_launch(queue, pipeline, &second.launch, NULL), TMJIT_OK);
    assert_int_equal(tmjit_queue_wait(queue, 60), TMJIT_OK);
    assert_result(&first);
    assert_int_equal(second.y[7], 1 + 3 * 8);
    assert_int_equal(second.y[8], 800 + 3 * 9);
    tmjit_context_destroy(ctx);
}

static void refuse(tmjit_context *ctx, tmjit_pipeline *pipeline, const memory *m,
                   const char *part)
{
    assert_int_equal(tmjit_pipeline_launch(pipeline, &m->launch), TMJIT_E_INVALID);
    assert_error(ctx, TMJIT_E_INVALID, part);
    assert_int_equal(m->args.a, 1); /* nothing has begun */
}

static void test_misuse(void **state)
{
    tmjit_context *ctx = new_context();
    tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, members_kernel, "k"),
                                       TMJIT_ENGINE_SIMD, (tmjit_extent){32, 1, 1});
    memory m;
    (void)state;

    init_memory(&m, 1);
    m.launch.member_count = 2;
    refuse(ctx, pipeline, &m, "member 'args.more' is not bound");
    init_memory(&m, 1);
    m.members[0].name = "args.a";
    refuse(ctx, pipeline, &m, "member 'args.a' is bound twice");
    m.members[0].name = "args.k";
    refuse(ctx, pipeline, &m, "has no pointer 'args.k'");
    m.members[0].name = NULL;
    refuse(ctx, pipeline, &m, "has no pointer 'NULL'");
    init_memory(&m, 1);
    m.launch.members = NULL;
    refuse(ctx, pipeline, &m, "members is NULL");
    init_memory(&m, 1);
    m.members[1].data = (char *)m.a + 1;
    refuse(ctx, pipeline, &m, "buffer 'args.a' is at");
    init_memory(&m, 1);
    m.members[1].data = NULL;
    refuse(ctx, pipeline, &m, "buffer 'args.a' is NULL with 160 bytes");
    init_memory(&m, 1);
    m.bindings[0].byte_len = 20;
    refuse(ctx, pipeline, &m,
           "argument buffer 'args' has 20 bytes; 'args.more' ends at byte 24");
    init_memory(&m, 1);
    m.members[2].byte_len = 4;
    refuse(ctx, pipeline, &m, "argument buffer 'args.more' has 4 bytes");
    init_memory(&m, 1);
    m.members[2] = (tmjit_member){"args.more", NULL, 0};
    refuse(ctx, pipeline, &m, "member 'args.more.b' is bound; what it is a member of is not");
    init_memory(&m, 1);
    assert_int_equal(tmjit_pipeline_launch(pipeline, &m.launch), TMJIT_OK);
    assert_result(&m);
    tmjit_context_destroy(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reflection),
        cmocka_unit_test(test_both_engines),
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
