/* SPDX-License-Identifier: MIT */
/* Tables of single instructions with operands and result: a table becomes one kernel, which
 * loads each case's operands, does its instruction and stores the result. */
#ifndef INTERP_CASES_H
#define INTERP_CASES_H

#include "interp_util.h"

#include <stdio.h>
#include <stdlib.h>

/* In `inst` %a, %b, %c are operands of type `type`, %r is the result of type `result`. */
typedef struct op_case {
    const char *type, *result, *inst;
    uint64_t a, b, c, expected;
} op_case;

/* Appends `text` with the case's number behind %a, %b, %c, %r and names derived from them. */
static inline void add_numbered(tj_text *out, const char *text, unsigned number)
{
    for (; *text; text++) {
        tj_text_add(out, text, 1);
        if (*text == '%') {
            text++;
            tj_text_printf(out, "%cx%u", *text, number);
        }
    }
}

/* Declares the function that "... call T @name(U %a, ...)" calls, once. */
static inline void add_declaration(tj_text *out, const char *inst)
{
    const char *call = strstr(inst, "call "), *at = call ? strchr(call, '@') : NULL;
    if (!at)
        return;
    const char *open = strchr(at, '(');
    char name[128];
    snprintf(name, sizeof name, "%.*s(", (int)(open - at), at);
    if (out->data && strstr(out->data, name))
        return;
    tj_text_printf(out, "declare %.*s%s", (int)(at - call - 5), call + 5, name);
    for (const char *arg = open + 1; *arg && *arg != ')';) {
        size_t byte_len = strcspn(arg, ",)");
        const char *space = arg + byte_len;
        while (space > arg && *space != ' ')
            space--;
        tj_text_add(out, arg, (size_t)(space - arg));
        arg += byte_len;
        if (*arg == ',')
            tj_text_puts(out, ", "), arg += 2;
    }
    tj_text_puts(out, ")\n");
}

static inline void add_case(tj_text *out, const op_case *c, unsigned number)
{
    static const char *const names[] = {"a", "b", "c"};

    for (unsigned i = 0; i < 3; i++) {
        char operand[3] = {'%', names[i][0], 0};
        if (!strstr(c->inst, operand))
            continue;
        tj_text_printf(out,
                       "  %%p%sx%u = getelementptr i64, ptr addrspace(1) %%in, i64 %u\n"
                       "  %%%sx%u = load %s, ptr addrspace(1) %%p%sx%u\n",
                       names[i], number, number * 3 + i, names[i], number, c->type, names[i],
                       number);
    }
    tj_text_puts(out, "  ");
    add_numbered(out, c->inst, number);
    tj_text_printf(out, "\n  %%px%u = getelementptr i64, ptr addrspace(1) %%out, i64 %u\n",
                   number, number);
    if (strcmp(c->result, "i1") == 0)
        tj_text_printf(out,
                       "  %%storedx%u = zext i1 %%rx%u to i64\n"
                       "  store i64 %%storedx%u, ptr addrspace(1) %%px%u\n",
                       number, number, number, number);
    else
        tj_text_printf(out, "  store %s %%rx%u, ptr addrspace(1) %%px%u\n", c->result, number,
                       number);
}

static inline void run_cases(const op_case *cases, unsigned count)
{
    uint64_t *in = calloc(count * 3, sizeof *in), *out = calloc(count, sizeof *out);
    tj_text text = {0};
    unsigned bad_count = 0;

    for (unsigned i = 0; i < count; i++) {
        add_declaration(&text, cases[i].inst);
        memcpy(in + 3 * i, (uint64_t[]){cases[i].a, cases[i].b, cases[i].c}, 24);
    }
    tj_text_puts(&text, "define void @k(ptr addrspace(1) \"tmjit.type\"=\"ulong\" %in, "
                        "ptr addrspace(1) \"tmjit.type\"=\"ulong\" %out) "
                        "\"tmjit.kernel\" {\n");
    for (unsigned i = 0; i < count; i++)
        add_case(&text, &cases[i], i);
    tj_text_puts(&text, "  ret void\n}\n");
    machine m = machine_of(text.data);
    tjrt_buffer buffers[] = {{(uint8_t *)in, count * 24}, {(uint8_t *)out, count * 8}};
    machine_run(&m, 1, 1, buffers);
    for (unsigned i = 0; i < count; i++) {
        if (out[i] == cases[i].expected)
            continue;
        print_error("%s a=%llx b=%llx c=%llx: %llx, expected %llx\n", cases[i].inst,
                    (unsigned long long)cases[i].a, (unsigned long long)cases[i].b,
                    (unsigned long long)cases[i].c, (unsigned long long)out[i],
                    (unsigned long long)cases[i].expected);
        bad_count++;
    }
    assert_int_equal(bad_count, 0);
    machine_end(&m);
    tj_text_fini(&text);
    free(in);
    free(out);
}

#define RUN(cases) run_cases(cases, sizeof cases / sizeof cases[0])

#endif
