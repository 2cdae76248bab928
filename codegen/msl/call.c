/* SPDX-License-Identifier: MIT */
/* Calls: AIR functions by the Metal spelling in intrinsics.def, LLVM's by a table here. */
#include "msl.h"

#include <string.h>

static const char *arguments(tj_msl *m, LLVMValueRef call, unsigned first, unsigned count,
                             bool is_signed)
{
    const char *text = "";

    for (unsigned i = first; i < first + count; i++)
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i > first ? ", " : "",
                           tj_msl_expr_as(m, LLVMGetOperand(call, i), is_signed, 0));
    return text;
}

static unsigned operand_count(LLVMValueRef call)
{
    return LLVMGetNumArgOperands(call);
}

static uint64_t constant_operand(LLVMValueRef call, unsigned i)
{
    LLVMValueRef value = LLVMGetOperand(call, i);

    return LLVMIsAConstantInt(value) ? LLVMConstIntGetZExtValue(value) : 0;
}

static bool is_bfloat(LLVMTypeRef type)
{
    return LLVMGetTypeKind(tj_msl_scalar(type)) == LLVMBFloatTypeKind;
}

/* The library's functions compute in float what they are given as bfloat, and return it. */
static const char *by_float(tj_msl *m, LLVMValueRef call, const char *function, unsigned count,
                            bool is_signed)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    const char *text = "";

    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef arg = LLVMGetOperand(call, i);
        const char *one = tj_msl_expr_as(m, arg, is_signed, 0);

        if (is_bfloat(LLVMTypeOf(arg)))
            one = tj_msl_is_vector(LLVMTypeOf(arg))
                      ? TJ_MSL_TEXT(m, "float%u(%s)", LLVMGetVectorSize(LLVMTypeOf(arg)), one)
                      : TJ_MSL_TEXT(m, "float(%s)", one);
        text = TJ_MSL_TEXT(m, "%s%s%s", text, i ? ", " : "", one);
    }
    return TJ_MSL_TEXT(m, "%s(%s(%s))", tj_msl_type(m, type, false), function, text);
}

/* ---- barriers -------------------------------------------------------------------------- */

static const char *flags_text(tj_msl *m, uint64_t flags)
{
    static const char *const names[] = {"mem_device", "mem_threadgroup", "mem_texture"};
    const char *text = "";

    for (unsigned i = 0; i < 3; i++)
        if (flags >> i & 1)
            text = TJ_MSL_TEXT(m, "%s%smem_flags::%s", text, *text ? " | " : "", names[i]);
    return *text ? text : "mem_flags::mem_none";
}

static const char *order_text(uint64_t order)
{
    static const char *const names[] = {"relaxed", "relaxed", "acquire",
                                        "release", "acq_rel", "seq_cst"};

    return names[order < 6 ? order : 5];
}

static const char *scope_text(uint64_t scope)
{
    static const char *const names[] = {"thread", "threadgroup", "device", "device",
                                        "simdgroup"};

    return names[scope < 5 ? scope : 2];
}

static const char *barrier(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    const char *flags = flags_text(m, constant_operand(call, 0));

    if (use->id == TJ_INTRIN_ATOMIC_FENCE)
        return TJ_MSL_TEXT(m, "atomic_thread_fence(%s, memory_order_%s, thread_scope_%s)",
                           flags, order_text(constant_operand(call, 1)),
                           scope_text(constant_operand(call, 2)));
    return TJ_MSL_TEXT(m, "%s(%s)", tj_intrin_infos[use->id].metal, flags);
}

/* ---- atomics --------------------------------------------------------------------------- */

static LLVMTypeRef type_of_atomic(LLVMValueRef call, const tj_intrin_use *use)
{
    LLVMTypeRef type = LLVMTypeOf(call);

    if (use->id == TJ_INTRIN_ATOMIC_CMPXCHG)
        return LLVMTypeOf(LLVMGetOperand(call, 2));
    if (use->id == TJ_INTRIN_ATOMIC_STORE || LLVMGetTypeKind(type) == LLVMVoidTypeKind)
        type = LLVMTypeOf(LLVMGetOperand(call, 1));
    return type;
}

