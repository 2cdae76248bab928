/* SPDX-License-Identifier: MIT */
/* Checks of operations on shapes, casts, memory and products of matrices. */
#include "ttir/scaled.h"
#include "ttir/verify.h"

#include <string.h>

static const tj_tt_type *type_of(const tj_tt_op *op, uint32_t operand)
{
    return &op->operands[operand]->type;
}

static const tj_tt_type *result_of(const tj_tt_op *op, uint32_t result)
{
    return &op->results[result]->type;
}

static unsigned bits_of(const tj_tt_type *type)
{
    return type->is_pointer ? 64 : tj_tt_elem_infos[type->elem].bits;
}

/* `shape` with the elements of `elems`. */
static tj_tt_type with_shape(const tj_tt_type *shape, const tj_tt_type *elems)
{
    tj_tt_type type = tj_tt_with_elem(shape, (tj_tt_elem)elems->elem);
    type.is_pointer = elems->is_pointer;
    return type;
}

static bool need_result(tj_tt_verifier *v, const tj_tt_op *op, const tj_tt_type *want)
{
    return tj_tt_same_type(result_of(op, 0), want) ||
           tj_tt_wrong(v, op, "the result is of type %s; it must be %s",
                       tj_tt_spell(v, result_of(op, 0)), tj_tt_spell(v, want));
}

static bool need_type(tj_tt_verifier *v, const tj_tt_op *op, uint32_t operand,
                      const tj_tt_type *want)
{
    return tj_tt_same_type(type_of(op, operand), want) ||
           tj_tt_wrong(v, op, "%%%s is of type %s; it must be %s", op->operands[operand]->name,
                       tj_tt_spell(v, type_of(op, operand)), tj_tt_spell(v, want));
}

static bool need_word(tj_tt_verifier *v, const tj_tt_op *op, const char *name, int otherwise)
{
    return tj_tt_word(op, name, otherwise) >= 0 ||
           tj_tt_wrong(v, op, "attribute '%s' is missing, or none of its words", name);
}

bool tj_tt_check_axis_word(tj_tt_verifier *v, const tj_tt_op *op)
{
    return need_word(v, op, "axis", -1);
}

bool tj_tt_check_predicate(tj_tt_verifier *v, const tj_tt_op *op)
{
    return need_word(v, op, "predicate", -1);
}

bool tj_tt_check_constant(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_attr *value = tj_tt_find_attr(op, "value");
    if (!value || (value->kind == TJ_TT_ATTR_LIST &&
                   value->count != 1u << tj_tt_log2_size(result_of(op, 0))))
        return tj_tt_wrong(v, op,
                           "attribute 'value' is missing or has another number of elements");
    const tj_tt_attr *items = value->kind == TJ_TT_ATTR_LIST ? value->items : value;
    uint32_t count = value->kind == TJ_TT_ATTR_LIST ? value->count : 1;
    for (uint32_t i = 0; i < count; i++)
        if (items[i].kind != TJ_TT_ATTR_INT &&
            (items[i].kind != TJ_TT_ATTR_FLOAT || !tj_tt_is_float(result_of(op, 0))))
            return tj_tt_wrong(v, op, "the value is no number of type %s",
                               tj_tt_spell(v, result_of(op, 0)));
    return true;
}

bool tj_tt_check_make_range(tj_tt_verifier *v, const tj_tt_op *op)
{
    int64_t start = tj_tt_int_attr(op, "start", INT64_MIN);
    int64_t end = tj_tt_int_attr(op, "end", INT64_MIN);
    const tj_tt_type *type = result_of(op, 0);
    if (start < INT32_MIN || end > INT32_MAX || type->elem != TJ_TT_I32 || type->rank != 1 ||
        type->is_pointer || end - start != INT64_C(1) << type->log2[0])
        return tj_tt_wrong(v, op, "'start' and 'end' do not give %s", tj_tt_spell(v, type));
    return true;
}

bool tj_tt_check_splat(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type want = with_shape(result_of(op, 0), type_of(op, 0));
    if (type_of(op, 0)->form != TJ_TT_SCALAR)
        return tj_tt_wrong(v, op, "the operand is no scalar");
    return need_result(v, op, &want);
}

bool tj_tt_check_unsplat(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type scalar = {0}, want = with_shape(&scalar, type_of(op, 0));
    if (tj_tt_log2_size(type_of(op, 0)))
        return tj_tt_wrong(v, op, "the operand has more than one element");
    return need_result(v, op, &want);
}

