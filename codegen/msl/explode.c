/* SPDX-License-Identifier: MIT */
/* What Metal has no value for becomes several that it has: structs and arrays their members,
 * vectors of more than four numbers vectors of four.
 *
 * Each instruction that makes or takes such a value is written anew for its parts; what is left
 * without a user is deleted by dead.c.
 */
#include "prepare.h"

#include "shape.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PARTS = 64, MAX_OPERANDS = 8, MAX_ATTRIBUTES = 32 };

typedef struct parts {
    LLVMValueRef *part;
    unsigned count;
    bool is_filled; /* phis: have their operands */
} parts;

typedef struct exploder {
    tj_msl *m;
    LLVMBuilderRef builder;
    LLVMContextRef c;
    LLVMTargetDataRef layout;
    tj_ptrmap index;
    parts *all;
    uint32_t count;
} exploder;

static bool is_wide(LLVMTypeRef type)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);

    if (kind == LLVMVectorTypeKind)
        return LLVMGetVectorSize(type) > 4 && LLVMGetVectorSize(type) != 64;
    return kind == LLVMStructTypeKind || kind == LLVMArrayTypeKind;
}

/* ---- types ----------------------------------------------------------------------------- */

typedef struct flat {
    LLVMTypeRef type[MAX_PARTS];
    uint64_t offset[MAX_PARTS];
    unsigned count;
} flat;

static void flatten(exploder *x, LLVMTypeRef type, uint64_t offset, flat *out)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);

    if (out->count == MAX_PARTS)
        return;
    if (kind == LLVMStructTypeKind) {
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
            flatten(x, LLVMStructGetTypeAtIndex(type, i),
                    offset + LLVMOffsetOfElement(x->layout, type, i), out);
    } else if (kind == LLVMArrayTypeKind) {
        LLVMTypeRef elem = LLVMGetElementType(type);

        for (uint64_t i = 0; i < LLVMGetArrayLength2(type) && out->count < MAX_PARTS; i++)
            flatten(x, elem, offset + i * LLVMABISizeOfType(x->layout, elem), out);
    } else if (is_wide(type)) {
        LLVMTypeRef elem = LLVMGetElementType(type);
        unsigned left = LLVMGetVectorSize(type);

        for (; left; left -= left < 4 ? left : 4) {
            out->type[out->count] =
                left == 1 ? elem : LLVMVectorType(elem, left < 4 ? left : 4);
            out->offset[out->count++] = offset;
            offset += 4 * LLVMABISizeOfType(x->layout, elem);
        }
    } else {
        out->type[out->count] = type;
        out->offset[out->count++] = offset;
    }
}

static unsigned count_parts(exploder *x, LLVMTypeRef type)
{
    flat f = {.count = 0};

    flatten(x, type, 0, &f);
    return f.count;
}

/* ---- values ---------------------------------------------------------------------------- */

static parts *parts_of(exploder *x, LLVMValueRef value);

static void add_constant(exploder *x, LLVMValueRef value, parts *out)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMValueRef four[4];

    if (!is_wide(type)) {
        out->part[out->count++] = value;
        return;
    }
    if (LLVMGetTypeKind(type) == LLVMVectorTypeKind) {
        unsigned count = LLVMGetVectorSize(type);

        for (unsigned i = 0; i < count; i += 4) {
            unsigned n = count - i < 4 ? count - i : 4;

            for (unsigned k = 0; k < n; k++)
                four[k] = LLVMGetAggregateElement(value, i + k);
            out->part[out->count++] = n == 1 ? four[0] : LLVMConstVector(four, n);
        }
        return;
    }
    unsigned count = LLVMGetTypeKind(type) == LLVMStructTypeKind
                         ? LLVMCountStructElementTypes(type)
                         : (unsigned)LLVMGetArrayLength2(type);

    for (unsigned i = 0; i < count; i++)
        add_constant(x, LLVMGetAggregateElement(value, i), out);
}

static LLVMValueRef number(exploder *x, uint64_t n)
{
    return LLVMConstInt(LLVMInt32TypeInContext(x->c), n, false);
}

