/* SPDX-License-Identifier: MIT */
/* Objects into executable memory, through ORC. One session per context; thread-safe. */
#ifndef TJ_SESSION_H
#define TJ_SESSION_H

#include "host.h"

#include <llvm-c/LLJIT.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct tj_session tj_session;

/* One linked object. */
typedef struct tj_linked {
    uintptr_t entry;
    LLVMOrcResourceTrackerRef tracker; /* of a session */
    void *memory;                      /* of loader.c */
    size_t byte_len;
    void *vector_math;
} tj_linked;

tj_status tj_session_create(const tj_cpu *cpu, tj_diags *diags, tj_session **out);
void tj_session_destroy(tj_session *session); /* NULL is allowed */

/* Links an object and finds its symbol `entry_name`, which no other linked object may define.
 * `needs_vector_math` makes the names of the vector maths library known first.
 * Takes `object`, also on failure. */
tj_status tj_session_link(tj_session *session, LLVMMemoryBufferRef object,
                          const char *entry_name, bool needs_vector_math, tj_diags *diags,
                          tj_linked *out);
/* Frees the code; a zeroed `linked` is allowed. */
void tj_session_unlink(tj_session *session, tj_linked *linked);

/* ---- bind.c -------------------------------------------------------------------------- */

typedef struct tj_symbol {
    const char *name; /* as C spells it */
    uintptr_t address;
} tj_symbol;

/* What generated code may call: calls `add` for the runtime's functions, the C library's
 * maths and memory functions and the conversions that LLVM's code generator may call. */
typedef void tj_bind_add(void *user, const tj_symbol *symbol);
void tj_bind_runtime(tj_bind_add *add, void *user);
/* The same for libmvec. False when the library is not there. `*handle` keeps it open. */
bool tj_bind_vector_math(tj_bind_add *add, void *user, void **handle);
void tj_bind_close(void *handle);

#endif
