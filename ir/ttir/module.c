/* SPDX-License-Identifier: MIT */
/* Types and tables of Triton's IR. */
#include "ttir/module.h"

#include <string.h>

const tj_tt_elem_info tj_tt_elem_infos[TJ_TT_ELEM_COUNT] = {
#define TT_ELEM(id, name, bits, is_float) [TJ_TT_##id] = {name, bits, is_float},
#include "ttir/elems.def"
};

const tj_tt_op_info tj_tt_op_infos[TJ_TT_OP_COUNT] = {
#define TT_OP(id, name, format, rule, least, most, flags)                                      \
    [TJ_TT_OP_##id] = {name, format, TJ_TT_RULE_##rule, least, most, flags},
#include "ttir/ops.def"
};

bool tj_tt_same_type(const tj_tt_type *a, const tj_tt_type *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool tj_tt_same_shape(const tj_tt_type *a, const tj_tt_type *b)
{
    return a->form == b->form && a->rank == b->rank &&
           memcmp(a->log2, b->log2, sizeof a->log2) == 0;
}

unsigned tj_tt_log2_size(const tj_tt_type *type)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < type->rank; i++)
        sum += type->log2[i];
    return sum;
}

static bool is_plain(const tj_tt_type *type)
{
    return type->form <= TJ_TT_TENSOR && !type->is_pointer;
}

bool tj_tt_is_int(const tj_tt_type *type)
{
    return is_plain(type) && !tj_tt_elem_infos[type->elem].is_float;
}

bool tj_tt_is_float(const tj_tt_type *type)
{
    return is_plain(type) && tj_tt_elem_infos[type->elem].is_float;
}

tj_tt_type tj_tt_with_elem(const tj_tt_type *type, tj_tt_elem elem)
{
    tj_tt_type out = *type;
    out.elem = (uint8_t)elem;
    out.is_pointer = false;
    return out;
}

tj_tt_type tj_tt_scalar(tj_tt_elem elem)
{
    return (tj_tt_type){.elem = (uint8_t)elem};
}

static const char *dims(tj_arena *arena, const tj_tt_type *type)
{
    const char *text = "";
    for (unsigned i = 0; i < type->rank; i++)
        text = tj_arena_printf(arena, "%s%ux", text, 1u << type->log2[i]);
    return text;
}

const char *tj_tt_type_name(tj_arena *arena, const tj_tt_type *type)
{
    const char *elem = tj_tt_elem_infos[type->elem].name, *shape = dims(arena, type);
    if (type->is_pointer)
        elem = tj_arena_printf(arena, "!tt.ptr<%s>", elem);
    switch ((tj_tt_form)type->form) {
    case TJ_TT_TENSOR:
        return tj_arena_printf(arena, "tensor<%s%s>", shape, elem);
    case TJ_TT_DESCRIPTOR:
        return tj_arena_printf(arena, "!tt.tensordesc<%s%s>", shape, elem);
    case TJ_TT_BLOCK_POINTER:
        return tj_arena_printf(arena, "!tt.ptr<tensor<%s%s>>", shape, elem);
    case TJ_TT_SCALAR:
        break;
    }
    return elem;
}

const tj_tt_attr *tj_tt_find_attr(const tj_tt_op *op, const char *name)
{
    for (uint32_t i = 0; i < op->attr_count; i++)
        if (strcmp(op->attrs[i].name, name) == 0)
            return &op->attrs[i];
    return NULL;
}

int64_t tj_tt_int_attr(const tj_tt_op *op, const char *name, int64_t otherwise)
{
    const tj_tt_attr *attr = tj_tt_find_attr(op, name);
    return attr && attr->kind == TJ_TT_ATTR_INT ? attr->number : otherwise;
}

int tj_tt_word(const tj_tt_op *op, const char *attribute, int otherwise)
{
    static const struct {
        const char *attribute, *word;
        int number;
    } words[] = {
#define TT_WORD(attribute, word, number) {#attribute, word, number},
#include "ttir/words.def"
    };
    const tj_tt_attr *attr = tj_tt_find_attr(op, attribute);
    if (!attr)
        return otherwise;
    if (op->kind == TJ_TT_OP_CMPF)
        attribute = "predicatef";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].attribute, attribute) == 0 &&
            (attr->kind == TJ_TT_ATTR_STRING
                 ? strcmp(words[i].word, attr->string) == 0
                 : attr->kind == TJ_TT_ATTR_INT && attr->number == words[i].number))
            return words[i].number;
    return -1;
}

int tj_tt_int_list(const tj_tt_op *op, const char *name, int64_t *out, int most)
{
    const tj_tt_attr *attr = tj_tt_find_attr(op, name);
    if (!attr || attr->kind != TJ_TT_ATTR_LIST || attr->count > (uint32_t)most)
        return -1;
    for (uint32_t i = 0; i < attr->count; i++) {
        if (attr->items[i].kind != TJ_TT_ATTR_INT)
            return -1;
        out[i] = attr->items[i].number;
    }
    return (int)attr->count;
}

tj_tt_func *tj_tt_find_func(const tj_tt_module *module, const char *name)
{
    for (tj_tt_func *func = module->first; func; func = func->next)
        if (strcmp(func->name, name) == 0)
            return func;
    return NULL;
}
