/* SPDX-License-Identifier: MIT */
/* What the files of the interpreter share; tj_i... is "interpreter".
 *
 * A value lives in a run of words: 64-bit cells, one per lane of the SIMD-group, so that word
 * w of lane l is regs[w * 32 + l]. Integers are zero-extended, floats are their bits, pointers
 * take two words: the host address and the number of the region they point into (region 0:
 * unknown). Vectors and structs are their elements one after the other. A <64 x T> is an 8x8
 * tile: each lane keeps its own pair of elements (air.md 4.9), so it has two elements here.
 */
#ifndef TJ_INTERP_INTERNAL_H
#define TJ_INTERP_INTERNAL_H

#include "interp.h"
#include "intrin.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

enum { TJ_I_LANES = TJ_SIMD_WIDTH, TJ_I_TILE = 64, TJ_I_MAX_ARGS = 8 };
enum { TJ_I_REGION_ANY = 0 }; /* region 1 + i: memory of parameter i */
#define TJ_I_ENDED UINT32_MAX

typedef enum tj_ikind {
    TJ_I_INT,
    TJ_I_HALF,
    TJ_I_BFLOAT,
    TJ_I_FLOAT,
    TJ_I_DOUBLE,
    TJ_I_POINTER
} tj_ikind;

typedef struct tj_iscalar {
    tj_ikind kind;
    unsigned bits;
    bool is_signed; /* for operations whose name says so */
} tj_iscalar;

/* One scalar of a value and where it lies in memory. */
typedef struct tj_ileaf {
    tj_iscalar scalar;
    unsigned word;
    unsigned byte_len;
    unsigned bit; /* of <N x i1>, whose elements are single bits in memory */
    bool is_bit;
    uint64_t byte_offset;
} tj_ileaf;

typedef struct tj_itype {
    LLVMTypeRef type;
    tj_iscalar elem;     /* scalars and vectors */
    unsigned length;     /* elements: 1 scalar, 2 tile, 0 struct, array or void */
    unsigned elem_words; /* 1; 2 for pointers */
    unsigned words;
    bool is_tile;
    unsigned leaf_count;
    const tj_ileaf *leaves;
    uint64_t store_byte_len;
    struct tj_itype *next;
} tj_itype;

typedef struct tj_iarg {
    uint32_t word; /* first word of the operand */
    uint32_t step; /* words from one element to the next; 0: one scalar for all elements */
} tj_iarg;

typedef struct tj_iinst tj_iinst;
typedef struct tj_igroup tj_igroup;

/* Executes one instruction for the lanes of group->mask; false: a fault was recorded. */
typedef bool tj_iexec(tj_igroup *group, const tj_iinst *inst);
/* Computes one element from the operands' elements. */
typedef uint64_t tj_ifn(const tj_iinst *inst, const uint64_t *args);

struct tj_iinst {
    tj_iexec *exec;
    tj_ifn *fn;           /* elementwise instructions and reductions */
    const tj_itype *type; /* of the result; stores: of the value stored */
    tj_iscalar from;      /* element of operand 0 */
    tj_iscalar to;        /* element of the result */
    tj_rounding rounding; /* air.convert */
    tj_intrin intrin;     /* air.* calls */
    uint32_t dest;        /* first word of the result */
    unsigned arg_count;
    const tj_iarg *args;
    const void *extra; /* what the handler needs beyond operands */
    LLVMValueRef value;
};

/* A copy of phi operands on one edge. */
typedef struct tj_icopy {
    uint32_t dest, source, words;
} tj_icopy;

typedef struct tj_iedge {
    uint32_t block; /* position in execution order */
    unsigned copy_count;
    const tj_icopy *copies;
    uint32_t words; /* of all copies */
} tj_iedge;

typedef enum tj_iterm { TJ_I_TERM_END, TJ_I_TERM_JUMP, TJ_I_TERM_BRANCH } tj_iterm;

typedef struct tj_iblock {
    unsigned inst_count;
    const tj_iinst *insts;
    tj_iterm term;
    uint32_t condition; /* word */
    tj_iedge edges[2];  /* taken when true (or always), when false */
    LLVMValueRef term_value;
    bool may_wait; /* here, or somewhere from here on, is a threadgroup barrier */
} tj_iblock;

typedef enum tj_iregion_kind {
    TJ_I_REGION_NONE,
    TJ_I_REGION_BUFFER,
    TJ_I_REGION_THREADGROUP,
    TJ_I_REGION_CONSTANT,
    TJ_I_REGION_PRIVATE
} tj_iregion_kind;

typedef struct tj_iregion {
    tj_iregion_kind kind;
    const char *name;
    uint64_t byte_len;
    uint64_t offset; /* threadgroup variables and private arrays: inside their memory */
    uint8_t *base;   /* but for private arrays, whose base is the thread's */
    bool is_read_only;
    uint64_t shadow; /* bytes from a place to its shadow (interp_memory.c); 0: none */
    LLVMValueRef value;
} tj_iregion;

