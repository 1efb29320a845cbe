/*
 * The hook's fast start.
 *
 * Before the first line of C# runs, the .NET runtime looks at its surroundings: cgroup limits (two walks over
 * /proc/self/mountinfo), the CPU's caches and NUMA nodes under /sys, free memory, the whole of /proc/self/maps, and
 * it starts a finalizer thread. All of that sizes a heap and serves programs that live long. A hook lives two
 * milliseconds with a fixed heap limit (Gate.csproj) and one thread, so none of it can change what it does, and
 * together it was a third of its whole run: 990 µs -> 670 µs for an empty program, where a static C program that
 * does nothing takes 420 µs (tests/Gate.Bench prints today's figures).
 *
 * The linker's --wrap sends the runtime's calls here. Only when the first argument is "hook" are they answered at
 * once with what the runtime accepts as "nothing to see"; every other verb gets the real answer. If a later runtime
 * asks in another way, the wraps simply stop being called: slower, never wrong.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/platform/x86.h>
#include <sys/resource.h>
#include <unistd.h>

struct statfs;
extern void *__libc_stack_end; /* glibc: where the kernel put the first stack frame */

/* store.c has the store's part of this. */
extern int gate_one_shot;

/* The runtime reads its settings from DOTNET_* (formerly COMPlus_*) variables: a heap limit of one byte, say, ends the
 * program before it can answer, and a hook that gives no answer lets the call run. Gate is set up at build time alone. */
static void drop_runtime_settings(char **env)
{
    char **kept = env;
    for (; *env; env++)
        if (strncasecmp(*env, "DOTNET_", 7) != 0 && strncasecmp(*env, "COMPlus_", 8) != 0)
            *kept++ = *env;
    *kept = NULL;
}

/* The deepest command that is still parsed takes about 300 KiB of stack. Where the agent leaves less, the soft limit is
 * raised (the kernel asks for it at each growth); where that is not allowed, the call is refused in words: running out
 * of stack would be a crash, and a crashed hook lets the call run. */
static void need_stack(void)
{
    static const char refusal[] =
        "{\"decision\":\"block\",\"reason\":\"Gate denies this: the stack is limited to less than 512 KiB. Raise it where the agent is started: ulimit -s 8192\","
        "\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":"
        "\"Gate denies this: the stack is limited to less than 512 KiB. Raise it where the agent is started: ulimit -s 8192\"}}\n";
    static const char words[] = "Gate denies this: the stack is limited to less than 512 KiB. Raise it where the agent is started: ulimit -s 8192\n";
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= 1u << 20)
        return;
    limit.rlim_cur = limit.rlim_max < 8u << 20 ? limit.rlim_max : 8u << 20;
    if ((setrlimit(RLIMIT_STACK, &limit) != 0 && getrlimit(RLIMIT_STACK, &limit) != 0) || limit.rlim_cur >= 512u << 10)
        return;
    if (write(1, refusal, sizeof refusal - 1) < 0 || write(2, words, sizeof words - 1) < 0)
        _exit(2);
    _exit(2);
}

__attribute__((constructor)) static void gate_start(int argc, char **argv, char **env)
{
    drop_runtime_settings(env);
    gate_one_shot = argc > 1 && strcmp(argv[1], "hook") == 0;
    if (gate_one_shot)
        need_stack();
}

static int is_surroundings(const char *path)
{
    return strncmp(path, "/proc/self/", 11) == 0 || strncmp(path, "/sys/", 5) == 0 || strcmp(path, "/proc/meminfo") == 0;
}

FILE *__real_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode)
{
    if (gate_one_shot && is_surroundings(path)) {
        errno = ENOENT;
        return NULL;
    }
    return __real_fopen64(path, mode);
}

DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path)
{
    if (gate_one_shot && is_surroundings(path)) {
        errno = ENOENT;
        return NULL;
    }
    return __real_opendir(path);
}

int __real_statfs64(const char *path, struct statfs *buf);
int __wrap_statfs64(const char *path, struct statfs *buf)
{
    if (gate_one_shot && is_surroundings(path)) {
        errno = ENOSYS;
        return -1;
    }
    return __real_statfs64(path, buf);
}

/* Keeping the heap out of core dumps is two system calls for each range committed; a hook dumps no core. */
int __real_madvise(void *address, size_t length, int advice);
int __wrap_madvise(void *address, size_t length, int advice)
{
    if (gate_one_shot && (advice == MADV_DONTDUMP || advice == MADV_DODUMP))
        return 0;
    return __real_madvise(address, length, advice);
}

/* The only thread the runtime starts by itself is the finalizer's. Nothing on the hook path has a finalizer that
 * must run, and the process ends with _exit. */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
    if (gate_one_shot) {
        *thread = pthread_self();
        return 0;
    }
    return __real_pthread_create(thread, attr, start, arg);
}

