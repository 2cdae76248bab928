/* SPDX-License-Identifier: MIT */
/* One module of a library: its unit, and the public description of its kernels. With a cache
 * the description of a module that was loaded before comes from there; its unit is then loaded
 * when something wants to compile. */
#include "objects.h"

#include "entry.h"

#include <stdlib.h>
#include <string.h>

/* The public enums repeat the inner ones. */
_Static_assert((int)TMJIT_SCALAR_F64 == (int)TJ_SCALAR_F64, "scalar types differ");
_Static_assert((int)TMJIT_SCALAR_F16 == (int)TJ_SCALAR_F16, "scalar types differ");
_Static_assert((int)TMJIT_ARG_BUILTIN == (int)TJ_ARG_SYSVAL, "argument kinds differ");
_Static_assert((int)TMJIT_ARG_THREADGROUP == (int)TJ_ARG_THREADGROUP, "argument kinds differ");

static tmjit_arg describe_arg(tj_arena *arena, const tj_arg *arg);

static const tmjit_field *describe_fields(tj_arena *arena, const tj_arg *arg)
{
    tmjit_field *fields = tj_new_array(arena, tmjit_field, arg->field_count);

    for (unsigned i = 0; i < arg->field_count; i++) {
        const tj_field *field = &arg->fields[i];
        fields[i] = (tmjit_field){
            .name = field->name,
            .type_name = field->type_name,
            .byte_offset = field->byte_offset,
            .byte_len = field->byte_len,
            .array_len = field->array_len,
        };
        if (field->buffer) {
            tmjit_arg *buffer = tj_new(arena, tmjit_arg);

            *buffer = describe_arg(arena, field->buffer);
            fields[i].buffer = buffer;
        }
    }
    return fields;
}

static tmjit_arg describe_arg(tj_arena *arena, const tj_arg *arg)
{
    bool is_memory = arg->kind != TJ_ARG_SYSVAL;

    return (tmjit_arg){
        .kind = (tmjit_arg_kind)arg->kind,
        .name = arg->name,
        .type_name = arg->type_name ? arg->type_name : "",
        .address_space = is_memory ? arg->address_space : 0,
        .location = arg->location,
        .is_read = is_memory && arg->access & TJ_ACCESS_READ,
        .is_written = is_memory && arg->access & TJ_ACCESS_WRITE,
        .is_unused = arg->is_unused,
        .scalar = (tmjit_scalar)arg->scalar,
        .components = is_memory ? arg->components : arg->sysval_components,
        .elem_byte_len = arg->elem_byte_len,
        .fixed_byte_len = arg->fixed_byte_len,
        .fields = arg->field_count ? describe_fields(arena, arg) : NULL,
        .field_count = arg->field_count,
        .builtin = is_memory ? NULL : tj_sysval_infos[arg->sysval].name,
        .is_optional = arg->predicate != NULL,
    };
}

static tmjit_constant_info *describe_constants(const tj_module *module, const tj_kernel *kernel)
{
    tmjit_constant_info *infos =
        tj_new_array(module->arena, tmjit_constant_info, kernel->constant_count);

    for (unsigned i = 0; i < kernel->constant_count; i++) {
        const tj_constant *constant = &module->constants[kernel->constants[i]];
        infos[i] = (tmjit_constant_info){
            .name = constant->name,
            .type_name = constant->type_name,
            .index = constant->index,
            .scalar = (tmjit_scalar)constant->scalar,
            .components = constant->components,
            .is_required = constant->is_required,
        };
    }
    return infos;
}

static void describe_kernels(tmjit_library *library, tj_module *module)
{
    module->kernels = tj_new_array(module->arena, tmjit_kernel, module->kernel_count);
    for (size_t k = 0; k < module->kernel_count; k++) {
        tmjit_kernel *kernel = &module->kernels[k];
        kernel->library = library;
        kernel->module = module;
        kernel->kernel = &module->inner[k];
        kernel->args = tj_new_array(module->arena, tmjit_arg, kernel->kernel->arg_count);
        for (unsigned a = 0; a < kernel->kernel->arg_count; a++)
            kernel->args[a] = describe_arg(module->arena, &kernel->kernel->args[a]);
        kernel->constants = describe_constants(module, kernel->kernel);
    }
}

const tmjit_kernel *tj_module_find(const tj_module *module, const char *name)
{
    for (size_t k = 0; k < module->kernel_count; k++)
        if (!strcmp(module->inner[k].name, name))
            return &module->kernels[k];
    return NULL;
}

/* ---- life ---------------------------------------------------------------------------- */

static tj_module *create_module(tmjit_library *library, const char *file)
{
    tj_arena *arena = tj_arena_create();
    tj_module *module = tj_new(arena, tj_module);

    module->arena = arena;
    module->library = library;
    module->file = tj_arena_strdup(arena, file);
    pthread_mutex_init(&module->lock, NULL);
    return module;
}

void tj_module_destroy(tj_module *module)
{
    if (!module)
        return;
    tj_unit_destroy(module->unit);
    free(module->bytes);
    pthread_mutex_destroy(&module->lock);
    tj_arena_destroy(module->arena);
}

/* ---- the cache ----------------------------------------------------------------------- */

static tj_digest key_of(const tj_module *module)
{
    tj_hasher hasher;

    tj_hash_start(&hasher);
    tj_hash_text(&hasher, "library");
    tj_hash_digest(&hasher, &module->library->ctx->identity);
    tj_hash_digest(&hasher, &module->digest);
    return tj_hash_end(&hasher);
}

