/* SPDX-License-Identifier: MIT */
/* SIMD-group and quad-group functions over the active lanes (air.md 4.3, 4.4).
 *
 * Reductions are butterflies over lane distance 16, 8, 4, 2, 1 (quads: 2, 1) in which both
 * partners compute lower lane op upper lane, so that all lanes get the same bits; lanes that
 * are not active contribute the identity. Prefix operations go from lane to lane. A read of a
 * lane that is not active or does not exist gives the reader its own value.
 */
#include "interp_internal.h"

static bool is_active(const tj_igroup *group, unsigned lane)
{
    return group->mask >> lane & 1;
}

/* ---- reductions ------------------------------------------------------------------------- */

typedef enum reduction { SUM, PRODUCT, MIN, MAX, AND, OR, XOR, REDUCTION_COUNT } reduction;

typedef struct simd_row {
    tj_iexec *exec;
    reduction op;
    unsigned width; /* 32, or 4 for quads */
} simd_row;

static const simd_row *row_of(tj_intrin id);

static tj_ifn *reduction_fn(reduction op, bool is_float)
{
    static tj_ifn *const fns[REDUCTION_COUNT][2] = {
        [SUM] = {tj_ifn_add, tj_ifn_fadd},  [PRODUCT] = {tj_ifn_mul, tj_ifn_fmul},
        [MIN] = {tj_ifn_imin, tj_ifn_fmin}, [MAX] = {tj_ifn_imax, tj_ifn_fmax},
        [AND] = {tj_ifn_and, tj_ifn_and},   [OR] = {tj_ifn_or, tj_ifn_or},
        [XOR] = {tj_ifn_xor, tj_ifn_xor},
    };
    return fns[op][is_float];
}

/* What lanes that are away contribute. The sum's -0 leaves a lone -0 as it is; the NaN of
 * minimum and maximum gives way to every number. */
static uint64_t identity_of(reduction op, tj_iscalar type)
{
    bool is_float = type.kind != TJ_I_INT;
    uint64_t top = UINT64_C(1) << (type.bits - 1);
    switch (op) {
    case SUM:
        return is_float ? top : 0;
    case PRODUCT:
        return is_float ? tj_ibits_of_double(type, 1) : 1;
    case MIN:
        if (is_float)
            return tj_ibits_of_double(type, __builtin_nan(""));
        return type.is_signed ? top - 1 : tj_imask(type.bits);
    case MAX:
        if (is_float)
            return tj_ibits_of_double(type, __builtin_nan(""));
        return type.is_signed ? top : 0;
    case AND:
        return tj_imask(type.bits);
    case OR:
    case XOR:
    case REDUCTION_COUNT:
        break;
    }
    return 0;
}

static bool exec_reduce(tj_igroup *group, const tj_iinst *inst)
{
    const simd_row *row = row_of(inst->intrin);
    uint64_t identity = identity_of(row->op, inst->from);
    tj_ifn *fn = reduction_fn(row->op, inst->from.kind != TJ_I_INT);
    for (unsigned e = 0; e < inst->type->length; e++) {
        uint64_t values[TJ_I_LANES], next[TJ_I_LANES];
        for (unsigned l = 0; l < TJ_I_LANES; l++)
            values[l] =
                is_active(group, l) ? tj_irow(group, inst->args[0].word + e)[l] : identity;
        for (unsigned distance = row->width / 2; distance > 0; distance /= 2) {
            for (unsigned l = 0; l < TJ_I_LANES; l++) {
                uint64_t args[2] = {values[l & ~distance], values[l | distance]};
                next[l] = fn(inst, args);
            }
            for (unsigned l = 0; l < TJ_I_LANES; l++)
                values[l] = next[l];
        }
        TJ_I_FOR_LANES(lane, group->mask)
        {
            tj_irow(group, inst->dest + e)[lane] = values[lane];
        }
    }
    return true;
}

/* The active lanes among the `width` neighbours of a lane, itself included. */
static uint32_t active_near(const tj_igroup *group, unsigned lane, unsigned width)
{
    return group->mask & ((uint32_t)tj_imask(width) << (lane - lane % width));
}

