/* SPDX-License-Identifier: MIT */
/* Out of SSA: phis and what flows into them become one variable where they are never alive at
 * the same time (Boissinot et al., "Revisiting Out-of-SSA Translation", CGO 2009: the test,
 * on liveness sets; copies that remain are placed on edges by structure.c).
 *
 * A folded value is no variable: its operands live until the statement that prints it.
 */
#include "msl.h"

#include <string.h>

typedef struct liveness {
    tj_msl *m;
    uint32_t *slot;     /* by value, in a set; 0: never alive, as it has no name */
    uint32_t count;     /* of slots */
    uint32_t words;     /* of a set */
    uint64_t *in, *out; /* by block */
    uint64_t *kill, *gen;
} liveness;

static void put(uint64_t *set, uint32_t i)
{
    set[i / 64] |= 1ull << (i % 64);
}

static bool has(const uint64_t *set, uint32_t i)
{
    return set[i / 64] >> (i % 64) & 1;
}

typedef void visit_fn(tj_msl *m, uint32_t value, void *context);

/* The named values that a statement reads through folded ones. */
static void visit_reads(tj_msl *m, LLVMValueRef value, visit_fn *visit, void *context)
{
    const tj_mval *val = tj_msl_find(m, value);

    if (!val)
        return;
    if (!val->is_folded) {
        if (val->block != TJ_NONE)
            visit(m, (uint32_t)(val - m->vals), context);
        return;
    }
    for (int i = 0; i < LLVMGetNumOperands(value); i++)
        visit_reads(m, LLVMGetOperand(value, (unsigned)i), visit, context);
}

static void visit_statement(tj_msl *m, LLVMValueRef inst, visit_fn *visit, void *context)
{
    if (LLVMIsAPHINode(inst))
        return;
    for (int i = 0; i < LLVMGetNumOperands(inst); i++)
        if (!LLVMValueIsBasicBlock(LLVMGetOperand(inst, (unsigned)i)))
            visit_reads(m, LLVMGetOperand(inst, (unsigned)i), visit, context);
}

/* ---- liveness -------------------------------------------------------------------------- */

typedef struct block_sets {
    const uint32_t *slot;
    uint64_t *gen;
    const uint64_t *kill;
} block_sets;

static void note_read(tj_msl *m, uint32_t value, void *context)
{
    block_sets *sets = context;

    (void)m;
    if (!has(sets->kill, sets->slot[value]))
        put(sets->gen, sets->slot[value]);
}

static uint64_t *set_of(liveness *live, uint64_t *sets, int block)
{
    return sets + (size_t)block * live->words;
}

static void scan_block(liveness *live, int b)
{
    tj_msl *m = live->m;
    block_sets sets = {live->slot, set_of(live, live->gen, b), set_of(live, live->kill, b)};

    for (LLVMValueRef i = LLVMGetFirstInstruction(m->cfg.blocks[b].bb); i;
         i = LLVMGetNextInstruction(i)) {
        const tj_mval *val = tj_msl_find(m, i);

        if (val->is_folded)
            continue;
        visit_statement(m, i, note_read, &sets);
        put(set_of(live, live->kill, b), live->slot[val - m->vals]);
    }
}

