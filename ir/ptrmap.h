/* SPDX-License-Identifier: MIT */
/* Pointer to index, open addressing; LLVM-C values carry no user data of their own. */
#ifndef TJ_PTRMAP_H
#define TJ_PTRMAP_H

#include "arena.h"

#include <stdint.h>

typedef struct tj_ptrmap {
    const void **keys;
    uint32_t *values;
    uint32_t mask; /* slots - 1 */
} tj_ptrmap;

/* Room for `count` keys; it does not grow. */
static inline void tj_ptrmap_init(tj_ptrmap *map, tj_arena *arena, uint32_t count)
{
    uint32_t slots = 16;

    while (slots < count * 2)
        slots *= 2;
    map->keys = tj_new_array(arena, const void *, slots);
    map->values = tj_new_array(arena, uint32_t, slots);
    map->mask = slots - 1;
}

static inline uint32_t tj_ptrmap_slot(const tj_ptrmap *map, const void *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u;
    uint32_t slot = (uint32_t)(hash >> 32) & map->mask;

    while (map->keys[slot] && map->keys[slot] != key)
        slot = (slot + 1) & map->mask;
    return slot;
}

static inline void tj_ptrmap_put(tj_ptrmap *map, const void *key, uint32_t value)
{
    uint32_t slot = tj_ptrmap_slot(map, key);

    map->keys[slot] = key;
    map->values[slot] = value;
}

/* UINT32_MAX when the key is not there. */
static inline uint32_t tj_ptrmap_find(const tj_ptrmap *map, const void *key)
{
    uint32_t slot = tj_ptrmap_slot(map, key);

    return map->keys[slot] ? map->values[slot] : UINT32_MAX;
}

#endif
