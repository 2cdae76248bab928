/* SPDX-License-Identifier: MIT */
/* Accesses of lane-affine addresses by wide loads and stores.
 *
 * The lanes are cut into runs of R lanes in which addresses differ by constants, the same in
 * each run: consecutive elements, equal ones, small strides, vectors of a thread, rows of a
 * two-dimensional threadgroup. A run is one wide access of the span from its lowest to its
 * highest element, and shuffles.
 */
#include "host.h"

#include <string.h>

enum { MAX_SPAN = 256, MIN_RUN = 4, MAX_WASTE = 8 };

typedef struct span {
    unsigned run, runs;      /* lanes of a run; number of runs */
    unsigned count;          /* elements of the span */
    int64_t lowest;          /* bytes, from the address of the run's first lane; at most 0 */
    int first[TJ_MAX_LANES]; /* element of component 0 of the lane at this place of a run */
    bool is_exact;           /* every element of the span belongs to one lane, none to two */
    LLVMValueRef offsets[TJ_MAX_LANES]; /* of the runs' lowest elements */
} span;

static int64_t k_at(const int64_t *k, unsigned lane)
{
    return k ? k[lane] : 0;
}

/* Whether lanes differ within runs of `run` by constants that all runs share. */
static bool fits(const tj_shape *shape, unsigned lanes, unsigned run)
{
    for (unsigned l = 0; l < lanes; l++) {
        unsigned start = l - l % run;

        for (int t = 0; t < shape->term_count; t++)
            if (shape->terms[t].k[l] != shape->terms[t].k[start])
                return false;
        if (k_at(shape->k, l) - k_at(shape->k, start) !=
            k_at(shape->k, l % run) - k_at(shape->k, 0))
            return false;
    }
    return true;
}

static bool measure(const tj_mem *mem, const tj_shape *shape, unsigned lanes, unsigned run,
                    span *out)
{
    int64_t low = 0, high = 0, unit = mem->elem_bytes;
    int used[MAX_SPAN] = {0};

    for (unsigned i = 0; i < run; i++) {
        int64_t d = k_at(shape->k, i);

        if (d % unit)
            return false;
        low = d < low ? d : low;
        high = d > high ? d : high;
    }
    int64_t count = (high - low) / unit + mem->components;

    if (count > MAX_SPAN || count > (int64_t)MAX_WASTE * run * mem->components)
        return false;
    *out = (span){.run = run,
                  .runs = lanes / run,
                  .count = (unsigned)count,
                  .lowest = low,
                  .is_exact = true};
    for (unsigned i = 0; i < run; i++) {
        out->first[i] = (int)((k_at(shape->k, i) - low) / unit);
        for (unsigned c = 0; c < mem->components; c++)
            used[out->first[i] + (int)c]++;
    }
    for (unsigned e = 0; e < out->count; e++)
        out->is_exact &= used[e] == 1;
    return true;
}

static bool find_span(const tj_gen *g, const tj_mem *mem, span *out)
{
    const tj_shape *shape = &mem->leaf.shape;

    for (unsigned run = g->lanes; run >= MIN_RUN; run /= 2)
        if (fits(shape, g->lanes, run) && measure(mem, shape, g->lanes, run, out))
            return true;
    return false;
}

/* Whether the wide way is for full masks only: spreading a mask over several components costs
 * more than the test, and loads inside their buffer need no mask. */
static bool needs_all_lanes(const tj_gen *g, const tj_mem *mem, const span *s)
{
    bool needs_mask = mem->is_store || !g->options->has_bounds_checks;

    return !g->is_full && needs_mask && (mem->components > 1 || s->runs > 1 || !s->is_exact);
}

