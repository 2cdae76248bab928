/* SPDX-License-Identifier: MIT */
/* Loaded modules, containers of modules, and the public description of their kernels. */
#include "objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The public enums repeat the inner ones. */
_Static_assert((int)TMJIT_SCALAR_F64 == (int)TJ_SCALAR_F64, "scalar types differ");
_Static_assert((int)TMJIT_SCALAR_F16 == (int)TJ_SCALAR_F16, "scalar types differ");
_Static_assert((int)TMJIT_ARG_BUILTIN == (int)TJ_ARG_SYSVAL, "argument kinds differ");
_Static_assert((int)TMJIT_ARG_THREADGROUP == (int)TJ_ARG_THREADGROUP, "argument kinds differ");

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

static tmjit_constant_info *describe_constants(tj_arena *arena, const tj_unit *unit,
                                               const tj_kernel *kernel)
{
    tmjit_constant_info *infos =
        tj_new_array(arena, tmjit_constant_info, kernel->constant_count);

    for (unsigned i = 0; i < kernel->constant_count; i++) {
        const tj_constant *constant = &unit->constants[kernel->constants[i]];
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

/* ---- one module ----------------------------------------------------------------------- */

/* Takes the unit over. */
static tj_module *create_module(tmjit_library *library, tj_unit *unit)
{
    tj_arena *arena = tj_arena_create();
    tj_module *module = tj_new(arena, tj_module);

    module->arena = arena;
    module->unit = unit;
    module->kernel_count = unit->kernel_count;
    module->kernels = tj_new_array(arena, tmjit_kernel, unit->kernel_count);
    pthread_mutex_init(&module->lock, NULL);
    for (unsigned k = 0; k < unit->kernel_count; k++) {
        tmjit_kernel *kernel = &module->kernels[k];
        kernel->library = library;
        kernel->module = module;
        kernel->kernel = &unit->kernels[k];
        kernel->args = tj_new_array(arena, tmjit_arg, kernel->kernel->arg_count);
        for (unsigned a = 0; a < kernel->kernel->arg_count; a++)
            kernel->args[a] = describe_arg(arena, &kernel->kernel->args[a]);
        kernel->constants = describe_constants(arena, unit, kernel->kernel);
    }
    return module;
}

static void destroy_module(tj_module *module)
{
    if (!module)
        return;
    tj_unit_destroy(module->unit);
    pthread_mutex_destroy(&module->lock);
    tj_arena_destroy(module->arena);
}

static const tmjit_kernel *find_in_module(const tj_module *module, const char *name)
{
    const tj_kernel *found = tj_find_kernel(module->unit, name);

    return found ? &module->kernels[found - module->unit->kernels] : NULL;
}

/* ---- a container ---------------------------------------------------------------------- */

static tmjit_status create_container(tmjit_library *library, tj_metallib *metallib)
{
    size_t count = tj_metallib_function_count(metallib);

    library->metallib = metallib;
    library->modules = calloc(count + 1, sizeof *library->modules);
    library->functions = calloc(count + 1, sizeof *library->functions);
    if (!library->modules || !library->functions)
        return tj_refuse(library->ctx, TMJIT_E_MEMORY, "no memory for %zu functions", count);
    for (size_t i = 0; i < count; i++)
        if (tj_metallib_function(metallib, i)->is_kernel)
            library->functions[library->kernel_count++] = (uint32_t)i;
    return TMJIT_OK;
}

/* Keeps the module unless another thread was faster; the one that is kept. */
static tj_module *keep_module(tmjit_library *library, size_t function, tj_module *module)
{
    pthread_mutex_lock(&library->lock);
    tj_module *kept = library->modules[function];
    if (!kept)
        kept = library->modules[function] = module;
    pthread_mutex_unlock(&library->lock);
    if (kept != module)
        destroy_module(module);
    return kept;
}

static tmjit_status load_function(tmjit_library *library, size_t function,
                                  const tmjit_kernel **out)
{
    tj_diags diags = {0};
    tj_unit *unit = NULL;
    tmjit_status status = TMJIT_OK;

    pthread_mutex_lock(&library->lock);
    tj_module *module = library->modules[function];
    pthread_mutex_unlock(&library->lock);
    if (!module) {
        diags.arena = tj_arena_create();
        if (tj_metallib_load(library->metallib, function, &diags, &unit))
            status = tj_publish(library->ctx, &diags.first);
        else
            module = keep_module(library, function, create_module(library, unit));
        tj_arena_destroy(diags.arena);
    }
    if (!status)
        *out = find_in_module(module, tj_metallib_function(library->metallib, function)->name);
    return status;
}

/* ---- kernels and functions ------------------------------------------------------------ */

static tmjit_status find(tmjit_library *library, const char *name, const tmjit_kernel **out)
{
    *out = NULL;
    if (library->plain) {
        *out = find_in_module(library->plain, name);
        return TMJIT_OK;
    }
    size_t function = tj_metallib_find(library->metallib, name);
    if (function == tj_metallib_function_count(library->metallib))
        return TMJIT_OK;
    return load_function(library, function, out);
}

tmjit_status tj_library_load_kernel(tmjit_library *library, const char *name,
                                    const tmjit_kernel **out)
{
    const tmjit_kernel *kernel = NULL;
    tmjit_status status = find(library, name, &kernel);

    if (!status && !kernel)
        return tj_refuse(library->ctx, TMJIT_E_NOT_FOUND, "no kernel '%s'", name);
    if (!status)
        *out = kernel;
    return status;
}

const tmjit_kernel *tj_library_find_kernel(tmjit_library *library, const char *name)
{
    const tmjit_kernel *kernel = NULL;

    return find(library, name, &kernel) ? NULL : kernel;
}

const tmjit_kernel *tj_library_kernel(tmjit_library *library, size_t index)
{
    const tmjit_kernel *kernel = NULL;

    if (index >= library->kernel_count)
        return NULL;
    if (library->plain)
        return &library->plain->kernels[index];
    return load_function(library, library->functions[index], &kernel) ? NULL : kernel;
}

size_t tj_library_function_count(const tmjit_library *library)
{
    return library->plain ? library->plain->kernel_count
                          : tj_metallib_function_count(library->metallib);
}

tmjit_function tj_library_function(const tmjit_library *library, size_t index)
{
    if (library->plain)
        return (tmjit_function){
            .name = library->plain->kernels[index].kernel->name,
            .kind = "kernel",
            .is_kernel = true,
            .air_major = library->plain->unit->air_major,
            .air_minor = library->plain->unit->air_minor,
        };
    const tj_function *function = tj_metallib_function(library->metallib, index);
    return (tmjit_function){
        .name = function->name,
        .kind = function->kind,
        .is_kernel = function->is_kernel,
        .has_hash = function->hash != NULL,
        .air_major = function->air_major,
        .air_minor = function->air_minor,
        .language_major = function->language_major,
        .language_minor = function->language_minor,
        .byte_len = function->byte_len,
    };
}

/* ---- loading -------------------------------------------------------------------------- */

static tmjit_status load_plain(tmjit_library *library, const tj_bytes *bytes, const char *name)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_unit *unit = NULL;
    tmjit_status status = TMJIT_OK;

    if (tj_load(bytes->memory, bytes->byte_len, name, &diags, &unit)) {
        status = tj_publish(library->ctx, &diags.first);
    } else {
        library->plain = create_module(library, unit);
        library->kernel_count = unit->kernel_count;
    }
    tj_arena_destroy(diags.arena);
    return status;
}

/* A container takes `bytes` over when this succeeds. */
static tmjit_status open_container(tmjit_library *library, const tj_bytes *bytes,
                                   const char *name)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_metallib *metallib = NULL;
    tmjit_status status;

    if (tj_metallib_open(bytes, name, &diags, &metallib))
        status = tj_publish(library->ctx, &diags.first);
    else
        status = create_container(library, metallib);
    tj_arena_destroy(diags.arena);
    return status;
}

