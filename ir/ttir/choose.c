/* SPDX-License-Identifier: MIT */
/* Reads "VALUE=LAYOUT" and finds the values. */
#include "ttir/choose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct chooser {
    const tj_tt_module *module;
    tj_diags *diags;
    unsigned group_bits;
    const char *text, *layout_text; /* the whole, and behind '=' */
    size_t name_len;
    uint32_t found;
    bool has_fixed; /* values of the name whose layouts are not to choose */
    tj_tt_choice **last;
} chooser;

static bool refuse(chooser *c, const char *why)
{
    tj_loc loc = {.file = c->module->file};
    tj_fail_at(c->diags, TJ_E_INVALID, &loc, "layout '%s': %s", c->text, why);
    return false;
}

/* ---- words ------------------------------------------------------------------------------- */

static tj_tt_layout blocked(const tj_tt_type *type, bool is_first_fastest, unsigned per_thread,
                            unsigned group_bits)
{
    uint8_t order[TJ_TT_MAX_RANK];
    for (unsigned i = 0; i < type->rank; i++)
        order[i] = (uint8_t)(is_first_fastest ? i : type->rank - 1 - i);
    return tj_tt_blocked(type, order, per_thread, group_bits);
}

const char *tj_tt_layout_word(tj_arena *arena, const tj_tt_type *type,
                              const tj_tt_layout *layout)
{
    char word[32];
    for (unsigned per_thread = 0; per_thread <= tj_tt_log2_size(type); per_thread++) {
        tj_tt_layout own = blocked(type, false, per_thread, layout->groups);
        if (!tj_tt_same_layout(&own, layout))
            continue;
        snprintf(word, sizeof word, per_thread ? "BLOCKED:%u" : "COALESCED", 1u << per_thread);
        return tj_arena_strndup(arena, word, strlen(word));
    }
    tj_tt_layout columns = blocked(type, true, 0, layout->groups);
    if (tj_tt_same_layout(&columns, layout))
        return "COLUMNS";
    if (type->rank >= 2 && type->log2[type->rank - 1] >= TJ_TT_SIDE_BITS &&
        type->log2[type->rank - 2] >= TJ_TT_SIDE_BITS) {
        tj_tt_layout matrix = tj_tt_matrix_layout(type, layout->groups);
        if (tj_tt_same_layout(&matrix, layout))
            return "MATRIX";
    }
    return "";
}

/* ---- layouts ----------------------------------------------------------------------------- */

static const char accepted[] =
    "COALESCED, COLUMNS, BLOCKED:N with N a power of two up to the elements of the tensor, and "
    "'reg [...] lane [...] group [...]' are accepted";

/* "BLOCKED:N": log2 of N. */
static bool read_per_thread(const tj_tt_type *type, const char *text, unsigned *out)
{
    static const char word[] = "BLOCKED:";
    char *end;
    if (strncmp(text, word, sizeof word - 1) || text[sizeof word - 1] < '0' ||
        text[sizeof word - 1] > '9')
        return false;
    unsigned long count = strtoul(text + sizeof word - 1, &end, 10);
    if (*end || !count || count & (count - 1) || count > 1ul << tj_tt_log2_size(type))
        return false;
    *out = (unsigned)__builtin_ctzl(count);
    return true;
}

/* "[1 2 4]", numbers apart by blanks or commas; NULL: something else. */
static const char *read_bases(const char *at, uint32_t *out, unsigned most, unsigned *count)
{
    at += strspn(at, " ,");
    if (*at++ != '[')
        return NULL;
    for (*count = 0;; (*count)++) {
        at += strspn(at, " ,");
        if (*at == ']')
            return at + 1;
        char *end;
        if (*count == most || *at < '0' || *at > '9')
            return NULL;
        unsigned long base = strtoul(at, &end, 10);
        if (base >= 1ul << TJ_TT_MAX_LOG2)
            return NULL;
        out[*count] = (uint32_t)base;
        at = end;
    }
}

static bool read_numbers(chooser *c, const char *at, tj_tt_layout *out)
{
    unsigned count;
    *out = (tj_tt_layout){.groups = (uint8_t)c->group_bits};
    for (at += strspn(at, " ,"); *at; at += strspn(at, " ,")) {
        if (!strncmp(at, "reg", 3) && !out->regs) {
            at = read_bases(at + 3, out->reg, TJ_TT_MAX_LOG2, &count);
            out->regs = at ? (uint8_t)count : 0;
        } else if (!strncmp(at, "lane", 4)) {
            at = read_bases(at + 4, out->lane, TJ_TT_LANE_BITS, &count);
        } else if (!strncmp(at, "group", 5)) {
            at = read_bases(at + 5, out->group, c->group_bits, &count);
        } else {
            return false;
        }
        if (!at)
            return false;
    }
    return true;
}