/* Byte offset of the lowest element of run `r`. */
static LLVMValueRef run_offset(tj_gen *g, const tj_mem *mem, const span *s, unsigned r)
{
    const tj_shape *shape = &mem->leaf.shape;
    unsigned lane = r * s->run;
    LLVMValueRef offset = tj_use_scalar(g, mem->pointer, 0);
    int64_t constant = k_at(shape->k, lane) + s->lowest;

    if (constant)
        offset = LLVMBuildAdd(g->b, offset, tj_i64(g, (uint64_t)constant), "");
    for (int t = 0; t < shape->term_count; t++) {
        const tj_term *term = &shape->terms[t];

        if (!term->k[lane])
            continue;
        LLVMValueRef step = LLVMBuildMul(g->b, tj_coefficient(g, term, g->t.i64),
                                         tj_i64(g, (uint64_t)term->k[lane]), "");

        offset = LLVMBuildAdd(g->b, offset, step, "");
    }
    return offset;
}

/* Joins two vectors of the same length. */
static LLVMValueRef concat(tj_gen *g, LLVMValueRef a, LLVMValueRef b)
{
    unsigned count = 2 * LLVMGetVectorSize(LLVMTypeOf(a));
    int lanes[2 * MAX_SPAN];

    for (unsigned i = 0; i < count; i++)
        lanes[i] = (int)i;
    return tj_shuffle(g, a, b, lanes, count);
}

static LLVMValueRef concat_all(tj_gen *g, LLVMValueRef *parts, unsigned count)
{
    for (; count > 1; count = (count + 1) / 2) {
        for (unsigned i = 0; i < count / 2; i++)
            parts[i] = concat(g, parts[2 * i], parts[2 * i + 1]);
        if (count % 2)
            parts[count / 2] =
                concat(g, parts[count - 1], LLVMGetPoison(LLVMTypeOf(parts[count - 1])));
    }
    return parts[0];
}

/* Four components of consecutive lanes, from the four vectors that hold them lane by lane: two
 * levels of two-input shuffles, eight instead of the twelve that LLVM makes of one level. */
static void deal_four(tj_gen *g, LLVMValueRef *quarter, unsigned run, LLVMValueRef *out)
{
    LLVMValueRef pairs[2][2]; /* [first or second half of the lanes][components] */
    int lanes[TJ_MAX_LANES];

    for (unsigned h = 0; h < 2; h++)
        for (unsigned c = 0; c < 2; c++) {
            for (unsigned i = 0; i < run; i++)
                lanes[i] = (int)(i % (run / 2) * 4 + 2 * c + i / (run / 2));
            pairs[h][c] = tj_shuffle(g, quarter[2 * h], quarter[2 * h + 1], lanes, run);
        }
    for (unsigned c = 0; c < 4; c++) {
        unsigned half = c % 2 * (run / 2);

        for (unsigned i = 0; i < run; i++)
            lanes[i] = (int)(i < run / 2 ? half + i : run + half + i - run / 2);
        out[c] = tj_shuffle(g, pairs[0][c / 2], pairs[1][c / 2], lanes, run);
    }
}

/* Whether a run holds its lanes' components one lane after the other. */
static bool is_in_a_row(const tj_mem *mem, const span *s)
{
    for (unsigned i = 0; i < s->run; i++)
        if (s->first[i] != (int)(mem->components * i))
            return false;
    return s->is_exact;
}

static bool is_four_in_a_row(const tj_mem *mem, const span *s)
{
    return mem->components == 4 && mem->elem_bytes == 4 && s->run >= 8 && is_in_a_row(mem, s);
}

/* Components of each run out of the runs' spans, joined over the runs. */
static void deal(tj_gen *g, const tj_mem *mem, const span *s, LLVMValueRef *wide,
                 LLVMValueRef *values)
{
    LLVMValueRef parts[TJ_MAX_LANES];
    int lanes[TJ_MAX_LANES];

    for (unsigned c = 0; c < mem->components; c++) {
        for (unsigned i = 0; i < s->run; i++)
            lanes[i] = s->first[i] + (int)c;
        for (unsigned r = 0; r < s->runs; r++)
            parts[r] = tj_shuffle(g, wide[r], NULL, lanes, s->run);
        values[c] = concat_all(g, parts, s->runs);
    }
}

