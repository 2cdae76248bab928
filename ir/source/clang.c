/* SPDX-License-Identifier: MIT */
/* A child process with three pipes, a clock and limits.
 *
 * The child's standard input is a socket, because a write into a pipe that nobody reads any
 * more raises SIGPIPE in this process, and MSG_NOSIGNAL is for sockets only. The parent serves
 * the three ends with poll, so that neither side waits for the other whatever they hold back.
 * The child starts with default signals, no environment (clang reads CPATH and others) and no
 * descriptors but its three.
 */
#include "source/clang.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { END_IN, END_OUT, END_ERR, END_COUNT };
enum { CHUNK = 1 << 16 };

static const unsigned long long memory_limit = 8ULL << 30; /* address space of the child */

/* A child that runs, seen from the parent. */
typedef struct running {
    const tj_child *child;
    pid_t pid;
    int ends[END_COUNT]; /* -1: closed */
    size_t written;      /* of the input */
    double deadline;
    bool is_late, is_spent, is_long;
} running;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- starting ------------------------------------------------------------------------ */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_ends(int ends[END_COUNT])
{
    for (int e = 0; e < END_COUNT; e++)
        close_end(&ends[e]);
}

/* Pairs of descriptors that other children of this process do not get. `is_socket`: see the
 * head of this file. */
static bool make_pair(bool is_socket, int pair[2])
{
#ifdef __linux__
    return is_socket ? !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)
                     : !pipe2(pair, O_CLOEXEC);
#else
    if (is_socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, pair) : pipe(pair))
        return false;
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    int on = 1;
    if (is_socket)
        setsockopt(pair[1], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return true;
#endif
}

/* dup2 onto itself would leave close-on-exec set, and onto another one of ours would lose it:
 * all are above those that the child gets. */
static bool lift(int *fd)
{
    if (*fd > STDERR_FILENO + TJ_CHILD_DESCRIPTORS)
        return true;
    int higher = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1 + TJ_CHILD_DESCRIPTORS);
    close(*fd);
    *fd = higher;
    return higher >= 0;
}

static bool make_ends(int mine[END_COUNT], int theirs[END_COUNT])
{
    for (int e = 0; e < END_COUNT; e++)
        mine[e] = theirs[e] = -1;
    for (int e = 0; e < END_COUNT; e++) {
        int pair[2]; /* read, write */
        if (!make_pair(e == END_IN, pair))
            return false;
        mine[e] = pair[e == END_IN];
        theirs[e] = pair[e != END_IN];
        if (!lift(&theirs[e]) || fcntl(mine[e], F_SETFL, O_NONBLOCK))
            return false;
    }
    return true;
}

