/* SPDX-License-Identifier: MIT */
/* Kernels marked by string attributes, and what is found out about their arguments. */
#include "load_util.h"

static void test_short_form(void **state)
{
    (void)state;
    loaded l = load_good(
        "define void @add(ptr addrspace(1) \"tmjit.type\"=\"float4\" %a, ptr addrspace(2) "
        "\"tmjit.buffer\"=\"0\" \"tmjit.byte_len\"=\"16\" \"tmjit.type\"=\"uint\" %n, ptr "
        "addrspace(3) %t, ptr addrspace(1) \"tmjit.access\"=\"write\" "
        "\"tmjit.type\"=\"packed_float3\" %out, <3 x i16> "
        "\"tmjit.builtin\"=\"threads_per_grid\" %size, i32 %thread_index_in_threadgroup, ptr "
        "addrspace(1) %0) \"tmjit.kernel\" \"tmjit.max_threads\"=\"64\" {\n"
        "  %p = getelementptr half, ptr addrspace(3) %t, i32 %thread_index_in_threadgroup\n"
        "  store half 1.0, ptr addrspace(3) %p\n"
        "  ret void\n}\n"
        "define void @next() \"tmjit.kernel\" {\n  ret void\n}\n"
        "define void @helper() {\n  ret void\n}\n");
    assert_int_equal(l.unit->kernel_count, 2);
    const tj_kernel *k = tj_find_kernel(l.unit, "add");
    assert_int_equal(k->max_threads, 64);
    assert_int_equal(tj_find_kernel(l.unit, "next")->max_threads, TJ_MAX_THREADS);
    const tj_arg *args = k->args;
    assert_int_equal(args[0].location, 1); /* 0 is taken by number */
    assert_elem(&args[0], TJ_SCALAR_F32, 4, 16, 16);
    assert_int_equal(args[1].location, 0);
    assert_int_equal(args[1].access, TJ_ACCESS_READ);
    assert_int_equal(args[1].fixed_byte_len, 16);
    assert_int_equal(args[2].kind, TJ_ARG_THREADGROUP);
    assert_int_equal(args[2].location, 0);
    assert_string_equal(args[2].type_name, "half");
    assert_int_equal(args[2].access, TJ_ACCESS_WRITE);
    assert_false(args[2].is_unused);
    assert_int_equal(args[3].location, 2);
    assert_int_equal(args[3].access, TJ_ACCESS_WRITE);
    assert_elem(&args[3], TJ_SCALAR_F32, 3, 12, 4);
    assert_int_equal(args[4].sysval, TJ_SYSVAL_THREADS_PER_GRID);
    assert_string_equal(args[4].type_name, "ushort3");
    assert_int_equal(args[5].sysval, TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP);
    assert_string_equal(args[6].name, "arg6");
    assert_string_equal(args[6].type_name, "");
    assert_true(args[6].is_unused);
    assert_false(l.unit->flush_subnormals);
    unload(&l);
}

/* Infers the parameter %p of a body. */
static void assert_inferred(const char *body, const char *type_name, tj_access access)
{
    tj_arena *arena = tj_arena_create();
    loaded l = load_good(tj_arena_printf(
        arena,
        "%%S = type { i32, [2 x float] }\n"
        "%%A = type { i32 }\n"
        "declare i32 @air.atomic.global.add.u.i32(ptr addrspace(1), i32, i32, i32, i1)\n"
        "declare void @llvm.memset.p1.i64(ptr addrspace(1), i8, i64, i1)\n"
        "define internal void @h(ptr addrspace(1) %%x) {\n"
        "  store i64 1, ptr addrspace(1) %%x\n  ret void\n}\n"
        "define void @k(ptr addrspace(1) %%p, i32 %%thread_position_in_grid) \"tmjit.kernel\" "
        "{\n%s\n}\n",
        body));
    const tj_arg *arg = &l.unit->kernels[0].args[0];
    assert_string_equal(arg->type_name, type_name);
    assert_int_equal(arg->access, access);
    unload(&l);
    tj_arena_destroy(arena);
}