/* A word that is the same in all lanes and set before the run. */
typedef struct tj_iconst {
    uint32_t word;
    uint32_t region; /* not 0: bits is added to this region's base */
    uint64_t bits;
} tj_iconst;

struct tj_interp {
    tj_arena *arena;
    tj_unit *unit;
    const tj_kernel *kernel;
    LLVMTargetDataRef layout;
    tj_itype *types;
    unsigned block_count;
    tj_iblock *blocks; /* in execution order */
    uint32_t word_count;
    uint32_t max_edge_words;
    unsigned const_count;
    tj_iconst *consts;
    unsigned region_count;
    tj_iregion *regions;           /* bases of constants are set; the run fills a copy */
    uint32_t *param_words;         /* first word of each parameter */
    uint64_t threadgroup_byte_len; /* static variables */
    uint64_t private_byte_len;     /* of one thread, shadows included */
    bool has_barrier;
};

/* One launch. */
typedef struct tj_irun {
    tj_interp *interp;
    const tj_interp_launch *launch;
    tj_diags *diags;
    tj_iregion *regions;
    uint8_t *threadgroup_memory; /* static variables, then arguments */
    uint64_t threadgroup_byte_len;
    uint8_t *private_memory;
    tj_igroup *groups;
    uint64_t *edge_words; /* scratch of phi copies */
    uint32_t group_pos[3], group_count[3], group_size[3];
    uint32_t thread_count;
    uint64_t step_count; /* since the last look at the clock */
    uint64_t steps_done; /* before it */
    double deadline; /* seconds of the monotonic clock; 0: none */
} tj_irun;

/* One SIMD-group while it runs. */
struct tj_igroup {
    tj_irun *run;
    uint64_t *regs;
    uint8_t *private_memory; /* of lane 0; the others follow */
    uint32_t index;          /* in the threadgroup */
    uint32_t exists;         /* lanes that the threadgroup has */
    uint32_t mask;           /* lanes that execute now */
    uint32_t at[TJ_I_LANES]; /* block where each lane is, or TJ_I_ENDED */
    const tj_iinst *wait;    /* barrier where the whole group waits; NULL: none */
    unsigned resume;         /* instruction to go on with after the barrier */
};

static inline uint64_t *tj_irow(const tj_igroup *group, uint32_t word)
{
    return group->regs + (size_t)word * TJ_I_LANES;
}

static inline unsigned tj_ilane(uint32_t mask)
{
    return (unsigned)__builtin_ctz(mask);
}

