/* SPDX-License-Identifier: MIT */
/* Every SIMD-group and quad-group function of the interpreter with all lanes, some, one, and
 * in a partial SIMD-group, against plain C that is written from the definition. */
#include "interp_util.h"

#include <math.h>
#include <stdio.h>

enum { LANES = 32, THREADS = 52 }; /* the second SIMD-group has 20 threads */

/* What lane `lane` gets; x: values of the SIMD-group, mask: its active lanes. */
typedef uint32_t reference(const uint32_t *x, uint32_t mask, unsigned lane);

static bool is_on(uint32_t mask, unsigned lane)
{
    return mask >> lane & 1;
}

static float to_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t to_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* ---- reductions ------------------------------------------------------------------------- */

static uint32_t fold(const uint32_t *x, uint32_t mask, unsigned first, unsigned width,
                     uint32_t start, uint32_t (*op)(uint32_t, uint32_t))
{
    uint32_t result = start;

    for (unsigned l = first; l < first + width; l++)
        if (is_on(mask, l))
            result = op(result, x[l]);
    return result;
}

static uint32_t op_add(uint32_t a, uint32_t b)
{
    return a + b;
}

static uint32_t op_mul(uint32_t a, uint32_t b)
{
    return a * b;
}

static uint32_t op_smin(uint32_t a, uint32_t b)
{
    return (int32_t)a < (int32_t)b ? a : b;
}

static uint32_t op_umin(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t op_smax(uint32_t a, uint32_t b)
{
    return (int32_t)a > (int32_t)b ? a : b;
}

static uint32_t op_umax(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t op_and(uint32_t a, uint32_t b)
{
    return a & b;
}

static uint32_t op_or(uint32_t a, uint32_t b)
{
    return a | b;
}

static uint32_t op_xor(uint32_t a, uint32_t b)
{
    return a ^ b;
}

#define FOLD(name, op, start)                                                                  \
    static uint32_t simd_##name(const uint32_t *x, uint32_t mask, unsigned lane)               \
    {                                                                                          \
        (void)lane;                                                                            \
        return fold(x, mask, 0, LANES, start, op);                                             \
    }                                                                                          \
    static uint32_t quad_##name(const uint32_t *x, uint32_t mask, unsigned lane)               \
    {                                                                                          \
        return fold(x, mask, lane / 4 * 4, 4, start, op);                                      \
    }
FOLD(sum, op_add, 0)
FOLD(product, op_mul, 1)
FOLD(smin, op_smin, INT32_MAX)
FOLD(umin, op_umin, UINT32_MAX)
FOLD(smax, op_smax, 0x80000000)
FOLD(umax, op_umax, 0)
FOLD(and, op_and, UINT32_MAX)
FOLD(or, op_or, 0)
FOLD(xor, op_xor, 0)

/* The upper half is added to the lower half until one value is left. */
static uint32_t halve(const uint32_t *x, uint32_t mask, unsigned first, unsigned width,
                      float identity, bool is_product)
{
    float v[LANES];

    for (unsigned l = 0; l < width; l++)
        v[l] = is_on(mask, first + l) ? to_float(x[first + l]) : identity;
    for (unsigned left = width / 2; left > 0; left /= 2)
        for (unsigned l = 0; l < left; l++)
            v[l] = is_product ? v[l] * v[l + left] : v[l] + v[l + left];
    return to_bits(v[0]);
}

static uint32_t simd_fsum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return halve(x, mask, 0, LANES, -0.0f, false);
}

static uint32_t quad_fsum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    return halve(x, mask, lane / 4 * 4, 4, -0.0f, false);
}

static uint32_t simd_fproduct(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return halve(x, mask, 0, LANES, 1.0f, true);
}

static uint32_t extreme(const uint32_t *x, uint32_t mask, bool is_min)
{
    float result = NAN;

    for (unsigned l = 0; l < LANES; l++)
        if (is_on(mask, l))
            result = is_min ? fminf(result, to_float(x[l])) : fmaxf(result, to_float(x[l]));
    return to_bits(result);
}

