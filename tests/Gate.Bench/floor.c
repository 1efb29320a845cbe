/*
 * The floor: what one hook call costs when nothing but the system work is done.
 *
 *     floor HOME FRAMES < payload
 *
 * It reads the same input, maps and verifies the same bundle, makes the same transaction in a store of the same schema and
 * writes the same answer as gate does for the same payload. What it leaves out is what gate adds: a runtime, the parsing
 * of the command, effects, rules. Its rows are valid ledger rows: `gate ledger verify` says so after every run.
 * It opens the store through gate's own Native/store.c, so it has the same memory settings and keeps the same index.
 * Each step names the part of gate that it mirrors; a change there belongs here too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct { const unsigned char *at; size_t length; } Text;

#define TEXT(literal) ((Text){(const unsigned char *)(literal), sizeof(literal) - 1})

extern int gate_one_shot; /* Native/store.c: this is a hook */

static sqlite3 *database;
static int frames_in_log;

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s (%s)\n", what, database ? sqlite3_errmsg(database) : strerror(errno));
    _exit(1);
}

static int64_t clock_in(int clock, int64_t per_second)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * per_second + t.tv_nsec / (1000000000 / per_second);
}

/* Files.ReadAll: descriptor 0 to its end, 16 KiB doubled as needed. */
static unsigned char *read_all(int descriptor, size_t capacity, size_t *length)
{
    unsigned char *buffer = malloc(capacity);
    *length = 0;
    for (;;) {
        if (*length == capacity)
            buffer = realloc(buffer, capacity *= 2);
        ssize_t count = read(descriptor, buffer + *length, capacity - *length);
        if (count < 0)
            fail("read");
        if (count == 0)
            return buffer;
        *length += (size_t)count;
    }
}

/* ClaudeCode.Read: here a plain search for the field; no JSON is checked and nothing is unescaped. */
static Text field(const unsigned char *bytes, size_t length, const char *name)
{
    char needle[64];
    int n = snprintf(needle, sizeof needle, "\"%s\":\"", name);
    const unsigned char *start = memmem(bytes, length, needle, (size_t)n);
    if (!start)
        return TEXT("");
    start += n;
    const unsigned char *end = start;
    while (end < bytes + length && *end != '"')
        end += *end == '\\' ? 2 : 1;
    return (Text){start, (size_t)(end - start)};
}

/* The raw bytes of "tool_input": up to the brace that closes it. */
static Text object(const unsigned char *bytes, size_t length, const char *name)
{
    char needle[64];
    int n = snprintf(needle, sizeof needle, "\"%s\":", name), depth = 0, quoted = 0;
    const unsigned char *start = memmem(bytes, length, needle, (size_t)n);
    if (!start)
        fail("no tool_input");
    start += n;
    for (const unsigned char *p = start; p < bytes + length; p++) {
        if (*p == '\\')
            p++;
        else if (*p == '"')
            quoted = !quoted;
        else if (!quoted && *p == '{')
            depth++;
        else if (!quoted && *p == '}' && --depth == 0)
            return (Text){start, (size_t)(p + 1 - start)};
    }
    fail("tool_input has no end");
    return TEXT("");
}

static void blake2(unsigned char *digest, const void *bytes, size_t length)
{
    crypto_generichash(digest, 32, bytes, length, NULL, 0);
}

