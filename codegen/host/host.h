/* SPDX-License-Identifier: MIT */
/* What the files of the host code generator share.
 *
 * A leaf of the kernel becomes, by its shape: uniform, one LLVM scalar; affine, the scalar of
 * lane 0 (the constants per lane stay in the shape); varying, one vector of W elements.
 * Pointers are byte offsets from their root, as i64; pointers of unknown root are addresses.
 */
#ifndef TJ_HOST_H
#define TJ_HOST_H

#include "abi.h"
#include "codegen.h"
#include "intrin.h"
#include "linearize.h"
#include "shape.h"

#include <llvm-c/Core.h>

/* What was emitted for one leaf. */
typedef struct tj_emitted {
    LLVMValueRef scalar; /* uniform value, or lane 0 of an affine one */
    LLVMValueRef vector; /* varying value; affine: set when it was made in `vector_block` */
    LLVMBasicBlockRef vector_block;
    LLVMValueRef in_range; /* guarded affine: i1, whether scalar + constants is right */
    LLVMValueRef delta;    /* guarded affine: vector minus scalar, right in any case. Adding a
                              uniform value leaves it as it is, so loops do not carry it */
    LLVMValueRef slot;     /* memory of values whose definition does not dominate all uses */
    LLVMValueRef home;     /* memory of a matrix that loops carry, 64 floats; see homes.c */
    LLVMValueRef range_slot, delta_slot; /* with `slot`, of guarded affine values */
    LLVMValueRef phi_slot;               /* what edges write and the phi's block reads */
    LLVMValueRef phi_range_slot, phi_delta_slot; /* with `phi_slot`, of guarded ones */
    LLVMValueRef origin; /* pointers of mixed origin: number of the memory; NULL: unknown */
    LLVMValueRef origin_slot, phi_origin_slot; /* with `slot` and `phi_slot`, of those */
} tj_emitted;

typedef struct tj_types {
    LLVMTypeRef void_, i1, i8, i16, i32, i64, half, bfloat, f32, f64, ptr, mask;
} tj_types;

enum { TJ_TILE_SIDE = 8 }; /* rows and columns of a SIMD-group matrix */

/* Where a SIMD-group matrix was loaded from, row by row. */
typedef struct tj_tile_source {
    LLVMValueRef inst;
    LLVMValueRef start, row; /* ptr of element (0, 0); i64 bytes from a row to the next */
} tj_tile_source;

/* Products of SIMD-group matrices that are emitted as one nest, see multiply.c. */
enum { TJ_MAX_PRODUCTS = 4, TJ_MAX_PRODUCT_STEPS = 4 };

typedef struct tj_products {
    struct tj_products *next;
    LLVMValueRef inst[TJ_MAX_PRODUCT_STEPS][TJ_MAX_PRODUCTS];
    unsigned steps, count; /* `count` products a step with the same A, an even number or 1 */
    LLVMValueRef at;       /* the product in whose place they are emitted */
} tj_products;

/* A load of vectors as they lie in memory, for the stores that copy them. */
typedef struct tj_whole {
    const struct tj_whole *next;
    LLVMValueRef load, value;
} tj_whole;

/* A constant of the kernel in the host module. */
typedef struct tj_constant_copy {
    LLVMValueRef global;
    uint64_t shadow; /* bytes from it to its shadow; 0: it holds no pointers */
} tj_constant_copy;

/* Bytes of a buffer that SIMD-groups load one behind the other. (prefetch.c) */
typedef struct tj_stream {
    LLVMValueRef root, index; /* parameter; the address without constants */
    int64_t first, byte_len;  /* from the index on */
} tj_stream;

enum { TJ_MAX_STREAMS = 8 };