static uint32_t simd_fmin(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return extreme(x, mask, true);
}

static uint32_t simd_fmax(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return extreme(x, mask, false);
}

/* ---- prefixes --------------------------------------------------------------------------- */

static uint32_t prefix_inc_sum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    return fold(x, mask, 0, lane + 1, 0, op_add);
}

static uint32_t prefix_exc_sum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    return fold(x, mask, 0, lane, 0, op_add);
}

static uint32_t prefix_inc_product(const uint32_t *x, uint32_t mask, unsigned lane)
{
    return fold(x, mask, 0, lane + 1, 1, op_mul);
}

static uint32_t prefix_exc_product(const uint32_t *x, uint32_t mask, unsigned lane)
{
    return fold(x, mask, 0, lane, 1, op_mul);
}

static uint32_t prefix_inc_fsum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    unsigned first = (unsigned)__builtin_ctz(mask);
    float sum = to_float(x[first]);

    for (unsigned l = first + 1; l <= lane; l++)
        if (is_on(mask, l))
            sum += to_float(x[l]);
    return to_bits(sum);
}

static uint32_t prefix_exc_fsum(const uint32_t *x, uint32_t mask, unsigned lane)
{
    uint32_t before = mask & ((UINT32_C(1) << lane) - 1);

    return before ? prefix_inc_fsum(x, mask, 31 - (unsigned)__builtin_clz(before)) : 0;
}

/* ---- shuffles --------------------------------------------------------------------------- */

static uint32_t read(const uint32_t *x, uint32_t mask, unsigned lane, int from)
{
    bool is_there = from >= 0 && from < LANES && is_on(mask, (unsigned)from);

    return x[is_there ? (unsigned)from : lane];
}

/* A read inside the quad of `lane`; places outside it are the reader's own. */
static uint32_t read_quad(const uint32_t *x, uint32_t mask, unsigned lane, int place)
{
    int from = place >= 0 && place < 4 ? (int)(lane / 4 * 4) + place : -1;

    return read(x, mask, lane, from);
}

#define READ(name, reader, from)                                                               \
    static uint32_t name(const uint32_t *x, uint32_t mask, unsigned lane)                      \
    {                                                                                          \
        int l = (int)lane, q = (int)(lane % 4);                                                \
        (void)l, (void)q;                                                                      \
        return reader(x, mask, lane, from);                                                    \
    }
READ(broadcast_6, read, 6)
READ(shuffle_7, read, 7)
READ(shuffle_up_3, read, l - 3)
READ(shuffle_down_5, read, l + 5)
READ(shuffle_xor_9, read, l ^ 9)
READ(rotate_up_11, read, (l + 21) % 32)
READ(rotate_down_11, read, (l + 11) % 32)
READ(quad_shuffle_2, read_quad, 2)
READ(quad_up_1, read_quad, q - 1)
READ(quad_down_2, read_quad, q + 2)
READ(quad_xor_3, read_quad, q ^ 3)

static uint32_t broadcast_first(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return x[__builtin_ctz(mask)];
}

/* The fill operand is the complement of the data. */
static uint32_t fill_up_3_of_8(const uint32_t *x, uint32_t mask, unsigned lane)
{
    unsigned p = lane % 8, from = p < 3 ? lane + 5 : lane - 3;

    if (!is_on(mask, from))
        return x[lane];
    return p < 3 ? ~x[from] : x[from];
}

static uint32_t fill_down_3_of_8(const uint32_t *x, uint32_t mask, unsigned lane)
{
    unsigned p = lane % 8, from = p + 3 < 8 ? lane + 3 : lane - 5;

    if (!is_on(mask, from))
        return x[lane];
    return p + 3 < 8 ? x[from] : ~x[from];
}

/* ---- votes: of the lowest bit ------------------------------------------------------------ */

static uint32_t votes(const uint32_t *x, uint32_t mask)
{
    uint32_t result = 0;

    for (unsigned l = 0; l < LANES; l++)
        result |= is_on(mask, l) ? (x[l] & 1) << l : 0;
    return result;
}

static uint32_t ballot(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return votes(x, mask);
}

