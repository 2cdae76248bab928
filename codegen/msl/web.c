/* SPDX-License-Identifier: MIT */
/* What pointers that become one another point to. Phis, selects and the pointers that they may
 * be are one web, which has one element type: the one that most accesses through the web and
 * steps along it need no cast for. Where the web begins, the printer casts.
 */
#include "msl.h"

enum { MAX_CANDIDATES = 12 };

typedef struct candidate {
    LLVMTypeRef type;
    LLVMValueRef origin; /* that is declared so; NULL: the type of an access */
    unsigned score;
} candidate;

struct tj_mweb {
    uint32_t parent; /* by value; the rest counts for roots only */
    LLVMTypeRef type;
    LLVMValueRef origin; /* whose sign and bools the web has; NULL: none */
    bool is_const;
    candidate *candidates;
    unsigned count;
};

/* ---- members --------------------------------------------------------------------------- */

static bool is_pointer(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind;
}

static bool is_join(LLVMValueRef value)
{
    return LLVMIsAPHINode(value) || LLVMIsASelectInst(value);
}

static struct tj_mweb *web_at(const tj_msl *m, uint32_t i)
{
    while (m->webs[i].parent != i)
        i = m->webs[i].parent = m->webs[m->webs[i].parent].parent;
    return &m->webs[i];
}

/* NULL: the value is no member of any, as most are not. */
static struct tj_mweb *web_of(const tj_msl *m, LLVMValueRef value)
{
    const tj_mval *val;

    if (!m->webs || !is_pointer(value) || !is_join(value))
        return NULL;
    val = tj_msl_find(m, value);
    return val && val->block != TJ_NONE ? web_at(m, (uint32_t)(val - m->vals)) : NULL;
}

typedef void visit_fn(tj_msl *m, LLVMValueRef join, LLVMValueRef operand);

static void for_operands(tj_msl *m, visit_fn *visit)
{
    for (uint32_t i = 0; i < m->val_count; i++) {
        LLVMValueRef value = m->vals[i].value;

        if (!web_of(m, value))
            continue;
        for (int n = LLVMIsASelectInst(value) != NULL; n < LLVMGetNumOperands(value); n++)
            visit(m, value, LLVMGetOperand(value, (unsigned)n));
    }
}

static void unite(tj_msl *m, LLVMValueRef join, LLVMValueRef operand)
{
    struct tj_mweb *a = web_of(m, join), *b = web_of(m, tj_msl_root(operand));

    if (b && a != b)
        b->parent = a->parent;
}

/* ---- candidates ------------------------------------------------------------------------ */

static void add_candidate(tj_msl *m, struct tj_mweb *web, LLVMTypeRef type, LLVMValueRef origin)
{
    type = tj_msl_memory_type(m, type);
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind)
        return;
    for (unsigned i = 0; i < web->count; i++)
        if (web->candidates[i].type == type)
            return;
    if (web->count == MAX_CANDIDATES)
        return;
    if (!web->candidates)
        web->candidates = tj_new_array(m->arena, candidate, MAX_CANDIDATES);
    web->candidates[web->count++] = (candidate){.type = type, .origin = origin};
}

/* Where the web begins: what is there is declared already. */
static void add_origin(tj_msl *m, LLVMValueRef join, LLVMValueRef operand)
{
    LLVMValueRef root = tj_msl_root(operand);
    struct tj_mweb *web = web_of(m, join);
    bool is_signed;

    if (web_of(m, root) || LLVMIsAConstantPointerNull(root) || LLVMIsAUndefValue(root))
        return;
    add_candidate(m, web, tj_msl_pointee(m, root, &is_signed), root);
    web->is_const |= tj_msl_is_const(m, root);
}

/* The web that an address is computed from, and how. */
static struct tj_mweb *web_behind(tj_msl *m, LLVMValueRef pointer, int64_t *constant,
                                  int64_t *step)
{
    return web_of(m, tj_msl_steps(m, pointer, constant, step));
}

static LLVMTypeRef accessed(LLVMValueRef inst, LLVMValueRef *pointer)
{
    if (LLVMIsALoadInst(inst)) {
        *pointer = LLVMGetOperand(inst, 0);
        return LLVMTypeOf(inst);
    }
    if (LLVMIsAStoreInst(inst)) {
        *pointer = LLVMGetOperand(inst, 1);
        return LLVMTypeOf(LLVMGetOperand(inst, 0));
    }
    return NULL;
}

static void add_access(tj_msl *m, LLVMValueRef inst)
{
    LLVMValueRef pointer;
    LLVMTypeRef type = accessed(inst, &pointer);
    struct tj_mweb *web = type ? web_of(m, tj_msl_root(pointer)) : NULL;

    if (web)
        add_candidate(m, web, type, NULL);
}

