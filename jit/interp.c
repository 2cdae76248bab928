/* SPDX-License-Identifier: MIT */
/* The interpreter's driver: grid, threadgroups, SIMD-groups, lanes.
 *
 * Between barriers SIMD-groups run one after the other, each until all its lanes have ended or
 * all wait at one barrier. Inside a SIMD-group the lanes whose block comes first run, together
 * and instruction by instruction (the order and why it reconverges: interp_order.c), lanes
 * from the lowest up. Nothing here is shared with the vectorising engine; this one is its
 * oracle and is meant to be plainly right.
 */
#include "interp_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Instructions between two looks at the clock; bytes that count as one when they are cleared. */
enum { STEPS_PER_LOOK = 1 << 14, CLEARED_A_STEP = 1024, MEMORY_ALIGN = 64 };

/* ---- making and ending ------------------------------------------------------------------ */

tj_status tj_interp_create(tj_unit *unit, bool is_fast_math, tj_interp **out)
{
    (void)is_fast_math; /* fast maths only permits other results */
    if (!unit->is_canonical || unit->kernel_count != 1)
        return tj_fail(unit, NULL, TJ_E_INTERNAL,
                       "the interpreter takes canonical units of one kernel");
    tj_arena *arena = tj_arena_create();
    tj_interp *interp = tj_new(arena, tj_interp);
    *interp = (tj_interp){
        .arena = arena,
        .unit = unit,
        .kernel = &unit->kernels[0],
        .layout = LLVMGetModuleDataLayout(unit->module),
    };
    tj_status status = tj_ibuild_regions(interp);
    if (status == TJ_OK)
        status = tj_idecode(interp);
    if (status == TJ_OK)
        *out = interp;
    else
        tj_interp_destroy(interp);
    return status;
}

void tj_interp_destroy(tj_interp *interp)
{
    if (interp)
        tj_arena_destroy(interp->arena);
}

/* ---- faults ----------------------------------------------------------------------------- */

static void thread_position(const tj_irun *run, uint32_t linear, uint32_t in_group[3],
                            uint32_t in_grid[3])
{
    in_group[0] = linear % run->group_size[0];
    in_group[1] = linear / run->group_size[0] % run->group_size[1];
    in_group[2] = linear / run->group_size[0] / run->group_size[1];
    for (unsigned d = 0; d < 3; d++)
        in_grid[d] = run->group_pos[d] * run->launch->threadgroup[d] + in_group[d];
}

/* A fault of a whole SIMD-group, without a thread; always false. */
static bool fault_at(const tj_irun *run, LLVMValueRef inst, tj_status status,
                     const char *message)
{
    tj_loc loc = tj_loc_of(run->diags->arena, run->interp->unit, inst);
    tj_add_source(&loc, run->diags->arena, run->interp->unit);
    tj_fail_at(run->diags, status, &loc, "%s", message);
    return false;
}

bool tj_ifault(tj_igroup *group, unsigned lane, LLVMValueRef inst, tj_status status,
               const char *format, ...)
{
    const tj_irun *run = group->run;
    uint32_t in_group[3], in_grid[3];
    const uint32_t *at = run->group_pos;
    char message[1024];
    va_list args;
    va_start(args, format);
    int byte_len = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    thread_position(run, group->index * TJ_I_LANES + lane, in_group, in_grid);
    if (byte_len >= 0 && (size_t)byte_len < sizeof message)
        snprintf(message + byte_len, sizeof message - (size_t)byte_len,
                 ", by thread (%u, %u, %u) of the grid, (%u, %u, %u) of threadgroup "
                 "(%u, %u, %u)",
                 in_grid[0], in_grid[1], in_grid[2], in_group[0], in_group[1], in_group[2],
                 at[0], at[1], at[2]);
    return fault_at(run, inst, status, message);
}

bool tj_ifault_diverged(tj_igroup *group, const tj_iinst *inst, const char *what)
{
    char message[256];
    snprintf(message, sizeof message, "%s reached by part of the SIMD-group's threads", what);
    return fault_at(group->run, inst->value, TJ_E_DIVERGED, message);
}

