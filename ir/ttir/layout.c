/* SPDX-License-Identifier: MIT */
/* Linear layouts: construction, views of tensors, conversions by Gaussian elimination. */
#include "ttir/layout.h"

#include "text.h"

#include <string.h>

bool tj_tt_same_layout(const tj_tt_layout *a, const tj_tt_layout *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static uint32_t combine(const uint32_t *bases, unsigned count, uint32_t bits)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum ^= bits >> i & 1 ? bases[i] : 0;
    return sum;
}

uint32_t tj_tt_element(const tj_tt_layout *l, tj_tt_place place)
{
    return combine(l->reg, l->regs, place.reg) ^ combine(l->lane, TJ_TT_LANE_BITS, place.lane) ^
           combine(l->group, l->groups, place.group);
}

unsigned tj_tt_dim_shift(const tj_tt_type *type, unsigned dim)
{
    unsigned shift = 0;
    for (unsigned i = dim + 1; i < type->rank; i++)
        shift += type->log2[i];
    return shift;
}

uint32_t tj_tt_dim_mask(const tj_tt_type *type, unsigned dim)
{
    return ((1u << type->log2[dim]) - 1) << tj_tt_dim_shift(type, dim);
}

/* ---- construction ----------------------------------------------------------------------- */

/* The bits of a tensor in the order in which a layout takes them. */
static unsigned list_bits(const tj_tt_type *type, const uint8_t *order, uint32_t *out)
{
    unsigned count = 0;
    for (unsigned i = 0; i < type->rank; i++)
        for (unsigned bit = 0; bit < type->log2[order[i]]; bit++)
            out[count++] = 1u << (tj_tt_dim_shift(type, order[i]) + bit);
    return count;
}

tj_tt_layout tj_tt_blocked(const tj_tt_type *type, const uint8_t *order, unsigned per_thread,
                           unsigned group_bits)
{
    tj_tt_layout out = {.groups = (uint8_t)group_bits};
    uint32_t bits[TJ_TT_MAX_LOG2 + 1];
    unsigned count = list_bits(type, order, bits), at = 0;
    while (out.regs < per_thread && at < count)
        out.reg[out.regs++] = bits[at++];
    for (unsigned i = 0; i < TJ_TT_LANE_BITS && at < count; i++)
        out.lane[i] = bits[at++];
    /* SIMD-groups take the highest bits, so that each has a block of its own */
    unsigned taken = count - at < group_bits ? count - at : group_bits;
    for (unsigned i = 0; i < taken; i++)
        out.group[i] = bits[count - taken + i];
    for (count -= taken; at < count;)
        out.reg[out.regs++] = bits[at++];
    return out;
}

tj_tt_layout tj_tt_default_layout(const tj_tt_type *type, unsigned group_bits)
{
    uint8_t order[TJ_TT_MAX_RANK];
    for (unsigned i = 0; i < type->rank; i++)
        order[i] = (uint8_t)(type->rank - 1 - i);
    return tj_tt_blocked(type, order, 0, group_bits);
}

tj_tt_layout tj_tt_matrix_layout(const tj_tt_type *type, unsigned group_bits)
{
    unsigned n = type->log2[type->rank - 1], m = type->log2[type->rank - 2];
    unsigned left[3] = {n, m, type->rank > 2 ? type->log2[0] : 0};
    const unsigned start[3] = {0, n, n + m}, least[3] = {TJ_TT_SIDE_BITS, TJ_TT_SIDE_BITS, 0};
    tj_tt_layout out = {.groups = (uint8_t)group_bits,
                        .lane = {2, 1u << n, 2u << n, 4, 4u << n}};
    for (unsigned dim = 3, at = 0; dim-- > 0;)
        for (; at < group_bits && left[dim] > least[dim]; at++)
            out.group[at] = 1u << (start[dim] + --left[dim]);
    out.reg[out.regs++] = 1;
    for (unsigned dim = 0; dim < 3; dim++)
        for (unsigned bit = least[dim]; bit < left[dim]; bit++)
            out.reg[out.regs++] = 1u << (start[dim] + bit);
    return out;
}

