/* SPDX-License-Identifier: MIT */
/* The index of a .metallib container, and one function of it to a unit.
 *
 * Layout, little-endian: a header of 88 bytes with the places of four sections (function list,
 * public metadata, private metadata, modules); the function list is a count and as many groups
 * of tags; behind it, in newer files, tags of the header's extension. A tag is four letters,
 * a length of 16 bits and as many bytes; ENDT, which has no length, ends a group. After
 * YuAo/MetalLibraryArchive's description, tried on Apple's files of AIR 2.3 to 2.8.
 *
 * A library may have tens of thousands of functions: only the list is read at first, with
 * pread, so that a file that shrinks meanwhile is an error and not a signal.
 */
#include "metallib.h"

#include "sha256.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HEADER_BYTES = 88,
    TAG_HEAD_BYTES = 6,
    TAG_END_BYTES = 4,
    MAX_PRIVATE_BYTES = 1 << 16,   /* of one function's private metadata */
    MAX_EXTENSION_BYTES = 1 << 12, /* of the header's */
    MAX_ARCHIVE_BYTES = 1 << 24    /* of sources, packed */
};

typedef struct section {
    uint64_t start, byte_len;
} section;

typedef struct slot {
    uint32_t number; /* of the function, + 1; 0: free */
    uint32_t hash;
} slot;

struct tj_metallib {
    tj_arena *arena;
    const char *file;
    tj_bytes bytes;
    uint8_t *list; /* the function list; names and hashes stay in it */
    section functions, public_part, private_part, modules, sources;
    tj_function *table;
    size_t count;
    slot *slots; /* hash table; a power of two */
    size_t slot_count;
};

/* ---- bytes --------------------------------------------------------------------------- */

static uint64_t little(const uint8_t *bytes, unsigned byte_len)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < byte_len; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static tj_status fail(tj_diags *diags, const char *file, uint64_t at, const char *what)
{
    tj_loc loc = {.file = file};
    return tj_fail_at(diags, TJ_E_MALFORMED, &loc, "byte %" PRIu64 " of the container: %s", at,
                      what);
}

/* The caller has checked that the range lies inside. */
static tj_status read_range(const tj_metallib *lib, tj_diags *diags, uint64_t start,
                            uint64_t byte_len, uint8_t *into)
{
    if (lib->bytes.fd < 0) {
        memcpy(into, lib->bytes.memory + start, byte_len);
        return TJ_OK;
    }
    for (uint64_t done = 0; done < byte_len;) {
        ssize_t n = pread(lib->bytes.fd, into + done, byte_len - done, (off_t)(start + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            tj_loc loc = {.file = lib->file};
            return tj_fail_at(diags, TJ_E_NOT_FOUND, &loc,
                              "cannot read %" PRIu64 " bytes at byte %" PRIu64 ": %s", byte_len,
                              start, n ? strerror(errno) : "the file has become shorter");
        }
        done += (uint64_t)n;
    }
    return TJ_OK;
}

static uint8_t *take_bytes(tj_diags *diags, const char *file, uint64_t byte_len)
{
    uint8_t *bytes = malloc(byte_len ? byte_len : 1);
    tj_loc loc = {.file = file};
    if (!bytes)
        tj_fail_at(diags, TJ_E_MEMORY, &loc, "no memory for %" PRIu64 " bytes", byte_len);
    return bytes;
}

bool tj_is_metallib(const void *bytes, size_t byte_len)
{
    return byte_len >= 4 && memcmp(bytes, "MTLB", 4) == 0;
}

/* ---- header -------------------------------------------------------------------------- */

static tj_status read_section(const tj_metallib *lib, tj_diags *diags, const uint8_t *header,
                              unsigned at, const char *name, section *out)
{
    out->start = little(header + at, 8);
    out->byte_len = little(header + at + 8, 8);
    if (out->start <= lib->bytes.byte_len && out->byte_len <= lib->bytes.byte_len - out->start)
        return TJ_OK;
    tj_loc loc = {.file = lib->file};
    return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                      "byte %u of the container: the %s has %" PRIu64 " bytes at byte %" PRIu64
                      ", the file %" PRIu64 " in all",
                      at, name, out->byte_len, out->start, lib->bytes.byte_len);
}

