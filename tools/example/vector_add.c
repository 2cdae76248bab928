/* SPDX-License-Identifier: MIT */
/* Adds two vectors with the kernel of a file: vector_add vector_add.ll */
#include <stdio.h>
#include <tmjit.h>

enum { COUNT = 1000 };

static int fail(const tmjit_context *ctx)
{
    fputs(tmjit_last_error(ctx)->rendered, stderr);
    return 1;
}

int main(int argc, char **argv)
{
    tmjit_context *ctx;
    tmjit_library *library;
    tmjit_pipeline *pipeline;
    tmjit_queue *queue;
    tmjit_buffer *buffers[4] = {0}; /* by argument: a, b, c, and a built-in input */

    if (argc != 2 || tmjit_context_create(NULL, &ctx))
        return 2;
    if (tmjit_library_load_file(ctx, argv[1], &library) ||
        tmjit_pipeline_create(ctx, tmjit_library_kernel(library, 0), NULL, &pipeline) ||
        tmjit_queue_create(ctx, NULL, &queue))
        return fail(ctx);
    for (int i = 0; i < 3; i++)
        if (tmjit_buffer_create(ctx, COUNT * sizeof(float), NULL, &buffers[i]))
            return fail(ctx);
    float *a = tmjit_buffer_contents(buffers[0]), *b = tmjit_buffer_contents(buffers[1]);
    for (int i = 0; i < COUNT; i++) {
        a[i] = (float)i;
        b[i] = 100;
    }
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {COUNT, 1, 1},
                           .buffers = buffers,
                           .binding_count = 4};
    if (tmjit_queue_launch(queue, pipeline, &launch, NULL) || tmjit_queue_wait(queue, -1))
        return fail(ctx);
    const float *c = tmjit_buffer_contents(buffers[2]);
    printf("%g %g %g ... %g\n", c[0], c[1], c[2], c[COUNT - 1]);
    tmjit_context_destroy(ctx); /* and all that is its */
    return 0;
}