/* Component `i` of a vector, wide or not. */
static LLVMValueRef component(exploder *x, LLVMValueRef vector, unsigned i)
{
    LLVMValueRef part = vector;

    if (is_wide(LLVMTypeOf(vector))) {
        part = parts_of(x, vector)->part[i / 4];
        i %= 4;
    }
    if (LLVMGetTypeKind(LLVMTypeOf(part)) != LLVMVectorTypeKind)
        return part;
    return LLVMBuildExtractElement(x->builder, part, number(x, i), "");
}

/* A vector of numbers that `of` gives one by one. */
static LLVMValueRef gather(exploder *x, LLVMTypeRef type, const LLVMValueRef *of)
{
    LLVMValueRef vector;

    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind)
        return of[0];
    vector = LLVMConstNull(type);
    for (unsigned i = 0; i < LLVMGetVectorSize(type); i++)
        vector = LLVMBuildInsertElement(x->builder, vector, of[i], number(x, i), "");
    return vector;
}

/* ---- memory ---------------------------------------------------------------------------- */

static LLVMValueRef address_of(exploder *x, LLVMValueRef base, uint64_t offset)
{
    LLVMValueRef step = LLVMConstInt(LLVMInt64TypeInContext(x->c), offset, false);

    if (!offset)
        return base;
    return LLVMBuildGEP2(x->builder, LLVMInt8TypeInContext(x->c), base, &step, 1, "");
}

static unsigned align_at(unsigned align, uint64_t offset)
{
    while (align > 1 && offset % align)
        align /= 2;
    return align;
}

static void load(exploder *x, LLVMValueRef inst, parts *out)
{
    flat f = {.count = 0};

    flatten(x, LLVMTypeOf(inst), 0, &f);
    for (unsigned i = 0; i < f.count; i++) {
        LLVMValueRef at = address_of(x, LLVMGetOperand(inst, 0), f.offset[i]);

        out->part[i] = LLVMBuildLoad2(x->builder, f.type[i], at, "");
        LLVMSetAlignment(out->part[i], align_at(LLVMGetAlignment(inst), f.offset[i]));
        LLVMSetVolatile(out->part[i], LLVMGetVolatile(inst));
    }
}

static void store(exploder *x, LLVMValueRef inst)
{
    LLVMValueRef value = LLVMGetOperand(inst, 0);
    parts *from = parts_of(x, value);
    flat f = {.count = 0};

    flatten(x, LLVMTypeOf(value), 0, &f);
    LLVMPositionBuilderBefore(x->builder, inst);
    for (unsigned i = 0; i < f.count; i++) {
        LLVMValueRef at = address_of(x, LLVMGetOperand(inst, 1), f.offset[i]);
        LLVMValueRef new = LLVMBuildStore(x->builder, from->part[i], at);

        LLVMSetAlignment(new, align_at(LLVMGetAlignment(inst), f.offset[i]));
    }
    LLVMInstructionEraseFromParent(inst);
}

/* ---- aggregates ------------------------------------------------------------------------ */

/* The first part of the member that the indices name. */
static unsigned part_at(exploder *x, LLVMTypeRef type, const unsigned *indices, unsigned count)
{
    unsigned at = 0;

    for (unsigned i = 0; i < count; i++) {
        bool is_struct = LLVMGetTypeKind(type) == LLVMStructTypeKind;

        for (unsigned k = 0; k < indices[i]; k++)
            at += count_parts(x, is_struct ? LLVMStructGetTypeAtIndex(type, k)
                                           : LLVMGetElementType(type));
        type =
            is_struct ? LLVMStructGetTypeAtIndex(type, indices[i]) : LLVMGetElementType(type);
    }
    return at;
}

static void insert_value(exploder *x, LLVMValueRef inst, parts *out)
{
    LLVMValueRef member = LLVMGetOperand(inst, 1);
    parts *from = parts_of(x, LLVMGetOperand(inst, 0)), *with;
    unsigned at = part_at(x, LLVMTypeOf(inst), LLVMGetIndices(inst), LLVMGetNumIndices(inst));

    memcpy(out->part, from->part, out->count * sizeof *out->part);
    if (!is_wide(LLVMTypeOf(member))) {
        out->part[at] = member;
        return;
    }
    with = parts_of(x, member);
    memcpy(out->part + at, with->part, with->count * sizeof *out->part);
}

