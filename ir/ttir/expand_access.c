/* SPDX-License-Identifier: MIT */
/* Blocks of memory as tensors of pointers: element e of a block at offsets o is at
 * base + sum((o[k] + e[k]) * stride[k]), computed in 64 bits, and is there when
 * 0 <= o[k] + e[k] < shape[k]. */
#include "ttir/expand.h"

static tj_tt_value *splat(tj_tt_expander *e, tj_tt_value *scalar, const tj_tt_type *like)
{
    tj_tt_type type = *like;
    type.form = TJ_TT_TENSOR;
    type.elem = scalar->type.elem;
    type.is_pointer = scalar->type.is_pointer;
    return tj_tt_emit1(e, TJ_TT_OP_SPLAT, scalar, NULL, &type);
}

static tj_tt_value *as_i64(tj_tt_expander *e, tj_tt_value *value)
{
    tj_tt_type type = tj_tt_with_elem(&value->type, TJ_TT_I64);
    return value->type.elem == TJ_TT_I64 ? value
                                         : tj_tt_emit1(e, TJ_TT_OP_EXTSI, value, NULL, &type);
}

static tj_tt_value *compare(tj_tt_expander *e, int64_t predicate, tj_tt_value *a,
                            tj_tt_value *b)
{
    tj_tt_type type = tj_tt_with_elem(&a->type, TJ_TT_I1);
    tj_tt_value *out = tj_tt_emit1(e, TJ_TT_OP_CMPI, a, b, &type);
    tj_tt_give_attr(e, out->def, "predicate", predicate);
    return out;
}

/* offset, offset + 1, ... of one dimension */
static tj_tt_value *indices(tj_tt_expander *e, const tj_tt_type *block, uint32_t dim,
                            tj_tt_value *offset)
{
    tj_tt_type type = {.form = TJ_TT_TENSOR, .elem = TJ_TT_I32, .rank = 1};
    type.log2[0] = block->log2[dim];
    tj_tt_op *range = tj_tt_emit(e, TJ_TT_OP_MAKE_RANGE, NULL, 0, &type);
    tj_tt_give_attr(e, range, "start", 0);
    tj_tt_give_attr(e, range, "end", INT64_C(1) << type.log2[0]);
    tj_tt_value *own = as_i64(e, range->results[0]);
    tj_tt_value *first = splat(e, as_i64(e, offset), &own->type);
    return tj_tt_emit1(e, TJ_TT_OP_ADDI, first, own, &own->type);
}

/* A row of a dimension repeated along the others. */
static tj_tt_value *spread(tj_tt_expander *e, tj_tt_value *row, const tj_tt_type *block,
                           uint32_t dim)
{
    for (uint32_t axis = 0; axis < block->rank; axis++) {
        if (axis == dim)
            continue;
        tj_tt_type type = row->type;
        for (uint32_t k = type.rank; k > axis; k--)
            type.log2[k] = type.log2[k - 1];
        type.log2[axis] = 0;
        type.rank++;
        row = tj_tt_emit1(e, TJ_TT_OP_EXPAND_DIMS, row, NULL, &type);
        tj_tt_give_attr(e, row->def, "axis", axis);
    }
    tj_tt_type whole = tj_tt_with_elem(block, (tj_tt_elem)row->type.elem);
    whole.form = TJ_TT_TENSOR;
    return tj_tt_same_type(&whole, &row->type)
               ? row
               : tj_tt_emit1(e, TJ_TT_OP_BROADCAST, row, NULL, &whole);
}

static tj_tt_value *both(tj_tt_expander *e, tj_tt_value *a, tj_tt_value *b)
{
    return a ? tj_tt_emit1(e, TJ_TT_OP_ANDI, a, b, &a->type) : b;
}

/* One dimension's part of the addresses and of the mask, both NULL at first. */
static void add_dim(tj_tt_expander *e, const tj_tt_type *block, uint32_t dim, tj_tt_value *row,
                    tj_tt_value *const *parts, bool is_unit, bool is_checked, tj_tt_value **sum,
                    tj_tt_value **mask)
{
    tj_tt_value *place = row;
    if (is_checked) {
        tj_tt_value *zero = splat(e, tj_tt_emit_constant(e, TJ_TT_I64, 0), &row->type);
        tj_tt_value *size = splat(e, parts[tj_tt_shape_part(dim)], &row->type);
        enum { LESS = 2, NOT_LESS = 5 };
        tj_tt_value *is_in =
            both(e, compare(e, NOT_LESS, row, zero), compare(e, LESS, row, size));
        *mask = both(e, *mask, spread(e, is_in, block, dim));
    }
    if (!is_unit) {
        tj_tt_value *stride = splat(e, parts[1 + block->rank + dim], &row->type);
        place = tj_tt_emit1(e, TJ_TT_OP_MULI, row, stride, &row->type);
    }
    place = spread(e, place, block, dim);
    *sum = *sum ? tj_tt_emit1(e, TJ_TT_OP_ADDI, *sum, place, &place->type) : place;
}