static bool describe_from_cache(tj_module *module)
{
    tj_cache *cache = module->library->ctx->cache;
    tj_digest key = key_of(module);
    tj_library_entry entry;
    size_t byte_len;
    uint8_t *bytes = tj_cache_get(cache, TJ_ENTRY_LIBRARY, &key, &byte_len);

    if (!bytes)
        return false;
    const char *why = tj_decode_library(bytes, byte_len, module->arena, &entry);
    free(bytes);
    if (why) {
        tj_cache_reject(cache, TJ_ENTRY_LIBRARY, &key, why);
        return false;
    }
    module->inner = entry.kernels;
    module->kernel_count = entry.kernel_count;
    module->constants = entry.constants;
    module->constant_count = entry.constant_count;
    module->air_major = entry.air_major;
    module->air_minor = entry.air_minor;
    describe_kernels(module->library, module);
    return true;
}

static void keep_description(const tj_module *module)
{
    tj_cache *cache = module->library->ctx->cache;
    tj_library_entry entry = {
        .kernels = module->inner,
        .kernel_count = (unsigned)module->kernel_count,
        .constants = module->constants,
        .constant_count = module->constant_count,
        .air_major = module->air_major,
        .air_minor = module->air_minor,
    };

    if (!cache)
        return;
    tj_digest key = key_of(module);
    tj_text bytes = tj_encode_library(&entry);
    tj_cache_put(cache, TJ_ENTRY_LIBRARY, &key, bytes.data, bytes.byte_len);
    tj_text_fini(&bytes);
}

/* ---- loading ------------------------------------------------------------------------- */

static void take_unit(tj_module *module, tj_unit *unit)
{
    module->unit = unit;
    module->inner = unit->kernels;
    module->kernel_count = unit->kernel_count;
    module->constants = unit->constants;
    module->constant_count = unit->constant_count;
    module->air_major = unit->air_major;
    module->air_minor = unit->air_minor;
    describe_kernels(module->library, module);
    keep_description(module);
}

static tj_status finish(tj_module *module, tj_status status, tj_unit *unit, tj_module **out)
{
    if (status) {
        tj_module_destroy(module);
        return status;
    }
    take_unit(module, unit);
    *out = module;
    return TJ_OK;
}

static bool keep_bytes(tj_module *module, const tj_bytes *bytes)
{
    module->bytes = malloc(bytes->byte_len + 1);
    if (!module->bytes)
        return false;
    memcpy(module->bytes, bytes->memory, bytes->byte_len);
    module->byte_len = bytes->byte_len;
    return true;
}

tj_status tj_module_load(tmjit_library *library, const tj_bytes *bytes, const char *name,
                         tj_diags *diags, tj_module **out)
{
    tj_module *module = create_module(library, name);
    tj_unit *unit = NULL;

    if (library->ctx->cache) {
        tj_hasher hasher;
        tj_hash_start(&hasher);
        tj_hash_text(&hasher, name); /* stands in places */
        tj_hash_number(&hasher, library->ctx->allows_fp64);
        tj_hash_bytes(&hasher, bytes->memory, bytes->byte_len);
        module->digest = tj_hash_end(&hasher);
        if (describe_from_cache(module)) {
            *out = module;
            if (keep_bytes(module, bytes))
                return TJ_OK;
            tj_module_destroy(module);
            return tj_fail_at(diags, TJ_E_MEMORY, NULL, "no memory for '%s'", name);
        }
    }
    const tj_load_options options = {.allows_fp64 = library->ctx->allows_fp64};
    tj_status status =
        tj_load_with(bytes->memory, bytes->byte_len, name, &options, diags, &unit);
    return finish(module, status, unit, out);
}

static void hash_range(void *user, const void *bytes, size_t byte_len)
{
    tj_hash_bytes(user, bytes, byte_len);
}

tj_status tj_module_load_function(tmjit_library *library, size_t function, tj_diags *diags,
                                  tj_module **out)
{
    const tj_metallib *metallib = library->metallib;
    tj_module *module = create_module(library, tj_metallib_file(metallib));
    tj_unit *unit = NULL;
    tj_status status = TJ_OK;

    module->function = function;
    if (library->ctx->cache) {
        tj_hasher hasher;
        tj_hash_start(&hasher);
        tj_hash_text(&hasher, module->file);
        status = tj_metallib_visit(metallib, function, hash_range, &hasher, diags);
        module->digest = tj_hash_end(&hasher);
        if (!status && describe_from_cache(module)) {
            *out = module;
            return TJ_OK;
        }
    }
    if (!status)
        status = tj_metallib_load(metallib, function, diags, &unit);
    return finish(module, status, unit, out);
}

tj_status tj_module_unit(tj_module *module, tj_diags *diags, tj_unit **out)
{
    const tj_metallib *metallib = module->library->metallib;
    const tj_load_options options = {.allows_fp64 = module->library->ctx->allows_fp64};
    tj_status status = TJ_OK;

    if (!module->unit && metallib)
        status = tj_metallib_load(metallib, module->function, diags, &module->unit);
    else if (!module->unit)
        status = tj_load_with(module->bytes, module->byte_len, module->file, &options, diags,
                              &module->unit);
    if (!status)
        *out = module->unit;
    return status;
}
