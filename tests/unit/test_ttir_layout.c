/* SPDX-License-Identifier: MIT */
/* Layouts of Triton's tensors: every element is held, views agree with indices counted by hand,
 * and planned conversions find each element where it is. Layouts at random, all places of each.
 */
#include "ttir/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static uint32_t state = 1;

static uint32_t next_random(uint32_t below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static tj_tt_type random_type(void)
{
    tj_tt_type type = {
        .form = TJ_TT_TENSOR, .elem = TJ_TT_F32, .rank = (uint8_t)(1 + next_random(3))};
    for (unsigned i = 0; i < type.rank; i++)
        type.log2[i] = (uint8_t)next_random(5);
    return type;
}

static void random_order(const tj_tt_type *type, uint8_t *order)
{
    for (unsigned i = 0; i < type->rank; i++)
        order[i] = (uint8_t)i;
    for (unsigned i = type->rank; i-- > 1;) {
        unsigned k = next_random(i + 1);
        uint8_t other = order[k];
        order[k] = order[i];
        order[i] = other;
    }
}

static tj_tt_layout random_layout(const tj_tt_type *type, unsigned group_bits)
{
    uint8_t order[TJ_TT_MAX_RANK];
    random_order(type, order);
    return tj_tt_blocked(type, order, next_random(4), group_bits);
}

/* How often each element is held; the places that hold it, counted. */
static void count_places(const tj_tt_layout *l, uint32_t *counts)
{
    for (uint32_t g = 0; g < 1u << l->groups; g++)
        for (uint32_t lane = 0; lane < 32; lane++)
            for (uint32_t r = 0; r < 1u << l->regs; r++)
                counts[tj_tt_element(l, (tj_tt_place){r, lane, g})]++;
}

static void every_element_is_held_once_by_holders(void **unused)
{
    (void)unused;
    for (int round = 0; round < 300; round++) {
        tj_tt_type type = random_type();
        tj_tt_layout l = random_layout(&type, next_random(4));
        uint32_t counts[1 << 12] = {0}, size = 1u << tj_tt_log2_size(&type), held = 0;
        tj_tt_place free_bits = tj_tt_free_bits(&l);
        count_places(&l, counts);
        for (uint32_t i = 0; i < size; i++)
            assert_int_equal(counts[i], counts[0]);
        assert_true(counts[0] >= 1);
        for (uint32_t g = 0; g < 1u << l.groups; g++)
            for (uint32_t lane = 0; lane < 32; lane++)
                for (uint32_t r = 0; r < 1u << l.regs; r++)
                    held += !(g & free_bits.group) && !(lane & free_bits.lane) &&
                            !(r & free_bits.reg);
        assert_int_equal(held, size);
    }
}

/* An element's number from its indices. */
static uint32_t number_of(const tj_tt_type *type, const uint32_t *index)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < type->rank; i++)
        number = (number << type->log2[i]) + index[i];
    return number;
}

static void indices_of(const tj_tt_type *type, uint32_t number, uint32_t *index)
{
    for (unsigned i = type->rank; i-- > 0;) {
        index[i] = number & ((1u << type->log2[i]) - 1);
        number >>= type->log2[i];
    }
}

static void permuting_moves_indices(void **unused)
{
    (void)unused;
    for (int round = 0; round < 200; round++) {
        tj_tt_type from = random_type(), to = from;
        uint8_t order[TJ_TT_MAX_RANK];
        random_order(&from, order);
        for (unsigned i = 0; i < from.rank; i++)
            to.log2[i] = from.log2[order[i]];
        tj_tt_layout l = random_layout(&from, 2), moved = tj_tt_permuted(&l, &from, order);
        tj_tt_layout back = tj_tt_unpermuted(&moved, &from, order);
        assert_true(tj_tt_same_layout(&back, &l));
        for (uint32_t lane = 0; lane < 32; lane++) {
            tj_tt_place place = {next_random(1u << l.regs), lane, next_random(4)};
            uint32_t source[TJ_TT_MAX_RANK], target[TJ_TT_MAX_RANK];
            indices_of(&from, tj_tt_element(&l, place), source);
            for (unsigned i = 0; i < from.rank; i++)
                target[i] = source[order[i]];
            assert_int_equal(tj_tt_element(&moved, place), number_of(&to, target));
        }
    }
}