/* ---- vectors --------------------------------------------------------------------------- */

static void insert_element(exploder *x, LLVMValueRef inst, parts *out)
{
    LLVMValueRef index = LLVMGetOperand(inst, 2), with = LLVMGetOperand(inst, 1);
    parts *from = parts_of(x, LLVMGetOperand(inst, 0));

    for (unsigned i = 0; i < out->count; i++) {
        LLVMValueRef part = from->part[i], new;
        LLVMTypeRef type = LLVMTypeOf(index);
        bool is_vector = LLVMGetTypeKind(LLVMTypeOf(part)) == LLVMVectorTypeKind;

        out->part[i] = part;
        if (LLVMIsAConstantInt(index)) {
            uint64_t n = LLVMConstIntGetZExtValue(index);

            if (n / 4 == i)
                out->part[i] = is_vector ? LLVMBuildInsertElement(x->builder, part, with,
                                                                  number(x, n % 4), "")
                                         : with;
            continue;
        }
        new = is_vector
                  ? LLVMBuildInsertElement(
                        x->builder, part, with,
                        LLVMBuildAnd(x->builder, index, LLVMConstInt(type, 3, false), ""), "")
                  : with;
        LLVMValueRef group = LLVMBuildLShr(x->builder, index, LLVMConstInt(type, 2, false), "");
        LLVMValueRef here =
            LLVMBuildICmp(x->builder, LLVMIntEQ, group, LLVMConstInt(type, i, false), "");

        out->part[i] = LLVMBuildSelect(x->builder, here, new, part, "");
    }
}

static LLVMValueRef extract_element(exploder *x, LLVMValueRef inst)
{
    LLVMValueRef vector = LLVMGetOperand(inst, 0), index = LLVMGetOperand(inst, 1), best;
    parts *from = parts_of(x, vector);
    LLVMTypeRef type = LLVMTypeOf(index);

    LLVMPositionBuilderBefore(x->builder, inst);
    if (LLVMIsAConstantInt(index))
        return component(x, vector, (unsigned)LLVMConstIntGetZExtValue(index));
    LLVMValueRef low = LLVMBuildAnd(x->builder, index, LLVMConstInt(type, 3, false), "");
    LLVMValueRef group = LLVMBuildLShr(x->builder, index, LLVMConstInt(type, 2, false), "");

    best = NULL;
    for (unsigned i = 0; i < from->count; i++) {
        bool is_vector = LLVMGetTypeKind(LLVMTypeOf(from->part[i])) == LLVMVectorTypeKind;
        LLVMValueRef one = is_vector
                               ? LLVMBuildExtractElement(x->builder, from->part[i], low, "")
                               : from->part[i];

        if (!best) {
            best = one;
            continue;
        }
        LLVMValueRef here =
            LLVMBuildICmp(x->builder, LLVMIntEQ, group, LLVMConstInt(type, i, false), "");

        best = LLVMBuildSelect(x->builder, here, one, best, "");
    }
    return best;
}

static LLVMValueRef lane_of_shuffle(exploder *x, LLVMValueRef inst, unsigned i)
{
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(inst, 0)));
    int lane = LLVMGetMaskValue(inst, i);

    if (lane < 0)
        return LLVMConstNull(LLVMGetElementType(LLVMTypeOf(inst)));
    return component(x, LLVMGetOperand(inst, (unsigned)lane >= count), (unsigned)lane % count);
}

static void shuffle(exploder *x, LLVMValueRef inst, parts *out)
{
    flat f = {.count = 0};
    unsigned lane = 0;

    flatten(x, LLVMTypeOf(inst), 0, &f);
    for (unsigned i = 0; i < f.count; i++) {
        LLVMValueRef four[4];
        unsigned n =
            LLVMGetTypeKind(f.type[i]) == LLVMVectorTypeKind ? LLVMGetVectorSize(f.type[i]) : 1;

        for (unsigned k = 0; k < n; k++)
            four[k] = lane_of_shuffle(x, inst, lane++);
        out->part[i] = gather(x, f.type[i], four);
    }
}

