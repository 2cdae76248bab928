/* SPDX-License-Identifier: MIT */
/* Decoding of AIR names: every row, every kind of suffix, and names that only look right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "air_type.h"
#include "intrin_examples.h"

#include <llvm-c/Core.h>

static void every_row_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned id = 0; id < TJ_INTRIN_COUNT; id++) {
        intrin_example example;
        tj_intrin_use use = {0};
        if (!row_example((tj_intrin)id, &example))
            fail_msg("row '%s' has no example", tj_intrin_infos[id].name);
        if (!tj_intrin_decode(example.name, &use) || use.id != id)
            fail_msg("'%s' is not decoded to its row", example.name);
    }
}

/* Spelling, row, then the type: kind, bits, length. */
static const struct decoded {
    const char *name;
    tj_intrin id;
    bool is_fast;
    char kind;
    unsigned bits, length;
} decoded[] = {
    {"air.wg.barrier", TJ_INTRIN_WG_BARRIER, false, 0, 0, 0},
    {"air.fast_exp.f32", TJ_INTRIN_EXP, true, 'f', 32, 1},
    {"air.exp.f32", TJ_INTRIN_EXP, false, 'f', 32, 1},
    {"air.exp2.f16", TJ_INTRIN_EXP2, false, 'f', 16, 1},
    {"air.fast_clamp.v4f32", TJ_INTRIN_FCLAMP, true, 'f', 32, 4},
    {"air.clamp.s.i32", TJ_INTRIN_ICLAMP, false, 's', 32, 1},
    {"air.min.u.v16i8", TJ_INTRIN_IMIN, false, 'u', 8, 16},
    {"air.min3.s.i64", TJ_INTRIN_IMIN3, false, 's', 64, 1},
    {"air.atomic.global.min.u.i32", TJ_INTRIN_ATOMIC_MIN, false, 'u', 32, 1},
    {"air.clz.i32", TJ_INTRIN_CLZ, false, 'i', 32, 1},
    {"air.fma.bf16", TJ_INTRIN_FMA, false, 'f', 16, 1},
    {"air.erf.v2f64", TJ_INTRIN_ERF, false, 'f', 64, 2},
    {"air.simd_sum.f32", TJ_INTRIN_SIMD_SUM, false, 'f', 32, 1},
    {"air.simd_sum.s.v2i16", TJ_INTRIN_SIMD_SUM, false, 's', 16, 2},
    {"air.simd_shuffle_up.u.i32", TJ_INTRIN_SIMD_SHUFFLE_UP, false, 'u', 32, 1},
    {"air.simd_shuffle.i32", TJ_INTRIN_SIMD_SHUFFLE, false, 'i', 32, 1},
    {"air.simd_ballot", TJ_INTRIN_SIMD_BALLOT, false, 0, 0, 0},
    {"air.simd_ballot.i64", TJ_INTRIN_SIMD_BALLOT, false, 0, 0, 0},
    {"air.all.v3i1", TJ_INTRIN_ALL, false, 'i', 1, 3},
    {"air.get_simdgroup_size.i16", TJ_INTRIN_SIMDGROUP_SIZE, false, 0, 0, 0},
};

static void types_are_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(decoded) / sizeof(decoded[0]); i++) {
        tj_intrin_use use = {0};
        if (!tj_intrin_decode(decoded[i].name, &use))
            fail_msg("'%s' is unknown", decoded[i].name);
        assert_int_equal(use.id, decoded[i].id);
        assert_int_equal(use.is_fast, decoded[i].is_fast);
        assert_int_equal(use.type.kind, decoded[i].kind);
        assert_int_equal(use.type.bits, decoded[i].bits);
        assert_int_equal(use.type.length, decoded[i].length);
    }
}

static void bfloat_is_no_half(void **state)
{
    (void)state;
    tj_intrin_use use = {0};
    assert_true(tj_intrin_decode("air.fma.bf16", &use));
    assert_true(use.type.is_bfloat);
    assert_true(tj_intrin_decode("air.fma.f16", &use));
    assert_false(use.type.is_bfloat);
}

static void conversions_have_two_types_and_a_rounding(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        char to, from;
        tj_rounding rounding;
    } cases[] = {
        {"air.convert.f.f32.u.i32", 'f', 'u', TJ_ROUND_DEFAULT},
        {"air.convert.s.i32.f.f32.rtz", 's', 'f', TJ_ROUND_RTZ},
        {"air.convert.f.bf16.s.i64.rte", 'f', 's', TJ_ROUND_RTE},
        {"air.convert.f.f16.f.f32.rtp", 'f', 'f', TJ_ROUND_RTP},
        {"air.convert.u.v4i1.f.v4f32.rtn", 'u', 'f', TJ_ROUND_RTN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tj_intrin_use use = {0};
        assert_true(tj_intrin_decode(cases[i].name, &use));
        assert_int_equal(use.id, TJ_INTRIN_CONVERT);
        assert_int_equal(use.type.kind, cases[i].to);
        assert_int_equal(use.source.kind, cases[i].from);
        assert_int_equal(use.rounding, cases[i].rounding);
    }
}