static tj_status read_header(tj_metallib *lib, tj_diags *diags)
{
    uint8_t header[HEADER_BYTES];
    if (lib->bytes.byte_len < HEADER_BYTES)
        return fail(diags, lib->file, lib->bytes.byte_len,
                    "it ends inside its header of 88 bytes");
    tj_status status = read_range(lib, diags, 0, HEADER_BYTES, header);
    if (status)
        return status;
    if (!tj_is_metallib(header, HEADER_BYTES))
        return fail(diags, lib->file, 0, "no 'MTLB'");
    if (little(header + 16, 8) != lib->bytes.byte_len) {
        tj_loc loc = {.file = lib->file};
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "byte 16 of the container: it has %" PRIu64
                          " bytes by its header, %" PRIu64 " in fact",
                          little(header + 16, 8), lib->bytes.byte_len);
    }
    status = read_section(lib, diags, header, 24, "function list", &lib->functions);
    if (!status)
        status = read_section(lib, diags, header, 40, "public metadata", &lib->public_part);
    if (!status)
        status = read_section(lib, diags, header, 56, "private metadata", &lib->private_part);
    if (!status)
        status = read_section(lib, diags, header, 72, "module section", &lib->modules);
    return status;
}

/* ---- tags ---------------------------------------------------------------------------- */

/* A walk over the tags of one group. */
typedef struct tag_walk {
    const uint8_t *bytes;
    uint64_t at, end; /* in `bytes` */
    uint64_t base;    /* of `bytes` in the container */
    const uint8_t *value;
    uint64_t value_len;
    const uint8_t *name; /* four letters */
} tag_walk;

typedef enum tag_step { TAG_FOUND, TAG_END, TAG_BROKEN } tag_step;

static tag_step next_tag(tag_walk *walk)
{
    uint64_t left = walk->end - walk->at;
    const uint8_t *tag = walk->bytes + walk->at;
    if (left < TAG_END_BYTES)
        return TAG_BROKEN;
    walk->name = tag;
    if (memcmp(tag, "ENDT", 4) == 0) {
        walk->at += TAG_END_BYTES;
        return TAG_END;
    }
    if (left < TAG_HEAD_BYTES)
        return TAG_BROKEN;
    walk->value_len = little(tag + 4, 2);
    if (walk->value_len > left - TAG_HEAD_BYTES)
        return TAG_BROKEN;
    walk->value = tag + TAG_HEAD_BYTES;
    walk->at += TAG_HEAD_BYTES + walk->value_len;
    return TAG_FOUND;
}

/* ---- one function -------------------------------------------------------------------- */

typedef enum tag_id {
    TAG_NAME,
    TAG_TYPE,
    TAG_HASH,
    TAG_OFFT,
    TAG_VERS,
    TAG_MDSZ,
    TAG_SOFF,
    TAG_COUNT /* of the tags that are read; others are stepped over */
} tag_id;

static const struct {
    char name[5];
    uint8_t byte_len; /* 0: any */
    bool is_needed;
} tag_rules[TAG_COUNT] = {
    [TAG_NAME] = {"NAME", 0, true},   [TAG_TYPE] = {"TYPE", 1, true},
    [TAG_HASH] = {"HASH", 32, false}, [TAG_OFFT] = {"OFFT", 24, true},
    [TAG_SOFF] = {"SOFF", 8, false},  [TAG_VERS] = {"VERS", 8, true},
    [TAG_MDSZ] = {"MDSZ", 8, true},
};