static void add_struct(tj_msl *m, LLVMValueRef inst)
{
    struct tj_mweb *web;

    if (!LLVMIsAGetElementPtrInst(inst) ||
        LLVMGetTypeKind(LLVMGetGEPSourceElementType(inst)) != LLVMStructTypeKind)
        return;
    web = web_of(m, LLVMGetOperand(inst, 0));
    if (web)
        add_candidate(m, web, LLVMGetGEPSourceElementType(inst), NULL);
}

/* ---- choice ---------------------------------------------------------------------------- */

/* Whether an object of type `in` has one of type `type` at the offset. */
static bool has_at(tj_msl *m, LLVMTypeRef in, int64_t offset, LLVMTypeRef type)
{
    while (in != type) {
        LLVMTypeKind kind = LLVMGetTypeKind(in);

        if (kind == LLVMArrayTypeKind || kind == LLVMVectorTypeKind) {
            in = LLVMGetElementType(in);
            offset %= (int64_t)LLVMABISizeOfType(m->layout, in);
        } else if (kind == LLVMStructTypeKind &&
                   offset < (int64_t)LLVMABISizeOfType(m->layout, in)) {
            unsigned field = LLVMElementAtOffset(m->layout, in, (unsigned long long)offset);

            offset -= (int64_t)LLVMOffsetOfElement(m->layout, in, field);
            in = tj_msl_memory_type(m, LLVMStructGetTypeAtIndex(in, field));
        } else {
            return false;
        }
    }
    return offset == 0;
}

/* One more for each candidate that needs no cast; type NULL: a step along the web. */
static void score(tj_msl *m, struct tj_mweb *web, int64_t constant, int64_t step,
                  LLVMTypeRef type)
{
    for (unsigned i = 0; i < web->count; i++) {
        int64_t size = (int64_t)LLVMABISizeOfType(m->layout, web->candidates[i].type);
        int64_t rest = size ? constant % size : 0;

        if (!size || step % size || (!type && rest))
            continue;
        if (!type || has_at(m, web->candidates[i].type, rest < 0 ? rest + size : rest, type))
            web->candidates[i].score++;
    }
}

static void score_access(tj_msl *m, LLVMValueRef inst)
{
    LLVMValueRef pointer;
    LLVMTypeRef type = accessed(inst, &pointer);
    int64_t constant, step;
    struct tj_mweb *web = type ? web_behind(m, pointer, &constant, &step) : NULL;

    if (web)
        score(m, web, constant, step, type);
}

static void score_step(tj_msl *m, LLVMValueRef join, LLVMValueRef operand)
{
    int64_t constant, step;
    struct tj_mweb *web = web_behind(m, operand, &constant, &step);

    (void)join;
    if (web)
        score(m, web, constant, step, NULL);
}

static void choose(tj_msl *m, struct tj_mweb *web)
{
    const candidate *best = NULL;

    for (unsigned i = 0; i < web->count; i++)
        if (!best || web->candidates[i].score > best->score)
            best = &web->candidates[i];
    web->type = best ? best->type : LLVMInt8TypeInContext(m->unit->llctx);
    web->origin = best ? best->origin : NULL;
}

static bool has_webs(const tj_msl *m)
{
    for (uint32_t i = 0; i < m->val_count; i++)
        if (is_pointer(m->vals[i].value) && is_join(m->vals[i].value))
            return true;
    return false;
}

void tj_msl_find_webs(tj_msl *m)
{
    struct tj_mweb *webs;

    if (!has_webs(m))
        return;
    webs = tj_new_array(m->arena, struct tj_mweb, m->val_count + 1);
    for (uint32_t i = 0; i < m->val_count; i++)
        webs[i].parent = i;
    m->webs = webs;
    for_operands(m, unite);
    for_operands(m, add_origin);
    for (uint32_t i = 0; i < m->val_count; i++)
        add_struct(m, m->vals[i].value);
    for (uint32_t i = 0; i < m->val_count; i++)
        add_access(m, m->vals[i].value);
    for (uint32_t i = 0; i < m->val_count; i++)
        score_access(m, m->vals[i].value);
    for_operands(m, score_step);
    for (uint32_t i = 0; i < m->val_count; i++)
        choose(m, &webs[i]);
}

LLVMTypeRef tj_msl_web_pointee(const tj_msl *m, LLVMValueRef pointer, LLVMValueRef *origin)
{
    const struct tj_mweb *web = web_of(m, pointer);

    *origin = web ? web->origin : NULL;
    return web ? web->type : NULL;
}

bool tj_msl_is_const_web(const tj_msl *m, LLVMValueRef pointer)
{
    const struct tj_mweb *web = web_of(m, pointer);

    return web && web->is_const;
}
