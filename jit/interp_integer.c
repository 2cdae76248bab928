/* SPDX-License-Identifier: MIT */
/* Integer functions of AIR (air.md 4.6) and LLVM. Operands arrive zero-extended; sums and
 * products are formed in 128 bits, where nothing overflows, then saturated or cut. */
#include "interp_internal.h"

#include <string.h>

__extension__ typedef __int128 int128;

static int128 wide(tj_iscalar type, uint64_t value)
{
    return type.is_signed ? (int128)tj_isext(value, type.bits) : (int128)value;
}

static uint64_t cut(tj_iscalar type, int128 value)
{
    return (uint64_t)value & tj_imask(type.bits);
}

static uint64_t saturate(tj_iscalar type, int128 value)
{
    int128 one = 1;
    int128 low = type.is_signed ? -(one << (type.bits - 1)) : 0;
    int128 high = (one << (type.is_signed ? type.bits - 1 : type.bits)) - 1;
    return cut(type, value < low ? low : value > high ? high : value);
}

static int128 least(int128 a, int128 b)
{
    return a < b ? a : b;
}

static int128 most(int128 a, int128 b)
{
    return a > b ? a : b;
}

/* The upper half of a product; unsigned 64-bit ones fill all 128 bits. */
static uint64_t high_product(tj_iscalar type, int128 a, int128 b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * (unsigned __int128)b;
    return (uint64_t)(product >> type.bits) & tj_imask(type.bits);
}

/* Saturated a * b + c. Unsigned 64-bit products do not fit a signed 128-bit number, but then
 * their upper half says that the result saturates. */
static uint64_t multiply_add(tj_iscalar type, int128 a, int128 b, int128 c)
{
    if (!type.is_signed && high_product(type, a, b))
        return tj_imask(type.bits);
    return saturate(type, a * b + c);
}

/* The low 24 bits, with the sign of their highest. */
static int128 low_24(tj_iscalar type, uint64_t value)
{
    return type.is_signed ? (int128)tj_isext(value, 24) : (int128)(value & tj_imask(24));
}

static uint64_t count_leading(uint64_t value, unsigned bits)
{
    return value ? (uint64_t)__builtin_clzll(value) - (64 - bits) : bits;
}

static uint64_t count_trailing(uint64_t value, unsigned bits)
{
    return value ? (uint64_t)__builtin_ctzll(value) : bits;
}

static uint64_t reverse(uint64_t value, unsigned bits)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < bits; i++)
        result |= (value >> i & 1) << (bits - 1 - i);
    return result;
}

static uint64_t swap_bytes(uint64_t value, unsigned bits)
{
    return __builtin_bswap64(value) >> (64 - bits);
}

/* The upper word of (high:low) shifted left by `amount` modulo the width. */
static uint64_t funnel_left(uint64_t high, uint64_t low, uint64_t amount, unsigned bits)
{
    unsigned n = (unsigned)(amount % bits);
    return n == 0 ? high : (high << n | low >> (bits - n)) & tj_imask(bits);
}

static uint64_t funnel_right(uint64_t high, uint64_t low, uint64_t amount, unsigned bits)
{
    unsigned n = (unsigned)(amount % bits);
    return n == 0 ? low : (low >> n | high << (bits - n)) & tj_imask(bits);
}

/* Offset and number of bits, kept inside the width. */
static unsigned clip_field(const uint64_t *operands, unsigned bits, unsigned *offset)
{
    *offset = operands[0] < bits ? (unsigned)operands[0] : bits;
    uint64_t room = bits - *offset;
    return (unsigned)(operands[1] < room ? operands[1] : room);
}

static uint64_t extract_bits(tj_iscalar type, const uint64_t *args)
{
    unsigned offset, count = clip_field(args + 1, type.bits, &offset);
    if (count == 0)
        return 0;
    uint64_t field = args[0] >> offset & tj_imask(count);
    return type.is_signed ? (uint64_t)tj_isext(field, count) & tj_imask(type.bits) : field;
}

static uint64_t insert_bits(tj_iscalar type, const uint64_t *args)
{
    unsigned offset, count = clip_field(args + 2, type.bits, &offset);
    if (count == 0)
        return args[0];
    uint64_t mask = tj_imask(count) << offset;
    return (args[0] & ~mask) | (args[1] << offset & mask);
}

/* ---- as elementwise functions: x, y, z are the operands at full width -------------------- */

#define FN(name, count, expression)                                                            \
    static tj_ifn tj_ifn_##name;                                                               \
    static uint64_t tj_ifn_##name(const tj_iinst *inst, const uint64_t *args)                  \
    {                                                                                          \
        tj_iscalar t = inst->from;                                                             \
        int128 x = wide(t, args[0]), y = count > 1 ? wide(t, args[1]) : 0;                     \
        int128 z = count > 2 ? wide(t, args[2]) : 0;                                           \
        (void)x, (void)y, (void)z;                                                             \
        return expression;                                                                     \
    }

