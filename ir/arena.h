/* SPDX-License-Identifier: MIT */
/* Memory with the lifetime of a compilation; mark and rewind make scratch space. */
#ifndef TJ_ARENA_H
#define TJ_ARENA_H

#include <stddef.h>

typedef struct tj_arena tj_arena;
typedef struct tj_mark {
    void *chunk;
    size_t used;
} tj_mark;

tj_arena *tj_arena_create(void);
void tj_arena_destroy(tj_arena *arena); /* NULL is allowed */

/* Zeroed, aligned, never NULL: exhaustion aborts, as in LLVM itself. */
void *tj_arena_take(tj_arena *arena, size_t count, size_t byte_len, size_t align);

tj_mark tj_arena_mark(const tj_arena *arena);
void tj_arena_rewind(tj_arena *arena, tj_mark mark);

char *tj_arena_strdup(tj_arena *arena, const char *text);
char *tj_arena_strndup(tj_arena *arena, const char *text, size_t byte_len);
char *tj_arena_printf(tj_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define tj_new(arena, type) ((type *)tj_arena_take(arena, 1, sizeof(type), _Alignof(type)))
#define tj_new_array(arena, type, n) \
    ((type *)tj_arena_take(arena, n, sizeof(type), _Alignof(type)))

#endif