bool tj_iexec_trap(tj_igroup *group, const tj_iinst *inst)
{
    return tj_ifault(group, tj_ilane(group->mask), inst->value, TJ_E_TRAP, "trap");
}

/* Whether all lanes are here is looked at once the other SIMD-groups have stopped too. */
bool tj_iexec_barrier(tj_igroup *group, const tj_iinst *inst)
{
    group->wait = inst;
    return true;
}

static double monotonic_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool fault_steps(const tj_irun *run, const tj_iblock *block)
{
    char message[96];
    snprintf(message, sizeof message, "static initialisers run for more than %" PRIu64 " steps",
             run->launch->step_limit);
    return fault_at(run, block->term_value, TJ_E_UNSUPPORTED, message);
}

static bool is_in_time(tj_irun *run, const tj_iblock *block)
{
    run->step_count += block->inst_count + 1;
    if (run->step_count < STEPS_PER_LOOK)
        return true;
    run->steps_done += run->step_count;
    run->step_count = 0;
    if (run->launch->step_limit && run->steps_done > run->launch->step_limit)
        return fault_steps(run, block);
    if (run->launch->is_cancelled && *run->launch->is_cancelled)
        return fault_at(run, block->term_value, TJ_E_CANCELLED, "cancelled while it ran");
    if (run->deadline == 0 || monotonic_seconds() < run->deadline)
        return true;
    char message[64];
    snprintf(message, sizeof message, "launch ran longer than %g s", run->launch->timeout_s);
    return fault_at(run, block->term_value, TJ_E_TIMEOUT, message);
}

/* ---- one SIMD-group --------------------------------------------------------------------- */

/* All phis of a block change at once. */
static void take_edge(tj_igroup *group, const tj_iedge *edge, uint32_t mask)
{
    uint64_t *scratch = group->run->edge_words;
    uint32_t at = 0;
    for (unsigned i = 0; i < edge->copy_count; i++) {
        const tj_icopy *copy = &edge->copies[i];
        size_t byte_len = (size_t)copy->words * TJ_I_LANES * sizeof *scratch;
        memcpy(scratch + (size_t)at * TJ_I_LANES, tj_irow(group, copy->source), byte_len);
        at += copy->words;
    }
    at = 0;
    for (unsigned i = 0; i < edge->copy_count; i++) {
        const tj_icopy *copy = &edge->copies[i];
        for (uint32_t w = 0; w < copy->words; w++, at++) {
            uint64_t *dest = tj_irow(group, copy->dest + w);
            TJ_I_FOR_LANES(lane, mask)
            {
                dest[lane] = scratch[(size_t)at * TJ_I_LANES + lane];
            }
        }
    }
    TJ_I_FOR_LANES(lane, mask)
    {
        group->at[lane] = edge->block;
    }
}

static void take_terminator(tj_igroup *group, const tj_iblock *block)
{
    uint32_t taken = group->mask;
    if (block->term == TJ_I_TERM_END) {
        TJ_I_FOR_LANES(lane, group->mask)
        {
            group->at[lane] = TJ_I_ENDED;
        }
        return;
    }
    if (block->term == TJ_I_TERM_BRANCH) {
        const uint64_t *conditions = tj_irow(group, block->condition);
        taken = 0;
        TJ_I_FOR_LANES(lane, group->mask)
        {
            taken |= (uint32_t)(conditions[lane] & 1) << lane;
        }
    }
    if (taken)
        take_edge(group, &block->edges[0], taken);
    if (group->mask & ~taken)
        take_edge(group, &block->edges[1], group->mask & ~taken);
}

/* The block that comes first among all lanes, and the lanes that are there. */
static uint32_t choose_block(tj_igroup *group)
{
    uint32_t first = TJ_I_ENDED;
    group->mask = 0;
    TJ_I_FOR_LANES(lane, group->exists)
    {
        if (group->at[lane] < first)
            first = group->at[lane];
    }
    TJ_I_FOR_LANES(lane, group->exists)
    {
        if (group->at[lane] == first)
            group->mask |= UINT32_C(1) << lane;
    }
    return first;
}