bool tj_tt_is_matrices(const tj_tt_type *type, const tj_tt_layout *layout)
{
    bool is_float =
        type->elem == TJ_TT_F32 || type->elem == TJ_TT_F16 || type->elem == TJ_TT_BF16;
    if (type->form != TJ_TT_TENSOR || type->is_pointer || !is_float || type->rank < 2 ||
        type->rank > 3 || type->log2[type->rank - 1] < TJ_TT_SIDE_BITS ||
        type->log2[type->rank - 2] < TJ_TT_SIDE_BITS)
        return false;
    tj_tt_layout matrices = tj_tt_matrix_layout(type, layout->groups);
    return tj_tt_same_layout(&matrices, layout);
}

/* ---- views ------------------------------------------------------------------------------ */

static uint32_t squeeze(uint32_t value, uint32_t mask)
{
    uint32_t out = 0;
    for (unsigned from = 0, to = 0; from < 32; from++)
        if (!(mask >> from & 1))
            out |= (value >> from & 1) << to++;
    return out;
}

tj_tt_layout tj_tt_without_bits(const tj_tt_layout *layout, uint32_t mask)
{
    tj_tt_layout out = {.groups = layout->groups};
    for (unsigned i = 0; i < layout->regs; i++)
        if (layout->reg[i] & ~mask)
            out.reg[out.regs++] = squeeze(layout->reg[i], mask);
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        out.lane[i] = squeeze(layout->lane[i], mask);
    for (unsigned i = 0; i < layout->groups; i++)
        out.group[i] = squeeze(layout->group[i], mask);
    return out;
}

uint32_t tj_tt_register_without(const tj_tt_layout *layout, uint32_t mask, uint32_t reg)
{
    uint32_t out = 0;
    for (unsigned i = 0, to = 0; i < layout->regs; i++)
        if (layout->reg[i] & ~mask)
            out |= (reg >> i & 1) << to++;
    return out;
}

/* Moves each dimension's bits: result dimension i is source dimension order[i]. */
static uint32_t permute(uint32_t value, const tj_tt_type *from, const uint8_t *order,
                        bool is_inverse)
{
    uint32_t out = 0;
    unsigned to_shift = 0;
    for (unsigned i = from->rank; i-- > 0;) {
        unsigned from_shift = tj_tt_dim_shift(from, order[i]), bits = from->log2[order[i]];
        uint32_t mask = (1u << bits) - 1;
        if (is_inverse)
            out |= (value >> to_shift & mask) << from_shift;
        else
            out |= (value >> from_shift & mask) << to_shift;
        to_shift += bits;
    }
    return out;
}

static tj_tt_layout permute_all(const tj_tt_layout *layout, const tj_tt_type *from,
                                const uint8_t *order, bool is_inverse)
{
    tj_tt_layout out = *layout;
    for (unsigned i = 0; i < out.regs; i++)
        out.reg[i] = permute(out.reg[i], from, order, is_inverse);
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        out.lane[i] = permute(out.lane[i], from, order, is_inverse);
    for (unsigned i = 0; i < out.groups; i++)
        out.group[i] = permute(out.group[i], from, order, is_inverse);
    return out;
}

tj_tt_layout tj_tt_permuted(const tj_tt_layout *layout, const tj_tt_type *from,
                            const uint8_t *order)
{
    return permute_all(layout, from, order, false);
}

tj_tt_layout tj_tt_unpermuted(const tj_tt_layout *layout, const tj_tt_type *from,
                              const uint8_t *order)
{
    return permute_all(layout, from, order, true);
}

/* ---- solving ---------------------------------------------------------------------------- */

/* Bases in echelon form, each with the place that it is the image of. */
typedef struct basis {
    uint32_t image[32];
    tj_tt_place place[32];
} basis;

