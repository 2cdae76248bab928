/* SPDX-License-Identifier: MIT */
/* Checks what lowering relies on: types, attributes, regions, terminators, calls.
 *
 * Most rules are a line of verify.def: two letters an operand, then those of the results.
 * Source: the operations' definitions in Triton 3.6 to 3.9 and MLIR's arith, math, scf, cf.
 */
#include "ttir/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tj_status tj_tt_fail(const tj_tt_module *module, const tj_tt_op *op, tj_diags *diags,
                     tj_status status, const char *format, ...)
{
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_loc loc = {.file = module->file, .line = op->line, .column = op->column};
    if (op->loc && op->loc->file) {
        loc.file = op->loc->file;
        loc.line = op->loc->line;
        loc.column = op->loc->column;
    }
    return tj_fail_at(diags, status, &loc, "%s: %s", tj_tt_op_infos[op->kind].name, message);
}

bool tj_tt_wrong(tj_tt_verifier *v, const tj_tt_op *op, const char *format, ...)
{
    char message[500];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tj_tt_fail(v->module, op, v->diags, TJ_E_MALFORMED, "%s", message);
    return false;
}

const char *tj_tt_spell(tj_tt_verifier *v, const tj_tt_type *type)
{
    return tj_tt_type_name(v->diags->arena, type);
}

/* ---- the lines of verify.def ------------------------------------------------------------ */

typedef struct class_info {
    char letter;
    const char *what;
} class_info;

static const class_info classes[] = {
    {'i', "integers"},         {'f', "floats"},   {'n', "numbers"},
    {'p', "pointers"},         {'b', "i1"},       {'a', "numbers or pointers"},
    {'s', "a scalar integer"}, {'t', "a tensor"}, {'.', "anything"}};

static bool is_of_class(const tj_tt_type *type, char letter)
{
    bool is_value = type->form <= TJ_TT_TENSOR;
    switch (letter) {
    case 'i':
        return tj_tt_is_int(type);
    case 'f':
        return tj_tt_is_float(type);
    case 'n':
        return is_value && !type->is_pointer;
    case 'p':
        return is_value && type->is_pointer;
    case 'b':
        return tj_tt_is_int(type) && type->elem == TJ_TT_I1;
    case 'a':
        return is_value;
    case 's':
        return tj_tt_is_int(type) && type->form == TJ_TT_SCALAR;
    case 't':
        return type->form == TJ_TT_TENSOR;
    default:
        return true;
    }
}

static const char *class_name(char letter)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].letter == letter)
            return classes[i].what;
    return "";
}

/* One operand or result against its two letters; `first` is the first operand's type. */
static bool check_value(tj_tt_verifier *v, const tj_tt_op *op, const tj_tt_type *type,
                        const tj_tt_type *first, const char *letters, const char *which)
{
    if (!is_of_class(type, letters[0]))
        return tj_tt_wrong(v, op, "%s is of type %s; %s expected", which, tj_tt_spell(v, type),
                           class_name(letters[0]));
    if (letters[1] == '=' && !tj_tt_same_type(type, first))
        return tj_tt_wrong(v, op, "%s is of type %s, not %s as the first operand", which,
                           tj_tt_spell(v, type), tj_tt_spell(v, first));
    if (letters[1] == '~' && !tj_tt_same_shape(type, first))
        return tj_tt_wrong(v, op, "%s is of type %s, whose shape is not that of %s", which,
                           tj_tt_spell(v, type), tj_tt_spell(v, first));
    return true;
}

/* "i i=:i=": the operands' letters, a colon, the results'. The last ones may repeat: '*'. */
static bool check_line(tj_tt_verifier *v, const tj_tt_op *op, const char *line)
{
    const tj_tt_type *first = op->operand_count  ? &op->operands[0]->type
                              : op->result_count ? &op->results[0]->type
                                                 : NULL;
    for (uint32_t i = 0; i < op->operand_count && *line && *line != ':'; i++) {
        if (!check_value(v, op, &op->operands[i]->type, first, line, "an operand"))
            return false;
        line += line[2] == '*' ? 0 : 2;
    }
    line = strchr(line, ':') + 1;
    uint32_t results = (uint32_t)strlen(line) / 2;
    if (op->result_count != results)
        return tj_tt_wrong(v, op, "%u results; it has %u", op->result_count, results);
    for (uint32_t i = 0; i < results; i++)
        if (!check_value(v, op, &op->results[i]->type, first, line + 2 * (size_t)i,
                         "the result"))
            return false;
    return true;
}

static const char *const lines[TJ_TT_OP_COUNT] = {
#define TT_CHECK(id, line, ...) [TJ_TT_OP_##id] = line,
#include "ttir/verify.def"
};

static tj_tt_check_fn *const checks[TJ_TT_OP_COUNT] = {
#define TT_CHECK(id, line, check) [TJ_TT_OP_##id] = check,
#include "ttir/verify.def"
};

static bool check_op(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_op_info *info = &tj_tt_op_infos[op->kind];
    if (op->operand_count < (uint32_t)info->least ||
        (info->most >= 0 && op->operand_count > (uint32_t)info->most))
        return tj_tt_wrong(v, op, "%u operands", op->operand_count);
    if (!(info->flags & TJ_TT_HAS_REGIONS) && op->region_count)
        return tj_tt_wrong(v, op, "it has no regions");
    if (op->successor_count && op->kind != TJ_TT_OP_BR && op->kind != TJ_TT_OP_COND_BR)
        return tj_tt_wrong(v, op, "it has no successors");
    if (lines[op->kind] && !check_line(v, op, lines[op->kind]))
        return false;
    return !checks[op->kind] || checks[op->kind](v, op);
}

/* ---- regions ---------------------------------------------------------------------------- */

static bool check_region(tj_tt_verifier *v, const tj_tt_region *region);

static bool check_block(tj_tt_verifier *v, const tj_tt_block *block)
{
    const tj_tt_op *op = block->first;
    if (!op) {
        tj_loc loc = {.file = v->module->file, .line = block->line, .column = block->column};
        tj_fail_at(v->diags, TJ_E_MALFORMED, &loc, "a block without operations");
        return false;
    }
    for (; op; op = op->next) {
        bool is_last = !op->next;
        if (((tj_tt_op_infos[op->kind].flags & TJ_TT_TERMINATOR) != 0) != is_last)
            return tj_tt_wrong(v, op,
                               is_last ? "the block's last operation must end it"
                                       : "only the last operation of a block ends it");
        for (uint32_t i = 0; i < op->region_count; i++)
            if (!check_region(v, &op->regions[i]))
                return false;
        if (!check_op(v, op))
            return false;
    }
    return true;
}

static bool check_region(tj_tt_verifier *v, const tj_tt_region *region)
{
    for (const tj_tt_block *block = region->first; block; block = block->next)
        if (!check_block(v, block))
            return false;
    return true;
}

tj_status tj_tt_verify(const tj_tt_module *module, tj_diags *diags)
{
    tj_tt_verifier v = {.module = module, .diags = diags};
    tj_loc loc = {.file = module->file};
    if (!module->first)
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc, "no tt.func in the text");
    for (v.func = module->first; v.func; v.func = v.func->next)
        if (!check_region(&v, &v.func->body))
            return diags->first.status;
    return TJ_OK;
}