static uint32_t all(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return votes(x, mask) == mask;
}

static uint32_t any(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)lane;
    return votes(x, mask) != 0;
}

static uint32_t active_mask(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)x, (void)lane;
    return mask;
}

static uint32_t is_first(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)x;
    return (int)lane == __builtin_ctz(mask);
}

static uint32_t width(const uint32_t *x, uint32_t mask, unsigned lane)
{
    (void)x, (void)mask, (void)lane;
    return 32;
}

/* ---- the table -------------------------------------------------------------------------- */

/* inst: %r (i32) from %v (i32), %f (float), %n (complement of %v), %b (lowest bit of %v). */
typedef struct row {
    const char *declare, *inst;
    reference *wanted;
} row;

#define INT(name, wanted)                                                                      \
    {"declare i32 @air." name ".i32(i32)", "%r = call i32 @air." name ".i32(i32 %v)", wanted}
#define FLOAT(name, wanted)                                                                    \
    {"declare float @air." name ".f32(float)",                                                 \
     "%g = call float @air." name ".f32(float %f)\n  %r = bitcast float %g to i32", wanted}
#define MOVE(name, operand, wanted)                                                            \
    {"declare i32 @air." name ".u.i32(i32, i16)",                                              \
     "%r = call i32 @air." name ".u.i32(i32 %v, i16 " operand ")", wanted}
#define BIT(name, wanted)                                                                      \
    {"declare i1 @air." name "(i1)",                                                           \
     "%g = call i1 @air." name "(i1 %b)\n  %r = zext i1 %g to i32", wanted}

static const row rows[] = {
    INT("simd_sum.s", simd_sum),
    INT("simd_product.u", simd_product),
    INT("simd_min.s", simd_smin),
    INT("simd_min.u", simd_umin),
    INT("simd_max.s", simd_smax),
    INT("simd_max.u", simd_umax),
    INT("simd_and.u", simd_and),
    INT("simd_or.s", simd_or),
    INT("simd_xor.u", simd_xor),
    INT("quad_sum.s", quad_sum),
    INT("quad_product.u", quad_product),
    INT("quad_min.s", quad_smin),
    INT("quad_min.u", quad_umin),
    INT("quad_max.s", quad_smax),
    INT("quad_max.u", quad_umax),
    INT("quad_and.u", quad_and),
    INT("quad_or.u", quad_or),
    INT("quad_xor.u", quad_xor),
    FLOAT("simd_sum", simd_fsum),
    FLOAT("simd_product", simd_fproduct),
    FLOAT("simd_min", simd_fmin),
    FLOAT("simd_max", simd_fmax),
    FLOAT("quad_sum", quad_fsum),
    INT("simd_prefix_inclusive_sum.s", prefix_inc_sum),
    INT("simd_prefix_exclusive_sum.u", prefix_exc_sum),
    INT("simd_prefix_inclusive_product.s", prefix_inc_product),
    INT("simd_prefix_exclusive_product.s", prefix_exc_product),
    FLOAT("simd_prefix_inclusive_sum", prefix_inc_fsum),
    FLOAT("simd_prefix_exclusive_sum", prefix_exc_fsum),
    MOVE("simd_broadcast", "6", broadcast_6),
    INT("simd_broadcast_first.s", broadcast_first),
    MOVE("simd_shuffle", "39", shuffle_7),
    MOVE("simd_shuffle_up", "3", shuffle_up_3),
    MOVE("simd_shuffle_down", "5", shuffle_down_5),
    MOVE("simd_shuffle_xor", "41", shuffle_xor_9),
    MOVE("simd_shuffle_rotate_up", "11", rotate_up_11),
    MOVE("simd_shuffle_rotate_down", "43", rotate_down_11),
    MOVE("quad_broadcast", "2", quad_shuffle_2),
    MOVE("quad_shuffle", "6", quad_shuffle_2),
    MOVE("quad_shuffle_up", "1", quad_up_1),
    MOVE("quad_shuffle_down", "2", quad_down_2),
    MOVE("quad_shuffle_xor", "3", quad_xor_3),
    {"declare i32 @air.simd_shuffle_and_fill_up.u.i32(i32, i32, i16, i16)",
     "%r = call i32 @air.simd_shuffle_and_fill_up.u.i32(i32 %v, i32 %n, i16 3, i16 8)",
     fill_up_3_of_8},
    {"declare i32 @air.simd_shuffle_and_fill_down.u.i32(i32, i32, i16, i16)",
     "%r = call i32 @air.simd_shuffle_and_fill_down.u.i32(i32 %v, i32 %n, i16 3, i16 8)",
     fill_down_3_of_8},
    {"declare i64 @air.simd_ballot.i64(i1)",
     "%g = call i64 @air.simd_ballot.i64(i1 %b)\n  %r = trunc i64 %g to i32", ballot},
    BIT("simd_all", all),
    BIT("simd_any", any),
    {"declare i64 @air.simd_active_threads_mask.i64()",
     "%g = call i64 @air.simd_active_threads_mask.i64()\n  %r = trunc i64 %g to i32",
     active_mask},
    {"declare i1 @air.simd_is_first()",
     "%g = call i1 @air.simd_is_first()\n  %r = zext i1 %g to i32", is_first},
    {"declare i16 @air.get_simdgroup_size.i16()",
     "%g = call i16 @air.get_simdgroup_size.i16()\n  %r = zext i16 %g to i32", width},
};