static const char *const kind_names[] = {"vertex",  "fragment", "kernel",      "unqualified",
                                         "visible", "extern",   "intersection"};
enum { KIND_KERNEL = 2, KIND_COUNT = sizeof kind_names / sizeof kind_names[0] };

/* Names are printed and looked up: no control characters. */
static bool is_printable(const uint8_t *name, size_t byte_len)
{
    bool is_good = true;
    for (size_t i = 0; i < byte_len; i++)
        is_good &= name[i] >= ' ' && name[i] != 0x7f;
    return is_good;
}

/* Remembers a tag that is read; says what is wrong with it. */
static const char *keep_tag(const tag_walk *walk, const uint8_t *found[TAG_COUNT])
{
    for (unsigned t = 0; t < TAG_COUNT; t++) {
        if (memcmp(walk->name, tag_rules[t].name, 4))
            continue;
        if (found[t])
            return "a tag of a function stands twice";
        if (tag_rules[t].byte_len && walk->value_len != tag_rules[t].byte_len)
            return "a tag of a function has a wrong length";
        if (t == TAG_NAME && (walk->value_len < 2 || walk->value[walk->value_len - 1]))
            return "a function's name is empty or does not end in NUL";
        if (t == TAG_NAME && !is_printable(walk->value, walk->value_len - 1))
            return "a function's name holds control characters";
        found[t] = walk->value;
        return NULL;
    }
    return NULL;
}

static tj_status set_function(const tj_metallib *lib, tj_diags *diags, uint64_t at,
                              const uint8_t *const tags[TAG_COUNT], tj_function *out)
{
    for (unsigned t = 0; t < TAG_COUNT; t++)
        if (tag_rules[t].is_needed && !tags[t])
            return fail(diags, lib->file, at,
                        "a function lacks one of NAME, TYPE, OFFT, VERS, MDSZ");
    uint8_t type = *tags[TAG_TYPE];
    out->name = (const char *)tags[TAG_NAME];
    out->kind = type < KIND_COUNT ? kind_names[type] : "unknown";
    out->is_kernel = type == KIND_KERNEL;
    out->hash = tags[TAG_HASH];
    out->source_offset = tags[TAG_SOFF];
    out->air_major = (unsigned)little(tags[TAG_VERS], 2);
    out->air_minor = (unsigned)little(tags[TAG_VERS] + 2, 2);
    out->language_major = (unsigned)little(tags[TAG_VERS] + 4, 2);
    out->language_minor = (unsigned)little(tags[TAG_VERS] + 6, 2);
    uint64_t private_offset = little(tags[TAG_OFFT] + 8, 8);
    uint64_t offset = little(tags[TAG_OFFT] + 16, 8);
    out->byte_len = little(tags[TAG_MDSZ], 8);
    if (offset > lib->modules.byte_len || out->byte_len > lib->modules.byte_len - offset)
        return fail(diags, lib->file, at,
                    "a function's module lies outside the module section");
    if (private_offset > lib->private_part.byte_len)
        return fail(diags, lib->file, at,
                    "a function's private metadata lies outside their section");
    out->byte_start = lib->modules.start + offset;
    out->private_start = lib->private_part.start + private_offset;
    return TJ_OK;
}

/* `*at` is in the list; the group starts with its own length. */
static tj_status read_function(const tj_metallib *lib, tj_diags *diags, uint64_t list_len,
                               uint64_t *at, tj_function *out)
{
    const uint8_t *tags[TAG_COUNT] = {NULL};
    uint64_t base = lib->functions.start, start = *at;
    if (list_len - start < 4)
        return fail(diags, lib->file, base + start,
                    "the function list ends before its last function");
    uint64_t group_len = little(lib->list + start, 4);
    if (group_len < 4 + TAG_END_BYTES || group_len > list_len - start)
        return fail(diags, lib->file, base + start,
                    "a function's group of tags has an impossible length");
    tag_walk walk = {.bytes = lib->list, .at = start + 4, .end = start + group_len};
    tag_step step;
    while ((step = next_tag(&walk)) == TAG_FOUND) {
        const char *what = keep_tag(&walk, tags);
        if (what)
            return fail(diags, lib->file, base + (uint64_t)(walk.name - lib->list), what);
    }
    if (step == TAG_BROKEN || walk.at != walk.end)
        return fail(diags, lib->file, base + walk.at,
                    "a function's tags and their group end at different places");
    *at = walk.end;
    return set_function(lib, diags, base + start, tags, out);
}