static int spawn(const tj_child *child, const int theirs[END_COUNT], tj_arena *arena,
                 pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    char *environment[] = {NULL};
    size_t count = 0;
    while (child->args[count])
        count++;
    const char **argv = tj_new_array(arena, const char *, count + 2);
    argv[0] = child->program;
    memcpy(argv + 1, child->args, (count + 1) * sizeof *argv);
    posix_spawn_file_actions_init(&actions);
    for (int e = 0; e < END_COUNT; e++)
        posix_spawn_file_actions_adddup2(&actions, theirs[e], e);
    for (unsigned i = 0; i < child->descriptor_count; i++)
        posix_spawn_file_actions_adddup2(&actions, child->descriptors[i],
                                         STDERR_FILENO + 1 + (int)i);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    posix_spawn_file_actions_addclosefrom_np(&actions,
                                             STDERR_FILENO + 1 + (int)child->descriptor_count);
#endif
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int error =
        posix_spawn(pid, child->program, &actions, &attributes, (char **)argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* What the parent cannot end in time, or at all when it is stopped. Best effort: the child runs
 * already. The limit of the processor is far above the one that the parent watches: the system
 * counts it in ticks, which may be wrong by a lot on a busy machine. */
static void limit(const tj_child *child, pid_t pid)
{
#ifdef __linux__
    double twice_s = 2 * child->cpu_limit_s < 1e9 ? 2 * child->cpu_limit_s : 1e9;
    rlim_t seconds = (rlim_t)twice_s + 2;
    struct rlimit space = {(rlim_t)memory_limit, (rlim_t)memory_limit};
    struct rlimit processor = {seconds, seconds + 1};
    struct rlimit none = {0, 0};
    prlimit(pid, RLIMIT_AS, &space, NULL);
    prlimit(pid, RLIMIT_CORE, &none, NULL);
    if (child->cpu_limit_s > 0)
        prlimit(pid, RLIMIT_CPU, &processor, NULL);
#else
    (void)child;
    (void)pid;
    (void)memory_limit;
#endif
}

static int open_nameless(void)
{
#ifdef __linux__
    return memfd_create("tmjit", MFD_CLOEXEC);
#else
    char name[] = "/tmp/tmjit-XXXXXX";
    int fd = mkstemp(name);
    if (fd >= 0)
        unlink(name);
    return fd;
#endif
}

int tj_child_file(const void *bytes, size_t byte_len)
{
    int fd = open_nameless();
    size_t written = 0;
    if (fd < 0 || !lift(&fd))
        return -1;
    while (written < byte_len) {
        ssize_t count = write(fd, (const char *)bytes + written, byte_len - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            close(fd);
            return -1;
        }
        written += (size_t)count;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* ---- serving ------------------------------------------------------------------------- */

static void feed(running *run)
{
    const tj_child *child = run->child;
    ssize_t sent = send(run->ends[END_IN], child->input + run->written,
                        child->input_len - run->written, MSG_NOSIGNAL);
    if (sent > 0)
        run->written += (size_t)sent;
    else if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (sent < 0 || run->written == child->input_len)
        close_end(&run->ends[END_IN]);
}

/* Errors beyond the limit are read and dropped: the first ones count. */
static void drain(running *run, int end, tj_text *to)
{
    char bytes[CHUNK];
    ssize_t got = read(run->ends[end], bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        close_end(&run->ends[end]);
        return;
    }
    size_t limit_len = end == END_OUT ? run->child->out_limit : run->child->err_limit;
    size_t room = to->byte_len < limit_len ? limit_len - to->byte_len : 0;
    if (end == END_OUT && (size_t)got > room)
        run->is_long = true;
    tj_text_add(to, bytes, (size_t)got < room ? (size_t)got : room);
}

/* Seconds of the processor that the child has used; 0 where the system does not tell. */
static double used_s(const running *run)
{
#ifdef __linux__
    clockid_t clock;
    struct timespec used;
    if (!clock_getcpuclockid(run->pid, &clock) && !clock_gettime(clock, &used))
        return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
#else
    (void)run;
#endif
    return 0;
}

/* Seconds until a limit may be reached; notes when one is. */
static double left_s(running *run)
{
    double left = run->deadline - now_s();
    run->is_late = left <= 0;
    if (run->child->cpu_limit_s > 0 && !run->is_late) {
        double cpu_left = run->child->cpu_limit_s - used_s(run);
        run->is_spent = cpu_left <= 0;
        left = cpu_left < left ? cpu_left : left;
    }
    return left;
}

/* Until the child has closed its ends, reached a limit, or wrote too much. */
static void serve(running *run, tj_text *out, tj_text *err)
{
    while (run->ends[END_OUT] >= 0 || run->ends[END_ERR] >= 0) {
        struct pollfd polls[END_COUNT];
        double left = left_s(run);
        if (left <= 0 || run->is_long)
            return;
        for (int e = 0; e < END_COUNT; e++)
            polls[e] = (struct pollfd){run->ends[e], e == END_IN ? POLLOUT : POLLIN, 0};
        if (poll(polls, END_COUNT, left > 1000 ? 1000000 : (int)(left * 1e3) + 1) <= 0)
            continue;
        if (polls[END_IN].revents)
            feed(run);
        if (polls[END_OUT].revents)
            drain(run, END_OUT, out);
        if (polls[END_ERR].revents)
            drain(run, END_ERR, err);
    }
}

/* The child's end: false when the system does not tell how it was. A child that has closed its
 * pipes may go on: it has until its limits. */
static bool reap(running *run, int *how)
{
    pid_t got = 0;
    long pause_ns = 20000;
    while (!run->is_late && !run->is_spent && !run->is_long) {
        got = waitpid(run->pid, how, WNOHANG);
        if (got > 0 || (got < 0 && errno != EINTR))
            return got > 0;
        left_s(run);
        nanosleep(&(struct timespec){.tv_nsec = pause_ns}, NULL);
        pause_ns += pause_ns < 5000000 ? pause_ns / 2 : 0;
    }
    kill(run->pid, SIGKILL);
    while ((got = waitpid(run->pid, how, 0)) < 0 && errno == EINTR)
        ;
    return got > 0;
}

/* ---- results ------------------------------------------------------------------------- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static tj_status judge(const running *run, bool is_told, int how, tj_diags *diags)
{
    const tj_child *child = run->child;
    const char *name = last_part(child->program);
    tj_loc loc = {.file = child->file};
    if (run->is_late)
        return tj_fail_at(diags, TJ_E_TIMEOUT, &loc,
                          "%s ran longer than %g s; accepted is source that compiles in less",
                          name, child->time_limit_s);
    if (run->is_long)
        return tj_fail_at(diags, TJ_E_UNSUPPORTED, &loc,
                          "%s wrote more than %zu bytes; accepted is source that needs less",
                          name, child->out_limit);
    if (!is_told)
        return tj_fail_at(diags, TJ_E_INTERNAL, &loc,
                          "cannot learn how %s ended; is SIGCHLD ignored?", name);
    if (run->is_spent || (WIFSIGNALED(how) && WTERMSIG(how) == SIGXCPU))
        return tj_fail_at(diags, TJ_E_TIMEOUT, &loc,
                          "%s took more than %g s of the processor; accepted is source that "
                          "compiles in less",
                          name, child->cpu_limit_s);
    if (WIFSIGNALED(how))
        return tj_fail_at(diags, TJ_E_MALFORMED, &loc,
                          "%s does not survive the source: signal %d (%s)", name, WTERMSIG(how),
                          strsignal(WTERMSIG(how)));
    return TJ_OK;
}

static tj_status fail_start(const tj_child *child, int error, tj_diags *diags)
{
    tj_loc loc = {.file = child->file};
    return tj_fail_at(diags, TJ_E_NOT_FOUND, &loc,
                      "cannot start '%s': %s; reading source needs clang 22: install clang-22 "
                      "(Debian, Ubuntu: apt.llvm.org; macOS: brew install llvm@22)",
                      child->program, strerror(error));
}

void tj_child_result_fini(tj_child_result *result)
{
    tj_text_fini(&result->out);
    tj_text_fini(&result->err);
}

tj_status tj_child_run(const tj_child *child, tj_diags *diags, tj_child_result *out)
{
    running run = {.child = child, .deadline = now_s() + child->time_limit_s};
    tj_child_result result = {0};
    int theirs[END_COUNT], how = 0;
    *out = result;
    if (!make_ends(run.ends, theirs)) {
        int why = errno;
        close_ends(run.ends);
        close_ends(theirs);
        return tj_fail_at(diags, TJ_E_INTERNAL, NULL, "cannot make pipes for '%s': %s",
                          child->program, strerror(why));
    }
    int error = spawn(child, theirs, diags->arena, &run.pid);
    close_ends(theirs);
    if (error) {
        close_ends(run.ends);
        return fail_start(child, error, diags);
    }
    limit(child, run.pid);
    if (!child->input_len)
        close_end(&run.ends[END_IN]);
    serve(&run, &result.out, &result.err);
    close_ends(run.ends);
    bool is_told = reap(&run, &how);
    tj_status status = judge(&run, is_told, how, diags);
    if (status) {
        tj_child_result_fini(&result);
        return status;
    }
    result.exit_status = WEXITSTATUS(how);
    *out = result;
    return TJ_OK;
}
