/* SPDX-License-Identifier: MIT */
/* What the API tests share: a context, and small kernels in the short form. */
#ifndef API_UTIL_H
#define API_UTIL_H

#include "tmjit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* y[i] = a[i] + b[i] */
static const char add_kernel[] =
    "define void @add(ptr addrspace(1) \"tmjit.type\"=\"float\" %a,\n"
    "                 ptr addrspace(1) \"tmjit.type\"=\"float\" %b,\n"
    "                 ptr addrspace(1) \"tmjit.type\"=\"float\" %y,\n"
    "                 i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i)\n"
    "    \"tmjit.kernel\" \"tmjit.max_threads\"=\"512\" {\n"
    "  %k = zext i32 %i to i64\n"
    "  %pa = getelementptr float, ptr addrspace(1) %a, i64 %k\n"
    "  %va = load float, ptr addrspace(1) %pa, align 4\n"
    "  %pb = getelementptr float, ptr addrspace(1) %b, i64 %k\n"
    "  %vb = load float, ptr addrspace(1) %pb, align 4\n"
    "  %r = fadd float %va, %vb\n"
    "  %py = getelementptr float, ptr addrspace(1) %y, i64 %k\n"
    "  store float %r, ptr addrspace(1) %py, align 4\n"
    "  ret void\n"
    "}\n";

/* y[i] = the word that thread n - 1 - i wrote to threadgroup memory, n a constant buffer. */
static const char mirror_kernel[] =
    "declare void @air.wg.barrier(i32, i32)\n"
    "define void @mirror(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y,\n"
    "    ptr addrspace(2) \"tmjit.type\"=\"uint\" \"tmjit.byte_len\"=\"4\" %n,\n"
    "    ptr addrspace(3) \"tmjit.type\"=\"uint\" %tile,\n"
    "    i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %i) \"tmjit.kernel\" {\n"
    "  %k = zext i32 %i to i64\n"
    "  %p = getelementptr i32, ptr addrspace(3) %tile, i64 %k\n"
    "  store i32 %i, ptr addrspace(3) %p, align 4\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  %count = load i32, ptr addrspace(2) %n, align 4\n"
    "  %last = sub i32 %count, 1\n"
    "  %m = sub i32 %last, %i\n"
    "  %mk = zext i32 %m to i64\n"
    "  %q = getelementptr i32, ptr addrspace(3) %tile, i64 %mk\n"
    "  %v = load i32, ptr addrspace(3) %q, align 4\n"
    "  %py = getelementptr i32, ptr addrspace(1) %y, i64 %k\n"
    "  store i32 %v, ptr addrspace(1) %py, align 4\n"
    "  ret void\n"
    "}\n";

/* Threads below 16 wait at a barrier, or half of the SIMD-groups at another one. */
static const char diverge_kernels[] =
    "declare void @air.wg.barrier(i32, i32)\n"
    "define void @part(i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %i)\n"
    "    \"tmjit.kernel\" {\n"
    "  %c = icmp ult i32 %i, 16\n"
    "  br i1 %c, label %wait, label %end\n"
    "wait:\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  br label %end\n"
    "end:\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  ret void\n"
    "}\n"
    "define void @two(i32 \"tmjit.builtin\"=\"simdgroup_index_in_threadgroup\" %i)\n"
    "    \"tmjit.kernel\" {\n"
    "  %c = icmp eq i32 %i, 0\n"
    "  br i1 %c, label %one, label %other\n"
    "one:\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  br label %end\n"
    "other:\n"
    "  call void @air.wg.barrier(i32 2, i32 1)\n"
    "  br label %end\n"
    "end:\n"
    "  ret void\n"
    "}\n"
    "define void @endless(ptr addrspace(1) \"tmjit.type\"=\"uint\" %y) \"tmjit.kernel\" {\n"
    "  br label %loop\n"
    "loop:\n"
    "  %v = load volatile i32, ptr addrspace(1) %y, align 4\n"
    "  %c = icmp eq i32 %v, 0\n"
    "  br i1 %c, label %loop, label %end\n"
    "end:\n"
    "  ret void\n"
    "}\n";

static inline tmjit_context *new_context(void)
{
    tmjit_context_options options = {.struct_size = sizeof options, .threads = 2};
    tmjit_context *ctx = NULL;

    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
    return ctx;
}

static inline tmjit_library *load(tmjit_context *ctx, const char *text)
{
    tmjit_library *library = NULL;

    if (tmjit_library_load_memory(ctx, text, strlen(text), "kernels.ll", &library))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    return library;
}

static inline const tmjit_kernel *load_kernel(tmjit_context *ctx, const char *text,
                                              const char *name)
{
    const tmjit_kernel *kernel = tmjit_library_find_kernel(load(ctx, text), name);

    assert_non_null(kernel);
    return kernel;
}

static inline tmjit_pipeline *compile(tmjit_context *ctx, const tmjit_kernel *kernel,
                                      tmjit_engine engine, tmjit_extent threadgroup)
{
    tmjit_pipeline_options options = {
        .struct_size = sizeof options, .engine = engine, .threadgroup = threadgroup};
    tmjit_pipeline *pipeline = NULL;

    if (tmjit_pipeline_create(ctx, kernel, &options, &pipeline))
        fail_msg("%s", tmjit_last_error(ctx)->rendered);
    return pipeline;
}

/* The last error of the calling thread has this status and its message contains `part`. */
static inline void assert_error(const tmjit_context *ctx, tmjit_status status, const char *part)
{
    const tmjit_error *error = tmjit_last_error(ctx);

    assert_int_equal(error->status, status);
    assert_non_null(error->message);
    if (!strstr(error->message, part))
        fail_msg("'%s' does not contain '%s'", error->message, part);
    assert_non_null(error->rendered);
    assert_non_null(strstr(error->rendered, error->message));
    assert_int_equal(error->rendered[strlen(error->rendered) - 1], '\n');
}

#endif
