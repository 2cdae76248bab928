/* SPDX-License-Identifier: MIT */
/* Lowers a canonical kernel to a host module: facts, plan, blocks, entry, optimisation.
 *
 * Without barriers the entry runs all slices of a threadgroup in a loop. With barriers, and
 * more than one slice, a slice is a switched-resume coroutine that suspends at each barrier;
 * LLVM's CoroSplit keeps what lives across (LLVM, "Coroutines in LLVM").
 */
#include "host.h"

#include "places.h"

#include <assert.h>
#include <string.h>
#include <time.h>

static const char *const pass_names[] = {"host-widen",  "host-ssa",   "host-phases",
                                         "host-lcssa",  "host-split", "host-optimize",
                                         "host-narrow", NULL};

const char *const *tj_host_passes(void)
{
    return pass_names;
}

/* ---- facts of the kernel that decide the form of its code ------------------------------ */

typedef struct needs {
    bool has_barrier;
    bool needs_simd_width;
    unsigned leaf_count;  /* results of all instructions */
    unsigned float_count; /* those that are floating point: what competes for registers */
} needs;

/* A kernel with no more results than this has registers to spare for twice the lanes: more
 * loads are under way at once, and scalar work is shared by more threads. Measured on the
 * benchmark's kernels: a transpose gains half, an n-body step would lose a third. */
enum { SMALL_KERNEL = 160, SMALL_FLOATS = 24 };

/* In a kernel of one block few numbers live at a time, and hosts with vectors of 512 bits have
 * 32 registers for them. Twice the lanes are two chains of operations where one would wait for
 * itself: Black-Scholes gains an eighth. */
enum { SMALL_STRAIGHT_FLOATS = 96 };

/* A round of a loop with a barrier that computes no more than this mostly stops and goes on:
 * half as many slices take half as long. A tree of sums is such a loop, an n-body step or a
 * product of tiles is not. */
enum { SHORT_ROUND = 8 };

/* Parts of vectors that are taken out or put in, and phis, whose operands count, need no
 * register of their own. */
static bool is_renaming(LLVMValueRef inst)
{
    return LLVMIsAExtractElementInst(inst) || LLVMIsAInsertElementInst(inst) ||
           LLVMIsAPHINode(inst);
}

static bool is_floating(LLVMTypeRef type)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);

    if (kind == LLVMVectorTypeKind)
        kind = LLVMGetTypeKind(LLVMGetElementType(type));
    return kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind ||
           kind == LLVMFloatTypeKind || kind == LLVMDoubleTypeKind;
}

static needs scan(const tj_unit *unit)
{
    needs found = {0};
    LLVMValueRef function = unit->kernels[0].function;

    for (LLVMBasicBlockRef bb = LLVMGetFirstBasicBlock(function); bb;
         bb = LLVMGetNextBasicBlock(bb))
        for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i)) {
            tj_intrin_use use;

            found.leaf_count += tj_leaf_count(LLVMTypeOf(i));
            if (is_floating(LLVMTypeOf(i)) && !is_renaming(i))
                found.float_count += tj_leaf_count(LLVMTypeOf(i));
            if (!LLVMIsACallInst(i) || !tj_intrin_of(i, &use))
                continue;
            found.has_barrier |= tj_intrin_infos[use.id].effect == TJ_EFFECT_BARRIER;
            found.needs_simd_width |= tj_intrin_infos[use.id].effect == TJ_EFFECT_LANES ||
                                      tj_intrin_infos[use.id].overload == TJ_OVL_MAT ||
                                      use.id == TJ_INTRIN_SIMDGROUP_BARRIER;
        }
    return found;
}

static bool has_barrier(LLVMBasicBlockRef bb)
{
    tj_intrin_use use;

    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        if (LLVMIsACallInst(i) && tj_intrin_of(i, &use) &&
            tj_intrin_infos[use.id].effect == TJ_EFFECT_BARRIER)
            return true;
    return false;
}

/* How a kernel comes to its barriers. */
typedef struct phases {
    /* Part of a SIMD-group may pass by a barrier, for all that is known before the launch.
     * These can reach none any more, or that is an error: a question about the whole
     * SIMD-group. */
    bool may_part;
    bool are_short; /* loops with barriers do little, and so do the others */
} phases;

