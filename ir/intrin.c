/* SPDX-License-Identifier: MIT */
/* Which AIR function a name means.
 *
 * A name is "air." ["fast_"] stem suffix; the row's overload says how the suffix is read.
 * Stems share prefixes (min, min3; simd_shuffle, simd_shuffle_up) and names (clamp is a
 * float and an integer row), so every row whose stem fits tries its suffix and exactly one
 * takes it; the unit test checks that no name fits two rows.
 * Sources of the spellings: ir/intrinsics.def.
 */
#include "intrin.h"

#include "air_type.h"

#include <llvm-c/Core.h>
#include <pthread.h>
#include <string.h>

const tj_intrin_info tj_intrin_infos[TJ_INTRIN_COUNT] = {
#define INTRIN(id, name, overload, signature, result, effect, metal)                           \
    {name, signature, metal, TJ_OVL_##overload, TJ_RESULT_##result, TJ_EFFECT_##effect},
#include "intrinsics.def"
};

/* Longest vector outside SIMD-group matrices. */
enum { MAX_VECTOR_LENGTH = 16, TILE_LENGTH = 64 };

/* ---- pieces of suffixes ---------------------------------------------------------------- */

/* Takes ".s." or ".u." style markers: "s." or "u." at `text`; `*sign` is 0 without one. */
static const char *take_sign(const char *text, char *sign)
{
    *sign = 0;
    if ((text[0] != 's' && text[0] != 'u') || text[1] != '.')
        return text;
    *sign = text[0];
    return text + 2;
}

/* The whole rest of a name as one type of at most 16 elements. */
static bool parse_rest(const char *text, tj_air_type *type)
{
    const char *end = tj_air_type_parse(text, type);
    return end && *end == '\0' && type->length <= MAX_VECTOR_LENGTH;
}

static bool parse_float(const char *text, tj_air_type *type)
{
    return parse_rest(text, type) && type->kind == 'f';
}

static bool parse_integer(const char *text, tj_air_type *type)
{
    return parse_rest(text, type) && type->kind == 'i' && type->bits >= 8;
}

static bool parse_signed(const char *text, tj_air_type *type)
{
    char sign;
    text = take_sign(text, &sign);
    if (!sign || !parse_integer(text, type))
        return false;
    type->kind = sign;
    return true;
}

/* ---- one function for each overload kind; `suffix` starts after the stem ---------------- */

static bool decode_none(const char *suffix, tj_intrin_use *use)
{
    (void)use;
    return *suffix == '\0';
}

static bool decode_f(const char *suffix, tj_intrin_use *use)
{
    return *suffix == '.' && parse_float(suffix + 1, &use->type);
}

/* Functions that AIR has not, of doubles alone. */
static bool decode_d(const char *suffix, tj_intrin_use *use)
{
    return decode_f(suffix, use) && use->type.bits == 64;
}

static bool decode_i(const char *suffix, tj_intrin_use *use)
{
    return *suffix == '.' && parse_integer(suffix + 1, &use->type);
}

static bool decode_s(const char *suffix, tj_intrin_use *use)
{
    return *suffix == '.' && parse_signed(suffix + 1, &use->type);
}

static bool decode_s32(const char *suffix, tj_intrin_use *use)
{
    return decode_s(suffix, use) && use->type.bits == 32;
}

static bool decode_a(const char *suffix, tj_intrin_use *use)
{
    return decode_f(suffix, use) || decode_s(suffix, use);
}

static bool decode_x(const char *suffix, tj_intrin_use *use)
{
    return decode_a(suffix, use) || decode_i(suffix, use);
}

static bool decode_l64(const char *suffix, tj_intrin_use *use)
{
    (void)use;
    return *suffix == '\0' || strcmp(suffix, ".i64") == 0;
}

static bool decode_b(const char *suffix, tj_intrin_use *use)
{
    return *suffix == '.' && parse_rest(suffix + 1, &use->type) && use->type.bits == 1 &&
           use->type.length > 1;
}

static bool decode_q16(const char *suffix, tj_intrin_use *use)
{
    use->type = (tj_air_type){'i', false, *suffix ? 64 : 16, 1};
    return *suffix == '\0' || strcmp(suffix, ".i64") == 0;
}

static bool decode_any(const char *suffix, tj_intrin_use *use)
{
    return *suffix == '.' && parse_rest(suffix + 1, &use->type);
}

static bool decode_parts(const char *suffix, tj_intrin_use *use)
{
    unsigned count = tj_intrin_infos[use->id].overload - TJ_OVL_P1 + 1;
    return decode_f(suffix, use) && use->type.length == count && !use->type.is_bfloat &&
           use->type.bits < 64;
}

/* ---- atomics: "global.add.u.i32" (air.md 4.2) ------------------------------------------ */

/* Which element types an operation takes besides i32, and whether its name has a sign. */
typedef struct atomic_rule {
    tj_intrin id;
    bool has_sign, has_float, has_global_u64;
} atomic_rule;

static const atomic_rule atomic_rules[] = {
    {TJ_INTRIN_ATOMIC_LOAD, false, true, false}, {TJ_INTRIN_ATOMIC_STORE, false, true, false},
    {TJ_INTRIN_ATOMIC_XCHG, false, true, false}, {TJ_INTRIN_ATOMIC_CMPXCHG, false, true, false},
    {TJ_INTRIN_ATOMIC_ADD, true, true, false},   {TJ_INTRIN_ATOMIC_SUB, true, true, false},
    {TJ_INTRIN_ATOMIC_MIN, true, false, true},   {TJ_INTRIN_ATOMIC_MAX, true, false, true},
    {TJ_INTRIN_ATOMIC_AND, true, false, false},  {TJ_INTRIN_ATOMIC_OR, true, false, false},
    {TJ_INTRIN_ATOMIC_XOR, true, false, false},
};

static const atomic_rule *find_atomic_rule(tj_intrin id)
{
    for (size_t i = 0; i < sizeof(atomic_rules) / sizeof(atomic_rules[0]); i++)
        if (atomic_rules[i].id == id)
            return &atomic_rules[i];
    return NULL;
}

static bool decode_atomic(const char *suffix, tj_intrin_use *use)
{
    const atomic_rule *rule = find_atomic_rule(use->id);
    char sign;
    if (!rule || *suffix != '.')
        return false;
    suffix = take_sign(suffix + 1, &sign);
    if (!parse_rest(suffix, &use->type) || use->type.length != 1)
        return false;
    if (use->type.kind == 'f')
        return rule->has_float && !sign && use->type.bits == 32;
    if (rule->has_sign != (sign != 0))
        return false;
    if (sign)
        use->type.kind = sign;
    bool is_u64 = use->type.bits == 64 && sign == 'u' && use->address_space == 1;
    return use->type.bits == 32 || (rule->has_global_u64 && is_u64);
}

/* ---- conversions: "f.v4f16.u.v4i32.rtz" (air.md 4.7) ------------------------------------- */

static const char *parse_converted(const char *text, tj_air_type *type)
{
    char kind = text[0];
    if ((kind != 'f' && kind != 's' && kind != 'u') || text[1] != '.')
        return NULL;
    const char *end = tj_air_type_parse(text + 2, type);
    if (!end || type->length > MAX_VECTOR_LENGTH || (type->kind == 'f') != (kind == 'f'))
        return NULL;
    type->kind = kind;
    return end;
}

static bool parse_rounding(const char *text, tj_rounding *rounding)
{
    static const char *const names[] = {
        [TJ_ROUND_DEFAULT] = "", [TJ_ROUND_RTZ] = ".rtz", [TJ_ROUND_RTE] = ".rte",
        [TJ_ROUND_RTP] = ".rtp", [TJ_ROUND_RTN] = ".rtn",
    };
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            *rounding = (tj_rounding)i;
            return true;
        }
    }
    return false;
}

