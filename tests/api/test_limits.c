/* SPDX-License-Identifier: MIT */
/* A process that may not have more memory: no threads, no queues, no buffers, and what is there
 * goes on. In a child, so that the limit ends with it. */
#include "api_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW_MEMORY 1
#endif
#endif

/* `room` bytes more than now. */
static bool limit_memory(size_t room)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (!file || fscanf(file, "%lu", &pages) != 1)
        return false;
    fclose(file);
    struct rlimit limit = {pages * (size_t)sysconf(_SC_PAGESIZE) + room, RLIM_INFINITY};
    return !setrlimit(RLIMIT_AS, &limit);
}

/* Numbers the first step that goes wrong; 0: none. */
static int live_with_little(tmjit_context *ctx, tmjit_pipeline *pipeline)
{
    tmjit_context_options many = {.struct_size = sizeof many, .threads = 200};
    tmjit_context *other = NULL;
    tmjit_queue *queues[30], *first = NULL;
    tmjit_buffer *large = NULL, *buffers[4] = {NULL};
    unsigned count = 0;

    if (!limit_memory(UINT64_C(100) << 20))
        return 1;
    if (tmjit_context_create(&many, &other) != TMJIT_E_MEMORY || other)
        return 2;
    if (tmjit_buffer_create(ctx, UINT64_C(1) << 30, NULL, &large) != TMJIT_E_MEMORY ||
        !strstr(tmjit_last_error(ctx)->message, "1073741824 bytes"))
        return 3;
    while (count < 30 && !tmjit_queue_create(ctx, NULL, &queues[count]))
        count++;
    if (count == 0 || count == 30 || tmjit_last_error(ctx)->status != TMJIT_E_MEMORY)
        return 4; /* stacks of 16 MiB */
    first = queues[0];
    for (unsigned i = 0; i < 3; i++)
        if (tmjit_buffer_create(ctx, 4000, NULL, &buffers[i]))
            return 5;
    tmjit_launch launch = {.struct_size = sizeof launch,
                           .grid = {1000, 1, 1},
                           .buffers = buffers,
                           .binding_count = 4};
    if (tmjit_queue_launch(first, pipeline, &launch, NULL) || tmjit_queue_wait(first, -1))
        return 6;
    for (unsigned i = 0; i < count; i++)
        tmjit_queue_destroy(queues[i]);
    tmjit_context_destroy(ctx);
    return 0;
}

static void test_process_without_memory(void **state)
{
    int end = -1;
    (void)state;

#ifdef HAS_SHADOW_MEMORY
    print_message("SKIPPED: an address space limit and a sanitizer's shadow memory\n");
    skip();
#endif
    pid_t child = fork();
    if (!child) {
        tmjit_context *ctx = new_context();
        tmjit_pipeline *pipeline = compile(ctx, load_kernel(ctx, add_kernel, "add"),
                                           TMJIT_ENGINE_SIMD, (tmjit_extent){100, 1, 1});
        _exit(live_with_little(ctx, pipeline));
    }
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_true(WIFEXITED(end));
    assert_int_equal(WEXITSTATUS(end), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