typedef struct tj_gen {
    tj_unit *unit;
    const tj_host_options *options;
    tj_arena *arena;
    tj_facts facts;
    tj_plan plan;
    unsigned lanes;
    LLVMContextRef llctx;
    LLVMModuleRef module;
    LLVMBuilderRef b;
    tj_types t;
    LLVMValueRef function, frame, slice;
    LLVMTypeRef frame_type;
    LLVMBasicBlockRef entry;  /* slots, frame loads and built-in inputs; ends in a jump */
    LLVMBasicBlockRef first;  /* where the kernel's own blocks begin */
    LLVMBasicBlockRef finish; /* end of the slice */
    LLVMBasicBlockRef *content, *guard; /* by kernel block */
    LLVMValueRef *mask_slot;            /* by kernel block that owns a mask */
    LLVMValueRef entry_mask;
    LLVMValueRef mask;                    /* of the block being emitted */
    int block;                            /* kernel block being emitted */
    bool is_full;                         /* the mask is all lanes, known now */
    tj_emitted *emitted;                  /* by leaf */
    LLVMValueRef *param_base, *param_len; /* by parameter, then of nested buffers */
    tj_stream streams[TJ_MAX_STREAMS];    /* that have been asked for ahead */
    unsigned stream_count;
    bool *is_streamed;   /* by parameter: stores may go around the caches */
    tj_ptrmap globals;   /* threadgroup variables to byte offsets */
    tj_ptrmap constants; /* constants to numbers of copies */
    tj_constant_copy *copies;
    uint32_t copy_count;
    LLVMValueRef threadgroup_base;
    LLVMValueRef *alloca_slot;                 /* by value: storage of private arrays */
    unsigned *alloca_cell;                     /* by value: bytes of a cell, 0: whole lanes */
    uint64_t *alloca_shadow;                   /* by value: bytes to its shadow; 0: none */
    LLVMValueRef private_base, private_stride; /* the second: bytes of one slice */
    uint64_t private_byte_len;            /* of one slice, for arrays whose address escapes */
    LLVMValueRef offsets_slot, data_slot; /* scratch of slow paths */
    LLVMValueRef origins;                 /* tjrt_origins; NULL: no pointer needs it */
    tj_region *region_names;              /* by number; in the unit's arena */
    uint32_t region_count;
    tj_ptrmap region_index;       /* globals and private arrays to numbers */
    bool has_shadows;             /* of memory with numbers: some place knows its pointers */
    tj_tile_source *tile_sources; /* row-major ones */
    unsigned tile_source_count;
    LLVMValueRef tile_slot; /* copies of factors that are nowhere in memory; NULL: none yet */
    const tj_whole *wholes;
    tj_products *waiting; /* groups of products, emitted and to be emitted */
    tj_site *sites;
    unsigned site_count, site_cap;
    uint64_t threadgroup_byte_len;
    unsigned inst_count;       /* emitted, in blocks that are done */
    LLVMBasicBlockRef counted; /* the last of these */
    bool *polls;               /* by loop: it looks at the watchdog's flag in each round */
    bool has_barrier;          /* threadgroup barriers suspend a coroutine */
    bool may_part;             /* a barrier asks which lanes have come */
    bool is_phased;            /* no coroutine any more: see phases.c */
    uint64_t records_byte_len; /* of all slices, when phased */
    bool *is_past;             /* by kernel block: no barrier is there or can be reached */
    LLVMValueRef past_slot;    /* the lanes that went to such blocks; NULL: no barrier asks */
    LLVMValueRef coro_id, coro_handle;
    LLVMBasicBlockRef coro_suspend;
    tj_status status;
} tj_gen;

/* ---- build.c: small builders ---------------------------------------------------------- */

LLVMValueRef tj_i32(const tj_gen *g, uint32_t value);
LLVMValueRef tj_i64(const tj_gen *g, uint64_t value);
LLVMTypeRef tj_vector_of(const tj_gen *g, LLVMTypeRef scalar);
LLVMValueRef tj_splat(tj_gen *g, LLVMValueRef scalar);
/* Constant vector of an integer type, one value a lane. */
LLVMValueRef tj_const_lanes(const tj_gen *g, LLVMTypeRef scalar, const int64_t *values);
LLVMValueRef tj_lane(tj_gen *g, LLVMValueRef vector, unsigned lane);
LLVMValueRef tj_shuffle(tj_gen *g, LLVMValueRef a, LLVMValueRef b, const int *lanes,
                        unsigned count);