static bool decode_conv(const char *suffix, tj_intrin_use *use)
{
    if (*suffix != '.')
        return false;
    const char *rest = parse_converted(suffix + 1, &use->type);
    if (!rest || *rest != '.')
        return false;
    rest = parse_converted(rest + 1, &use->source);
    if (!rest || use->source.length != use->type.length ||
        !parse_rounding(rest, &use->rounding))
        return false;
    /* to double, which holds all but 64-bit integers, to nearest only */
    bool is_directed = use->rounding != TJ_ROUND_DEFAULT && use->rounding != TJ_ROUND_RTE;
    return !is_directed || use->type.kind != 'f' || use->type.bits < 64;
}

/* ---- SIMD-group matrices (air.md 4.9) --------------------------------------------------- */

/* Takes ".v64f32". */
static const char *parse_tile(const char *text, tj_air_type *type)
{
    if (*text != '.')
        return NULL;
    const char *end = tj_air_type_parse(text + 1, type);
    return end && type->kind == 'f' && type->bits < 64 && type->length == TILE_LENGTH ? end
                                                                                      : NULL;
}

static bool is_element_of(tj_air_type element, tj_air_type tile)
{
    return element.kind == 'f' && element.length == 1 && element.bits == tile.bits &&
           element.is_bfloat == tile.is_bfloat;
}