bool tj_tt_check_expand_dims(tj_tt_verifier *v, const tj_tt_op *op)
{
    int64_t axis = tj_tt_int_attr(op, "axis", -1);
    tj_tt_type want = *type_of(op, 0);
    if (axis < 0 || axis > want.rank || want.rank == TJ_TT_MAX_RANK)
        return tj_tt_wrong(v, op, "axis %lld of %u dimensions", (long long)axis, want.rank);
    memmove(want.log2 + axis + 1, want.log2 + axis, want.rank - (size_t)axis);
    want.log2[axis] = 0;
    want.rank++;
    return need_result(v, op, &want);
}

bool tj_tt_check_broadcast(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *from = type_of(op, 0), *to = result_of(op, 0);
    tj_tt_type want = with_shape(to, from);
    if (from->rank != to->rank)
        return tj_tt_wrong(v, op, "%s has not as many dimensions as %s", tj_tt_spell(v, from),
                           tj_tt_spell(v, to));
    for (unsigned i = 0; i < to->rank; i++)
        if (from->log2[i] && from->log2[i] != to->log2[i])
            return tj_tt_wrong(v, op, "dimension %u of %s is neither 1 nor that of %s", i,
                               tj_tt_spell(v, from), tj_tt_spell(v, to));
    return need_result(v, op, &want);
}

bool tj_tt_check_same_size(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type want = with_shape(result_of(op, 0), type_of(op, 0));
    if (tj_tt_log2_size(type_of(op, 0)) != tj_tt_log2_size(result_of(op, 0)))
        return tj_tt_wrong(v, op, "%s and %s have not as many elements",
                           tj_tt_spell(v, type_of(op, 0)), tj_tt_spell(v, result_of(op, 0)));
    return need_result(v, op, &want);
}

bool tj_tt_check_trans(tj_tt_verifier *v, const tj_tt_op *op)
{
    int64_t order[TJ_TT_MAX_RANK];
    tj_tt_type want = *type_of(op, 0);
    uint32_t seen = 0;
    if (tj_tt_int_list(op, "order", order, TJ_TT_MAX_RANK) != want.rank)
        return tj_tt_wrong(v, op, "'order' has not an entry for each dimension");
    for (unsigned i = 0; i < want.rank; i++) {
        if (order[i] < 0 || order[i] >= want.rank || seen >> order[i] & 1)
            return tj_tt_wrong(v, op, "'order' is no permutation");
        seen |= 1u << order[i];
        want.log2[i] = type_of(op, 0)->log2[order[i]];
    }
    return need_result(v, op, &want);
}

bool tj_tt_check_join(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type want = *type_of(op, 0);
    if (want.rank == TJ_TT_MAX_RANK)
        return tj_tt_wrong(v, op, "more than %d dimensions", TJ_TT_MAX_RANK);
    want.form = TJ_TT_TENSOR;
    want.log2[want.rank++] = 1;
    return need_result(v, op, &want);
}

bool tj_tt_check_split(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type want = *type_of(op, 0);
    if (!want.rank || want.log2[want.rank - 1] != 1)
        return tj_tt_wrong(v, op, "the last dimension of %s is not 2", tj_tt_spell(v, &want));
    want.log2[--want.rank] = 0;
    if (!want.rank && result_of(op, 0)->form == TJ_TT_SCALAR)
        want.form = TJ_TT_SCALAR;
    return need_result(v, op, &want) &&
           (tj_tt_same_type(result_of(op, 1), &want) ||
            tj_tt_wrong(v, op, "its results have different types"));
}

bool tj_tt_check_cat(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_type want = *type_of(op, 0);
    if (want.rank != 1)
        return tj_tt_wrong(v, op, "%s has not one dimension", tj_tt_spell(v, &want));
    want.log2[0]++;
    return need_result(v, op, &want);
}

bool tj_tt_check_gather(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *from = type_of(op, 0), *index = type_of(op, 1);
    int64_t axis = tj_tt_int_attr(op, "axis", -1);
    tj_tt_type want = with_shape(index, from);
    if (!tj_tt_is_int(index) || axis < 0 || axis >= from->rank || index->rank != from->rank)
        return tj_tt_wrong(v, op, "axis %lld of %s by %s", (long long)axis,
                           tj_tt_spell(v, from), tj_tt_spell(v, index));
    for (unsigned i = 0; i < from->rank; i++)
        if (i != axis && from->log2[i] != index->log2[i])
            return tj_tt_wrong(v, op, "dimension %u of %s and %s differ", i,
                               tj_tt_spell(v, from), tj_tt_spell(v, index));
    return need_result(v, op, &want);
}

