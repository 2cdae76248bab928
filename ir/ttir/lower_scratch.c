/* SPDX-License-Identifier: MIT */
/* The threadgroup memory that operations share, and its barriers.
 *
 * An operation needs memory only while it runs: it writes, all threads meet, it reads. So what
 * is live between operations are reads that others may still be at. A region that no thread can
 * be reading takes a write at once; else all meet first. Regions are placed side by side, which
 * saves that barrier, as long as this makes the memory not much larger.
 *
 * Branches of a program are taken by all its threads together. After an if, reads of either arm
 * may be going on; in a loop those of the round before, which is looked after at its end.
 */
#include "ttir/lower.h"

enum { ALIGNMENT = 16, EXTRA_BYTES = 4096 /* that may be spent on fewer barriers */ };

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

void tj_tt_barrier(tj_tt_lower *l)
{
    enum { THREADGROUP_MEMORY = 2, SCOPE_THREADGROUP = 1 };
    LLVMValueRef args[] = {tj_tt_i32(l, THREADGROUP_MEMORY), tj_tt_i32(l, SCOPE_THREADGROUP)};
    tj_tt_call(l, "air.wg.barrier", LLVMVoidTypeInContext(l->ctx), args, 2);
    l->shared.read.count = 0;
    l->shared.has_met = true;
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
    add_span(&l->shared.read, (tj_tt_span){0, TJ_TT_MAX_SCRATCH});
}
