/* SPDX-License-Identifier: MIT */
/* Tries input in a child process before LLVM's readers see it in this one.
 *
 * LLVM's bitcode reader follows type and value numbers without checking them all: in a build
 * without assertions a changed bit can be a wild pointer (LLVM 22.1: a fuzzer needs under two
 * hundred tries). No check of ours can know which records it trusts. So the bytes are read
 * once in a forked child, which says through a pipe how it went; good ones are then read
 * here. (Refused ones are not: LLVM leaks on them.) The text parser checks what it
 * reads; only text that guard.c marks takes this way.
 */
#include "vet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CHILD_SECONDS = 10, /* of the processor, and one for each of: */
    BYTES_A_SECOND = 1 << 20,
    WAIT = 30,        /* times as long by the clock: other programs may have the processors */
    ROOM_A_BYTE = 32, /* of memory, beyond child_bytes */
    LONGEST_ANSWER = 4096, /* a pipe takes it at once */
    LONGEST_FIELD = 800
};
static const unsigned long long child_bytes = 2ULL << 30; /* beyond what is mapped already */

/* Crashes end the child at once and silently, whatever handlers the process has. */
static void reset_signals(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE, SIGILL,
                                 SIGTRAP, SIGALRM, SIGXCPU, SIGTERM};
    sigset_t all;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        signal(deadly[i], SIG_DFL);
    sigemptyset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

/* Bytes of address space in use; 0 where the system does not tell. */
static unsigned long long mapped_bytes(void)
{
    char text[64] = {0};
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t byte_len = read(fd, text, sizeof text - 1);
    close(fd);
    unsigned long long pages = 0;
    if (byte_len <= 0 || sscanf(text, "%llu", &pages) != 1)
        return 0;
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void limit_child(size_t byte_len)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    unsigned long long mapped = mapped_bytes();
    if (mapped) {
        rlim_t most = (rlim_t)(mapped + child_bytes + byte_len * ROOM_A_BYTE);
        struct rlimit space = {most, most};
        setrlimit(RLIMIT_AS, &space);
    }
    unsigned seconds = CHILD_SECONDS + (unsigned)(byte_len / BYTES_A_SECOND);
    struct rlimit processor = {seconds, seconds + 1};
    setrlimit(RLIMIT_CPU, &processor);
    alarm(WAIT * seconds);
}

static void silence(void)
{
    int fd = open("/dev/null", O_WRONLY);
    if (fd < 0)
        return;
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
}

/* An error on its way through the pipe: "n", the number of the status, line and column, then
 * these fields, each ended by NUL; an empty one stands for NULL. */
enum { FIELD_MESSAGE, FIELD_FILE, FIELD_KERNEL, FIELD_BLOCK, FIELD_INST, FIELD_COUNT };

static size_t write_error(const tj_diag *error, char text[LONGEST_ANSWER])
{
    const tj_loc *loc = &error->loc;
    const char *const fields[FIELD_COUNT] = {error->message, loc->file, loc->kernel, loc->block,
                                             loc->inst};
    size_t at = (size_t)snprintf(text, LONGEST_ANSWER, "n %d %u %u", (int)error->status,
                                 loc->line, loc->column);
    text[at++] = '\0';
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        size_t byte_len = fields[f] ? strnlen(fields[f], LONGEST_FIELD - 1) : 0;
        if (byte_len)
            memcpy(text + at, fields[f], byte_len);
        at += byte_len;
        text[at++] = '\0';
    }
    return at;
}

_Static_assert(FIELD_COUNT *LONGEST_FIELD + 64 <= LONGEST_ANSWER, "the answer may be too long");

/* `text` ends in NUL at `byte_len` or before. What is missing is empty. */
static tj_status take_error(tj_diags *diags, const char *file, const char *text,
                            size_t byte_len)
{
    const char *fields[FIELD_COUNT];
    int status = TJ_E_MALFORMED;
    tj_loc loc = {0};
    const char *next = text, *end = text + byte_len;
    sscanf(text, "n %d %u %u", &status, &loc.line, &loc.column);
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        next += next < end ? strlen(next) + 1 : 0;
        fields[f] = next < end && *next ? next : NULL;
    }
    if (status != TJ_E_UNSUPPORTED)
        status = TJ_E_MALFORMED; /* a child that broken input has upset may say anything */
    loc.file = fields[FIELD_FILE] ? fields[FIELD_FILE] : file;
    loc.kernel = fields[FIELD_KERNEL];
    loc.block = fields[FIELD_BLOCK];
    loc.inst = fields[FIELD_INST];
    return tj_fail_at(diags, (tj_status)status, &loc, "%s",
                      fields[FIELD_MESSAGE] ? fields[FIELD_MESSAGE] : "no reason given");
}

static _Noreturn void run_child(int answer, const char *bytes, size_t byte_len, tj_vet_fn *read)
{
    reset_signals();
    silence();
    limit_child(byte_len);
    const tj_diag *error = read(bytes, byte_len);
    char text[LONGEST_ANSWER] = "y";
    ssize_t written = write(answer, text, error ? write_error(error, text) : 1);
    _exit(written > 0 ? 0 : 1);
}

static tj_status fail(tj_diags *diags, const char *file, tj_status status, const char *what)
{
    tj_loc loc = {.file = file};
    return tj_fail_at(diags, status, &loc, "%s", what);
}

/* The child has ended when this returns; what it wrote, if anything, is in the pipe and fits
 * it. Processes that ignore SIGCHLD get no exit status, so the answer counts alone. */
static size_t take_answer(pid_t child, int answer, char text[LONGEST_ANSWER + 1])
{
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    fcntl(answer, F_SETFL, O_NONBLOCK);
    ssize_t byte_len = read(answer, text, LONGEST_ANSWER);
    text[byte_len > 0 ? byte_len : 0] = '\0';
    return byte_len > 0 ? (size_t)byte_len : 0;
}

tj_status tj_vet(tj_diags *diags, const char *file, const char *bytes, size_t byte_len,
                 tj_vet_fn *read)
{
    int ends[2];
    if (pipe(ends))
        return fail(diags, file, TJ_E_INTERNAL, "cannot make a pipe to try the input");
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child == 0)
        run_child(ends[1], bytes, byte_len, read);
    char text[LONGEST_ANSWER + 1] = "";
    size_t answer_len = 0;
    close(ends[1]);
    if (child > 0)
        answer_len = take_answer(child, ends[0], text);
    close(ends[0]);
    if (child < 0)
        return fail(diags, file, TJ_E_INTERNAL,
                    "cannot start a process to try the input; plain LLVM text without "
                    "debug information needs none");
    if (*text == 'y')
        return TJ_OK;
    if (*text == 'n')
        return take_error(diags, file, text, answer_len);
    return fail(diags, file, TJ_E_MALFORMED, "LLVM's reader does not survive the input");
}
