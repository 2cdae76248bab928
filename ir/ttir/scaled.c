/* SPDX-License-Identifier: MIT */
/* tt.dot_scaled as tt.dot: each side is unpacked, widened to float, multiplied by its scales.
 *
 * bf16 holds every number of 4, 6 or 8 bits times a power of two, and itself; what it does not
 * hold (fp16, numbers of 8 digits times those of 4) is multiplied as float. So the products are
 * those of the exact numbers. Source: the OCP microscaling formats (MX) 1.0; e4m3 scales of 16
 * elements are NVIDIA's nvfp4.
 */
#include "ttir/scaled.h"

#include <string.h>

/* ---- operands ---------------------------------------------------------------------------- */

static int format_of(const tj_tt_op *op, const char *word, const char *generic)
{
    int64_t number = tj_tt_int_attr(op, generic, -1);
    if (tj_tt_find_attr(op, word))
        return tj_tt_word(op, word, -1);
    return number >= 0 && number < TJ_TT_FORMAT_COUNT ? (int)number : -1;
}

/* Pretty form: a, its scale, b, its scale, c. Generic form: a, b, c, the scales. */
static bool find_operands(const tj_tt_op *op, tj_tt_scaled *out)
{
    enum { PARTS = 5 };
    int64_t sizes[PARTS];
    bool is_generic = tj_tt_find_attr(op, "operandSegmentSizes") != NULL;
    if (is_generic && tj_tt_int_list(op, "operandSegmentSizes", sizes, PARTS) != PARTS)
        return false;
    int64_t has[2] = {is_generic ? sizes[3] : tj_tt_int_attr(op, "has_a_scale", 0),
                      is_generic ? sizes[4] : tj_tt_int_attr(op, "has_b_scale", 0)};
    if (has[0] >> 1 || has[1] >> 1 || op->operand_count != 3 + has[0] + has[1] ||
        (is_generic && (sizes[0] != 1 || sizes[1] != 1 || sizes[2] != 1)))
        return false;
    uint32_t b = is_generic ? 1 : 1 + (uint32_t)has[0];
    uint32_t scales[2] = {is_generic ? 3 : 1, is_generic ? 3 + (uint32_t)has[0] : b + 1};
    out->sum = op->operands[is_generic ? 2 : op->operand_count - 1];
    for (uint32_t i = 0; i < 2; i++) {
        out->sides[i].value = op->operands[i ? b : 0];
        out->sides[i].scale = has[i] ? op->operands[scales[i]] : NULL;
    }
    return true;
}

bool tj_tt_read_scaled(const tj_tt_op *op, tj_tt_scaled *out)
{
    *out = (tj_tt_scaled){0};
    if (!find_operands(op, out))
        return false;
    out->is_fast = tj_tt_int_attr(op, "fastMath", 0) != 0;
    out->sides[1].is_right = true;
    out->sides[0].format = format_of(op, "lhs", "a_elem_type");
    out->sides[1].format = format_of(op, "rhs", "b_elem_type");
    out->sides[0].is_packed_inner = tj_tt_int_attr(op, "lhs_k_pack", 1) != 0;
    out->sides[1].is_packed_inner = tj_tt_int_attr(op, "rhs_k_pack", 1) != 0;
    return true;
}

static unsigned inner_dim(const tj_tt_scaled_side *side)
{
    return side->value->type.rank - (side->is_right ? 2u : 1u);
}

static unsigned packed_dim(const tj_tt_scaled_side *side)
{
    bool is_last = side->is_right != side->is_packed_inner;
    return side->value->type.rank - (is_last ? 1u : 2u);
}

tj_tt_type tj_tt_unpacked_type(const tj_tt_scaled_side *side)
{
    tj_tt_type type = side->value->type;
    if (side->format == TJ_TT_E2M1)
        type.log2[packed_dim(side)]++;
    return type;
}

/* ---- operations on tensors ----------------------------------------------------------------
 */

static tj_tt_value *constant(tj_tt_expander *e, const tj_tt_type *like, uint32_t number)
{
    tj_tt_op *op = tj_tt_emit(e, TJ_TT_OP_CONSTANT, NULL, 0, like);
    tj_tt_give_attr(e, op, "value", number);
    return op->results[0];
}

static tj_tt_value *with_number(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *value,
                                uint32_t number)
{
    return tj_tt_emit1(e, kind, value, constant(e, &value->type, number), &value->type);
}

static tj_tt_value *both(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *a, tj_tt_value *b)
{
    return tj_tt_emit1(e, kind, a, b, &a->type);
}

static tj_tt_value *cast(tj_tt_expander *e, tj_tt_kind kind, tj_tt_value *value, tj_tt_elem to)
{
    tj_tt_type type = tj_tt_with_elem(&value->type, to);
    return value->type.elem == to ? value : tj_tt_emit1(e, kind, value, NULL, &type);
}