/* ---- extension of the header ---------------------------------------------------------- */

static tj_status read_extension_tag(tj_metallib *lib, tj_diags *diags, const tag_walk *walk)
{
    if (memcmp(walk->name, "HSRC", 4) && memcmp(walk->name, "HSRD", 4))
        return TJ_OK;
    uint64_t at = walk->base + (uint64_t)(walk->name - walk->bytes);
    if (walk->value_len != 16)
        return fail(diags, lib->file, at, "a tag of the header has a wrong length");
    lib->sources = (section){little(walk->value, 8), little(walk->value + 8, 8)};
    if (lib->sources.start > lib->bytes.byte_len ||
        lib->sources.byte_len > lib->bytes.byte_len - lib->sources.start)
        return fail(diags, lib->file, at, "the sources lie outside the container");
    return TJ_OK;
}

/* Older files go on with public metadata at once. */
static tj_status read_extension(tj_metallib *lib, tj_diags *diags)
{
    uint8_t bytes[MAX_EXTENSION_BYTES];
    uint64_t start = lib->functions.start + 4 + lib->functions.byte_len;
    if (lib->public_part.start <= start)
        return TJ_OK;
    uint64_t byte_len = lib->public_part.start - start;
    if (byte_len > sizeof bytes)
        byte_len = sizeof bytes;
    tj_status status = read_range(lib, diags, start, byte_len, bytes);
    tag_walk walk = {.bytes = bytes, .end = byte_len, .base = start};
    tag_step step = TAG_END;
    while (!status && (step = next_tag(&walk)) == TAG_FOUND)
        status = read_extension_tag(lib, diags, &walk);
    if (!status && step == TAG_BROKEN)
        return fail(diags, lib->file, start + walk.at,
                    "a tag of the header reaches beyond the public metadata");
    return status;
}

/* ---- names --------------------------------------------------------------------------- */

