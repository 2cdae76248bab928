/* SPDX-License-Identifier: MIT */
/* Sums of vectors stay as they lie in memory while a loop adds to them.
 *
 * needs   the module in SSA form, not yet split at barriers
 * leaves  sums of multiples of 4-vectors in the order of their loads; the components are taken
 *         apart where something else uses them
 *
 * A load of a 4-vector a lane is four host vectors, which eight shuffles take apart into the
 * four components. Where all that happens to the components is that they are multiplied by what
 * is the same in all lanes and added to four sums that begin as one constant, the sums of the
 * loaded vectors hold the same numbers in other places. A product of tiles, 4 x 4 sums a
 * thread, has half as many shuffles as multiply-adds; only one unit of AVX-512 hosts shuffles.
 */
#include "host.h"

#include <string.h>

enum { PARTS = 4, MAX_QUADS = 64 };

/* What a quad is. */
typedef enum quad_kind { ADD, PHI, FREEZE } quad_kind;

typedef struct quad {
    quad_kind kind;
    LLVMValueRef value[PARTS];  /* by component; by place in memory afterwards */
    LLVMValueRef loaded[PARTS]; /* ADD: in the order of memory */
    LLVMValueRef factor;        /* ADD: the same in all lanes */
} quad;

typedef struct web {
    tj_gen *g;
    quad quads[MAX_QUADS];
    unsigned count;
    unsigned added; /* the first of them are sums; the others are found from these */
} web;

/* ---- shuffles -------------------------------------------------------------------------- */

/* Where a lane comes from, through shuffles; NULL: from nowhere. */
static LLVMValueRef trace(LLVMValueRef value, int *lane)
{
    while (LLVMIsAShuffleVectorInst(value)) {
        int from = LLVMGetMaskValue(value, (unsigned)*lane);
        int width = (int)LLVMGetVectorSize(LLVMTypeOf(LLVMGetOperand(value, 0)));

        if (from < 0)
            return NULL;
        *lane = from % width;
        value = LLVMGetOperand(value, from < width ? 0 : 1);
    }
    return value;
}

static bool is_same_in_all(LLVMValueRef value)
{
    if (!LLVMIsAShuffleVectorInst(value))
        return false;
    for (unsigned i = 0; i < LLVMGetNumMaskElements(value); i++)
        if (LLVMGetMaskValue(value, i) != 0)
            return false;
    return true;
}

/* The number of the component that `value` is of four host vectors; PARTS: it is none. */
static unsigned component_of(LLVMValueRef value, LLVMValueRef loaded[PARTS])
{
    unsigned lanes = LLVMGetVectorSize(LLVMTypeOf(value)), part;
    int at = 0;

    if (!LLVMIsAShuffleVectorInst(value) || lanes % PARTS || !trace(value, &at) || at >= PARTS)
        return PARTS;
    part = (unsigned)at;
    memset(loaded, 0, PARTS * sizeof *loaded);
    for (unsigned l = 0; l < lanes; l++) {
        unsigned place = PARTS * l + part;
        LLVMValueRef *whole = &loaded[place / lanes];
        int lane = (int)l;
        LLVMValueRef source = trace(value, &lane);

        if (!source || (unsigned)lane != place % lanes || (*whole && *whole != source) ||
            LLVMTypeOf(source) != LLVMTypeOf(value))
            return PARTS;
        *whole = source;
    }
    return part;
}

/* ---- sums ------------------------------------------------------------------------------ */

/* sum = other + factor * component; the operand's number of the product, or -1. */
static int product_at(LLVMValueRef sum, LLVMValueRef *factor, LLVMValueRef *component)
{
    for (int i = 0; i < 2; i++) {
        LLVMValueRef product = LLVMGetOperand(sum, (unsigned)i);

        if (!LLVMIsAInstruction(product) || LLVMGetInstructionOpcode(product) != LLVMFMul)
            continue;
        for (unsigned k = 0; k < 2; k++) {
            *factor = LLVMGetOperand(product, k);
            *component = LLVMGetOperand(product, 1 - k);
            if (is_same_in_all(*factor) && LLVMIsAShuffleVectorInst(*component))
                return i;
        }
    }
    return -1;
}

static void note_sum(web *w, LLVMValueRef sum)
{
    LLVMValueRef factor, component, loaded[PARTS];
    unsigned part, q = 0;

    if (LLVMGetTypeKind(LLVMTypeOf(sum)) != LLVMVectorTypeKind ||
        product_at(sum, &factor, &component) < 0)
        return;
    part = component_of(component, loaded);
    if (part == PARTS)
        return;
    while (q < w->count && (w->quads[q].factor != factor || w->quads[q].value[part] ||
                            memcmp(w->quads[q].loaded, loaded, sizeof loaded) != 0))
        q++;
    if (q == MAX_QUADS)
        return;
    if (q == w->count) {
        w->quads[w->count++] = (quad){.kind = ADD, .factor = factor};
        memcpy(w->quads[q].loaded, loaded, sizeof loaded);
    }
    w->quads[q].value[part] = sum;
}