/* `yes` where the number is (`predicate` of arith.cmpi) than another, `no` elsewhere. */
static tj_tt_value *choose(tj_tt_expander *e, int64_t predicate, tj_tt_value *value,
                           uint32_t number, tj_tt_value *yes, tj_tt_value *no)
{
    tj_tt_type bits = tj_tt_with_elem(&value->type, TJ_TT_I1);
    tj_tt_value *is =
        tj_tt_emit1(e, TJ_TT_OP_CMPI, value, constant(e, &value->type, number), &bits);
    tj_tt_give_attr(e, is->def, "predicate", predicate);
    tj_tt_value *operands[] = {is, yes, no};
    return tj_tt_emit(e, TJ_TT_OP_SELECT, operands, 3, &yes->type)->results[0];
}

/* The last dimension becomes dimension `to`; those from there on move up. */
static tj_tt_value *move_last(tj_tt_expander *e, tj_tt_value *value, unsigned to)
{
    unsigned rank = value->type.rank;
    tj_tt_type type = value->type;
    if (to == rank - 1)
        return value;
    tj_tt_attr *items = tj_new_array(e->arena, tj_tt_attr, rank);
    for (unsigned i = 0; i < rank; i++) {
        unsigned from = i < to ? i : i == to ? rank - 1 : i - 1;
        items[i] = (tj_tt_attr){.kind = TJ_TT_ATTR_INT, .number = from};
        type.log2[i] = value->type.log2[from];
    }
    tj_tt_value *out = tj_tt_emit1(e, TJ_TT_OP_TRANS, value, NULL, &type);
    tj_tt_give_attr(e, out->def, "order", 0);
    out->def->attrs[0].kind = TJ_TT_ATTR_LIST;
    out->def->attrs[0].items = items;
    out->def->attrs[0].count = rank;
    return out;
}

static tj_tt_value *reshape(tj_tt_expander *e, tj_tt_value *value, const tj_tt_type *like)
{
    tj_tt_type type = tj_tt_with_elem(like, (tj_tt_elem)value->type.elem);
    return tj_tt_emit1(e, TJ_TT_OP_RESHAPE, value, NULL, &type);
}

/* ---- numbers ------------------------------------------------------------------------------
 */

/* Bytes of one number from those of two, the low half first. */
static tj_tt_value *unpack(tj_tt_expander *e, const tj_tt_scaled_side *side)
{
    tj_tt_type whole = tj_tt_unpacked_type(side), pairs = side->value->type;
    pairs.log2[pairs.rank++] = 1;
    tj_tt_value *low = with_number(e, TJ_TT_OP_ANDI, side->value, 15);
    tj_tt_value *high = with_number(e, TJ_TT_OP_SHRUI, side->value, 4);
    tj_tt_value *both_of = tj_tt_emit1(e, TJ_TT_OP_JOIN, low, high, &pairs);
    return reshape(e, move_last(e, both_of, packed_dim(side) + 1), &whole);
}

/* Sign, two bits of exponent of bias 1, one digit: 0 0.5 1 1.5 2 3 4 6. */
static tj_tt_value *widen_e2m1(tj_tt_expander *e, tj_tt_value *code)
{
    enum { NOT_LESS = 9, HALF = 126 << 23 };
    tj_tt_value *wide = cast(e, TJ_TT_OP_EXTUI, code, TJ_TT_I32);
    tj_tt_value *size = with_number(e, TJ_TT_OP_ANDI, wide, 7);
    tj_tt_value *sign =
        with_number(e, TJ_TT_OP_SHLI, with_number(e, TJ_TT_OP_ANDI, wide, 8), 28);
    tj_tt_value *normal =
        with_number(e, TJ_TT_OP_ADDI, with_number(e, TJ_TT_OP_SHLI, size, 22), HALF);
    tj_tt_value *subnormal = with_number(e, TJ_TT_OP_MULI, size, HALF);
    tj_tt_value *bits = choose(e, NOT_LESS, size, 2, normal, subnormal);
    return cast(e, TJ_TT_OP_BITCAST, both(e, TJ_TT_OP_ORI, bits, sign), TJ_TT_F32);
}

