/* Preloaded (LD_PRELOAD): counts what makes data durable, in a file of 8 bytes a process under $NOEMA_SYNCS, and delays each by
   $NOEMA_SYNC_DELAY_US, so that a fast disk can be measured as a slow one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic unsigned long none;
static _Atomic unsigned long *count = &none;
static useconds_t delay;

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("NOEMA_SYNCS");
  const char *us = getenv("NOEMA_SYNC_DELAY_US");
  char path[4096];
  if (us) delay = (useconds_t)atol(us);
  if (!folder) return;
  snprintf(path, sizeof path, "%s/%d", folder, (int)getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (ftruncate(fd, sizeof *count) == 0) {
    void *at = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) count = at;
  }
  close(fd);
}

#define COUNTED(name, parameters, arguments, counts)              \
  int name parameters {                                           \
    static int (*real) parameters;                                \
    if (!real) real = (int(*) parameters)dlsym(RTLD_NEXT, #name); \
    if (counts) {                                                 \
      atomic_fetch_add(count, 1);                                 \
      if (delay) usleep(delay);                                   \
    }                                                             \
    return real arguments;                                        \
  }

COUNTED(fsync, (int fd), (fd), 1)
COUNTED(fdatasync, (int fd), (fd), 1)
COUNTED(msync, (void *at, size_t length, int flags), (at, length, flags), flags & MS_SYNC)
