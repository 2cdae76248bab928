/* SPDX-License-Identifier: MIT */
/* What a kernel is: one LLVM module in AIR form, and what its metadata says.
 *
 * A tj_unit owns an LLVM context, a module and an arena; one thread uses it at a time.
 * tj_load makes one from bytes. tj_extract makes a second, independent unit with a single
 * kernel, which tj_canon brings into canonical form; code generators, the interpreter and
 * the printer read canonical units only.
 */
#ifndef TJ_IR_H
#define TJ_IR_H

#include "arena.h"
#include "diag.h"
#include "sources.h"
#include "text.h"

#include <llvm-c/Types.h>
#include <stdbool.h>
#include <stdint.h>

/* Address spaces (air.md section 2). */
enum { TJ_AS_THREAD = 0, TJ_AS_DEVICE = 1, TJ_AS_CONSTANT = 2, TJ_AS_THREADGROUP = 3 };

/* Limits of the model (air.md 6.1). */
enum {
    TJ_SIMD_WIDTH = 32,
    TJ_MAX_THREADS = 1024,            /* threads per threadgroup */
    TJ_MAX_THREADGROUP_BYTES = 32768, /* static variables and arguments together */
    TJ_MAX_PRIVATE_BYTES = 65536,     /* allocas of one thread together */
    TJ_MAX_COMPONENTS = 64            /* elements of one SSA value, tiles aside */
};

typedef enum tj_sysval {
#define SYSVAL(id, ...) TJ_SYSVAL_##id,
#include "sysvals.def"
    TJ_SYSVAL_COUNT
} tj_sysval;

typedef struct tj_sysval_info {
    const char *name; /* without "air." */
    unsigned max_components;
    const char *metal;
} tj_sysval_info;
extern const tj_sysval_info tj_sysval_infos[TJ_SYSVAL_COUNT];

/* Scalar type of a buffer's elements, as far as the metadata tells. */
typedef enum tj_scalar {
    TJ_SCALAR_UNKNOWN, /* bytes */
    TJ_SCALAR_BOOL,
    TJ_SCALAR_I8,
    TJ_SCALAR_U8,
    TJ_SCALAR_I16,
    TJ_SCALAR_U16,
    TJ_SCALAR_I32,
    TJ_SCALAR_U32,
    TJ_SCALAR_I64,
    TJ_SCALAR_U64,
    TJ_SCALAR_F16,
    TJ_SCALAR_BF16,
    TJ_SCALAR_F32,
    TJ_SCALAR_F64
} tj_scalar;

typedef enum tj_access { TJ_ACCESS_READ = 1, TJ_ACCESS_WRITE = 2, TJ_ACCESS_READ_WRITE = 3 } tj_access;

typedef enum tj_arg_kind {
    TJ_ARG_BUFFER,      /* pointer to device or constant memory */
    TJ_ARG_THREADGROUP, /* pointer to threadgroup memory whose length the launch chooses */
    TJ_ARG_SYSVAL       /* built-in input, by value */
} tj_arg_kind;

typedef struct tj_field {
    const char *name, *type_name; /* MSL spelling */
    unsigned byte_offset, byte_len, array_len; /* array_len 0: not an array */
    const struct tj_arg *buffer; /* pointers of argument buffers: where to; else NULL */
} tj_field;

/* One parameter of the kernel; args[i] is IR parameter i. */
typedef struct tj_arg {
    tj_arg_kind kind;
    const char *name;      /* never NULL: metadata, then the IR name, then "argN" */
    const char *type_name; /* MSL spelling of the pointee or value; "" when unknown */
    bool is_unused;        /* air.arg_unused */
    const char *predicate; /* [[function_constant(x)]]: the global that says whether the argument
                              is there; NULL: it always is */
    bool is_absent;        /* tj_specialize found that it is not */
    /* buffers and threadgroup memory */
    unsigned address_space;
    unsigned location;  /* [[buffer(n)]] or [[threadgroup(n)]]; two number spaces */
    tj_access access;
    tj_scalar scalar;        /* element scalar; TJ_SCALAR_UNKNOWN for structs */
    unsigned components;     /* scalars per element: float4 has 4 */
    uint64_t elem_byte_len;  /* size of one element; 0 unknown */
    uint64_t elem_align;
    uint64_t fixed_byte_len; /* air.buffer_size; 0 when the launch chooses */
    const tj_field *fields;  /* struct elements only */
    unsigned field_count;
    /* built-in inputs */
    tj_sysval sysval;
    unsigned sysval_components; /* 1, 2 or 3 */
    unsigned sysval_bits;       /* 16 or 32 */
} tj_arg;