const char *tj_msl_atomic_type(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    LLVMTypeRef type = type_of_atomic(call, use);

    if (LLVMGetTypeKind(type) == LLVMFloatTypeKind)
        return "atomic_float";
    if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 64)
        return "atomic_ulong";
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) != 32)
        tj_msl_refuse(m, call, "atomics of this type are not in Metal");
    return use->type.kind == 's' ? "atomic_int" : "atomic_uint";
}

static const char *atomic_pointer(tj_msl *m, LLVMValueRef call, const char *type)
{
    LLVMValueRef pointer = LLVMGetOperand(call, 0);
    const char *declared = tj_msl_atomic_root(m, tj_msl_root(pointer));

    return declared && strcmp(declared, type) == 0 ? tj_msl_pointer(m, pointer, 0)
                                                   : tj_msl_pointer_to(m, pointer, type);
}

/* What the operation gives, in the sign of its value. */
static const char *in_sign(tj_msl *m, LLVMValueRef call, const char *text, bool is_signed)
{
    LLVMTypeRef type = LLVMTypeOf(call);

    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || is_signed == tj_msl_is_signed(m, call))
        return text;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, tj_msl_is_signed(m, call)), text);
}

static const char *atomic_call(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    const char *name = tj_intrin_infos[use->id].metal, *order, *text;
    const char *type = tj_msl_atomic_type(m, call, use);
    const char *pointer = atomic_pointer(m, call, type);
    bool is_signed = strcmp(type, "atomic_int") == 0;

    if (strcmp(type, "atomic_ulong") == 0 &&
        LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMVoidTypeKind)
        name = use->id == TJ_INTRIN_ATOMIC_MIN   ? "atomic_min_explicit"
               : use->id == TJ_INTRIN_ATOMIC_MAX ? "atomic_max_explicit"
                                                 : name;
    order = order_text(constant_operand(call, use->id == TJ_INTRIN_ATOMIC_LOAD ? 1 : 2));
    if (use->id == TJ_INTRIN_ATOMIC_LOAD)
        text = TJ_MSL_TEXT(m, "%s(%s, memory_order_%s)", name, pointer, order);
    else if (use->id == TJ_INTRIN_ATOMIC_CMPXCHG)
        return TJ_MSL_TEXT(
            m, "%s(%s, %s, %s, memory_order_%s, memory_order_%s)", name, pointer,
            tj_msl_pointer_at(m, LLVMGetOperand(call, 1), type_of_atomic(call, use)),
            tj_msl_expr_as(m, LLVMGetOperand(call, 2), is_signed, 0),
            order_text(constant_operand(call, 3)), order_text(constant_operand(call, 4)));
    else
        text = TJ_MSL_TEXT(m, "%s(%s, %s, memory_order_%s)", name, pointer,
                           tj_msl_expr_as(m, LLVMGetOperand(call, 1), is_signed, 0), order);
    return in_sign(m, call, text, is_signed);
}

/* ---- conversions ----------------------------------------------------------------------- */

/* half and bfloat become each other by way of float, which has all of both. */
static bool goes_by_float(LLVMTypeRef to, LLVMTypeRef from)
{
    LLVMTypeKind a = LLVMGetTypeKind(tj_msl_scalar(to)),
                 b = LLVMGetTypeKind(tj_msl_scalar(from));

    return (a == LLVMHalfTypeKind && b == LLVMBFloatTypeKind) ||
           (a == LLVMBFloatTypeKind && b == LLVMHalfTypeKind);
}

/* The function that rounds a float to half in this way; NULL: another conversion. */
static const char *narrowing(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    static const char *const keys[] = {
        [TJ_ROUND_RTZ] = "half_rtz", [TJ_ROUND_RTP] = "half_rtp", [TJ_ROUND_RTN] = "half_rtn"};

    if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMHalfTypeKind ||
        LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(call, 0))) != LLVMFloatTypeKind ||
        (size_t)use->rounding >= sizeof keys / sizeof *keys || !keys[use->rounding])
        return NULL;
    return tj_msl_helper(m, keys[use->rounding], keys[use->rounding]);
}