/* Word by word: a library has a megabyte of names. */
static uint32_t hash_name(const char *name)
{
    size_t left = strlen(name);
    uint64_t hash = left, word;
    for (; left; left -= left < sizeof word ? left : sizeof word, name += sizeof word) {
        word = 0;
        memcpy(&word, name, left < sizeof word ? left : sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

/* The slot that holds `name`, or the free one where it belongs. */
static slot *find_slot(const tj_metallib *lib, const char *name, uint32_t hash)
{
    size_t at = hash & (lib->slot_count - 1);
    for (;; at = (at + 1) & (lib->slot_count - 1)) {
        slot *s = &lib->slots[at];
        if (!s->number ||
            (s->hash == hash && strcmp(lib->table[s->number - 1].name, name) == 0))
            return s;
    }
}

static tj_status name_functions(tj_metallib *lib, tj_diags *diags)
{
    lib->slot_count = 2;
    while (lib->slot_count < 2 * lib->count)
        lib->slot_count *= 2;
    lib->slots = tj_new_array(lib->arena, slot, lib->slot_count);
    for (size_t i = 0; i < lib->count; i++) {
        uint32_t hash = hash_name(lib->table[i].name);
        slot *s = find_slot(lib, lib->table[i].name, hash);
        if (s->number) {
            tj_loc loc = {.file = lib->file};
            return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                              "two functions of the container are named '%s'",
                              lib->table[i].name);
        }
        *s = (slot){(uint32_t)i + 1, hash};
    }
    return TJ_OK;
}

size_t tj_metallib_find(const tj_metallib *lib, const char *name)
{
    uint32_t number = find_slot(lib, name, hash_name(name))->number;
    return number ? number - 1 : lib->count;
}

/* ---- opening ------------------------------------------------------------------------- */

/* The length of the list counts the groups, not the number in front of them. */
static tj_status read_list(tj_metallib *lib, tj_diags *diags)
{
    uint64_t list_len = lib->functions.byte_len + 4;
    if (list_len > lib->bytes.byte_len - lib->functions.start)
        return fail(diags, lib->file, lib->functions.start,
                    "the function list reaches beyond the end");
    lib->list = take_bytes(diags, lib->file, list_len);
    if (!lib->list)
        return TJ_E_MEMORY;
    tj_status status = read_range(lib, diags, lib->functions.start, list_len, lib->list);
    if (status)
        return status;
    uint64_t count = little(lib->list, 4), at = 4;
    if (count > lib->functions.byte_len / (4 + TAG_END_BYTES))
        return fail(diags, lib->file, lib->functions.start,
                    "the function list is too short for its number of functions");
    lib->table = tj_new_array(lib->arena, tj_function, count);
    for (; lib->count < count && !status; lib->count++)
        status = read_function(lib, diags, list_len, &at, &lib->table[lib->count]);
    if (!status && at != list_len)
        status = fail(diags, lib->file, lib->functions.start + at,
                      "bytes behind the last function of the list");
    return status ? status : name_functions(lib, diags);
}

static void destroy(tj_metallib *lib)
{
    free(lib->list);
    tj_arena_destroy(lib->arena);
}

tj_status tj_metallib_open(const tj_bytes *bytes, const char *file, tj_diags *diags,
                           tj_metallib **out)
{
    tj_arena *arena = tj_arena_create();
    tj_metallib *lib = tj_new(arena, tj_metallib);
    lib->arena = arena;
    lib->file = tj_arena_strdup(arena, file);
    lib->bytes = *bytes;
    tj_status status = read_header(lib, diags);
    if (!status)
        status = read_list(lib, diags);
    if (!status)
        status = read_extension(lib, diags);
    if (status)
        destroy(lib);
    else
        *out = lib;
    return status;
}

void tj_metallib_close(tj_metallib *lib)
{
    if (!lib)
        return;
    if (lib->bytes.fd >= 0)
        close(lib->bytes.fd);
    free((void *)(uintptr_t)lib->bytes.memory);
    destroy(lib);
}

size_t tj_metallib_function_count(const tj_metallib *lib)
{
    return lib->count;
}

const tj_function *tj_metallib_function(const tj_metallib *lib, size_t index)
{
    return &lib->table[index];
}

/* ---- loading ------------------------------------------------------------------------- */

/* DEBI: a line and a path, ended by NUL, where the function was written. */
static void read_declared(const tag_walk *walk, tj_declared *out)
{
    if (memcmp(walk->name, "DEBI", 4) || walk->value_len < 5)
        return;
    const uint8_t *path = walk->value + 4, *end = memchr(path, 0, walk->value_len - 4);
    if (end && is_printable(path, (size_t)(end - path))) {
        out->line = (unsigned)little(walk->value, 4);
        out->file = (const char *)path;
    }
}

/* `out->file` points into `*bytes`, which the caller frees. */
static tj_status read_private(const tj_metallib *lib, const tj_function *function,
                              tj_diags *diags, uint8_t **bytes, tj_declared *out)
{
    uint64_t end = lib->private_part.start + lib->private_part.byte_len;
    uint64_t left = end - function->private_start, group_len;
    uint8_t head[4];
    if (left < sizeof head)
        return TJ_OK; /* older files leave the section empty */
    tj_status status = read_range(lib, diags, function->private_start, sizeof head, head);
    if (status)
        return status;
    group_len = little(head, 4);
    if (group_len < 4 + TAG_END_BYTES || group_len > left || group_len > MAX_PRIVATE_BYTES)
        return fail(diags, lib->file, function->private_start,
                    "private metadata have an impossible length");
    *bytes = take_bytes(diags, lib->file, group_len);
    if (!*bytes)
        return TJ_E_MEMORY;
    status = read_range(lib, diags, function->private_start, group_len, *bytes);
    tag_walk walk = {.bytes = *bytes, .at = 4, .end = group_len};
    tag_step step = TAG_END;
    while (!status && (step = next_tag(&walk)) == TAG_FOUND)
        read_declared(&walk, out);
    if (!status && step == TAG_BROKEN)
        return fail(diags, lib->file, function->private_start + walk.at,
                    "a tag of private metadata reaches beyond their end");
    return status;
}

/* "SARC", a length of 32 bits, a name ended by NUL, the archive. */
tj_status tj_metallib_sources(const tj_metallib *lib, size_t index, tj_diags *diags,
                              tj_sources **out)
{
    const tj_function *function = &lib->table[index];
    uint8_t head[8];
    if (!function->source_offset || !lib->sources.byte_len)
        return TJ_OK;
    uint64_t offset = little(function->source_offset, 8);
    uint64_t start = lib->sources.start + offset, left = lib->sources.byte_len - offset;
    if (offset > lib->sources.byte_len || left < sizeof head)
        return fail(diags, lib->file, lib->sources.start,
                    "a function's source archive lies outside the sources");
    tj_status status = read_range(lib, diags, start, sizeof head, head);
    if (status)
        return status;
    uint64_t byte_len = little(head + 4, 4);
    if (memcmp(head, "SARC", 4) || byte_len > left - sizeof head ||
        byte_len > MAX_ARCHIVE_BYTES)
        return fail(diags, lib->file, start, "a function's source archive is none");
    uint8_t *bytes = take_bytes(diags, lib->file, byte_len);
    if (!bytes)
        return TJ_E_MEMORY;
    status = read_range(lib, diags, start + sizeof head, byte_len, bytes);
    const uint8_t *nul = status ? NULL : memchr(bytes, 0, byte_len);
    if (nul)
        *out = tj_sources_create(nul + 1, byte_len - (uint64_t)(nul + 1 - bytes));
    free(bytes);
    return status;
}

static tj_status check_function(const tj_metallib *lib, const tj_function *function,
                                tj_diags *diags)
{
    tj_loc loc = {.file = lib->file};
    if (!function->is_kernel)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                          "function '%s' is of kind %s; accepted are kernels", function->name,
                          function->kind);
    if (function->air_major != 2 || function->air_minor < 3 || function->air_minor > 9)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                          "function '%s' is of AIR %u.%u; accepted are 2.3 to 2.9",
                          function->name, function->air_major, function->air_minor);
    return TJ_OK;
}

