/* SPDX-License-Identifier: MIT */
/* tt.extern_elementwise: functions of NVIDIA's libdevice (__nv_NAMEf) and AMD's
 * (__ocml_NAME_f32) that AIR has too; lower_composed.c and lower_bessel.c have more. */
#include "ttir/lower.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum extern_kind {
    AS_AIR, /* air.NAME of the operands' type */
    OF_F64, /* air.NAME of doubles alone */
    IS_NAN, /* i32, 1 where it holds */
    IS_INF,
    IS_FINITE,
    TO_LONG /* rounded to the nearest i64 */
} extern_kind;

typedef struct extern_row {
    const char *name, *air;
    uint8_t operands, kind;
} extern_row;

static const extern_row rows[] = {
    {"acos", "acos", 1, AS_AIR},
    {"acosh", "acosh", 1, AS_AIR},
    {"asin", "asin", 1, AS_AIR},
    {"asinh", "asinh", 1, AS_AIR},
    {"atan", "atan", 1, AS_AIR},
    {"atan2", "atan2", 2, AS_AIR},
    {"atanh", "atanh", 1, AS_AIR},
    {"ceil", "ceil", 1, AS_AIR},
    {"copysign", "copysign", 2, AS_AIR},
    {"cos", "cos", 1, AS_AIR},
    {"cosh", "cosh", 1, AS_AIR},
    {"cospi", "cospi", 1, AS_AIR},
    {"exp", "exp", 1, AS_AIR},
    {"exp10", "exp10", 1, AS_AIR},
    {"exp2", "exp2", 1, AS_AIR},
    {"fabs", "fabs", 1, AS_AIR},
    {"floor", "floor", 1, AS_AIR},
    {"fma", "fma", 3, AS_AIR},
    {"fmax", "fmax", 2, AS_AIR},
    {"fmin", "fmin", 2, AS_AIR},
    {"fmod", "fmod", 2, AS_AIR},
    {"log", "log", 1, AS_AIR},
    {"log10", "log10", 1, AS_AIR},
    {"log2", "log2", 1, AS_AIR},
    {"nearbyint", "rint", 1, AS_AIR},
    {"nextafter", "nextafter", 2, AS_AIR},
    {"pow", "pow", 2, AS_AIR},
    {"rint", "rint", 1, AS_AIR},
    {"round", "round", 1, AS_AIR},
    {"rsqrt", "rsqrt", 1, AS_AIR},
    {"saturate", "saturate", 1, AS_AIR},
    {"sin", "sin", 1, AS_AIR},
    {"sinh", "sinh", 1, AS_AIR},
    {"sinpi", "sinpi", 1, AS_AIR},
    {"sqrt", "sqrt", 1, AS_AIR},
    {"tan", "tan", 1, AS_AIR},
    {"tanh", "tanh", 1, AS_AIR},
    {"trunc", "trunc", 1, AS_AIR},
    {"fast_cos", "fast_cos", 1, AS_AIR},
    {"fast_exp", "fast_exp", 1, AS_AIR},
    {"fast_exp10", "fast_exp10", 1, AS_AIR},
    {"fast_log", "fast_log", 1, AS_AIR},
    {"fast_log10", "fast_log10", 1, AS_AIR},
    {"fast_log2", "fast_log2", 1, AS_AIR},
    {"fast_pow", "fast_pow", 2, AS_AIR},
    {"fast_sin", "fast_sin", 1, AS_AIR},
    {"fast_tan", "fast_tan", 1, AS_AIR},
    {"cbrt", "cbrt", 1, OF_F64},
    {"erf", "erf", 1, OF_F64},
    {"erfc", "erfc", 1, OF_F64},
    {"expm1", "expm1", 1, OF_F64},
    {"hypot", "hypot", 2, OF_F64},
    {"log1p", "log1p", 1, OF_F64},
    {"remainder", "remainder", 2, OF_F64},
    {"isnan", NULL, 1, IS_NAN},
    {"isinf", NULL, 1, IS_INF},
    {"finite", NULL, 1, IS_FINITE},
    {"isfinite", NULL, 1, IS_FINITE},
    {"llrint", "rint", 1, TO_LONG},
    {"llround", "round", 1, TO_LONG},
};

