/* SPDX-License-Identifier: MIT */
/* The fields of entries, each named once for writing and reading. */
#include "entry.h"

#include "codec.h"

#include <string.h>

/* A new field must be coded below, or be one that a cached library can do without. */
_Static_assert(sizeof(tj_field) == 40, "code_field: a field of tj_field is not coded");
_Static_assert(sizeof(tj_constant) == 40, "code_constant: a field of tj_constant is not coded");
_Static_assert(sizeof(tj_region) == 16, "code_region: a field of tj_region is not coded");
_Static_assert(sizeof(tj_arg) == 112, "code_arg: a field of tj_arg is not coded");
_Static_assert(sizeof(tj_kernel) == 80, "code_kernel: a field of tj_kernel is not coded");
_Static_assert(sizeof(tj_site) == 64, "code_site: a field of tj_site but source is not coded");

enum { LARGEST_SIZE = 1 << 30 }; /* bytes of memory that an entry may ask for */

/* ---- library ------------------------------------------------------------------------- */

static void code_arg(tj_codec *codec, tj_arg *arg, unsigned level);

/* What a pointer of an argument buffer points to. */
static void code_buffer(tj_codec *codec, tj_field *field, unsigned level)
{
    tj_arg *buffer = (tj_arg *)field->buffer; /* written to only when reading */
    bool is_pointer = buffer != NULL;

    tj_code_bool(codec, &is_pointer);
    codec->is_broken = codec->is_broken || (is_pointer && level == TJ_MAX_MEMBER_LEVELS);
    if (!is_pointer || codec->is_broken)
        return;
    if (codec->is_reading)
        field->buffer = buffer = tj_new(codec->arena, tj_arg);
    code_arg(codec, buffer, level + 1);
}

static void code_field(tj_codec *codec, tj_field *field, unsigned level)
{
    tj_code_text(codec, &field->name);
    tj_code_text(codec, &field->type_name);
    tj_code_u32(codec, &field->byte_offset);
    tj_code_u32(codec, &field->byte_len);
    tj_code_u32(codec, &field->array_len);
    code_buffer(codec, field, level);
}

static void code_fields(tj_codec *codec, tj_arg *arg, unsigned level)
{
    tj_field *fields = (tj_field *)arg->fields; /* written to only when reading */

    tj_code_count(codec, &arg->field_count, 20);
    if (codec->is_reading)
        arg->fields = fields =
            arg->field_count ? tj_new_array(codec->arena, tj_field, arg->field_count) : NULL;
    for (unsigned i = 0; i < arg->field_count; i++)
        code_field(codec, &fields[i], level);
}

static void code_arg(tj_codec *codec, tj_arg *arg, unsigned level)
{
    TJ_CODE_ENUM(codec, arg->kind, TJ_ARG_SYSVAL + 1);
    tj_code_text(codec, &arg->name);
    tj_code_text(codec, &arg->type_name);
    tj_code_bool(codec, &arg->is_unused);
    tj_code_text(codec, &arg->predicate);
    tj_code_bool(codec, &arg->is_absent);
    tj_code_u32(codec, &arg->address_space);
    tj_code_u32(codec, &arg->location);
    TJ_CODE_ENUM(codec, arg->access, TJ_ACCESS_READ_WRITE + 1);
    TJ_CODE_ENUM(codec, arg->scalar, TJ_SCALAR_F64 + 1);
    tj_code_u32(codec, &arg->components);
    tj_code_u64(codec, &arg->elem_byte_len);
    tj_code_u64(codec, &arg->elem_align);
    tj_code_u64(codec, &arg->fixed_byte_len);
    code_fields(codec, arg, level);
    TJ_CODE_ENUM(codec, arg->sysval, TJ_SYSVAL_COUNT);
    tj_code_u32(codec, &arg->sysval_components);
    tj_code_u32(codec, &arg->sysval_bits);
    codec->is_broken = codec->is_broken || !arg->name;
}

/* Numbers below `constant_count`. */
static void code_uses(tj_codec *codec, tj_kernel *kernel, unsigned constant_count)
{
    tj_code_count(codec, &kernel->constant_count, 4);
    if (codec->is_reading)
        kernel->constants = tj_new_array(codec->arena, unsigned, kernel->constant_count);
    for (unsigned i = 0; i < kernel->constant_count; i++)
        tj_code_below(codec, &kernel->constants[i], constant_count);
}

