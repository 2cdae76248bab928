/* SPDX-License-Identifier: MIT */
/* SIMD-group matrices: 8x8 tiles, of which every lane holds two neighbouring elements of one
 * row. Lane layout, strides and both operand forms: air.md 4.9. */
#include "interp_internal.h"

#include <math.h>
#include <string.h>

enum { SIDE = 8 };

/* The lane that holds element (row, column), and which of its two elements it is. The inverse
 * of: row ((l / 4) & 4) + (l / 2) % 4, columns from ((l / 4) & 2) * 2 + (l % 2) * 2. */
static unsigned lane_of(unsigned row, unsigned column, unsigned *part)
{
    *part = column & 1;
    return (row & 4) * 4 + (column & 4) * 2 + (row & 3) * 2 + (column >> 1 & 1);
}

static uint64_t *element(const tj_igroup *group, uint32_t word, unsigned row, unsigned column)
{
    unsigned part, lane = lane_of(row, column, &part);
    return &tj_irow(group, word + part)[lane];
}

static bool has_all_lanes(tj_igroup *group, const tj_iinst *inst)
{
    return group->mask == UINT32_MAX ||
           tj_ifault_diverged(group, inst, tj_intrin_infos[inst->intrin].name);
}

/* ---- memory ----------------------------------------------------------------------------- */

typedef struct place {
    uint64_t address, region;
    uint64_t row_stride, column_stride, offset; /* elements */
} place;

/* Operands from `first`: pointer, then the row length, origin, transpose flag (AIR up to
 * 2.7), or dimensions, strides, origin (AIR 2.8), which lane 0 speaks for. */
static place place_of(const tj_igroup *group, const tj_iinst *inst, unsigned first)
{
    const tj_iarg *args = inst->args + first;
    place p = {tj_irow(group, args[0].word)[0], tj_irow(group, args[0].word + 1)[0], 0, 0, 0};
    bool is_new_form = *(const bool *)inst->extra;
    uint32_t origin_word = args[is_new_form ? 3 : 2].word;
    uint64_t origin[2] = {tj_irow(group, origin_word)[0], tj_irow(group, origin_word + 1)[0]};
    if (is_new_form) {
        p.column_stride = tj_irow(group, args[2].word)[0];
        p.row_stride = tj_irow(group, args[2].word + 1)[0];
    } else {
        uint64_t row_length = tj_irow(group, args[1].word)[0];
        bool is_transposed = tj_irow(group, args[3].word)[0] & 1;
        p.column_stride = is_transposed ? row_length : 1;
        p.row_stride = is_transposed ? 1 : row_length;
        if (is_transposed) {
            uint64_t swapped = origin[0];
            origin[0] = origin[1];
            origin[1] = swapped;
        }
    }
    p.offset = origin[0] * p.column_stride + origin[1] * p.row_stride;
    return p;
}

static uint64_t address_of(const place *p, unsigned row, unsigned column, uint64_t byte_len)
{
    return p->address +
           (p->offset + row * p->row_stride + column * p->column_stride) * byte_len;
}

static bool check_tile(tj_igroup *group, const tj_iinst *inst, const place *p, const char *what,
                       uint64_t byte_len)
{
    for (unsigned row = 0; row < SIDE; row++) {
        for (unsigned column = 0; column < SIDE; column++) {
            unsigned part, lane = lane_of(row, column, &part);
            if (!tj_icheck(group, lane, inst, what, address_of(p, row, column, byte_len),
                           p->region, byte_len))
                return false;
        }
    }
    return true;
}

static bool exec_load(tj_igroup *group, const tj_iinst *inst)
{
    if (!has_all_lanes(group, inst))
        return false;
    place p = place_of(group, inst, 0);
    size_t byte_len = inst->type->elem.bits / 8;
    if (!check_tile(group, inst, &p, "load", byte_len))
        return false;
    for (unsigned row = 0; row < SIDE; row++) {
        for (unsigned column = 0; column < SIDE; column++) {
            uint64_t value = 0;
            uint64_t address = address_of(&p, row, column, byte_len);
            memcpy(&value, (const void *)(uintptr_t)address, byte_len);
            *element(group, inst->dest, row, column) = value;
        }
    }
    return true;
}

/* Operands: value, then as for loads. type: of the value. */
static bool exec_store(tj_igroup *group, const tj_iinst *inst)
{
    if (!has_all_lanes(group, inst))
        return false;
    place p = place_of(group, inst, 1);
    size_t byte_len = inst->type->elem.bits / 8;
    if (!check_tile(group, inst, &p, "store", byte_len))
        return false;
    for (unsigned row = 0; row < SIDE; row++) {
        for (unsigned column = 0; column < SIDE; column++) {
            uint64_t value = *element(group, inst->args[0].word, row, column);
            uint64_t address = address_of(&p, row, column, byte_len);
            memcpy((void *)(uintptr_t)address, &value, byte_len);
        }
    }
    return true;
}

/* ---- arithmetic ------------------------------------------------------------------------- */

static void read_tile(const tj_igroup *group, uint32_t word, tj_iscalar type,
                      float tile[SIDE][SIDE])
{
    for (unsigned row = 0; row < SIDE; row++)
        for (unsigned column = 0; column < SIDE; column++)
            tile[row][column] = tj_ifloat_of(type, *element(group, word, row, column));
}

/* D = A * B + C in float, from k = 0 on with fused steps; one rounding to D's type at the end.
 * extra: element types of A, B and C. */
static bool exec_multiply_accumulate(tj_igroup *group, const tj_iinst *inst)
{
    const tj_iscalar *types = inst->extra;
    float a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
    if (!has_all_lanes(group, inst))
        return false;
    read_tile(group, inst->args[0].word, types[0], a);
    read_tile(group, inst->args[1].word, types[1], b);
    read_tile(group, inst->args[2].word, types[2], c);
    for (unsigned row = 0; row < SIDE; row++) {
        for (unsigned column = 0; column < SIDE; column++) {
            float sum = c[row][column];
            for (unsigned k = 0; k < SIDE; k++)
                sum = fmaf(a[row][k], b[k][column], sum);
            *element(group, inst->dest, row, column) = tj_ibits_of(inst->type->elem, sum);
        }
    }
    return true;
}

static bool fill(tj_igroup *group, const tj_iinst *inst, bool is_diagonal)
{
    if (!has_all_lanes(group, inst))
        return false;
    uint64_t value = tj_irow(group, inst->args[0].word)[0];
    for (unsigned row = 0; row < SIDE; row++)
        for (unsigned column = 0; column < SIDE; column++)
            *element(group, inst->dest, row, column) = is_diagonal && row != column ? 0 : value;
    return true;
}

static bool exec_init_filled(tj_igroup *group, const tj_iinst *inst)
{
    return fill(group, inst, false);
}

static bool exec_init_diag(tj_igroup *group, const tj_iinst *inst)
{
    return fill(group, inst, true);
}

tj_iexec *tj_iexec_of_matrix(tj_intrin id)
{
    static tj_iexec *const execs[TJ_INTRIN_COUNT] = {
        [TJ_INTRIN_MATRIX_LOAD] = exec_load,
        [TJ_INTRIN_MATRIX_STORE] = exec_store,
        [TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE] = exec_multiply_accumulate,
        [TJ_INTRIN_MATRIX_INIT_FILLED] = exec_init_filled,
        [TJ_INTRIN_MATRIX_INIT_DIAG] = exec_init_diag,
    };
    return execs[id];
}
