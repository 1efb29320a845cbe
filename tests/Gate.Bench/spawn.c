/*
 * Starts commands and times them, from before the spawn to after the exit.
 *
 *     spawn alternate PLAN ROUNDS WARMUP    every command once a round, each round starting with another one
 *     spawn parallel PLAN CALLS             one worker for each command, all at once, each with so many calls
 *
 * PLAN has one command after another, a line a word: "command", "cwd PATH", "stdin FILE", "env NAME=VALUE" (nothing is
 * inherited), "arg WORD", "exit CODE", "expect TEXT" (must be in the output), "refuse TEXT" (must not).
 * Prints "command,nanoseconds,peak KiB,minor faults,processor microseconds" a call; ends with 1 at a call that
 * went wrong. Small and static, because a child's peak memory starts at that of the process that made it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_COMMANDS = 64, MAXIMUM_WORDS = 32 };

typedef struct {
    char *cwd, *input, *expect, *refuse, *args[MAXIMUM_WORDS + 1], *env[MAXIMUM_WORDS + 1];
    int arg_count, env_count, exit_code;
    char *payload;
    size_t payload_length;
} Command;

typedef struct { int command; long nanoseconds, peak, faults, processor; } Sample;

static Command commands[MAXIMUM_COMMANDS];
static int command_count;

static void fail(const char *what)
{
    fprintf(stderr, "spawn: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void read_plan(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    char *line = NULL;
    size_t size = 0;
    Command *c = NULL;
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        char *space = strchr(line, ' '), *value = space ? strdup(space + 1) : "";
        if (space)
            *space = 0;
        if (strcmp(line, "command") == 0) {
            if (command_count == MAXIMUM_COMMANDS)
                fail("too many commands");
            c = &commands[command_count++];
        } else if (!c)
            fail("the plan must begin with 'command'");
        else if (strcmp(line, "cwd") == 0)
            c->cwd = value;
        else if (strcmp(line, "stdin") == 0)
            c->input = value;
        else if (strcmp(line, "expect") == 0)
            c->expect = value;
        else if (strcmp(line, "refuse") == 0)
            c->refuse = value;
        else if (strcmp(line, "exit") == 0)
            c->exit_code = atoi(value);
        else if (strcmp(line, "arg") == 0 && c->arg_count < MAXIMUM_WORDS)
            c->args[c->arg_count++] = value;
        else if (strcmp(line, "env") == 0 && c->env_count < MAXIMUM_WORDS)
            c->env[c->env_count++] = value;
        else
            fail(line);
    }
    fclose(file);
    free(line);
    for (int i = 0; i < command_count; i++) {
        c = &commands[i];
        int descriptor = open(c->input ? c->input : "/dev/null", O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (descriptor < 0 || fstat(descriptor, &status) != 0)
            fail(c->input);
        c->payload_length = S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
        if (c->payload_length > 0) {
            c->payload = mmap(NULL, c->payload_length, PROT_READ, MAP_SHARED, descriptor, 0);
            if (c->payload == MAP_FAILED)
                fail("mmap");
        }
        close(descriptor);
    }
}

static long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* The payload goes through a socket, as an agent's does. What does not fit is written while the child runs, in pieces
 * of a file's mapping that are given back, so that this process stays small. */
static size_t feed(int descriptor, const Command *c, size_t from, int flags)
{
    while (from < c->payload_length) {
        size_t piece = c->payload_length - from < 65536 ? c->payload_length - from : 65536;
        ssize_t count = send(descriptor, c->payload + from, piece, flags | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return from;
        from += (size_t)count;
        if (c->payload_length > 1 << 20)
            madvise(c->payload, c->payload_length, MADV_DONTNEED);
    }
    return from;
}

static Sample call(int number)
{
    const Command *c = &commands[number];
    int input[2], output[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0 || pipe2(output, O_CLOEXEC) != 0)
        fail("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[1], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, output[1], 2);
    if (c->cwd)
        posix_spawn_file_actions_addchdir_np(&actions, c->cwd);

    size_t fed = feed(input[0], c, 0, MSG_DONTWAIT);
    if (fed == c->payload_length)
        shutdown(input[0], SHUT_WR);
    pid_t child;
    long start = now();
    int code = posix_spawn(&child, c->args[0], &actions, NULL, c->args, c->env);
    if (code != 0) {
        errno = code;
        fail(c->args[0]);
    }
    close(input[1]);
    close(output[1]);
    if (fed < c->payload_length) {
        feed(input[0], c, fed, 0);
        shutdown(input[0], SHUT_WR);
    }
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child)
        fail("wait4");
    long end = now();
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);

    char answer[65536];
    size_t length = 0;
    for (ssize_t count; (count = read(output[0], answer + length, sizeof answer - 1 - length)) > 0;)
        length += (size_t)count;
    answer[length] = 0;
    close(output[0]);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != c->exit_code || (c->expect && !strstr(answer, c->expect)) || (c->refuse && strstr(answer, c->refuse))) {
        fprintf(stderr, "spawn: %s %s ended with status 0x%x and wrote: %s\n", c->args[0], c->args[1] ? c->args[1] : "", (unsigned)status, answer);
        exit(1);
    }
    long processor = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    return (Sample){number, end - start, usage.ru_maxrss, usage.ru_minflt, processor};
}

static void print(Sample s) { printf("%d,%ld,%ld,%ld,%ld\n", s.command, s.nanoseconds, s.peak, s.faults, s.processor); }

static void alternate(int rounds, int warmup)
{
    for (int round = -warmup; round < rounds; round++) {
        for (int i = 0; i < command_count; i++) {
            Sample sample = call((i + round + warmup) % command_count);
            if (round >= 0)
                print(sample);
        }
    }
}

static void parallel(int calls)
{
    size_t size = sizeof(Sample) * (size_t)calls * (size_t)command_count;
    Sample *samples = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int gate[2];
    if (samples == MAP_FAILED || pipe(gate) != 0)
        fail("mmap");
    for (int worker = 0; worker < command_count; worker++) {
        pid_t child = fork();
        if (child < 0)
            fail("fork");
        if (child == 0) {
            char byte;
            close(gate[1]);
            if (read(gate[0], &byte, 1) < 0)
                fail("read");
            for (int i = 0; i < calls; i++)
                samples[worker * calls + i] = call(worker);
            _exit(0);
        }
    }
    close(gate[0]);
    close(gate[1]); /* all workers go now */
    int status, bad = 0;
    while (wait(&status) > 0)
        bad |= status != 0;
    if (bad)
        exit(1);
    for (int i = 0; i < calls * command_count; i++)
        print(samples[i]);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage: spawn alternate PLAN ROUNDS WARMUP | spawn parallel PLAN CALLS");
    signal(SIGPIPE, SIG_IGN);
    read_plan(argv[2]);
    if (strcmp(argv[1], "alternate") == 0 && argc == 5)
        alternate(atoi(argv[3]), atoi(argv[4]));
    else if (strcmp(argv[1], "parallel") == 0)
        parallel(atoi(argv[3]));
    else
        fail(argv[1]);
    return 0;
}
