/* SPDX-License-Identifier: MIT */
/* Which layout each tensor has, as a table for people. */
#include "ttir/lower.h"
#include "ttir/ttir.h"

#include <stdio.h>
#include <string.h>

typedef struct shower {
    tj_arena *arena;
    const tj_tt_assignment *assigned;
    tj_text *out;
} shower;

static void show_layout(shower *s, const tj_tt_value *value, const tj_tt_layout *layout,
                        bool is_first, const char *what)
{
    const char *author = value->loc && value->loc->name ? value->loc->name : "";
    char place[24] = "";
    if (value->loc && value->loc->line)
        snprintf(place, sizeof place, "%u:%u", value->loc->line, value->loc->column);
    tj_text_printf(s->out, "  %-14s %-12s %-8s %-26s %-11s %-9s %s\n",
                   is_first ? value->name : "", is_first ? author : "", is_first ? place : "",
                   is_first ? tj_tt_type_name(s->arena, &value->type) : "",
                   tj_tt_layout_word(s->arena, &value->type, layout), what,
                   tj_tt_layout_text(s->arena, layout));
}

static const char *made_by(const tj_tt_type *type, const tj_tt_layout *from,
                           const tj_tt_layout *to)
{
    static const char *const words[] = {[TJ_TT_MOVE_RENAME] = "renamed",
                                        [TJ_TT_MOVE_SHUFFLE] = "shuffled",
                                        [TJ_TT_MOVE_SWAPS] = "swapped",
                                        [TJ_TT_MOVE_MEMORY] = "memory",
                                        [TJ_TT_MOVE_TILES] = "memory"};
    return words[tj_tt_choose_conversion(type, from, to).move];
}

/* The home first, then the layouts that the value is converted to; without a home those in
 * which it is computed. */
static void show_value(shower *s, const tj_tt_value *value)
{
    const tj_tt_wants *wants = &s->assigned->values[value->number];
    if (value->type.form != TJ_TT_TENSOR || !wants->is_used)
        return;
    if (wants->has_home)
        show_layout(s, value, &wants->home, true, "");
    for (uint32_t i = 0; i < wants->count; i++)
        if (!wants->has_home || !tj_tt_same_layout(&wants->home, &wants->layouts[i]))
            show_layout(s, value, &wants->layouts[i], !i && !wants->has_home,
                        wants->has_home
                            ? made_by(&value->type, &wants->home, &wants->layouts[i])
                            : "anew");
}

static void show_region(shower *s, const tj_tt_region *region)
{
    for (const tj_tt_block *block = region->first; block; block = block->next) {
        for (uint32_t i = 0; i < block->arg_count; i++)
            show_value(s, block->args[i]);
        for (const tj_tt_op *op = block->first; op; op = op->next) {
            for (uint32_t i = 0; i < op->result_count; i++)
                show_value(s, op->results[i]);
            for (uint32_t i = 0; i < op->region_count; i++)
                show_region(s, &op->regions[i]);
        }
    }
}

static void show_func(tj_arena *arena, const tj_tt_func *func, unsigned group_bits,
                      const tj_tt_choice *choices, tj_text *out)
{
    tj_tt_assignment assigned = tj_tt_assign(arena, func, group_bits, choices);
    shower s = {.arena = arena, .assigned = &assigned, .out = out};
    tj_text_printf(out, "%s %s, %u SIMD-groups\n", func->is_public ? "kernel" : "function",
                   func->name, 1u << group_bits);
    tj_text_printf(out, "  %-14s %-12s %-8s %-26s %-11s %-9s %s\n", "value", "author's", "line",
                   "type", "layout", "made", "elements that bits of a place stand for");
    show_region(&s, &func->body);
}

tj_status tj_ttir_show_layouts(const tj_ttir_source *source, tj_diags *diags, tj_text *out)
{
    tj_tt_module module;
    tj_tt_choice *choices = NULL;
    unsigned group_bits = 0;
    *out = (tj_text){0};
    if (tj_ttir_read(source, diags, &module, &choices, &group_bits))
        return diags->first.status;
    for (const tj_tt_func *func = module.first; func; func = func->next) {
        if (func != module.first)
            tj_text_puts(out, "\n");
        show_func(diags->arena, func, group_bits, choices, out);
    }
    return TJ_OK;
}