/* Leaves the sums of all four components. */
static void find_sums(web *w, LLVMValueRef function)
{
    unsigned kept = 0;

    w->count = 0;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b;
         b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
            if (LLVMGetInstructionOpcode(i) == LLVMFAdd)
                note_sum(w, i);
    for (unsigned q = 0; q < w->count; q++) {
        bool is_whole = true;

        for (int j = 0; j < PARTS; j++)
            is_whole = is_whole && w->quads[q].value[j] &&
                       LLVMGetInstructionParent(w->quads[q].value[j]) ==
                           LLVMGetInstructionParent(w->quads[q].value[0]);
        if (is_whole)
            w->quads[kept++] = w->quads[q];
    }
    w->count = w->added = kept;
}

/* ---- what the sums are made of --------------------------------------------------------- */

static const quad *quad_of(const web *w, LLVMValueRef value, int *part)
{
    for (unsigned q = 0; q < w->count; q++)
        for (*part = 0; *part < PARTS; ++*part)
            if (w->quads[q].value[*part] == value)
                return &w->quads[q];
    return NULL;
}

static LLVMValueRef incoming(LLVMValueRef phi, LLVMBasicBlockRef from)
{
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingBlock(phi, i) == from)
            return LLVMGetIncomingValue(phi, i);
    return NULL;
}

/* Takes four values in; false: they do not go together. */
static bool take(web *w, LLVMValueRef value[PARTS])
{
    int part;
    const quad *known = quad_of(w, value[0], &part);

    if (known) {
        for (int j = 0; j < PARTS; j++)
            if (known->value[j] != value[j])
                return false;
        return true;
    }
    if (LLVMIsConstant(value[0])) {
        for (int j = 1; j < PARTS; j++)
            if (value[j] != value[0])
                return false;
        return LLVMIsNull(value[0]) || LLVMIsUndef(value[0]);
    }
    if (!LLVMIsAPHINode(value[0]) && !LLVMIsAFreezeInst(value[0]))
        return false;
    for (int j = 0; j < PARTS; j++)
        if (!LLVMIsAInstruction(value[j]) || quad_of(w, value[j], &part) ||
            LLVMGetInstructionOpcode(value[j]) != LLVMGetInstructionOpcode(value[0]) ||
            LLVMGetInstructionParent(value[j]) != LLVMGetInstructionParent(value[0]))
            return false;
    if (w->count == MAX_QUADS)
        return false;
    w->quads[w->count] = (quad){.kind = LLVMIsAPHINode(value[0]) ? PHI : FREEZE};
    memcpy(w->quads[w->count++].value, value, sizeof w->quads[0].value);
    return true;
}

static bool take_operands(web *w, const quad *q)
{
    LLVMValueRef value[PARTS], factor, component;

    if (q->kind != PHI) {
        for (int j = 0; j < PARTS; j++) {
            int at = q->kind == ADD ? 1 - product_at(q->value[j], &factor, &component) : 0;

            value[j] = LLVMGetOperand(q->value[j], (unsigned)at);
        }
        return take(w, value);
    }
    for (unsigned i = 0; i < LLVMCountIncoming(q->value[0]); i++) {
        for (int j = 0; j < PARTS; j++) {
            value[j] = incoming(q->value[j], LLVMGetIncomingBlock(q->value[0], i));
            if (!value[j])
                return false;
        }
        if (!take(w, value))
            return false;
    }
    return true;
}

/* The phi beside `phi` that gets `value` from the block. */
static LLVMValueRef phi_beside(LLVMValueRef phi, LLVMBasicBlockRef from, LLVMValueRef value)
{
    LLVMValueRef p = LLVMGetFirstInstruction(LLVMGetInstructionParent(phi));

    while (LLVMIsAPHINode(p) && incoming(p, from) != value)
        p = LLVMGetNextInstruction(p);
    return LLVMIsAPHINode(p) ? p : NULL;
}

static bool take_phi(web *w, const quad *q, LLVMValueRef phi)
{
    LLVMValueRef value[PARTS] = {phi};
    unsigned i = 0;

    while (LLVMGetIncomingValue(phi, i) != q->value[0])
        i++;
    for (int j = 1; j < PARTS; j++) {
        value[j] = phi_beside(phi, LLVMGetIncomingBlock(phi, i), q->value[j]);
        if (!value[j])
            return false;
    }
    return take(w, value);
}