/* ---- functions of whole names ------------------------------------------------------------ */

typedef enum symbol_kind {
    BY_OPCODE, /* LLVM's instruction */
    BY_AIR,    /* the function `air` */
    BY_BITS,   /* the bits of the other type */
    ROUNDED,   /* by the function `air`, then to i32 */
    TO_FLOAT,
    NARROWED, /* to float */
    INVERSE,
    SIGN_BIT, /* of a float, i32 */
    COUNTED,  /* by the function `air` with a flag, as i32 */
    FIRST_SET,
    SAD,
    MUL24,
    JOINED, /* a double of two halves */
    HIGH,
    LOW,
    ERF
} symbol_kind;

typedef struct symbol_row {
    const char *symbol, *types; /* f, d, i, l: of the operands; then that of the result */
    const char *air;
    uint8_t kind;
    LLVMOpcode opcode;
} symbol_row;

/* Functions of i32, and those of float that round or that are named without an f. */
static const symbol_row symbols[] = {
    {"__nv_fadd_rn", "fff", NULL, BY_OPCODE, LLVMFAdd},
    {"__nv_fsub_rn", "fff", NULL, BY_OPCODE, LLVMFSub},
    {"__nv_fmul_rn", "fff", NULL, BY_OPCODE, LLVMFMul},
    {"__nv_fdiv_rn", "fff", NULL, BY_OPCODE, LLVMFDiv},
    {"__nv_fast_fdividef", "fff", NULL, BY_OPCODE, LLVMFDiv},
    {"__nv_fmaf_rn", "ffff", "air.fma.f32", BY_AIR, 0},
    {"__nv_fsqrt_rn", "ff", "air.sqrt.f32", BY_AIR, 0},
    {"__nv_abs", "ii", "air.abs.s.i32", BY_AIR, 0},
    {"__nv_min", "iii", "air.min.s.i32", BY_AIR, 0},
    {"__nv_max", "iii", "air.max.s.i32", BY_AIR, 0},
    {"__nv_umin", "iii", "air.min.u.i32", BY_AIR, 0},
    {"__nv_umax", "iii", "air.max.u.i32", BY_AIR, 0},
    {"__nv_mulhi", "iii", "air.mul_hi.s.i32", BY_AIR, 0},
    {"__nv_umulhi", "iii", "air.mul_hi.u.i32", BY_AIR, 0},
    {"__nv_popc", "ii", "air.popcount.i32", BY_AIR, 0},
    {"__nv_brev", "ii", "air.reverse_bits.i32", BY_AIR, 0},
    {"__nv_clz", "ii", "air.clz.i32", COUNTED, 0},
    {"__nv_clzll", "li", "air.clz.i64", COUNTED, 0},
    {"__nv_popcll", "li", "air.popcount.i64", COUNTED, 0},
    {"__nv_brevll", "ll", "air.reverse_bits.i64", BY_AIR, 0},
    {"__nv_ffs", "ii", "air.ctz.i32", FIRST_SET, 0},
    {"__nv_ffsll", "li", "air.ctz.i64", FIRST_SET, 0},
    {"__nv_llabs", "ll", "air.abs.s.i64", BY_AIR, 0},
    {"__nv_mul64hi", "lll", "air.mul_hi.s.i64", BY_AIR, 0},
    {"__nv_umul64hi", "lll", "air.mul_hi.u.i64", BY_AIR, 0},
    {"__nv_hadd", "iii", "air.hadd.s.i32", BY_AIR, 0},
    {"__nv_uhadd", "iii", "air.hadd.u.i32", BY_AIR, 0},
    {"__nv_rhadd", "iii", "air.rhadd.s.i32", BY_AIR, 0},
    {"__nv_urhadd", "iii", "air.rhadd.u.i32", BY_AIR, 0},
    {"__nv_sad", "iiii", "air.abs_diff.s.i32", SAD, 0},
    {"__nv_usad", "iiii", "air.abs_diff.u.i32", SAD, 0},
    {"__nv_mul24", "iii", NULL, MUL24, LLVMAShr},
    {"__nv_umul24", "iii", NULL, MUL24, LLVMLShr},
    {"__nv_frcp_rn", "ff", NULL, INVERSE, 0},
    {"__nv_float_as_int", "fi", NULL, BY_BITS, 0},
    {"__nv_float_as_uint", "fi", NULL, BY_BITS, 0},
    {"__nv_int_as_float", "if", NULL, BY_BITS, 0},
    {"__nv_uint_as_float", "if", NULL, BY_BITS, 0},
    {"__nv_float2int_rn", "fi", "air.rint.f32", ROUNDED, 0},
    {"__nv_float2int_rz", "fi", "air.trunc.f32", ROUNDED, 0},
    {"__nv_float2int_rd", "fi", "air.floor.f32", ROUNDED, 0},
    {"__nv_float2int_ru", "fi", "air.ceil.f32", ROUNDED, 0},
    {"__nv_int2float_rn", "if", NULL, TO_FLOAT, 0},
    {"__nv_signbitf", "fi", NULL, SIGN_BIT, 0},
    {"__ocml_signbit_f32", "fi", NULL, SIGN_BIT, 0},
    {"__nv_dadd_rn", "ddd", NULL, BY_OPCODE, LLVMFAdd},
    {"__nv_dsub_rn", "ddd", NULL, BY_OPCODE, LLVMFSub},
    {"__nv_dmul_rn", "ddd", NULL, BY_OPCODE, LLVMFMul},
    {"__nv_ddiv_rn", "ddd", NULL, BY_OPCODE, LLVMFDiv},
    {"__nv_drcp_rn", "dd", NULL, INVERSE, 0},
    {"__nv_fma_rn", "dddd", "air.fma.f64", BY_AIR, 0},
    {"__nv_dsqrt_rn", "dd", "air.sqrt.f64", BY_AIR, 0},
    {"__nv_ldexp", "did", "air.ldexp.f64", BY_AIR, 0},
    {"__nv_scalbn", "did", "air.ldexp.f64", BY_AIR, 0},
    {"__nv_double2int_rn", "di", "air.rint.f64", ROUNDED, 0},
    {"__nv_double2int_rz", "di", "air.trunc.f64", ROUNDED, 0},
    {"__nv_double2int_rd", "di", "air.floor.f64", ROUNDED, 0},
    {"__nv_double2int_ru", "di", "air.ceil.f64", ROUNDED, 0},
    {"__nv_double2ll_rn", "dl", "air.rint.f64", ROUNDED, 0},
    {"__nv_double2ll_rz", "dl", "air.trunc.f64", ROUNDED, 0},
    {"__nv_double2ll_rd", "dl", "air.floor.f64", ROUNDED, 0},
    {"__nv_double2ll_ru", "dl", "air.ceil.f64", ROUNDED, 0},
    {"__nv_int2double_rn", "id", NULL, TO_FLOAT, 0},
    {"__nv_ll2double_rn", "ld", NULL, TO_FLOAT, 0},
    {"__nv_double2float_rn", "df", NULL, NARROWED, 0},
    {"__nv_double_as_longlong", "dl", NULL, BY_BITS, 0},
    {"__nv_longlong_as_double", "ld", NULL, BY_BITS, 0},
    {"__nv_hiloint2double", "iid", NULL, JOINED, 0},
    {"__nv_double2hiint", "di", NULL, HIGH, 0},
    {"__nv_double2loint", "di", NULL, LOW, 0},
    {"__nv_signbitd", "di", NULL, SIGN_BIT, 0},
    {"__ocml_signbit_f64", "di", NULL, SIGN_BIT, 0},
    {"__nv_erff", "ff", NULL, ERF, 0},
    {"__ocml_erf_f32", "ff", NULL, ERF, 0},
};