/* A side's numbers as bf16 where that is all that is asked for, or as float. */
static tj_tt_value *widen(tj_tt_expander *e, const tj_tt_scaled_side *side, tj_tt_elem to)
{
    tj_tt_value *value = side->value;
    switch ((tj_tt_format)side->format) {
    case TJ_TT_E2M1:
        return widen_e2m1(e, unpack(e, side));
    case TJ_TT_E4M3:
        value = cast(e, TJ_TT_OP_TT_BITCAST, value, TJ_TT_F8E4M3FN);
        return cast(e, TJ_TT_OP_FP_TO_FP, value, to);
    case TJ_TT_E5M2:
        value = cast(e, TJ_TT_OP_TT_BITCAST, value, TJ_TT_F8E5M2);
        return cast(e, TJ_TT_OP_FP_TO_FP, value, to);
    default:
        return cast(e, TJ_TT_OP_EXTF, value, to);
    }
}

/* ---- scales -------------------------------------------------------------------------------
 */

/* A scale for each number: repeated along the inner dimension. */
static tj_tt_value *spread(tj_tt_expander *e, const tj_tt_scaled_side *side)
{
    tj_tt_type whole = tj_tt_unpacked_type(side);
    unsigned inner = inner_dim(side);
    tj_tt_value *scale = move_last(e, side->scale, inner);
    tj_tt_type type = scale->type;
    memmove(type.log2 + inner + 2, type.log2 + inner + 1, type.rank - 1u - inner);
    type.log2[inner + 1] = 0;
    type.rank++;
    scale = tj_tt_emit1(e, TJ_TT_OP_EXPAND_DIMS, scale, NULL, &type);
    tj_tt_give_attr(e, scale->def, "axis", inner + 1);
    type.log2[inner + 1] = (uint8_t)(whole.log2[inner] - type.log2[inner]);
    return reshape(e, tj_tt_emit1(e, TJ_TT_OP_BROADCAST, scale, NULL, &type), &whole);
}

/* 2^exponent, whose bias is 127 - less. */
static tj_tt_value *power(tj_tt_expander *e, tj_tt_value *exponent, uint32_t more)
{
    return with_number(e, TJ_TT_OP_SHLI, with_number(e, TJ_TT_OP_ADDI, exponent, more), 23);
}

/* 2^(code - 127) in two factors, as 2^-127 is no normal float; 255 is NaN. */
static tj_tt_value *times_power(tj_tt_expander *e, tj_tt_value *value, tj_tt_value *code,
                                bool is_fast)
{
    enum { EQUAL = 0, NAN_CODE = 255, NAN_BITS = 0x7FC00000 };
    tj_tt_value *wide = cast(e, TJ_TT_OP_EXTUI, code, TJ_TT_I32);
    tj_tt_value *half = with_number(e, TJ_TT_OP_SHRUI, wide, 1);
    tj_tt_value *first = power(e, half, 127 - 63);
    tj_tt_value *second = power(e, both(e, TJ_TT_OP_SUBI, wide, half), 127 - 64);
    if (!is_fast)
        first = choose(e, EQUAL, wide, NAN_CODE, constant(e, &first->type, NAN_BITS), first);
    value = both(e, TJ_TT_OP_MULF, value, cast(e, TJ_TT_OP_BITCAST, first, TJ_TT_F32));
    return both(e, TJ_TT_OP_MULF, value, cast(e, TJ_TT_OP_BITCAST, second, TJ_TT_F32));
}

static tj_tt_value *operand(tj_tt_expander *e, const tj_tt_scaled_side *side, tj_tt_elem to,
                            bool is_fast)
{
    if (!side->scale)
        return cast(e, TJ_TT_OP_TRUNCF, widen(e, side, to), to);
    tj_tt_value *value = widen(e, side, TJ_TT_F32), *scale = spread(e, side);
    value = scale->type.elem == TJ_TT_I8
                ? times_power(e, value, scale, is_fast)
                : both(e, TJ_TT_OP_MULF, value, cast(e, TJ_TT_OP_FP_TO_FP, scale, TJ_TT_F32));
    return cast(e, TJ_TT_OP_TRUNCF, value, to);
}

tj_tt_value *tj_tt_expand_scaled(tj_tt_expander *e, const tj_tt_op *op)
{
    tj_tt_scaled s;
    tj_tt_elem elem = TJ_TT_BF16;
    if (!tj_tt_read_scaled(op, &s))
        return NULL;
    for (int i = 0; i < 2; i++) {
        const tj_tt_scaled_side *side = &s.sides[i];
        bool has_digits = side->scale && side->scale->type.elem != TJ_TT_I8;
        if (side->format == TJ_TT_FORMAT_FP16 ||
            (side->format == TJ_TT_FORMAT_BF16 && has_digits))
            elem = TJ_TT_F32;
    }
    tj_tt_value *operands[] = {operand(e, &s.sides[0], elem, s.is_fast),
                               operand(e, &s.sides[1], elem, s.is_fast), s.sum};
    return tj_tt_emit(e, TJ_TT_OP_DOT, operands, 3, &op->results[0]->type)->results[0];
}