static unsigned count_floats(LLVMBasicBlockRef bb)
{
    unsigned count = 0;

    for (LLVMValueRef i = LLVMGetFirstInstruction(bb); i; i = LLVMGetNextInstruction(i))
        if (is_floating(LLVMTypeOf(i)))
            count += tj_leaf_count(LLVMTypeOf(i));
    return count;
}

static bool are_short(const tj_cfg *cfg)
{
    bool has_short = false;

    for (int loop = 0; loop < cfg->loop_count; loop++) {
        unsigned floats = 0;
        bool stops = false;

        for (int b = 0; b < cfg->block_count; b++)
            if (tj_loop_has(cfg, loop, b)) {
                floats += count_floats(cfg->blocks[b].bb);
                stops = stops || has_barrier(cfg->blocks[b].bb);
            }
        has_short = has_short || (stops && floats <= SHORT_ROUND);
        if (floats > SMALL_FLOATS)
            return false;
    }
    return has_short;
}

static phases find_phases(tj_unit *unit, const uint32_t threadgroup[3])
{
    tj_arena *arena = tj_arena_create();
    tj_shape_options shapes = {.lanes = TJ_SIMD_WIDTH, .is_ragged = true};
    tj_facts facts;
    phases found = {false, false};

    memcpy(shapes.threadgroup, threadgroup, sizeof shapes.threadgroup);
    if (!tj_facts_build(unit, &shapes, arena, &facts)) {
        for (int b = 0; b < facts.cfg.block_count && !found.may_part; b++)
            found.may_part = tj_mask_class(&facts, b) && has_barrier(facts.cfg.blocks[b].bb);
        found.are_short = are_short(&facts.cfg);
    }
    tj_arena_destroy(arena);
    return found;
}

unsigned tj_host_lanes(tj_unit *unit, const uint32_t threadgroup[3], unsigned requested,
                       unsigned vector_bits)
{
    needs found = scan(unit);
    unsigned lanes = vector_bits / 32 < 4 ? 4 : vector_bits / 32;
    bool is_straight = LLVMCountBasicBlocks(unit->kernels[0].function) == 1;
    unsigned floats = is_straight && vector_bits >= 512 ? SMALL_STRAIGHT_FLOATS : SMALL_FLOATS;
    phases ways = {false, false};

    if (found.needs_simd_width)
        return TJ_SIMD_WIDTH;
    if (found.has_barrier && requested != TJ_SIMD_WIDTH)
        ways = find_phases(unit, threadgroup);
    if (ways.may_part)
        return TJ_SIMD_WIDTH;
    if (requested)
        return requested;
    if (found.leaf_count <= SMALL_KERNEL && (found.float_count <= floats || ways.are_short))
        lanes *= 2;
    return lanes > TJ_SIMD_WIDTH ? TJ_SIMD_WIDTH : lanes;
}

/* ---- functions ------------------------------------------------------------------------- */

void tj_mark_function(tj_gen *g, LLVMValueRef function, const char *name)
{
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

    assert(kind);
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(g->llctx, kind, 0));
}

static void add_string_attribute(tj_gen *g, LLVMValueRef function, const char *name,
                                 const char *value)
{
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateStringAttribute(g->llctx, name, (unsigned)strlen(name),
                                                      value, (unsigned)strlen(value)));
}

void tj_describe_function(tj_gen *g, LLVMValueRef function)
{
    tj_mark_function(g, function, "nounwind");
    add_string_attribute(g, function, "prefer-vector-width",
                         g->options->vector_bits >= 512 ? "512" : "256");
    if (g->unit->flush_subnormals)
        add_string_attribute(g, function, "denormal-fp-math-f32",
                             "preserve-sign,preserve-sign");
}

static LLVMValueRef none_token(tj_gen *g)
{
    return LLVMConstNull(LLVMTokenTypeInContext(g->llctx));
}

