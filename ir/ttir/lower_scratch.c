/* SPDX-License-Identifier: MIT */
/* The threadgroup memory that operations share, and its barriers.
 *
 * An operation needs memory only while it runs: it writes, all threads meet, it reads. So what
 * is live between operations are reads that others may still be at. A region that no thread can
 * be reading takes a write at once; else all meet first. Regions are placed side by side, which
 * saves that barrier, as long as this makes the memory not much larger.
 *
 * Device memory has no regions, but two things go on in it between barriers that order matters
 * for, as if they were regions behind the last: reads of an element by many threads, which may
 * run one after another, and a write for all of them by one. Not so in regions that run for
 * each element: threads meet where all of a program come.
 *
 * Branches of a program are taken by all its threads together. After an if, reads of either arm
 * may be going on; in a loop those of the round before, which is looked after at its end.
 */
#include "ttir/lower.h"

enum { ALIGNMENT = 16, EXTRA_BYTES = 4096 /* that may be spent on fewer barriers */ };

enum { DEVICE_MEMORY = 1, THREADGROUP_MEMORY = 2 };

static const tj_tt_span read_by_many = {TJ_TT_MAX_SCRATCH, TJ_TT_MAX_SCRATCH + 1};
static const tj_tt_span written_by_one = {TJ_TT_MAX_SCRATCH + 1, TJ_TT_MAX_SCRATCH + 2};

static bool is_apart(tj_tt_span a, tj_tt_span b)
{
    return a.end <= b.begin || b.end <= a.begin;
}

static bool is_free(const tj_tt_spans *spans, tj_tt_span span)
{
    for (uint32_t i = 0; i < spans->count; i++)
        if (!is_apart(spans->at[i], span))
            return false;
    return true;
}

/* More than there is room for become one that covers them all. */
static void add_span(tj_tt_spans *spans, tj_tt_span span)
{
    if (span.begin == span.end)
        return;
    for (uint32_t i = 0; i < spans->count; i++)
        if (spans->at[i].begin <= span.begin && span.end <= spans->at[i].end)
            return;
    if (spans->count < TJ_TT_MAX_SPANS) {
        spans->at[spans->count++] = span;
        return;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        span.begin = spans->at[i].begin < span.begin ? spans->at[i].begin : span.begin;
        span.end = spans->at[i].end > span.end ? spans->at[i].end : span.end;
    }
    spans->at[0] = span;
    spans->count = 1;
}

static void add_spans(tj_tt_spans *spans, const tj_tt_spans *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        add_span(spans, more->at[i]);
}

/* The operation before is done: what it had may be being read until the next barrier. */
static void end_operation(tj_tt_lower *l)
{
    add_span(&l->shared.read, l->shared.own);
    l->shared.own = (tj_tt_span){0};
}

static void meet(tj_tt_lower *l, uint32_t memory)
{
    enum { SCOPE_THREADGROUP = 1 };
    LLVMValueRef args[] = {tj_tt_i32(l, memory), tj_tt_i32(l, SCOPE_THREADGROUP)};
    tj_tt_call(l, "air.wg.barrier", LLVMVoidTypeInContext(l->ctx), args, 2);
    l->shared.read.count = 0;
    l->shared.has_met = true;
}

void tj_tt_barrier(tj_tt_lower *l)
{
    bool is_device =
        !is_free(&l->shared.read, read_by_many) || !is_free(&l->shared.read, written_by_one);
    meet(l, is_device ? DEVICE_MEMORY | THREADGROUP_MEMORY : THREADGROUP_MEMORY);
}

void tj_tt_barrier_all(tj_tt_lower *l)
{
    meet(l, DEVICE_MEMORY | THREADGROUP_MEMORY);
}

/* ---- device memory ----------------------------------------------------------------------- */

/* Scalars have no groups in their layout. */
static bool is_shared(const tj_tt_lower *l, const tj_tt_layout *layout)
{
    tj_tt_place free_bits = tj_tt_free_bits(layout);
    return layout->groups < l->group_bits || free_bits.group || free_bits.lane;
}

static void wait_for(tj_tt_lower *l, tj_tt_span span)
{
    if (!is_free(&l->shared.read, span))
        tj_tt_barrier_all(l);
    if (!l->shared.has_met)
        add_span(&l->shared.early, span);
}

void tj_tt_before_load(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    if (tj_tt_is_of_elements(op) || !is_shared(l, layout))
        return;
    wait_for(l, written_by_one);
    add_span(&l->shared.read, read_by_many);
}

void tj_tt_before_store(tj_tt_lower *l, const tj_tt_op *op, const tj_tt_layout *layout)
{
    if (tj_tt_is_of_elements(op))
        return;
    wait_for(l, read_by_many);
    if (is_shared(l, layout))
        add_span(&l->shared.read, written_by_one);
}

/* ---- regions ----------------------------------------------------------------------------- */

