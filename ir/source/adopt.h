/* SPDX-License-Identifier: MIT */
/* From what clang made of Metal source to the form that ir/README.md describes. */
#ifndef TJ_SOURCE_ADOPT_H
#define TJ_SOURCE_ADOPT_H

#include "ir.h"

/* Turns annotations into !air.kernel and !air.function_constants, gives kernels their names and
 * Metal's kinds of parameters, and takes away what only clang needed. The module is clang's for
 * nvptx64, with constant memory in address space 2. */
tj_status tj_adopt_metal(tj_unit *unit);

/* ---- between the files ----------------------------------------------------------------- */

enum { TJ_ADOPT_MAX_NUMBERS = 3 };

/* One annotation: "msl.buffer" with 3, "msl.host_name=name". */
typedef struct tj_annotation {
    const char *name, *text; /* "buffer", ""; "host_name", "name" */
    LLVMValueRef args[TJ_ADOPT_MAX_NUMBERS];
    unsigned arg_count;
    const char *file;
    unsigned line;
    struct tj_annotation *next;
} tj_annotation;

/* The annotation of operands `text`, `file`, `line`, `args`; NULL when it is not Metal's. */
tj_annotation *tj_read_annotation(tj_unit *unit, LLVMValueRef text, LLVMValueRef file,
                                  LLVMValueRef line, LLVMValueRef args);
const tj_annotation *tj_find_annotation(const tj_annotation *list, const char *name);
tj_status tj_fail_annotated(tj_unit *unit, const tj_annotation *at, tj_status status,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A kernel of the source. */
typedef struct tj_source_kernel {
    LLVMValueRef function;     /* clang's */
    const char *name;          /* its name for the host */
    tj_annotation *own;        /* of the function */
    tj_annotation **of_params; /* by parameter */
} tj_source_kernel;

/* A kernel of AIR's form around clang's function; the kernel must stay. */
typedef struct tj_wrapper tj_wrapper;
tj_status tj_wrap_kernel(tj_unit *unit, const tj_source_kernel *kernel, tj_wrapper **out);
/* Lists it in !air.kernel: when its code has become simple, it says what it reads and writes.
 */
tj_status tj_list_kernel(const tj_wrapper *wrapper);

/* Copies of vectors by memcpy become loads and stores of vectors. Objects are still in memory.
 */
void tj_adopt_copies(tj_unit *unit);
/* Selects between SIMD-group matrices become shuffles. Objects are values. */
void tj_adopt_blends(tj_unit *unit);
/* Operators that choose become values again, branches until now. Objects are values. */
void tj_adopt_choices(tj_unit *unit);
/* Constants whose address is used in constant memory are moved there. */
void tj_adopt_literals(tj_unit *unit);

/* The numbers that a type is made of, when all have one type: 3 of i32 for a uint3. False for
 * other types. */
bool tj_flatten_type(LLVMTypeRef type, LLVMTypeRef *element, unsigned *count);

#endif