static void begin_coroutine(tj_gen *g)
{
    LLVMValueRef null = LLVMConstNull(g->t.ptr);
    LLVMValueRef id_args[] = {tj_i32(g, 64), null, null, null};
    LLVMTypeRef i64 = g->t.i64;

    tj_mark_function(g, g->function, "presplitcoroutine");
    g->coro_id = tj_llvm(g, "llvm.coro.id", NULL, 0, id_args, 4);
    LLVMValueRef size = tj_llvm(g, "llvm.coro.size", &i64, 1, NULL, 0);
    LLVMValueRef take_args[] = {g->frame, size};
    LLVMValueRef memory = tj_extern(g, "tjrt_frame_take", g->t.ptr, take_args, 2);
    LLVMValueRef begin_args[] = {g->coro_id, memory};

    g->coro_handle = tj_llvm(g, "llvm.coro.begin", NULL, 0, begin_args, 2);
    g->coro_suspend = tj_new_block(g, "suspend");
}

/* Suspends; the builder stands where the slice goes on, or at NULL after the final one. */
static void build_suspend(tj_gen *g, LLVMBasicBlockRef resume, bool is_final)
{
    LLVMValueRef args[] = {none_token(g), LLVMConstInt(g->t.i1, is_final, false)};
    LLVMValueRef state = tj_llvm(g, "llvm.coro.suspend", NULL, 0, args, 2);
    LLVMValueRef choice = LLVMBuildSwitch(g->b, state, g->coro_suspend, 2);

    LLVMAddCase(choice, LLVMConstInt(g->t.i8, 0, false), resume);
    LLVMAddCase(choice, LLVMConstInt(g->t.i8, 1, false), g->coro_suspend);
}

void tj_suspend(tj_gen *g)
{
    LLVMBasicBlockRef resume = tj_new_block(g, "resume");

    build_suspend(g, resume, false);
    LLVMPositionBuilderAtEnd(g->b, resume);
}

void tj_begin_slice(tj_gen *g)
{
    g->entry = tj_new_block(g, "entry");
    g->first = tj_new_block(g, "first");
    g->finish = tj_new_block(g, "finish");
    LLVMPositionBuilderAtEnd(g->b, g->entry);
    if (g->has_barrier)
        begin_coroutine(g);
    tj_emit_frame(g);
    LLVMBuildBr(g->b, g->first);
}

void tj_end_slice(tj_gen *g)
{
    LLVMPositionBuilderAtEnd(g->b, g->finish);
    if (!g->has_barrier) {
        LLVMBuildRetVoid(g->b);
        return;
    }
    LLVMBasicBlockRef never = tj_new_block(g, "never");

    build_suspend(g, never, true);
    LLVMPositionBuilderAtEnd(g->b, never);
    LLVMBuildUnreachable(g->b);
    LLVMPositionBuilderAtEnd(g->b, g->coro_suspend);
    LLVMValueRef args[] = {g->coro_handle, LLVMConstInt(g->t.i1, 0, false), none_token(g)};

    tj_llvm(g, "llvm.coro.end", NULL, 0, args, 3);
    LLVMBuildRet(g->b, g->coro_handle);
}

/* void entry(frame): every slice of the threadgroup, one after the other. */
static LLVMValueRef build_group(tj_gen *g, LLVMValueRef slice_function)
{
    LLVMTypeRef params[] = {g->t.ptr};
    LLVMTypeRef type = LLVMFunctionType(g->t.void_, params, 1, false);
    LLVMValueRef function = LLVMAddFunction(g->module, "kernel", type);
    uint32_t threads =
        g->options->threadgroup[0] * g->options->threadgroup[1] * g->options->threadgroup[2];
    LLVMValueRef count, slice, next;

    tj_describe_function(g, function);
    g->function = function;
    g->frame = LLVMGetParam(function, 0);
    LLVMBasicBlockRef entry = tj_new_block(g, "entry"), loop = tj_new_block(g, "slices");
    LLVMBasicBlockRef done = tj_new_block(g, "done");

    LLVMPositionBuilderAtEnd(g->b, entry);
    count = tj_i32(g, threads / g->lanes);
    if (g->options->is_ragged) {
        count = LLVMBuildAdd(g->b, tj_frame_load(g, "thread_count", 0), tj_i32(g, g->lanes - 1),
                             "");
        count = LLVMBuildUDiv(g->b, count, tj_i32(g, g->lanes), "");
    }
    LLVMBuildBr(g->b, loop);
    LLVMPositionBuilderAtEnd(g->b, loop);
    slice = LLVMBuildPhi(g->b, g->t.i32, "slice");
    LLVMValueRef args[] = {g->frame, slice};

    LLVMBuildCall2(g->b, LLVMGlobalGetValueType(slice_function), slice_function, args, 2, "");
    next = LLVMBuildAdd(g->b, slice, tj_i32(g, 1), "");
    LLVMValueRef zero = tj_i32(g, 0);

    LLVMAddIncoming(slice, &zero, &entry, 1);
    LLVMAddIncoming(slice, &next, &loop, 1);
    LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntULT, next, count, ""), loop, done);
    LLVMPositionBuilderAtEnd(g->b, done);
    LLVMBuildRetVoid(g->b);
    return function;
}