static const char *conversion(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    LLVMValueRef from = LLVMGetOperand(call, 0);
    bool is_signed = use->type.kind == 's', wanted = tj_msl_is_signed(m, call);
    const char *text = tj_msl_expr_as(m, from, use->source.kind == 's', 0);

    if (use->source.kind == 'f' && use->type.kind != 'f') {
        static const char *const functions[] = {
            [TJ_ROUND_RTE] = "rint", [TJ_ROUND_RTP] = "ceil", [TJ_ROUND_RTN] = "floor"};

        if ((size_t)use->rounding < sizeof functions / sizeof *functions &&
            functions[use->rounding])
            text = TJ_MSL_TEXT(m, "%s(%s)", functions[use->rounding], text);
    } else if (narrowing(m, call, use)) {
        return TJ_MSL_TEXT(m, "%s(%s)", narrowing(m, call, use), text);
    } else if (use->rounding != TJ_ROUND_DEFAULT && use->rounding != TJ_ROUND_RTE) {
        tj_msl_refuse(m, call, "conversion with this rounding is not in Metal");
    }
    if (goes_by_float(LLVMTypeOf(call), LLVMTypeOf(from)))
        text = tj_msl_is_vector(LLVMTypeOf(call))
                   ? TJ_MSL_TEXT(m, "float%u(%s)", LLVMGetVectorSize(LLVMTypeOf(call)), text)
                   : TJ_MSL_TEXT(m, "float(%s)", text);
    text = TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(call), is_signed), text);
    if (use->type.kind == 'f' || use->type.bits == 1 || wanted == is_signed)
        return text;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(call), wanted), text);
}

/* ---- matrices -------------------------------------------------------------------------- */

static const char *pair(tj_msl *m, LLVMValueRef value)
{
    return tj_msl_expr_as(m, value, false, 0);
}

/* Whether component `i` is the constant `wanted`. */
static bool has_number(const tj_msl *m, LLVMValueRef value, unsigned i, uint64_t wanted)
{
    const tj_mval *val = tj_msl_find(m, value);
    LLVMValueRef element;

    while (val && val->is_folded && LLVMIsAInsertElementInst(value) &&
           LLVMIsAConstantInt(LLVMGetOperand(value, 2))) {
        if (LLVMConstIntGetZExtValue(LLVMGetOperand(value, 2)) == i) {
            element = LLVMGetOperand(value, 1);
            return LLVMIsAConstantInt(element) && LLVMConstIntGetZExtValue(element) == wanted;
        }
        value = LLVMGetOperand(value, 0);
        val = tj_msl_find(m, value);
    }
    element = LLVMIsConstant(value) ? LLVMGetAggregateElement(value, i) : NULL;
    return element && LLVMIsAConstantInt(element) &&
           LLVMConstIntGetZExtValue(element) == wanted;
}

/* elements_per_row, origin, transpose */
static const char *matrix_place(tj_msl *m, LLVMValueRef call, unsigned first)
{
    LLVMValueRef a = LLVMGetOperand(call, first), b = LLVMGetOperand(call, first + 1),
                 c = LLVMGetOperand(call, first + 2);

    if (LLVMGetTypeKind(LLVMTypeOf(a)) == LLVMIntegerTypeKind)
        return TJ_MSL_TEXT(m, "%s, %s, %s", tj_msl_expr_as(m, a, false, 0), pair(m, b),
                           tj_msl_expr(m, c, 0));
    if (has_number(m, b, 0, 1))
        return TJ_MSL_TEXT(m, "%s, %s, false", tj_msl_component(m, b, 1), pair(m, c));
    if (has_number(m, b, 1, 1))
        return TJ_MSL_TEXT(m, "%s, ulong2(%s, %s), true", tj_msl_component(m, b, 0),
                           tj_msl_component(m, c, 1), tj_msl_component(m, c, 0));
    tj_msl_refuse(m, call, "matrix of which neither rows nor columns are contiguous");
    return "";
}