static const char kernel_head[] =
    "define void @k(ptr addrspace(1) \"tmjit.type\"=\"uint\" %x, "
    "ptr addrspace(1) \"tmjit.type\"=\"uint\" %y, "
    "ptr addrspace(2) \"tmjit.type\"=\"uint\" %mask, "
    "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i, "
    "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %lane) \"tmjit.kernel\" {\n"
    "  %px = getelementptr i32, ptr addrspace(1) %x, i32 %i\n"
    "  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i\n"
    "  %v = load i32, ptr addrspace(1) %px\n"
    "  %n = xor i32 %v, -1\n"
    "  %f = bitcast i32 %v to float\n"
    "  %b = trunc i32 %v to i1\n"
    "  %m = load i32, ptr addrspace(2) %mask\n"
    "  %s = lshr i32 %m, %lane\n"
    "  %on = trunc i32 %s to i1\n"
    "  br i1 %on, label %active, label %done\n"
    "active:\n  ";
static const char kernel_tail[] = "\n  store i32 %r, ptr addrspace(1) %py\n"
                                  "  br label %done\n"
                                  "done:\n  ret void\n}\n";

static void check_row(const row *r, const uint32_t *x, uint32_t mask, machine *m)
{
    uint32_t y[THREADS], data[THREADS];

    memset(y, 0x77, sizeof y);
    memcpy(data, x, sizeof data);
    tjrt_buffer buffers[] = {
        BUFFER(data), BUFFER(y), {(uint8_t *)&mask, sizeof mask}, {0}, {0}};
    machine_run(m, THREADS, 64, buffers);
    for (unsigned t = 0; t < THREADS; t++) {
        unsigned first = t / LANES * LANES, lane = t - first;
        uint32_t exists =
            THREADS - first >= LANES ? UINT32_MAX : (UINT32_C(1) << (THREADS - first)) - 1;
        uint32_t padded[LANES] = {0}, wanted = 0x77777777;
        memcpy(padded, x + first, sizeof *x * (first ? THREADS - LANES : LANES));
        if (is_on(mask & exists, lane))
            wanted = r->wanted(padded, mask & exists, lane);
        if (y[t] != wanted)
            print_error("%s, mask %x, thread %u\n", r->inst, mask, t);
        assert_int_equal(y[t], wanted);
    }
}