/* Every bit of an element's number in one place; 0 in lanes and SIMD-groups repeats. */
static bool check_bases(chooser *c, const tj_tt_type *type, const tj_tt_layout *layout)
{
    uint32_t seen = 0, all = (1u << tj_tt_log2_size(type)) - 1;
    const uint32_t *lists[] = {layout->reg, layout->lane, layout->group};
    const unsigned counts[] = {layout->regs, TJ_TT_LANE_BITS, layout->groups};
    for (int i = 0; i < 3; i++)
        for (unsigned k = 0; k < counts[i]; k++) {
            uint32_t base = lists[i][k];
            if (base & (base - 1) || base & seen || base & ~all || (!base && !i))
                return refuse(c, "each power of two below the tensor's size stands in one "
                                 "place; 0 in lanes and SIMD-groups repeats elements");
            seen |= base;
        }
    return seen == all || refuse(c, "elements have no place: each power of two below the "
                                    "tensor's size must stand in reg, lane or group");
}

static bool read_layout(chooser *c, const tj_tt_type *type, tj_tt_layout *out)
{
    const char *text = c->layout_text;
    unsigned per_thread = 0;
    bool is_columns = !strcmp(text, "COLUMNS");
    if (is_columns || !strcmp(text, "COALESCED") || read_per_thread(type, text, &per_thread)) {
        *out = blocked(type, is_columns, per_thread, c->group_bits);
        return true;
    }
    return read_numbers(c, text, out) ? check_bases(c, type, out) : refuse(c, accepted);
}

/* ---- values ------------------------------------------------------------------------------ */

static bool has_name(const chooser *c, const char *name)
{
    return name && strlen(name) == c->name_len && !memcmp(name, c->text, c->name_len);
}

static bool is_free_to_choose(const tj_tt_value *value)
{
    const tj_tt_op *op = value->def;
    return op && !value->type.is_pointer &&
           (tj_tt_op_infos[op->kind].flags & TJ_TT_ELEMENTWISE || op->kind == TJ_TT_OP_LOAD ||
            op->kind == TJ_TT_OP_REDUCE || op->kind == TJ_TT_OP_GATHER ||
            op->kind == TJ_TT_OP_HISTOGRAM);
}

static bool choose_value(chooser *c, const tj_tt_func *func, const tj_tt_value *value,
                         bool is_by_author)
{
    const char *author = value->loc ? value->loc->name : NULL;
    if (value->type.form != TJ_TT_TENSOR || !has_name(c, is_by_author ? author : value->name))
        return true;
    if (!is_free_to_choose(value)) { /* of values of one name those that can be chosen */
        c->has_fixed = true;
        return true;
    }
    tj_tt_choice *choice = tj_new(c->diags->arena, tj_tt_choice);
    *choice = (tj_tt_choice){.func = func, .value = value};
    if (!read_layout(c, &value->type, &choice->layout))
        return false;
    *c->last = choice;
    c->last = &choice->next;
    c->found++;
    return true;
}

static bool choose_in(chooser *c, const tj_tt_func *func, const tj_tt_region *region,
                      bool is_by_author)
{
    for (const tj_tt_block *block = region->first; block; block = block->next) {
        for (uint32_t i = 0; i < block->arg_count; i++)
            if (!choose_value(c, func, block->args[i], is_by_author))
                return false;
        for (const tj_tt_op *op = block->first; op; op = op->next) {
            for (uint32_t i = 0; i < op->result_count; i++)
                if (!choose_value(c, func, op->results[i], is_by_author))
                    return false;
            for (uint32_t i = 0; i < op->region_count; i++)
                if (!choose_in(c, func, &op->regions[i], is_by_author))
                    return false;
        }
    }
    return true;
}

static bool choose_one(chooser *c)
{
    const char *sign = strchr(c->text, '=');
    if (!sign || sign == c->text)
        return refuse(c, "VALUE=LAYOUT is wanted");
    c->name_len = (size_t)(sign - c->text);
    c->layout_text = sign + 1;
    c->found = 0;
    c->has_fixed = false;
    for (int is_by_author = 0; is_by_author < 2 && !c->found; is_by_author++)
        for (const tj_tt_func *func = c->module->first; func; func = func->next)
            if (!choose_in(c, func, &func->body, is_by_author))
                return false;
    if (!c->found && c->has_fixed)
        return refuse(c, "layouts of results of loads, reductions, gathers, histograms and "
                         "operations on elements can be chosen, tensors of numbers");
    return c->found || refuse(c, "there is no such tensor; info --layouts lists them");
}

tj_status tj_tt_choose(const tj_tt_module *module, const char *const *texts,
                       unsigned group_bits, tj_diags *diags, tj_tt_choice **out)
{
    chooser c = {.module = module, .diags = diags, .group_bits = group_bits, .last = out};
    *out = NULL;
    for (; texts && *texts; texts++) {
        c.text = *texts;
        if (!choose_one(&c))
            return diags->first.status;
    }
    return TJ_OK;
}