/* Other types of the same bytes: by way of an array. */
static LLVMValueRef spill(exploder *x, LLVMValueRef from)
{
    LLVMBasicBlockRef here = LLVMGetInsertBlock(x->builder);
    LLVMValueRef function = x->m->kernel->function, array;
    LLVMBuilderRef top = LLVMCreateBuilderInContext(x->c);
    LLVMTypeRef type = LLVMTypeOf(from);
    flat f = {.count = 0};

    (void)here;
    LLVMPositionBuilderBefore(top, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
    array = LLVMBuildAlloca(
        top, LLVMArrayType2(LLVMInt8TypeInContext(x->c), LLVMABISizeOfType(x->layout, type)),
        "bytes");
    LLVMSetAlignment(array, 16);
    LLVMDisposeBuilder(top);
    flatten(x, type, 0, &f);
    for (unsigned i = 0; i < f.count; i++)
        LLVMBuildStore(x->builder, is_wide(type) ? parts_of(x, from)->part[i] : from,
                       address_of(x, array, f.offset[i]));
    return array;
}

static LLVMValueRef build(exploder *x, LLVMValueRef inst, LLVMTypeRef type,
                          const LLVMValueRef *op)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    if (opcode == LLVMFNeg)
        return LLVMBuildFNeg(x->builder, op[0], "");
    if (opcode == LLVMICmp)
        return LLVMBuildICmp(x->builder, LLVMGetICmpPredicate(inst), op[0], op[1], "");
    if (opcode == LLVMFCmp)
        return LLVMBuildFCmp(x->builder, LLVMGetFCmpPredicate(inst), op[0], op[1], "");
    if (opcode == LLVMSelect)
        return op[1] == op[2] ? op[1] : LLVMBuildSelect(x->builder, op[0], op[1], op[2], "");
    if (LLVMIsACastInst(inst))
        return LLVMBuildCast(x->builder, opcode, op[0], type, "");
    return LLVMBuildBinOp(x->builder, opcode, op[0], op[1], "");
}

static void element_wise(exploder *x, LLVMValueRef inst, parts *out)
{
    unsigned count = (unsigned)LLVMGetNumOperands(inst);
    flat f = {.count = 0};

    flatten(x, LLVMTypeOf(inst), 0, &f);
    for (unsigned i = 0; i < out->count; i++) {
        LLVMValueRef op[3];

        for (unsigned o = 0; o < count && o < 3; o++) {
            LLVMValueRef value = LLVMGetOperand(inst, o);

            op[o] = is_wide(LLVMTypeOf(value)) ? parts_of(x, value)->part[i] : value;
        }
        out->part[i] = build(x, inst, f.type[i], op);
    }
}

/* The name of an AIR function for a part of its vectors: air.fma.v16f32 is air.fma.v4f32. */
static const char *part_name(exploder *x, const char *name, LLVMTypeRef whole, LLVMTypeRef part)
{
    char from[16], to[16] = "";
    const char *rest, *text = "";

    snprintf(from, sizeof from, ".v%u", LLVMGetVectorSize(whole));
    if (LLVMGetTypeKind(part) == LLVMVectorTypeKind)
        snprintf(to, sizeof to, "v%u", LLVMGetVectorSize(part));
    for (; (rest = strstr(name, from)); name = rest + strlen(from))
        text = TJ_MSL_TEXT(x->m, "%s%.*s.%s", text, (int)(rest - name), name, to);
    return TJ_MSL_TEXT(x->m, "%s%s", text, name);
}

static void copy_attributes(LLVMValueRef from, LLVMValueRef to)
{
    LLVMAttributeRef all[MAX_ATTRIBUTES];
    unsigned count = LLVMGetAttributeCountAtIndex(from, LLVMAttributeFunctionIndex);

    if (count > MAX_ATTRIBUTES)
        return; /* then the call of a part may have any effect */
    LLVMGetAttributesAtIndex(from, LLVMAttributeFunctionIndex, all);
    for (unsigned i = 0; i < count; i++)
        LLVMAddAttributeAtIndex(to, LLVMAttributeFunctionIndex, all[i]);
}