/* Values that phis of the successors read on the edge are alive at the end of the block. */
static void scan_edges(liveness *live, int b)
{
    tj_msl *m = live->m;
    const tj_block *block = &m->cfg.blocks[b];
    block_sets sets = {live->slot, set_of(live, live->out, b), set_of(live, live->out, b)};

    for (int s = 0; s < block->succ_count; s++)
        for (LLVMValueRef phi = LLVMGetFirstInstruction(m->cfg.blocks[block->succ[s]].bb);
             phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
            for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
                if (LLVMGetIncomingBlock(phi, i) == block->bb)
                    visit_reads(m, LLVMGetIncomingValue(phi, i), note_read, &sets);
}

static bool flow(liveness *live, int b)
{
    const tj_block *block = &live->m->cfg.blocks[b];
    uint64_t *in = set_of(live, live->in, b), *out = set_of(live, live->out, b);
    bool changed = false;

    for (uint32_t w = 0; w < live->words; w++) {
        uint64_t sum = out[w], next;

        for (int s = 0; s < block->succ_count; s++)
            sum |= set_of(live, live->in, block->succ[s])[w];
        next = set_of(live, live->gen, b)[w] | (sum & ~set_of(live, live->kill, b)[w]);
        changed |= sum != out[w] || next != in[w];
        out[w] = sum;
        in[w] = next;
    }
    return changed;
}

static void find_liveness(tj_msl *m, liveness *live)
{
    uint32_t *slot = tj_new_array(m->arena, uint32_t, m->val_count), count = 0;
    bool changed = true;

    for (uint32_t i = 0; i < m->val_count; i++)
        if (!m->vals[i].is_folded && m->vals[i].use_count)
            slot[i] = ++count;
    uint32_t words = count / 64 + 1;
    size_t total = (size_t)words * (size_t)m->cfg.block_count;
    *live = (liveness){m,
                       slot,
                       count,
                       words,
                       tj_new_array(m->arena, uint64_t, total),
                       tj_new_array(m->arena, uint64_t, total),
                       tj_new_array(m->arena, uint64_t, total),
                       tj_new_array(m->arena, uint64_t, total)};
    for (int b = 0; b < m->cfg.block_count; b++) {
        scan_block(live, b);
        scan_edges(live, b);
    }
    while (changed) {
        changed = false;
        for (int b = m->cfg.block_count - 1; b >= 0; b--)
            changed |= flow(live, b);
    }
}

/* ---- coalescing ------------------------------------------------------------------------ */

typedef struct search {
    uint32_t value;
    bool is_found;
} search;

static void find_read(tj_msl *m, uint32_t value, void *context)
{
    search *s = context;

    (void)m;
    s->is_found |= s->value == value;
}

/* Whether value `a` is still read after the definition of `b`, or on leaving its block. */
static bool is_alive_at(liveness *live, uint32_t a, uint32_t b)
{
    tj_msl *m = live->m;
    uint32_t slot = live->slot[a];
    const tj_mval *def = &m->vals[b], *val = &m->vals[a];
    search s = {a, false};
    LLVMValueRef i;

    if (LLVMIsAPHINode(def->value)) {
        if (has(set_of(live, live->in, def->block), slot))
            return true;
        /* phis of one block are made together */
        return LLVMIsAPHINode(val->value) && val->block == def->block;
    }
    if (val->block == def->block && val->order > def->order && !LLVMIsAPHINode(val->value))
        return false;
    if (val->block != def->block && !has(set_of(live, live->in, def->block), slot))
        return false;
    if (has(set_of(live, live->out, def->block), slot))
        return true;
    for (i = LLVMGetNextInstruction(def->value); i && !s.is_found;
         i = LLVMGetNextInstruction(i)) {
        const tj_mval *statement = tj_msl_find(m, i);

        if (statement && !statement->is_folded)
            visit_statement(m, i, find_read, &s);
    }
    return s.is_found;
}

typedef struct classes {
    uint32_t *parent, *next; /* members of a class are a ring */
} classes;

static uint32_t class_of(classes *c, uint32_t i)
{
    while (c->parent[i] != i)
        i = c->parent[i] = c->parent[c->parent[i]];
    return i;
}

static bool interfere(liveness *live, const classes *c, uint32_t a, uint32_t b)
{
    uint32_t i = a, j = b;

    do {
        do {
            if (is_alive_at(live, i, j) || is_alive_at(live, j, i))
                return true;
            j = c->next[j];
        } while (j != b);
        i = c->next[i];
    } while (i != a);
    return false;
}

static void try_join(liveness *live, classes *c, uint32_t phi, LLVMValueRef value)
{
    const tj_mval *val = tj_msl_find(live->m, value);
    uint32_t a, b, next;

    if (!val || val->is_folded || val->block == TJ_NONE || LLVMIsAAllocaInst(value))
        return;
    a = class_of(c, phi);
    b = class_of(c, (uint32_t)(val - live->m->vals));
    if (a == b || interfere(live, c, a, b))
        return;
    c->parent[b] = a;
    next = c->next[a];
    c->next[a] = c->next[b];
    c->next[b] = next;
}

static const char *name_of(tj_msl *m, const tj_mval *val)
{
    size_t len;

    return val->author_name ? val->author_name
                            : tj_msl_bare_name(m, LLVMGetValueName2(val->value, &len));
}

static bool has_name_of(tj_msl *m, LLVMValueRef value, const char *name)
{
    const tj_mval *val = tj_msl_find(m, value);

    return val && *name && strcmp(name_of(m, val), name) == 0;
}

/* The phi of a block that comes behind `last` by name; passes change their order. */
static const tj_mval *next_phi(tj_msl *m, LLVMBasicBlockRef block, const tj_mval *last)
{
    const tj_mval *best = NULL;

    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && LLVMIsAPHINode(i);
         i = LLVMGetNextInstruction(i)) {
        const tj_mval *val = tj_msl_find(m, i);
        int order = last ? strcmp(name_of(m, val), name_of(m, last)) : 1;

        if ((order > 0 || (!order && val > last)) &&
            (!best || strcmp(name_of(m, val), name_of(m, best)) < 0))
            best = val;
    }
    return best;
}