/* for each lane of a mask, lowest first */
#define TJ_I_FOR_LANES(lane, mask)                                                             \
    for (uint32_t lane##_mask = (mask), lane;                                                  \
         lane##_mask != 0 && (lane = tj_ilane(lane##_mask), true);                             \
         lane##_mask &= lane##_mask - 1)

static inline uint64_t tj_imask(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static inline int64_t tj_isext(uint64_t value, unsigned bits)
{
    if (bits >= 64)
        return (int64_t)value;
    uint64_t sign = UINT64_C(1) << (bits - 1);
    return (int64_t)(((value & tj_imask(bits)) ^ sign) - sign);
}

/* ---- interp.c ---- */
tj_iexec tj_iexec_barrier, tj_iexec_trap;
/* Records a fault of one lane's thread; always false. */
bool tj_ifault(tj_igroup *group, unsigned lane, LLVMValueRef inst, tj_status status,
               const char *format, ...) __attribute__((format(printf, 5, 6)));

/* `what` was reached by part of the lanes that it needs; always false. */
bool tj_ifault_diverged(tj_igroup *group, const tj_iinst *inst, const char *what);

/* ---- interp_order.c ---- */
/* Fills `order` with the reachable blocks in execution order; false: not reducible. */
bool tj_iorder_blocks(tj_arena *arena, LLVMValueRef function, LLVMBasicBlockRef **order,
                      unsigned *count);

/* ---- interp_type.c ---- */
const tj_itype *tj_itype_of(tj_interp *interp, LLVMTypeRef type);
/* Words before member `index` of a value of struct, array or vector type. */
unsigned tj_iword_offset(tj_interp *interp, LLVMTypeRef type, unsigned index);
uint64_t tj_ileaf_read(const tj_ileaf *leaf, const uint8_t *bytes);
void tj_ileaf_write(const tj_ileaf *leaf, uint8_t *bytes, uint64_t value);

/* ---- interp_const.c ---- */
/* Regions of parameters, globals and allocas; contents of constant globals. */
tj_status tj_ibuild_regions(tj_interp *interp);
unsigned tj_ifind_region(const tj_interp *interp, LLVMValueRef value); /* 0: none */
/* Appends the words of a constant, that start at `word`, to `out`; returns how many, or -1
 * when the constant is not understood. `out` has room for type->words. */
int tj_iconst_words(tj_interp *interp, LLVMValueRef constant, uint32_t word, tj_iconst *out);

/* ---- interp_decode.c, interp_call.c ---- */
tj_status tj_idecode(tj_interp *interp);
/* Chooses exec, fn and the rest for a call; a call without effect leaves exec NULL. The
 * operands are filled by the caller afterwards. */
tj_status tj_idecode_call(tj_interp *interp, LLVMValueRef call, tj_iinst *inst);
tj_status tj_iunknown(tj_interp *interp, LLVMValueRef inst); /* a form that is not known */
/* A copy of `count` numbers in the interpreter's arena, for inst->extra. */
const unsigned *tj_iextra(tj_interp *interp, const unsigned *numbers, unsigned count);

/* ---- interp_exec.c ---- */
tj_iexec tj_iexec_elements, tj_iexec_select, tj_iexec_extract_element, tj_iexec_insert_element,
    tj_iexec_shuffle, tj_iexec_copy_words, tj_iexec_insert_value, tj_iexec_bitcast,
    tj_iexec_to_pointer, tj_iexec_overflow, tj_iexec_reduce, tj_iexec_dot;
/* extra of shuffles: one source element per result element, -1: zero */
/* extra of copy_words (uint32_t): first word inside operand 0; of insert_value: inside dest */
tj_ifn *tj_ifn_of_opcode(LLVMOpcode opcode);
tj_ifn *tj_ifn_of_icmp(LLVMIntPredicate predicate);
tj_ifn *tj_ifn_of_fcmp(LLVMRealPredicate predicate);
tj_ifn *tj_ifn_of_rmw(LLVMAtomicRMWBinOp op);
tj_ifn tj_ifn_add, tj_ifn_sub, tj_ifn_mul, tj_ifn_and, tj_ifn_or, tj_ifn_xor, tj_ifn_fadd,
    tj_ifn_fsub, tj_ifn_fmul, tj_ifn_second;

/* ---- interp_memory.c ---- */
tj_iexec tj_iexec_load, tj_iexec_store, tj_iexec_gep, tj_iexec_alloca, tj_iexec_rmw,
    tj_iexec_cmpxchg, tj_iexec_air_cmpxchg, tj_iexec_atomic_store;
typedef struct tj_igep {
    int64_t byte_offset;
    unsigned step_count;
    const int64_t *strides; /* operand 1 + i counts strides[i] bytes */
    const unsigned *index_bits;
    unsigned length; /* pointers in the result */
} tj_igep;
/* The word that a shadow keeps for a pointer into a region. */
uint64_t tj_ishadow_word(uint64_t address, uint64_t region);
/* Where a pointer that lies at an address of a region points into, as far as its shadow tells. */
uint64_t tj_ishadow_region(const tj_interp *interp, const tj_iregion *from, uint64_t address,
                           uint64_t value);
/* One access of one lane; records the fault and returns false when it is outside. */
bool tj_icheck(tj_igroup *group, unsigned lane, const tj_iinst *inst, const char *what,
               uint64_t address, uint64_t region, uint64_t byte_len);

/* ---- interp_float.c ---- */
float tj_ifloat_of(tj_iscalar type, uint64_t bits);         /* half, bfloat, float */
uint64_t tj_ibits_of(tj_iscalar type, float value);         /* rounds to nearest even */
double tj_idouble_of(tj_iscalar type, uint64_t bits);       /* exact */
uint64_t tj_ibits_of_double(tj_iscalar type, double value); /* rounds once */
bool tj_iis_nan(tj_iscalar type, uint64_t bits);
/* (-1)^sign * magnitude * 2^exponent, rounded once. */
uint64_t tj_ipack(tj_iscalar type, bool is_negative, uint64_t magnitude, int exponent,
                  tj_rounding rounding);
tj_ifn tj_ifn_float_cast, tj_ifn_float_to_int, tj_ifn_int_to_float, tj_ifn_convert;

/* ---- interp_math.c, interp_integer.c: elementwise functions by intrinsic ---- */
typedef struct tj_iname {
    const char *name; /* NULL ends a table */
    tj_ifn *fn;
} tj_iname;
tj_ifn *tj_ifind_name(const tj_iname *names,
                      const char *name); /* dots end a name; NULL: not there */
tj_ifn *tj_ifn_of_math(tj_intrin id);
tj_ifn *tj_ifn_of_integer(tj_intrin id);
tj_ifn *tj_ifn_of_llvm_float(const char *name); /* name without "llvm." */
tj_ifn *tj_ifn_of_llvm_integer(const char *name);
tj_ifn tj_ifn_fmin, tj_ifn_fmax, tj_ifn_imin, tj_ifn_imax;

/* ---- interp_double.c: the same of doubles ---- */
tj_ifn tj_ifn_double_add, tj_ifn_double_sub, tj_ifn_double_mul, tj_ifn_double_div,
    tj_ifn_double_rem, tj_ifn_double_min, tj_ifn_double_max;
tj_ifn *tj_ifn_of_double(tj_intrin id);
tj_ifn *tj_ifn_of_llvm_double(const char *name); /* name without "llvm." */

/* ---- interp_simd.c, interp_matrix.c ---- */
tj_iexec *tj_iexec_of_simd(tj_intrin id); /* NULL: no such function */
tj_iexec *tj_iexec_of_matrix(tj_intrin id);

#endif