static tj_status check_hash(const tj_metallib *lib, const tj_function *function,
                            const uint8_t *bytes, tj_diags *diags)
{
    uint8_t hash[TJ_SHA256_BYTES];
    if (!function->hash)
        return TJ_OK;
    tj_sha256(bytes, function->byte_len, hash);
    if (memcmp(hash, function->hash, sizeof hash) == 0)
        return TJ_OK;
    tj_loc loc = {.file = lib->file};
    return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                      "byte %" PRIu64 " of the container: the module of function '%s' (%" PRIu64
                      " bytes) does not have the SHA-256 of its HASH tag",
                      function->byte_start, function->name, function->byte_len);
}

/* What the index says must be in the module. */
static tj_status check_unit(const tj_metallib *lib, const tj_function *function,
                            const tj_unit *unit, tj_diags *diags)
{
    tj_loc loc = {.file = lib->file};
    if (!tj_find_kernel(unit, function->name))
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "the module of function '%s' has no kernel of that name",
                          function->name);
    if ((unit->air_major || unit->air_minor) &&
        (unit->air_major != function->air_major || unit->air_minor != function->air_minor))
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "function '%s' is of AIR %u.%u by its VERS tag, %u.%u by its module",
                          function->name, function->air_major, function->air_minor,
                          unit->air_major, unit->air_minor);
    return TJ_OK;
}

