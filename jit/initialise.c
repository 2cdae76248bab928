/* SPDX-License-Identifier: MIT */
/* Static initialisers: they run on the interpreter as a kernel of one thread without buffers,
 * and what constant memory holds then becomes the initialisers of its variables. So a function
 * gives here, bit for bit, what it gives in a kernel. */
#include "interp_internal.h"

#include "address.h"

#include <string.h>

/* Some tenths of a second. */
#define STEP_LIMIT (UINT64_C(1) << 24)

typedef struct reader {
    tj_interp *interp;
    const tj_iregion *region;
    tj_status status;
} reader;

static LLVMValueRef read_value(reader *r, LLVMTypeRef type, const uint8_t *bytes);

static uint64_t read_bits(const uint8_t *bytes, unsigned bits)
{
    uint64_t value = 0;
    memcpy(&value, bytes, (bits + 7) / 8);
    return value & tj_imask(bits);
}

static LLVMValueRef read_number(LLVMTypeRef type, const uint8_t *bytes, unsigned bits)
{
    LLVMTypeRef same_size = LLVMIntTypeInContext(LLVMGetTypeContext(type), bits);
    return LLVMConstBitCast(LLVMConstInt(same_size, read_bits(bytes, bits), false), type);
}

static LLVMValueRef refuse_address(reader *r, LLVMTypeRef type)
{
    if (!r->status)
        r->status = tj_fail(r->interp->unit, r->interp->kernel->function, TJ_E_UNSUPPORTED,
                            "the static initialiser of '%.200s' stores an address that is not "
                            "one of a constant",
                            r->region->name);
    return LLVMConstNull(type);
}

/* An address of constant memory, as the region's shadow tells. */
static LLVMValueRef read_address(reader *r, LLVMTypeRef type, const uint8_t *bytes)
{
    LLVMTypeRef i8 = LLVMInt8TypeInContext(LLVMGetTypeContext(type));
    LLVMTypeRef i64 = LLVMInt64TypeInContext(LLVMGetTypeContext(type));
    uint64_t address = read_bits(bytes, 64);
    if (!address)
        return LLVMConstNull(type);
    uint64_t number =
        tj_ishadow_region(r->interp, r->region, (uint64_t)(uintptr_t)bytes, address);
    const tj_iregion *region = &r->interp->regions[number];
    if (region->kind != TJ_I_REGION_CONSTANT)
        return refuse_address(r, type);
    LLVMValueRef offset = LLVMConstInt(i64, address - (uint64_t)(uintptr_t)region->base, false);
    LLVMValueRef at = LLVMConstGEP2(i8, region->value, &offset, 1);
    return LLVMTypeOf(at) == type ? at : LLVMConstAddrSpaceCast(at, type);
}

/* Elements of an array or members of a struct. */
static LLVMValueRef read_members(reader *r, LLVMTypeRef type, const uint8_t *bytes)
{
    bool is_struct = LLVMGetTypeKind(type) == LLVMStructTypeKind;
    unsigned count =
        is_struct ? LLVMCountStructElementTypes(type) : (unsigned)LLVMGetArrayLength2(type);
    tj_mark mark = tj_arena_mark(r->interp->arena);
    LLVMValueRef *members = tj_new_array(r->interp->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++) {
        LLVMTypeRef member =
            is_struct ? LLVMStructGetTypeAtIndex(type, i) : LLVMGetElementType(type);
        uint64_t at = is_struct ? LLVMOffsetOfElement(r->interp->layout, type, i)
                                : i * LLVMABISizeOfType(r->interp->layout, member);
        members[i] = read_value(r, member, bytes + at);
    }
    LLVMValueRef whole = tj_constant_whole(type, members, count);
    tj_arena_rewind(r->interp->arena, mark);
    return whole;
}

/* Whether an array's elements lie in memory as LLVM keeps them. */
static bool is_plain(LLVMTypeRef type)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) >= 8) ||
           kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind || kind == LLVMFloatTypeKind;
}

static LLVMValueRef read_array(reader *r, LLVMTypeRef type, const uint8_t *bytes)
{
    if (!is_plain(LLVMGetElementType(type)))
        return read_members(r, type, bytes);
    return LLVMConstDataArray(LLVMGetElementType(type), (const char *)bytes,
                              LLVMABISizeOfType(r->interp->layout, type));
}

static LLVMValueRef read_vector(reader *r, LLVMTypeRef type, const uint8_t *bytes)
{
    LLVMValueRef elements[TJ_MAX_COMPONENTS];
    LLVMTypeRef element = LLVMGetElementType(type);
    unsigned count = LLVMGetVectorSize(type);
    for (unsigned i = 0; i < count; i++) {
        if (LLVMGetTypeKind(element) == LLVMIntegerTypeKind &&
            LLVMGetIntTypeWidth(element) == 1)
            elements[i] = LLVMConstInt(element, bytes[i / 8] >> i % 8 & 1, false);
        else
            elements[i] = read_value(r, element,
                                     bytes + i * LLVMABISizeOfType(r->interp->layout, element));
    }
    return LLVMConstVector(elements, count);
}

/* The constant of `type` that memory holds. */
static LLVMValueRef read_value(reader *r, LLVMTypeRef type, const uint8_t *bytes)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return read_number(type, bytes, LLVMGetIntTypeWidth(type));
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
        return read_number(type, bytes, 16);
    case LLVMFloatTypeKind:
        return read_number(type, bytes, 32);
    case LLVMVectorTypeKind:
        return read_vector(r, type, bytes);
    case LLVMArrayTypeKind:
        return read_array(r, type, bytes);
    case LLVMPointerTypeKind:
        return read_address(r, type, bytes);
    default:
        return read_members(r, type, bytes);
    }
}

static bool is_zero(const uint8_t *bytes, uint64_t byte_len)
{
    for (uint64_t i = 0; i < byte_len; i++)
        if (bytes[i])
            return false;
    return true;
}

static tj_status take_results(tj_interp *interp)
{
    reader r = {.interp = interp};
    for (unsigned i = 1; i < interp->region_count && !r.status; i++) {
        const tj_iregion *region = &interp->regions[i];
        if (region->kind != TJ_I_REGION_CONSTANT || LLVMIsGlobalConstant(region->value))
            continue;
        LLVMTypeRef type = LLVMGlobalGetValueType(region->value);
        r.region = region;
        LLVMSetInitializer(region->value, is_zero(region->base, region->byte_len)
                                              ? LLVMConstNull(type)
                                              : read_value(&r, type, region->base));
    }
    return r.status;
}

tj_status tj_initialise_constants(tj_unit *unit)
{
    tj_interp_launch launch = {
        .grid = {1, 1, 1},
        .threadgroup = {1, 1, 1},
        .has_bounds_checks = true,
        .step_limit = STEP_LIMIT,
    };
    tj_interp *interp = NULL;
    tj_status status = tj_interp_create(unit, false, &interp);
    if (status)
        return status;
    status = tj_interp_run(interp, &launch, &unit->diags);
    if (!status)
        status = take_results(interp);
    tj_interp_destroy(interp);
    return status;
}