/* The function of vectors of type `whole` for a part of type `part`. LLVM knows its own by
 * their names. */
static LLVMValueRef part_function(exploder *x, LLVMValueRef callee, LLVMTypeRef whole,
                                  LLVMTypeRef part, LLVMTypeRef result, LLVMValueRef *op,
                                  unsigned count)
{
    LLVMModuleRef module = x->m->unit->module;
    LLVMTypeRef types[MAX_OPERANDS];
    const char *name = part_name(x, LLVMGetValueName(callee), whole, part);
    LLVMValueRef f = LLVMGetNamedFunction(module, name);

    if (f)
        return f;
    for (unsigned i = 0; i < count; i++)
        types[i] = LLVMTypeOf(op[i]);
    f = LLVMAddFunction(module, name, LLVMFunctionType(result, types, count, false));
    copy_attributes(callee, f);
    return f;
}

/* Whether a call does with each component what it does with the others: functions of AIR and
 * of LLVM that give vectors do; cross and normalize have no long ones. */
static bool is_by_component(LLVMValueRef call)
{
    LLVMTypeRef type = LLVMTypeOf(call);
    unsigned count = LLVMGetNumArgOperands(call);
    tj_intrin_use use;

    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind || count > MAX_OPERANDS ||
        (!LLVMGetIntrinsicID(LLVMGetCalledValue(call)) && !tj_intrin_of(call, &use)))
        return false;
    for (unsigned o = 0; o < count; o++) {
        LLVMTypeRef of = LLVMTypeOf(LLVMGetOperand(call, o));
        LLVMTypeKind kind = LLVMGetTypeKind(of);

        if (kind == LLVMVectorTypeKind ? LLVMGetVectorSize(of) != LLVMGetVectorSize(type)
                                       : kind == LLVMPointerTypeKind || is_wide(of))
            return false;
    }
    return true;
}

static LLVMValueRef call_part(exploder *x, LLVMValueRef inst, LLVMTypeRef part, unsigned i)
{
    unsigned count = LLVMGetNumArgOperands(inst);
    LLVMValueRef op[MAX_OPERANDS];

    for (unsigned o = 0; o < count; o++) {
        LLVMValueRef value = LLVMGetOperand(inst, o);

        op[o] = is_wide(LLVMTypeOf(value)) ? parts_of(x, value)->part[i] : value;
    }
    LLVMValueRef f =
        part_function(x, LLVMGetCalledValue(inst), LLVMTypeOf(inst), part, part, op, count);
    return LLVMBuildCall2(x->builder, LLVMGlobalGetValueType(f), f, op, count, "");
}

static void call_parts(exploder *x, LLVMValueRef inst, parts *out)
{
    bool is_good = is_by_component(inst);
    flat f = {.count = 0};

    flatten(x, LLVMTypeOf(inst), 0, &f);
    for (unsigned i = 0; i < out->count; i++)
        out->part[i] = is_good ? call_part(x, inst, f.type[i], i) : number(x, 0);
    if (!is_good)
        tj_msl_refuse(x->m, inst, "the value of a call of '%s' cannot be printed as Metal",
                      LLVMGetValueName(LLVMGetCalledValue(inst)));
}

