/* SPDX-License-Identifier: MIT */
/* Conversions: convert_DESTINATION[_sat][_rte|_rtz|_rtp|_rtn]. Out of range a float gives the
 * nearest end with and without _sat, which OpenCL leaves open. */
#include "opencl_internal.h"

#include <stdio.h>
#include <string.h>

/* A type with its sign: 'f', 's' or 'u'. */
typedef struct number {
    LLVMTypeRef type;
    char kind;
    unsigned bits;
} number;

/* "_sat_rtz" */
typedef struct manner {
    bool is_saturating;
    const char *rounding; /* ".rtz", "" for the default */
} manner;

static bool read_manner(const char *text, manner *out)
{
    static const char *const roundings[] = {"_rte", "_rtz", "_rtp", "_rtn"};
    static const char *const suffixes[] = {".rte", ".rtz", ".rtp", ".rtn"};
    *out = (manner){.rounding = ""};
    if (strncmp(text, "_sat", 4) == 0) {
        out->is_saturating = true;
        text += 4;
    }
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(text, roundings[i]) == 0) {
            out->rounding = suffixes[i];
            return true;
        }
    return !*text;
}

static LLVMValueRef by_air(tj_ocl_call *c, number from, number to, const char *rounding)
{
    char name[96], source[16], destination[16];
    snprintf(name, sizeof name, "air.convert.%c.%s.%c.%s%s", to.kind,
             tj_ocl_suffix(to.type, destination), from.kind, tj_ocl_suffix(from.type, source),
             rounding);
    return tj_ocl_invoke(c, name, to.type, c->args, 1);
}

/* ---- integers -------------------------------------------------------------------------------
 */

static uint64_t largest(number n)
{
    return n.kind == 's'  ? (1ull << (n.bits - 1)) - 1
           : n.bits == 64 ? UINT64_MAX
                          : (1ull << n.bits) - 1;
}

static LLVMValueRef limit(tj_ocl_call *c, LLVMValueRef value, number from, uint64_t end,
                          const char *stem)
{
    char name[48], suffix[16];
    snprintf(name, sizeof name, "llvm.%c%s.%s", from.kind, stem,
             tj_ocl_suffix(from.type, suffix));
    LLVMValueRef args[] = {value, tj_ocl_int(from.type, end)};
    return tj_ocl_invoke(c, name, from.type, args, 2);
}

/* Limits are written in the source's type, where they always fit. */
static LLVMValueRef saturate(tj_ocl_call *c, number from, number to)
{
    LLVMValueRef value = c->args[0];
    if (from.kind == 's' && to.kind == 'u')
        value = limit(c, value, from, 0, "max");
    else if (from.kind == 's' && to.bits < from.bits)
        value = limit(c, value, from, ~largest(to), "max");
    if (largest(to) < largest(from))
        value = limit(c, value, from, largest(to), "min");
    return value;
}

static LLVMValueRef integer_to_integer(tj_ocl_call *c, number from, number to,
                                       const manner *how)
{
    LLVMValueRef value = how->is_saturating ? saturate(c, from, to) : c->args[0];
    return LLVMBuildIntCast2(c->builder, value, to.type, from.kind == 's', "");
}

/* ---- floats ---------------------------------------------------------------------------------
 */

static LLVMValueRef float_to_integer(tj_ocl_call *c, number from, number to,
                                     const char *rounding)
{
    if (*rounding && strcmp(rounding, ".rtz") != 0)
        return by_air(c, from, to, rounding);
    return to.kind == 's' ? LLVMBuildFPToSI(c->builder, c->args[0], to.type, "")
                          : LLVMBuildFPToUI(c->builder, c->args[0], to.type, "");
}

static LLVMValueRef to_float(tj_ocl_call *c, number from, number to, const char *rounding)
{
    if (from.kind == 'f' && from.bits == to.bits)
        return c->args[0];
    if (from.kind == 'f' && from.bits < to.bits)
        return LLVMBuildFPExt(c->builder, c->args[0], to.type, "");
    if (*rounding && strcmp(rounding, ".rte") != 0)
        return by_air(c, from, to, rounding);
    if (from.kind == 'f')
        return LLVMBuildFPTrunc(c->builder, c->args[0], to.type, "");
    return from.kind == 's' ? LLVMBuildSIToFP(c->builder, c->args[0], to.type, "")
                            : LLVMBuildUIToFP(c->builder, c->args[0], to.type, "");
}