/* Calls llvm.NAME, overloaded on `types`. */
LLVMValueRef tj_llvm(tj_gen *g, const char *name, LLVMTypeRef *types, unsigned type_count,
                     LLVMValueRef *args, unsigned arg_count);
LLVMValueRef tj_llvm1(tj_gen *g, const char *name, LLVMValueRef a);
LLVMValueRef tj_llvm2(tj_gen *g, const char *name, LLVMValueRef a, LLVMValueRef b);
/* Calls an external function of the runtime, declared on first use. */
LLVMValueRef tj_extern(tj_gen *g, const char *name, LLVMTypeRef result, LLVMValueRef *args,
                       unsigned arg_count);
LLVMBasicBlockRef tj_new_block(tj_gen *g, const char *name);
LLVMValueRef tj_slot(tj_gen *g, LLVMTypeRef type, const char *name); /* in the entry block */
LLVMValueRef tj_gep(tj_gen *g, LLVMValueRef base, LLVMValueRef byte_offset);
/* The same pointer, that LLVM does not see through. (multiply.c) */
LLVMValueRef tj_launder(tj_gen *g, LLVMValueRef pointer);
/* Gives matrices that loops carry their homes. (homes.c) */
void tj_make_homes(tj_gen *g);
LLVMValueRef tj_load_home(tj_gen *g, LLVMValueRef home);
void tj_store_home(tj_gen *g, LLVMValueRef tile, LLVMValueRef home);
bool tj_is_vector(LLVMValueRef value);
LLVMTypeRef tj_element(LLVMTypeRef type); /* of vectors; other types themselves */
bool tj_is_all_ones(LLVMValueRef mask);
LLVMValueRef tj_any(tj_gen *g, LLVMValueRef mask);
LLVMValueRef tj_all(tj_gen *g, LLVMValueRef mask);
LLVMValueRef tj_mask_bits(tj_gen *g, LLVMValueRef mask); /* i32 */
LLVMValueRef tj_full_mask(const tj_gen *g);
LLVMValueRef tj_and_mask(tj_gen *g, LLVMValueRef a, LLVMValueRef b);
/* Branch that is nearly always taken to `likely`. */
void tj_likely(tj_gen *g, LLVMValueRef condition, LLVMBasicBlockRef likely,
               LLVMBasicBlockRef unlikely);
unsigned tj_add_site(tj_gen *g, LLVMValueRef inst, const char *what);
/* Fails the lowering; the first failure is kept. */
void tj_give_up(tj_gen *g, LLVMValueRef inst, const char *what);

/* ---- value.c: leaves in and out -------------------------------------------------------- */

tj_leaf tj_leaf_of(const tj_gen *g, LLVMValueRef value, uint32_t index);
/* Uniform value, or lane 0 of an affine one. */
LLVMValueRef tj_use_scalar(tj_gen *g, LLVMValueRef value, uint32_t index);
LLVMValueRef tj_use_vector(tj_gen *g, LLVMValueRef value, uint32_t index);
LLVMValueRef tj_use_first(tj_gen *g, LLVMValueRef value, uint32_t index); /* of lane 0 */
LLVMValueRef tj_in_range(tj_gen *g, LLVMValueRef value, uint32_t index);  /* NULL: always */
/* Vector minus scalar of an affine or uniform leaf; NULL: zero. */
LLVMValueRef tj_delta(tj_gen *g, LLVMValueRef value, uint32_t index);
/* Coefficient of a term, cast to the affine value's type. */
LLVMValueRef tj_coefficient(tj_gen *g, const tj_term *term, LLVMTypeRef type);
/* scalar + constants of `shape`, as a vector. */
LLVMValueRef tj_spread(tj_gen *g, LLVMValueRef scalar, const tj_shape *shape);
/* Pointers: the address as i64; scalar or vector as the offset is. */
LLVMValueRef tj_address(tj_gen *g, LLVMValueRef pointer, uint32_t index, bool as_vector);
LLVMValueRef tj_root_base(tj_gen *g, const tj_root *root); /* ptr; NULL for ANY and private */
LLVMValueRef tj_global_base(tj_gen *g, LLVMValueRef global);
/* The host module's copy of a constant, and the bytes from it to its shadow; 0: none. */
LLVMValueRef tj_constant_copy_of(tj_gen *g, LLVMValueRef global);
uint64_t tj_constant_shadow(tj_gen *g, LLVMValueRef global);
/* Addresses of byte offsets (a vector) in a private array that is laid out lane by lane. */
LLVMValueRef tj_private_address(tj_gen *g, LLVMValueRef array, LLVMValueRef offsets);

