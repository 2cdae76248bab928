/* SPDX-License-Identifier: MIT */
/* Canonical kernels with their control flow graph and shapes, for tests of the analyses. */
#ifndef SHAPE_UTIL_H
#define SHAPE_UTIL_H

#include "affine.h"
#include "load_util.h"

#include <dirent.h>
#include <llvm-c/Core.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct analysed {
    loaded from;
    tj_unit *unit;
    tj_arena *arena;
    tj_facts facts;
} analysed;

static inline void print_diag(const tj_diags *diags)
{
    tj_text rendered = {0};

    tj_diag_render(&diags->first, &rendered);
    print_error("%s", rendered.data);
    tj_text_fini(&rendered);
}

/* The kernel `name`, or the first one. */
static inline analysed analyse_kernel(const char *text, const char *name, unsigned opt_level,
                                      tj_shape_options options)
{
    analysed a = {.from = load_good(text), .arena = tj_arena_create()};
    tj_canon_options canon = {.opt_level = opt_level};

    if (!name)
        name = a.from.unit->kernels[0].name;
    assert_int_equal(tj_extract(a.from.unit, name, &a.from.diags, &a.unit), TJ_OK);
    assert_int_equal(tj_specialize(a.unit, NULL, 0, true, NULL), TJ_OK);
    if (tj_canon(a.unit, &canon))
        print_diag(&a.unit->diags);
    assert_true(a.unit->is_canonical);
    if (tj_facts_build(a.unit, &options, a.arena, &a.facts)) {
        print_diag(&a.unit->diags);
        fail_msg("no facts of %s", name);
    }
    return a;
}

static inline analysed analyse(const char *text, tj_shape_options options)
{
    return analyse_kernel(text, NULL, 0, options);
}

static inline void drop_analysed(analysed *a)
{
    tj_arena_destroy(a->arena);
    tj_unit_destroy(a->unit);
    unload(&a->from);
}

static inline int block_named(const tj_cfg *cfg, const char *name)
{
    for (int b = 0; b < cfg->block_count; b++)
        if (strcmp(LLVMGetBasicBlockName(cfg->blocks[b].bb), name) == 0)
            return b;
    fail_msg("no block %%%s", name);
    return TJ_NONE;
}

/* ---- kernels of the text tests -------------------------------------------------------------
 */

/* The whole file, with a zero byte behind it; NULL when there is none. */
static inline char *file_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long byte_len;

    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    byte_len = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)byte_len + 1);
    if (fread(text, 1, (size_t)byte_len, file) != (size_t)byte_len) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

typedef void kernel_check(const analysed *a, const char *what);

/* Calls `check` for the kernels in tests/run, which is run/ where tests run, with shapes of a
 * 16 x 4 threadgroup at 8 lanes; returns how many. */
static inline int each_kernel_of_run(unsigned opt_level, kernel_check *check)
{
    DIR *dir = opendir("run");
    int count = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        char path[300];

        if (length < 4 || strcmp(entry->d_name + length - 3, ".ll") != 0)
            continue;
        snprintf(path, sizeof(path), "run/%s", entry->d_name);
        char *text = file_text(path);

        assert_non_null(text);
        loaded l = load_text(text);
        bool is_good = l.status == TJ_OK && l.unit->kernel_count;

        unload(&l);
        if (is_good) {
            analysed a =
                analyse_kernel(text, NULL, opt_level,
                               (tj_shape_options){.threadgroup = {16, 4, 1}, .lanes = 8});

            check(&a, entry->d_name);
            drop_analysed(&a);
            count++;
        }
        free(text);
    }
    closedir(dir);
    return count;
}

/* ---- random kernels ------------------------------------------------------------------------
 */

/* Random ways between 3 to 14 blocks, also backwards; branches on %c diverge, on %d do not.
 * Blocks store to a place of each lane or to one of all lanes. */
static inline void random_kernel(unsigned seed, tj_text *out)
{
    unsigned state = seed * 2654435761u + 1;
#define NEXT(n) ((state = state * 1664525u + 1013904223u) >> 12) % (n)
    unsigned count = 3 + NEXT(12);

    tj_text_puts(out, "define void @k(ptr addrspace(1) \"tmjit.type\"=\"int\" %y, "
                      "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i, "
                      "i32 \"tmjit.builtin\"=\"threads_per_grid\" %n) \"tmjit.kernel\" {\n"
                      "entry:\n %c = icmp ult i32 %i, 7\n %d = icmp ult i32 %n, 9\n"
                      " %p = getelementptr i32, ptr addrspace(1) %y, i32 %i\n br label %b0\n");
    for (unsigned b = 0; b < count; b++) {
        unsigned to[2];

        for (int s = 0; s < 2; s++) {
            unsigned ahead = b + 1 + NEXT(3);

            to[s] = s && NEXT(6) == 0 ? NEXT(b + 1) : ahead;
            to[s] = to[s] < count ? to[s] : count;
        }
        tj_text_printf(out, "b%u:\n store i32 %u, ptr addrspace(1) %%%s\n", b, b,
                       NEXT(2) ? "p" : "y");
        tj_text_printf(out, " br i1 %%%s, label %%b%u, label %%b%u\n", NEXT(2) ? "c" : "d",
                       to[0], to[1]);
    }
    tj_text_printf(out, "b%u:\n ret void\n}\n", count);
#undef NEXT
}

static inline void each_random_kernel(unsigned count, kernel_check *check)
{
    for (unsigned i = 0; i < count; i++) {
        tj_text text = {0};
        char what[32];

        snprintf(what, sizeof(what), "random kernel %u", i);
        random_kernel(i, &text);
        analysed a =
            analyse(text.data, (tj_shape_options){.threadgroup = {64, 1, 1}, .lanes = 8});

        check(&a, what);
        drop_analysed(&a);
        tj_text_fini(&text);
    }
}

#endif
