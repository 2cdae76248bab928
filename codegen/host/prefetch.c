/* SPDX-License-Identifier: MIT */
/* Prefetches what is loaded later, where the host's own prefetchers cannot know.
 *
 * Without loops the next SIMD-groups soon load what lies behind: a stream, which the host's
 * prefetchers leave at the end of each page and find again some lines later. Some lines ahead
 * are asked for (Intel's optimisation manual, "Software Data Prefetch").
 *
 * In loops the next rounds are what counts:
 * Threads of a GPU share a stream: each SIMD-group takes a few hundred bytes and steps over the
 * rest of the grid. Here one SIMD-group runs all its rounds, so addresses jump by far more than
 * a page. The step is found by differentiating the address along the loop: header phis that add
 * an invariant, and sums and constant multiples of them.
 */
#include "host.h"

enum {
    ROUNDS_AHEAD = 4,
    LINE_BYTES = 64,
    MAX_LINES = 8,
    NEAR_STEP = 2048,  /* bytes; the host follows such steps by itself */
    BYTES_AHEAD = 1536 /* of a stream; from 1024 to 2048 it makes no difference */
};

typedef struct step {
    bool is_known;
    LLVMValueRef value; /* i64, per round; NULL: 0 */
} step;

static const step unknown = {false, NULL}, none = {true, NULL};

static step along(tj_gen *g, LLVMValueRef value, int loop, int depth);

static step add_steps(tj_gen *g, step a, step b, bool is_minus)
{
    if (!a.is_known || !b.is_known)
        return unknown;
    if (!b.value)
        return a;
    if (!a.value)
        a.value = tj_i64(g, 0);
    a.value = is_minus ? LLVMBuildSub(g->b, a.value, b.value, "")
                       : LLVMBuildAdd(g->b, a.value, b.value, "");
    return a;
}

static step scale_step(tj_gen *g, step a, LLVMValueRef factor)
{
    if (a.is_known && a.value)
        a.value = LLVMBuildMul(g->b, a.value, factor, "");
    return a;
}

static bool is_invariant(const tj_gen *g, LLVMValueRef value, int loop)
{
    const tj_value *record = tj_facts_find(&g->facts, value);

    return !record || record->block == TJ_NONE ||
           !tj_loop_has(&g->facts.cfg, loop, record->block);
}

/* A uniform value as i64. */
static LLVMValueRef wide_scalar(tj_gen *g, LLVMValueRef value)
{
    LLVMValueRef scalar = tj_use_scalar(g, value, 0);

    return LLVMBuildIntCast2(g->b, scalar, g->t.i64, true, "");
}

static bool is_uniform(const tj_gen *g, LLVMValueRef value)
{
    return tj_leaf_count(LLVMTypeOf(value)) == 1 &&
           tj_leaf_of(g, value, 0).shape.kind == TJ_UNIFORM;
}

/* phi = start, next; next = phi + invariant, as an addition or a GEP. */
static step along_phi(tj_gen *g, LLVMValueRef phi, int loop)
{
    const tj_cfg *cfg = &g->facts.cfg;
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);

    if (LLVMGetInstructionParent(phi) != cfg->blocks[cfg->loops[loop].header].bb)
        return unknown;
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef next = LLVMGetIncomingValue(phi, i), by;

        if (LLVMGetIncomingBlock(phi, i) != cfg->blocks[cfg->loops[loop].latch].bb ||
            !LLVMIsAInstruction(next) || LLVMGetNumOperands(next) != 2 ||
            LLVMGetOperand(next, 0) != phi)
            continue;
        by = LLVMGetOperand(next, 1);
        if (!is_invariant(g, by, loop) || !is_uniform(g, by))
            return unknown;
        if (LLVMGetInstructionOpcode(next) == LLVMAdd)
            return (step){true, wide_scalar(g, by)};
        if (LLVMGetInstructionOpcode(next) == LLVMGetElementPtr)
            return (step){
                true, LLVMBuildMul(g->b, wide_scalar(g, by),
                                   tj_i64(g, LLVMABISizeOfType(
                                                 layout, LLVMGetGEPSourceElementType(next))),
                                   "")};
    }
    return unknown;
}