bool tj_tt_check_histogram(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *from = type_of(op, 0), *to = result_of(op, 0);
    return (from->rank == 1 && to->rank == 1 && from->elem == TJ_TT_I32 &&
            to->elem == TJ_TT_I32 && !to->is_pointer) ||
           tj_tt_wrong(v, op, "from %s to %s; i32 in one dimension expected",
                       tj_tt_spell(v, from), tj_tt_spell(v, to));
}

/* ---- casts, select ---------------------------------------------------------------------- */

bool tj_tt_check_wider(tj_tt_verifier *v, const tj_tt_op *op)
{
    return bits_of(type_of(op, 0)) < bits_of(result_of(op, 0)) ||
           tj_tt_wrong(v, op, "%s is not wider than %s", tj_tt_spell(v, result_of(op, 0)),
                       tj_tt_spell(v, type_of(op, 0)));
}

bool tj_tt_check_narrower(tj_tt_verifier *v, const tj_tt_op *op)
{
    return bits_of(type_of(op, 0)) > bits_of(result_of(op, 0)) ||
           tj_tt_wrong(v, op, "%s is not narrower than %s", tj_tt_spell(v, result_of(op, 0)),
                       tj_tt_spell(v, type_of(op, 0)));
}

bool tj_tt_check_bitcast(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *from = type_of(op, 0), *to = result_of(op, 0);
    return (from->is_pointer == to->is_pointer && bits_of(from) == bits_of(to)) ||
           tj_tt_wrong(v, op, "%s and %s have not as many bits", tj_tt_spell(v, from),
                       tj_tt_spell(v, to));
}

bool tj_tt_check_select(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *condition = type_of(op, 0);
    if (condition->form != TJ_TT_SCALAR && !tj_tt_same_shape(condition, type_of(op, 1)))
        return tj_tt_wrong(v, op, "the condition is of type %s for %s",
                           tj_tt_spell(v, condition), tj_tt_spell(v, type_of(op, 1)));
    return need_type(v, op, 2, type_of(op, 1)) && need_result(v, op, type_of(op, 1));
}

/* ---- memory ----------------------------------------------------------------------------- */

static bool check_access(tj_tt_verifier *v, const tj_tt_op *op, uint32_t mask,
                         const tj_tt_type *value)
{
    const tj_tt_type *pointer = type_of(op, 0);
    tj_tt_type want = tj_tt_with_elem(pointer, (tj_tt_elem)pointer->elem);
    if (pointer->form == TJ_TT_BLOCK_POINTER)
        want.form = TJ_TT_TENSOR;
    else if (!pointer->is_pointer || pointer->form > TJ_TT_TENSOR)
        return tj_tt_wrong(v, op, "%s is no pointer", tj_tt_spell(v, pointer));
    if (!tj_tt_same_type(value, &want))
        return tj_tt_wrong(v, op, "%s does not point to %s", tj_tt_spell(v, pointer),
                           tj_tt_spell(v, value));
    want.elem = TJ_TT_I1;
    if (op->operand_count > mask && pointer->form == TJ_TT_BLOCK_POINTER)
        return tj_tt_wrong(v, op, "block pointers take no mask");
    return op->operand_count <= mask || need_type(v, op, mask, &want);
}

bool tj_tt_check_load(tj_tt_verifier *v, const tj_tt_op *op)
{
    return check_access(v, op, 1, result_of(op, 0)) &&
           (op->operand_count < 3 || need_type(v, op, 2, result_of(op, 0)));
}

bool tj_tt_check_store(tj_tt_verifier *v, const tj_tt_op *op)
{
    return check_access(v, op, 2, type_of(op, 1));
}

