/* SPDX-License-Identifier: MIT */
/* Finds the row of intrinsics.def for a callee, and decodes its overload suffix. */
#ifndef TJ_INTRIN_H
#define TJ_INTRIN_H

#include <llvm-c/Types.h>
#include <stdbool.h>

typedef enum tj_intrin {
#define INTRIN(id, ...) TJ_INTRIN_##id,
#include "intrinsics.def"
    TJ_INTRIN_COUNT
} tj_intrin;

typedef enum tj_overload {
    TJ_OVL_NONE, TJ_OVL_F, TJ_OVL_I, TJ_OVL_S, TJ_OVL_A, TJ_OVL_X, TJ_OVL_L64, TJ_OVL_B,
    TJ_OVL_S32, TJ_OVL_Q16, TJ_OVL_ANY, TJ_OVL_P1, TJ_OVL_P2, TJ_OVL_P3, TJ_OVL_P4,
    TJ_OVL_ATOMIC, TJ_OVL_CONV, TJ_OVL_MAT, TJ_OVL_D
} tj_overload;
typedef enum tj_result { TJ_RESULT_UNIFORM, TJ_RESULT_OPERANDS, TJ_RESULT_FULL, TJ_RESULT_VARYING } tj_result;
typedef enum tj_effect {
    TJ_EFFECT_PURE, TJ_EFFECT_LANES, TJ_EFFECT_BARRIER, TJ_EFFECT_FENCE, TJ_EFFECT_MEMORY
} tj_effect;

typedef struct tj_intrin_info {
    const char *name, *signature, *metal;
    tj_overload overload;
    tj_result result;
    tj_effect effect;
} tj_intrin_info;
extern const tj_intrin_info tj_intrin_infos[TJ_INTRIN_COUNT];

/* One scalar or vector type as AIR's suffixes spell it. */
typedef struct tj_air_type {
    char kind;       /* 'f' float, 's' signed, 'u' unsigned, 'i' integer without sign, 0 none */
    bool is_bfloat;
    unsigned bits;   /* of one element: 1, 8, 16, 32, 64 */
    unsigned length; /* 1: scalar */
} tj_air_type;

typedef enum tj_rounding { TJ_ROUND_DEFAULT, TJ_ROUND_RTZ, TJ_ROUND_RTE, TJ_ROUND_RTP, TJ_ROUND_RTN } tj_rounding;

/* A call of an AIR intrinsic, decoded. */
typedef struct tj_intrin_use {
    tj_intrin id;
    bool is_fast;         /* air.fast_* */
    tj_air_type type;     /* the overload type; CONV: destination; MAT: result or stored tile */
    tj_air_type source;   /* CONV only */
    tj_rounding rounding; /* CONV only */
    unsigned address_space; /* ATOMIC and MATRIX_LOAD/STORE: 1 or 3 */
} tj_intrin_use;

/* False when the name is not "air." or no row takes it. `name` is the callee's name. */
bool tj_intrin_decode(const char *name, tj_intrin_use *out);
/* Decodes the callee of a call instruction; false for anything but a direct call of a
 * listed intrinsic. */
bool tj_intrin_of(LLVMValueRef call, tj_intrin_use *out);

/* Operand indices of `air.atomic.*` calls: pointer is 0; value (or expected pointer) 1. */

/* llvm.* intrinsics that canonical IR may still call; everything else is refused by
 * tj_check or removed by tj_canon. Names without "llvm." and overload suffix. */
bool tj_llvm_intrinsic_is_accepted(const char *name);

#endif