static step along_gep(tj_gen *g, LLVMValueRef gep, int loop, int depth)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    step sum = along(g, LLVMGetOperand(gep, 0), loop, depth);

    for (unsigned i = 1; i <= LLVMGetNumIndices(gep) && sum.is_known; i++) {
        LLVMValueRef index = LLVMGetOperand(gep, i);

        if (i > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            type = LLVMStructGetTypeAtIndex(type, (unsigned)LLVMConstIntGetZExtValue(index));
            continue;
        }
        if (i > 1)
            type = LLVMGetElementType(type);
        sum = add_steps(g, sum,
                        scale_step(g, along(g, index, loop, depth),
                                   tj_i64(g, LLVMABISizeOfType(layout, type))),
                        false);
    }
    return sum;
}

static step along_product(tj_gen *g, LLVMValueRef inst, int loop, int depth)
{
    LLVMValueRef a = LLVMGetOperand(inst, 0), b = LLVMGetOperand(inst, 1);

    if (LLVMGetInstructionOpcode(inst) == LLVMShl) {
        if (!LLVMIsAConstantInt(b) || LLVMConstIntGetZExtValue(b) > 31)
            return unknown;
        return scale_step(g, along(g, a, loop, depth),
                          tj_i64(g, (uint64_t)1 << LLVMConstIntGetZExtValue(b)));
    }
    if (!is_invariant(g, b, loop) || !is_uniform(g, b)) {
        LLVMValueRef swap = a;

        a = b;
        b = swap;
    }
    if (!is_invariant(g, b, loop) || !is_uniform(g, b))
        return unknown;
    return scale_step(g, along(g, a, loop, depth), wide_scalar(g, b));
}

/* Change of a value's lane 0 from one round of `loop` to the next. */
static step along(tj_gen *g, LLVMValueRef value, int loop, int depth)
{
    if (is_invariant(g, value, loop))
        return none;
    if (depth > 8 || !LLVMIsAInstruction(value))
        return unknown;
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMPHI:
        return along_phi(g, value, loop);
    case LLVMAdd:
    case LLVMSub:
        return add_steps(g, along(g, LLVMGetOperand(value, 0), loop, depth + 1),
                         along(g, LLVMGetOperand(value, 1), loop, depth + 1),
                         LLVMGetInstructionOpcode(value) == LLVMSub);
    case LLVMMul:
    case LLVMShl:
        return along_product(g, value, loop, depth + 1);
    case LLVMZExt:
    case LLVMSExt:
        return along(g, LLVMGetOperand(value, 0), loop, depth + 1);
    case LLVMGetElementPtr:
        return along_gep(g, value, loop, depth + 1);
    default:
        return unknown;
    }
}

/* i64: change of a uniform or affine value's lane 0 from one round of the innermost loop to the
 * next; NULL where it is not found. */
static LLVMValueRef step_of(tj_gen *g, LLVMValueRef value)
{
    int loop = g->facts.cfg.blocks[g->block].loop;
    step s = loop == TJ_NONE ? unknown : along(g, value, loop, 0);

    if (!s.is_known)
        return NULL;
    return s.value ? s.value : tj_i64(g, 0);
}

static bool is_near(LLVMValueRef byte_step)
{
    int64_t bytes;

    if (!LLVMIsAConstantInt(byte_step))
        return false;
    bytes = LLVMConstIntGetSExtValue(byte_step);
    return bytes >= -NEAR_STEP && bytes <= NEAR_STEP;
}

