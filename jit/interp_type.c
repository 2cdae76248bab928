/* SPDX-License-Identifier: MIT */
/* How the values of an LLVM type lie in registers and in memory. Sizes and offsets come from
 * the module's data layout, so that structs have AIR's form (air.md 1.2). */
#include "interp_internal.h"

#include <string.h>

static tj_iscalar scalar_of(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return (tj_iscalar){TJ_I_INT, LLVMGetIntTypeWidth(type), false};
    case LLVMHalfTypeKind:
        return (tj_iscalar){TJ_I_HALF, 16, false};
    case LLVMBFloatTypeKind:
        return (tj_iscalar){TJ_I_BFLOAT, 16, false};
    case LLVMFloatTypeKind:
        return (tj_iscalar){TJ_I_FLOAT, 32, false};
    case LLVMDoubleTypeKind:
        return (tj_iscalar){TJ_I_DOUBLE, 64, false};
    case LLVMPointerTypeKind:
        return (tj_iscalar){TJ_I_POINTER, 64, false};
    default:
        return (tj_iscalar){TJ_I_INT, 0, false}; /* no scalar */
    }
}

typedef struct filler {
    tj_interp *interp;
    tj_ileaf *leaves; /* NULL: only count */
    unsigned count, words;
    bool is_bad;
} filler;

static void add_leaf(filler *f, tj_iscalar scalar, uint64_t byte_offset)
{
    if (f->leaves)
        f->leaves[f->count] = (tj_ileaf){
            .scalar = scalar,
            .word = f->words,
            .byte_len = (scalar.bits + 7) / 8,
            .byte_offset = byte_offset,
        };
    f->count++;
    f->words += scalar.kind == TJ_I_POINTER ? 2 : 1;
}

static void add_vector(filler *f, LLVMTypeRef type, uint64_t byte_offset)
{
    tj_iscalar scalar = scalar_of(LLVMGetElementType(type));
    unsigned length = LLVMGetVectorSize(type);
    bool is_bit = scalar.kind == TJ_I_INT && scalar.bits == 1;
    if (length == TJ_I_TILE)
        length = 2;
    if (scalar.bits == 0 || (scalar.bits % 8 != 0 && !is_bit))
        f->is_bad = true;
    for (unsigned i = 0; i < length; i++) {
        add_leaf(f, scalar, byte_offset + (is_bit ? i / 8 : i * (scalar.bits / 8)));
        if (f->leaves && is_bit) {
            f->leaves[f->count - 1].is_bit = true;
            f->leaves[f->count - 1].bit = i % 8;
        }
    }
}

static void add_type(filler *f, LLVMTypeRef type, uint64_t byte_offset)
{
    LLVMTargetDataRef layout = f->interp->layout;
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    if (kind == LLVMStructTypeKind) {
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++)
            add_type(f, LLVMStructGetTypeAtIndex(type, i),
                     byte_offset + LLVMOffsetOfElement(layout, type, i));
    } else if (kind == LLVMArrayTypeKind) {
        LLVMTypeRef elem = LLVMGetElementType(type);
        uint64_t stride = LLVMABISizeOfType(layout, elem);
        for (uint64_t i = 0; i < LLVMGetArrayLength2(type) && !f->is_bad; i++)
            add_type(f, elem, byte_offset + i * stride);
    } else if (kind == LLVMVectorTypeKind) {
        add_vector(f, type, byte_offset);
    } else if (scalar_of(type).bits == 0 || scalar_of(type).bits > 64) {
        f->is_bad = true;
    } else {
        add_leaf(f, scalar_of(type), byte_offset);
    }
}

static bool fill_type(tj_interp *interp, tj_itype *out)
{
    LLVMTypeKind kind = LLVMGetTypeKind(out->type);
    if (kind == LLVMVoidTypeKind)
        return true;
    if (kind == LLVMVectorTypeKind) {
        out->elem = scalar_of(LLVMGetElementType(out->type));
        out->length = LLVMGetVectorSize(out->type);
        out->is_tile = out->length == TJ_I_TILE;
        if (out->is_tile)
            out->length = 2;
    } else if (kind != LLVMStructTypeKind && kind != LLVMArrayTypeKind) {
        out->elem = scalar_of(out->type);
        out->length = 1;
    }
    out->elem_words = out->elem.kind == TJ_I_POINTER ? 2 : 1;
    filler f = {.interp = interp};
    add_type(&f, out->type, 0);
    if (f.is_bad)
        return false;
    out->words = f.words;
    out->leaf_count = f.count;
    f = (filler){.interp = interp, .leaves = tj_new_array(interp->arena, tj_ileaf, f.count)};
    add_type(&f, out->type, 0);
    out->leaves = f.leaves;
    out->store_byte_len = LLVMStoreSizeOfType(interp->layout, out->type);
    if (out->is_tile) /* only this lane's pair is meaningful */
        out->store_byte_len = out->elem.bits * 2 / 8;
    return true;
}

const tj_itype *tj_itype_of(tj_interp *interp, LLVMTypeRef type)
{
    for (tj_itype *t = interp->types; t; t = t->next)
        if (t->type == type)
            return t;
    tj_itype *made = tj_new(interp->arena, tj_itype);
    made->type = type;
    if (!fill_type(interp, made))
        return NULL;
    made->next = interp->types;
    interp->types = made;
    return made;
}

unsigned tj_iword_offset(tj_interp *interp, LLVMTypeRef type, unsigned index)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    unsigned words = 0;
    if (kind != LLVMStructTypeKind)
        return index * tj_itype_of(interp, LLVMGetElementType(type))->words;
    for (unsigned i = 0; i < index; i++)
        words += tj_itype_of(interp, LLVMStructGetTypeAtIndex(type, i))->words;
    return words;
}

uint64_t tj_ileaf_read(const tj_ileaf *leaf, const uint8_t *bytes)
{
    uint64_t value = 0; /* little-endian hosts only, as the data layout says */
    memcpy(&value, bytes + leaf->byte_offset, leaf->byte_len);
    if (leaf->is_bit)
        value >>= leaf->bit;
    return value & tj_imask(leaf->scalar.bits);
}

void tj_ileaf_write(const tj_ileaf *leaf, uint8_t *bytes, uint64_t value)
{
    uint8_t *at = bytes + leaf->byte_offset;
    if (leaf->is_bit)
        value = (leaf->bit ? *at & ~(1u << leaf->bit) : 0) | (value & 1) << leaf->bit;
    memcpy(at, &value, leaf->byte_len);
}