/* Phis that the values go on to. */
static bool take_phis(web *w, const quad *q)
{
    for (LLVMUseRef use = LLVMGetFirstUse(q->value[0]); use; use = LLVMGetNextUse(use))
        if (LLVMIsAPHINode(LLVMGetUser(use)) && !take_phi(w, q, LLVMGetUser(use)))
            return false;
    return true;
}

/* ---- the change ------------------------------------------------------------------------ */

/* Component `part` of what lies in memory as `whole`, built where the builder stands. */
static LLVMValueRef pick(web *w, const LLVMValueRef whole[PARTS], unsigned part)
{
    unsigned lanes = LLVMGetVectorSize(LLVMTypeOf(whole[0])), half = lanes / 2;
    int low[TJ_MAX_LANES], joined[TJ_MAX_LANES];
    LLVMValueRef pairs[2];

    for (unsigned l = 0; l < lanes; l++) {
        low[l] = (int)(PARTS * (l % half) + part);
        joined[l] = (int)(l < half ? l : lanes + l - half);
    }
    for (int i = 0; i < 2; i++)
        pairs[i] = tj_shuffle(w->g, whole[2 * i], whole[2 * i + 1], low, lanes);
    return tj_shuffle(w->g, pairs[0], pairs[1], joined, lanes);
}

/* An operand of something that is no quad. */
typedef struct other {
    LLVMValueRef user;
    unsigned operand;
    const quad *q;
    unsigned part;
} other;

enum { MAX_OTHERS = 4 * MAX_QUADS * PARTS };

typedef struct others {
    other list[MAX_OTHERS];
    unsigned count;
} others;

/* A user in a block that adds would take the sums apart in each round. */
static bool is_in_round(const web *w, LLVMValueRef user)
{
    for (unsigned q = 0; q < w->added; q++)
        if (LLVMGetInstructionParent(w->quads[q].value[0]) == LLVMGetInstructionParent(user))
            return true;
    return false;
}

/* False: there are too many, or one that had better keep its components. */
static bool note_user(const web *w, others *found, const quad *q, unsigned part,
                      LLVMValueRef user)
{
    int unused;

    if (quad_of(w, user, &unused))
        return true;
    if (LLVMIsAPHINode(user) || is_in_round(w, user))
        return false;
    for (unsigned i = 0; i < (unsigned)LLVMGetNumOperands(user); i++)
        if (LLVMGetOperand(user, i) == q->value[part]) {
            if (found->count == MAX_OTHERS)
                return false;
            found->list[found->count++] = (other){user, i, q, part};
        }
    return true;
}

static bool find_others(const web *w, others *found)
{
    for (unsigned q = 0; q < w->count; q++)
        for (unsigned j = 0; j < PARTS; j++)
            for (LLVMUseRef use = LLVMGetFirstUse(w->quads[q].value[j]); use;
                 use = LLVMGetNextUse(use))
                if (!note_user(w, found, &w->quads[q], j, LLVMGetUser(use)))
                    return false;
    return true;
}

static void add_loaded(const web *w, const quad *q, unsigned part)
{
    LLVMValueRef sum = q->value[part], factor, component, product;
    int at = product_at(sum, &factor, &component);
    LLVMFastMathFlags flags = LLVMGetFastMathFlags(LLVMGetOperand(sum, (unsigned)at));

    LLVMPositionBuilderBefore(w->g->b, sum);
    product = LLVMBuildFMul(w->g->b, factor, q->loaded[part], "");
    LLVMSetOperand(sum, (unsigned)at, tj_with_flags(product, flags));
}

static void change(web *w, const others *found)
{
    for (unsigned q = 0; q < w->added; q++)
        for (unsigned j = 0; j < PARTS; j++)
            add_loaded(w, &w->quads[q], j);
    for (unsigned i = 0; i < found->count; i++) {
        const other *o = &found->list[i];

        LLVMPositionBuilderBefore(w->g->b, o->user);
        LLVMSetOperand(o->user, o->operand, pick(w, o->q->value, o->part));
    }
}

static void change_function(web *w, others *found, LLVMValueRef function)
{
    find_sums(w, function);
    for (unsigned q = 0; q < w->count; q++)
        if (!take_operands(w, &w->quads[q]) || !take_phis(w, &w->quads[q]))
            return;
    found->count = 0;
    if (w->count > w->added && find_others(w, found))
        change(w, found);
}

void tj_keep_rows(tj_gen *g)
{
    web *w = tj_new_array(g->arena, web, 1);
    others *found = tj_new_array(g->arena, others, 1);

    w->g = g;
    for (LLVMValueRef f = LLVMGetFirstFunction(g->module); f; f = LLVMGetNextFunction(f))
        change_function(w, found, f);
}