static void test_inference(void **state)
{
    (void)state;
    assert_inferred("  ret void", "", TJ_ACCESS_READ);
    assert_inferred("  %v = load <4 x float>, ptr addrspace(1) %p\n  ret void", "float4",
                    TJ_ACCESS_READ);
    assert_inferred("  store i16 1, ptr addrspace(1) %p\n  %v = load i32, ptr addrspace(1) %p\n"
                    "  ret void",
                    "short", TJ_ACCESS_READ_WRITE);
    assert_inferred("  %q = getelementptr i8, ptr addrspace(1) %p, i64 4\n"
                    "  store float 1.0, ptr addrspace(1) %q\n  ret void",
                    "float", TJ_ACCESS_WRITE);
    assert_inferred("  %q = getelementptr [8 x half], ptr addrspace(1) %p, i64 1, i64 2\n"
                    "  %v = load i16, ptr addrspace(1) %q\n  ret void",
                    "half", TJ_ACCESS_READ);
    assert_inferred("  %q = getelementptr %S, ptr addrspace(1) %p, i64 1, i32 0\n"
                    "  %v = load i32, ptr addrspace(1) %q\n  ret void",
                    "", TJ_ACCESS_READ);
    assert_inferred("  %q = getelementptr %A, ptr addrspace(1) %p, i64 1, i32 0\n"
                    "  %v = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %q, i32 1, "
                    "i32 0, i32 2, i1 true)\n  ret void",
                    "int", TJ_ACCESS_READ_WRITE);
    assert_inferred("  %v = call i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 1, "
                    "i32 0, i32 2, i1 true)\n  ret void",
                    "uint", TJ_ACCESS_READ_WRITE);
    assert_inferred("  call void @h(ptr addrspace(1) %p)\n  ret void", "long", TJ_ACCESS_WRITE);
    assert_inferred("  call void @llvm.memset.p1.i64(ptr addrspace(1) %p, i8 0, i64 4, i1 "
                    "false)\n  ret void",
                    "", TJ_ACCESS_WRITE);
    assert_inferred("  br label %l\nl:\n  %q = phi ptr addrspace(1) [ %p, %0 ], [ %r, %l ]\n"
                    "  %r = getelementptr bfloat, ptr addrspace(1) %q, i64 1\n"
                    "  %v = load bfloat, ptr addrspace(1) %q\n"
                    "  %c = fcmp une bfloat %v, 0.0\n"
                    "  br i1 %c, label %l, label %e\ne:\n  ret void",
                    "bfloat", TJ_ACCESS_READ);
}

static void test_short_form_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *params, *attributes, *message;
        tj_status status;
    } rows[] = {
        {"i32 %n", "", "argument 0 ('n'): a parameter that is no pointer needs",
         TJ_E_MALFORMED},
        {"i32 \"tmjit.builtin\"=\"thread_pos\" %n", "", "unknown built-in input 'thread_pos'",
         TJ_E_MALFORMED},
        {"i64 %thread_position_in_grid", "", "'i64' cannot be 'thread_position_in_grid'",
         TJ_E_MALFORMED},
        {"<4 x i32> %thread_position_in_grid", "", "'<4 x i32>' cannot be", TJ_E_MALFORMED},
        {"<2 x i32> %thread_index_in_simdgroup", "", "accepted are i32 and i16",
         TJ_E_MALFORMED},
        {"float %grid_size", "", "'float' cannot be 'grid_size'", TJ_E_MALFORMED},
        {"ptr %p", "", "a pointer into address space 0", TJ_E_MALFORMED},
        {"ptr addrspace(4) %p", "", "a pointer into address space 4", TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.type\"=\"float5\" %p", "", "unknown element type 'float5'",
         TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.buffer\"=\"31\" %p", "", "accepted are numbers up to 30",
         TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.buffer\"=\"-1\" %p", "", "accepted are numbers",
         TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.buffer\"=\"99999999999999999999999\" %p", "",
         "accepted are numbers", TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.threadgroup\"=\"0\" %p", "",
         "unknown attribute 'tmjit.threadgroup'", TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.acess\"=\"read\" %p", "", "unknown attribute 'tmjit.acess'",
         TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.access\"=\"none\" %p", "", "unknown access 'none'",
         TJ_E_MALFORMED},
        {"ptr addrspace(1) \"tmjit.buffer\"=\"2\" %p, ptr addrspace(2) \"tmjit.buffer\"=\"2\" "
         "%q",
         "", "argument 1 ('q'): buffer(2) belongs to argument 0 already", TJ_E_MALFORMED},
        {"", "\"tmjit.max_threads\"=\"0\"", "accepted are 1 to 1024", TJ_E_MALFORMED},
        {"", "\"tmjit.max_threads\"=\"1025\"", "accepted are numbers up to 1024",
         TJ_E_MALFORMED},
        {"", "\"tmjit.threads\"=\"2\"", "unknown attribute 'tmjit.threads'", TJ_E_MALFORMED},
        {"...", "", "variable arguments", TJ_E_MALFORMED},
    };
    tj_arena *arena = tj_arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(tj_arena_printf(arena,
                                       "\ndefine void @k(%s) \"tmjit.kernel\" %s {\n"
                                       "  ret void\n}\n",
                                       rows[i].params, rows[i].attributes),
                       rows[i].status, rows[i].message, 2);
    tj_arena_destroy(arena);
}

static void test_kernel_shape_refusals(void **state)
{
    (void)state;
    assert_refused("define i32 @k() \"tmjit.kernel\" {\n  ret i32 0\n}\n", TJ_E_MALFORMED,
                   "a kernel returns void", 1);
    assert_refused("declare void @k() \"tmjit.kernel\"\n", TJ_E_MALFORMED, "has no body", 0);
    assert_refused("define void @0() \"tmjit.kernel\" {\n  ret void\n}\n", TJ_E_MALFORMED,
                   "a kernel without a name", 0);
    assert_refused("define void @k() {\n  ret void\n}\n", TJ_E_MALFORMED, "no kernel", 0);
    assert_refused("!air.kernel = !{}\n", TJ_E_MALFORMED, "no kernel", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_form),
        cmocka_unit_test(test_inference),
        cmocka_unit_test(test_short_form_refusals),
        cmocka_unit_test(test_kernel_shape_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
