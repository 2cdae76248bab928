/* SPDX-License-Identifier: MIT */
/* Accesses of lane-affine addresses whose lanes are permuted: sorted by address, the lanes fall
 * into a few clusters of consecutive elements, such as the columns that a transposing store
 * fills. Each cluster is one vector access, and one shuffle puts the lanes in order.
 */
#include "host.h"

enum { MIN_CLUSTER = 4 };

typedef struct clusters {
    unsigned count;
    unsigned first[TJ_MAX_LANES + 1]; /* places in `lane` where clusters begin */
    unsigned lane[TJ_MAX_LANES];      /* lanes in order of address */
    LLVMValueRef offset[TJ_MAX_LANES];
} clusters;

static void sort_lanes(const int64_t *k, unsigned lanes, unsigned *order)
{
    for (unsigned i = 0; i < lanes; i++) {
        unsigned at = i;

        for (; at && k[order[at - 1]] > k[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static bool find_clusters(const tj_gen *g, const tj_mem *mem, clusters *out)
{
    const tj_shape *shape = &mem->leaf.shape;

    if (shape->term_count || !shape->k || mem->components != 1)
        return false;
    sort_lanes(shape->k, g->lanes, out->lane);
    out->count = 0;
    for (unsigned i = 0; i < g->lanes; i++) {
        int64_t step = i ? shape->k[out->lane[i]] - shape->k[out->lane[i - 1]] : 0;

        if (i && step == 0)
            return false; /* two lanes at one place: the last one must win */
        if (!i || step != mem->elem_bytes)
            out->first[out->count++] = i;
    }
    out->first[out->count] = g->lanes;
    return out->count * MIN_CLUSTER <= g->lanes;
}

static unsigned length_of(const clusters *c, unsigned i)
{
    return c->first[i + 1] - c->first[i];
}

static void store_clusters(tj_gen *g, tj_mem *mem, const clusters *c, LLVMValueRef value)
{
    int lanes[TJ_MAX_LANES];

    for (unsigned i = 0; i < c->count; i++) {
        for (unsigned e = 0; e < length_of(c, i); e++)
            lanes[e] = (int)c->lane[c->first[i] + e];
        LLVMValueRef part = tj_shuffle(g, value, NULL, lanes, length_of(c, i));

        LLVMSetAlignment(LLVMBuildStore(g->b, part, tj_pointer_at(g, mem, c->offset[i])),
                         mem->align);
    }
}

static LLVMValueRef load_clusters(tj_gen *g, tj_mem *mem, const clusters *c, LLVMTypeRef elem)
{
    LLVMValueRef all = LLVMGetPoison(tj_vector_of(g, elem));
    int widen[TJ_MAX_LANES], lanes[TJ_MAX_LANES];

    for (unsigned i = 0; i < c->count; i++) {
        unsigned length = length_of(c, i);
        LLVMValueRef part = LLVMBuildLoad2(g->b, LLVMVectorType(elem, length),
                                           tj_pointer_at(g, mem, c->offset[i]), "");

        LLVMSetAlignment(part, mem->align);
        for (unsigned l = 0; l < g->lanes; l++) {
            widen[l] = l < length ? (int)l : -1;
            lanes[l] = (int)l;
        }
        for (unsigned e = 0; e < length; e++)
            lanes[c->lane[c->first[i] + e]] = (int)(g->lanes + e);
        part = tj_shuffle(g, part, NULL, widen, g->lanes);
        all = tj_shuffle(g, all, part, lanes, g->lanes);
    }
    return all;
}

static void access_clusters(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values,
                            const void *plan)
{
    if (mem->is_store)
        store_clusters(g, mem, plan, values[0]);
    else
        values[0] = load_clusters(g, mem, plan, elem);
}

bool tj_emit_clusters(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values)
{
    bool has_checks = g->options->has_bounds_checks &&
                      !tj_is_known_inside(g, mem, (uint64_t)mem->components * mem->elem_bytes);
    LLVMValueRef ok = tj_in_range(g, mem->pointer, 0);
    clusters c;

    if (!find_clusters(g, mem, &c))
        return false;
    if (!g->is_full && (mem->is_store || !has_checks)) {
        LLVMValueRef all = tj_all(g, g->mask);

        ok = ok ? LLVMBuildAnd(g->b, ok, all, "") : all;
    }
    for (unsigned i = 0; i < c.count; i++) {
        int64_t start = mem->leaf.shape.k[c.lane[c.first[i]]];

        c.offset[i] = LLVMBuildAdd(g->b, tj_use_scalar(g, mem->pointer, 0),
                                   tj_i64(g, (uint64_t)start), "");
        if (!has_checks)
            continue;
        LLVMValueRef inside =
            tj_is_inside(g, mem, c.offset[i], (uint64_t)length_of(&c, i) * mem->elem_bytes);

        ok = ok ? LLVMBuildAnd(g->b, ok, inside, "") : inside;
    }
    tj_emit_two_ways(g, mem, elem, values, ok, access_clusters, &c);
    return true;
}