static void scan(tj_igroup *group, const tj_iinst *inst, bool is_inclusive)
{
    reduction op = row_of(inst->intrin)->op;
    unsigned width = row_of(inst->intrin)->width;
    bool is_float = inst->from.kind != TJ_I_INT;
    tj_ifn *fn = reduction_fn(op, is_float);
    uint64_t first = op == SUM ? 0 : identity_of(op, inst->from);
    for (unsigned e = 0; e < inst->type->length; e++) {
        const uint64_t *values = tj_irow(group, inst->args[0].word + e);
        uint64_t *dest = tj_irow(group, inst->dest + e);
        uint64_t total = 0;
        TJ_I_FOR_LANES(lane, group->mask)
        {
            bool is_first = lane == tj_ilane(active_near(group, lane, width));
            uint64_t args[2] = {total, values[lane]};
            uint64_t before = is_first ? first : total;
            total = is_first ? values[lane] : fn(inst, args);
            dest[lane] = is_inclusive ? total : before;
        }
    }
}

static bool exec_scan_inclusive(tj_igroup *group, const tj_iinst *inst)
{
    scan(group, inst, true);
    return true;
}

static bool exec_scan_exclusive(tj_igroup *group, const tj_iinst *inst)
{
    scan(group, inst, false);
    return true;
}

/* ---- shuffles --------------------------------------------------------------------------- */

/* Where lane `lane` reads, as a lane number of the SIMD-group; -1: its own value. `position`
 * is its place among `width` lanes. */
typedef int source_fn(unsigned position, unsigned operand, unsigned width);

static int source_named(unsigned position, unsigned operand, unsigned width)
{
    (void)position;
    return (int)(operand % width);
}

static int source_up(unsigned position, unsigned operand, unsigned width)
{
    (void)width;
    return operand > position ? -1 : (int)(position - operand);
}

static int source_down(unsigned position, unsigned operand, unsigned width)
{
    return operand >= width - position ? -1 : (int)(position + operand);
}

static int source_xor(unsigned position, unsigned operand, unsigned width)
{
    return (int)(position ^ operand % width);
}

static int source_rotate_up(unsigned position, unsigned operand, unsigned width)
{
    return (int)((position + width - operand % width) % width);
}

static int source_rotate_down(unsigned position, unsigned operand, unsigned width)
{
    return (int)((position + operand) % width);
}

static void shuffle(tj_igroup *group, const tj_iinst *inst, source_fn *source)
{
    unsigned width = row_of(inst->intrin)->width;
    const uint64_t *operands = tj_irow(group, inst->args[1].word);
    for (unsigned e = 0; e < inst->type->length; e++) {
        const uint64_t *values = tj_irow(group, inst->args[0].word + e);
        uint64_t *dest = tj_irow(group, inst->dest + e);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            unsigned position = lane % width;
            int from = source(position, (unsigned)operands[lane], width);
            unsigned chosen = from < 0 ? lane : lane - position + (unsigned)from;
            dest[lane] = values[is_active(group, chosen) ? chosen : lane];
        }
    }
}

#define SHUFFLE(name)                                                                          \
    static bool exec_##name(tj_igroup *group, const tj_iinst *inst)                            \
    {                                                                                          \
        shuffle(group, inst, source_##name);                                                   \
        return true;                                                                           \
    }
SHUFFLE(named)
SHUFFLE(up)
SHUFFLE(down)
SHUFFLE(xor)
SHUFFLE(rotate_up)
SHUFFLE(rotate_down)

static bool exec_broadcast_first(tj_igroup *group, const tj_iinst *inst)
{
    unsigned width = row_of(inst->intrin)->width;
    for (unsigned e = 0; e < inst->type->length; e++) {
        const uint64_t *values = tj_irow(group, inst->args[0].word + e);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            tj_irow(group, inst->dest + e)[lane] =
                values[tj_ilane(active_near(group, lane, width))];
        }
    }
    return true;
}

/* Operands data, fill, delta, modulo: vectors of `modulo` lanes move by `delta` and take what
 * comes in from the neighbouring end of the fill vector; own data when that lane is away. */
static bool exec_fill(tj_igroup *group, const tj_iinst *inst)
{
    bool is_up =
        inst->intrin == TJ_INTRIN_SIMD_FILL_UP || inst->intrin == TJ_INTRIN_QUAD_FILL_UP;
    unsigned width = row_of(inst->intrin)->width;
    for (unsigned e = 0; e < inst->type->length; e++) {
        const uint64_t *data = tj_irow(group, inst->args[0].word + e);
        const uint64_t *fill = tj_irow(group, inst->args[1].word + e);
        uint64_t *dest = tj_irow(group, inst->dest + e);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            unsigned delta = (unsigned)tj_irow(group, inst->args[2].word)[lane];
            unsigned modulo = (unsigned)tj_irow(group, inst->args[3].word)[lane];
            if (modulo == 0 || modulo > width || (modulo & (modulo - 1)))
                modulo = width;
            delta = delta > modulo ? modulo : delta;
            unsigned p = lane % modulo, first = lane - p;
            unsigned shift = is_up ? modulo - delta : delta; /* as a rotation downwards */
            unsigned from = first + (p + shift) % modulo;
            bool is_fill = is_up ? p < delta : p + delta >= modulo;
            dest[lane] = !is_active(group, from) ? data[lane]
                         : is_fill               ? fill[from]
                                                 : data[from];
        }
    }
    return true;
}

