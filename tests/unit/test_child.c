/* SPDX-License-Identifier: MIT */
/* Child processes: bytes go in and out whole, the limits hold, and what goes wrong has a name.
 */
#include "source/clang.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { LONG = 1 << 20 };

static tj_diags diags;

static int setup(void **state)
{
    (void)state;
    diags = (tj_diags){.arena = tj_arena_create()};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tj_arena_destroy(diags.arena);
    /* No child is left behind. */
    return waitpid(-1, NULL, WNOHANG) != -1;
}

/* The text of a script for the shell, which the library itself never starts. */
static tj_status run_script(const char *script, const char *input, size_t input_len,
                            tj_child_result *out)
{
    const char *const args[] = {"-c", script, NULL};
    tj_child child = {.program = "/bin/sh",
                      .args = args,
                      .input = input,
                      .input_len = input_len,
                      .file = "k.metal",
                      .time_limit_s = 20,
                      .out_limit = 2 * LONG,
                      .err_limit = 100};
    return tj_child_run(&child, &diags, out);
}

static void assert_refused(tj_status status, tj_status expected, const char *message)
{
    assert_int_equal(status, expected);
    assert_int_equal(diags.first.status, expected);
    assert_string_equal(diags.first.loc.file, "k.metal");
    if (!strstr(diags.first.message, message))
        fail_msg("'%s' does not hold '%s'", diags.first.message, message);
}

static void assert_text(const tj_text *text, const char *expected)
{
    assert_int_equal(text->byte_len, strlen(expected));
    if (*expected)
        assert_string_equal(text->data, expected);
}

static void test_both_outputs_and_status(void **state)
{
    tj_child_result result;
    (void)state;
    assert_int_equal(
        run_script("read x; echo out $x; echo err >&2; exit 3", "in\n", 3, &result), TJ_OK);
    assert_int_equal(result.exit_status, 3);
    assert_text(&result.out, "out in\n");
    assert_text(&result.err, "err\n");
    tj_child_result_fini(&result);
}

static void test_no_input_ends_at_once(void **state)
{
    tj_child_result result;
    (void)state;
    assert_int_equal(run_script("cat", NULL, 0, &result), TJ_OK);
    assert_int_equal(result.exit_status, 0);
    assert_text(&result.out, "");
    tj_child_result_fini(&result);
}

/* More than sockets and pipes hold, both ways: neither side may wait for the other. */
static void test_long_input_comes_back(void **state)
{
    tj_child_result result;
    char *input = malloc(LONG);
    (void)state;
    for (size_t i = 0; i < LONG; i++)
        input[i] = (char)(i * 2654435761u >> 11);
    assert_int_equal(run_script("cat", input, LONG, &result), TJ_OK);
    assert_int_equal(result.out.byte_len, LONG);
    assert_memory_equal(result.out.data, input, LONG);
    tj_child_result_fini(&result);
    free(input);
}

/* A child that does not read must not end this process by SIGPIPE. */
static void test_unread_input(void **state)
{
    tj_child_result result;
    char *input = calloc(1, LONG);
    (void)state;
    assert_int_equal(run_script("exec <&-; sleep 0.1; echo done", input, LONG, &result), TJ_OK);
    assert_text(&result.out, "done\n");
    tj_child_result_fini(&result);
    free(input);
}

static void test_missing_program(void **state)
{
    const char *const args[] = {NULL};
    tj_child child = {.program = "/nowhere/clang-22", .args = args, .file = "k.metal"};
    tj_child_result result;
    (void)state;
    child.time_limit_s = 5;
    assert_refused(
        tj_child_run(&child, &diags, &result), TJ_E_NOT_FOUND,
        "cannot start '/nowhere/clang-22': No such file or directory; reading source "
        "needs clang 22: install clang-22");
    assert_null(result.out.data);
}

static void test_program_that_is_none(void **state)
{
    const char *const args[] = {NULL};
    tj_child child = {.program = "/etc/passwd", .args = args, .file = "k.metal"};
    tj_child_result result;
    (void)state;
    child.time_limit_s = 5;
    assert_refused(tj_child_run(&child, &diags, &result), TJ_E_NOT_FOUND, "Permission denied");
}

static double elapsed_s(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) + 1e-9 * (double)(now.tv_nsec - from->tv_nsec);
}

static void assert_late(const char *script)
{
    const char *const args[] = {"-c", script, NULL};
    tj_child child = {.program = "/bin/sh",
                      .args = args,
                      .file = "k.metal",
                      .time_limit_s = 0.3,
                      .out_limit = LONG,
                      .err_limit = LONG};
    tj_child_result result;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_refused(tj_child_run(&child, &diags, &result), TJ_E_TIMEOUT,
                   "sh ran longer than 0.3 s");
    assert_true(elapsed_s(&start) < 10);
    assert_null(result.out.data);
}