static LLVMValueRef load_wide(tj_gen *g, const tj_mem *mem, LLVMTypeRef elem, unsigned count,
                              LLVMValueRef offset)
{
    LLVMValueRef load =
        LLVMBuildLoad2(g->b, LLVMVectorType(elem, count), tj_pointer_at(g, mem, offset), "");

    LLVMSetAlignment(load, mem->align);
    return load;
}

/* float4 and the like: each run in parts of at most 16 lanes, each part by four loads. */
static void load_fours(tj_gen *g, tj_mem *mem, const span *s, LLVMTypeRef elem,
                       const LLVMValueRef *offsets, LLVMValueRef *values)
{
    unsigned part = s->run < 16 ? s->run : 16, count = 0;
    LLVMValueRef parts[4][TJ_MAX_LANES], quarter[4], four[4], all[4 * TJ_MAX_LANES];

    for (unsigned r = 0; r < s->runs; r++)
        for (unsigned first = 0; first < s->run; first += part, count++) {
            for (unsigned q = 0; q < 4; q++) {
                uint64_t bytes = (uint64_t)(first * 4 + q * part) * mem->elem_bytes;
                LLVMValueRef at = LLVMBuildAdd(g->b, offsets[r], tj_i64(g, bytes), "");

                quarter[q] = all[4 * count + q] = load_wide(g, mem, elem, part, at);
            }
            deal_four(g, quarter, part, four);
            for (unsigned c = 0; c < 4; c++)
                parts[c][count] = four[c];
        }
    for (unsigned c = 0; c < 4; c++)
        values[c] = concat_all(g, parts[c], count);
    if (mem->keeps_whole)
        mem->whole = concat_all(g, all, 4 * count);
}

static void load_runs(tj_gen *g, tj_mem *mem, const span *s, LLVMTypeRef elem,
                      const LLVMValueRef *offsets, LLVMValueRef *values)
{
    LLVMValueRef wide[TJ_MAX_LANES];

    if (is_four_in_a_row(mem, s)) {
        load_fours(g, mem, s, elem, offsets, values);
        return;
    }
    for (unsigned r = 0; r < s->runs; r++)
        wide[r] = load_wide(g, mem, elem, s->count, offsets[r]);
    deal(g, mem, s, wide, values);
    if (mem->keeps_whole && is_in_a_row(mem, s))
        mem->whole = concat_all(g, wide, s->runs);
}

/* The span of run `r` put together from the lanes' components; also for masks. */
static LLVMValueRef weave(tj_gen *g, const tj_mem *mem, const span *s, unsigned r,
                          LLVMValueRef *values, bool is_mask)
{
    LLVMValueRef parts[TJ_MAX_COMPONENTS];
    int lanes[MAX_SPAN];
    unsigned kinds = is_mask ? 1 : mem->components;

    for (unsigned c = 0; c < kinds; c++)
        parts[c] = values[c];
    LLVMValueRef all = concat_all(g, parts, kinds);

    for (unsigned e = 0; e < s->count; e++)
        lanes[e] = -1;
    for (unsigned c = 0; c < mem->components; c++)
        for (unsigned i = 0; i < s->run; i++)
            lanes[s->first[i] + (int)c] = (int)((is_mask ? 0 : c) * g->lanes + r * s->run + i);
    return tj_shuffle(g, all, NULL, lanes, s->count);
}

/* Run `r` of the components of all lanes, one lane after the other. */
static LLVMValueRef cut_run(tj_gen *g, const span *s, LLVMValueRef whole, unsigned r)
{
    int lanes[MAX_SPAN];

    for (unsigned e = 0; e < s->count; e++)
        lanes[e] = (int)(r * s->count + e);
    return tj_shuffle(g, whole, NULL, lanes, s->count);
}

static void store_runs(tj_gen *g, const tj_mem *mem, const span *s, const LLVMValueRef *offsets,
                       LLVMValueRef *values)
{
    bool is_plain = g->is_full || needs_all_lanes(g, mem, s);

    for (unsigned r = 0; r < s->runs; r++) {
        LLVMValueRef wide = mem->whole && is_in_a_row(mem, s)
                                ? cut_run(g, s, mem->whole, r)
                                : weave(g, mem, s, r, values, false);

        tj_store_wide(g, mem, wide, tj_pointer_at(g, mem, offsets[r]),
                      is_plain ? NULL : weave(g, mem, s, r, &g->mask, true));
    }
}

