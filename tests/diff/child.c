/* SPDX-License-Identifier: MIT */
/* Runs kernels in child processes, so that a crash or a hang is a verdict like another.
 * The child writes the configuration it is about to try, then its verdict, into a pipe. */
#include "run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 120 };

typedef struct message {
    bool is_verdict;
    verdict verdict;
} message;

static void send_message(int pipe, const message *m)
{
    size_t sent = 0;

    while (sent < sizeof(*m)) {
        ssize_t n = write(pipe, (const char *)m + sent, sizeof(*m) - sent);

        if (n <= 0)
            _exit(3);
        sent += (size_t)n;
    }
}

static void send_progress(void *user, const config *c)
{
    message m = {.verdict = {.config = *c}};

    send_message(*(int *)user, &m);
}

child child_start(const char *kernel_text, const config *configs, unsigned count)
{
    child c = {0};
    int ends[2];

    fflush(NULL);
    if (pipe(ends))
        abort();
    c.pid = fork();
    if (c.pid < 0)
        abort();
    c.pipe = ends[0];
    if (c.pid) {
        close(ends[1]);
        return c;
    }
    close(ends[0]);
    alarm(CHILD_SECONDS);
    message m = {.is_verdict = true};

    run_kernel(kernel_text, configs, count, send_progress, &ends[1], &m.verdict);
    send_message(ends[1], &m);
    _exit(0);
}

static bool receive_message(int pipe, message *m)
{
    size_t got = 0;

    while (got < sizeof(*m)) {
        ssize_t n = read(pipe, (char *)m + got, sizeof(*m) - got);

        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

verdict child_finish(child *c)
{
    message m = {0}, last = {0};
    int status = 0;

    while (receive_message(c->pipe, &m))
        last = m;
    close(c->pipe);
    waitpid(c->pid, &status, 0);
    c->pid = 0;
    if (last.is_verdict)
        return last.verdict;
    last.verdict.outcome = OUTCOME_CRASH;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        last.verdict.outcome = OUTCOME_TIMEOUT;
        snprintf(last.verdict.message, VERDICT_MESSAGE, "no end after %d s", CHILD_SECONDS);
    } else if (WIFSIGNALED(status)) {
        snprintf(last.verdict.message, VERDICT_MESSAGE, "signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(last.verdict.message, VERDICT_MESSAGE, "exit status %d", WEXITSTATUS(status));
    }
    return last.verdict;
}

verdict run_in_child(const char *kernel_text, const config *configs, unsigned count)
{
    child c = child_start(kernel_text, configs, count);

    return child_finish(&c);
}