static const char *matrix_call(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    const tj_mval *val = tj_msl_find(m, call);
    const char *name = val && val->var != TJ_NONE ? m->vars[val->var].name : "";

    switch (use->id) {
    case TJ_INTRIN_MATRIX_LOAD:
        return TJ_MSL_TEXT(
            m, "simdgroup_load(%s, %s, %s)", name,
            tj_msl_pointer_at(m, LLVMGetOperand(call, 0), LLVMGetElementType(LLVMTypeOf(call))),
            matrix_place(m, call, 1));
    case TJ_INTRIN_MATRIX_STORE:
        return TJ_MSL_TEXT(
            m, "simdgroup_store(%s, %s, %s)", tj_msl_expr(m, LLVMGetOperand(call, 0), 0),
            tj_msl_pointer_at(m, LLVMGetOperand(call, 1),
                              LLVMGetElementType(LLVMTypeOf(LLVMGetOperand(call, 0)))),
            matrix_place(m, call, 2));
    case TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE:
        return TJ_MSL_TEXT(m, "simdgroup_multiply_accumulate(%s, %s)", name,
                           arguments(m, call, 0, 3, false));
    default:
        return TJ_MSL_TEXT(
            m, use->id == TJ_INTRIN_MATRIX_INIT_DIAG ? "%s(%s)" : "make_filled_%s(%s)",
            use->id == TJ_INTRIN_MATRIX_INIT_DIAG
                ? tj_msl_type(m, LLVMTypeOf(call), false)
                : TJ_MSL_TEXT(m, "simdgroup_matrix<%s, 8, 8>",
                              tj_msl_type(m, LLVMGetElementType(LLVMTypeOf(call)), false)),
            tj_msl_expr(m, LLVMGetOperand(call, 0), 0));
    }
}

/* ---- plain functions ------------------------------------------------------------------- */

/* Exact functions are the same in precise and fast maths. */
static bool has_variants(tj_intrin id)
{
    switch (id) {
    case TJ_INTRIN_CEIL:
    case TJ_INTRIN_FABS:
    case TJ_INTRIN_FLOOR:
    case TJ_INTRIN_RINT:
    case TJ_INTRIN_ROUND:
    case TJ_INTRIN_TRUNC:
    case TJ_INTRIN_COPYSIGN:
    case TJ_INTRIN_FMA:
    case TJ_INTRIN_LDEXP:
    case TJ_INTRIN_NEXTAFTER:
    case TJ_INTRIN_SIGN:
    case TJ_INTRIN_MIX:
    case TJ_INTRIN_DOT:
        return false;
    default:
        return true;
    }
}

static const char *plain(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    const tj_intrin_info *info = &tj_intrin_infos[use->id];
    LLVMTypeRef type = LLVMTypeOf(call);
    bool is_signed = use->type.kind == 's', wanted = tj_msl_is_signed(m, call);
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMTypeRef elem = is_vector ? LLVMGetElementType(type) : type;
    bool is_float = LLVMGetTypeKind(elem) == LLVMFloatTypeKind;
    unsigned count = operand_count(call);
    const char *space = "", *text;

    if (use->type.kind != 's' && use->type.kind != 'u')
        is_signed = wanted;
    if (info->overload == TJ_OVL_F && (is_float || is_bfloat(type)) && has_variants(use->id))
        space = use->is_fast ? "fast::" : "precise::";
    if (info->overload == TJ_OVL_F && is_bfloat(type))
        return by_float(m, call, TJ_MSL_TEXT(m, "%s%s", space, info->metal), count, is_signed);
    if (use->id == TJ_INTRIN_CLZ || use->id == TJ_INTRIN_CTZ)
        count = 1; /* the flag says what zero gives: always the width */
    text =
        TJ_MSL_TEXT(m, "%s%s(%s)", space, info->metal, arguments(m, call, 0, count, is_signed));
    if (LLVMGetTypeKind(elem) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(elem) == 1 ||
        is_signed == wanted)
        return text;
    return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, wanted), text);
}