static void address_spaces_are_decoded(void **state)
{
    (void)state;
    tj_intrin_use use = {0};
    assert_true(tj_intrin_decode("air.atomic.local.xchg.i32", &use));
    assert_int_equal(use.address_space, 3);
    assert_true(tj_intrin_decode("air.atomic.global.add.f32", &use));
    assert_int_equal(use.address_space, 1);
    assert_true(tj_intrin_decode("air.simdgroup_matrix_8x8_load.v64f16.p3f16", &use));
    assert_int_equal(use.address_space, 3);
    assert_int_equal(use.type.length, 64);
}

static void near_misses_are_unknown(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "air",
        "air.",
        "sin.f32",
        "air.foo.f32",
        "air.sin",
        "air.sin.",
        "air.sin.f128",
        "air.erf.f32",
        "air.atomic.global.add.f64",
        "air.convert.f.f64.s.i64.rtz",
        "air.sin.f32x",
        "air.sin.v17f32",
        "air.sin.v0f32",
        "air.sin.v04f32",
        "air.sin.v1f32",
        "air.sin.v99999999999f32",
        "air.sin.i32",
        "air.sin.s.i32",
        "air.sinf.f32",
        "air.fast_wg.barrier",
        "air.fast_simd_sum.f32",
        "air.wg.barrier.i32",
        "air.clz.s.i32",
        "air.clz.i1",
        "air.clz.i24",
        "air.mul_hi.i32",
        "air.mul_hi.f32",
        "air.all.i1",
        "air.all.v4i8",
        "air.simd_ballot.i32",
        "air.simd_sum.i32",
        "air.atomic.global.add.i32",
        "air.atomic.global.add.s.f32",
        "air.atomic.global.load.u.i32",
        "air.atomic.local.min.u.i64",
        "air.atomic.global.min.s.i64",
        "air.atomic.global.min.f32",
        "air.atomic.private.add.u.i32",
        "air.atomic.global.sin.f32",
        "air.add.u.i32",
        "air.convert.f.f32",
        "air.convert.f.f32.u",
        "air.convert.f.f32.u.i32.rtx",
        "air.convert.f.i32.u.i32",
        "air.convert.f.v2f32.u.i32",
        "air.convert.i.i32.f.f32",
        "air.simdgroup_matrix_8x8_load.v64f32.p2f32",
        "air.simdgroup_matrix_8x8_load.v64f32.p1f16",
        "air.simdgroup_matrix_8x8_load.v64i32.p1i32",
        "air.simdgroup_matrix_8x8_load.v16f32.p1f32",
        "air.simdgroup_matrix_8x8_load.v64f64.p1f64",
        "air.simdgroup_matrix_8x8_multiply_accumulate.v64f32.v64f32.v64f32",
        "air.simdgroup_matrix_8x8_init_filled.v64f32",
        "air.sin.v64f32",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        tj_intrin_use use;
        if (tj_intrin_decode(names[i], &use))
            fail_msg("'%s' is decoded", names[i]);
    }
}

static void llvm_names_are_exact(void **state)
{
    (void)state;
    assert_true(tj_llvm_intrinsic_is_accepted("fma"));
    assert_true(tj_llvm_intrinsic_is_accepted("sadd.with.overflow"));
    assert_true(tj_llvm_intrinsic_is_accepted("trap"));
    assert_false(tj_llvm_intrinsic_is_accepted("fma.f32"));
    assert_false(tj_llvm_intrinsic_is_accepted("memcpy"));
    assert_false(tj_llvm_intrinsic_is_accepted("vector.reduce.add"));
    assert_false(tj_llvm_intrinsic_is_accepted("is.fpclass"));
}

static void types_become_llvm_types(void **state)
{
    (void)state;
    LLVMContextRef llctx = LLVMContextCreate();
    tj_air_type type;
    assert_non_null(tj_air_type_parse("v4bf16", &type));
    assert_ptr_equal(tj_air_type_llvm(llctx, type),
                     LLVMVectorType(LLVMBFloatTypeInContext(llctx), 4));
    assert_non_null(tj_air_type_parse("i1", &type));
    assert_ptr_equal(tj_air_type_llvm(llctx, type), LLVMInt1TypeInContext(llctx));
    assert_null(tj_air_type_llvm(llctx, (tj_air_type){0}));
    LLVMContextDispose(llctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_name_of_its_own),
        cmocka_unit_test(types_are_decoded),
        cmocka_unit_test(bfloat_is_no_half),
        cmocka_unit_test(conversions_have_two_types_and_a_rounding),
        cmocka_unit_test(address_spaces_are_decoded),
        cmocka_unit_test(near_misses_are_unknown),
        cmocka_unit_test(llvm_names_are_exact),
        cmocka_unit_test(types_become_llvm_types),
    };
    return cmocka_run_group_tests_name("intrin", tests, NULL, NULL);
}