/* any() or all() of a long vector: that of its parts; NULL: another call. */
static LLVMValueRef vote_of_parts(exploder *x, LLVMValueRef call)
{
    tj_intrin_use use;
    LLVMValueRef callee = LLVMGetCalledValue(call), vote = NULL;

    if (!tj_intrin_of(call, &use) || (use.id != TJ_INTRIN_ANY && use.id != TJ_INTRIN_ALL))
        return NULL;
    LLVMTypeRef whole = LLVMTypeOf(LLVMGetOperand(call, 0));
    const parts *from = parts_of(x, LLVMGetOperand(call, 0));
    for (unsigned i = 0; i < from->count; i++) {
        LLVMValueRef one = from->part[i];
        LLVMTypeRef type = LLVMTypeOf(one);

        if (LLVMGetTypeKind(type) == LLVMVectorTypeKind) {
            LLVMValueRef f = part_function(x, callee, whole, type, LLVMTypeOf(call), &one, 1);
            one = LLVMBuildCall2(x->builder, LLVMGlobalGetValueType(f), f, &one, 1, "");
        }
        if (vote)
            one = use.id == TJ_INTRIN_ANY ? LLVMBuildOr(x->builder, vote, one, "")
                                          : LLVMBuildAnd(x->builder, vote, one, "");
        vote = one;
    }
    return vote;
}

/* ---- all of them ----------------------------------------------------------------------- */

static void make_parts(exploder *x, LLVMValueRef inst, parts *out)
{
    LLVMValueRef array;
    flat f = {.count = 0};

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMLoad:
        load(x, inst, out);
        break;
    case LLVMInsertValue:
        insert_value(x, inst, out);
        break;
    case LLVMExtractValue: {
        parts *from = parts_of(x, LLVMGetOperand(inst, 0));
        unsigned at = part_at(x, LLVMTypeOf(LLVMGetOperand(inst, 0)), LLVMGetIndices(inst),
                              LLVMGetNumIndices(inst));

        memcpy(out->part, from->part + at, out->count * sizeof *out->part);
        break;
    }
    case LLVMInsertElement:
        insert_element(x, inst, out);
        break;
    case LLVMShuffleVector:
        shuffle(x, inst, out);
        break;
    case LLVMCall:
        if (!tj_msl_lower_overflow(x->m, x->builder, inst, out->part))
            call_parts(x, inst, out);
        break;
    case LLVMBitCast:
        array = spill(x, LLVMGetOperand(inst, 0));
        flatten(x, LLVMTypeOf(inst), 0, &f);
        for (unsigned i = 0; i < f.count; i++)
            out->part[i] =
                LLVMBuildLoad2(x->builder, f.type[i], address_of(x, array, f.offset[i]), "");
        break;
    default:
        element_wise(x, inst, out);
        break;
    }
}

static parts *new_parts(exploder *x, LLVMValueRef value, unsigned count)
{
    parts *p = &x->all[x->count];

    *p = (parts){tj_new_array(x->m->arena, LLVMValueRef, MAX_PARTS + 1), count, false};
    tj_ptrmap_put(&x->index, value, x->count++);
    return p;
}

static parts *parts_of(exploder *x, LLVMValueRef value)
{
    uint32_t at = tj_ptrmap_find(&x->index, value);
    LLVMBasicBlockRef block = LLVMGetInsertBlock(x->builder);
    flat f = {.count = 0};
    parts *p;

    if (at != UINT32_MAX)
        return &x->all[at];
    if (!LLVMIsAInstruction(value)) {
        p = tj_new(x->m->arena, parts);
        p->part = tj_new_array(x->m->arena, LLVMValueRef, MAX_PARTS + 1);
        if (count_parts(x, LLVMTypeOf(value)) < MAX_PARTS)
            add_constant(x, value, p);
        return p;
    }
    flatten(x, LLVMTypeOf(value), 0, &f);
    p = new_parts(x, value, f.count);
    /* where it stands; the caller's place is found again by its own instruction */
    LLVMBuilderRef outer = x->builder;

    (void)block;
    x->builder = LLVMCreateBuilderInContext(x->c);
    LLVMPositionBuilderBefore(x->builder, value);
    if (LLVMIsAPHINode(value))
        for (unsigned i = 0; i < f.count; i++)
            p->part[i] = LLVMBuildPhi(x->builder, f.type[i], "");
    else
        make_parts(x, value, p);
    LLVMDisposeBuilder(x->builder);
    x->builder = outer;
    return p;
}

static void fill_phi(exploder *x, LLVMValueRef phi)
{
    parts *p = parts_of(x, phi);

    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        parts *from = parts_of(x, LLVMGetIncomingValue(phi, i));
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);

        for (unsigned k = 0; k < p->count; k++)
            LLVMAddIncoming(p->part[k], &from->part[k], &block, 1);
    }
}

