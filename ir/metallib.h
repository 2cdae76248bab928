/* SPDX-License-Identifier: MIT */
/* Reads .metallib containers: an index of functions, each with a bitcode module of its own. */
#ifndef TJ_METALLIB_H
#define TJ_METALLIB_H

#include "ir.h"

#include <stddef.h>

/* Where a container's bytes are: in memory, or in a file that stays open (fd not negative). */
typedef struct tj_bytes {
    const uint8_t *memory;
    int fd;
    uint64_t byte_len;
} tj_bytes;

typedef struct tj_function {
    const char *name;
    const char *kind; /* "kernel", "vertex", ..., or "unknown" */
    bool is_kernel;
    unsigned air_major, air_minor, language_major, language_minor;
    uint64_t byte_start, byte_len; /* of the module, in the container */
    const uint8_t *hash;           /* SHA-256 of the module; NULL: the container has none */
    uint64_t private_start;        /* of its private metadata, in the container */
    const uint8_t *source_offset;  /* SOFF: of its archive, in the sources; NULL: none */
} tj_function;

/* Nothing changes after tj_metallib_open; many threads may read. */
typedef struct tj_metallib tj_metallib;

bool tj_is_metallib(const void *bytes, size_t byte_len);

/* Reads and checks the index. `bytes` is taken over when this succeeds (an open file is closed,
 * memory freed by tj_metallib_close); `file` is a name. Errors name the byte offset. */
tj_status tj_metallib_open(const tj_bytes *bytes, const char *file, tj_diags *diags,
                           tj_metallib **out);
void tj_metallib_close(tj_metallib *lib); /* NULL is allowed */

size_t tj_metallib_function_count(const tj_metallib *lib);
const tj_function *tj_metallib_function(const tj_metallib *lib, size_t index);
/* The function's index; the count of functions when there is none of that name. */
size_t tj_metallib_find(const tj_metallib *lib, const char *name);

/* Reads the function's module, checks its hash and its version and loads it as tj_load does.
 * Refuses functions that are no kernels. */
tj_status tj_metallib_load(const tj_metallib *lib, size_t index, tj_diags *diags,
                           tj_unit **out);

/* The name given to tj_metallib_open. */
const char *tj_metallib_file(const tj_metallib *lib);
/* Calls `visit` with everything of the container that tj_metallib_load reads for a function. */
typedef void tj_visit_bytes(void *user, const void *bytes, size_t byte_len);
tj_status tj_metallib_visit(const tj_metallib *lib, size_t index, tj_visit_bytes *visit,
                            void *user, tj_diags *diags);

/* A copy of the function's source archive; `*out` stays as it is when there is none. */
tj_status tj_metallib_sources(const tj_metallib *lib, size_t index, tj_diags *diags,
                              tj_sources **out);

#endif