/* Larger ones are called: the register allocator takes time that grows with the square of a
 * loop's blocks, and the threadgroup's loop over slices is one. */
enum { MAX_INLINED_BLOCKS = 256 };

static LLVMValueRef build_slice(tj_gen *g)
{
    LLVMTypeRef params[] = {g->t.ptr, g->t.i32};
    LLVMTypeRef result = g->has_barrier ? g->t.ptr : g->t.void_;
    LLVMTypeRef type = LLVMFunctionType(result, params, 2, false);

    g->function = LLVMAddFunction(g->module, g->has_barrier ? "kernel" : "slice", type);
    tj_describe_function(g, g->function);
    if (!g->has_barrier)
        LLVMSetLinkage(g->function, LLVMInternalLinkage);
    g->frame = LLVMGetParam(g->function, 0);
    g->slice = LLVMGetParam(g->function, 1);
    tj_begin_slice(g);
    tj_widen(g);
    tj_end_slice(g);
    tj_place_maths(g);
    if (!g->has_barrier)
        tj_mark_function(g, g->function,
                         LLVMCountBasicBlocks(g->function) > MAX_INLINED_BLOCKS
                             ? "noinline"
                             : "alwaysinline");
    return g->function;
}

/* ---- driver ---------------------------------------------------------------------------- */

static void init_types(tj_gen *g)
{
    LLVMContextRef c = g->llctx;

    g->t = (tj_types){.void_ = LLVMVoidTypeInContext(c),
                      .i1 = LLVMInt1TypeInContext(c),
                      .i8 = LLVMInt8TypeInContext(c),
                      .i16 = LLVMInt16TypeInContext(c),
                      .i32 = LLVMInt32TypeInContext(c),
                      .i64 = LLVMInt64TypeInContext(c),
                      .half = LLVMHalfTypeInContext(c),
                      .bfloat = LLVMBFloatTypeInContext(c),
                      .f32 = LLVMFloatTypeInContext(c),
                      .f64 = LLVMDoubleTypeInContext(c),
                      .ptr = LLVMPointerTypeInContext(c, 0)};
    g->t.mask = LLVMVectorType(g->t.i1, g->lanes);
}

static tj_status init_gen(tj_gen *g, tj_unit *unit, const tj_host_options *options)
{
    tj_shape_options shapes = {.lanes = g->lanes, .is_ragged = options->is_ragged};
    tj_status st;
    size_t blocks;

    memcpy(shapes.threadgroup, options->threadgroup, sizeof(shapes.threadgroup));
    st = tj_facts_build(unit, &shapes, g->arena, &g->facts);
    if (!st)
        st = tj_linearize(&g->facts, g->arena, &g->plan);
    if (st)
        return st;
    blocks = (size_t)g->facts.cfg.block_count;
    g->content = tj_new_array(g->arena, LLVMBasicBlockRef, blocks);
    g->guard = tj_new_array(g->arena, LLVMBasicBlockRef, blocks);
    g->mask_slot = tj_new_array(g->arena, LLVMValueRef, blocks);
    g->emitted = tj_new_array(g->arena, tj_emitted, g->facts.leaf_count + 1);
    g->param_base = tj_new_array(g->arena, LLVMValueRef, tj_bound_count(g) + 1);
    g->param_len = tj_new_array(g->arena, LLVMValueRef, tj_bound_count(g) + 1);
    g->alloca_slot = tj_new_array(g->arena, LLVMValueRef, g->facts.value_count + 1);
    g->alloca_cell = tj_new_array(g->arena, unsigned, g->facts.value_count + 1);
    g->alloca_shadow = tj_new_array(g->arena, uint64_t, g->facts.value_count + 1);
    init_types(g);
    return TJ_OK;
}