/* Runs to the next barrier or to the end; false: a fault. */
static bool run_group(tj_igroup *group)
{
    tj_irun *run = group->run;
    unsigned start = group->resume;
    group->wait = NULL;
    for (;;) {
        uint32_t at = choose_block(group);
        if (at == TJ_I_ENDED)
            return true;
        const tj_iblock *block = &run->interp->blocks[at];
        if (!is_in_time(run, block))
            return false;
        for (unsigned i = start; i < block->inst_count; i++) {
            const tj_iinst *inst = &block->insts[i];
            if (!inst->exec(group, inst))
                return false;
            if (group->wait) {
                group->resume = i + 1;
                return true;
            }
        }
        start = 0;
        take_terminator(group, block);
    }
}

/* ---- built-in inputs -------------------------------------------------------------------- */

static uint32_t divide_up(uint32_t count, uint32_t size)
{
    return count / size + (count % size != 0);
}

static void set_all(uint32_t out[3], const uint32_t in[3])
{
    memcpy(out, in, 3 * sizeof *out);
}

static void input_of(const tj_irun *run, tj_sysval id, uint32_t linear, uint32_t out[3])
{
    const tj_interp_launch *launch = run->launch;
    uint32_t in_group[3], in_grid[3];
    uint32_t requested =
        launch->threadgroup[0] * launch->threadgroup[1] * launch->threadgroup[2];
    thread_position(run, linear, in_group, in_grid);
    out[0] = out[1] = out[2] = 0;
    switch (id) {
    case TJ_SYSVAL_THREAD_INDEX_IN_THREADGROUP:
        out[0] = linear;
        break;
    case TJ_SYSVAL_THREAD_INDEX_IN_SIMDGROUP:
        out[0] = linear % TJ_SIMD_WIDTH;
        break;
    case TJ_SYSVAL_THREAD_INDEX_IN_QUADGROUP:
        out[0] = linear % 4;
        break;
    case TJ_SYSVAL_SIMDGROUP_INDEX_IN_THREADGROUP:
        out[0] = linear / TJ_SIMD_WIDTH;
        break;
    case TJ_SYSVAL_QUADGROUP_INDEX_IN_THREADGROUP:
        out[0] = linear / 4;
        break;
    case TJ_SYSVAL_SIMDGROUPS_PER_THREADGROUP:
        out[0] = divide_up(run->thread_count, TJ_SIMD_WIDTH);
        break;
    case TJ_SYSVAL_QUADGROUPS_PER_THREADGROUP:
        out[0] = divide_up(run->thread_count, 4);
        break;
    case TJ_SYSVAL_DISPATCH_SIMDGROUPS_PER_THREADGROUP:
        out[0] = divide_up(requested, TJ_SIMD_WIDTH);
        break;
    case TJ_SYSVAL_DISPATCH_QUADGROUPS_PER_THREADGROUP:
        out[0] = divide_up(requested, 4);
        break;
    case TJ_SYSVAL_THREADS_PER_SIMDGROUP:
    case TJ_SYSVAL_THREAD_EXECUTION_WIDTH:
        out[0] = TJ_SIMD_WIDTH;
        break;
    case TJ_SYSVAL_THREAD_POSITION_IN_GRID:
        set_all(out, in_grid);
        break;
    case TJ_SYSVAL_THREAD_POSITION_IN_THREADGROUP:
        set_all(out, in_group);
        break;
    case TJ_SYSVAL_THREADGROUP_POSITION_IN_GRID:
        set_all(out, run->group_pos);
        break;
    case TJ_SYSVAL_THREADGROUPS_PER_GRID:
        set_all(out, run->group_count);
        break;
    case TJ_SYSVAL_THREADS_PER_GRID:
    case TJ_SYSVAL_GRID_SIZE:
        set_all(out, launch->grid);
        break;
    case TJ_SYSVAL_THREADS_PER_THREADGROUP:
        set_all(out, run->group_size);
        break;
    case TJ_SYSVAL_DISPATCH_THREADS_PER_THREADGROUP:
        set_all(out, launch->threadgroup);
        break;
    case TJ_SYSVAL_GRID_ORIGIN:
    case TJ_SYSVAL_COUNT:
        break;
    }
}