void tj_set_scalar(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef scalar);
void tj_set_vector(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef vector);
/* After tj_set_scalar: the test and the delta of a guarded affine leaf. */
void tj_set_guarded(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef in_range,
                    LLVMValueRef delta);
/* Sets a leaf from a function of scalars or vectors, as the leaf's shape asks. */
static inline bool tj_wants_vector(const tj_gen *g, LLVMValueRef inst, uint32_t index)
{
    return tj_leaf_of(g, inst, index).shape.kind == TJ_VARYING;
}
/* Operand leaf as a vector or as a scalar. */
static inline LLVMValueRef tj_operand(tj_gen *g, LLVMValueRef value, uint32_t index,
                                      bool as_vector)
{
    return as_vector ? tj_use_vector(g, value, index) : tj_use_scalar(g, value, index);
}
static inline void tj_set(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef value)
{
    if (tj_wants_vector(g, inst, index))
        tj_set_vector(g, inst, index, value);
    else
        tj_set_scalar(g, inst, index, value);
}
LLVMTypeRef tj_host_type(const tj_gen *g, const tj_leaf *leaf); /* scalar form */

/* ---- op.c, memory.c, ... : one instruction --------------------------------------------- */

void tj_emit_inst(tj_gen *g, LLVMValueRef inst); /* all but phis and terminators */
void tj_emit_op(tj_gen *g, LLVMValueRef inst);
void tj_emit_gep(tj_gen *g, LLVMValueRef inst);
void tj_emit_load(tj_gen *g, LLVMValueRef inst);
void tj_emit_store(tj_gen *g, LLVMValueRef inst);
void tj_emit_call(tj_gen *g, LLVMValueRef inst);
void tj_emit_simd(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use);
void tj_emit_matrix(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use);
void tj_emit_matrix_element(tj_gen *g, LLVMValueRef inst);

/* A mask of lanes as a mask of the elements of a matrix that they hold. */
LLVMValueRef tj_tile_mask(tj_gen *g, LLVMValueRef mask);
void tj_emit_multiply(tj_gen *g, LLVMValueRef inst);
/* Eight rows of eight, changed on the way, to a tile. */
LLVMValueRef tj_join_tile(tj_gen *g, LLVMValueRef *rows);
void tj_emit_atomic_call(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use);
void tj_emit_atomic_inst(tj_gen *g, LLVMValueRef inst);
bool tj_emit_math(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use);
void tj_emit_convert(tj_gen *g, LLVMValueRef inst, const tj_intrin_use *use);
bool tj_emit_llvm_call(tj_gen *g, LLVMValueRef inst, const char *name);
void tj_emit_barrier(tj_gen *g, LLVMValueRef inst);
/* Traps unless all 32 lanes are active. */
void tj_require_simdgroup(tj_gen *g, LLVMValueRef inst, const char *what);

/* ---- number.c: arithmetic on host values ----------------------------------------------- */

/* The type that operations compute in: float; doubles stay doubles. */
LLVMValueRef tj_to_computed(tj_gen *g, LLVMValueRef value);
LLVMValueRef tj_from_computed(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar_type);
LLVMValueRef tj_binary(tj_gen *g, LLVMOpcode opcode, LLVMValueRef a, LLVMValueRef b,
                       LLVMFastMathFlags flags);
/* Rounded once, to nearest even. */
LLVMValueRef tj_int_to_float(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar_type,
                             bool is_signed);