/* ".v64f32.p1f32" */
static bool decode_matrix_memory(const char *suffix, tj_intrin_use *use)
{
    tj_air_type element;
    const char *rest = parse_tile(suffix, &use->type);
    if (!rest || rest[0] != '.' || rest[1] != 'p' || (rest[2] != '1' && rest[2] != '3'))
        return false;
    use->address_space = (unsigned)(rest[2] - '0');
    return parse_rest(rest + 3, &element) && is_element_of(element, use->type);
}

/* ".v64f32.v64f16.v64f16.v64f32": result, A, B, C */
static bool decode_matrix_multiply(const char *suffix, tj_intrin_use *use)
{
    tj_air_type operand;
    const char *rest = parse_tile(suffix, &use->type);
    for (unsigned i = 0; rest && i < 3; i++)
        rest = parse_tile(rest, &operand);
    return rest && *rest == '\0';
}

/* ".v64f32.f32" */
static bool decode_matrix_init(const char *suffix, tj_intrin_use *use)
{
    tj_air_type element;
    const char *rest = parse_tile(suffix, &use->type);
    return rest && *rest == '.' && parse_rest(rest + 1, &element) &&
           is_element_of(element, use->type);
}

static bool decode_mat(const char *suffix, tj_intrin_use *use)
{
    switch ((unsigned)use->id) {
    case TJ_INTRIN_MATRIX_LOAD:
    case TJ_INTRIN_MATRIX_STORE:
        return decode_matrix_memory(suffix, use);
    case TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE:
        return decode_matrix_multiply(suffix, use);
    }
    return decode_matrix_init(suffix, use);
}

/* ---- names ------------------------------------------------------------------------------ */

typedef bool decode_fn(const char *suffix, tj_intrin_use *use);

static decode_fn *const decoders[] = {
    [TJ_OVL_NONE] = decode_none, [TJ_OVL_F] = decode_f,       [TJ_OVL_I] = decode_i,
    [TJ_OVL_S] = decode_s,       [TJ_OVL_A] = decode_a,       [TJ_OVL_X] = decode_x,
    [TJ_OVL_L64] = decode_l64,   [TJ_OVL_B] = decode_b,       [TJ_OVL_ATOMIC] = decode_atomic,
    [TJ_OVL_S32] = decode_s32,   [TJ_OVL_Q16] = decode_q16,   [TJ_OVL_ANY] = decode_any,
    [TJ_OVL_P1] = decode_parts,  [TJ_OVL_P2] = decode_parts,  [TJ_OVL_P3] = decode_parts,
    [TJ_OVL_P4] = decode_parts,  [TJ_OVL_CONV] = decode_conv, [TJ_OVL_MAT] = decode_mat,
    [TJ_OVL_D] = decode_d,
};

/* Takes "atomic.global." or "atomic.local."; 0 when it is neither. */
static unsigned take_atomic_space(const char **text)
{
    static const struct {
        const char *prefix;
        unsigned address_space;
    } spaces[] = {{"atomic.global.", 1}, {"atomic.local.", 3}};
    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        size_t byte_len = strlen(spaces[i].prefix);
        if (strncmp(*text, spaces[i].prefix, byte_len) == 0) {
            *text += byte_len;
            return spaces[i].address_space;
        }
    }
    return 0;
}