static bool is_of(const tj_tt_value *value, char letter)
{
    tj_tt_elem elem = letter == 'f'   ? TJ_TT_F32
                      : letter == 'd' ? TJ_TT_F64
                      : letter == 'l' ? TJ_TT_I64
                                      : TJ_TT_I32;
    return !value->type.is_pointer && value->type.elem == elem;
}

bool tj_tt_has_types(const tj_tt_op *op, const char *types)
{
    bool fits = strlen(types) == op->operand_count + (size_t)1;
    for (uint32_t i = 0; fits && i < op->operand_count; i++)
        fits = is_of(op->operands[i], types[i]);
    return fits && is_of(op->results[0], types[op->operand_count]);
}

static const symbol_row *find_symbol(const tj_tt_op *op, const char *symbol)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strcmp(symbols[i].symbol, symbol) == 0 && tj_tt_has_types(op, symbols[i].types))
            return &symbols[i];
    return NULL;
}

/* The low 24 bits of both, with or without sign. */
static LLVMValueRef mul24(tj_tt_lower *l, LLVMOpcode back, LLVMValueRef *args)
{
    LLVMValueRef parts[2], eight = tj_tt_i32(l, 8);
    for (int i = 0; i < 2; i++)
        parts[i] = LLVMBuildBinOp(l->builder, back,
                                  LLVMBuildShl(l->builder, args[i], eight, ""), eight, "");
    return LLVMBuildMul(l->builder, parts[0], parts[1], "");
}