/* What has the name of its phi first: of a value of two names each keeps its own. */
static void join_phis(liveness *live, classes *c)
{
    tj_msl *m = live->m;

    for (int is_last = 0; is_last < 2; is_last++)
        for (int b = 0; b < m->cfg.block_count; b++)
            for (const tj_mval *phi = NULL; (phi = next_phi(m, m->cfg.blocks[b].bb, phi));)
                for (unsigned n = 0; n < LLVMCountIncoming(phi->value); n++) {
                    LLVMValueRef value = LLVMGetIncomingValue(phi->value, n);

                    if (is_last || has_name_of(m, value, name_of(m, phi)))
                        try_join(live, c, (uint32_t)(phi - m->vals), value);
                }
}

/* ---- variables ------------------------------------------------------------------------- */

static bool is_before(const char *a, const char *b)
{
    size_t left = strlen(a), right = strlen(b);

    return left < right || (left == right && strcmp(a, b) < 0);
}

/* A phi's name first, as it is the variable of the source; but not one that LLVM made for a
 * value that leaves a loop. The shortest among equals. */
static const char *wish_of(tj_msl *m, const classes *c, uint32_t root)
{
    const char *best = "";
    uint32_t i = root;
    int best_rank = -1;

    do {
        size_t len;
        const char *author = m->vals[i].author_name;
        const char *name = author ? author : LLVMGetValueName2(m->vals[i].value, &len);
        const char *dot = strstr(name, ".lcssa");
        int rank = (*name != 0) + 2 * (LLVMIsAPHINode(m->vals[i].value) && !dot) +
                   4 * (author != NULL);

        if (!author)
            name = tj_msl_bare_name(m, name);
        if (rank > best_rank || (rank == best_rank && is_before(name, best))) {
            best_rank = rank;
            best = name;
        }
        i = c->next[i];
    } while (i != root);
    return best;
}

tj_status tj_msl_make_variables(tj_msl *m)
{
    liveness live;
    classes c = {tj_new_array(m->arena, uint32_t, m->val_count + 1),
                 tj_new_array(m->arena, uint32_t, m->val_count + 1)};

    for (uint32_t i = 0; i < m->val_count; i++)
        c.parent[i] = c.next[i] = i;
    find_liveness(m, &live);
    join_phis(&live, &c);
    m->var_room = (int)m->val_count + 8 * m->cfg.block_count;
    m->var_capacity = live.count + 16; /* some flags of control flow */
    m->vars = tj_new_array(m->arena, tj_mvar, m->var_capacity);
    for (uint32_t i = 0; i < m->val_count; i++) {
        tj_mval *val = &m->vals[i];
        uint32_t root = class_of(&c, i);
        tj_mval *first = &m->vals[root];

        if (val->block == TJ_NONE || val->is_folded || !val->use_count ||
            LLVMGetTypeKind(LLVMTypeOf(val->value)) == LLVMVoidTypeKind)
            continue;
        if (first->var == TJ_NONE) {
            first->var = m->var_count++;
            m->vars[first->var] = (tj_mvar){.wish = wish_of(m, &c, root),
                                            .type = LLVMTypeOf(val->value),
                                            .is_signed = first->is_signed,
                                            .first = val->value,
                                            .is_declared = LLVMIsAAllocaInst(val->value) !=
                                                           NULL}; /* at the top */
        }
        val->var = first->var;
        if (LLVMIsAPHINode(val->value) && LLVMIsALoadInst(m->vars[val->var].first))
            m->vars[val->var].first = val->value; /* it knows all of what a pointer may be */
    }
    return TJ_OK;
}