/* Loads with part of the lanes off and no bounds known: only elements of active lanes. */
static void load_masked(tj_gen *g, const tj_mem *mem, const span *s, LLVMTypeRef elem,
                        const LLVMValueRef *offsets, LLVMValueRef *values)
{
    LLVMTypeRef type = LLVMVectorType(elem, s->count);
    LLVMValueRef wide[TJ_MAX_LANES];

    for (unsigned r = 0; r < s->runs; r++) {
        LLVMTypeRef types[] = {type, g->t.ptr};
        LLVMValueRef args[] = {tj_pointer_at(g, mem, offsets[r]),
                               weave(g, mem, s, r, &g->mask, true), LLVMConstNull(type)};

        wide[r] = tj_llvm(g, "llvm.masked.load", types, 2, args, 3);
        tj_align_pointers(g, wide[r], 0, mem->align);
    }
    deal(g, mem, s, wide, values);
}

static void access_lanes(tj_gen *g, const tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values)
{
    LLVMValueRef offsets = tj_use_vector(g, mem->pointer, 0);

    for (unsigned c = 0; c < mem->components; c++) {
        LLVMValueRef step = tj_const_like(offsets, g->t.i64, (uint64_t)c * mem->elem_bytes);
        LLVMValueRef at = tj_lane_pointers(g, mem, LLVMBuildAdd(g->b, offsets, step, ""));

        if (mem->is_store)
            tj_scatter(g, values[c], at, g->mask, mem->align);
        else
            values[c] = tj_gather(g, elem, at, g->mask, mem->align);
    }
}

/* Trees and scans in threadgroup memory step out of it in lanes that are off, all the time: the
 * runtime's way would be the usual one. */
static bool is_step_of_tree(const tj_gen *g, const tj_mem *mem)
{
    return g->has_barrier && !g->is_full && g->mask != g->entry_mask &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(mem->pointer)) == TJ_AS_THREADGROUP;
}

/* The way taken when a run is not inside, or an address wrapped: lane by lane. */
static void access_slowly(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values)
{
    LLVMTypeRef type = tj_vector_of(g, elem);
    uint64_t row = (uint64_t)mem->elem_bytes * g->lanes;

    if (!g->options->has_bounds_checks || is_step_of_tree(g, mem)) {
        tj_check_lanes(g, mem, tj_use_vector(g, mem->pointer, 0));
        access_lanes(g, mem, elem, values);
        return;
    }
    for (unsigned c = 0; mem->is_store && c < mem->components; c++)
        LLVMSetAlignment(
            LLVMBuildStore(g->b, values[c], tj_gep(g, g->data_slot, tj_i64(g, c * row))),
            mem->elem_bytes);
    tj_call_slow(g, mem);
    for (unsigned c = 0; !mem->is_store && c < mem->components; c++) {
        values[c] = LLVMBuildLoad2(g->b, type, tj_gep(g, g->data_slot, tj_i64(g, c * row)), "");
        LLVMSetAlignment(values[c], mem->elem_bytes);
    }
}

static void access_fast(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values,
                        const void *plan)
{
    const span *s = plan;

    if (mem->is_store)
        store_runs(g, mem, s, s->offsets, values);
    else if (g->is_full || g->options->has_bounds_checks || needs_all_lanes(g, mem, s))
        load_runs(g, mem, s, elem, s->offsets,
                  values); /* inside, so lanes that are off may read */
    else
        load_masked(g, mem, s, elem, s->offsets, values);
}