bool tj_tt_check_atomic(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *pointer = type_of(op, 0);
    tj_tt_type want = tj_tt_with_elem(pointer, (tj_tt_elem)pointer->elem);
    uint32_t values = op->kind == TJ_TT_OP_ATOMIC_CAS ? 2 : 1;
    if (!need_word(v, op, "sem", 4) || !need_word(v, op, "scope", 1) ||
        (op->kind == TJ_TT_OP_ATOMIC_RMW && !need_word(v, op, "atomic_rmw_op", -1)))
        return false;
    for (uint32_t i = 1; i <= values; i++)
        if (!need_type(v, op, i, &want))
            return false;
    if (op->kind != TJ_TT_OP_ATOMIC_POLL)
        return need_result(v, op, &want);
    tj_tt_type limit = tj_tt_scalar(TJ_TT_I64), answer = tj_tt_scalar(TJ_TT_I1);
    if (pointer->form != TJ_TT_SCALAR)
        return tj_tt_wrong(v, op, "one pointer is polled, not %s", tj_tt_spell(v, pointer));
    return (op->operand_count < 3 || need_type(v, op, 2, &limit)) &&
           need_result(v, op, &answer);
}

/* Offsets, shapes and strides in their number; what moves has the block's elements. */
bool tj_tt_check_descriptor(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *first = type_of(op, 0);
    bool makes =
        op->kind == TJ_TT_OP_MAKE_TENSOR_PTR || op->kind == TJ_TT_OP_MAKE_TENSOR_DESCRIPTOR;
    const tj_tt_type *block = makes ? result_of(op, 0) : first;
    uint32_t lists = op->kind == TJ_TT_OP_MAKE_TENSOR_PTR ? 3 : makes ? 2 : 1;
    uint32_t moved =
        op->kind == TJ_TT_OP_DESCRIPTOR_STORE || op->kind == TJ_TT_OP_DESCRIPTOR_REDUCE;
    bool is_pointer = op->kind == TJ_TT_OP_MAKE_TENSOR_PTR || op->kind == TJ_TT_OP_ADVANCE;
    if (block->form != (is_pointer ? TJ_TT_BLOCK_POINTER : TJ_TT_DESCRIPTOR))
        return tj_tt_wrong(v, op, "%s is no %s", tj_tt_spell(v, block),
                           is_pointer ? "block pointer" : "descriptor");
    bool is_row =
        op->kind == TJ_TT_OP_DESCRIPTOR_GATHER || op->kind == TJ_TT_OP_DESCRIPTOR_SCATTER;
    if (is_row ? block->rank != 2 : op->operand_count != 1 + lists * block->rank + moved)
        return tj_tt_wrong(v, op, "%u operands for %u dimensions", op->operand_count,
                           block->rank);
    const tj_tt_type *value = op->result_count && !makes && !is_pointer ? result_of(op, 0)
                              : moved || op->kind == TJ_TT_OP_DESCRIPTOR_SCATTER
                                  ? type_of(op, op->operand_count - 1)
                                  : NULL;
    if (value &&
        (value->form != TJ_TT_TENSOR || value->elem != block->elem || value->is_pointer ||
         (!is_row && tj_tt_log2_size(value) != tj_tt_log2_size(block))))
        return tj_tt_wrong(v, op, "%s is no block of %s", tj_tt_spell(v, value),
                           tj_tt_spell(v, block));
    if (makes && first->elem != block->elem)
        return tj_tt_wrong(v, op, "%s does not point to elements of %s", tj_tt_spell(v, first),
                           tj_tt_spell(v, block));
    return true;
}

/* ---- products --------------------------------------------------------------------------- */

/* [batch x] M x K, [batch x] K x N, [batch x] M x N */
static bool check_dot_shape(tj_tt_verifier *v, const tj_tt_op *op, const tj_tt_type *a,
                            const tj_tt_type *b, const tj_tt_type *c)
{
    unsigned r = a->rank;
    bool is_good = (r == 2 || r == 3) && b->rank == r && c->rank == r &&
                   a->log2[r - 1] == b->log2[r - 2] && a->log2[r - 2] == c->log2[r - 2] &&
                   b->log2[r - 1] == c->log2[r - 1] &&
                   (r == 2 || (a->log2[0] == b->log2[0] && a->log2[0] == c->log2[0]));
    return is_good || tj_tt_wrong(v, op, "%s times %s is not %s", tj_tt_spell(v, a),
                                  tj_tt_spell(v, b), tj_tt_spell(v, c));
}

bool tj_tt_check_dot(tj_tt_verifier *v, const tj_tt_op *op)
{
    const tj_tt_type *a = type_of(op, 0), *b = type_of(op, 1), *c = type_of(op, 2);
    if (a->is_pointer || b->is_pointer || c->is_pointer || bits_of(a) != bits_of(b) ||
        tj_tt_is_float(a) != tj_tt_is_float(b) || tj_tt_is_float(a) != tj_tt_is_float(c))
        return tj_tt_wrong(v, op, "%s times %s plus %s", tj_tt_spell(v, a), tj_tt_spell(v, b),
                           tj_tt_spell(v, c));
    return need_word(v, op, "inputPrecision", 2) && check_dot_shape(v, op, a, b, c) &&
           need_result(v, op, c);
}

