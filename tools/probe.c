/* SPDX-License-Identifier: MIT */
/* Programs by posix_spawn and a pipe with a deadline; the processor by /proc/cpuinfo, on a Mac
 * by sysctl. */
#include "probe.h"

#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

extern char **environ;

/* ---- programs ------------------------------------------------------------------------- */

/* Reads until the end or the deadline; what does not fit is read and dropped. */
static bool read_until(int from, double deadline_s, char *out, size_t capacity)
{
    char rest[512];
    size_t filled = 0;

    for (;;) {
        double left_s = deadline_s - tj_now_s();
        struct pollfd wait = {.fd = from, .events = POLLIN};
        if (left_s <= 0 || poll(&wait, 1, (int)(left_s * 1e3) + 1) < 0)
            return false;
        if (!wait.revents)
            continue;
        bool is_full = filled + 1 >= capacity;
        ssize_t got = read(from, is_full ? rest : out + filled,
                           is_full ? sizeof rest : capacity - 1 - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        filled += is_full ? 0 : (size_t)got;
        out[filled] = '\0';
    }
}

static bool spawn(const char *const argv[], int to, int other, pid_t *out)
{
    posix_spawn_file_actions_t files;

    if (posix_spawn_file_actions_init(&files))
        return false;
    bool is_good =
        !posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0) &&
        !posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0) &&
        !posix_spawn_file_actions_adddup2(&files, to, 1) &&
        !posix_spawn_file_actions_addclose(&files, other) &&
        !posix_spawnp(out, argv[0], &files, NULL, (char *const *)(size_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return is_good;
}

bool tj_probe_program(const char *const argv[], double limit_s, char *out, size_t capacity)
{
    int ends[2], status = 0;
    pid_t pid = 0;
    double deadline_s = tj_now_s() + limit_s;

    out[0] = '\0';
    if (pipe(ends))
        return false;
    bool is_started = spawn(argv, ends[1], ends[0], &pid);
    close(ends[1]);
    bool is_read = is_started && read_until(ends[0], deadline_s, out, capacity);
    close(ends[0]);
    if (!is_started)
        return false;
    if (!is_read)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return is_read && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* ---- the processor -------------------------------------------------------------------- */

/* A flag of /proc/cpuinfo and the vectors that it means, widest first. */
static const struct {
    const char *flag;
    unsigned bits;
} widths[] = {{"avx512f", 512}, {"avx2", 256}, {"asimd", 128}, {"sse2", 128}};

static bool has_word(const char *line, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = line; (at = strstr(at, word)); at += len)
        if (at > line && strchr(" \t:", at[-1]) && strchr(" \t\n", at[len]))
            return true;
    return false;
}

static void read_cpuinfo(char *name, size_t capacity, unsigned *bits)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char *line = NULL;
    size_t room = 0;

    while (file && (!*name || !*bits) && getline(&line, &room, file) > 0) {
        const char *value = strchr(line, ':');
        if (value && !strncmp(line, "model name", 10) && !*name)
            snprintf(name, capacity, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
        if (value && (!strncmp(line, "flags", 5) || !strncmp(line, "Features", 8)))
            for (size_t i = 0; i < sizeof widths / sizeof *widths && !*bits; i++)
                *bits = has_word(line, widths[i].flag) ? widths[i].bits : 0;
    }
    free(line);
    if (file)
        fclose(file);
}

void tj_probe_cpu(char *out, size_t capacity)
{
    char name[128] = "";
    unsigned bits = 0;
    struct utsname machine;
    long count = sysconf(_SC_NPROCESSORS_ONLN);

#ifdef __APPLE__ /* untested; every Apple processor has NEON */
    size_t len = sizeof name;
    if (sysctlbyname("machdep.cpu.brand_string", name, &len, NULL, 0))
        name[0] = '\0';
    bits = 128;
#else
    read_cpuinfo(name, sizeof name, &bits);
#endif
    if (!*name && !uname(&machine))
        snprintf(name, sizeof name, "%.100s", machine.machine);
    int at = snprintf(out, capacity, "%s, %ld cores", name, count);
    if (bits && at > 0 && (size_t)at < capacity)
        snprintf(out + at, capacity - (size_t)at, ", vectors of %u bits", bits);
}
