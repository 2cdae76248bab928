/* SPDX-License-Identifier: MIT */
/* Limits of a chip: the table of chips.def, finding a name in it, and what a canonical kernel
 * uses that the chip lacks. Sizes are compared where they are known: threads when a pipeline
 * is made, threadgroup memory when it is launched. */
#include "intrin.h"
#include "objects.h"

#include <ctype.h>
#include <inttypes.h>
#include <llvm-c/Core.h>
#include <string.h>

enum { FILL = 1, MIN_MAX = 2, WIDE = 4 };

enum {
#define FAMILY(id, name, ...) id,
#define CHIP(...)
#include "chips.def"
    FAMILY_COUNT
};

/* Families are numbered in the order of the table; a chip repeats its family's row. */
static const struct family {
    const char *name;
    unsigned threads;
    uint64_t threadgroup_byte_len;
    unsigned buffers;
    uint64_t value_byte_len;
    unsigned features;
} families[] = {
#define FAMILY(id, name, ...) {name, __VA_ARGS__},
#define CHIP(...)
#include "chips.def"
};

static const struct chip {
    const char *name;
    unsigned family, lacks;
} chips[] = {
#define FAMILY(id, name, ...) {name, id, 0},
#define CHIP(name, family, lacks)
#include "chips.def"
#define FAMILY(...)
#define CHIP(name, family, lacks) {name, family, lacks},
#include "chips.def"
};

enum { CHIP_COUNT = sizeof chips / sizeof chips[0] };

/* The readers refuse what no chip has. */
#define FAMILY(id, name, threads, memory, buffers, value, features)                            \
    _Static_assert(threads <= TJ_MAX_THREADS && memory <= TJ_MAX_THREADGROUP_BYTES, name);
#define CHIP(...)
#include "chips.def"

tmjit_chip tj_chip_at(size_t index)
{
    if (index >= CHIP_COUNT)
        return (tmjit_chip){0};
    const struct family *family = &families[chips[index].family];
    unsigned features = family->features & ~chips[index].lacks;

    return (tmjit_chip){
        .name = chips[index].name,
        .family = family->name,
        .max_threads = family->threads,
        .threadgroup_byte_len = family->threadgroup_byte_len,
        .buffer_count = family->buffers,
        .value_byte_len = family->value_byte_len,
        .has_shuffle_and_fill = features & FILL,
        .has_atomic_min_max_64 = features & MIN_MAX,
        .has_atomics_64 = features & WIDE,
    };
}

static const char *skip_marks(const char *text)
{
    return text + strspn(text, " -_");
}

static bool is_same_name(const char *a, const char *b)
{
    for (;;) {
        a = skip_marks(a);
        b = skip_marks(b);
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
        a++;
        b++;
    }
}

bool tj_chip_find(const char *name, tmjit_chip *out)
{
    for (size_t i = 0; i < CHIP_COUNT; i++) {
        if (is_same_name(chips[i].name, name)) {
            *out = tj_chip_at(i);
            return true;
        }
    }
    return false;
}

tmjit_chip tj_chip_newest(void)
{
    return tj_chip_at(FAMILY_COUNT - 1);
}

const char *tj_chip_label(tj_arena *arena, const tmjit_chip *chip)
{
    bool is_family = !strcmp(chip->name, chip->family);

    return is_family ? chip->name : tj_arena_printf(arena, "%s (%s)", chip->name, chip->family);
}

/* ---- what a kernel uses --------------------------------------------------------------- */

static bool is_wide(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 64;
}

static unsigned features_of_call(LLVMValueRef call)
{
    tj_intrin_use use;

    if (!tj_intrin_of(call, &use))
        return 0;
    const tj_intrin_info *info = &tj_intrin_infos[use.id];
    if (strstr(info->name, "shuffle_and_fill"))
        return FILL;
    if (info->overload != TJ_OVL_ATOMIC || use.type.bits != 64)
        return 0;
    return use.id == TJ_INTRIN_ATOMIC_MIN || use.id == TJ_INTRIN_ATOMIC_MAX ? MIN_MAX : WIDE;
}

static unsigned features_of_update(LLVMValueRef inst)
{
    LLVMAtomicRMWBinOp op = LLVMGetAtomicRMWBinOp(inst);

    if (!is_wide(LLVMTypeOf(inst)))
        return 0;
    /* The chips' minimum and maximum give nothing back. */
    if ((op == LLVMAtomicRMWBinOpUMin || op == LLVMAtomicRMWBinOpUMax) &&
        !LLVMGetFirstUse(inst))
        return MIN_MAX;
    return WIDE;
}

static unsigned features_of(LLVMValueRef inst)
{
    bool is_plain;

    switch (LLVMGetInstructionOpcode(inst)) {
    case LLVMCall:
        return features_of_call(inst);
    case LLVMAtomicRMW:
        return features_of_update(inst);
    case LLVMAtomicCmpXchg:
        return is_wide(LLVMTypeOf(LLVMGetOperand(inst, 1))) ? WIDE : 0;
    case LLVMLoad:
        is_plain = LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic;
        return !is_plain && is_wide(LLVMTypeOf(inst)) ? WIDE : 0;
    case LLVMStore:
        is_plain = LLVMGetOrdering(inst) == LLVMAtomicOrderingNotAtomic;
        return !is_plain && is_wide(LLVMTypeOf(LLVMGetOperand(inst, 0))) ? WIDE : 0;
    default:
        return 0;
    }
}

static tj_status check_inst(tj_unit *unit, LLVMValueRef inst, const tmjit_chip *chip)
{
    unsigned used = features_of(inst);

    if (!used)
        return TJ_OK;
    const char *label = tj_chip_label(unit->arena, chip);
    if (used & FILL && !chip->has_shuffle_and_fill)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "SIMD-group shuffle and fill on %s; apple8 and newer have it", label);
    if (used & MIN_MAX && !chip->has_atomic_min_max_64)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "64-bit atomic minimum or maximum on %s; apple8 for Macs and newer "
                       "families have it",
                       label);
    if (used & WIDE && !chip->has_atomics_64)
        return tj_fail(unit, inst, TJ_E_UNSUPPORTED,
                       "64-bit atomic on %s; apple9 and newer have it", label);
    return TJ_OK;
}

tj_status tj_chip_check(tj_unit *unit, const tmjit_chip *chip)
{
    LLVMValueRef kernel = unit->kernels[0].function;
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel);
    uint64_t byte_len = tj_static_byte_len(unit);

    if (byte_len > chip->threadgroup_byte_len)
        return tj_fail(unit, kernel, TJ_E_UNSUPPORTED,
                       "%" PRIu64 " bytes of threadgroup memory; a threadgroup has %" PRIu64,
                       byte_len, chip->threadgroup_byte_len);
    if (chip->has_shuffle_and_fill && chip->has_atomic_min_max_64 && chip->has_atomics_64)
        return TJ_OK;
    for (; block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst)) {
            tj_status status = check_inst(unit, inst, chip);
            if (status)
                return status;
        }
    }
    return TJ_OK;
}