/* A function constant: a value that is given when a pipeline is made. */
typedef struct tj_constant {
    const char *name, *type_name; /* Metal spelling */
    unsigned index;               /* [[function_constant(n)]] */
    bool is_required;
    tj_scalar scalar;
    unsigned components;
    LLVMValueRef global; /* its initialiser in the unit's module; what code reads is a copy */
} tj_constant;

enum { TJ_MAX_MEMBER_LEVELS = 4, TJ_MAX_MEMBERS = 512 }; /* of pointers in argument buffers */

/* Memory that a pointer inside an argument buffer points to. In a launch's list of memory it
 * comes behind the arguments'. */
typedef struct tj_nested {
    const char *name;     /* "args.weights" */
    unsigned parent;      /* whose bytes hold the pointer: an argument by number, or */
    bool is_inner;        /* an earlier one of this list */
    unsigned byte_offset; /* of the pointer in them */
    const tj_arg *buffer;
} tj_nested;

typedef struct tj_kernel {
    const char *name;
    LLVMValueRef function; /* in the unit's module */
    tj_arg *args;
    unsigned arg_count;
    unsigned hidden_count; /* of them, at the end: added by canonical form; launches do not see
                              them */
    const tj_nested *nested; /* by argument and field; a buffer's own follow all of a level */
    unsigned nested_count;
    unsigned max_threads; /* air.max_work_group_size; TJ_MAX_THREADS without it */
    uint32_t threadgroup[3]; /* the only size that the kernel runs with; zeros: it takes any */
    unsigned *constants;  /* those that the kernel depends on, as numbers in the unit's list */
    unsigned constant_count;
} tj_kernel;

static inline unsigned tj_parent_place(const tj_kernel *kernel, const tj_nested *nested)
{
    return nested->is_inner ? kernel->arg_count + nested->parent : nested->parent;
}

/* Where a kernel was written, when its container tells. */
typedef struct tj_declared {
    const char *file; /* NULL: unknown */
    unsigned line;
    tj_sources *sources; /* NULL: none */
} tj_declared;

typedef struct tj_unit {
    tj_arena *arena;
    LLVMContextRef llctx;
    LLVMModuleRef module;
    LLVMMemoryBufferRef whole; /* the module as bitcode; NULL until tj_extract wants it */
    LLVMMemoryBufferRef bare;  /* the same for tj_extract_bare */
    const char *file; /* as the user named it */
    tj_declared declared; /* of its only kernel */
    tj_kernel *kernels;
    unsigned kernel_count;
    tj_constant *constants;
    unsigned constant_count;
    bool is_source;        /* made of source text: places say what instructions would */
    bool flush_subnormals; /* air.compile.denorms_disable */
    bool allows_fp64;      /* doubles compute, which Metal has not */
    bool is_canonical;
    unsigned air_major, air_minor; /* 0, 0 without !air.version */
    const struct tj_place_table *places; /* while places are asked for in numbers; else NULL */
    tj_diags diags;
} tj_unit;

/* ---- load.c: bytes to a checked unit ------------------------------------------------- */

/* Reads LLVM text or bitcode (wrapped or not) in AIR form, reads the metadata or the short
 * form, gives every instruction a debug location and runs tj_check. On failure `*out` is
 * untouched and `diags` holds the error. `file` is only a name. Never prints or aborts,
 * whatever the bytes. */
tj_status tj_load(const void *bytes, size_t byte_len, const char *file, tj_diags *diags,
                  tj_unit **out);
typedef struct tj_load_options {
    const tj_declared *declared; /* of a module of one kernel; copied; NULL: unknown */
    bool allows_fp64;
} tj_load_options;
tj_status tj_load_with(const void *bytes, size_t byte_len, const char *file,
                       const tj_load_options *options, tj_diags *diags, tj_unit **out);
void tj_unit_destroy(tj_unit *unit); /* NULL is allowed */
const tj_kernel *tj_find_kernel(const tj_unit *unit, const char *name);

/* A new unit with a context of its own that holds only `kernel_name`, what it calls and the
 * globals it uses. */
tj_status tj_extract(tj_unit *unit, const char *kernel_name, tj_diags *diags,
                     tj_unit **out);
/* The same in half the time: only calls of functions with bodies have debug locations, and names
 * that compilers make up are gone. What fails then does not know its line; done again with
 * tj_extract, it does. */
tj_status tj_extract_bare(tj_unit *unit, const char *kernel_name, tj_diags *diags,
                          tj_unit **out);

/* ---- lines.c ------------------------------------------------------------------------- */

/* Gives each instruction without a debug location one that names its line in the LLVM text. */
void tj_add_lines(tj_unit *unit, const char *text, size_t byte_len);