/* To a float type with rtz, rtp or rtn, from an integer or a float. */
LLVMValueRef tj_round_directed(tj_gen *g, LLVMValueRef value, LLVMTypeRef scalar,
                               bool is_signed, tj_rounding rounding);
LLVMValueRef tj_fma(tj_gen *g, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c);
LLVMValueRef tj_fmin(tj_gen *g, LLVMValueRef a, LLVMValueRef b, bool is_max,
                     LLVMFastMathFlags flags);
/* inline_math.c: a quotient that may be one times the reciprocal; NULL: as LLVM divides. */
LLVMValueRef tj_inline_quotient(tj_gen *g, LLVMValueRef x, LLVMValueRef y,
                                LLVMFastMathFlags flags);
void tj_place_maths(tj_gen *g); /* when all has been emitted */
LLVMFastMathFlags tj_flags_of(const tj_gen *g, LLVMValueRef inst);
/* The scalar type, or a vector of it as long as `value`. */
LLVMTypeRef tj_type_like(LLVMValueRef value, LLVMTypeRef scalar);
LLVMValueRef tj_const_like(LLVMValueRef value, LLVMTypeRef scalar, uint64_t bits);
LLVMValueRef tj_const_fp_like(LLVMValueRef value, LLVMTypeRef scalar, double number);
LLVMValueRef tj_with_flags(LLVMValueRef value, LLVMFastMathFlags flags);
/* Calls void tjrt_math_STEM(float *out, const float *x[, const T *y], count) of the runtime;
 * of doubles tjrt_math64_STEM. */
LLVMValueRef tj_math_call(tj_gen *g, const char *stem, LLVMValueRef x, LLVMValueRef y);

/* What a launch binds: parameters, then what argument buffers point to. */
static inline unsigned tj_bound_count(const tj_gen *g)
{
    return g->facts.kernel->arg_count + g->facts.kernel->nested_count;
}

/* ---- origin.c: where pointers of mixed origin come from -------------------------------- */

void tj_plan_origins(tj_gen *g); /* the table, in the entry block; after tj_plan_private */
bool tj_has_origin(const tj_gen *g, const tj_leaf *leaf); /* whether it needs its number kept */
LLVMTypeRef tj_origin_type(const tj_gen *g, const tj_leaf *leaf);
/* Number of the memory that a pointer was made from: i32, or a vector where lanes differ. */
LLVMValueRef tj_use_origin(tj_gen *g, LLVMValueRef value, uint32_t index);
LLVMValueRef tj_origin_as(tj_gen *g, LLVMValueRef value, uint32_t index, bool as_vector);
void tj_set_origin(tj_gen *g, LLVMValueRef inst, uint32_t index, LLVMValueRef origin);
void tj_emit_origins(tj_gen *g, LLVMValueRef inst); /* of an instruction's result */

/* A field of the region of number `origin`: i64, a vector of them for a vector of numbers. */
LLVMValueRef tj_region_field(tj_gen *g, LLVMValueRef origin, size_t field);
uint32_t tj_region_number(const tj_gen *g, const tj_root *root);

/* ---- access.c: checked addresses ------------------------------------------------------- */

/* One load, store or atomic of `components` elements of `elem_bytes` each. */
typedef struct tj_mem {
    LLVMValueRef inst, pointer;
    tj_leaf leaf; /* of the pointer; not varying where lane 0 speaks for all */
    uint32_t elem_bytes, components;
    bool is_store;
    bool is_checked; /* as a whole, before its members */
    bool is_shadow;  /* of a private array: its shadow instead */
    unsigned align;
    int site;           /* -1 until it is needed */
    bool keeps_whole;   /* a load that should leave `whole` */
    LLVMValueRef whole; /* the components of all lanes, one lane after the other; or NULL */
} tj_mem;

/* Start (an address) and length of the memory that a pointer of mixed origin was made from. */
void tj_region_of(tj_gen *g, const tj_mem *mem, bool as_vector, LLVMValueRef *start,
                  LLVMValueRef *byte_len);