typedef tmjit_status load_fn(tmjit_library *library, const tj_bytes *bytes, const char *name);

static tmjit_status create_library(tmjit_context *ctx, load_fn *load, const tj_bytes *bytes,
                                   const char *name, tmjit_library **out)
{
    tmjit_library *library = calloc(1, sizeof *library);

    if (!library)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a library");
    library->ctx = ctx;
    pthread_mutex_init(&library->lock, NULL);
    tmjit_status status = load(library, bytes, name);
    if (status) {
        tj_library_free(library);
        return status;
    }
    tj_context_add(ctx, TJ_LIST_LIBRARIES, &library->node);
    *out = library;
    return TMJIT_OK;
}

/* The container outlives the caller's bytes. */
static tmjit_status copy_container(tmjit_library *library, const tj_bytes *bytes,
                                   const char *name)
{
    uint8_t *copy = malloc(bytes->byte_len);
    tj_bytes own = {.memory = copy, .fd = -1, .byte_len = bytes->byte_len};

    if (!copy)
        return tj_refuse(library->ctx, TMJIT_E_MEMORY, "no memory for '%s'", name);
    memcpy(copy, bytes->memory, bytes->byte_len);
    tmjit_status status = open_container(library, &own, name);
    if (!library->metallib)
        free(copy);
    return status;
}

