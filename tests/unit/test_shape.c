/* SPDX-License-Identifier: MIT */
/* Shapes: the algebra against arithmetic on all bases of 8 bits, built-in inputs against the
 * positions of the threads, instructions and control flow by hand. */
#include "shape_util.h"

#include "shape_internal.h"

#define PARAMS                                                                                 \
    "ptr addrspace(1) \"tmjit.type\"=\"int\" %y, "                                             \
    "i32 \"tmjit.builtin\"=\"thread_position_in_grid\" %i, "                                   \
    "i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %lid, "                             \
    "i32 \"tmjit.builtin\"=\"thread_index_in_quadgroup\" %quad, "                              \
    "i32 \"tmjit.builtin\"=\"threads_per_grid\" %n"
#define KERNEL_START "define void @k(" PARAMS ") \"tmjit.kernel\" {\nentry:\n"
#define KERNEL(body) KERNEL_START body "\n}\n"
#define STORE(value) " store i32 " value ", ptr addrspace(1) %y\n"

enum { LANES = 8, CASES = 4000 };

/* ---- algebra -------------------------------------------------------------------------------
 */

static uint64_t masked(uint64_t value, unsigned bits)
{
    return value & tj_width_max(bits);
}

/* A value of lane `l` when lane 0 holds `base`; shapes without terms. */
static uint64_t at_lane(const tj_shape *s, uint64_t base, unsigned l, unsigned bits)
{
    return masked(base + (s->kind == TJ_AFFINE && s->k ? (uint64_t)s->k[l] : 0), bits);
}

