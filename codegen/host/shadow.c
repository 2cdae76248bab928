/* SPDX-License-Identifier: MIT */
/* Where pointers that memory holds come from. Beside private arrays and constants that hold
 * pointers lies a shadow of the same form: at a pointer's place the pointer plus its memory's
 * number (origin.c) in the top 16 bits. Shadow minus pointer is the number as long as the low
 * 48 bits agree: bytes that something else was written to since are a pointer of unknown
 * memory.
 */
#include "host.h"

#include "address.h"

#include <stddef.h>

enum { NUMBER_SHIFT = 48 };

/* ---- which arrays ---------------------------------------------------------------------- */

static bool stores_pointer(LLVMValueRef inst)
{
    return LLVMIsAStoreInst(inst) && tj_type_has_pointer(LLVMTypeOf(LLVMGetOperand(inst, 0)));
}

/* A store through a pointer of mixed origin may go to any array that has an address. */
void tj_plan_shadows(tj_gen *g)
{
    bool is_anywhere = false;

    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        LLVMValueRef inst = g->facts.values[v].value;

        if (!g->options->has_bounds_checks || !stores_pointer(inst))
            continue;
        tj_leaf to = tj_leaf_of(g, LLVMGetOperand(inst, 1), 0);

        is_anywhere |= to.root.kind == TJ_ROOT_ANY;
        if (to.root.kind == TJ_ROOT_ALLOCA)
            g->alloca_shadow[tj_facts_find(&g->facts, to.root.value) - g->facts.values] = 1;
    }
    for (uint32_t v = 0; is_anywhere && v < g->facts.value_count; v++)
        if (LLVMIsAAllocaInst(g->facts.values[v].value) && !g->alloca_cell[v])
            g->alloca_shadow[v] = 1;
}

/* Bytes from the memory that a pointer surely points into to its shadow; 0: none. */
static uint64_t known_shadow(tj_gen *g, const tj_root *root)
{
    if (root->kind == TJ_ROOT_ALLOCA)
        return g->alloca_shadow[tj_facts_find(&g->facts, root->value) - g->facts.values];
    return root->kind == TJ_ROOT_GLOBAL ? tj_constant_shadow(g, root->value) : 0;
}

static bool is_cellular(tj_gen *g, const tj_root *root)
{
    return root->kind == TJ_ROOT_ALLOCA && tj_is_cellular(g, root->value);
}

static LLVMValueRef advance(tj_gen *g, LLVMValueRef offset, uint64_t bytes)
{
    return bytes ? LLVMBuildAdd(g->b, offset, tj_const_like(offset, g->t.i64, bytes), "")
                 : offset;
}

/* Bytes to the shadow of where a pointer of mixed origin points. */
static LLVMValueRef distance_of(tj_gen *g, const tj_mem *mem, bool as_vector)
{
    LLVMValueRef number = tj_origin_as(g, mem->pointer, 0, as_vector);

    if (tj_is_vector(number) && !as_vector)
        number = tj_last_active(g, number);
    return tj_region_field(g, number, offsetof(tjrt_region, shadow));
}

/* ---- stores ---------------------------------------------------------------------------- */

/* value plus number, in the shadow's form */
static LLVMValueRef make_word(tj_gen *g, const tj_mem *mem, uint32_t leaf, LLVMValueRef value)
{
    LLVMValueRef number = tj_origin_as(g, LLVMGetOperand(mem->inst, 0), leaf, true);

    number = LLVMBuildZExt(g->b, number, LLVMTypeOf(value), "");
    number = LLVMBuildShl(g->b, number, tj_const_like(value, g->t.i64, NUMBER_SHIFT), "");
    return LLVMBuildAdd(g->b, value, number, "");
}