static uint32_t word(const unsigned char *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

/* Trust.Find: the key whose id signed the bundle, from the lines of the trust file. */
static void find_key(const char *home, const unsigned char *key_id, unsigned char *key)
{
    char path[4096], line_id[33];
    size_t length;
    snprintf(path, sizeof path, "%s/.config/gate/trust", home);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail("trust file");
    unsigned char *text = read_all(descriptor, 512, &length);
    close(descriptor);
    for (int i = 0; i < 16; i++)
        snprintf(line_id + 2 * i, 3, "%02x", key_id[i]);
    unsigned char *line = memmem(text, length, line_id, 32);
    if (!line)
        fail("unknown key");
    for (int i = 0; i < 32; i++) {
        const char digits[] = {(char)line[33 + 2 * i], (char)line[34 + 2 * i], 0};
        key[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    unsigned char id[32];
    blake2(id, key, 32);
    if (memcmp(id, key_id, 16) != 0)
        fail("the key does not fit its id");
}

/* BundleFile.Open and Bundle.Open: owner and mode on the handle that is mapped; signature; root digest; then the
 * digests of one chunk and of 16 blocks, about what an ordinary call reads. */
static const unsigned char *open_bundle(const char *home, const unsigned char *repository_id)
{
    char path[4096], name[33];
    for (int i = 0; i < 16; i++)
        snprintf(name + 2 * i, 3, "%02x", repository_id[i]);
    snprintf(path, sizeof path, "%s/.local/state/gate/repositories/%s/bundle", home, name);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        fail("bundle");
    if (!S_ISREG(status.st_mode) || (status.st_mode & 022) || (status.st_uid != getuid() && status.st_uid != 0))
        fail("owner of the bundle");
    const unsigned char *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED)
        fail("mmap");

    unsigned char key[32], digest[32], message[14 + 96 + 32 * 12];
    find_key(home, start + 48, key);
    close(descriptor);
    uint32_t blocks = word(start + 36), sections = word(start + 44), data = word(start + 40), upper = 160 + sections * 12;
    memcpy(message, "gate bundle 1", 14);
    memcpy(message + 14, start, 96);
    memcpy(message + 14 + 96, start + 160, sections * 12);
    if (crypto_sign_verify_detached(start + 96, message, 14 + 96 + sections * 12, key) != 0)
        fail("signature");
    uint32_t chunks = (blocks + 31) / 32, lower = upper + chunks * 32;
    blake2(digest, start + upper, chunks * 32);
    if (memcmp(digest, start + 64, 32) != 0)
        fail("root digest");
    blake2(digest, start + lower, (blocks < 32 ? blocks : 32) * 32);
    if (memcmp(digest, start + upper, 32) != 0)
        fail("chunk digest");
    for (uint32_t block = 0; block < 16 && block < blocks; block++) {
        blake2(digest, start + data + block * 1024, 1024);
        if (memcmp(digest, start + lower + block * 32, 32) != 0)
            fail("block digest");
    }
    return start;
}

/* Database: the same waiting, no automatic checkpoint, the same hook that counts the log's frames. */
static int waiting(void *argument, int count)
{
    (void)argument;
    long step = 100 + (count * 7919L + (long)&count / 64) % 400;
    usleep((useconds_t)(count > 64 ? step * 4 : step));
    return count < 20000;
}

static int committed(void *argument, sqlite3 *db, const char *name, int frames)
{
    (void)argument, (void)db, (void)name;
    frames_in_log = frames;
    return SQLITE_OK;
}

static void execute(const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        fail(sql);
    return statement;
}

static void run(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        fail("step");
    sqlite3_finalize(statement);
}

static void bind_text(sqlite3_stmt *statement, int index, Text text)
{
    sqlite3_bind_text(statement, index, (const char *)text.at, (int)text.length, SQLITE_TRANSIENT);
}

static void bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length)
{
    sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/* LedgerRow.Canonical: what the row's hash is over. */
static unsigned char canonical[8192];
static size_t canonical_length;

static void add(const void *bytes, size_t length)
{
    memcpy(canonical + canonical_length, bytes, length);
    canonical_length += length;
}

static void add_number(int64_t value) { add(&value, 8); }

static void add_text(Text text)
{
    uint32_t length = (uint32_t)text.length;
    add(&length, 4);
    add(text.at, text.length);
}

static Text cut(Text text, size_t most) { return text.length > most ? (Text){text.at, most} : text; }

int main(int argc, char **argv)
{
    int64_t started = clock_in(CLOCK_MONOTONIC, 1000000);
    if (argc != 3)
        fail("usage: floor HOME FRAMES");
    const char *home = argv[1];
    gate_one_shot = 1;

    /* Hooks: the input and its fields. */
    size_t length;
    const unsigned char *input = read_all(0, 16384, &length);
    Text session = field(input, length, "session_id"), directory = field(input, length, "cwd"), event = field(input, length, "hook_event_name");
    Text tool = field(input, length, "tool_name"), call = field(input, length, "tool_use_id"), tool_input = object(input, length, "tool_input");
    Text command = field(tool_input.at, tool_input.length, "command");
    if (command.length == 0)
        command = field(tool_input.at, tool_input.length, "file_path");
    Text preview = cut(command, 240);

    /* Requests: Surroundings.Of climbs to the nearest .git; the digest of the request. */
    char asked[4096], here[4097], git[4106];
    snprintf(asked, sizeof asked, "%.*s", (int)directory.length, directory.at);
    if (!realpath(asked, here))
        fail("cwd");
    struct stat status;
    for (char *slash = here + strlen(here);;) {
        snprintf(git, sizeof git, "%s/.git", here);
        if (stat(git, &status) == 0)
            break;
        slash = strrchr(here, '/');
        if (!slash)
            fail("no repository");
        *slash = 0;
    }
    Text repository = {(unsigned char *)git, strlen(git)}, worktree = {(unsigned char *)here, strlen(here)};
    unsigned char repository_id[32], request[32], standing[32], previous[32], hash[32];
    blake2(repository_id, git, repository.length);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    crypto_generichash_update(&state, (const unsigned char *)"gate request 1\0\1", 17);
    crypto_generichash_update(&state, tool.at, tool.length);
    crypto_generichash_update(&state, (const unsigned char *)asked, directory.length);
    crypto_generichash_update(&state, tool_input.at, tool_input.length);
    crypto_generichash_final(&state, request, 32);

    const unsigned char *bundle = open_bundle(home, repository_id);

    /* Pipeline.OpenStore, Database.Open, GateStore.Open. */
    char path[4096];
    snprintf(path, sizeof path, "%s/.local/state/gate/repositories", home);
    if (stat(path, &status) != 0)
        fail("state");
    snprintf(path, sizeof path, "%s/.local/state/gate/store.db", home);
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        fail("open");
    sqlite3_busy_handler(database, waiting, NULL);
    sqlite3_wal_autocheckpoint(database, 0);
    sqlite3_wal_hook(database, committed, NULL);
    execute("PRAGMA synchronous=NORMAL");
    sqlite3_stmt *s = prepare("PRAGMA user_version");
    sqlite3_step(s);
    if (sqlite3_column_int64(s, 0) < 1)
        fail("schema");
    sqlite3_finalize(s);

    /* GateStore.Begin, ReadStanding. */
    execute("BEGIN IMMEDIATE");
    s = prepare("SELECT s.actions,s.started,w.actions,w.budget,r.bundle,w.profile,s.last,s.used,s.since,s.extra,s.longer,w.used,w.since,w.extra,w.longer,w.budget_actions,w.budget_minutes,s.call,s.repeats,s.words,w.words FROM (SELECT 1) LEFT JOIN sessions s ON s.session=?1 LEFT JOIN worktrees w ON w.worktree=?2 LEFT JOIN repositories r ON r.repository=?3");
    bind_text(s, 1, session);
    bind_text(s, 2, worktree);
    bind_text(s, 3, repository);
    if (sqlite3_step(s) != SQLITE_ROW)
        fail("standing");
    char text[256];
    int n = snprintf(text, sizeof text, "gate standing 2 %lld %lld %lld", (long long)sqlite3_column_int64(s, 0), (long long)sqlite3_column_int64(s, 1), (long long)sqlite3_column_int64(s, 2));
    blake2(standing, text, (size_t)n);
    if (sqlite3_column_bytes(s, 4) != 32 || memcmp(sqlite3_column_blob(s, 4), bundle + 64, 32) != 0)
        fail("the bundle is not the one in force");
    sqlite3_finalize(s);

    /* The decision: the one thing that is not made here. */
    int deny = memmem(command.at, command.length, "push --force", 12) != NULL;
    Text effects = deny ? TEXT("rewrite history git origin main; send host git origin") : TEXT("run code git");
    Text outcome = deny ? TEXT("deny") : TEXT("allow"), rules = deny ? TEXT("git.force-push") : TEXT(""), tags = deny ? TEXT("NIST:CM-3 NIST:CM-5 SOC2:CC8.1") : TEXT("");

    /* GateStore.Append: number, previous hash, hash, row, counters. */
    s = prepare("SELECT sequence,hash FROM ledger ORDER BY sequence DESC LIMIT 1");
    int64_t sequence = 1;
    memset(previous, 0, 32);
    if (sqlite3_step(s) == SQLITE_ROW) {
        sequence = sqlite3_column_int64(s, 0) + 1;
        memcpy(previous, sqlite3_column_blob(s, 1), 32);
    }
    sqlite3_finalize(s);
    int64_t now = clock_in(CLOCK_REALTIME, 1000), latency = clock_in(CLOCK_MONOTONIC, 1000000) - started;
    add("gate ledger row 1", 18);
    add_number(sequence);
    add_number(now);
    add_text(TEXT("claude-code"));
    add_text(session);
    add_text(repository);
    add_text(worktree);
    add_text(tool);
    add_text(event);
    add_text(call);
    add_number(0);
    add_text((Text){request, 32});
    add_text(preview);
    add_text(effects);
    add_number(deny ? 4 : 0);
    add_text(outcome);
    add_text(rules);
    add_text(tags);
    add_text((Text){bundle + 64, 32});
    add_text((Text){standing, 32});
    add_text(TEXT(""));
    add_number(latency);
    add(previous, 32);
    crypto_hash_sha256(hash, canonical, canonical_length);

    s = prepare("INSERT INTO ledger VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    sqlite3_bind_int64(s, 1, sequence);
    sqlite3_bind_int64(s, 2, now);
    bind_text(s, 3, TEXT("claude-code"));
    bind_text(s, 4, session);
    bind_text(s, 5, repository);
    bind_text(s, 6, worktree);
    bind_text(s, 7, tool);
    bind_text(s, 8, event);
    bind_text(s, 9, call);
    sqlite3_bind_int64(s, 10, 0);
    bind_blob(s, 11, request, 32);
    bind_text(s, 12, preview);
    bind_text(s, 13, effects);
    sqlite3_bind_int64(s, 14, deny ? 4 : 0);
    bind_text(s, 15, outcome);
    bind_text(s, 16, rules);
    bind_text(s, 17, tags);
    bind_blob(s, 18, bundle + 64, 32);
    bind_blob(s, 19, standing, 32);
    bind_text(s, 20, TEXT(""));
    sqlite3_bind_int64(s, 21, latency);
    bind_blob(s, 22, previous, 32);
    bind_blob(s, 23, hash, 32);
    run(s);
    s = prepare("INSERT INTO sessions VALUES(?1,?2,?3,?4,?5,?5,1,?6,?7,?8,?9,?10,1,'') ON CONFLICT DO UPDATE SET last=?5,actions=actions+1,since=?6,used=?7,extra=?8,longer=?9,repeats=CASE WHEN call=?10 THEN repeats+1 ELSE 1 END,call=?10");
    bind_text(s, 1, session);
    bind_text(s, 2, worktree);
    bind_text(s, 3, repository);
    bind_text(s, 4, TEXT("claude-code"));
    sqlite3_bind_int64(s, 5, now);
    for (int i = 6; i <= 10; i++)
        sqlite3_bind_int64(s, i, 0);
    run(s);
    s = prepare("INSERT INTO worktrees VALUES(?1,?2,'','',?3,?3,1,'',?4,?5,?6,?7,0,0,'') ON CONFLICT DO UPDATE SET last=?3,actions=actions+1,since=?4,used=?5,extra=?6,longer=?7");
    bind_text(s, 1, worktree);
    bind_text(s, 2, repository);
    sqlite3_bind_int64(s, 3, now);
    for (int i = 4; i <= 7; i++)
        sqlite3_bind_int64(s, i, 0);
    run(s);
    if (!deny) {
        s = prepare("INSERT OR REPLACE INTO pending VALUES(?,?,?,0)");
        bind_text(s, 1, call);
        sqlite3_bind_int64(s, 2, sequence);
        sqlite3_bind_int64(s, 3, now);
        run(s);
    }
    execute("COMMIT");

    /* LedgerAnchor.Note: this row's mark. Checkpoints, one row in 256, are left out. */
    snprintf(path, sizeof path, "%s/.local/state/gate/ledger.anchor", home);
    int anchor = open(path, O_RDWR | O_CLOEXEC);
    if (anchor < 0)
        fail("anchor");
    unsigned char there[80], mark[19 + 80] = "gate ledger mark 1";
    off_t slot = (off_t)(sequence % 256) * 80;
    if (pread(anchor, there, sizeof there, slot) != sizeof there)
        fail("anchor");
    memcpy(mark + 19 + 8, &sequence, 8);
    memcpy(mark + 19 + 24, &now, 8);
    memcpy(mark + 19 + 32, hash, 32);
    crypto_generichash(mark + 19 + 64, 16, mark, 19 + 64, NULL, 0);
    if (pwrite(anchor, mark + 19, 80, slot) != 80)
        fail("anchor");
    close(anchor);

    /* Responses, Program.RunHook: one write each, then the log's housekeeping, then the end without closing. */
    static const char allowed[] = "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\",\"permissionDecisionReason\":\"Gate: zone 0 (safe), within what 'balanced' allows.\"}}\n";
    static const char denied[] = "{\"decision\":\"block\",\"reason\":\"Gate denies this (git.force-push): A force push rewrites what others have. Instead: Push to a new branch, or use --force-with-lease on a branch of your own.\",\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"Gate denies this (git.force-push): A force push rewrites what others have. Instead: Push to a new branch, or use --force-with-lease on a branch of your own.\"}}\n";
    static const char why[] = "Gate denies this (git.force-push): A force push rewrites what others have. Instead: Push to a new branch, or use --force-with-lease on a branch of your own.\n";
    ssize_t written = deny ? write(1, denied, sizeof denied - 1) : write(1, allowed, sizeof allowed - 1);
    if (deny)
        written = write(2, why, sizeof why - 1);
    if (written < 0)
        _exit(1);
    if (frames_in_log >= atoi(argv[2])) {
        sqlite3_busy_handler(database, NULL, NULL);
        sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    _exit(deny ? 2 : 0);
}