static bool is_base(const tj_shape *s, uint64_t base)
{
    return base <= s->umax && (base == 0 || (unsigned)__builtin_ctzll(base) >= s->tz);
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Some shape of 8 bits: patterns as built-in inputs have them, scaled and shifted. */
static tj_shape random_shape(const tj_algebra *alg, unsigned *seed)
{
    static const uint64_t limits[] = {0, 1, 6, 16, 64, 100, 127, 128, 255};
    int64_t *k = tj_new_array(alg->arena, int64_t, alg->lanes);
    int64_t step = (int64_t)(next_random(seed) % 7) - 2;
    unsigned shift = next_random(seed) % 3, kind = next_random(seed) % 4;

    for (unsigned l = 0; l < alg->lanes; l++)
        k[l] = kind == 0   ? 0
               : kind == 1 ? (int64_t)(l >> shift) * step
               : kind == 2 ? (int64_t)(l & ((1u << shift) - 1)) * step
                           : (int64_t)l << (2 * shift);
    return tj_shape_affine(alg, k, limits[next_random(seed) % 9], next_random(seed) % 5);
}

/* What a shape claims about the value of every lane. `base` is lane 0's. */
static bool holds(const tj_shape *s, const uint64_t *values, unsigned bits)
{
    if (s->kind == TJ_VARYING)
        return true;
    if (!is_base(s, values[0]))
        return false;
    for (unsigned l = 0; l < LANES; l++)
        if (values[l] != at_lane(s, values[0], l, bits))
            return false;
    return true;
}

typedef enum operation {
    ADD,
    SUB,
    SCALE,
    AND,
    OR,
    XOR,
    LSHR,
    ZEXT,
    SEXT,
    TRUNC,
    OP_COUNT
} operation;
static const char *const operation_names[] = {"add", "sub",  "scale", "and",  "or",
                                              "xor", "lshr", "zext",  "sext", "trunc"};

static unsigned out_bits(operation op)
{
    return op == ZEXT || op == SEXT ? 16 : op == TRUNC ? 4 : 8;
}

static tj_shape apply_shape(const tj_algebra *alg, operation op, tj_shape a, tj_shape b,
                            uint64_t constant)
{
    switch (op) {
    case ADD:
        return tj_shape_add(alg, a, b, 8);
    case SUB:
        return tj_shape_sub(alg, a, b, 8);
    case SCALE:
        return tj_shape_scale(alg, a, (int8_t)constant, 8);
    case ZEXT:
        return tj_shape_cast(alg, TJ_CAST_ZEXT, a, 8, 16);
    case SEXT:
        return tj_shape_cast(alg, TJ_CAST_SEXT, a, 8, 16);
    case TRUNC:
        return tj_shape_cast(alg, TJ_CAST_TRUNC, a, 8, 4);
    default:
        return tj_shape_bits(alg, (tj_bitwise)(op - AND), a,
                             op == LSHR ? constant % 8 : constant, 8);
    }
}

static uint64_t apply_value(operation op, uint64_t a, uint64_t b, uint64_t constant)
{
    switch (op) {
    case ADD:
        return masked(a + b, 8);
    case SUB:
        return masked(a - b, 8);
    case SCALE:
        return masked(a * constant, 8);
    case AND:
        return a & constant;
    case OR:
        return a | constant;
    case XOR:
        return a ^ constant;
    case LSHR:
        return a >> constant % 8;
    case SEXT:
        return masked((uint64_t)(int64_t)(int8_t)a, 16);
    case TRUNC:
        return masked(a, 4);
    default:
        return a;
    }
}

/* Whether `out` holds for all bases of `a` and `b`. A guarded extension promises nothing once
 * a lane wraps. */
static bool holds_for_all(operation op, tj_shape a, tj_shape b, tj_shape out, uint64_t constant)
{
    uint64_t last = op == ADD || op == SUB ? 255 : 0;

    for (uint64_t base = 0; base < 256; base++) {
        for (uint64_t base_b = 0; base_b <= last; base_b += 1 + base_b / 8) {
            uint64_t values[LANES];

            if (!is_base(&a, base) || !is_base(&b, base_b))
                continue;
            for (unsigned l = 0; l < LANES; l++)
                values[l] = apply_value(op, at_lane(&a, base, l, 8), at_lane(&b, base_b, l, 8),
                                        constant);
            if (!out.is_guarded && !holds(&out, values, out_bits(op)))
                return false;
        }
    }
    return true;
}

static void print_random_case(operation op, tj_shape a, tj_shape b, uint64_t constant)
{
    print_error("%s by %llu of [", operation_names[op], (unsigned long long)constant);
    for (unsigned l = 0; l < LANES; l++)
        print_error("%lld ", a.k ? (long long)a.k[l] : 0);
    print_error("] base <= %llu, tz %u; and [", (unsigned long long)a.umax, a.tz);
    for (unsigned l = 0; l < LANES; l++)
        print_error("%lld ", b.k ? (long long)b.k[l] : 0);
    print_error("] base <= %llu, tz %u\n", (unsigned long long)b.umax, b.tz);
}

static void algebra_agrees_with_arithmetic(void **state)
{
    tj_arena *arena = tj_arena_create();
    tj_algebra alg = {arena, LANES};
    unsigned seed = 1, kept = 0;

    (void)state;
    for (int i = 0; i < CASES; i++) {
        operation op = (operation)(i % OP_COUNT);
        tj_shape a = random_shape(&alg, &seed), b = random_shape(&alg, &seed);
        uint64_t constant = next_random(&seed) % 256;

        if (op >= AND && next_random(&seed) % 2)
            constant = ((uint64_t)1 << next_random(&seed) % 8) - 1;
        /* a base that is known to be 0 on a side path: as an input without a base */
        if (!a.umax && next_random(&seed) % 2)
            a.tz = 64;
        tj_shape out = apply_shape(&alg, op, a, b, constant);

        if (!holds_for_all(op, a, b, out, constant)) {
            print_random_case(op, a, b, constant);
            fail();
        }
        kept += out.kind != TJ_VARYING;
    }
    assert_true(kept > CASES * 3 / 4); /* "varying" always holds and says nothing */
    tj_arena_destroy(arena);
}

static void algebra_of_terms(void **state)
{
    static const int64_t k[] = {0, 1, 2, 3, 4, 5, 6, 7};
    tj_arena *arena = tj_arena_create();
    tj_algebra alg = {arena, LANES};
    tj_shape lane = tj_shape_affine(&alg, k, 56, 3);
    tj_shape by3 = tj_shape_scale_by(&alg, lane, 3, 32),
             by4 = tj_shape_scale_by(&alg, lane, 4, 32);
    tj_shape both = tj_shape_add(&alg, by3, by4, 32);

    (void)state;
    assert_int_equal(by3.kind, TJ_AFFINE);
    assert_int_equal(by3.term_count, 1);
    assert_int_equal(by3.terms[0].leaf, 3);
    assert_int_equal(by3.terms[0].k[7], 7);
    assert_int_equal(both.term_count, 2);
    /* one more is too much; the same once more is not */
    assert_int_equal(tj_shape_add(&alg, both, tj_shape_scale_by(&alg, lane, 5, 32), 32).kind,
                     TJ_VARYING);
    assert_int_equal(tj_shape_add(&alg, both, by4, 32).terms[1].k[7], 14);
    /* what is taken away again is gone */
    assert_int_equal(tj_shape_sub(&alg, both, by3, 32).term_count, 1);
    assert_int_equal(tj_shape_sub(&alg, by3, by3, 32).kind, TJ_UNIFORM);
    assert_int_equal(tj_shape_scale_by(&alg, by3, 4, 32).kind, TJ_VARYING);
    assert_int_equal(tj_shape_scale(&alg, by3, 4, 32).terms[0].k[7], 28);
    /* coefficients are not known, so an extension needs its test and a second one is refused */
    tj_shape wide = tj_shape_cast(&alg, TJ_CAST_SEXT, by3, 32, 64);

    assert_true(wide.is_guarded);
    assert_int_equal(wide.terms[0].cast, TJ_CAST_SEXT);
    assert_int_equal(tj_shape_cast(&alg, TJ_CAST_TRUNC, wide, 64, 32).kind, TJ_VARYING);
    assert_int_equal(tj_shape_bits(&alg, TJ_BIT_AND, by3, 7, 32).kind, TJ_VARYING);
    assert_false(tj_shape_same_pattern(&alg, &by3, &by4));
    assert_int_equal(tj_shape_meet(&alg, by3, by4).kind, TJ_VARYING);
    assert_int_equal(tj_shape_meet(&alg, by3, by3).kind, TJ_AFFINE);
    assert_int_equal(tj_shape_meet(&alg, tj_shape_unseen(), by3).kind, TJ_AFFINE);
    tj_arena_destroy(arena);
}

/* ---- built-in inputs -----------------------------------------------------------------------
 */

static const char inputs[] =
    "define void @k(<3 x i32> \"tmjit.builtin\"=\"thread_position_in_grid\" %g, "
    "<3 x i32> \"tmjit.builtin\"=\"thread_position_in_threadgroup\" %t, "
    "i32 \"tmjit.builtin\"=\"thread_index_in_threadgroup\" %i, "
    "i32 \"tmjit.builtin\"=\"thread_index_in_simdgroup\" %s, "
    "i32 \"tmjit.builtin\"=\"thread_index_in_quadgroup\" %q, "
    "i32 \"tmjit.builtin\"=\"quadgroup_index_in_threadgroup\" %qi, "
    "i32 \"tmjit.builtin\"=\"simdgroup_index_in_threadgroup\" %si) \"tmjit.kernel\" {\n"
    "ret void\n}\n";
enum { INPUT_LEAVES = 11 };

/* The inputs of one thread in a threadgroup of `size` at (5, 6, 7), leaf by leaf. */
static void inputs_of(const uint32_t size[3], uint32_t thread, uint64_t out[INPUT_LEAVES])
{
    uint32_t position[3] = {thread % size[0], thread / size[0] % size[1],
                            thread / size[0] / size[1]};

    for (unsigned c = 0; c < 3; c++) {
        out[c] = (uint64_t)(5 + c) * size[c] + position[c];
        out[3 + c] = position[c];
    }
    out[6] = thread;
    out[7] = thread % 32;
    out[8] = thread % 4;
    out[9] = thread / 4;
    out[10] = thread / 32;
}

static bool input_holds(const tj_shape *s, const uint32_t size[3], unsigned lanes,
                        unsigned leaf)
{
    uint32_t count = size[0] * size[1] * size[2];

    for (uint32_t thread = 0; thread < count; thread++) {
        uint64_t first[INPUT_LEAVES], mine[INPUT_LEAVES];
        unsigned lane = thread % lanes;

        inputs_of(size, thread - lane, first);
        inputs_of(size, thread, mine);
        if (s->kind != TJ_VARYING &&
            (!is_base(s, first[leaf]) || mine[leaf] != at_lane(s, first[leaf], lane, 32)))
            return false;
    }
    return true;
}

static void inputs_agree_with_positions(void **state)
{
    static const uint32_t xs[] = {1, 2, 3, 4, 5, 7, 8, 10, 16, 24, 32, 64},
                          ys[] = {1, 2, 3, 4, 7, 8, 16}, zs[] = {1, 2, 3, 4};
    unsigned affine = 0;
    analysed a = analyse(inputs, (tj_shape_options){.threadgroup = {1, 1, 1}, .lanes = 4});

    (void)state;
    assert_int_equal(a.facts.leaf_count, INPUT_LEAVES);
    for (unsigned i = 0; i < 12 * 7 * 4 * 4; i++) {
        uint32_t size[3] = {xs[i % 12], ys[i / 12 % 7], zs[i / 84 % 4]};
        unsigned lanes = 4u << i / 336;
        if (size[0] * size[1] * size[2] > TJ_MAX_THREADS)
            continue;
        tj_arena *arena = tj_arena_create();
        tj_facts facts;
        tj_shape_options options = {.threadgroup = {size[0], size[1], size[2]}, .lanes = lanes};

        assert_int_equal(tj_facts_build(a.unit, &options, arena, &facts), TJ_OK);
        for (unsigned leaf = 0; leaf < INPUT_LEAVES; leaf++) {
            if (!input_holds(&facts.leaves[leaf].shape, size, lanes, leaf))
                fail_msg("leaf %u of %ux%ux%u at %u lanes", leaf, size[0], size[1], size[2],
                         lanes);
            affine += facts.leaves[leaf].shape.kind == TJ_AFFINE;
        }
        tj_arena_destroy(arena);
    }
    assert_true(affine > 12 * 7 * 4 * 4 * 2);
    drop_analysed(&a);
}

static void assert_leaf(const tj_facts *facts, const tj_leaf *leaf, const char *what,
                        const char *wanted)
{
    tj_text got = {0};

    tj_shape_print(facts, leaf, &got);
    if (strcmp(got.data, wanted) != 0)
        print_error("%s at %u lanes\n", what, facts->options.lanes);
    assert_string_equal(got.data, wanted);
    tj_text_fini(&got);
}

/* x and y of thread_position_in_grid. */
static void inputs_have_their_pattern(void **state)
{
    static const struct {
        uint32_t x, y;
        unsigned lanes;
        const char *shape_x, *shape_y;
    } rows[] = {
        {64, 1, 4, "affine[+1]", "uniform"},
        {64, 1, 32, "affine[+1]", "uniform"},
        {100, 1, 8, "affine[+1]", "uniform"},
        {16, 16, 4, "affine[+1]", "uniform"},
        {16, 16, 8, "affine[+1]", "uniform"},
        {16, 16, 16, "affine[+1]", "uniform"},
        {16, 16, 32,
         "affine[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]",
         "affine[0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]"},
        {8, 8, 4, "affine[+1]", "uniform"},
        {8, 8, 8, "affine[+1]", "uniform"},
        {8, 8, 16, "affine[0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7]",
         "affine[0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1]"},
        {10, 7, 4, "varying", "varying"},
        {10, 7, 8, "varying", "varying"},
        {10, 7, 16, "varying", "varying"},
        {10, 7, 32, "varying", "varying"},
    };

    (void)state;
    for (unsigned r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
        for (int ragged = 0; ragged < 2; ragged++) {
            analysed a =
                analyse(inputs, (tj_shape_options){.threadgroup = {rows[r].x, rows[r].y, 1},
                                                   .lanes = rows[r].lanes,
                                                   .is_ragged = ragged});
            bool is_lost = ragged && rows[r].y > 1;

            assert_leaf(&a.facts, &a.facts.leaves[0], "x",
                        is_lost ? "varying" : rows[r].shape_x);
            assert_leaf(&a.facts, &a.facts.leaves[1], "y",
                        is_lost ? "varying" : rows[r].shape_y);
            drop_analysed(&a);
        }
}

/* ---- instructions --------------------------------------------------------------------------
 */

static const tj_leaf *leaf_named(const analysed *a, const char *name)
{
    for (uint32_t v = 0; v < a->facts.value_count; v++) {
        size_t length;

        if (strcmp(LLVMGetValueName2(a->facts.values[v].value, &length), name) == 0)
            return &a->facts.leaves[a->facts.values[v].first_leaf];
    }
    fail_msg("no value %%%s", name);
    return NULL;
}

/* The shape of %v after `body`, in threadgroups of 64. */
static void instructions_have_their_shape(void **state)
{
    static const struct {
        unsigned lanes;
        const char *body, *shape;
    } rows[] = {
        {4, "%v = and i32 %lid, 31", "affine[+1]"},
        {32, "%v = and i32 %lid, 31", "affine[+1]"},
        {8, "%v = and i32 %lid, 3", "affine[0 1 2 3 0 1 2 3]"},
        {4, "%v = lshr i32 %lid, 5", "uniform"},
        {32, "%v = lshr i32 %lid, 5", "uniform"},
        {8, "%v = lshr i32 %lid, 2", "affine[0 0 0 0 1 1 1 1]"},
        {16, "%v = udiv i32 %lid, 16", "uniform"},
        {32, "%v = udiv i32 %lid, 16",
         "affine[0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]"},
        {8, "%v = urem i32 %lid, 16", "affine[+1]"},
        {8, "%v = udiv i32 %lid, 3", "varying"},
        {8, "%v = sdiv i32 %lid, 4", "varying"},
        {4, "%v = xor i32 %lid, 1", "affine[0 -1 2 1]"},
        {8, "%u = shl i32 %i, 2\n%v = or i32 %u, 1", "affine[+4]"},
        {8, "%x = add i32 %i, %n\n%u = shl i32 %x, 2\n%w = and i32 %n, 3\n%v = or i32 %u, %w",
         "affine[+4]"},
        {8, "%x = add i32 %i, %n\n%u = shl i32 %x, 2\n%w = and i32 %n, 7\n%v = or i32 %u, %w",
         "varying"},
        {8, "%v = add i32 %i, %n", "affine[+1]"},
        {8, "%v = sub i32 %n, %i", "affine[-1]"},
        {8, "%u = sub i32 %i, %lid\n%v = add i32 %u, 5", "uniform"},
        {8, "%v = mul i32 %i, 12", "affine[+12]"},
        {8, "%v = mul i32 %i, %n", "affine[+0, uniform * +1]"},
        {8, "%v = mul i32 %n, %i", "affine[+0, uniform * +1]"},
        {8, "%u = mul i32 %i, %n\n%v = add i32 %u, %lid", "affine[+1, uniform * +1]"},
        {8, "%v = mul i32 %i, %lid", "varying"},
        {8, "%v = zext i32 %i to i64", "affine[+1]"},
        {8, "%v = sext i32 %i to i64", "affine[+1]"},
        {8, "%u = add i32 %i, %n\n%v = zext i32 %u to i64", "affine[+1]"},
        {8, "%u = add i32 %i, %n\n%v = sext i32 %u to i64", "affine[+1] if in range"},
        {8, "%u = add i32 %i, -1\n%v = zext i32 %u to i64", "affine[+1] if in range"},
        {8, "%u = add i32 %i, -1\n%v = sext i32 %u to i64", "affine[+1] if in range"},
        {8, "%u = sub i32 7, %i\n%v = sext i32 %u to i64", "affine[-1] if in range"},
        {8, "%u = sub i32 7, %i\n%v = zext i32 %u to i64", "varying"},
        {8, "%u = mul i32 %i, %n\n%v = zext i32 %u to i64",
         "affine[+0, uniform * +1] if in range"},
        {8, "%v = trunc i32 %i to i16", "affine[+1]"},
        {8, "%u = trunc i32 %i to i16\n%v = zext i16 %u to i32", "affine[+1]"},
        {8, "%u = add i32 %i, 4\n%w = trunc i32 %u to i16\n%v = zext i16 %w to i32",
         "affine[+1] if in range"},
        {8, "%u = icmp ult i32 %lid, 1024\n%v = zext i1 %u to i32", "uniform"},
        {8, "%u = icmp sle i32 1024, %lid\n%v = zext i1 %u to i32", "uniform"},
        {8, "%u = icmp ule i32 %lid, 1024\n%v = zext i1 %u to i32", "varying"},
        {8, "%u = icmp ult i32 %lid, 1023\n%v = zext i1 %u to i32", "varying"},
        {8, "%u = icmp eq i32 %lid, 1024\n%v = zext i1 %u to i32", "varying"},
        {8, "%v = trunc i32 %i to i1", "varying"},
        {8, "%v = icmp ult i32 %i, 7", "varying"},
        {8, "%v = icmp ult i32 %n, 7", "uniform"},
        {8, "%u = uitofp i32 %i to float\n%v = fptoui float %u to i32", "varying"},
        {8, "%v = getelementptr i32, ptr addrspace(1) %y, i32 %i", "affine[+4]"},
        {8, "%u = add i32 %i, %n\n%v = getelementptr i32, ptr addrspace(1) %y, i32 %u",
         "affine[+4] if in range"},
        {8, "%v = getelementptr [3 x i32], ptr addrspace(1) %y, i32 %i, i32 2", "affine[+12]"},
        {8, "%v = load i32, ptr addrspace(1) %y", "uniform"},
        {8, "%c = icmp eq i32 %n, 7\n%v = select i1 %c, i32 %i, i32 %lid", "affine[+1]"},
        {8, "%c = icmp eq i32 %n, 7\n%v = select i1 %c, i32 %i, i32 5", "varying"},
        {8, "%c = icmp eq i32 %i, 7\n%v = select i1 %c, i32 5, i32 6", "varying"},
    };

    (void)state;
    for (unsigned r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        tj_text text = {0};

        tj_text_puts(&text, KERNEL_START);
        tj_text_puts(&text, rows[r].body);
        tj_text_puts(&text, "\nret void\n}\n");
        analysed a = analyse(
            text.data, (tj_shape_options){.threadgroup = {64, 1, 1}, .lanes = rows[r].lanes});

        assert_leaf(&a.facts, leaf_named(&a, "v"), rows[r].body, rows[r].shape);
        drop_analysed(&a);
        tj_text_fini(&text);
    }
}

/* Bits that a shift pushed out of the type must not come back with the next one. */
static void shifted_out_bits_stay_out(void **state)
{
    static const char *const bodies[] = {
        "%u = shl i32 %lid, 28\n%v = lshr i32 %u, 28",
        "%u = mul i32 %quad, 1610612736\n%v = lshr i32 %u, 8",
    };

    (void)state;
    for (unsigned r = 0; r < 2; r++) {
        tj_text text = {0};

        tj_text_puts(&text, KERNEL_START);
        tj_text_puts(&text, bodies[r]);
        tj_text_puts(&text, "\nret void\n}\n");
        analysed a =
            analyse(text.data, (tj_shape_options){.threadgroup = {64, 1, 1}, .lanes = 32});
        const tj_shape *v = &leaf_named(&a, "v")->shape;

        for (uint64_t l = 0; l < 32; l++) {
            uint64_t value = r ? (uint32_t)(l % 4 * 1610612736) >> 8 : l & 15;

            if (v->kind != TJ_VARYING && at_lane(v, 0, (unsigned)l, 32) != value)
                fail_msg("lane %u has 0x%llx, not 0x%llx: %s", (unsigned)l,
                         (unsigned long long)at_lane(v, 0, (unsigned)l, 32),
                         (unsigned long long)value, bodies[r]);
        }
        drop_analysed(&a);
        tj_text_fini(&text);
    }
}

/* ---- control flow --------------------------------------------------------------------------
 */

static const tj_shape_options options_1d = {.threadgroup = {64, 1, 1}, .lanes = 8};

static void assert_named(const analysed *a, const char *name, const char *wanted)
{
    assert_leaf(&a->facts, leaf_named(a, name), name, wanted);
}

static int class_of(const analysed *a, const char *block)
{
    return tj_mask_class(&a->facts, block_named(&a->facts.cfg, block));
}

#define DIAMOND(condition)                                                                     \
    KERNEL(" %c = " condition "\n br i1 %c, label %a, label %b\n"                              \
           "a:\n" STORE("1") " br label %join\n"                                               \
                             "b:\n %j = add i32 %lid, 9\n br label %join\n"                    \
                             "join:\n %v = phi i32 [ %n, %a ], [ 9, %b ]\n"                    \
                             " %w = phi i32 [ %lid, %a ], [ %j, %b ]\n"                        \
                             " %s = phi i32 [ %n, %a ], [ %n, %b ]\n ret void")

static void joins_blend(void **state)
{
    analysed uniform = analyse(DIAMOND("icmp eq i32 %n, 7"), options_1d);
    analysed divergent = analyse(DIAMOND("icmp eq i32 %i, 7"), options_1d);

    (void)state;
    assert_named(&uniform, "v", "uniform");
    assert_named(&uniform, "w", "affine[+1]");
    assert_named(&uniform, "s", "uniform");
    assert_named(&divergent, "v", "varying");
    assert_named(&divergent, "w", "varying");
    assert_named(&divergent, "s", "uniform");
    assert_false(uniform.facts.is_divergent[0]);
    assert_true(divergent.facts.is_divergent[0]);
    for (const char *const *name = (const char *const[]){"a", "b", "join", NULL}; *name; name++)
        assert_int_equal(class_of(&uniform, *name), 0);
    assert_int_equal(class_of(&divergent, "a"), block_named(&divergent.facts.cfg, "a"));
    assert_int_equal(class_of(&divergent, "b"), block_named(&divergent.facts.cfg, "b"));
    assert_int_equal(class_of(&divergent, "join"), 0);
    assert_true(divergent.facts.is_blend[block_named(&divergent.facts.cfg, "join")]);
    assert_false(uniform.facts.is_blend[block_named(&uniform.facts.cfg, "join")]);
    drop_analysed(&uniform);
    drop_analysed(&divergent);
}

/* Pointers and indices of all lanes walk through memory together. */
#define LOOP(limit)                                                                            \
    KERNEL(" %first = getelementptr i32, ptr addrspace(1) %y, i32 %i\n br label %head\n"       \
           "head:\n %u = phi i32 [ 0, %entry ], [ %u1, %head ]\n"                              \
           " %at = phi i32 [ %lid, %entry ], [ %at1, %head ]\n"                                \
           " %q = phi ptr addrspace(1) [ %first, %entry ], [ %q1, %head ]\n"                   \
           " store i32 %u, ptr addrspace(1) %q\n %u1 = add i32 %u, 1\n"                        \
           " %at1 = add i32 %at, %n\n"                                                         \
           " %q1 = getelementptr i32, ptr addrspace(1) %q, i32 64\n"                           \
           " %more = icmp ult i32 %u1, " limit "\n br i1 %more, label %head, label %done\n"    \
           "done:\n %out = phi i32 [ %u, %head ]\n %outn = phi i32 [ %n, %head ]\n" STORE(     \
               "%out") " ret void")

static void loops_keep_shapes(void **state)
{
    analysed uniform = analyse(LOOP("%n"), options_1d);
    analysed divergent = analyse(LOOP("%i"), options_1d);

    (void)state;
    for (const analysed *a = &uniform; a; a = a == &uniform ? &divergent : NULL) {
        assert_named(a, "u", "uniform");
        assert_named(a, "at", "affine[+1]");
        assert_named(a, "q", "affine[+4]");
        assert_int_equal(leaf_named(a, "q")->root.kind, TJ_ROOT_PARAM);
        assert_named(a, "outn", "uniform");
        assert_int_equal(class_of(a, "done"), 0);
    }
    assert_false(uniform.facts.is_divergent_loop[0]);
    assert_named(&uniform, "out", "uniform");
    assert_int_equal(class_of(&uniform, "head"), 0);
    /* lanes that left earlier left with another value */
    assert_true(divergent.facts.is_divergent_loop[0]);
    assert_named(&divergent, "out", "varying");
    assert_int_equal(class_of(&divergent, "head"), block_named(&divergent.facts.cfg, "head"));
    drop_analysed(&uniform);
    drop_analysed(&divergent);
}

/* The inner loop ends for all of its lanes at once, whatever the outer one does. */
static void inner_loops_are_uniform(void **state)
{
    analysed a = analyse(
        KERNEL(" br label %outer\n"
               "outer:\n %u = phi i32 [ 0, %entry ], [ %u1, %after ]\n br label %inner\n"
               "inner:\n %v = phi i32 [ 0, %outer ], [ %v1, %inner ]\n" STORE(
                   "%v") " %v1 = add i32 %v, 1\n %iv = icmp ult i32 %v1, %n\n"
                         " br i1 %iv, label %inner, label %after\n"
                         "after:\n %in = phi i32 [ %v, %inner ]\n %u1 = add i32 %u, 1\n"
                         " %iu = icmp ult i32 %u1, %i\n br i1 %iu, label %outer, label %done\n"
                         "done:\n %out = phi i32 [ %in, %after ]\n" STORE("%out") " ret void"),
        options_1d);
    int outer = class_of(&a, "outer");

    (void)state;
    assert_true(a.facts.is_divergent_loop[0]);
    assert_false(a.facts.is_divergent_loop[1]);
    assert_int_equal(outer, block_named(&a.facts.cfg, "outer"));
    assert_int_equal(class_of(&a, "inner"), outer);
    assert_int_equal(class_of(&a, "after"), outer);
    assert_int_equal(class_of(&a, "done"), 0);
    assert_named(&a, "v", "uniform");
    assert_named(&a, "in", "uniform");
    assert_named(&a, "out", "varying");
    drop_analysed(&a);
}

/* A loop diverges also when lanes leave by a break under a divergent branch outside it. */
static void breaks_make_loops_divergent(void **state)
{
    analysed a =
        analyse(KERNEL(" br label %head\n"
                       "head:\n %u = phi i32 [ 0, %entry ], [ %u1, %tail ]\n"
                       " %c = icmp eq i32 %u, %i\n br i1 %c, label %side, label %tail\n"
                       "side:\n" STORE(
                           "3") " %d = icmp eq i32 %n, 4\n br i1 %d, label %done, label %tail\n"
                                "tail:\n %u1 = add i32 %u, 1\n %more = icmp ult i32 %u1, %n\n"
                                " br i1 %more, label %head, label %done\n"
                                "done:\n %out = phi i32 [ 1, %side ], [ 2, %tail ]\n" STORE(
                                    "%out") " ret void"),
                options_1d);

    (void)state;
    assert_true(a.facts.is_divergent[block_named(&a.facts.cfg, "head")]);
    assert_false(a.facts.is_divergent[block_named(&a.facts.cfg, "side")]);
    assert_true(a.facts.is_divergent_loop[0]);
    assert_named(&a, "u", "uniform");
    assert_named(&a, "out", "varying");
    assert_int_equal(class_of(&a, "side"), block_named(&a.facts.cfg, "side"));
    assert_int_equal(class_of(&a, "done"), 0);
    drop_analysed(&a);
}

static void check_conditions(const analysed *a, const char *what)
{
    for (uint32_t l = 0; l < a->facts.leaf_count; l++) {
        const tj_leaf *leaf = &a->facts.leaves[l];

        if (leaf->shape.kind == TJ_UNSEEN)
            fail_msg("%s: leaf %u was not seen", what, l);
        if (leaf->type && tj_leaf_bits(leaf->type) == 1 && leaf->shape.kind == TJ_AFFINE)
            fail_msg("%s: leaf %u is an affine condition", what, l);
    }
    for (int b = 0; b < a->facts.cfg.block_count; b++)
        if (a->facts.is_divergent[b] && a->facts.cfg.blocks[b].succ_count < 2)
            fail_msg("%s: block %d has one way to diverge", what, b);
}

static void conditions_are_never_affine(void **state)
{
    (void)state;
    assert_true(each_kernel_of_run(0, check_conditions) > 100);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(algebra_agrees_with_arithmetic),
        cmocka_unit_test(algebra_of_terms),
        cmocka_unit_test(inputs_agree_with_positions),
        cmocka_unit_test(inputs_have_their_pattern),
        cmocka_unit_test(instructions_have_their_shape),
        cmocka_unit_test(joins_blend),
        cmocka_unit_test(loops_keep_shapes),
        cmocka_unit_test(inner_loops_are_uniform),
        cmocka_unit_test(breaks_make_loops_divergent),
        cmocka_unit_test(shifted_out_bits_stay_out),
        cmocka_unit_test(conditions_are_never_affine),
    };

    return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