/* ---- votes ------------------------------------------------------------------------------ */

static uint32_t ballot(const tj_igroup *group, const tj_iinst *inst)
{
    uint32_t votes = 0;
    TJ_I_FOR_LANES(lane, group->mask)
    {
        votes |= (uint32_t)(tj_irow(group, inst->args[0].word)[lane] & 1) << lane;
    }
    return votes;
}

/* One bit for each neighbour of the lane, from the first of them on. */
static uint64_t near_bits(uint32_t bits, unsigned lane, unsigned width)
{
    return bits >> (lane - lane % width) & tj_imask(width);
}

static bool exec_ballot(tj_igroup *group, const tj_iinst *inst)
{
    uint32_t votes = ballot(group, inst);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] = near_bits(votes, lane, row_of(inst->intrin)->width);
    }
    return true;
}

static bool exec_all(tj_igroup *group, const tj_iinst *inst)
{
    uint32_t against = group->mask & ~ballot(group, inst);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] =
            near_bits(against, lane, row_of(inst->intrin)->width) == 0;
    }
    return true;
}

static bool exec_any(tj_igroup *group, const tj_iinst *inst)
{
    uint32_t votes = ballot(group, inst);
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] =
            near_bits(votes, lane, row_of(inst->intrin)->width) != 0;
    }
    return true;
}

static bool exec_active_mask(tj_igroup *group, const tj_iinst *inst)
{
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] =
            near_bits(group->mask, lane, row_of(inst->intrin)->width);
    }
    return true;
}

static bool exec_is_first(tj_igroup *group, const tj_iinst *inst)
{
    TJ_I_FOR_LANES(lane, group->mask)
    {
        uint32_t near = active_near(group, lane, row_of(inst->intrin)->width);
        tj_irow(group, inst->dest)[lane] = lane == tj_ilane(near);
    }
    return true;
}

static bool exec_width(tj_igroup *group, const tj_iinst *inst)
{
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] = TJ_I_LANES;
    }
    return true;
}

/* Whether the active lanes hold the same bits. extra: elements of the operand. */
static bool exec_is_uniform(tj_igroup *group, const tj_iinst *inst)
{
    unsigned length = *(const unsigned *)inst->extra;
    bool is_uniform = true;
    for (unsigned e = 0; e < length; e++) {
        const uint64_t *values = tj_irow(group, inst->args[0].word + e);
        TJ_I_FOR_LANES(lane, group->mask)
        {
            is_uniform &= values[lane] == values[tj_ilane(group->mask)];
        }
    }
    TJ_I_FOR_LANES(lane, group->mask)
    {
        tj_irow(group, inst->dest)[lane] = is_uniform;
    }
    return true;
}

/* ---- table ------------------------------------------------------------------------------ */