FN(abs, 1, cut(t, x < 0 ? -x : x))
FN(abs_diff, 2, cut(t, x < y ? y - x : x - y))
FN(add_sat, 2, saturate(t, x + y))
FN(sub_sat, 2, saturate(t, x - y))
FN(hadd, 2, cut(t, (x + y) >> 1))
FN(rhadd, 2, cut(t, (x + y + 1) >> 1))
FN(min3, 3, cut(t, least(least(x, y), z)))
FN(max3, 3, cut(t, most(most(x, y), z)))
FN(median3, 3, cut(t, most(least(x, y), least(most(x, y), z))))
FN(clamp, 3, cut(t, least(most(x, y), z)))
FN(mul_hi, 2, high_product(t, x, y))
FN(mad_hi, 3, cut(t, (int128)high_product(t, x, y) + z))
FN(mad_sat, 3, multiply_add(t, x, y, z))
FN(clz, 1, count_leading(args[0], t.bits))
FN(ctz, 1, count_trailing(args[0], t.bits))
FN(popcount, 1, (uint64_t)__builtin_popcountll(args[0]))
FN(reverse_bits, 1, reverse(args[0], t.bits))
FN(rotate, 2, funnel_left(args[0], args[0], args[1], t.bits))
FN(fshl, 3, funnel_left(args[0], args[1], args[2], t.bits))
FN(fshr, 3, funnel_right(args[0], args[1], args[2], t.bits))
FN(bswap, 1, swap_bytes(args[0], t.bits))
FN(extract_bits, 1, extract_bits(t, args))
FN(insert_bits, 1, insert_bits(t, args))
FN(mul24, 2, cut(t, low_24(t, args[0]) * low_24(t, args[1])))
FN(mad24, 3, cut(t, low_24(t, args[0]) * low_24(t, args[1]) + z))
FN(quad_vote_all, 1, (args[0] & 15) == 15)
FN(quad_vote_any, 1, (args[0] & 15) != 0)
FN(vote_all, 1, (args[0] & UINT32_MAX) == UINT32_MAX)
FN(vote_any, 1, (args[0] & UINT32_MAX) != 0)

uint64_t tj_ifn_imin(const tj_iinst *inst, const uint64_t *args)
{
    return cut(inst->from, least(wide(inst->from, args[0]), wide(inst->from, args[1])));
}

uint64_t tj_ifn_imax(const tj_iinst *inst, const uint64_t *args)
{
    return cut(inst->from, most(wide(inst->from, args[0]), wide(inst->from, args[1])));
}

tj_ifn *tj_ifn_of_integer(tj_intrin id)
{
    static tj_ifn *const fns[TJ_INTRIN_COUNT] = {
        [TJ_INTRIN_ABS] = tj_ifn_abs,
        [TJ_INTRIN_ABS_DIFF] = tj_ifn_abs_diff,
        [TJ_INTRIN_ADD_SAT] = tj_ifn_add_sat,
        [TJ_INTRIN_SUB_SAT] = tj_ifn_sub_sat,
        [TJ_INTRIN_HADD] = tj_ifn_hadd,
        [TJ_INTRIN_RHADD] = tj_ifn_rhadd,
        [TJ_INTRIN_IMIN] = tj_ifn_imin,
        [TJ_INTRIN_IMAX] = tj_ifn_imax,
        [TJ_INTRIN_IMIN3] = tj_ifn_min3,
        [TJ_INTRIN_IMAX3] = tj_ifn_max3,
        [TJ_INTRIN_IMEDIAN3] = tj_ifn_median3,
        [TJ_INTRIN_ICLAMP] = tj_ifn_clamp,
        [TJ_INTRIN_MUL_HI] = tj_ifn_mul_hi,
        [TJ_INTRIN_MAD_HI] = tj_ifn_mad_hi,
        [TJ_INTRIN_MAD_SAT] = tj_ifn_mad_sat,
        [TJ_INTRIN_MUL24] = tj_ifn_mul24,
        [TJ_INTRIN_MAD24] = tj_ifn_mad24,
        [TJ_INTRIN_CLZ] = tj_ifn_clz,
        [TJ_INTRIN_CTZ] = tj_ifn_ctz,
        [TJ_INTRIN_POPCOUNT] = tj_ifn_popcount,
        [TJ_INTRIN_REVERSE_BITS] = tj_ifn_reverse_bits,
        [TJ_INTRIN_ROTATE] = tj_ifn_rotate,
        [TJ_INTRIN_EXTRACT_BITS] = tj_ifn_extract_bits,
        [TJ_INTRIN_INSERT_BITS] = tj_ifn_insert_bits,
        [TJ_INTRIN_QUAD_VOTE_ALL] = tj_ifn_quad_vote_all,
        [TJ_INTRIN_QUAD_VOTE_ANY] = tj_ifn_quad_vote_any,
        [TJ_INTRIN_SIMD_VOTE_ALL] = tj_ifn_vote_all,
        [TJ_INTRIN_SIMD_VOTE_ANY] = tj_ifn_vote_any,
    };
    return fns[id];
}

tj_ifn *tj_ifn_of_llvm_integer(const char *name)
{
    static const tj_iname names[] = {
        {"abs", tj_ifn_abs},
        {"bitreverse", tj_ifn_reverse_bits},
        {"bswap", tj_ifn_bswap},
        {"ctlz", tj_ifn_clz},
        {"ctpop", tj_ifn_popcount},
        {"cttz", tj_ifn_ctz},
        {"fptosi.sat", tj_ifn_float_to_int},
        {"fptoui.sat", tj_ifn_float_to_int},
        {"fshl", tj_ifn_fshl},
        {"fshr", tj_ifn_fshr},
        {"sadd.sat", tj_ifn_add_sat},
        {"smax", tj_ifn_imax},
        {"smin", tj_ifn_imin},
        {"ssub.sat", tj_ifn_sub_sat},
        {"uadd.sat", tj_ifn_add_sat},
        {"umax", tj_ifn_imax},
        {"umin", tj_ifn_imin},
        {"usub.sat", tj_ifn_sub_sat},
        {NULL, NULL},
    };
    return tj_ifind_name(names, name);
}

tj_ifn *tj_ifind_name(const tj_iname *names, const char *name)
{
    for (; names->name; names++) {
        size_t byte_len = strlen(names->name);
        if (strncmp(names->name, name, byte_len) == 0 &&
            (name[byte_len] == '.' || name[byte_len] == '\0'))
            return names->fn;
    }
    return NULL;
}
