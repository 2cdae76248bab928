/* SPDX-License-Identifier: MIT */
/* Prints the canonical kernel with the shape of each value and the facts of each block. */
#include "affine.h"

#include <llvm-c/Core.h>
#include <string.h>

static void print_pattern(unsigned lanes, const int64_t *k, tj_text *out)
{
    int64_t step = k && lanes > 1 ? k[1] : 0;

    for (unsigned l = 0; k && l < lanes; l++) {
        if (k[l] == (int64_t)l * step)
            continue;
        for (l = 0; l < lanes; l++)
            tj_text_printf(out, "%s%lld", l ? " " : "", (long long)k[l]);
        return;
    }
    tj_text_printf(out, "%+lld", (long long)step);
}

void tj_shape_print(const tj_facts *facts, const tj_leaf *leaf, tj_text *out)
{
    const tj_shape *s = &leaf->shape;
    static const char *const names[] = {"unseen", "uniform", "affine", "varying"};

    tj_text_puts(out, names[s->kind]);
    if (s->kind != TJ_AFFINE)
        return;
    tj_text_puts(out, "[");
    print_pattern(facts->options.lanes, s->k, out);
    for (int t = 0; t < s->term_count; t++) {
        tj_text_puts(out, ", uniform * ");
        print_pattern(facts->options.lanes, s->terms[t].k, out);
    }
    tj_text_puts(out, s->is_guarded ? "] if in range" : "]");
}

static void dump_value(const tj_facts *facts, const tj_value *value, tj_text *out)
{
    char *text = LLVMPrintValueToString(value->value);
    char *end = strstr(text, ", !dbg");

    if (end)
        *end = '\0';
    tj_text_printf(out, "%-60s", text);
    LLVMDisposeMessage(text);
    for (uint32_t i = 0; i < value->leaf_count; i++) {
        tj_text_puts(out, i ? ", " : "  ; ");
        tj_shape_print(facts, &facts->leaves[value->first_leaf + i], out);
    }
    tj_text_puts(out, "\n");
}

static void dump_block(const tj_facts *facts, int block, tj_text *out)
{
    const tj_block *b = &facts->cfg.blocks[block];
    int class = tj_mask_class(facts, block);

    tj_text_printf(out, "block %d %%%s: mask of block %d", block, LLVMGetBasicBlockName(b->bb),
                   class);
    if (b->loop != TJ_NONE)
        tj_text_printf(out, ", loop of block %d%s", facts->cfg.loops[b->loop].header,
                       facts->is_divergent_loop[b->loop] ? " (divergent)" : "");
    tj_text_puts(out, facts->is_divergent[block] ? ", branch diverges\n" : "\n");
}

void tj_facts_dump(const tj_facts *facts, tj_text *out)
{
    int block = TJ_NONE;

    tj_text_printf(out, "kernel @%s, %u lanes\n", facts->kernel->name, facts->options.lanes);
    for (uint32_t v = 0; v < facts->value_count; v++) {
        if (facts->values[v].block != block) {
            block = facts->values[v].block;
            dump_block(facts, block, out);
        }
        dump_value(facts, &facts->values[v], out);
    }
}