static tj_status load_module(const tj_metallib *lib, const tj_function *function,
                             const uint8_t *bytes, tj_diags *diags, tj_unit **out)
{
    uint8_t *private_bytes = NULL;
    tj_declared declared = {0};
    const tj_load_options options = {.declared = &declared}; /* no doubles: it is Metal's */
    tj_unit *unit = NULL;
    tj_status status = check_hash(lib, function, bytes, diags);
    if (!status)
        status = read_private(lib, function, diags, &private_bytes, &declared);
    if (!status)
        status =
            tj_metallib_sources(lib, (size_t)(function - lib->table), diags, &declared.sources);
    if (!status)
        status = tj_load_with(bytes, function->byte_len, lib->file, &options, diags, &unit);
    if (status && !diags->first.loc.kernel)
        diags->first.loc.kernel = tj_arena_strdup(diags->arena, function->name);
    tj_sources_release(declared.sources);
    free(private_bytes);
    if (!status)
        status = check_unit(lib, function, unit, diags);
    if (status)
        tj_unit_destroy(unit);
    else
        *out = unit;
    return status;
}

tj_status tj_metallib_load(const tj_metallib *lib, size_t index, tj_diags *diags, tj_unit **out)
{
    const tj_function *function = &lib->table[index];
    tj_status status = check_function(lib, function, diags);
    if (status)
        return status;
    if (lib->bytes.fd < 0)
        return load_module(lib, function, lib->bytes.memory + function->byte_start, diags, out);
    uint8_t *bytes = take_bytes(diags, lib->file, function->byte_len);
    if (!bytes)
        return TJ_E_MEMORY;
    status = read_range(lib, diags, function->byte_start, function->byte_len, bytes);
    if (!status)
        status = load_module(lib, function, bytes, diags, out);
    free(bytes);
    return status;
}

/* ---- for digests --------------------------------------------------------------------- */

const char *tj_metallib_file(const tj_metallib *lib)
{
    return lib->file;
}

static tj_status visit_module(const tj_metallib *lib, const tj_function *function,
                              tj_visit_bytes *visit, void *user, tj_diags *diags)
{
    if (lib->bytes.fd < 0) {
        visit(user, lib->bytes.memory + function->byte_start, function->byte_len);
        return TJ_OK;
    }
    uint8_t *bytes = take_bytes(diags, lib->file, function->byte_len);
    if (!bytes)
        return TJ_E_MEMORY;
    tj_status status = read_range(lib, diags, function->byte_start, function->byte_len, bytes);
    if (!status)
        visit(user, bytes, function->byte_len);
    free(bytes);
    return status;
}

tj_status tj_metallib_visit(const tj_metallib *lib, size_t index, tj_visit_bytes *visit,
                            void *user, tj_diags *diags)
{
    const tj_function *function = &lib->table[index];
    const uint32_t version[] = {function->air_major, function->air_minor};
    uint8_t *private_bytes = NULL;
    tj_declared declared = {0};
    tj_status status = check_function(lib, function, diags);
    if (status)
        return status;
    visit(user, function->name, strlen(function->name));
    visit(user, version, sizeof version);
    visit(user, function->hash, function->hash ? TJ_SHA256_BYTES : 0);
    status = read_private(lib, function, diags, &private_bytes, &declared);
    if (!status) {
        visit(user, declared.file, declared.file ? strlen(declared.file) : 0);
        visit(user, &declared.line, sizeof declared.line);
        status = visit_module(lib, function, visit, user, diags);
    }
    free(private_bytes);
    return status;
}