static void a_slice_drops_one_dimension(void **unused)
{
    (void)unused;
    for (int round = 0; round < 200; round++) {
        tj_tt_type type = random_type();
        tj_tt_layout l = random_layout(&type, 2);
        unsigned axis = next_random(type.rank);
        uint32_t mask = tj_tt_dim_mask(&type, axis);
        tj_tt_layout slice = tj_tt_without_bits(&l, mask);
        tj_tt_type rest = type;
        rest.log2[axis] = 0;
        for (uint32_t r = 0; r < 1u << l.regs; r++)
            for (uint32_t lane = 0; lane < 32; lane += 7) {
                uint32_t index[TJ_TT_MAX_RANK];
                indices_of(&type, tj_tt_element(&l, (tj_tt_place){r, lane, 1}), index);
                index[axis] = 0;
                tj_tt_place place = {tj_tt_register_without(&l, mask, r), lane, 1};
                assert_int_equal(tj_tt_element(&slice, place), number_of(&rest, index));
            }
    }
}

static tj_tt_place source_of(const tj_tt_conversion *plan, tj_tt_place to)
{
    tj_tt_place from = {0};
    for (unsigned i = 0; i < TJ_TT_MAX_LOG2; i++)
        if (to.reg >> i & 1)
            from = (tj_tt_place){from.reg ^ plan->reg[i].reg, from.lane ^ plan->reg[i].lane,
                                 from.group ^ plan->reg[i].group};
    for (unsigned i = 0; i < TJ_TT_LANE_BITS; i++)
        if (to.lane >> i & 1)
            from = (tj_tt_place){from.reg ^ plan->lane[i].reg, from.lane ^ plan->lane[i].lane,
                                 from.group ^ plan->lane[i].group};
    for (unsigned i = 0; i < TJ_TT_MAX_GROUP_BITS; i++)
        if (to.group >> i & 1)
            from = (tj_tt_place){from.reg ^ plan->group[i].reg, from.lane ^ plan->group[i].lane,
                                 from.group ^ plan->group[i].group};
    for (unsigned i = plan->swap_count; i-- > 0;) { /* what came before that */
        tj_tt_swap swap = plan->swaps[i];
        uint32_t differs = (from.reg >> swap.reg ^ from.lane >> swap.lane) & 1;
        from.reg ^= differs << swap.reg;
        from.lane ^= differs << swap.lane;
    }
    return from;
}

static void conversions_find_every_element(void **unused)
{
    unsigned seen[4] = {0};
    (void)unused;
    for (int round = 0; round < 1000; round++) {
        tj_tt_type type = random_type();
        unsigned groups = next_random(3);
        tj_tt_layout from = random_layout(&type, groups), to = random_layout(&type, groups);
        tj_tt_conversion plan = tj_tt_plan_conversion(&from, &to);
        seen[plan.move]++;
        for (uint32_t g = 0; plan.move != TJ_TT_MOVE_MEMORY && g < 1u << groups; g++)
            for (uint32_t lane = 0; lane < 32; lane++)
                for (uint32_t r = 0; r < 1u << to.regs; r++) {
                    tj_tt_place place = {r, lane, g}, source = source_of(&plan, place);
                    assert_int_equal(tj_tt_element(&from, source), tj_tt_element(&to, place));
                    assert_true(source.reg < 1u << from.regs);
                    assert_int_equal(source.group, g);
                    if (plan.move == TJ_TT_MOVE_RENAME)
                        assert_int_equal(source.lane, lane);
                }
    }
    for (int i = 0; i < 4; i++) /* all kinds come up */
        assert_true(seen[i] > 10);
}

/* Register and lane of an element of an 8 x 8 matrix as air.md 4.9 has it. */
static void matrices_lie_as_hardware_has_them(void **unused)
{
    (void)unused;
    for (unsigned m = 3; m < 7; m++)
        for (unsigned n = 3; n < 7; n++)
            for (unsigned group_bits = 0; group_bits < 5; group_bits++) {
                tj_tt_type type = {
                    .form = TJ_TT_TENSOR, .rank = 2, .log2 = {(uint8_t)m, (uint8_t)n}};
                tj_tt_layout l = tj_tt_matrix_layout(&type, group_bits);
                uint32_t counts[1 << 14] = {0};
                count_places(&l, counts);
                for (uint32_t i = 0; i < 1u << (m + n); i++)
                    assert_int_equal(counts[i], counts[0]);
                assert_true(counts[0] > 0);
                for (uint32_t lane = 0; lane < 32; lane++) {
                    uint32_t row = (lane / 4 & 4) + lane / 2 % 4;
                    uint32_t column = (lane / 4 & 2) * 2 + lane % 2 * 2;
                    for (uint32_t r = 0; r < 2; r++)
                        assert_int_equal(tj_tt_element(&l, (tj_tt_place){r, lane, 0}),
                                         row << n | (column + r));
                }
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrices_lie_as_hardware_has_them),
        cmocka_unit_test(every_element_is_held_once_by_holders),
        cmocka_unit_test(permuting_moves_indices),
        cmocka_unit_test(a_slice_drops_one_dimension),
        cmocka_unit_test(conversions_find_every_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