/* ptr: the tjrt_origins of the slice with the lanes' numbers filled in. */
LLVMValueRef tj_origins_of(tj_gen *g, const tj_mem *mem);
uint64_t tj_root_byte_len(const tj_gen *g, const tj_root *root); /* globals, private arrays */
/* i1: `byte_len` bytes from byte offset `offset` (scalar or vector) are inside the region. */
LLVMValueRef tj_is_inside(tj_gen *g, const tj_mem *mem, LLVMValueRef offset, uint64_t byte_len);
/* Calls tjrt_check_slow for the lanes of `mask` (i32 bits) at `offsets`, a vector. */
void tj_call_check(tj_gen *g, tj_mem *mem, LLVMValueRef offsets, LLVMValueRef mask_bits);
/* Whether `byte_len` bytes at the address of every lane are inside, whatever happens. */
bool tj_is_known_inside(const tj_gen *g, const tj_mem *mem, uint64_t byte_len);
/* Calls tjrt_access_slow or tjrt_access_line; data is in g->data_slot. */
void tj_call_slow(tj_gen *g, tj_mem *mem);
/* Traps when an active lane's access of a uniform or varying address is outside. Does nothing
 * with checks off. Private arrays are checked against their size. */
void tj_check_uniform(tj_gen *g, tj_mem *mem, LLVMValueRef offset);
void tj_check_lanes(tj_gen *g, tj_mem *mem, LLVMValueRef offsets);
/* The same for eight rows of a matrix: `rows` are scalar offsets of `row_bytes` each. */
void tj_check_rows(tj_gen *g, tj_mem *mem, LLVMValueRef *rows, unsigned row_count);
/* ptr: a scalar byte offset from the access's region; an address where the region is unknown.
 */
LLVMValueRef tj_pointer_at(tj_gen *g, const tj_mem *mem, LLVMValueRef offset);
LLVMValueRef tj_lane_pointers(tj_gen *g, const tj_mem *mem, LLVMValueRef offsets);

LLVMTypeRef tj_memory_type(const tj_gen *g,
                           LLVMTypeRef leaf_type); /* i1: i8, ptr: i64, bfloat: i16 */
LLVMValueRef tj_to_memory(tj_gen *g, LLVMValueRef value);
LLVMValueRef tj_from_memory(tj_gen *g, LLVMValueRef value, LLVMTypeRef leaf_type);
/* What the call says of the alignment of its pointer operand `arg`, in bytes. */
void tj_align_pointers(tj_gen *g, LLVMValueRef call, unsigned arg, unsigned align);
LLVMValueRef tj_gather(tj_gen *g, LLVMTypeRef elem, LLVMValueRef pointers, LLVMValueRef mask,
                       unsigned align);
void tj_scatter(tj_gen *g, LLVMValueRef value, LLVMValueRef pointers, LLVMValueRef mask,
                unsigned align);
/* The highest active lane's element of a vector. */
LLVMValueRef tj_last_active(tj_gen *g, LLVMValueRef vector);

/* ---- shadow.c: pointers that memory holds ---------------------------------------------- */

/* Which private arrays get shadows; before their storage is made. */
void tj_plan_shadows(tj_gen *g);
/* Notes where the pointers of leaf `leaf` of a stored value, addresses `value` (a vector), come
 * from; `byte_offset` is the leaf's behind the pointer that is stored to. Before the store. */
void tj_store_shadow(tj_gen *g, const tj_mem *mem, uint32_t leaf, LLVMValueRef value,
                     uint64_t byte_offset);
/* The numbers of what pointer leaf `leaf` of a load points into, as memory knows them. */
LLVMValueRef tj_load_shadow(tj_gen *g, LLVMValueRef load, uint32_t leaf, bool as_vector);

/* ---- span.c: accesses of lane-affine addresses ----------------------------------------- */

/* Tries to load or store by a few wide accesses; false when the pattern does not fit.
 * values[c] is component c, a vector in memory type: read for stores, set for loads. */