static void set_inputs(tj_igroup *group)
{
    const tj_irun *run = group->run;
    const tj_interp *interp = run->interp;
    for (unsigned i = 0; i < interp->kernel->arg_count; i++) {
        const tj_arg *arg = &interp->kernel->args[i];
        if (arg->kind != TJ_ARG_SYSVAL)
            continue;
        TJ_I_FOR_LANES(lane, group->exists)
        {
            uint32_t value[3];
            input_of(run, arg->sysval, group->index * TJ_I_LANES + lane, value);
            for (unsigned c = 0; c < arg->sysval_components; c++)
                tj_irow(group, interp->param_words[i] + c)[lane] =
                    value[c] & tj_imask(arg->sysval_bits);
        }
    }
}

/* ---- one threadgroup -------------------------------------------------------------------- */

static void start_group(tj_igroup *group, uint32_t index)
{
    const tj_irun *run = group->run;
    uint32_t left = run->thread_count - index * TJ_I_LANES;
    group->index = index;
    group->exists = left >= TJ_I_LANES ? UINT32_MAX : (UINT32_C(1) << left) - 1;
    group->wait = NULL;
    group->resume = 0;
    memset(group->at, 0, sizeof group->at);
    memset(group->private_memory, 0, run->interp->private_byte_len * TJ_I_LANES);
    group->run->step_count += run->interp->private_byte_len * TJ_I_LANES / CLEARED_A_STEP;
    set_inputs(group);
}

static bool fault_barriers(const tj_irun *run, const tj_iinst *first, const tj_iinst *other)
{
    tj_loc loc = tj_loc_of(run->diags->arena, run->interp->unit, other->value);
    char message[1024];
    snprintf(message, sizeof message,
             "SIMD-groups wait at different barriers; the other is at %s:%u",
             loc.file ? loc.file : "<memory>", loc.line);
    return fault_at(run, first->value, TJ_E_DIVERGED, message);
}

/* Lanes that have ended or gone where no barrier is any more. */
static uint32_t lanes_past(const tj_igroup *group)
{
    uint32_t past = 0;
    TJ_I_FOR_LANES(lane, group->exists)
    {
        uint32_t at = group->at[lane];
        if (at == TJ_I_ENDED || !group->run->interp->blocks[at].may_wait)
            past |= UINT32_C(1) << lane;
    }
    return past;
}

/* The SIMD-groups that have not ended must wait at one and the same barrier, with all their
 * lanes that may reach one: lanes that could still come have been waited for. */
static bool check_barrier(tj_irun *run, uint32_t group_count, bool *is_done)
{
    const tj_iinst *wait = NULL;
    for (uint32_t g = 0; g < group_count; g++) {
        tj_igroup *group = &run->groups[g];
        if (!group->wait)
            continue;
        if ((group->mask | lanes_past(group)) != group->exists)
            return tj_ifault_diverged(group, group->wait, "threadgroup barrier");
        if (wait && group->wait != wait)
            return fault_barriers(run, wait, group->wait);
        wait = group->wait;
    }
    *is_done = wait == NULL;
    return true;
}

static bool run_with_barriers(tj_irun *run, uint32_t group_count)
{
    bool is_done = false;
    for (uint32_t g = 0; g < group_count; g++)
        start_group(&run->groups[g], g);
    for (bool is_first = true; !is_done; is_first = false) {
        for (uint32_t g = 0; g < group_count; g++)
            if ((is_first || run->groups[g].wait) && !run_group(&run->groups[g]))
                return false;
        if (!check_barrier(run, group_count, &is_done))
            return false;
    }
    return true;
}

static bool run_threadgroup(tj_irun *run)
{
    uint32_t group_count = divide_up(run->thread_count, TJ_I_LANES);
    memset(run->threadgroup_memory, 0, run->threadgroup_byte_len);
    run->step_count += run->threadgroup_byte_len / CLEARED_A_STEP;
    if (run->interp->has_barrier)
        return run_with_barriers(run, group_count);
    for (uint32_t g = 0; g < group_count; g++) {
        start_group(&run->groups[0], g);
        if (!run_group(&run->groups[0]))
            return false;
    }
    return true;
}