static void test_time_limit(void **state)
{
    (void)state;
    assert_late("echo something; exec sleep 60");
}

static void test_time_limit_with_closed_pipes(void **state)
{
    (void)state;
    assert_late("exec sleep 60 >&- 2>&-");
}

/* What others make of the machine must not count: only what the child uses does. */
static tj_status run_with_limit(const char *script, tj_child_result *out)
{
    const char *const args[] = {"-c", script, NULL};
    tj_child child = {.program = "/bin/sh",
                      .args = args,
                      .file = "k.metal",
                      .cpu_limit_s = 0.8,
                      .time_limit_s = 300,
                      .out_limit = LONG,
                      .err_limit = LONG};
    return tj_child_run(&child, &diags, out);
}

static void test_limit_of_the_processor(void **state)
{
    tj_child_result result;
    (void)state;
    assert_refused(run_with_limit("echo something; while :; do :; done", &result), TJ_E_TIMEOUT,
                   "sh took more than 0.8 s of the processor");
    assert_null(result.out.data);
}

static void test_limit_of_the_processor_with_closed_pipes(void **state)
{
    tj_child_result result;
    (void)state;
    assert_refused(run_with_limit("exec >&- 2>&-; while :; do :; done", &result), TJ_E_TIMEOUT,
                   "sh took more than 0.8 s of the processor");
}

/* The system's own limit, where this process cannot read the child's clock. */
static void test_limit_of_the_system(void **state)
{
    tj_child_result result;
    (void)state;
    assert_refused(run_with_limit("kill -XCPU $$", &result), TJ_E_TIMEOUT,
                   "sh took more than 0.8 s of the processor");
}

static void test_waiting_is_free(void **state)
{
    tj_child_result result;
    (void)state;
    assert_int_equal(run_with_limit("sleep 1; echo done; exit 2", &result), TJ_OK);
    assert_int_equal(result.exit_status, 2);
    assert_text(&result.out, "done\n");
    tj_child_result_fini(&result);
}

static void test_output_limit(void **state)
{
    tj_child_result result;
    (void)state;
    assert_refused(run_script("while :; do echo 0123456789; done", NULL, 0, &result),
                   TJ_E_UNSUPPORTED, "sh wrote more than 2097152 bytes");
    assert_null(result.out.data);
}

static void test_first_errors_are_kept(void **state)
{
    tj_child_result result;
    (void)state;
    assert_int_equal(
        run_script("i=0; while [ $i -lt 20000 ]; do echo 0123456789 >&2; i=$((i+1)); done",
                   NULL, 0, &result),
        TJ_OK);
    assert_int_equal(result.err.byte_len, 100);
    assert_memory_equal(result.err.data, "0123456789\n01234", 16);
    tj_child_result_fini(&result);
}

static void test_crash(void **state)
{
    tj_child_result result;
    (void)state;
    assert_refused(run_script("kill -SEGV $$", NULL, 0, &result), TJ_E_MALFORMED,
                   "sh does not survive the source: signal 11");
}

/* Nothing of this process reaches the child: variables, descriptors, ignored signals. */
static void test_clean_start(void **state)
{
    tj_child_result result;
    int fd = open("/dev/null", O_RDONLY);
    (void)state;
    assert_int_equal(dup2(fd, 77), 77);
    setenv("CPATH", "/tmp", 1);
    signal(SIGTERM, SIG_IGN);
    assert_int_equal(run_script("echo [$CPATH]; [ -e /proc/self/fd/77 ] && echo fd; "
                                "kill -TERM $$; echo lives",
                                NULL, 0, &result),
                     TJ_E_MALFORMED);
    signal(SIGTERM, SIG_DFL);
    assert_int_equal(run_script("echo [$CPATH]; [ -e /proc/self/fd/77 ] && echo fd; exit 0",
                                NULL, 0, &result),
                     TJ_OK);
    assert_text(&result.out, "[]\n");
    tj_child_result_fini(&result);
    close(77);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_outputs_and_status, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_input_ends_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_input_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unread_input, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing_program, setup, teardown),
        cmocka_unit_test_setup_teardown(test_program_that_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_time_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_time_limit_with_closed_pipes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limit_of_the_processor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limit_of_the_processor_with_closed_pipes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_limit_of_the_system, setup, teardown),
        cmocka_unit_test_setup_teardown(test_waiting_is_free, setup, teardown),
        cmocka_unit_test_setup_teardown(test_output_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_first_errors_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clean_start, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
