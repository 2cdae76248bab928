/* SPDX-License-Identifier: MIT */
/* Source text that came with a kernel: lines of it, for messages. */
#ifndef TJ_SOURCES_H
#define TJ_SOURCES_H

#include "arena.h"

#include <stddef.h>
#include <stdint.h>

/* Shared by the units of a kernel; unpacked by the first question. Many threads may ask. */
typedef struct tj_sources tj_sources;

/* `packed` is a tar archive, packed by bzip2; it is copied. Nothing is checked yet. */
tj_sources *tj_sources_create(const uint8_t *packed, size_t byte_len);
tj_sources *tj_sources_share(tj_sources *sources); /* NULL stays NULL */
void tj_sources_release(tj_sources *sources);      /* NULL is allowed */

/* The line without the blanks around it, in `arena`; NULL when the archive is broken or has no
 * such line. `file` is the path of a member or the end of exactly one. */
const char *tj_sources_line(tj_sources *sources, tj_arena *arena, const char *file,
                            unsigned line);

#endif