static bool run_grid(tj_irun *run)
{
    const tj_interp_launch *launch = run->launch;
    const uint32_t *count = run->group_count;
    uint64_t total = (uint64_t)count[0] * count[1] * count[2];
    for (uint64_t g = 0; g < total; g++) {
        run->group_pos[0] = (uint32_t)(g % count[0]);
        run->group_pos[1] = (uint32_t)(g / count[0] % count[1]);
        run->group_pos[2] = (uint32_t)(g / count[0] / count[1]);
        run->thread_count = 1;
        for (unsigned d = 0; d < 3; d++) {
            uint32_t left = launch->grid[d] - run->group_pos[d] * launch->threadgroup[d];
            run->group_size[d] = left < launch->threadgroup[d] ? left : launch->threadgroup[d];
            run->thread_count *= run->group_size[d];
        }
        if (!run_threadgroup(run))
            return false;
    }
    return true;
}

/* ---- one launch ------------------------------------------------------------------------- */

/* Static variables come first; each threadgroup argument starts at a multiple of 64. */
static uint64_t place_arguments(tj_irun *run, uint8_t *memory)
{
    const tj_interp *interp = run->interp;
    uint64_t at = interp->threadgroup_byte_len;
    for (unsigned i = 0; i < interp->kernel->arg_count; i++) {
        tj_iregion *region = &run->regions[1 + i];
        const tjrt_buffer *buffer = &run->launch->buffers[i];
        if (interp->kernel->args[i].kind == TJ_ARG_SYSVAL)
            continue;
        region->base = buffer->data;
        region->byte_len = buffer->byte_len;
        if (interp->kernel->args[i].kind == TJ_ARG_THREADGROUP) {
            at = (at + MEMORY_ALIGN - 1) / MEMORY_ALIGN * MEMORY_ALIGN;
            region->base = memory ? memory + at : NULL;
            at += buffer->byte_len;
        }
    }
    for (unsigned i = 0; i < interp->kernel->nested_count; i++) {
        unsigned place = interp->kernel->arg_count + i;
        run->regions[1 + place].base = run->launch->buffers[place].data;
        run->regions[1 + place].byte_len = run->launch->buffers[place].byte_len;
    }
    for (unsigned i = 1; memory && i < interp->region_count; i++)
        if (run->regions[i].kind == TJ_I_REGION_THREADGROUP)
            run->regions[i].base = memory + run->regions[i].offset;
    return at;
}

/* Constants and pointers of parameters: the same for all lanes of all threadgroups. */
static void fill_constants(tj_igroup *group)
{
    const tj_irun *run = group->run;
    const tj_interp *interp = run->interp;
    for (unsigned i = 0; i < interp->const_count; i++) {
        const tj_iconst *word = &interp->consts[i];
        uint64_t value = word->bits;
        if (word->region)
            value += (uint64_t)(uintptr_t)run->regions[word->region].base;
        for (unsigned lane = 0; lane < TJ_I_LANES; lane++)
            tj_irow(group, word->word)[lane] = value;
    }
    for (unsigned i = 0; i < interp->kernel->arg_count; i++) {
        if (interp->kernel->args[i].kind == TJ_ARG_SYSVAL)
            continue;
        for (unsigned lane = 0; lane < TJ_I_LANES; lane++) {
            uint64_t *row = tj_irow(group, interp->param_words[i]);
            row[lane] = (uint64_t)(uintptr_t)run->regions[1 + i].base;
            row[TJ_I_LANES + lane] = 1 + i;
        }
    }
}