static tj_tt_value *pointers(tj_tt_expander *e, tj_tt_value *base, tj_tt_value *sum)
{
    tj_tt_value *bases = splat(e, base, &sum->type);
    return tj_tt_emit1(e, TJ_TT_OP_ADDPTR, bases, sum, &bases->type);
}

/* What is outside: zero, or NaN of floats. */
static tj_tt_value *padding(tj_tt_expander *e, const tj_tt_type *block, tj_tt_value *is_nan)
{
    static const struct {
        uint8_t elem;
        int64_t bits;
    } rows[] = {{TJ_TT_F16, 0x7E00},      {TJ_TT_BF16, 0x7FC0},
                {TJ_TT_F32, 0x7FC00000},  {TJ_TT_F64, 0x7FF8000000000000},
                {TJ_TT_F8E5M2, 0x7F},     {TJ_TT_F8E4M3FN, 0x7F},
                {TJ_TT_F8E4M3FNUZ, 0x80}, {TJ_TT_F8E5M2FNUZ, 0x80}};
    tj_tt_elem elem = (tj_tt_elem)block->elem;
    tj_tt_value *zero = tj_tt_emit_constant(e, elem, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && is_nan; i++) {
        if (rows[i].elem != elem)
            continue;
        tj_tt_value *operands[] = {is_nan, tj_tt_emit_constant(e, elem, rows[i].bits), zero};
        zero = tj_tt_emit(e, TJ_TT_OP_SELECT, operands, 3, &zero->type)->results[0];
    }
    return splat(e, zero, block);
}

/* ---- the operations ---------------------------------------------------------------------- */

typedef struct access {
    tj_tt_type block; /* a tensor */
    tj_tt_value *pointers, *mask;
} access;

static access block_access(tj_tt_expander *e, tj_tt_op *op, tj_tt_value *const *parts)
{
    const tj_tt_type *type = &op->operands[0]->type;
    bool is_descriptor = type->form == TJ_TT_DESCRIPTOR;
    access out = {.block = *type};
    int64_t checked[TJ_TT_MAX_RANK];
    int count = tj_tt_int_list(op, "boundaryCheck", checked, TJ_TT_MAX_RANK);
    tj_tt_value *sum = NULL;
    out.block.form = TJ_TT_TENSOR;
    out.block.is_pointer = out.block.is_unsigned = 0;
    for (uint32_t d = 0; d < type->rank; d++) {
        bool is_checked = is_descriptor;
        for (int i = 0; i < count; i++)
            is_checked |= checked[i] == d;
        tj_tt_value *offset =
            is_descriptor ? op->operands[1 + d] : parts[tj_tt_last_part(type) + d];
        const tj_tt_op *stride = parts[tj_tt_stride_part(type, d)]->def;
        bool is_one = stride && stride->kind == TJ_TT_OP_CONSTANT &&
                      tj_tt_int_attr(stride, "value", 0) == 1;
        add_dim(e, &out.block, d, indices(e, &out.block, d, offset), parts,
                is_one || (is_descriptor && d + 1u == type->rank), is_checked, &sum, &out.mask);
    }
    out.pointers = pointers(e, parts[0], sum);
    return out;
}

/* Rows that are listed, columns from a place on. */
static access row_access(tj_tt_expander *e, tj_tt_op *op, tj_tt_value *const *parts)
{
    const tj_tt_type *type = &op->operands[0]->type;
    access out = {.block = *type};
    tj_tt_value *sum = NULL;
    out.block.form = TJ_TT_TENSOR;
    out.block.is_unsigned = 0;
    out.block.log2[0] = op->operands[1]->type.log2[0];
    add_dim(e, &out.block, 0, as_i64(e, op->operands[1]), parts, false, true, &sum, &out.mask);
    add_dim(e, &out.block, 1, indices(e, &out.block, 1, op->operands[2]), parts, true, true,
            &sum, &out.mask);
    out.pointers = pointers(e, parts[0], sum);
    return out;
}