/* Counts of bits and places, as i32; of the lowest bit that is set from 1 on. */
static LLVMValueRef count_bits(tj_tt_lower *l, const symbol_row *row, LLVMValueRef value,
                               LLVMTypeRef to)
{
    LLVMTypeRef from = LLVMTypeOf(value);
    bool has_flag = strcmp(row->air, "air.popcount.i64") != 0;
    LLVMValueRef out = tj_tt_call(
        l, row->air, from, (LLVMValueRef[]){value, tj_tt_int(l, 1, 0)}, has_flag ? 2 : 1);
    out = LLVMBuildIntCast2(l->builder, out, to, false, "");
    if (row->kind != FIRST_SET)
        return out;
    LLVMValueRef zero = LLVMConstNull(from);
    LLVMValueRef is_zero = LLVMBuildICmp(l->builder, LLVMIntEQ, value, zero, "");
    out = LLVMBuildAdd(l->builder, out, LLVMConstInt(to, 1, false), "");
    return LLVMBuildSelect(l->builder, is_zero, LLVMConstNull(to), out, "");
}

/* Halves of a double's bits. */
static LLVMValueRef halves(tj_tt_lower *l, symbol_kind kind, LLVMValueRef *args, LLVMTypeRef to)
{
    LLVMTypeRef i64 = LLVMInt64TypeInContext(l->ctx);
    if (kind != JOINED) {
        LLVMValueRef bits = LLVMBuildBitCast(l->builder, args[0], i64, "");
        if (kind == HIGH)
            bits = LLVMBuildLShr(l->builder, bits, tj_tt_int(l, 64, 32), "");
        return LLVMBuildTrunc(l->builder, bits, to, "");
    }
    LLVMValueRef high = LLVMBuildZExt(l->builder, args[0], i64, "");
    LLVMValueRef low = LLVMBuildZExt(l->builder, args[1], i64, "");
    high = LLVMBuildShl(l->builder, high, tj_tt_int(l, 64, 32), "");
    return LLVMBuildBitCast(l->builder, LLVMBuildOr(l->builder, high, low, ""), to, "");
}

/* ---- conversions that are named, as __nv_float2uint_ru ------------------------------------
 */

typedef struct number_row {
    const char *name, *air;
    char letter; /* as in symbol_row */
} number_row;