/* i1: the fast way is right; NULL: always. */
static LLVMValueRef fast_condition(tj_gen *g, const tj_mem *mem, const span *s,
                                   LLVMValueRef *offsets)
{
    LLVMValueRef ok = tj_in_range(g, mem->pointer, 0);

    if (needs_all_lanes(g, mem, s)) {
        LLVMValueRef all = tj_all(g, g->mask);

        ok = ok ? LLVMBuildAnd(g->b, ok, all, "") : all;
    }
    bool is_checked = g->options->has_bounds_checks &&
                      !tj_is_known_inside(g, mem, (uint64_t)mem->components * mem->elem_bytes);

    for (unsigned r = 0; is_checked && r < s->runs; r++) {
        LLVMValueRef inside =
            tj_is_inside(g, mem, offsets[r], (uint64_t)s->count * mem->elem_bytes);

        ok = ok ? LLVMBuildAnd(g->b, ok, inside, "") : inside;
    }
    return ok;
}

static LLVMValueRef merge(tj_gen *g, LLVMValueRef fast, LLVMBasicBlockRef fast_end,
                          LLVMValueRef slow, LLVMBasicBlockRef slow_end)
{
    LLVMValueRef phi = LLVMBuildPhi(g->b, LLVMTypeOf(fast), "");

    LLVMAddIncoming(phi, &fast, &fast_end, 1);
    LLVMAddIncoming(phi, &slow, &slow_end, 1);
    return phi;
}

/* The components of all lanes, one lane after the other. */
static LLVMValueRef weave_all(tj_gen *g, const tj_mem *mem, const LLVMValueRef *values)
{
    LLVMValueRef parts[TJ_MAX_COMPONENTS];
    int lanes[TJ_MAX_LANES * TJ_MAX_COMPONENTS];

    memcpy(parts, values, mem->components * sizeof(*parts));
    for (unsigned i = 0; i < g->lanes * mem->components; i++)
        lanes[i] = (int)(i % mem->components * g->lanes + i / mem->components);
    return tj_shuffle(g, concat_all(g, parts, mem->components), NULL, lanes,
                      g->lanes * mem->components);
}

void tj_emit_two_ways(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values,
                      LLVMValueRef ok, tj_fast_fn *fast, const void *plan)
{
    LLVMValueRef slow[TJ_MAX_COMPONENTS], slow_whole = NULL;

    if (!ok) {
        fast(g, mem, elem, values, plan);
        return;
    }
    LLVMBasicBlockRef fast_block = tj_new_block(g, "wide");
    LLVMBasicBlockRef slow_block = tj_new_block(g, "lanes");
    LLVMBasicBlockRef done = tj_new_block(g, "accessed");

    memcpy(slow, values, mem->components * sizeof(*slow));
    tj_likely(g, ok, fast_block, slow_block);
    LLVMPositionBuilderAtEnd(g->b, fast_block);
    fast(g, mem, elem, values, plan);
    LLVMBuildBr(g->b, done);
    LLVMPositionBuilderAtEnd(g->b, slow_block);
    access_slowly(g, mem, elem, slow);
    if (!mem->is_store && mem->whole)
        slow_whole = weave_all(g, mem, slow);
    slow_block = LLVMGetInsertBlock(g->b);
    LLVMBuildBr(g->b, done);
    LLVMPositionBuilderAtEnd(g->b, done);
    for (unsigned c = 0; !mem->is_store && c < mem->components; c++)
        values[c] = merge(g, values[c], fast_block, slow[c], slow_block);
    if (slow_whole)
        mem->whole = merge(g, mem->whole, fast_block, slow_whole, slow_block);
}

bool tj_emit_span(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values)
{
    span s;

    if (mem->leaf.root.is_varying && g->options->has_bounds_checks)
        return false;
    if (!find_span(g, mem, &s) || (mem->is_store && !s.is_exact))
        return tj_emit_clusters(g, mem, elem, values);
    for (unsigned r = 0; r < s.runs; r++)
        s.offsets[r] = run_offset(g, mem, &s, r);
    if (!mem->is_store && s.runs == 1)
        tj_prefetch(g, &mem->leaf.root, s.offsets[0], mem->pointer,
                    (uint64_t)s.count * mem->elem_bytes);
    tj_emit_two_ways(g, mem, elem, values, fast_condition(g, mem, &s, s.offsets), access_fast,
                     &s);
    return true;
}
