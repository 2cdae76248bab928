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

/* Pages of this process's address space; 0 when they cannot be counted. */
static unsigned long page_count(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (file && fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages;
}

/* `room` bytes more than now. */
static bool limit_memory(size_t room)
{
    size_t used = page_count() * (size_t)sysconf(_SC_PAGESIZE);
    struct rlimit limit = {used + room, RLIM_INFINITY};

    return used && !setrlimit(RLIMIT_AS, &limit);
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

/* Bytes that may be run and are of no file: code of pipelines. */
static unsigned long code_byte_len(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    unsigned long first, last, inode, total = 0;
    char line[512], rights[8];

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%lx-%lx %7s %*s %*s %lu", &first, &last, rights, &inode) == 4 &&
            strchr(rights, 'x') && !inode && !strchr(line, '['))
            total += last - first;
    if (file)
        fclose(file);
    return total;
}

/* Code, compiled or from a cache, goes with its pipeline. */
static void check_code_is_freed(const char *cache_dir)
{
    tmjit_context_options options = {
        .struct_size = sizeof options, .threads = 1, .cache_dir = cache_dir};
    tmjit_extent size = {100, 1, 1};
    unsigned long before = code_byte_len();
    tmjit_context *ctx;

    assert_int_equal(tmjit_context_create(&options, &ctx), TMJIT_OK);
    const tmjit_kernel *kernel = load_kernel(ctx, add_kernel, "add");
    for (unsigned i = 0; i < 10; i++) {
        tmjit_pipeline *pipeline = compile(ctx, kernel, TMJIT_ENGINE_SIMD, size);
        assert_true(code_byte_len() > before);
        tmjit_pipeline_destroy(pipeline);
        assert_int_equal(code_byte_len(), before);
    }
    if (cache_dir) { /* that it was one */
        tmjit_cache_stats stats;
        assert_int_equal(tmjit_cache_get_stats(ctx, false, &stats), TMJIT_OK);
        assert_true(stats.hits >= 9);
        assert_int_equal(tmjit_cache_clear(ctx), TMJIT_OK);
    }
    tmjit_context_destroy(ctx);
}

static void test_code_is_freed(void **state)
{
    char folder[] = "/tmp/tmjit-limits-XXXXXX";
    (void)state;

#ifdef HAS_SHADOW_MEMORY
    print_message("SKIPPED: a sanitizer's own memory is not told apart\n");
    skip();
#endif
    check_code_is_freed(NULL);
    assert_non_null(mkdtemp(folder));
    check_code_is_freed(folder);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process_without_memory),
        cmocka_unit_test(test_code_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