void tj_store_shadow(tj_gen *g, const tj_mem *mem, uint32_t leaf, LLVMValueRef value,
                     uint64_t byte_offset)
{
    const tj_root *root = &mem->leaf.root;
    tj_mem shadow = *mem;
    LLVMValueRef at, distance, mask = g->mask;

    if (root->kind == TJ_ROOT_ANY ? !g->has_shadows : !known_shadow(g, root))
        return;
    value = make_word(g, mem, leaf, value);
    if (is_cellular(g, root)) {
        shadow.is_shadow = true;
        tj_private_store(g, &shadow, value, (uint32_t)byte_offset);
        return;
    }
    at = advance(g, tj_use_vector(g, mem->pointer, 0), byte_offset);
    if (root->kind == TJ_ROOT_ANY) {
        distance = distance_of(g, mem, true);
        mask = tj_and_mask(
            g, mask,
            LLVMBuildICmp(g->b, LLVMIntNE, distance, LLVMConstNull(LLVMTypeOf(distance)), ""));
        at = LLVMBuildAdd(g->b, at, distance, "");
    } else {
        at = advance(g, at, known_shadow(g, root));
    }
    tj_scatter(g, value, tj_lane_pointers(g, mem, at), mask, mem->align);
}

/* ---- loads ----------------------------------------------------------------------------- */

static LLVMValueRef load_word(tj_gen *g, const tj_mem *mem, uint64_t byte_offset,
                              bool as_vector)
{
    const tj_root *root = &mem->leaf.root;
    LLVMValueRef at, word;
    bool is_gathered;

    if (is_cellular(g, root)) {
        tj_mem shadow = *mem;

        shadow.is_shadow = true;
        word = tj_private_load(g, &shadow, g->t.i64, (uint32_t)byte_offset);
        return as_vector ? word : tj_lane(g, word, 0);
    }
    is_gathered = as_vector || root->kind == TJ_ROOT_ALLOCA;
    at = advance(g, tj_operand(g, mem->pointer, 0, is_gathered), byte_offset);
    if (root->kind == TJ_ROOT_ANY)
        at = LLVMBuildAdd(g->b, at, distance_of(g, mem, is_gathered), "");
    else
        at = advance(g, at, known_shadow(g, root));
    if (is_gathered) {
        word = tj_gather(g, g->t.i64, tj_lane_pointers(g, mem, at), g->mask, 1);
        return as_vector ? word : tj_last_active(g, word);
    }
    word = LLVMBuildLoad2(g->b, g->t.i64, tj_pointer_at(g, mem, at), "");
    LLVMSetAlignment(word, 1);
    return word;
}

LLVMValueRef tj_load_shadow(tj_gen *g, LLVMValueRef load, uint32_t leaf, bool as_vector)
{
    LLVMValueRef pointer = LLVMGetOperand(load, 0);
    tj_mem mem = {.inst = load,
                  .pointer = pointer,
                  .leaf = tj_leaf_of(g, pointer, 0),
                  .align = LLVMGetAlignment(load),
                  .site = -1};
    const tj_root *root = &mem.leaf.root;
    LLVMValueRef unknown = as_vector ? tj_splat(g, tj_i32(g, 0)) : tj_i32(g, 0);
    LLVMValueRef word, number, is_known;

    if (root->kind == TJ_ROOT_ANY ? !g->has_shadows : !known_shadow(g, root))
        return unknown;
    word = load_word(g, &mem, tj_leaf_offset(g->unit, LLVMTypeOf(load), leaf), as_vector);
    word = LLVMBuildSub(g->b, word, tj_operand(g, load, leaf, as_vector), "");
    number = LLVMBuildLShr(g->b, word, tj_const_like(word, g->t.i64, NUMBER_SHIFT), "");
    number = LLVMBuildTrunc(g->b, number, LLVMTypeOf(unknown), "");
    is_known = LLVMBuildShl(g->b, word, tj_const_like(word, g->t.i64, 64 - NUMBER_SHIFT), "");
    is_known =
        LLVMBuildICmp(g->b, LLVMIntEQ, is_known, LLVMConstNull(LLVMTypeOf(is_known)), "");
    is_known = LLVMBuildAnd(g->b, is_known,
                            LLVMBuildICmp(g->b, LLVMIntULT, number,
                                          tj_const_like(number, g->t.i32, g->region_count), ""),
                            "");
    return LLVMBuildSelect(g->b, is_known, number, unknown, "");
}
