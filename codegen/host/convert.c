/* SPDX-License-Identifier: MIT */
/* air.convert and the llvm.* functions that canonical modules may still call.
 *
 * Float to integer saturates, NaN becomes 0 (air.md 4.7); a rounding suffix rounds to an
 * integral float first. Integer to float and narrowing round once, to nearest even unless the
 * suffix says otherwise.
 */
#include "host.h"

#include <string.h>

static LLVMValueRef round_first(tj_gen *g, LLVMValueRef value, tj_rounding rounding)
{
    switch (rounding) {
    case TJ_ROUND_RTE:
        return tj_llvm1(g, "llvm.rint", value);
    case TJ_ROUND_RTP:
        return tj_llvm1(g, "llvm.ceil", value);
    case TJ_ROUND_RTN:
        return tj_llvm1(g, "llvm.floor", value);
    case TJ_ROUND_DEFAULT:
    case TJ_ROUND_RTZ:
        break;
    }
    return value;
}

/* Saturating conversion of a float, scalar or vector. */
static LLVMValueRef float_to_int(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar,
                                 bool is_signed)
{
    LLVMValueRef wide = tj_to_computed(g, value);
    LLVMTypeRef types[] = {tj_type_like(wide, scalar), LLVMTypeOf(wide)};

    return tj_llvm(g, is_signed ? "llvm.fptosi.sat" : "llvm.fptoui.sat", types, 2, &wide, 1);
}

static LLVMValueRef convert(tj_gen *g, LLVMValueRef value, const tj_intrin_use *use,
                            LLVMTypeRef to)
{
    char from_kind = use->source.kind, to_kind = use->type.kind;
    bool is_directed = use->rounding != TJ_ROUND_DEFAULT && use->rounding != TJ_ROUND_RTE;

    if (to_kind == 'f' && is_directed)
        return tj_round_directed(g, value, to, from_kind == 's' && use->source.bits > 1,
                                 use->rounding);
    if (from_kind == 'f' && to_kind == 'f')
        return tj_from_computed(g, tj_to_computed(g, value), to);
    if (to_kind == 'f')
        return tj_int_to_float(g, value, to, from_kind == 's' && use->source.bits > 1);
    if (from_kind == 'f' && use->type.bits == 1)
        return LLVMBuildFCmp(g->b, LLVMRealUNE, tj_to_computed(g, value),
                             LLVMConstNull(LLVMTypeOf(tj_to_computed(g, value))), "");
    if (from_kind == 'f')
        return float_to_int(g, round_first(g, tj_to_computed(g, value), use->rounding), to,
                            to_kind == 's');
    if (use->type.bits == 1 && use->source.bits > 1)
        return LLVMBuildICmp(g->b, LLVMIntNE, value, LLVMConstNull(LLVMTypeOf(value)), "");
    return LLVMBuildIntCast2(g->b, value, tj_type_like(value, to), from_kind == 's', "");
}

void tj_emit_convert(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use)
{
    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        bool as_vector = tj_wants_vector(g, inst, i);
        LLVMValueRef value = tj_operand(g, LLVMGetOperand(inst, 0), i, as_vector);

        tj_set(g, inst, i, convert(g, value, use, tj_leaf_type(LLVMTypeOf(inst), i)));
    }
}

/* ---- llvm.* ---------------------------------------------------------------------------- */

typedef enum form {
    PLAIN,    /* same intrinsic on the host type */
    FLOAT,    /* through float for half and bfloat */
    MATH,     /* a function of the runtime */
    TO_INT,   /* saturating conversion */
    OVERFLOW, /* { value, overflow } */
    FMA,
    MIN,
    MAX
} form;

typedef struct llvm_row {
    const char *name; /* without "llvm." and suffix */
    form form;
    const char *math;
} llvm_row;

static const llvm_row rows[] = {
    {"fabs", FLOAT, NULL},
    {"sqrt", FLOAT, NULL},
    {"floor", FLOAT, NULL},
    {"ceil", FLOAT, NULL},
    {"trunc", FLOAT, NULL},
    {"rint", FLOAT, NULL},
    {"nearbyint", FLOAT, NULL},
    {"roundeven", FLOAT, NULL},
    {"round", FLOAT, NULL},
    {"copysign", FLOAT, NULL},
    {"minimum", FLOAT, NULL},
    {"maximum", FLOAT, NULL},
    {"minnum", MIN, NULL},
    {"maxnum", MAX, NULL},
    {"minimumnum", MIN, NULL},
    {"maximumnum", MAX, NULL},
    {"fma", FMA, NULL},
    {"fmuladd", FMA, NULL},
    {"ctlz", PLAIN, NULL},
    {"cttz", PLAIN, NULL},
    {"ctpop", PLAIN, NULL},
    {"bswap", PLAIN, NULL},
    {"bitreverse", PLAIN, NULL},
    {"umin", PLAIN, NULL},
    {"umax", PLAIN, NULL},
    {"smin", PLAIN, NULL},
    {"smax", PLAIN, NULL},
    {"abs", PLAIN, NULL},
    {"sadd.sat", PLAIN, NULL},
    {"uadd.sat", PLAIN, NULL},
    {"ssub.sat", PLAIN, NULL},
    {"usub.sat", PLAIN, NULL},
    {"fshl", PLAIN, NULL},
    {"fshr", PLAIN, NULL},
    {"exp", MATH, "exp"},
    {"exp2", MATH, "exp2"},
    {"log", MATH, "log"},
    {"log2", MATH, "log2"},
    {"log10", MATH, "log10"},
    {"pow", MATH, "pow"},
    {"sin", MATH, "sin"},
    {"cos", MATH, "cos"},
    {"fptosi.sat", TO_INT, NULL},
    {"fptoui.sat", TO_INT, NULL},
    {"sadd.with.overflow", OVERFLOW, NULL},
    {"uadd.with.overflow", OVERFLOW, NULL},
    {"ssub.with.overflow", OVERFLOW, NULL},
    {"usub.with.overflow", OVERFLOW, NULL},
    {"smul.with.overflow", OVERFLOW, NULL},
    {"umul.with.overflow", OVERFLOW, NULL},
};

