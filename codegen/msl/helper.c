/* SPDX-License-Identifier: MIT */
/* Functions that Metal's library lacks, printed in front of the kernel that calls them. */
#include "msl.h"

#include <string.h>

typedef struct row {
    const char *key, *result, *rest; /* of the text: the name stands between them */
} row;

/* To nearest, then one step where that went the wrong way. NaN compares as false. */
#define NARROW(key, test, to)                                                                  \
    {key, "static half ",                                                                      \
     "(float x)\n"                                                                             \
     "{\n"                                                                                     \
     "    half y = half(x);\n"                                                                 \
     "    return " test " ? nextafter(y, " to ") : y;\n"                                       \
     "}\n"}

/* By compare and exchange until nobody came between. */
#define ATOMIC(function, space)                                                                \
    {function " " space, "static float ",                                                      \
     "(" space " atomic_float *object, float operand)\n"                                       \
     "{\n"                                                                                     \
     "    float old = atomic_load_explicit(object, memory_order_relaxed);\n"                   \
     "    while (!atomic_compare_exchange_weak_explicit(object, &old, " function               \
     "(old, operand),\n"                                                                       \
     "            memory_order_relaxed, memory_order_relaxed)) {\n"                            \
     "    }\n"                                                                                 \
     "    return old;\n"                                                                       \
     "}\n"}

/* Metal's own may fail by itself, LLVM's and OpenCL's may not: what was there says all. */
#define EXCHANGE(space)                                                                        \
    {"cmpxchg " space, "static uint ",                                                         \
     "(" space " atomic_uint *object, uint expected, uint desired)\n"                          \
     "{\n"                                                                                     \
     "    uint old = expected;\n"                                                              \
     "    while (old == expected && !atomic_compare_exchange_weak_explicit(object, &old,\n"    \
     "            desired, memory_order_relaxed, memory_order_relaxed)) {\n"                   \
     "    }\n"                                                                                 \
     "    return old;\n"                                                                       \
     "}\n"}

static const row rows[] = {NARROW("half_rtz", "fabs(float(y)) > fabs(x)", "0.0h"),
                           NARROW("half_rtp", "float(y) < x", "half(INFINITY)"),
                           NARROW("half_rtn", "float(y) > x", "-half(INFINITY)"),
                           ATOMIC("fmax", "device"),
                           ATOMIC("fmax", "threadgroup"),
                           ATOMIC("fmin", "device"),
                           ATOMIC("fmin", "threadgroup"),
                           EXCHANGE("device"),
                           EXCHANGE("threadgroup")};

enum { ROWS = sizeof rows / sizeof *rows };

const char *tj_msl_helper(tj_msl *m, const char *key, const char *wish)
{
    for (unsigned i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].key, key))
            continue;
        if (!m->helpers)
            m->helpers = tj_new_array(m->arena, const char *, ROWS);
        if (!m->helpers[i])
            m->helpers[i] = tj_msl_name(m, wish, "helper");
        return m->helpers[i];
    }
    return NULL;
}

void tj_msl_print_helpers(tj_msl *m)
{
    for (unsigned i = 0; m->helpers && i < ROWS; i++)
        if (m->helpers[i])
            tj_text_printf(m->out, "%s%s%s\n", rows[i].result, m->helpers[i], rows[i].rest);
}