tj_status tj_ocl_convert(tj_ocl_call *c)
{
    manner how;
    LLVMTypeRef type = LLVMTypeOf(c->args[0]);
    number from = {type, c->name->params[0].kind, tj_ocl_bits(type)};
    number to = {c->type,
                 tj_ocl_is_float(c->type) ? 'f'
                 : c->rest[0] == 'u'      ? 'u'
                                          : 's',
                 tj_ocl_bits(c->type)};
    if (!read_manner(c->rest + strcspn(c->rest, "_"), &how) || !strchr("fsu", from.kind))
        return tj_ocl_refuse(c, "not supported");
    if (to.kind == 'f')
        c->value = to_float(c, from, to, how.rounding);
    else if (from.kind == 'f')
        c->value = float_to_integer(c, from, to, how.rounding);
    else
        c->value = integer_to_integer(c, from, to, &how);
    return TJ_OK;
}

/* ---- vectors in memory ----------------------------------------------------------------------
 */

/* vloadN(offset, p), vload_half[N], vloada_halfN and their counterparts: element offset * N and
 * the following; "a": three half take the room of four, and addresses are of whole vectors. */
typedef struct place {
    LLVMValueRef pointer;
    LLVMTypeRef type; /* in memory */
    unsigned align;
} place;

static place find_place(tj_ocl_call *c, LLVMTypeRef type, LLVMTypeRef element,
                        LLVMValueRef offset, LLVMValueRef pointer, bool is_aligned)
{
    unsigned length = tj_ocl_length(type), bytes = tj_ocl_bits(element) / 8;
    unsigned stride = is_aligned && length == 3 ? 4 : length;
    LLVMTypeRef i64 = LLVMTypeOf(offset);
    LLVMValueRef at = LLVMBuildMul(c->builder, offset, LLVMConstInt(i64, stride, false), "");
    pointer = tj_ocl_named_pointer(pointer);
    return (place){LLVMBuildGEP2(c->builder, element, pointer, &at, 1, ""),
                   tj_ocl_like(type, element), is_aligned ? bytes * stride : bytes};
}

tj_status tj_ocl_vload(tj_ocl_call *c)
{
    bool is_half = strstr(c->name->base, "_half") != NULL;
    LLVMTypeRef element =
        is_half ? LLVMHalfTypeInContext(c->unit->llctx) : tj_ocl_scalar(c->type);
    place at = find_place(c, c->type, element, c->args[0], c->args[1],
                          strncmp(c->name->base, "vloada", 6) == 0);
    c->value = LLVMBuildLoad2(c->builder, at.type, at.pointer, "");
    LLVMSetAlignment(c->value, at.align);
    if (is_half)
        c->value = LLVMBuildFPExt(c->builder, c->value, c->type, "");
    return TJ_OK;
}

tj_status tj_ocl_vstore(tj_ocl_call *c)
{
    const char *half = strstr(c->name->base, "_half");
    LLVMTypeRef type = LLVMTypeOf(c->args[0]);
    LLVMTypeRef element = half ? LLVMHalfTypeInContext(c->unit->llctx) : tj_ocl_scalar(type);
    place at = find_place(c, type, element, c->args[1], c->args[2],
                          strncmp(c->name->base, "vstorea", 7) == 0);
    if (half) {
        manner how;
        half += strlen("_half");
        if (!read_manner(half + strspn(half, "0123456789"), &how))
            return tj_ocl_refuse(c, "not supported");
        c->args[0] = to_float(c, (number){type, 'f', tj_ocl_bits(type)},
                              (number){at.type, 'f', 16}, how.rounding);
    }
    LLVMSetAlignment(LLVMBuildStore(c->builder, c->args[0], at.pointer), at.align);
    return TJ_OK;
}