bool tj_emit_span(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values);
/* The same for lanes in another order than their addresses: see cluster.c. */
bool tj_emit_clusters(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values);
typedef void tj_fast_fn(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values,
                        const void *plan);
/* `fast` where `ok` (i1; NULL: always) holds, else lane by lane. */
void tj_emit_two_ways(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, LLVMValueRef *values,
                      LLVMValueRef ok, tj_fast_fn *fast, const void *plan);

/* ---- around.c: stores around the caches ------------------------------------------------ */

void tj_plan_around(tj_gen *g); /* which buffers; before the first store */
/* Stores a vector; mask: of its elements, NULL where no lane is off. */
void tj_store_wide(tj_gen *g, const tj_mem *mem, LLVMValueRef value, LLVMValueRef pointer,
                   LLVMValueRef mask);

/* ---- prefetch.c ------------------------------------------------------------------------ */

/* Asks for the bytes that a later round or SIMD-group loads where this one loads `byte_len` at
 * `pointer`; nothing for steps that the host follows. */
void tj_prefetch(tj_gen *g, const tj_root *root, LLVMValueRef offset, LLVMValueRef pointer,
                 uint64_t byte_len);

/* ---- private.c ------------------------------------------------------------------------- */

void tj_plan_private(tj_gen *g); /* storage of private arrays */
LLVMValueRef tj_private_load(tj_gen *g, tj_mem *mem, LLVMTypeRef elem, uint32_t byte_offset);
void tj_private_store(tj_gen *g, tj_mem *mem, LLVMValueRef value, uint32_t byte_offset);
bool tj_is_cellular(const tj_gen *g, LLVMValueRef array);     /* one row of lanes a cell */
uint64_t tj_lane_stride(const tj_gen *g, LLVMValueRef array); /* of others: bytes of a lane */

/* ---- drivers --------------------------------------------------------------------------- */

void tj_widen(tj_gen *g);      /* blocks, masks, phis */
void tj_emit_frame(tj_gen *g); /* entry block: frame, built-in inputs, slots */
tj_status tj_optimize(tj_gen *g, LLVMTargetMachineRef machine);

/* ---- frame.c --------------------------------------------------------------------------- */

LLVMTypeRef tj_frame_type(const tj_gen *g);
/* Address of element `index` of a field of the frame, and its value. */
LLVMValueRef tj_frame_pointer(tj_gen *g, const char *field, unsigned index);
LLVMValueRef tj_frame_load(tj_gen *g, const char *field, unsigned index);

/* ---- lower.c --------------------------------------------------------------------------- */

void tj_begin_slice(tj_gen *g); /* coroutine or plain function, up to the first block */
void tj_end_slice(tj_gen *g);
void tj_suspend(tj_gen *g); /* at a barrier of a coroutine kernel */

/* size.c: counts what was emitted since the last time; refuses the kernel when it is too large.
 * The second at the end of a kernel block. */
void tj_count_emitted(tj_gen *g);
void tj_count_block(tj_gen *g, int block);

/* lower.c: attributes of a function; those that all of ours have. */
void tj_mark_function(tj_gen *g, LLVMValueRef function, const char *name);
void tj_describe_function(tj_gen *g, LLVMValueRef function);

void tj_keep_rows(tj_gen *g);    /* rows.c: in SSA form, before CoroSplit */
void tj_cut_phases(tj_gen *g);   /* phases.c: instead of CoroSplit, where it can be done */
void tj_pin_values(tj_gen *g);   /* pin.c: before CoroSplit */
void tj_unpin_values(tj_gen *g); /* behind it */
void tj_keep_chains(tj_gen *g);  /* sums.c: behind LLVM's passes; in fast maths only */
/* narrow.c: last of all; true: functions are to be inlined. */
bool tj_expand_narrow(tj_gen *g);

/* poll.c: finds the loops that may run without end, or for long. */
void tj_plan_polls(tj_gen *g);
/* Looks at the flag and ends the launch when it is set; goes on in a new basic block. */
void tj_poll(tj_gen *g, LLVMValueRef inst);

#endif