static tj_tt_place add(tj_tt_place a, tj_tt_place b)
{
    return (tj_tt_place){a.reg ^ b.reg, a.lane ^ b.lane, a.group ^ b.group};
}

/* Takes from `*value` what the basis spans; answers the place of what was taken. */
static tj_tt_place reduce(const basis *b, uint32_t *value)
{
    tj_tt_place sum = {0};
    for (unsigned bit = 32; bit-- > 0;)
        if (*value >> bit & 1 && b->image[bit]) {
            *value ^= b->image[bit];
            sum = add(sum, b->place[bit]);
        }
    return sum;
}

/* False when the image depends on those that are there. */
static bool extend(basis *b, uint32_t image, tj_tt_place place)
{
    place = add(place, reduce(b, &image));
    if (!image)
        return false;
    unsigned top = 31 - (unsigned)__builtin_clz(image);
    b->image[top] = image;
    b->place[top] = place;
    return true;
}

enum { REGISTERS = 1, LANES = 2, GROUPS = 4 };

static basis span(const tj_tt_layout *l, unsigned parts, tj_tt_place *free_bits)
{
    basis b = {{0}, {{0}}};
    for (unsigned i = 0; parts & REGISTERS && i < l->regs; i++)
        if (!extend(&b, l->reg[i], (tj_tt_place){.reg = 1u << i}))
            free_bits->reg |= 1u << i;
    for (unsigned i = 0; parts & LANES && i < TJ_TT_LANE_BITS; i++)
        if (!extend(&b, l->lane[i], (tj_tt_place){.lane = 1u << i}))
            free_bits->lane |= 1u << i;
    for (unsigned i = 0; parts & GROUPS && i < l->groups; i++)
        if (!extend(&b, l->group[i], (tj_tt_place){.group = 1u << i}))
            free_bits->group |= 1u << i;
    return b;
}

tj_tt_place tj_tt_free_bits(const tj_tt_layout *layout)
{
    tj_tt_place out = {0};
    span(layout, REGISTERS | LANES | GROUPS, &out);
    return out;
}

/* The place of `image` if the basis reaches it; `own` is added: the place stays what it was
 * where it can. */
static bool solve(const basis *b, uint32_t image, tj_tt_place own, tj_tt_place *out)
{
    *out = add(own, reduce(b, &image));
    return !image;
}

/* Every place of `to` out of places of `from` that differ in `parts` only. */
static bool plan_within(const tj_tt_layout *from, const tj_tt_layout *to, unsigned parts,
                        tj_tt_conversion *out)
{
    tj_tt_place ignored = {0}, none = {0};
    basis b = span(from, parts, &ignored);
    for (unsigned i = 0; i < to->regs; i++)
        if (!solve(&b, to->reg[i], none, &out->reg[i]))
            return false;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        if (!solve(&b, to->lane[i] ^ from->lane[i], (tj_tt_place){.lane = 1u << i},
                   &out->lane[i]))
            return false;
    for (unsigned i = 0; i < to->groups; i++) {
        uint32_t same = i < from->groups ? from->group[i] : 0;
        if (!solve(&b, to->group[i] ^ same, (tj_tt_place){.group = 1u << i}, &out->group[i]))
            return false;
    }
    return true;
}

/* Registers that depend on the lane or group need selects; more than a few are slower than
 * memory. */
static bool is_cheap(const tj_tt_conversion *plan, unsigned groups)
{
    unsigned selects = 0;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        selects += plan->lane[i].reg != 0;
    for (unsigned i = 0; i < groups; i++)
        selects += plan->group[i].reg != 0;
    return selects <= 2;
}

/* Whether a register's source depends on the place. */
static bool has_selects(const tj_tt_conversion *plan, unsigned groups)
{
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        if (plan->lane[i].reg)
            return true;
    for (unsigned i = 0; i < groups; i++)
        if (plan->group[i].reg)
            return true;
    return false;
}