/* ---- air_meta.c ---------------------------------------------------------------------- */

/* Fills unit->kernels from !air.kernel, else from the short form. */
tj_status tj_read_kernels(tj_unit *unit);

/* Lists kernel->nested from the arguments' fields. */
void tj_list_nested(tj_arena *arena, tj_kernel *kernel);

/* ---- logging.c ----------------------------------------------------------------------- */

/* Takes variable arguments out of functions that log. What is left is refused by tj_check. */
void tj_lower_logging(tj_unit *unit);

/* ---- check.c ------------------------------------------------------------------------- */

/* Refuses everything outside the accepted language, by name and place. Changes nothing. */
tj_status tj_check(tj_unit *unit);

/* ---- constants.c, specialize.c ------------------------------------------------------- */

/* Fills unit->constants from !air.function_constants. */
tj_status tj_read_constants(tj_unit *unit);

unsigned tj_scalar_byte_len(tj_scalar scalar); /* 0 for TJ_SCALAR_UNKNOWN */

typedef struct tj_constant_value {
    const char *name; /* NULL: `index` names the constant */
    unsigned index;
    tj_scalar scalar;
    unsigned components;
    const void *data; /* `components` numbers without padding */
} tj_constant_value;

/* Runs the only kernel of a canonical unit, which has no parameters, as one thread. Variables in
 * constant memory get what they hold afterwards for an initialiser. (jit/initialise.c) */
typedef tj_status tj_initialise(tj_unit *unit);

/* Gives a unit of one kernel the values of its function constants: has the module's static
 * initialisers run and removes them; what they wrote is constant data afterwards. Refuses a
 * missing, unknown, repeated or wrongly typed value. `is_open`: all values stay unknown instead
 * and nothing runs; the kernel can then be counted, not run. */
tj_status tj_specialize(tj_unit *unit, const tj_constant_value *values, size_t value_count,
                        bool is_open, tj_initialise *initialise);

/* ---- canon.c ------------------------------------------------------------------------- */

typedef struct tj_canon_options {
    bool is_fast_math;   /* false: fast-math flags are removed, llvm.fmuladd is mul + add */
    unsigned opt_level;  /* 0: only what canonical form needs; 2: simplify too */
    const char *after;   /* when not NULL: stop after the pass of this name */
    bool verify_each;    /* run the LLVM verifier after every pass */
    bool keeps_logging;  /* air.os_log stays a call, of TJ_LOGGING */
    bool unrolls;        /* short loops through arrays of a thread are written out */
} tj_canon_options;

#define TJ_LOGGING "tmjit.os_log"

/* Brings a unit of one kernel into canonical form:
 *   - everything is inlined into the kernel; no other function has a body
 *   - built-in inputs are parameters, also those that were asked for by calls
 *   - promotable allocas are SSA values
 *   - no switch, no indirectbr, no invoke, no freeze, no undef or poison operand
 *   - one return block; natural (reducible) loops only, in loop-simplify and LCSSA form:
 *     preheader, one latch, exits dominated by the header
 *   - what LLVM calls undefined is defined (list in ir/README.md): shift amounts are masked
 *     unless constant and in range, divisors are made safe, float to integer conversions
 *     saturate (llvm.fptosi.sat, llvm.fptoui.sat)
 *   - memcpy, memset and memmove of constant length up to 128 bytes are loads and stores;
 *     longer ones are loops; llvm.assume, lifetime and debug intrinsics are gone
 *   - GEPs keep their source types; constant expressions are instructions: operands are
 *     instructions, parameters, constant data, globals or null
 *   - the module's data layout is set and has AIR's sizes; air.* calls stay calls
 * Debug locations are kept. */
tj_status tj_canon(tj_unit *unit, const tj_canon_options *options);

/* The same meaning for what LLVM's passes would fold as undefined because an operand is constant,
 * in all functions: for a reader that runs passes before tj_canon. */
tj_status tj_canon_define_known(tj_unit *unit);

/* The names of the passes inside tj_canon, in order, NULL-terminated. */
const char *const *tj_canon_passes(void);

/* ---- places -------------------------------------------------------------------------- */

/* The place of an instruction: debug location, else kernel, block and printed instruction.
 * All strings live in `arena`. */
tj_loc tj_loc_of(tj_arena *arena, const tj_unit *unit, LLVMValueRef inst);
/* Adds the text of the line to a place, when the container has it. */
void tj_add_source(tj_loc *loc, tj_arena *arena, const tj_unit *unit);
tj_status tj_fail(tj_unit *unit, LLVMValueRef inst, tj_status status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