/* All memory of a launch is one block, so that there is one size to fail and one to free. */
static tj_status take_memory(tj_irun *run, void **memory)
{
    const tj_interp *interp = run->interp;
    const uint32_t *size = run->launch->threadgroup;
    size_t group_count =
        interp->has_barrier ? divide_up(size[0] * size[1] * size[2], TJ_I_LANES) : 1;
    size_t row = TJ_I_LANES * sizeof(uint64_t);
    size_t region_len = interp->region_count * sizeof(tj_iregion);
    run->regions = malloc(region_len);
    run->groups = calloc(group_count, sizeof(tj_igroup));
    if (!run->regions || !run->groups)
        return tj_fail_at(run->diags, TJ_E_MEMORY, NULL, "a launch cannot be allocated");
    memcpy(run->regions, interp->regions, region_len);
    run->threadgroup_byte_len = place_arguments(run, NULL);
    size_t private_len = interp->private_byte_len * TJ_I_LANES;
    size_t shared_len = (run->threadgroup_byte_len / MEMORY_ALIGN + 1) * MEMORY_ALIGN;
    size_t regs_len = interp->word_count * row;
    size_t total =
        shared_len + group_count * (private_len + regs_len) + interp->max_edge_words * row;
    if (posix_memalign(memory, MEMORY_ALIGN, total) != 0) {
        *memory = NULL;
        return tj_fail_at(run->diags, TJ_E_MEMORY, NULL, "%zu bytes cannot be allocated",
                          total);
    }
    uint8_t *at = *memory;
    memset(at, 0, total);
    run->threadgroup_memory = at;
    place_arguments(run, at);
    at += shared_len;
    for (size_t g = 0; g < group_count; g++, at += private_len + regs_len) {
        run->groups[g] = (tj_igroup){.run = run, .private_memory = at};
        run->groups[g].regs = (uint64_t *)(void *)(at + private_len);
        fill_constants(&run->groups[g]);
    }
    run->edge_words = (uint64_t *)(void *)at;
    return TJ_OK;
}

/* Rounds to nearest; returns the control register as it was. */
#if defined(__x86_64__)
static uint64_t enter_float_mode(bool flush_subnormals)
{
    unsigned saved = _mm_getcsr();
    _mm_setcsr(0x1f80u | (flush_subnormals ? 0x8040u : 0u)); /* FTZ and DAZ */
    return saved;
}

static void leave_float_mode(uint64_t saved)
{
    _mm_setcsr((unsigned)saved);
}
#elif defined(__aarch64__)
static uint64_t enter_float_mode(bool flush_subnormals)
{
    uint64_t saved, mode = flush_subnormals ? UINT64_C(1) << 24 : 0; /* FZ */
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
    return saved;
}

static void leave_float_mode(uint64_t saved)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(saved));
}
#else
#error "flushing subnormal numbers is not known for this host"
#endif

static tj_status check_launch(const tj_interp_launch *launch, tj_diags *diags)
{
    uint64_t threads = 1;
    for (unsigned d = 0; d < 3; d++) {
        if (launch->grid[d] == 0 || launch->threadgroup[d] == 0)
            return tj_fail_at(diags, TJ_E_INVALID, NULL, "grid or threadgroup of zero threads");
        threads *= launch->threadgroup[d];
        if (threads > TJ_MAX_THREADS)
            return tj_fail_at(diags, TJ_E_INVALID, NULL, "threadgroup of more than %d threads",
                              TJ_MAX_THREADS);
    }
    return TJ_OK;
}

tj_status tj_interp_run(tj_interp *interp, const tj_interp_launch *launch, tj_diags *diags)
{
    tj_irun run = {.interp = interp, .launch = launch, .diags = diags};
    void *memory = NULL;
    tj_status status = check_launch(launch, diags);
    if (status != TJ_OK)
        return status;
    for (unsigned d = 0; d < 3; d++)
        run.group_count[d] = divide_up(launch->grid[d], launch->threadgroup[d]);
    if (launch->timeout_s > 0)
        run.deadline = monotonic_seconds() + launch->timeout_s;
    status = take_memory(&run, &memory);
    if (status == TJ_OK) {
        uint64_t saved = enter_float_mode(interp->unit->flush_subnormals);
        bool is_good = run_grid(&run);
        leave_float_mode(saved);
        status = is_good ? TJ_OK : diags->first.status;
    }
    free(memory);
    free(run.groups);
    free(run.regions);
    return status;
}