static tj_tt_value *reshaped(tj_tt_expander *e, tj_tt_value *value, const tj_tt_type *to)
{
    return tj_tt_same_type(&value->type, to)
               ? value
               : tj_tt_emit1(e, TJ_TT_OP_RESHAPE, value, NULL, to);
}

static tj_tt_value *load(tj_tt_expander *e, tj_tt_op *op, const access *a, tj_tt_value *is_nan)
{
    if (!a->mask)
        return reshaped(e, tj_tt_emit1(e, TJ_TT_OP_LOAD, a->pointers, NULL, &a->block),
                        &op->results[0]->type);
    tj_tt_value *operands[] = {a->pointers, a->mask, padding(e, &a->block, is_nan)};
    tj_tt_op *made = tj_tt_emit(e, TJ_TT_OP_LOAD, operands, 3, &a->block);
    return reshaped(e, made->results[0], &op->results[0]->type);
}

static void store(tj_tt_expander *e, const access *a, tj_tt_value *value)
{
    tj_tt_value *operands[] = {a->pointers, reshaped(e, value, &a->block), a->mask};
    tj_tt_emit(e, TJ_TT_OP_STORE, operands, a->mask ? 3 : 2, NULL);
}

/* The number of an atomic_rmw_op for a word of `kind`; 0: there is none. */
static int64_t atomic_of(const tj_tt_op *op, const tj_tt_type *block)
{
    static const uint8_t rows[][3] = {/* floats, signed, unsigned */
                                      [1] = {5, 4, 4}, [2] = {0, 7, 9}, [3] = {0, 6, 8},
                                      [6] = {0, 1, 1}, [7] = {0, 2, 2}, [8] = {0, 3, 3}};
    int kind = tj_tt_word(op, "kind", 0);
    bool is_float = tj_tt_elem_infos[block->elem].is_float;
    return kind < 1 || kind > 8 ? 0 : rows[kind][is_float ? 0 : block->is_unsigned ? 2 : 1];
}

static void reduce(tj_tt_expander *e, tj_tt_op *op, const access *a)
{
    tj_tt_value *value = reshaped(e, op->operands[op->operand_count - 1], &a->block);
    tj_tt_value *operands[] = {a->pointers, value, a->mask};
    int64_t kind = atomic_of(op, &op->operands[0]->type);
    if (!kind) {
        const tj_tt_attr *word = tj_tt_find_attr(op, "kind");
        tj_tt_fail(e->module, op, e->diags, TJ_E_UNSUPPORTED,
                   "atomic operation '%s' of %s is not supported",
                   word && word->kind == TJ_TT_ATTR_STRING ? word->string : "",
                   tj_tt_elem_infos[a->block.elem].name);
        return;
    }
    tj_tt_op *made = tj_tt_emit(e, TJ_TT_OP_ATOMIC_RMW, operands, 3, &a->block);
    enum { RELAXED = 1, DEVICE = 1 };
    tj_tt_give_attr(e, made, "atomic_rmw_op", kind);
    tj_tt_give_attr(e, made, "sem", RELAXED);
    tj_tt_give_attr(e, made, "scope", DEVICE);
}

tj_tt_value *tj_tt_expand_access(tj_tt_expander *e, tj_tt_op *op, tj_tt_value *const *parts)
{
    const tj_tt_type *type = &op->operands[0]->type;
    enum { PAD_NAN = 2 };
    bool is_of_rows =
        op->kind == TJ_TT_OP_DESCRIPTOR_GATHER || op->kind == TJ_TT_OP_DESCRIPTOR_SCATTER;
    access a = is_of_rows ? row_access(e, op, parts) : block_access(e, op, parts);
    tj_tt_value *is_nan = type->form == TJ_TT_DESCRIPTOR ? parts[tj_tt_last_part(type)]
                          : tj_tt_int_attr(op, "padding", 1) == PAD_NAN
                              ? tj_tt_emit_constant(e, TJ_TT_I1, 1)
                              : NULL;
    switch (op->kind) {
    case TJ_TT_OP_LOAD:
    case TJ_TT_OP_DESCRIPTOR_LOAD:
    case TJ_TT_OP_DESCRIPTOR_GATHER:
        return load(e, op, &a, is_nan);
    case TJ_TT_OP_DESCRIPTOR_REDUCE:
        reduce(e, op, &a);
        return NULL;
    case TJ_TT_OP_STORE:
        store(e, &a, op->operands[1]);
        return NULL;
    default:
        store(e, &a, op->operands[op->operand_count - 1]);
        return NULL;
    }
}
