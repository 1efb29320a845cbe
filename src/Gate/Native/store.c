/*
 * The hook's fast way into SQLite; the floor program of tests/Gate.Bench is linked with it too. Only for the first
 * argument "hook": every other verb opens the store as SQLite does by itself.
 *
 * 1. Memory. SQLite's defaults are for programs that live: twenty pages set aside for each connection and chained,
 *    which is a page fault each. Mutexes and statistics serve threads and monitors.
 *
 * 2. The log's index. A hook ends without closing, so the next one is again the first to open the store, and the first
 *    one throws the shared index (store.db-shm) away and makes it anew by reading the whole write-ahead log. The index
 *    is thrown away because after a crash of the machine it may be older or newer than the log, which is on disk. A
 *    process that dies never damages it: SQLite's other connections go on with it as it is, whatever moment the process
 *    died at. So it is kept (the call that cuts the file to 3 bytes is left out) when all of this holds, and else thrown
 *    away as ever:
 *      - a mark in it says that it was made since this machine started, for this very log file. The mark is in the
 *        eight bytes that SQLite reserves for its locks and never reads or writes; whoever else throws the
 *        index away takes the mark with it;
 *      - its last frame is in the log, with the same salt and checksum, and no later frame of that log follows;
 *    and SQLite still checks the index's own checksum and makes it anew when it was left half written.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int gate_one_shot;

static int log_descriptor = -1;

/* SQLite's file format, "WAL-Index Header": two copies of 48 bytes, checkpoint information from 96, locks at 120. */
enum { MARK_AT = 120, FRAME_HEADER = 24, LOG_HEADER = 32 };

typedef struct {
    uint32_t version, unused, change;
    uint8_t initialised, big_endian;
    uint16_t page_size;
    uint32_t last_frame, pages, frame_checksum[2], salt[2], checksum[2];
} IndexHeader;

static int open_and_note(const char *path, int flags, int mode)
{
    int descriptor = open(path, flags, mode);
    size_t length = strlen(path);
    if (length > 4 && strcmp(path + length - 4, "-wal") == 0)
        log_descriptor = descriptor;
    return descriptor;
}

/* This start of the machine and this log file, as a number; 0 when it cannot be known. */
static uint64_t mark_of(const struct stat *log)
{
    char boot[36];
    int descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t count = descriptor < 0 ? -1 : read(descriptor, boot, sizeof boot);
    if (descriptor >= 0)
        close(descriptor);
    if (count != sizeof boot)
        return 0;
    uint64_t mark = 0xCBF29CE484222325u;
    for (size_t i = 0; i < sizeof boot; i++)
        mark = (mark ^ (uint8_t)boot[i]) * 0x100000001B3u;
    mark = (mark ^ log->st_dev) * 0x9E3779B97F4A7C15u;
    mark = (mark ^ log->st_ino) * 0x9E3779B97F4A7C15u;
    return mark ^ mark >> 29;
}

/* A frame's header: page, pages after a commit, salt, checksum; numbers are big-endian on disk, salts are bytes. */
static int is_frame(const IndexHeader *header, uint32_t number, int with_checksum)
{
    uint32_t frame[6];
    size_t page = header->page_size == 1 ? 65536 : header->page_size;
    off_t at = LOG_HEADER + (off_t)(number - 1) * (off_t)(FRAME_HEADER + page);
    if (pread(log_descriptor, frame, sizeof frame, at) != sizeof frame || frame[2] != header->salt[0] || frame[3] != header->salt[1])
        return 0;
    return !with_checksum || (__builtin_bswap32(frame[4]) == header->frame_checksum[0] && __builtin_bswap32(frame[5]) == header->frame_checksum[1]);
}

static int may_be_kept(int index, uint64_t mark)
{
    struct {
        IndexHeader header[2];
        uint8_t information[24];
        uint64_t mark;
    } start;
    _Static_assert(sizeof start == 128 && sizeof(IndexHeader) == 48, "SQLite's layout");
    if (pread(index, &start, sizeof start, 0) != sizeof start || start.mark != mark || memcmp(&start.header[0], &start.header[1], sizeof start.header[0]) != 0)
        return 0;
    const IndexHeader *header = &start.header[0];
    if (header->version != 3007000 || !header->initialised || header->page_size == 0)
        return 0;
    return (header->last_frame == 0 || is_frame(header, header->last_frame, 1)) && !is_frame(header, header->last_frame + 1, 0);
}

static int truncate_or_keep(int descriptor, off_t length)
{
    /* Three bytes: only the first opener cuts the index so, alone and with its lock held. */
    struct stat log;
    if (length != 3 || log_descriptor < 0 || fstat(log_descriptor, &log) != 0)
        return ftruncate(descriptor, length);
    uint64_t mark = mark_of(&log);
    if (mark != 0 && may_be_kept(descriptor, mark))
        return 0;
    int result = ftruncate(descriptor, length);
    if (result == 0 && mark != 0 && pwrite(descriptor, &mark, sizeof mark, MARK_AT) != sizeof mark)
        result = ftruncate(descriptor, length);
    return result;
}

int __real_sqlite3_open_v2(const char *path, sqlite3 **database, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **database, int flags, const char *vfs)
{
    if (gate_one_shot) {
        sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
        sqlite3_vfs *files = sqlite3_vfs_find(NULL);
        if (files != NULL && files->iVersion >= 3) {
            files->xSetSystemCall(files, "open", (sqlite3_syscall_ptr)open_and_note);
            files->xSetSystemCall(files, "ftruncate", (sqlite3_syscall_ptr)truncate_or_keep);
        }
    }
    return __real_sqlite3_open_v2(path, database, flags, vfs);
}
