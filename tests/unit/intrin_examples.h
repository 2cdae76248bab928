/* SPDX-License-Identifier: MIT */
/* One call for each row of intrinsics.def, made from the row itself where letters spell its
 * signature. Tests that walk all rows use it, so a new row is tested by being there. */
#ifndef INTRIN_EXAMPLES_H
#define INTRIN_EXAMPLES_H

#include "intrin.h"

#include <stdio.h>
#include <string.h>

typedef struct intrin_example {
    char name[128];
    char result[32];    /* LLVM spelling */
    char params[8][32]; /* LLVM spelling */
    unsigned param_count;
} intrin_example;

/* Rows whose signature has `*`: suffix, result, parameters. */
typedef struct special_example {
    tj_intrin id;
    const char *prefix, *suffix, *result;
    const char *params[8];
} special_example;

#define ATOMIC_RMW(id, type)                                                                   \
    {TJ_INTRIN_ATOMIC_##id,                                                                    \
     "atomic.global.",                                                                         \
     type,                                                                                     \
     "i32",                                                                                    \
     {"ptr addrspace(1)", "i32", "i32", "i32", "i1"}}

static const special_example special_examples[] = {
    {TJ_INTRIN_WG_BARRIER, "", "", "void", {"i32", "i32"}},
    {TJ_INTRIN_SIMDGROUP_BARRIER, "", "", "void", {"i32", "i32", "i32"}},
    {TJ_INTRIN_ATOMIC_FENCE, "", "", "void", {"i32", "i32", "i32"}},
    {TJ_INTRIN_ATOMIC_LOAD,
     "atomic.local.",
     ".i32",
     "i32",
     {"ptr addrspace(3)", "i32", "i32", "i1"}},
    {TJ_INTRIN_ATOMIC_STORE,
     "atomic.global.",
     ".f32",
     "void",
     {"ptr addrspace(1)", "float", "i32", "i32", "i1"}},
    {TJ_INTRIN_ATOMIC_XCHG,
     "atomic.global.",
     ".i32",
     "i32",
     {"ptr addrspace(1)", "i32", "i32", "i32", "i32", "i1"}},
    {TJ_INTRIN_ATOMIC_CMPXCHG,
     "atomic.local.",
     ".i32",
     "i32",
     {"ptr addrspace(3)", "ptr", "i32", "i32", "i32", "i32", "i1"}},
    {TJ_INTRIN_ATOMIC_MAX,
     "atomic.global.",
     ".u.i64",
     "void",
     {"ptr addrspace(1)", "i64", "i32", "i32", "i1"}},
    ATOMIC_RMW(ADD, ".u.i32"),
    ATOMIC_RMW(SUB, ".s.i32"),
    ATOMIC_RMW(MIN, ".u.i32"),
    ATOMIC_RMW(AND, ".s.i32"),
    ATOMIC_RMW(OR, ".u.i32"),
    ATOMIC_RMW(XOR, ".s.i32"),
    {TJ_INTRIN_LDEXP, "fast_", ".v2f32", "<2 x float>", {"<2 x float>", "<2 x i32>"}},
    {TJ_INTRIN_CONVERT, "", ".f.v4f16.u.v4i32.rtz", "<4 x half>", {"<4 x i32>"}},
    {TJ_INTRIN_MATRIX_LOAD,
     "",
     ".v64f32.p1f32",
     "<64 x float>",
     {"ptr addrspace(1)", "i64", "<2 x i64>", "i1"}},
    {TJ_INTRIN_MATRIX_STORE,
     "",
     ".v64bf16.p3bf16",
     "void",
     {"<64 x bfloat>", "ptr addrspace(3)", "<2 x i64>", "<2 x i64>", "<2 x i64>"}},
    {TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE,
     "",
     ".v64f32.v64f16.v64bf16.v64f32",
     "<64 x float>",
     {"<64 x half>", "<64 x bfloat>", "<64 x float>"}},
    {TJ_INTRIN_MATRIX_INIT_FILLED, "", ".v64f16.f16", "<64 x half>", {"half"}},
    {TJ_INTRIN_MATRIX_INIT_DIAG, "", ".v64f32.f32", "<64 x float>", {"float"}},
};
#undef ATOMIC_RMW

/* Suffix, LLVM type and element type by overload; sign markers on where they are optional. */
static const struct overload_example {
    const char *suffix, *type, *element;
} overload_examples[] = {
    [TJ_OVL_NONE] = {"", "", ""},
    [TJ_OVL_F] = {".v4f16", "<4 x half>", "half"},
    [TJ_OVL_I] = {".v2i64", "<2 x i64>", "i64"},
    [TJ_OVL_S] = {".u.v3i8", "<3 x i8>", "i8"},
    [TJ_OVL_A] = {".s.i16", "i16", "i16"},
    [TJ_OVL_X] = {".f32", "float", "float"},
    [TJ_OVL_L64] = {".i64", "", ""},
    [TJ_OVL_B] = {".v4i1", "<4 x i1>", "i1"},
    [TJ_OVL_S32] = {".s.v2i32", "<2 x i32>", "i32"},
    [TJ_OVL_Q16] = {".i64", "i64", "i64"},
    [TJ_OVL_ANY] = {".i1", "i1", "i1"},
    [TJ_OVL_P1] = {".f16", "half", "half"},
    [TJ_OVL_P2] = {".v2f32", "<2 x float>", "float"},
    [TJ_OVL_P3] = {".v3f16", "<3 x half>", "half"},
    [TJ_OVL_P4] = {".v4f32", "<4 x float>", "float"},
    [TJ_OVL_D] = {".v2f64", "<2 x double>", "double"},
};

static inline const char *letter_spelling(char letter, const struct overload_example *o)
{
    switch (letter) {
    case 'T':
        return o->type;
    case 'e':
        return o->element;
    case 'v':
        return "void";
    case 'b':
        return "i1";
    case 'c':
        return "i8";
    case 's':
        return "i16";
    case 'i':
        return "i32";
    case 'l':
        return "i64";
    case 'p':
        return "ptr";
    default:
        return NULL;
    }
}

static inline bool special_row_example(tj_intrin id, intrin_example *out)
{
    for (size_t i = 0; i < sizeof(special_examples) / sizeof(special_examples[0]); i++) {
        const special_example *s = &special_examples[i];
        if (s->id != id)
            continue;
        snprintf(out->name, sizeof out->name, "air.%s%s%s", s->prefix, tj_intrin_infos[id].name,
                 s->suffix);
        snprintf(out->result, sizeof out->result, "%s", s->result);
        for (; s->params[out->param_count]; out->param_count++)
            snprintf(out->params[out->param_count], sizeof out->params[0], "%s",
                     s->params[out->param_count]);
        return true;
    }
    return false;
}

/* False when the row has `*` and no special example. */
static inline bool row_example(tj_intrin id, intrin_example *out)
{
    const tj_intrin_info *row = &tj_intrin_infos[id];
    *out = (intrin_example){0};
    if (special_row_example(id, out))
        return true;
    if (strchr(row->signature, '*'))
        return false;
    const struct overload_example *o = &overload_examples[row->overload];
    snprintf(out->name, sizeof out->name, "air.%s%s", row->name, o->suffix);
    snprintf(out->result, sizeof out->result, "%s", letter_spelling(row->signature[0], o));
    for (const char *letter = row->signature + 1; *letter; letter++)
        snprintf(out->params[out->param_count++], sizeof out->params[0], "%s",
                 letter_spelling(*letter, o));
    return true;
}

#endif
