/* SPDX-License-Identifier: MIT */
/* Homes of SIMD-group matrices that loops carry: memory of their own.
 *
 * needs   facts and plan; nothing is emitted yet
 * leaves  `home` in what is emitted for such values, which are loaded where they are used
 *
 * A kernel carries more matrices than the host has registers. As SSA values they would be
 * spilled anyway, and dividing them among the registers takes LLVM longer than all else. A phi
 * and what enters it, a sum and the product that adds to it share a home when no two of them
 * are needed at once, so that nothing is copied (coalescing: Sreedhar et al., "Translating Out
 * of Static Single Assignment Form", 1999). Loops and their surroundings must be the same for
 * all lanes.
 */
#include "host.h"

#include <string.h>

enum { TILE_BYTES = TJ_TILE_SIDE * TJ_TILE_SIDE * 4, HOME_ALIGN = 64 };

typedef struct homes {
    tj_gen *g;
    uint32_t *set;  /* by value: the number of its set, itself at first (union-find) */
    uint32_t *next; /* by value: the next of its set; ends where it began */
    bool *is_candidate;
    bool *live_in, *live_out; /* by block, of one value */
    int *stack;
} homes;

static uint32_t number_of(const homes *h, LLVMValueRef value)
{
    const tj_value *record = tj_facts_find(&h->g->facts, value);

    return record ? (uint32_t)(record - h->g->facts.values) : UINT32_MAX;
}

static bool is_candidate(const homes *h, LLVMValueRef value)
{
    uint32_t v = number_of(h, value);

    return v != UINT32_MAX && h->is_candidate[v];
}

/* ---- sets ------------------------------------------------------------------------------ */

static uint32_t set_of(homes *h, uint32_t v)
{
    while (h->set[v] != v)
        v = h->set[v] = h->set[h->set[v]];
    return v;
}

static void join(homes *h, uint32_t v, LLVMValueRef other)
{
    uint32_t w = number_of(h, other), a, b;

    if (w == UINT32_MAX || !h->is_candidate[w])
        return;
    a = set_of(h, v);
    b = set_of(h, w);
    if (a == b)
        return;
    h->set[b] = a;
    uint32_t after = h->next[a]; /* two rings become one */
    h->next[a] = h->next[b];
    h->next[b] = after;
}

static bool is_multiply(LLVMValueRef inst)
{
    tj_intrin_use use;

    return LLVMIsACallInst(inst) && tj_intrin_of(inst, &use) &&
           use.id == TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE;
}

static void make_sets(homes *h)
{
    tj_gen *g = h->g;

    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        const tj_value *value = &g->facts.values[v];

        h->set[v] = h->next[v] = v;
        h->is_candidate[v] = value->block != TJ_NONE && tj_is_tile(LLVMTypeOf(value->value)) &&
                             LLVMGetElementType(LLVMTypeOf(value->value)) == g->t.f32 &&
                             (LLVMIsAPHINode(value->value) || is_multiply(value->value));
    }
    for (uint32_t v = 0; v < g->facts.value_count; v++) {
        LLVMValueRef inst = g->facts.values[v].value;

        if (!h->is_candidate[v])
            continue;
        for (unsigned i = 0; LLVMIsAPHINode(inst) && i < LLVMCountIncoming(inst); i++)
            join(h, v, LLVMGetIncomingValue(inst, i));
        if (is_multiply(inst))
            join(h, v, LLVMGetOperand(inst, 2));
    }
}

/* ---- where a value is live ------------------------------------------------------------- */

static int block_of(const homes *h, LLVMBasicBlockRef block)
{
    return (int)tj_ptrmap_find(&h->g->facts.cfg.index, block);
}

static void mark_out(homes *h, const tj_value *value, int block, unsigned *depth)
{
    if (h->live_out[block])
        return;
    h->live_out[block] = true;
    if (block != value->block && !h->live_in[block]) {
        h->live_in[block] = true;
        h->stack[(*depth)++] = block;
    }
}

static void find_live(homes *h, const tj_value *value)
{
    const tj_cfg *cfg = &h->g->facts.cfg;
    unsigned depth = 0;

    memset(h->live_in, 0, (size_t)cfg->block_count * sizeof *h->live_in);
    memset(h->live_out, 0, (size_t)cfg->block_count * sizeof *h->live_out);
    for (LLVMUseRef use = LLVMGetFirstUse(value->value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        int block = block_of(h, LLVMGetInstructionParent(user));

        for (unsigned i = 0; LLVMIsAPHINode(user) && i < LLVMCountIncoming(user); i++)
            if (LLVMGetIncomingValue(user, i) == value->value)
                mark_out(h, value, block_of(h, LLVMGetIncomingBlock(user, i)), &depth);
        if (LLVMIsAPHINode(user) || block == value->block || h->live_in[block])
            continue;
        h->live_in[block] = true;
        h->stack[depth++] = block;
    }
    while (depth) {
        const tj_block *block = &cfg->blocks[h->stack[--depth]];

        for (int i = 0; i < block->pred_count; i++)
            mark_out(h, value, block->preds[i], &depth);
    }
}

/* Whether `inst` stands behind `other` in its block. */
static bool is_behind(LLVMValueRef inst, LLVMValueRef other)
{
    while (other && other != inst)
        other = LLVMGetNextInstruction(other);
    return other != NULL;
}

static bool is_used_behind(LLVMValueRef value, LLVMValueRef inst)
{
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (user != inst && !LLVMIsAPHINode(user) &&
            LLVMGetInstructionParent(user) == LLVMGetInstructionParent(inst) &&
            is_behind(user, inst))
            return true;
    }
    return false;
}