/* Does row `id` take the name whose stem starts at `text`? */
static bool decode_row(tj_intrin id, const char *text, const tj_intrin_use *seen,
                       tj_intrin_use *out)
{
    const tj_intrin_info *row = &tj_intrin_infos[id];
    for (int i = 0; i < 4 && row->name[i]; i++) /* most differ early */
        if (row->name[i] != text[i])
            return false;
    size_t byte_len = strlen(row->name);
    if ((row->overload == TJ_OVL_ATOMIC) != (seen->address_space != 0))
        return false;
    if (seen->is_fast && row->overload != TJ_OVL_F)
        return false;
    if (strncmp(row->name, text, byte_len) != 0)
        return false;
    *out = *seen;
    out->id = id;
    return decoders[row->overload](text + byte_len, out);
}

/* The rows by the first two letters of their names, which all have, each list in the table's
 * order: names are asked for often. Linked once, by the first question. */
static struct {
    pthread_once_t once;
    uint16_t first[256], next[TJ_INTRIN_COUNT]; /* row + 1; 0: none */
} row_lists = {.once = PTHREAD_ONCE_INIT};

static unsigned list_of(const char *name)
{
    return ((unsigned)(unsigned char)name[0] * 31 + (unsigned char)name[1]) & 255;
}

static void link_rows(void)
{
    for (unsigned id = TJ_INTRIN_COUNT; id-- > 0;) {
        unsigned list = list_of(tj_intrin_infos[id].name);
        row_lists.next[id] = row_lists.first[list];
        row_lists.first[list] = (uint16_t)(id + 1);
    }
}

bool tj_intrin_decode(const char *name, tj_intrin_use *out)
{
    tj_intrin_use seen = {0};
    if (strncmp(name, "air.", 4) != 0)
        return false;
    const char *stem = name + 4;
    seen.address_space = take_atomic_space(&stem);
    if (strncmp(stem, "fast_", 5) == 0) {
        seen.is_fast = true;
        stem += 5;
    }
    pthread_once(&row_lists.once, link_rows);
    for (unsigned row = *stem ? row_lists.first[list_of(stem)] : 0; row;
         row = row_lists.next[row - 1]) {
        tj_intrin_use use;
        if (decode_row((tj_intrin)(row - 1), stem, &seen, &use)) {
            *out = use;
            return true;
        }
    }
    return false;
}

bool tj_intrin_of(LLVMValueRef call, tj_intrin_use *out)
{
    size_t byte_len;
    if (!LLVMIsACallInst(call))
        return false;
    LLVMValueRef callee = LLVMIsAFunction(LLVMGetCalledValue(call));
    return callee && LLVMIsDeclaration(callee) &&
           tj_intrin_decode(LLVMGetValueName2(callee, &byte_len), out);
}

/* ---- llvm.* ------------------------------------------------------------------------------ */

bool tj_llvm_intrinsic_is_accepted(const char *name)
{
    static const char *const names[] = {
        "abs",
        "bitreverse",
        "bswap",
        "ceil",
        "copysign",
        "cos",
        "ctlz",
        "ctpop",
        "cttz",
        "exp",
        "exp2",
        "fabs",
        "floor",
        "fma",
        "fmuladd",
        "fptosi.sat",
        "fptoui.sat",
        "fshl",
        "fshr",
        "log",
        "log10",
        "log2",
        "maximum",
        "maxnum",
        "minimum",
        "minnum",
        "nearbyint",
        "pow",
        "rint",
        "round",
        "roundeven",
        "sadd.sat",
        "sadd.with.overflow",
        "sin",
        "smax",
        "smin",
        "smul.with.overflow",
        "sqrt",
        "ssub.sat",
        "ssub.with.overflow",
        "trap",
        "trunc",
        "uadd.sat",
        "uadd.with.overflow",
        "umax",
        "umin",
        "umul.with.overflow",
        "usub.sat",
        "usub.with.overflow",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}