static void code_kernel(tj_codec *codec, tj_kernel *kernel, unsigned constant_count)
{
    tj_code_text(codec, &kernel->name);
    tj_code_count(codec, &kernel->arg_count, 64);
    tj_code_below(codec, &kernel->hidden_count, kernel->arg_count + 1);
    tj_code_below(codec, &kernel->max_threads, TJ_MAX_THREADS + 1);
    for (int i = 0; i < 3; i++)
        tj_code_below(codec, &kernel->threadgroup[i], TJ_MAX_THREADS + 1);
    if (codec->is_reading)
        kernel->args = tj_new_array(codec->arena, tj_arg, kernel->arg_count);
    for (unsigned i = 0; i < kernel->arg_count; i++)
        code_arg(codec, &kernel->args[i], 0);
    if (codec->is_reading)
        tj_list_nested(codec->arena, kernel);
    code_uses(codec, kernel, constant_count);
    codec->is_broken = codec->is_broken || !kernel->name || !kernel->max_threads;
}

static void code_constant(tj_codec *codec, tj_constant *constant)
{
    tj_code_text(codec, &constant->name);
    tj_code_text(codec, &constant->type_name);
    tj_code_u32(codec, &constant->index);
    tj_code_bool(codec, &constant->is_required);
    TJ_CODE_ENUM(codec, constant->scalar, TJ_SCALAR_F64 + 1);
    tj_code_u32(codec, &constant->components);
}

static void code_constants(tj_codec *codec, tj_library_entry *entry)
{
    tj_constant *constants = (tj_constant *)entry->constants; /* written to when reading */

    tj_code_count(codec, &entry->constant_count, 24);
    if (codec->is_reading)
        entry->constants = constants =
            tj_new_array(codec->arena, tj_constant, entry->constant_count);
    for (unsigned i = 0; i < entry->constant_count; i++)
        code_constant(codec, &constants[i]);
}

static void code_library(tj_codec *codec, tj_library_entry *entry)
{
    tj_kernel *kernels = (tj_kernel *)entry->kernels; /* written to only when reading */

    tj_code_u32(codec, &entry->air_major);
    tj_code_u32(codec, &entry->air_minor);
    code_constants(codec, entry);
    tj_code_count(codec, &entry->kernel_count, 16);
    if (codec->is_reading)
        entry->kernels = kernels = tj_new_array(codec->arena, tj_kernel, entry->kernel_count);
    for (unsigned i = 0; i < entry->kernel_count; i++)
        code_kernel(codec, &kernels[i], entry->constant_count);
}

tj_text tj_encode_library(const tj_library_entry *entry)
{
    tj_codec codec = tj_codec_writer();
    tj_library_entry copy = *entry;

    code_library(&codec, &copy);
    return codec.out;
}

const char *tj_decode_library(const uint8_t *bytes, size_t byte_len, tj_arena *arena,
                              tj_library_entry *out)
{
    tj_codec codec = tj_codec_reader(bytes, byte_len, arena);
    tj_library_entry entry = {0};

    code_library(&codec, &entry);
    if (!tj_codec_is_whole(&codec))
        return "its description of kernels is damaged";
    *out = entry;
    return NULL;
}

/* ---- code ---------------------------------------------------------------------------- */

static void code_site(tj_codec *codec, tj_site *site)
{
    tj_code_text(codec, &site->loc.file);
    tj_code_u32(codec, &site->loc.line);
    tj_code_u32(codec, &site->loc.column);
    tj_code_text(codec, &site->loc.kernel);
    tj_code_text(codec, &site->loc.block);
    tj_code_text(codec, &site->loc.inst);
    tj_code_text(codec, &site->what);
    tj_code_bool(codec, &site->is_constant);
    codec->is_broken = codec->is_broken || !site->what;
}

static void code_sites(tj_codec *codec, tj_code_entry *entry)
{
    tj_site *sites = (tj_site *)entry->sites; /* written to only when reading */

    tj_code_count(codec, &entry->site_count, 32);
    if (codec->is_reading)
        entry->sites = sites = tj_new_array(codec->arena, tj_site, entry->site_count);
    for (unsigned i = 0; i < entry->site_count; i++)
        code_site(codec, &sites[i]);
}

