/* Stands between a program and its files, loaded before the C library: makes calls fail, writes them down, moves the clock.
 *
 * Works on the files in the folder named by FENBO_FAULT_DIR, but for its own two: `control`, a page of numbers shared with
 * whoever runs the test, and `trace`, the calls written down. Start at `refused` and `note`. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Kinds of calls, as bits. */
enum { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, TRUNCATE = 16, UNLINK = 32, MAP = 64 };
/* The numbers of the control page; shim.rs has the same list. */
enum { KINDS, AT, PERSISTS, ERROR, COUNT, FIRED, CLOCK, RECORDING };

#define FILES 1024
static volatile int64_t *control;
static char folder[PATH_MAX], names[FILES][64];
static size_t folder_length;
static int trace = -1;
static volatile char tracing;

static int raw_open(const char *path, int flags, mode_t mode) { return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode); }

__attribute__((constructor)) static void begin(void) {
    const char *named = getenv("FENBO_FAULT_DIR");
    if (!named || strlen(named) > PATH_MAX - 16) return;
    strcpy(folder, named);
    folder_length = strlen(folder);
    char path[PATH_MAX];
    strcpy(path, folder);
    int fd = raw_open(strcat(path, "/control"), O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return;
    void *page = (void *)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (page == MAP_FAILED) return;
    strcpy(path, folder);
    trace = raw_open(strcat(path, "/trace"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    control = page;
}

/* The file's name when it is one of those worked on, else nothing. */
static const char *ours(const char *path) {
    if (!control || strncmp(path, folder, folder_length) || path[folder_length] != '/') return NULL;
    const char *name = path + folder_length + 1;
    return strchr(name, '/') || strlen(name) > 63 || !strcmp(name, "control") || !strcmp(name, "trace") ? NULL : name;
}

static const char *open_as(int fd) { return control && fd >= 0 && fd < FILES && names[fd][0] ? names[fd] : NULL; }

/* Whether this call is one that must fail; errno is then set. */
static int refused(int kind) {
    if (!(control[KINDS] & kind)) return 0;
    int64_t n = __atomic_add_fetch(&control[COUNT], 1, __ATOMIC_SEQ_CST), at = control[AT];
    if (at == 0 || n < at || (n > at && !control[PERSISTS])) return 0;
    __atomic_add_fetch(&control[FIRED], 1, __ATOMIC_SEQ_CST);
    errno = (int)control[ERROR];
    return 1;
}

/* Writes a call down: kind, name, place, bytes. Whether calls are written down at all. */
static int note(int kind, const char *name, int64_t place, const void *bytes, size_t length) {
    if (!control[RECORDING]) return 0;
    unsigned char head[1 + 64 + 8 + 8] = {(unsigned char)kind};
    int64_t size = (int64_t)length;
    strcpy((char *)head + 1, name);
    memcpy(head + 65, &place, 8);
    memcpy(head + 73, &size, 8);
    while (__atomic_test_and_set(&tracing, __ATOMIC_ACQUIRE)) {}
    syscall(SYS_write, trace, head, sizeof head);
    if (length) syscall(SYS_write, trace, bytes, length);
    __atomic_clear(&tracing, __ATOMIC_RELEASE);
    return 1;
}

static int opened(const char *path, int flags, mode_t mode) {
    const char *name = ours(path);
    if (name && refused(OPEN)) return -1;
    int fd = raw_open(path, flags, mode);
    if (fd >= 0 && fd < FILES) strcpy(names[fd], name ? name : "");
    return fd;
}

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(path, flags, mode); }

int close(int fd) {
    if (fd >= 0 && fd < FILES) names[fd][0] = 0;
    return (int)syscall(SYS_close, fd);
}

ssize_t pread(int fd, void *to, size_t length, off_t place) {
    return open_as(fd) && refused(READ) ? -1 : syscall(SYS_pread64, fd, to, length, place);
}
ssize_t pread64(int fd, void *to, size_t length, off64_t place) { return pread(fd, to, length, place); }
ssize_t read(int fd, void *to, size_t length) { return open_as(fd) && refused(READ) ? -1 : syscall(SYS_read, fd, to, length); }

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t place) {
    const char *name = open_as(fd);
    if (name && refused(WRITE)) {
        int why = errno;
        /* Half of it has reached the file. */
        if (length > 1) syscall(SYS_pwrite64, fd, bytes, length / 2, place);
        errno = why;
        return -1;
    }
    if (name) note(WRITE, name, place, bytes, length);
    return syscall(SYS_pwrite64, fd, bytes, length, place);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place) { return pwrite(fd, bytes, length, place); }
ssize_t write(int fd, const void *bytes, size_t length) {
    const char *name = open_as(fd);
    if (name && refused(WRITE)) return -1;
    if (name) note(WRITE, name, syscall(SYS_lseek, fd, 0, SEEK_CUR), bytes, length);
    return syscall(SYS_write, fd, bytes, length);
}

/* While calls are written down nothing is really synced: what would have been lost is put together afterwards. */
int fsync(int fd) {
    const char *name = open_as(fd);
    if (name && refused(SYNC)) return -1;
    return name && note(SYNC, name, 0, NULL, 0) ? 0 : (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd) { return fsync(fd); }

int ftruncate(int fd, off_t length) {
    const char *name = open_as(fd);
    if (name && refused(TRUNCATE)) return -1;
    if (name) note(TRUNCATE, name, length, NULL, 0);
    return (int)syscall(SYS_ftruncate, fd, length);
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int unlink(const char *path) {
    const char *name = ours(path);
    if (name && refused(UNLINK)) return -1;
    if (name) note(UNLINK, name, 0, NULL, 0);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t place) {
    if (open_as(fd) && refused(MAP)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, place);
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t place) {
    return mmap(at, length, protection, flags, fd, place);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int done = (int)syscall(SYS_clock_gettime, clock, time);
    if (done == 0 && control && clock == CLOCK_REALTIME) time->tv_sec += control[CLOCK];
    return done;
}