static const llvm_row *find_row(const char *name)
{
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        size_t length = strlen(rows[r].name);

        if (strncmp(name, rows[r].name, length) == 0 && (name[length] == '.' || !name[length]))
            return &rows[r];
    }
    return NULL;
}

static LLVMValueRef plain_call(tj_gen *g, const llvm_row *row, LLVMValueRef *args,
                               unsigned count)
{
    char name[64] = "llvm.";
    LLVMTypeRef type = LLVMTypeOf(args[0]);

    strcat(name, row->name);
    return tj_llvm(g, name, &type, 1, args, count);
}

static LLVMValueRef lower_leaf(tj_gen *g, LLVMValueRef inst, const llvm_row *row,
                               LLVMValueRef *args, unsigned count, uint32_t index)
{
    LLVMTypeRef scalar = tj_element(LLVMTypeOf(args[0]));
    LLVMFastMathFlags flags = tj_flags_of(g, inst);

    switch (row->form) {
    case PLAIN:
        return plain_call(g, row, args, count);
    case FLOAT:
        for (unsigned i = 0; i < count; i++)
            args[i] = tj_to_computed(g, args[i]);
        return tj_from_computed(g, tj_with_flags(plain_call(g, row, args, count), flags),
                                scalar);
    case MATH:
        return tj_from_computed(g,
                                tj_math_call(g, row->math, tj_to_computed(g, args[0]),
                                             count > 1 ? tj_to_computed(g, args[1]) : NULL),
                                scalar);
    case TO_INT:
        return float_to_int(g, args[0], tj_leaf_type(LLVMTypeOf(inst), index),
                            row->name[4] == 's');
    case FMA:
        return tj_fma(g, args[0], args[1], args[2]);
    case MIN:
        return tj_fmin(g, args[0], args[1], false, flags);
    case MAX:
        return tj_fmin(g, args[0], args[1], true, flags);
    case OVERFLOW:
        break;
    }
    return NULL;
}

/* { T, i1 } of scalars: leaf 0 and leaf 1. */
static void emit_overflow(tj_gen *g, LLVMValueRef inst, const llvm_row *row)
{
    bool as_vector = tj_wants_vector(g, inst, 0);
    LLVMValueRef args[] = {tj_operand(g, LLVMGetOperand(inst, 0), 0, as_vector),
                           tj_operand(g, LLVMGetOperand(inst, 1), 0, as_vector)};
    LLVMValueRef pair = plain_call(g, row, args, 2);

    tj_set(g, inst, 0, LLVMBuildExtractValue(g->b, pair, 0, ""));
    tj_set(g, inst, 1, LLVMBuildExtractValue(g->b, pair, 1, ""));
}

bool tj_emit_llvm_call(tj_gen *g, LLVMValueRef inst, const char *name)
{
    const llvm_row *row = find_row(name);
    unsigned count = LLVMGetNumArgOperands(inst);

    if (!row || count > 3)
        return false;
    if (row->form == OVERFLOW) {
        if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(inst, 0))) == LLVMVectorTypeKind)
            return false;
        emit_overflow(g, inst, row);
        return true;
    }
    for (uint32_t i = 0; i < tj_leaf_count(LLVMTypeOf(inst)); i++) {
        bool as_vector = tj_wants_vector(g, inst, i);
        LLVMValueRef args[3];

        for (unsigned a = 0; a < count; a++) {
            LLVMValueRef value = LLVMGetOperand(inst, a);
            bool is_flag = LLVMTypeOf(value) == g->t.i1; /* poison flags stay scalar */

            args[a] =
                is_flag ? LLVMConstInt(g->t.i1, 0, false) : tj_operand(g, value, i, as_vector);
        }
        tj_set(g, inst, i, lower_leaf(g, inst, row, args, count, i));
    }
    return true;
}