static void init_module(tj_gen *g, LLVMTargetMachineRef machine)
{
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    char *triple = LLVMGetTargetMachineTriple(machine);

    g->module = LLVMModuleCreateWithNameInContext("host", g->llctx);
    LLVMSetModuleDataLayout(g->module, layout);
    LLVMSetTarget(g->module, triple);
    LLVMDisposeTargetData(layout);
    LLVMDisposeMessage(triple);
    g->b = LLVMCreateBuilderInContext(g->llctx);
}

static void fill_result(const tj_gen *g, tj_host_code *out)
{
    uint32_t threads =
        g->options->threadgroup[0] * g->options->threadgroup[1] * g->options->threadgroup[2];

    *out = (tj_host_code){.module = g->module,
                          .entry_name = "kernel",
                          .is_coroutine = g->has_barrier && !g->is_phased,
                          .lanes = g->lanes,
                          .static_threadgroup_byte_len = g->threadgroup_byte_len,
                          .private_byte_len =
                              g->private_byte_len * ((threads + g->lanes - 1) / g->lanes) +
                              g->records_byte_len,
                          .sites = g->sites,
                          .site_count = g->site_count,
                          .regions = g->region_names,
                          .region_count = g->region_count};
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static tj_status optimize(tj_gen *g, LLVMTargetMachineRef machine, tj_host_code *out)
{
    double start = now();
    tj_status st = tj_optimize(g, machine);

    if (st)
        return st;
    fill_result(g, out);
    out->optimize_s = now() - start;
    return TJ_OK;
}

/* Blocks that no barrier can be reached from: first those with a barrier, then all that lead
 * there, until nothing changes. */
static bool *find_past(const tj_gen *g)
{
    const tj_cfg *cfg = &g->facts.cfg;
    bool *is_past = tj_new_array(g->arena, bool, cfg->block_count);

    for (int b = 0; b < cfg->block_count; b++)
        is_past[b] = !has_barrier(cfg->blocks[b].bb);
    for (bool is_new = true; is_new;) {
        is_new = false;
        for (int b = cfg->block_count - 1; b >= 0; b--)
            for (int s = 0; s < cfg->blocks[b].succ_count && is_past[b]; s++)
                is_new |= !(is_past[b] = is_past[cfg->blocks[b].succ[s]]);
    }
    return is_past;
}

tj_status tj_host_lower(tj_unit *unit, const tj_host_options *options,
                        LLVMTargetMachineRef machine, tj_host_code *out)
{
    needs found = scan(unit);
    uint32_t threads =
        options->threadgroup[0] * options->threadgroup[1] * options->threadgroup[2];
    tj_gen g = {
        .unit = unit, .options = options, .arena = tj_arena_create(), .llctx = unit->llctx};

    g.lanes = tj_host_lanes(unit, options->threadgroup, options->lanes, options->vector_bits);
    g.has_barrier = found.has_barrier && threads > g.lanes;
    tj_status st = init_gen(&g, unit, options);

    if (!st && found.has_barrier)
        g.is_past = find_past(&g);

    if (!st) {
        init_module(&g, machine);
        tj_places_begin(unit, unit->kernels[0].function);
        LLVMValueRef slice = build_slice(&g);

        tj_places_end(unit);
        st = g.status;
        if (!st && !g.has_barrier)
            build_group(&g, slice);
        if (!st)
            st = optimize(&g, machine, out);
        if (st)
            LLVMDisposeModule(g.module);
        LLVMDisposeBuilder(g.b);
    }
    tj_arena_destroy(g.arena);
    return st;
}

tj_status tj_host_dump_shapes(tj_unit *unit, const tj_host_options *options, tj_text *out)
{
    tj_arena *arena = tj_arena_create();
    tj_shape_options shapes = {.lanes = options->lanes, .is_ragged = options->is_ragged};
    tj_facts facts;

    shapes.lanes =
        tj_host_lanes(unit, options->threadgroup, options->lanes, options->vector_bits);
    memcpy(shapes.threadgroup, options->threadgroup, sizeof(shapes.threadgroup));
    tj_status st = tj_facts_build(unit, &shapes, arena, &facts);

    if (!st)
        tj_facts_dump(&facts, out);
    tj_arena_destroy(arena);
    return st;
}