/* The type that `text` starts with. */
static const number_row *read_number(const char **text)
{
    static const number_row numbers[] = {{"float", "f.f32", 'f'}, {"double", "f.f64", 'd'},
                                         {"int", "s.i32", 'i'},   {"uint", "u.i32", 'i'},
                                         {"ll", "s.i64", 'l'},    {"ull", "u.i64", 'l'}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t len = strlen(numbers[i].name);
        if (strncmp(*text, numbers[i].name, len) == 0) {
            *text += len;
            return &numbers[i];
        }
    }
    return NULL;
}

/* AIR's name of the conversion; false: it is none, or one that AIR has not. */
static bool name_conversion(const tj_tt_op *op, const char *symbol, char *out, size_t size)
{
    static const char letters[] = "nzud", *const modes[] = {"rte", "rtz", "rtp", "rtn"};
    const char *at = symbol + 5;
    if (strncmp(symbol, "__nv_", 5) != 0)
        return false;
    const number_row *from = read_number(&at);
    if (!from || *at++ != '2')
        return false;
    const number_row *to = read_number(&at);
    const char *mode =
        to && at[0] == '_' && at[1] == 'r' && at[2] && !at[3] ? strchr(letters, at[2]) : NULL;
    if (!mode || (to->letter == 'd' && *mode != 'n') ||
        !tj_tt_has_types(op, (char[]){from->letter, to->letter, 0}))
        return false;
    snprintf(out, size, "air.convert.%s.%s.%s", to->air, from->air, modes[mode - letters]);
    return true;
}

static LLVMValueRef lower_symbol(tj_tt_lower *l, const tj_tt_op *op, const symbol_row *row,
                                 LLVMValueRef *args)
{
    LLVMTypeRef to = tj_tt_llvm_type(l, &op->results[0]->type);
    LLVMValueRef value = args[0];
    unsigned bits;
    switch ((symbol_kind)row->kind) {
    case BY_OPCODE:
        return LLVMBuildBinOp(l->builder, row->opcode, value, args[1], "");
    case BY_AIR:
        return tj_tt_call(l, row->air, to, args, op->operand_count);
    case COUNTED:
    case FIRST_SET:
        return count_bits(l, row, value, to);
    case SAD:
        value = tj_tt_call(l, row->air, to, args, 2);
        return LLVMBuildAdd(l->builder, value, args[2], "");
    case MUL24:
        return mul24(l, row->opcode, args);
    case JOINED:
    case HIGH:
    case LOW:
        return halves(l, (symbol_kind)row->kind, args, to);
    case ROUNDED:
        value = tj_tt_call(l, row->air, LLVMTypeOf(value), args, 1);
        return LLVMBuildFPToSI(l->builder, value, to, "");
    case TO_FLOAT:
        return LLVMBuildSIToFP(l->builder, value, to, "");
    case NARROWED:
        return LLVMBuildFPTrunc(l->builder, value, to, "");
    case INVERSE:
        return LLVMBuildFDiv(l->builder, LLVMConstReal(to, 1), value, "");
    case SIGN_BIT:
        bits = tj_tt_bits_of_float(LLVMTypeOf(value));
        value = LLVMBuildBitCast(l->builder, value, LLVMIntTypeInContext(l->ctx, bits), "");
        value = LLVMBuildLShr(l->builder, value, tj_tt_int(l, bits, bits - 1), "");
        return LLVMBuildIntCast2(l->builder, value, to, false, "");
    case ERF:
        return tj_tt_lower_erf(l, value);
    default:
        return LLVMBuildBitCast(l->builder, value, to, "");
    }
}

/* ---- functions that go by their operands ------------------------------------------------- */

static const extern_row *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* The name without the library's marks; "" for a function that is not of these floats. */
static void plain_name(const char *symbol, bool is_double, char *out, size_t size)
{
    static const struct {
        const char *start, *end;
        bool is_double;
    } marks[] = {{"__nv_", "f", false},
                 {"__ocml_", "_f32", false},
                 {"__ocml_", "_f64", true},
                 {"__nv_", "", true},   /* exp */
                 {"__nv_", "d", true}}; /* isnand */
    size_t len = strlen(symbol);
    *out = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !(*out && find_row(out)); i++) {
        size_t start = strlen(marks[i].start), end = strlen(marks[i].end);
        if (marks[i].is_double == is_double && len > start + end &&
            strncmp(symbol, marks[i].start, start) == 0 &&
            strcmp(symbol + len - end, marks[i].end) == 0)
            snprintf(out, size, "%.*s", (int)(len - start - end), symbol + start);
    }
}