static int find_base(const uint32_t *bases, unsigned count, uint32_t base)
{
    for (unsigned i = 0; i < count; i++)
        if (bases[i] == base)
            return (int)i;
    return -1;
}

/* The next bit that has to leave the lanes of `now`, and one that has to come in: best one that
 * stays in that place. False: the lanes hold what those of `to` do. */
static bool find_swap(const tj_tt_layout *now, const tj_tt_layout *to, tj_tt_swap *out)
{
    int lane = -1, reg = -1;
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++) {
        if (find_base(to->lane, TJ_TT_LANE_BITS, now->lane[i]) >= 0)
            continue;
        int same = find_base(now->reg, now->regs, to->lane[i]);
        if (lane < 0 || (reg < 0 && same >= 0)) {
            lane = (int)i;
            reg = same;
        }
    }
    for (unsigned i = 0; lane >= 0 && reg < 0 && i < now->regs; i++)
        if (find_base(to->lane, TJ_TT_LANE_BITS, now->reg[i]) >= 0)
            reg = (int)i;
    *out = (tj_tt_swap){(uint8_t)reg, (uint8_t)lane};
    return lane >= 0 && reg >= 0;
}

enum { MAX_SWAPPED = 512 }; /* registers, of all swaps: code for more is large */

/* By swaps of bits of registers and of lanes, each once, then without selects. Source: the
 * decomposition of Triton's conversions within a warp, in small. */
static bool plan_swaps(const tj_tt_layout *from, const tj_tt_layout *to, tj_tt_conversion *out)
{
    tj_tt_layout now = *from;
    tj_tt_swap swap;
    *out = (tj_tt_conversion){.move = TJ_TT_MOVE_SWAPS};
    while (find_swap(&now, to, &swap)) {
        if (out->swap_count == TJ_TT_MAX_SWAPS ||
            (out->swap_count + 1) << from->regs > MAX_SWAPPED)
            return false;
        uint32_t moved = now.lane[swap.lane];
        now.lane[swap.lane] = now.reg[swap.reg];
        now.reg[swap.reg] = moved;
        out->swaps[out->swap_count++] = swap;
    }
    return plan_within(&now, to, REGISTERS | LANES, out) && !has_selects(out, to->groups);
}

tj_tt_conversion tj_tt_plan_conversion(const tj_tt_layout *from, const tj_tt_layout *to)
{
    tj_tt_conversion out = {.move = TJ_TT_MOVE_RENAME}, swaps;
    if (plan_within(from, to, REGISTERS, &out) && is_cheap(&out, to->groups))
        return out;
    out = (tj_tt_conversion){.move = TJ_TT_MOVE_SHUFFLE};
    bool is_within = plan_within(from, to, REGISTERS | LANES, &out);
    if (is_within && !has_selects(&out, to->groups))
        return out;
    if (is_within && plan_swaps(from, to, &swaps))
        return swaps;
    if (is_within && is_cheap(&out, to->groups))
        return out;
    return (tj_tt_conversion){.move = TJ_TT_MOVE_MEMORY};
}

/* ---- text ------------------------------------------------------------------------------- */

static void print_bases(tj_text *out, const char *name, const uint32_t *bases, unsigned count)
{
    tj_text_printf(out, "%s [", name);
    for (unsigned i = 0; i < count; i++)
        tj_text_printf(out, i ? " %u" : "%u", bases[i]);
    tj_text_puts(out, "]");
}

const char *tj_tt_layout_text(tj_arena *arena, const tj_tt_layout *layout)
{
    tj_text text = {0};
    print_bases(&text, "reg", layout->reg, layout->regs);
    print_bases(&text, " lane", layout->lane, TJ_TT_LANE_BITS);
    print_bases(&text, " group", layout->group, layout->groups);
    const char *copied = tj_arena_strndup(arena, text.data, text.byte_len);
    tj_text_fini(&text);
    return copied;
}