/* Values made of others may have one that goes. */
static void replace_parts(exploder *x, LLVMValueRef old, LLVMValueRef new)
{
    for (uint32_t i = 0; i < x->count; i++)
        for (unsigned k = 0; k < x->all[i].count; k++)
            if (x->all[i].part[k] == old)
                x->all[i].part[k] = new;
}

/* What takes a wide value and gives a narrow one. */
static void narrow(exploder *x, LLVMValueRef inst)
{
    LLVMValueRef new = NULL, array;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(inst);

    LLVMPositionBuilderBefore(x->builder, inst);
    if (opcode == LLVMStore) {
        store(x, inst);
        return;
    }
    if (opcode == LLVMExtractElement) {
        new = extract_element(x, inst);
    } else if (opcode == LLVMExtractValue) {
        parts *from = parts_of(x, LLVMGetOperand(inst, 0));

        new = from->part[part_at(x, LLVMTypeOf(LLVMGetOperand(inst, 0)), LLVMGetIndices(inst),
                                 LLVMGetNumIndices(inst))];
    } else if (opcode == LLVMShuffleVector) {
        LLVMValueRef four[4];

        for (unsigned i = 0; i < LLVMGetVectorSize(LLVMTypeOf(inst)); i++)
            four[i] = lane_of_shuffle(x, inst, i);
        new = gather(x, LLVMTypeOf(inst), four);
    } else if (opcode == LLVMBitCast) {
        array = spill(x, LLVMGetOperand(inst, 0));
        new = LLVMBuildLoad2(x->builder, LLVMTypeOf(inst), array, "");
    } else if (!LLVMIsACallInst(inst) || !(new = vote_of_parts(x, inst))) {
        tj_msl_refuse(x->m, inst, "this use of a long vector cannot be printed as Metal");
        return;
    }
    LLVMReplaceAllUsesWith(inst, new);
    replace_parts(x, inst, new);
    LLVMInstructionEraseFromParent(inst);
}

static bool takes_wide(LLVMValueRef inst)
{
    if (LLVMIsAShuffleVectorInst(inst) && LLVMGetVectorSize(LLVMTypeOf(inst)) == 64)
        return false; /* matrices from pairs */
    for (int i = 0; i < LLVMGetNumOperands(inst); i++)
        if (!LLVMValueIsBasicBlock(LLVMGetOperand(inst, (unsigned)i)) &&
            is_wide(LLVMTypeOf(LLVMGetOperand(inst, (unsigned)i))))
            return true;
    return false;
}

static bool is_about_wide(LLVMValueRef inst)
{
    return !tj_is_scalar(inst) && (is_wide(LLVMTypeOf(inst)) || takes_wide(inst));
}

void tj_msl_explode(tj_msl *m)
{
    if (!tj_msl_has(m, is_about_wide))
        return;
    unsigned count = 0;
    LLVMValueRef *list = tj_msl_instructions(m, &count);
    exploder x = {.m = m,
                  .builder = LLVMCreateBuilderInContext(m->unit->llctx),
                  .c = m->unit->llctx,
                  .layout = m->layout,
                  .all = tj_new_array(m->arena, parts, count + 1)};

    tj_ptrmap_init(&x.index, m->arena, count + 1);
    for (unsigned i = 0; i < count && !m->status; i++) {
        bool is_made = is_wide(LLVMTypeOf(list[i]));

        if (is_made && count_parts(&x, LLVMTypeOf(list[i])) >= MAX_PARTS)
            tj_msl_refuse(m, list[i], "a value of more than %d parts", MAX_PARTS);
        else if (is_made && LLVMIsAPHINode(list[i]))
            fill_phi(&x, list[i]);
        else if (is_made)
            parts_of(&x, list[i]);
    }
    for (unsigned i = 0; i < count && !m->status; i++)
        if (!is_wide(LLVMTypeOf(list[i])) && takes_wide(list[i]))
            narrow(&x, list[i]);
    LLVMDisposeBuilder(x.builder);
}