/* Whether `value`, whose liveness was found, is needed behind the definition of `other`. */
static bool outlives(const homes *h, const tj_value *value, const tj_value *other)
{
    int block = other->block;

    if (LLVMIsAPHINode(other->value))
        return h->live_in[block] || (value->block == block && LLVMIsAPHINode(value->value));
    if (!h->live_in[block] && (value->block != block || is_behind(value->value, other->value)))
        return false;
    return h->live_out[block] || is_used_behind(value->value, other->value);
}

/* Whether an edge writes the home of phi `other` from elsewhere while `value` is needed. */
static bool is_overwritten(homes *h, uint32_t set, const tj_value *other)
{
    for (unsigned i = 0; i < LLVMCountIncoming(other->value); i++) {
        LLVMValueRef from = LLVMGetIncomingValue(other->value, i);
        int block = block_of(h, LLVMGetIncomingBlock(other->value, i));

        if (h->live_out[block] &&
            !(is_candidate(h, from) && set_of(h, number_of(h, from)) == set))
            return true;
    }
    return false;
}

/* Products of a group are computed where one of them stands (multiply.c), so a sum that has
 * other uses there may be gone. */
static bool has_other_uses_there(LLVMValueRef product)
{
    LLVMValueRef sum = LLVMGetOperand(product, 2);

    for (LLVMUseRef use = LLVMGetFirstUse(sum); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (user != product && !LLVMIsAPHINode(user) &&
            LLVMGetInstructionParent(user) == LLVMGetInstructionParent(product))
            return true;
    }
    return false;
}

/* ---- homes ----------------------------------------------------------------------------- */

/* All lanes are there, and no edge blends. */
static bool is_uniform(const homes *h, const tj_value *value)
{
    const tj_gen *g = h->g;
    const tj_step *step = &g->plan.steps[value->block];

    return step->owner == 0 && !step->has_guard &&
           (!LLVMIsAPHINode(value->value) ||
            (!step->guards_phis &&
             (tj_is_header(&g->facts.cfg, value->block) || !g->facts.is_blend[value->block])));
}

static bool can_share(homes *h, uint32_t set)
{
    const tj_value *values = h->g->facts.values;
    bool has_phi = false;
    uint32_t v = set;

    do {
        if (!is_uniform(h, &values[v]) ||
            (is_multiply(values[v].value) && has_other_uses_there(values[v].value)))
            return false;
        has_phi |= LLVMIsAPHINode(values[v].value) != NULL;
        v = h->next[v];
    } while (v != set);
    if (!has_phi)
        return false;
    do {
        uint32_t w = set;

        find_live(h, &values[v]);
        do {
            if (v != w && outlives(h, &values[v], &values[w]))
                return false;
            if (LLVMIsAPHINode(values[w].value) && is_overwritten(h, set, &values[w]))
                return false;
            w = h->next[w];
        } while (w != set);
        v = h->next[v];
    } while (v != set);
    return true;
}

static void give_home(homes *h, uint32_t set, LLVMValueRef base, uint64_t at)
{
    LLVMValueRef home = tj_gep(h->g, base, tj_i64(h->g, at));
    uint32_t v = set;

    do {
        h->g->emitted[h->g->facts.values[v].first_leaf].home = home;
        v = h->next[v];
    } while (v != set);
}

void tj_make_homes(tj_gen *g)
{
    uint32_t count = g->facts.value_count, blocks = (uint32_t)g->facts.cfg.block_count;
    homes h = {.g = g,
               .set = tj_new_array(g->arena, uint32_t, count),
               .next = tj_new_array(g->arena, uint32_t, count),
               .is_candidate = tj_new_array(g->arena, bool, count),
               .live_in = tj_new_array(g->arena, bool, blocks),
               .live_out = tj_new_array(g->arena, bool, blocks),
               .stack = tj_new_array(g->arena, int, blocks)};
    uint32_t *sets = tj_new_array(g->arena, uint32_t, count), set_count = 0;

    make_sets(&h);
    for (uint32_t v = 0; v < count; v++)
        if (h.is_candidate[v] && h.set[v] == v && h.next[v] != v && can_share(&h, v))
            sets[set_count++] = v;
    if (!set_count)
        return;
    LLVMValueRef slot =
        tj_slot(g, LLVMArrayType2(g->t.i8, (uint64_t)set_count * TILE_BYTES), "homes");

    LLVMSetAlignment(slot, HOME_ALIGN);
    LLVMValueRef base = tj_launder(g, slot); /* or LLVM makes SSA values of it */

    for (uint32_t i = 0; i < set_count; i++)
        give_home(&h, sets[i], base, (uint64_t)i * TILE_BYTES);
}

LLVMValueRef tj_load_home(tj_gen *g, LLVMValueRef home)
{
    LLVMTypeRef type = LLVMVectorType(g->t.f32, TJ_TILE_SIDE * TJ_TILE_SIDE);
    LLVMValueRef load = LLVMBuildLoad2(g->b, type, home, "");

    LLVMSetAlignment(load, HOME_ALIGN);
    return load;
}

void tj_store_home(tj_gen *g, LLVMValueRef tile, LLVMValueRef home)
{
    LLVMSetAlignment(LLVMBuildStore(g->b, tile, home), HOME_ALIGN);
}