static const char *vote(tj_msl *m, LLVMValueRef call, const tj_intrin_use *use)
{
    switch (use->id) {
    case TJ_INTRIN_SIMDGROUP_SIZE: /* a constant of every Apple GPU */
        return TJ_MSL_TEXT(m, "ushort(%d)", TJ_SIMD_WIDTH);
    case TJ_INTRIN_SIMD_BALLOT:
    case TJ_INTRIN_SIMD_ACTIVE_MASK:
        return TJ_MSL_TEXT(m, "ulong((simd_vote::vote_t)%s(%s))",
                           tj_intrin_infos[use->id].metal,
                           arguments(m, call, 0, operand_count(call), false));
    case TJ_INTRIN_SIMD_VOTE_ALL:
        return TJ_MSL_TEXT(m, "simd_vote(%s).all()", arguments(m, call, 0, 1, false));
    case TJ_INTRIN_SIMD_VOTE_ANY:
        return TJ_MSL_TEXT(m, "simd_vote(%s).any()", arguments(m, call, 0, 1, false));
    default:
        return NULL;
    }
}

/* ---- LLVM's ---------------------------------------------------------------------------- */

static const struct llvm_row {
    const char *name, *metal;
    char sign;
    unsigned count; /* arguments printed; 0: all */
} llvm_rows[] = {
    {"sqrt", "precise::sqrt", 0, 0},
    {"fma", "fma", 0, 0},
    {"fabs", "fabs", 0, 0},
    {"floor", "floor", 0, 0},
    {"ceil", "ceil", 0, 0},
    {"trunc", "trunc", 0, 0},
    {"rint", "rint", 0, 0},
    {"round", "round", 0, 0},
    {"copysign", "copysign", 0, 0},
    {"minnum", "fmin", 0, 0},
    {"maxnum", "fmax", 0, 0},
    {"smin", "min", 's', 0},
    {"smax", "max", 's', 0},
    {"umin", "min", 'u', 0},
    {"umax", "max", 'u', 0},
    {"abs", "abs", 's', 1},
    {"ctlz", "clz", 'u', 1},
    {"cttz", "ctz", 'u', 1},
    {"ctpop", "popcount", 'u', 0},
    {"bitreverse", "reverse_bits", 'u', 0},
    {"sadd.sat", "addsat", 's', 0},
    {"uadd.sat", "addsat", 'u', 0},
    {"ssub.sat", "subsat", 's', 0},
    {"usub.sat", "subsat", 'u', 0},
    {"nearbyint", "rint", 0, 0},
    {"roundeven", "rint", 0, 0},
    {"exp", "precise::exp", 0, 0},
    {"exp2", "precise::exp2", 0, 0},
    {"log", "precise::log", 0, 0},
    {"log2", "precise::log2", 0, 0},
    {"log10", "precise::log10", 0, 0},
    {"sin", "precise::sin", 0, 0},
    {"cos", "precise::cos", 0, 0},
    {"pow", "precise::pow", 0, 0},
};

static const char *saturating(tj_msl *m, LLVMValueRef call, bool is_signed)
{
    bool wanted = tj_msl_is_signed(m, call);
    const char *text = TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(call), is_signed),
                                   arguments(m, call, 0, 1, false));

    return wanted == is_signed
               ? text
               : TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(call), wanted), text);
}

static const char *rotation(tj_msl *m, LLVMValueRef call, bool is_left)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    const char *text = TJ_MSL_TEXT(
        m, is_left ? "rotate(%s, %s)" : "rotate(%s, -%s)",
        tj_msl_expr_as(m, LLVMGetOperand(call, 0), false, 0),
        tj_msl_expr_as(m, LLVMGetOperand(call, 2), false, is_left ? 0 : TJ_PREC_PRIMARY));

    return tj_msl_is_signed(m, call)
               ? TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, type, true), text)
               : text;
}