/* Asks for the lines of `byte_len` bytes, to read, with all locality, as data. */
static void ask_for(tj_gen *g, LLVMValueRef base, LLVMValueRef offset, uint64_t byte_len)
{
    LLVMTypeRef type = g->t.ptr;

    for (uint64_t at = 0; at < byte_len && at < MAX_LINES * LINE_BYTES; at += LINE_BYTES) {
        LLVMValueRef pointer = tj_gep(g, base, LLVMBuildAdd(g->b, offset, tj_i64(g, at), ""));
        LLVMValueRef args[] = {pointer, tj_i32(g, 0), tj_i32(g, 3), tj_i32(g, 1)};

        tj_llvm(g, "llvm.prefetch", &type, 1, args, 4);
    }
}

static void prefetch_round(tj_gen *g, const tj_root *root, LLVMValueRef offset,
                           LLVMValueRef byte_step, uint64_t byte_len)
{
    LLVMValueRef ahead;

    if (!byte_step || is_near(byte_step))
        return;
    ahead = LLVMBuildMul(g->b, byte_step, tj_i64(g, ROUNDS_AHEAD), "");
    ahead = LLVMBuildAdd(g->b, offset, ahead, "");
    ask_for(g, tj_root_base(g, root), ahead, byte_len);
}

/* Takes constants off an address or index: returns what is left, adds the bytes to `*bytes`.
 * Enough to tell neighbours of a stencil; what it does not see is another stream. */
static LLVMValueRef strip_constants(const tj_gen *g, LLVMValueRef value, int64_t *bytes)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(g->unit->module);
    int64_t unit = 1;

    for (int depth = 0; depth < 8 && LLVMIsAInstruction(value); depth++) {
        LLVMOpcode op = LLVMGetInstructionOpcode(value);
        unsigned count = (unsigned)LLVMGetNumOperands(value);
        LLVMValueRef last = LLVMGetOperand(value, count - 1);

        if (op == LLVMGetElementPtr && count == 2)
            unit = (int64_t)LLVMABISizeOfType(layout, LLVMGetGEPSourceElementType(value));
        if (op == LLVMGetElementPtr && count == 2 && !LLVMIsAConstantInt(last)) {
            value = last;
        } else if ((op == LLVMGetElementPtr && count == 2) ||
                   (op == LLVMAdd && LLVMIsAConstantInt(last))) {
            *bytes += LLVMConstIntGetSExtValue(last) * unit;
            value = LLVMGetOperand(value, 0);
        } else if (op == LLVMZExt || op == LLVMSExt) {
            value = last;
        } else {
            break;
        }
    }
    return value;
}

/* Whether the stream has been asked for; notes it if not. */
static bool is_known_stream(tj_gen *g, const tj_root *root, LLVMValueRef pointer,
                            uint64_t byte_len)
{
    tj_stream new = {.root = root->value, .byte_len = (int64_t)byte_len};

    new.index = strip_constants(g, pointer, &new.first);
    for (unsigned i = 0; i < g->stream_count; i++) {
        const tj_stream *old = &g->streams[i];

        if (old->root == new.root && old->index == new.index &&
            new.first <= old->first + old->byte_len && old->first <= new.first + new.byte_len)
            return true;
    }
    if (g->stream_count == TJ_MAX_STREAMS)
        return true;
    g->streams[g->stream_count++] = new;
    return false;
}

void tj_prefetch(tj_gen *g, const tj_root *root, LLVMValueRef offset, LLVMValueRef pointer,
                 uint64_t byte_len)
{
    if (root->kind != TJ_ROOT_PARAM || !g->options->opt_level)
        return;
    if (g->facts.cfg.blocks[g->block].loop != TJ_NONE)
        prefetch_round(g, root, offset, step_of(g, pointer), byte_len);
    else if (!g->facts.cfg.loop_count && !is_known_stream(g, root, pointer, byte_len))
        ask_for(g, tj_root_base(g, root),
                LLVMBuildAdd(g->b, offset, tj_i64(g, BYTES_AHEAD), ""), byte_len);
}