static const simd_row *row_of(tj_intrin id)
{
    static const simd_row rows[TJ_INTRIN_COUNT] = {
        [TJ_INTRIN_SIMD_SUM] = {exec_reduce, SUM, 32},
        [TJ_INTRIN_SIMD_PRODUCT] = {exec_reduce, PRODUCT, 32},
        [TJ_INTRIN_SIMD_MIN] = {exec_reduce, MIN, 32},
        [TJ_INTRIN_SIMD_MAX] = {exec_reduce, MAX, 32},
        [TJ_INTRIN_SIMD_AND] = {exec_reduce, AND, 32},
        [TJ_INTRIN_SIMD_OR] = {exec_reduce, OR, 32},
        [TJ_INTRIN_SIMD_XOR] = {exec_reduce, XOR, 32},
        [TJ_INTRIN_SIMD_PREFIX_INC_SUM] = {exec_scan_inclusive, SUM, 32},
        [TJ_INTRIN_SIMD_PREFIX_EXC_SUM] = {exec_scan_exclusive, SUM, 32},
        [TJ_INTRIN_SIMD_PREFIX_INC_PRODUCT] = {exec_scan_inclusive, PRODUCT, 32},
        [TJ_INTRIN_SIMD_PREFIX_EXC_PRODUCT] = {exec_scan_exclusive, PRODUCT, 32},
        [TJ_INTRIN_SIMD_BROADCAST] = {exec_named, 0, 32},
        [TJ_INTRIN_SIMD_BROADCAST_FIRST] = {exec_broadcast_first, 0, 32},
        [TJ_INTRIN_SIMD_SHUFFLE] = {exec_named, 0, 32},
        [TJ_INTRIN_SIMD_SHUFFLE_UP] = {exec_up, 0, 32},
        [TJ_INTRIN_SIMD_SHUFFLE_DOWN] = {exec_down, 0, 32},
        [TJ_INTRIN_SIMD_SHUFFLE_XOR] = {exec_xor, 0, 32},
        [TJ_INTRIN_SIMD_ROTATE_UP] = {exec_rotate_up, 0, 32},
        [TJ_INTRIN_SIMD_ROTATE_DOWN] = {exec_rotate_down, 0, 32},
        [TJ_INTRIN_SIMD_FILL_UP] = {exec_fill, 0, 32},
        [TJ_INTRIN_SIMD_FILL_DOWN] = {exec_fill, 0, 32},
        [TJ_INTRIN_SIMD_ALL] = {exec_all, 0, 32},
        [TJ_INTRIN_SIMD_ANY] = {exec_any, 0, 32},
        [TJ_INTRIN_SIMD_BALLOT] = {exec_ballot, 0, 32},
        [TJ_INTRIN_SIMD_ACTIVE_MASK] = {exec_active_mask, 0, 32},
        [TJ_INTRIN_SIMD_IS_FIRST] = {exec_is_first, 0, 32},
        [TJ_INTRIN_IS_UNIFORM] = {exec_is_uniform, 0, 32},
        [TJ_INTRIN_SIMDGROUP_SIZE] = {exec_width, 0, 32},
        [TJ_INTRIN_QUAD_SUM] = {exec_reduce, SUM, 4},
        [TJ_INTRIN_QUAD_PRODUCT] = {exec_reduce, PRODUCT, 4},
        [TJ_INTRIN_QUAD_MIN] = {exec_reduce, MIN, 4},
        [TJ_INTRIN_QUAD_MAX] = {exec_reduce, MAX, 4},
        [TJ_INTRIN_QUAD_AND] = {exec_reduce, AND, 4},
        [TJ_INTRIN_QUAD_OR] = {exec_reduce, OR, 4},
        [TJ_INTRIN_QUAD_XOR] = {exec_reduce, XOR, 4},
        [TJ_INTRIN_QUAD_PREFIX_INC_SUM] = {exec_scan_inclusive, SUM, 4},
        [TJ_INTRIN_QUAD_PREFIX_EXC_SUM] = {exec_scan_exclusive, SUM, 4},
        [TJ_INTRIN_QUAD_PREFIX_INC_PRODUCT] = {exec_scan_inclusive, PRODUCT, 4},
        [TJ_INTRIN_QUAD_PREFIX_EXC_PRODUCT] = {exec_scan_exclusive, PRODUCT, 4},
        [TJ_INTRIN_QUAD_BROADCAST] = {exec_named, 0, 4},
        [TJ_INTRIN_QUAD_BROADCAST_FIRST] = {exec_broadcast_first, 0, 4},
        [TJ_INTRIN_QUAD_SHUFFLE] = {exec_named, 0, 4},
        [TJ_INTRIN_QUAD_SHUFFLE_UP] = {exec_up, 0, 4},
        [TJ_INTRIN_QUAD_SHUFFLE_DOWN] = {exec_down, 0, 4},
        [TJ_INTRIN_QUAD_SHUFFLE_XOR] = {exec_xor, 0, 4},
        [TJ_INTRIN_QUAD_ROTATE_UP] = {exec_rotate_up, 0, 4},
        [TJ_INTRIN_QUAD_ROTATE_DOWN] = {exec_rotate_down, 0, 4},
        [TJ_INTRIN_QUAD_FILL_UP] = {exec_fill, 0, 4},
        [TJ_INTRIN_QUAD_FILL_DOWN] = {exec_fill, 0, 4},
        [TJ_INTRIN_QUAD_ALL] = {exec_all, 0, 4},
        [TJ_INTRIN_QUAD_ANY] = {exec_any, 0, 4},
        [TJ_INTRIN_QUAD_BALLOT] = {exec_ballot, 0, 4},
        [TJ_INTRIN_QUAD_ACTIVE_MASK] = {exec_active_mask, 0, 4},
        [TJ_INTRIN_QUAD_IS_FIRST] = {exec_is_first, 0, 4},
    };
    return &rows[id];
}

tj_iexec *tj_iexec_of_simd(tj_intrin id)
{
    return row_of(id)->exec;
}