/* The old value of memory that a function of the print changes, see helper.c. */
static const char *printed(tj_msl *m, LLVMValueRef call, const char *key)
{
    bool is_exchange = strncmp(key, "cmpxchg", 7) == 0;
    const char *name = tj_msl_helper(m, key,
                                     is_exchange     ? "compare_exchange"
                                     : key[2] == 'a' ? "atomic_fetch_max_float"
                                                     : "atomic_fetch_min_float");
    const char *pointer = atomic_pointer(m, call, is_exchange ? "atomic_uint" : "atomic_float");
    const char *first = tj_msl_expr_as(m, LLVMGetOperand(call, 1), false, 0);

    if (!is_exchange)
        return TJ_MSL_TEXT(m, "%s(%s, %s)", name, pointer, first);
    return in_sign(m, call,
                   TJ_MSL_TEXT(m, "%s(%s, %s, %s)", name, pointer, first,
                               tj_msl_expr_as(m, LLVMGetOperand(call, 2), false, 0)),
                   false);
}

/* The functions of `precise` take float only; those of half have no other form. */
static const char *name_for(LLVMTypeRef type, const char *name)
{
    bool is_float = LLVMGetTypeKind(tj_msl_scalar(type)) == LLVMFloatTypeKind;

    return !is_float && strncmp(name, "precise::", 9) == 0 ? name + 9 : name;
}

static const char *llvm_call(tj_msl *m, LLVMValueRef call)
{
    size_t len;
    const char *name = LLVMGetValueName2(LLVMGetCalledValue(call), &len);
    bool wanted = tj_msl_is_signed(m, call);

    if (strncmp(name, TJ_MSL_ATOMIC, strlen(TJ_MSL_ATOMIC)) == 0)
        return printed(m, call, name + strlen(TJ_MSL_ATOMIC));
    name += len > 5 ? 5 : 0;
    if (strcmp(name, "trap") == 0)
        return "__builtin_trap()";
    if (strncmp(name, "fshl.", 5) == 0 || strncmp(name, "fshr.", 5) == 0)
        return rotation(m, call, name[3] == 'l');
    if (strncmp(name, "fptosi.sat.", 11) == 0 || strncmp(name, "fptoui.sat.", 11) == 0)
        return saturating(m, call, name[4] == 's');
    for (size_t i = 0; i < sizeof llvm_rows / sizeof *llvm_rows; i++) {
        const struct llvm_row *row = &llvm_rows[i];
        size_t row_len = strlen(row->name);
        unsigned count = row->count ? row->count : operand_count(call);
        const char *text;

        if (strncmp(name, row->name, row_len) || name[row_len] != '.')
            continue;
        if (is_bfloat(LLVMTypeOf(call)))
            return by_float(m, call, row->metal, count, row->sign == 's');
        text = TJ_MSL_TEXT(m, "%s(%s)", name_for(LLVMTypeOf(call), row->metal),
                           arguments(m, call, 0, count, row->sign == 's'));
        if (!row->sign || wanted == (row->sign == 's'))
            return text;
        return TJ_MSL_TEXT(m, "%s(%s)", tj_msl_type(m, LLVMTypeOf(call), wanted), text);
    }
    tj_msl_refuse(m, call, "call of '%s' cannot be printed as Metal", name - 5);
    return "";
}

const char *tj_msl_call(tj_msl *m, LLVMValueRef call, int *prec)
{
    tj_intrin_use use;
    const char *text;

    *prec = TJ_PREC_PRIMARY;
    if ((text = tj_msl_message(m, call)))
        return text;
    if (!tj_intrin_of(call, &use))
        return llvm_call(m, call);
    switch (tj_intrin_infos[use.id].overload) {
    case TJ_OVL_ATOMIC:
        return atomic_call(m, call, &use);
    case TJ_OVL_CONV:
        return conversion(m, call, &use);
    case TJ_OVL_MAT:
        return matrix_call(m, call, &use);
    default:
        break;
    }
    if (use.id == TJ_INTRIN_WG_BARRIER || use.id == TJ_INTRIN_SIMDGROUP_BARRIER ||
        use.id == TJ_INTRIN_ATOMIC_FENCE)
        return barrier(m, call, &use);
    text = vote(m, call, &use);
    return text ? text : plain(m, call, &use);
}