static LLVMValueRef compare(tj_tt_lower *l, const tj_tt_op *op, extern_kind kind,
                            LLVMValueRef value)
{
    LLVMTypeRef to = tj_tt_llvm_type(l, &op->results[0]->type);
    LLVMValueRef infinity = LLVMConstReal(LLVMTypeOf(value), HUGE_VAL), holds;
    if (kind == IS_NAN) {
        holds = LLVMBuildFCmp(l->builder, LLVMRealUNO, value, value, "");
    } else {
        bool is_double = op->operands[0]->type.elem == TJ_TT_F64;
        LLVMValueRef size = tj_tt_call(l, is_double ? "air.fabs.f64" : "air.fabs.f32",
                                       LLVMTypeOf(value), &value, 1);
        holds = LLVMBuildFCmp(l->builder, kind == IS_INF ? LLVMRealOEQ : LLVMRealOLT, size,
                              infinity, "");
    }
    return LLVMBuildIntCast2(l->builder, holds, to, false, "");
}

static bool fits(const tj_tt_op *op, const extern_row *row, uint8_t elem)
{
    bool gives_float = row->kind == AS_AIR || row->kind == OF_F64;
    bool is_good =
        row->operands == op->operand_count && (row->kind != OF_F64 || elem == TJ_TT_F64) &&
        !op->results[0]->type.is_pointer && gives_float == (op->results[0]->type.elem == elem);
    for (uint32_t i = 0; is_good && i < op->operand_count; i++)
        is_good = tj_tt_is_float(&op->operands[i]->type) && op->operands[i]->type.elem == elem;
    return is_good;
}

LLVMValueRef tj_tt_lower_extern(tj_tt_lower *l, const tj_tt_op *op, LLVMValueRef *args)
{
    const tj_tt_attr *symbol = tj_tt_find_attr(op, "symbol");
    char name[64], full[80];
    const char *given = symbol && symbol->kind == TJ_TT_ATTR_STRING ? symbol->string : "";
    const symbol_row *whole = find_symbol(op, given);
    if (whole)
        return lower_symbol(l, op, whole, args);
    if (name_conversion(op, given, full, sizeof full))
        return tj_tt_call(l, full, tj_tt_llvm_type(l, &op->results[0]->type), args, 1);
    uint8_t elem = op->operand_count ? op->operands[0]->type.elem : TJ_TT_F32;
    bool is_double = elem == TJ_TT_F64 || op->results[0]->type.elem == TJ_TT_F64;
    plain_name(given, is_double, name, sizeof name);
    LLVMValueRef composed = tj_tt_lower_composed(l, op, name, args);
    if (!composed)
        composed = tj_tt_lower_bessel(l, op, name, args);
    if (composed)
        return composed;
    const extern_row *row = find_row(name);
    if (!row || !fits(op, row, is_double ? TJ_TT_F64 : TJ_TT_F32)) {
        tj_tt_refuse(l, op,
                     "function '%s' of %u operands; accepted are those of float that Metal "
                     "has (ir/ttir/lower_extern.c, lower_composed.c, lower_bessel.c)",
                     given, op->operand_count);
        return NULL;
    }
    if (row->kind != AS_AIR && row->kind != OF_F64 && row->kind != TO_LONG)
        return compare(l, op, (extern_kind)row->kind, args[0]);
    snprintf(full, sizeof full, "air.%s.%s", row->air, is_double ? "f64" : "f32");
    LLVMValueRef out = tj_tt_call(l, full, LLVMTypeOf(args[0]), args, op->operand_count);
    return row->kind != TO_LONG
               ? out
               : LLVMBuildFPToSI(l->builder, out, tj_tt_llvm_type(l, &op->results[0]->type),
                                 "");
}
