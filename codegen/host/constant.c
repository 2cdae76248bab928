/* SPDX-License-Identifier: MIT */
/* Constants of the kernel in the host module. Behind one that holds pointers lies its shadow
 * (shadow.c): at each pointer's place the pointer plus the number of the memory it points into.
 */
#include "host.h"

#include "address.h"

enum { MAX_DEPTH = 64 };

static bool is_aggregate(LLVMValueRef value)
{
    return LLVMIsAConstantVector(value) || LLVMIsAConstantArray(value) ||
           LLVMIsAConstantStruct(value);
}

/* The same pointer into the host module's copy, `more` bytes further on. */
static LLVMValueRef host_address(tj_gen *g, LLVMValueRef pointer, uint64_t more)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    LLVMValueRef variable = NULL, at;
    uint64_t offset;

    if (!tj_constant_address(layout, pointer, &variable, &offset))
        return LLVMConstNull(g->t.ptr);
    at = tj_i64(g, offset + more);
    return LLVMConstGEP2(g->t.i8, tj_constant_copy_of(g, variable), &at, 1);
}

static LLVMValueRef host_constant(tj_gen *g, LLVMValueRef value, unsigned depth)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    unsigned count = is_aggregate(value) ? (unsigned)LLVMGetNumOperands(value) : 0;
    LLVMValueRef *elems;

    if (kind == LLVMPointerTypeKind && !LLVMIsNull(value))
        return LLVMConstAddrSpaceCast(host_address(g, value, 0), type);
    if (!count || !depth || !tj_type_has_pointer(type))
        return value;
    elems = tj_new_array(g->arena, LLVMValueRef, count);
    for (unsigned i = 0; i < count; i++)
        elems[i] = host_constant(g, LLVMGetOperand(value, i), depth - 1);
    return tj_constant_whole(type, elems, count);
}

/* ---- shadows --------------------------------------------------------------------------- */

typedef struct shadow {
    tj_gen *g;
    bool is_form;         /* only the types of the pieces count */
    LLVMValueRef *pieces; /* NULL: only count */
    unsigned count;
    uint64_t end; /* of the pieces */
} shadow;

static void add_piece(shadow *s, LLVMValueRef piece, uint64_t end)
{
    if (s->pieces)
        s->pieces[s->count] = piece;
    s->count++;
    s->end = end;
}

static void add_gap(shadow *s, uint64_t to)
{
    add_piece(s, LLVMConstNull(LLVMArrayType2(s->g->t.i8, to - s->end)), to);
}

static void add_word(void *context, LLVMValueRef pointer, uint64_t at)
{
    shadow *s = context;
    tj_gen *g = s->g;
    LLVMValueRef word = tj_i64(g, 0), variable = NULL;
    uint64_t offset, number;

    add_gap(s, at);
    if (!s->is_form && tj_constant_address(LLVMGetModuleDataLayout(g->unit->module), pointer,
                                           &variable, &offset)) {
        number = tj_region_number(g, &(tj_root){TJ_ROOT_GLOBAL, variable, false});
        number = number > UINT16_MAX ? 0 : number;
        word = LLVMConstPtrToInt(host_address(g, pointer, number << 48), g->t.i64);
    }
    add_piece(s, word, at + 8);
}

/* A packed struct of `byte_len` bytes. */
static LLVMValueRef make_shadow(tj_gen *g, LLVMValueRef init, uint64_t byte_len, bool is_form)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    shadow counted = {.g = g, .is_form = true}, s = {.g = g, .is_form = is_form};

    tj_each_address(layout, init, add_word, &counted);
    s.pieces = tj_new_array(g->arena, LLVMValueRef, counted.count + 1);
    tj_each_address(layout, init, add_word, &s);
    add_gap(&s, byte_len);
    return LLVMConstStructInContext(g->llctx, s.pieces, s.count, true);
}

/* ---- copies ---------------------------------------------------------------------------- */

static LLVMValueRef with_shadow(tj_gen *g, LLVMValueRef global, bool is_form)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    LLVMValueRef init = LLVMGetInitializer(global);
    uint64_t byte_len = LLVMABISizeOfType(layout, LLVMTypeOf(init));
    LLVMValueRef parts[] = {is_form ? init : host_constant(g, init, MAX_DEPTH),
                            make_shadow(g, init, byte_len, is_form)};

    return LLVMConstStructInContext(g->llctx, parts, 2, true);
}

static void count_address(void *context, LLVMValueRef pointer, uint64_t at)
{
    (void)pointer;
    (void)at;
    ++*(unsigned *)context;
}

static tj_constant_copy *copy_of(tj_gen *g, LLVMValueRef global)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    uint32_t number = tj_ptrmap_find(&g->constants, global);
    LLVMValueRef init = LLVMGetInitializer(global);
    unsigned align = LLVMGetAlignment(global), pointers = 0;
    tj_constant_copy *copy;
    size_t length;

    if (number != UINT32_MAX)
        return &g->copies[number];
    copy = &g->copies[g->copy_count];
    tj_ptrmap_put(&g->constants, global, g->copy_count++);
    if (tj_type_has_pointer(LLVMTypeOf(init)))
        tj_each_address(layout, init, count_address, &pointers);
    if (pointers && g->region_count) {
        init = with_shadow(g, global, true);
        copy->shadow = LLVMABISizeOfType(layout, LLVMGlobalGetValueType(global));
    }
    copy->global =
        LLVMAddGlobal(g->module, LLVMTypeOf(init), LLVMGetValueName2(global, &length));
    LLVMSetGlobalConstant(copy->global, true);
    LLVMSetLinkage(copy->global, LLVMPrivateLinkage);
    LLVMSetAlignment(copy->global, align ? align : 16);
    /* Constants may point to each other: the copy was there before its contents. */
    LLVMSetInitializer(copy->global, copy->shadow ? with_shadow(g, global, false)
                                                  : host_constant(g, init, MAX_DEPTH));
    return copy;
}

LLVMValueRef tj_constant_copy_of(tj_gen *g, LLVMValueRef global)
{
    return copy_of(g, global)->global;
}

uint64_t tj_constant_shadow(tj_gen *g, LLVMValueRef global)
{
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(global)) == TJ_AS_THREADGROUP)
        return 0;
    return copy_of(g, global)->shadow;
}