static void every_function(void **state)
{
    static const uint32_t masks[] = {UINT32_MAX, 0x0f0f3355, 0x80, 0x80000001, 0xfffffffe};
    uint32_t integers[THREADS], floats[THREADS];

    (void)state;
    for (unsigned t = 0; t < THREADS; t++) {
        integers[t] = (t + 3) * 2654435761u >> (t % 3);
        floats[t] = to_bits((float)(int)(t * 37 % 41 - 20) * 1.1f + 0.01f);
    }
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2048];
        bool is_float = strstr(rows[i].declare, "float") != NULL;
        bool drops_nan = strstr(rows[i].declare, "_min") || strstr(rows[i].declare, "_max");
        snprintf(text, sizeof text, "%s\n%s%s%s", rows[i].declare, kernel_head, rows[i].inst,
                 kernel_tail);
        floats[9] = drops_nan ? to_bits(NAN) : to_bits(0.3f);
        machine m = machine_of(text);
        for (unsigned k = 0; k < sizeof masks / sizeof *masks; k++)
            check_row(&rows[i], is_float ? floats : integers, masks[k], &m);
        machine_end(&m);
    }
}

/* A lone -0 keeps its sign: what is away does not count as +0. */
static void sum_of_one_negative_zero(void **state)
{
    uint32_t x[THREADS], mask = 1u << 7;
    char text[2048];
    static const row sum = FLOAT("simd_sum", simd_fsum);

    (void)state;
    for (unsigned t = 0; t < THREADS; t++)
        x[t] = 0x80000000;
    snprintf(text, sizeof text, "%s\n%s%s%s", sum.declare, kernel_head, sum.inst, kernel_tail);
    machine m = machine_of(text);
    assert_int_equal(simd_fsum(x, mask, 7), 0x80000000);
    check_row(&sum, x, mask, &m);
    machine_end(&m);
}

/* Vectors are taken element by element; vote functions look at their operand only. */
static void vectors_and_votes(void **state)
{
    static const char text[] =
        "declare <2 x i16> @air.simd_shuffle_xor.u.v2i16(<2 x i16>, i16)\n"
        "declare i1 @air.simd_vote_all.i64(i64)\n"
        "declare i1 @air.simd_vote_any.i64(i64)\n"
        "define void @k(ptr addrspace(1) \"tmjit.type\"=\"ushort2\" %x, "
        "ptr addrspace(1) \"tmjit.type\"=\"ulong\" %votes, "
        "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i) \"tmjit.kernel\" {\n"
        "  %p = getelementptr <2 x i16>, ptr addrspace(1) %x, i32 %i\n"
        "  %v = load <2 x i16>, ptr addrspace(1) %p\n"
        "  %r = call <2 x i16> @air.simd_shuffle_xor.u.v2i16(<2 x i16> %v, i16 1)\n"
        "  store <2 x i16> %r, ptr addrspace(1) %p\n"
        "  %q = getelementptr i64, ptr addrspace(1) %votes, i32 %i\n"
        "  %w = load i64, ptr addrspace(1) %q\n"
        "  %a = call i1 @air.simd_vote_all.i64(i64 %w)\n"
        "  %o = call i1 @air.simd_vote_any.i64(i64 %w)\n"
        "  %za = zext i1 %a to i64\n"
        "  %zo = zext i1 %o to i64\n"
        "  %two = shl i64 %za, 1\n"
        "  %both = or i64 %two, %zo\n"
        "  store i64 %both, ptr addrspace(1) %q\n"
        "  ret void\n}\n";
    uint16_t x[8] = {10, 11, 20, 21, 30, 31, 40, 41};
    const uint16_t wanted[8] = {20, 21, 10, 11, 40, 41, 30, 31};
    uint64_t votes_in[4] = {0, 1, UINT32_MAX, UINT64_C(1) << 32};
    tjrt_buffer buffers[] = {BUFFER(x), BUFFER(votes_in), {0}};

    (void)state;
    machine m = machine_of(text);
    machine_run(&m, 4, 4, buffers);
    assert_memory_equal(x, wanted, sizeof x);
    assert_int_equal(votes_in[0], 0);
    assert_int_equal(votes_in[1], 1);
    assert_int_equal(votes_in[2], 3);
    assert_int_equal(votes_in[3], 0);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function),
        cmocka_unit_test(sum_of_one_negative_zero),
        cmocka_unit_test(vectors_and_votes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
