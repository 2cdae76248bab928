/* SPDX-License-Identifier: MIT */
/* A loaded module and the public description of its kernels. */
#include "objects.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    };
}

static void describe_kernels(tmjit_library *library)
{
    const tj_unit *unit = library->unit;

    library->kernel_count = unit->kernel_count;
    library->kernels = tj_new_array(library->arena, tmjit_kernel, unit->kernel_count);
    for (unsigned k = 0; k < unit->kernel_count; k++) {
        tmjit_kernel *kernel = &library->kernels[k];
        kernel->library = library;
        kernel->kernel = &unit->kernels[k];
        kernel->args = tj_new_array(library->arena, tmjit_arg, kernel->kernel->arg_count);
        for (unsigned a = 0; a < kernel->kernel->arg_count; a++)
            kernel->args[a] = describe_arg(library->arena, &kernel->kernel->args[a]);
    }
}

tmjit_status tj_library_load_memory(tmjit_context *ctx, const void *bytes, size_t byte_len,
                                    const char *name, tmjit_library **out)
{
    tmjit_library *library = calloc(1, sizeof *library);
    tj_diags diags = {0};

    if (!library)
        return tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for a library");
    library->arena = tj_arena_create();
    diags.arena = library->arena;
    if (tj_load(bytes, byte_len, name, &diags, &library->unit)) {
        tmjit_status status = tj_publish(ctx, &diags.first);
        tj_arena_destroy(library->arena);
        free(library);
        return status;
    }
    library->ctx = ctx;
    pthread_mutex_init(&library->lock, NULL);
    describe_kernels(library);
    tj_context_add_library(ctx, library);
    *out = library;
    return TMJIT_OK;
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

tmjit_status tj_library_load_file(tmjit_context *ctx, const char *path, tmjit_library **out)
{
    FILE *stream = fopen(path, "rb");
    tmjit_status status;
    size_t byte_len = 0;

    if (!stream)
        return tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot open '%s': %s", path,
                         strerror(errno));
    char *bytes = read_all(stream, &byte_len);
    if (!bytes)
        status = tj_refuse(ctx, TMJIT_E_MEMORY, "no memory for '%s'", path);
    else if (ferror(stream))
        status = tj_refuse(ctx, TMJIT_E_NOT_FOUND, "cannot read '%s': %s", path,
                           strerror(errno));
    else
        status = tj_library_load_memory(ctx, bytes, byte_len, path, out);
    free(bytes);
    fclose(stream);
    return status;
}

void tj_library_free(tmjit_library *library)
{
    tj_unit_destroy(library->unit);
    tj_arena_destroy(library->arena);
    pthread_mutex_destroy(&library->lock);
    free(library);
}