tmjit_status tj_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                    const char *name, tmjit_library **out)
{
    tj_bytes given = {.memory = bytes, .fd = -1, .byte_len = byte_len};

    return create_library(ctx, tj_is_metallib(bytes, byte_len) ? copy_container : load_plain,
                          &given, name, out);
}

/* The whole of a stream, so that pipes work too; NULL without memory. errno tells about
 * reading. */
static char *read_all(FILE *stream, size_t *byte_len)
{
    size_t byte_cap = 1 << 16, used = 0;
    char *bytes = malloc(byte_cap);

    while (bytes) {
        used += fread(bytes + used, 1, byte_cap - used, stream);
        if (used < byte_cap)
            break;
        char *larger = realloc(bytes, byte_cap * 2);
        if (!larger) {
            free(bytes);
            return NULL;
        }
        bytes = larger;
        byte_cap *= 2;
    }
    *byte_len = used;
    return bytes;
}

static tmjit_status load_stream(tmjit_context *ctx, FILE *stream, const char *path,
                                tmjit_library **out)
{
    tmjit_status status;
    size_t byte_len = 0;
    char *bytes = read_all(stream, &byte_len);

    if (!bytes)
        status = tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for '%s'", path);
    else if (ferror(stream))
        status =
            tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot read '%s': %s", path, strerror(errno));
    else
        status = tj_library_load_memory(ctx, bytes, byte_len, path, out);
    free(bytes);
    return status;
}

/* A container in a regular file stays there; anything else is read as a whole. */
static bool is_container_file(int fd, tj_bytes *out)
{
    struct stat info;
    char magic[4];

    if (fstat(fd, &info) || !S_ISREG(info.st_mode) || pread(fd, magic, 4, 0) != 4 ||
        !tj_is_metallib(magic, 4))
        return false;
    *out = (tj_bytes){.fd = fd, .byte_len = (uint64_t)info.st_size};
    return true;
}

/* The container outlives the caller's stream. */
static tmjit_status open_copy(tmjit_library *library, const tj_bytes *bytes, const char *name)
{
    tj_bytes own = {.fd = fcntl(bytes->fd, F_DUPFD_CLOEXEC, 0), .byte_len = bytes->byte_len};

    if (own.fd < 0)
        return tj_refuse(library->ctx, TMJIT_E_NOT_FOUND, "cannot keep '%s' open: %s", name,
                         strerror(errno));
    tmjit_status status = open_container(library, &own, name);
    if (!library->metallib)
        close(own.fd);
    return status;
}

tmjit_status tj_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out)
{
    FILE *stream = fopen(path, "rbe");
    tj_bytes bytes;
    tmjit_status status;

    if (!stream)
        return tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot open '%s': %s", path, strerror(errno));
    if (is_container_file(fileno(stream), &bytes)) {
        status = create_library(ctx, open_copy, &bytes, path, out);
    } else {
        status = load_stream(ctx, stream, path, out);
    }
    fclose(stream);
    return status;
}

void tj_library_free(tmjit_library *library)
{
    size_t count = library->metallib ? tj_metallib_function_count(library->metallib) : 0;

    for (size_t i = 0; i < count && library->modules; i++)
        destroy_module(library->modules[i]);
    destroy_module(library->plain);
    tj_metallib_close(library->metallib);
    free(library->modules);
    free(library->functions);
    pthread_mutex_destroy(&library->lock);
    free(library);
}