static bool check_size(tj_tt_lower *l, const tj_tt_op *op, uint64_t bytes)
{
    return bytes <= TJ_TT_MAX_SCRATCH ||
           tj_tt_refuse(l, op, "%llu bytes of threadgroup memory are needed; there are %d",
                        (unsigned long long)bytes, TJ_TT_MAX_SCRATCH);
}

static void use(tj_tt_lower *l, tj_tt_span span)
{
    l->shared.own = span;
    if (span.end > l->scratch_bytes)
        l->scratch_bytes = span.end;
}

bool tj_tt_need_scratch(tj_tt_lower *l, const tj_tt_op *op, uint64_t bytes)
{
    if (!check_size(l, op, bytes))
        return false;
    end_operation(l);
    use(l, (tj_tt_span){0, (uint32_t)bytes});
    return true;
}

/* The lowest place that nobody reads; false: there is none, or it would cost too much. */
static bool find_place(const tj_tt_lower *l, uint32_t bytes, tj_tt_span *out)
{
    uint32_t limit = l->scratch_bytes > EXTRA_BYTES ? l->scratch_bytes : EXTRA_BYTES;
    const tj_tt_spans *read = &l->shared.read;
    bool is_found = false;
    for (uint32_t i = 0; i <= read->count; i++) {
        uint32_t end = i < read->count ? read->at[i].end : 0;
        uint32_t begin = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        tj_tt_span span = {begin, begin + bytes};
        if (!is_free(read, span) || (read->count && span.end > limit) ||
            (is_found && out->begin <= begin))
            continue;
        *out = span;
        is_found = true;
    }
    return is_found;
}

bool tj_tt_take_scratch(tj_tt_lower *l, const tj_tt_op *op, uint64_t bytes, uint32_t *offset)
{
    tj_tt_span span = {0};
    if (!check_size(l, op, bytes))
        return false;
    end_operation(l);
    if (!find_place(l, (uint32_t)bytes, &span)) {
        tj_tt_barrier(l);
        span = (tj_tt_span){0, (uint32_t)bytes};
    }
    use(l, span);
    if (!l->shared.has_met)
        add_span(&l->shared.early, span);
    *offset = span.begin;
    return true;
}

LLVMValueRef tj_tt_scratch_at(tj_tt_lower *l, LLVMTypeRef elem, uint32_t offset,
                              LLVMValueRef index)
{
    LLVMTypeRef type = tj_tt_memory_type(l, elem);
    LLVMValueRef base = l->scratch, behind = tj_tt_int(l, 64, offset);
    if (offset)
        base = LLVMBuildInBoundsGEP2(l->builder, LLVMInt8TypeInContext(l->ctx), base, &behind,
                                     1, "");
    LLVMValueRef wide = LLVMBuildZExt(l->builder, index, LLVMInt64TypeInContext(l->ctx), "");
    return LLVMBuildInBoundsGEP2(l->builder, type, base, &wide, 1, "");
}

/* ---- control flow ------------------------------------------------------------------------ */

tj_tt_shared tj_tt_begin_loop(tj_tt_lower *l)
{
    end_operation(l);
    tj_tt_shared before = l->shared;
    l->shared.has_met = false;
    l->shared.early.count = 0;
    return before;
}

/* In the middle of a round the loop may end: these reads are going on after it. */
void tj_tt_leave_loop(tj_tt_lower *l, tj_tt_shared *before)
{
    end_operation(l);
    add_spans(&before->read, &l->shared.read);
}

/* At the loop's end, before its branch: what the next round writes before it meets nobody may
 * be reading. */
void tj_tt_end_round(tj_tt_lower *l)
{
    end_operation(l);
    for (uint32_t i = 0; i < l->shared.early.count; i++)
        if (!is_free(&l->shared.read, l->shared.early.at[i])) {
            tj_tt_barrier(l);
            return;
        }
}

void tj_tt_end_loop(tj_tt_lower *l, const tj_tt_shared *before)
{
    add_spans(&l->shared.read, &before->read);
    l->shared.has_met = before->has_met;
    if (!before->has_met)
        add_spans(&l->shared.early, &before->early);
    else
        l->shared.early = before->early;
}

tj_tt_shared tj_tt_begin_arm(tj_tt_lower *l)
{
    end_operation(l);
    return l->shared;
}

tj_tt_shared tj_tt_next_arm(tj_tt_lower *l, const tj_tt_shared *before)
{
    end_operation(l);
    tj_tt_shared first = l->shared;
    l->shared = *before;
    return first;
}

void tj_tt_join_arms(tj_tt_lower *l, const tj_tt_shared *first)
{
    end_operation(l);
    add_spans(&l->shared.read, &first->read);
    add_spans(&l->shared.early, &first->early);
    l->shared.has_met &= first->has_met;
}

void tj_tt_forget_order(tj_tt_lower *l)
{
    l->shared.own = (tj_tt_span){0};
    l->shared.has_met = false;
    add_span(&l->shared.read, (tj_tt_span){0, written_by_one.end});
}