/* Elements of a format; 8-bit floats may be their bytes. */
static bool check_scaled_elements(tj_tt_verifier *v, const tj_tt_op *op,
                                  const tj_tt_scaled_side *side)
{
    static const uint8_t elems[TJ_TT_FORMAT_COUNT] = {[TJ_TT_E4M3] = TJ_TT_F8E4M3FN,
                                                      [TJ_TT_E5M2] = TJ_TT_F8E5M2,
                                                      [TJ_TT_E2M1] = TJ_TT_I8,
                                                      [TJ_TT_FORMAT_BF16] = TJ_TT_BF16,
                                                      [TJ_TT_FORMAT_FP16] = TJ_TT_F16};
    const char *word = side->is_right ? "rhs" : "lhs";
    if (side->format < 0)
        return tj_tt_wrong(v, op, "attribute '%s' is missing, or none of its words", word);
    if (side->format == TJ_TT_E2M3 || side->format == TJ_TT_E3M2) {
        tj_tt_fail(v->module, op, v->diags, TJ_E_UNSUPPORTED, "numbers of 6 bits (%s = %s)",
                   word, side->format == TJ_TT_E2M3 ? "e2m3" : "e3m2");
        return false;
    }
    const tj_tt_type *type = &side->value->type;
    bool is_byte = type->elem == TJ_TT_I8 && side->format <= TJ_TT_E5M2;
    return (!type->is_pointer && (type->elem == elems[side->format] || is_byte)) ||
           tj_tt_wrong(v, op, "%%%s, of type %s, has not the elements of '%s'",
                       side->value->name, tj_tt_spell(v, type), word);
}

/* [batch x] M x K/G or [batch x] N x K/G: one of i8 or e4m3 for 32 or 16 elements. */
static bool check_scale(tj_tt_verifier *v, const tj_tt_op *op, const tj_tt_scaled_side *side)
{
    tj_tt_type whole = tj_tt_unpacked_type(side), want = whole;
    const tj_tt_value *scale = side->scale;
    if (!scale)
        return true;
    unsigned last = whole.rank - 1u, inner = whole.log2[side->is_right ? last - 1 : last];
    want.elem = scale->type.elem == TJ_TT_F8E4M3FN ? TJ_TT_F8E4M3FN : TJ_TT_I8;
    want.log2[last - 1] = whole.log2[side->is_right ? last : last - 1];
    for (unsigned group = 4; group <= 5; group++) {
        want.log2[last] = (uint8_t)(inner - group);
        if (inner >= group && tj_tt_same_type(&scale->type, &want))
            return true;
    }
    return tj_tt_wrong(v, op, "%%%s, of type %s, is no scale of 16 or 32 elements of %s",
                       scale->name, tj_tt_spell(v, &scale->type), tj_tt_spell(v, &whole));
}

bool tj_tt_check_dot_scaled(tj_tt_verifier *v, const tj_tt_op *op)
{
    tj_tt_scaled s;
    if (!tj_tt_read_scaled(op, &s))
        return tj_tt_wrong(v, op, "'operandSegmentSizes' does not fit %u operands",
                           op->operand_count);
    for (int i = 0; i < 2; i++) {
        const tj_tt_type *type = &s.sides[i].value->type;
        if (type->form != TJ_TT_TENSOR || type->rank < 2 || type->rank > 3)
            return tj_tt_wrong(v, op, "%s has not two or three dimensions",
                               tj_tt_spell(v, type));
        if (!check_scaled_elements(v, op, &s.sides[i]) || !check_scale(v, op, &s.sides[i]))
            return false;
    }
    tj_tt_type a = tj_tt_unpacked_type(&s.sides[0]), b = tj_tt_unpacked_type(&s.sides[1]);
    const tj_tt_type *c = &s.sum->type;
    if (c->is_pointer || !tj_tt_is_float(c))
        return tj_tt_wrong(v, op, "%s times %s plus %s", tj_tt_spell(v, &a), tj_tt_spell(v, &b),
                           tj_tt_spell(v, c));
    return check_dot_shape(v, op, &a, &b, c) && need_result(v, op, c);
}