/* glibc finds the main thread's stack by reading /proc/self/maps line by line; the top is known already and the
 * bottom is the resource limit, which is what glibc computes from it too. */
int __real_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);
int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
    if (!gate_one_shot || !pthread_equal(thread, pthread_self()))
        return __real_pthread_getattr_np(thread, attr);

    struct rlimit limit;
    size_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < size)
        size = limit.rlim_cur & ~(size_t)4095;
    char *top = (char *)(((size_t)__libc_stack_end + 4095) & ~(size_t)4095);
    pthread_attr_init(attr);
    return pthread_attr_setstack(attr, top - size, size);
}

/* Before the first line of C# the runtime makes one pinned object for each class that has static fields, over a thousand of
 * them for all the verbs together, each through the collector's slow path. For a hook they are cut, one behind the other, from
 * one piece that the collector gave out as a free object, as the collector itself does it: at every moment the piece is a row of
 * whole objects, the last of them free. What does not fit goes the real way. */
typedef struct { unsigned flags, size; } method_table; /* the head of the runtime's own */
extern method_table *g_pFreeObjectEEType;
enum { PINNED_HEAP = 64, PIECE = 96 << 10, SMALLEST = 24 };

void RhAllocateNewArray(method_table *type, unsigned count, unsigned flags, void **result);
void __real_RhAllocateNewObject(method_table *type, unsigned flags, void **result);
void __wrap_RhAllocateNewObject(method_table *type, unsigned flags, void **result)
{
    static char *next;
    static size_t left;
    if (!gate_one_shot || flags != PINNED_HEAP || type->size % 8 != 0) {
        __real_RhAllocateNewObject(type, flags, result);
        return;
    }
    if (next == NULL) {
        RhAllocateNewArray(g_pFreeObjectEEType, PIECE, PINNED_HEAP, (void **)&next);
        left = next == NULL ? 0 : PIECE + SMALLEST;
    }
    if (left < type->size + SMALLEST) {
        __real_RhAllocateNewObject(type, flags, result);
        return;
    }
    char *rest = next + type->size;
    left -= type->size;
    *(method_table **)rest = g_pFreeObjectEEType;
    *(size_t *)(rest + 8) = left - SMALLEST;
    *(size_t *)(next + 8) = 0; /* held the free object's length */
    *(method_table **)next = type;
    *result = next;
    next = rest;
}

/* Which instructions the processor has: the runtime asks CPUID six times or more, and in a virtual machine each one
 * stops the machine (8 µs measured). The C library has asked already and keeps what it heard. Only what the runtime knows
 * by these bits is claimed; the newest (AVX-512) are left out, they would be used by nothing here. Every other verb asks
 * the processor too and stops where a claim would be false, so install/build cannot finish with a runtime that
 * numbers its bits in another way. */
static int known_features(void)
{
    int bits = 0;
    if (CPU_FEATURE_ACTIVE(AES)) bits |= 0x0001;
    if (CPU_FEATURE_ACTIVE(PCLMULQDQ)) bits |= 0x0002;
    if (CPU_FEATURE_ACTIVE(SSE3)) bits |= 0x0004;
    if (CPU_FEATURE_ACTIVE(SSSE3)) bits |= 0x0008;
    if (CPU_FEATURE_ACTIVE(SSE4_1)) bits |= 0x0010;
    if (CPU_FEATURE_ACTIVE(SSE4_2)) bits |= 0x0020;
    if (CPU_FEATURE_ACTIVE(POPCNT)) bits |= 0x0040;
    if (CPU_FEATURE_ACTIVE(AVX)) bits |= 0x0080;
    if (CPU_FEATURE_ACTIVE(FMA)) bits |= 0x0100;
    if (CPU_FEATURE_ACTIVE(AVX2)) bits |= 0x0200;
    return bits;
}

int __real_minipal_getcpufeatures(void);
int __wrap_minipal_getcpufeatures(void)
{
    int known = known_features();
    if (gate_one_shot)
        return known;
    int real = __real_minipal_getcpufeatures();
    if (known & ~real) {
        fputs("gate: the runtime names the processor's features in another way than Native/start.c does\n", stderr);
        abort();
    }
    return real;
}

/* A first piece of a heap, 64 KiB: an ordinary call fills most of it, so it is faulted in by one call instead of sixteen. */
int __real_mprotect(void *address, size_t length, int protection);
int __wrap_mprotect(void *address, size_t length, int protection)
{
    int result = __real_mprotect(address, length, protection);
    if (gate_one_shot && length == 65536 && result == 0 && protection == (PROT_READ | PROT_WRITE))
        madvise(address, length, MADV_POPULATE_WRITE);
    return result;
}