static void code_regions(tj_codec *codec, tj_code_entry *entry)
{
    tj_region *regions = (tj_region *)entry->regions; /* written to only when reading */

    tj_code_count(codec, &entry->region_count, 12);
    if (codec->is_reading)
        entry->regions = regions = tj_new_array(codec->arena, tj_region, entry->region_count);
    for (unsigned i = 0; i < entry->region_count; i++) {
        tj_code_text(codec, &regions[i].name);
        tj_code_bool(codec, &regions[i].is_private);
        tj_code_bool(codec, &regions[i].is_constant);
        codec->is_broken = codec->is_broken || !regions[i].name;
    }
}

static void code_code_kernel(tj_codec *codec, tj_code_entry *entry)
{
    tj_kernel *kernel = (tj_kernel *)entry->kernel; /* written to only when reading */

    if (codec->is_reading)
        entry->kernel = kernel = tj_new(codec->arena, tj_kernel);
    code_kernel(codec, kernel, UINT32_MAX); /* numbers in a list that is not here */
}

static void code_size(tj_codec *codec, uint64_t *byte_len)
{
    tj_code_u64(codec, byte_len);
    codec->is_broken = codec->is_broken || *byte_len > LARGEST_SIZE;
}

static void code_code(tj_codec *codec, tj_code_entry *entry)
{
    tj_code_bool(codec, &entry->is_ragged);
    tj_code_bool(codec, &entry->is_coroutine);
    tj_code_bool(codec, &entry->has_barriers);
    tj_code_bool(codec, &entry->flush_subnormals);
    tj_code_below(codec, &entry->lanes, TJ_SIMD_WIDTH + 1);
    code_size(codec, &entry->static_threadgroup_byte_len);
    code_size(codec, &entry->thread_private_byte_len);
    code_size(codec, &entry->worker_private_byte_len);
    code_sites(codec, entry);
    code_regions(codec, entry);
    code_code_kernel(codec, entry);
    tj_code_bytes(codec, &entry->object, &entry->object_len);
}

tj_text tj_encode_code(const tj_code_entry *entry)
{
    tj_codec codec = tj_codec_writer();
    tj_code_entry copy = *entry;

    code_code(&codec, &copy);
    return codec.out;
}

static bool is_lane_count(unsigned lanes)
{
    return lanes == 4 || lanes == 8 || lanes == 16 || lanes == 32;
}

const char *tj_decode_code(const uint8_t *bytes, size_t byte_len, tj_arena *arena,
                           tj_code_entry *out)
{
    tj_codec codec = tj_codec_reader(bytes, byte_len, arena);
    tj_code_entry entry = {0};

    code_code(&codec, &entry);
    if (!tj_codec_is_whole(&codec) || !is_lane_count(entry.lanes))
        return "its description of the code is damaged";
    *out = entry;
    return NULL;
}

/* ---- both ---------------------------------------------------------------------------- */

/* A precompiled header of clang; or a number of files, of each its name and digest, and
 * bitcode, which is read like any other (source.c). */
static const char *check_source(const uint8_t *bytes, size_t byte_len)
{
    static const char damaged[] = "its list of files is damaged";
    uint32_t count;
    size_t at = sizeof count;

    if (byte_len < at)
        return damaged;
    if (!memcmp(bytes, "CPCH", 4))
        return NULL;
    memcpy(&count, bytes, sizeof count);
    for (; count; count--) {
        const uint8_t *end = memchr(bytes + at, 0, byte_len - at);
        if (!end || (size_t)(bytes + byte_len - end) < TJ_DIGEST_BYTES + 1)
            return damaged;
        at = (size_t)(end - bytes) + 1 + TJ_DIGEST_BYTES;
    }
    bool is_bitcode = byte_len - at >= 4 && (!memcmp(bytes + at, "BC\xc0\xde", 4) ||
                                             !memcmp(bytes + at, "\xde\xc0\x17\x0b", 4));
    return is_bitcode ? NULL : "no bitcode";
}

bool tj_entry_is_whole(tj_entry_kind kind, const uint8_t *bytes, size_t byte_len)
{
    tj_arena *arena = tj_arena_create();
    tj_library_entry library;
    tj_code_entry code;
    size_t name_at;
    const char *why;

    if (kind == TJ_ENTRY_SOURCE)
        why = check_source(bytes, byte_len);
    else if (kind == TJ_ENTRY_LIBRARY)
        why = tj_decode_library(bytes, byte_len, arena, &library);
    else if (!(why = tj_decode_code(bytes, byte_len, arena, &code)))
        why = tj_check_object(code.object, code.object_len, &name_at);
    tj_arena_destroy(arena);
    return !why;
}
