// The executable's own malloc, write, pthread_mutex_lock and so on come before those of the C
// library, also for plug-ins that it loads.
#include "guard.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

thread_local bool is_guarded = false;

[[maybe_unused]] void forbid(const char* name) {
  if (!is_guarded) return;
  is_guarded = false;
  static const char text[] = "the audio thread called ";
  iovec pieces[] = {{const_cast<char*>(text), sizeof text - 1},
                    {const_cast<char*>(name), std::strlen(name)},
                    {const_cast<char*>("\n"), 1}};
  syscall(SYS_writev, 2, pieces, 3);
  std::abort();
}

// A disk that takes its time once, for the first of the plug-in's threads that writes much.
[[maybe_unused]] void dawdle(std::size_t bytes) {
  static std::atomic<const char*> wanted_ms{std::getenv("SLOW_DISK_MS")};
  if (bytes < 4096 || syscall(SYS_gettid) == getpid()) return;
  const char* const slow_ms = wanted_ms.exchange(nullptr);
  if (slow_ms == nullptr) return;
  const long ms = std::atol(slow_ms);
  const timespec pause{ms / 1000, ms % 1000 * 1000000};
  syscall(SYS_nanosleep, &pause, nullptr);
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

namespace guard {

void enter() { is_guarded = true; }
void leave() { is_guarded = false; }

bool seal() {
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_yield, 0, 1),  // how the host itself waits
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  const sock_fprog program{sizeof rules / sizeof *rules, rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace guard

#ifdef INTERPOSE
extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) {
  forbid("malloc");
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  forbid("calloc");
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  forbid("realloc");
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  forbid("memalign");
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  forbid("aligned_alloc");
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** place, std::size_t alignment, std::size_t size) {
  forbid("posix_memalign");
  *place = __libc_memalign(alignment, size);
  return *place != nullptr ? 0 : 12;
}
void free(void* old) {
  forbid("free");
  __libc_free(old);
}

#define FORBIDDEN(result, name, parameters, arguments)                  \
  result name parameters {                                              \
    static const auto real = next<result(*) parameters>(#name);         \
    forbid(#name);                                                      \
    return real arguments;                                              \
  }
FORBIDDEN(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
FORBIDDEN(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex))
FORBIDDEN(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex))
FORBIDDEN(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
FORBIDDEN(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
FORBIDDEN(int, pthread_spin_lock, (pthread_spinlock_t * lock), (lock))
FORBIDDEN(int, pthread_cond_signal, (pthread_cond_t * condition), (condition))
FORBIDDEN(int, pthread_cond_broadcast, (pthread_cond_t * condition), (condition))
FORBIDDEN(int, sem_post, (sem_t * semaphore), (semaphore))
FORBIDDEN(int, sem_wait, (sem_t * semaphore), (semaphore))
FORBIDDEN(ssize_t, read, (int file, void* data, std::size_t size), (file, data, size))
FORBIDDEN(int, close, (int file), (file))
FORBIDDEN(int, fflush, (FILE * file), (file))
FORBIDDEN(FILE*, fopen, (const char* path, const char* mode), (path, mode))
FORBIDDEN(FILE*, fopen64, (const char* path, const char* mode), (path, mode))
FORBIDDEN(int, munmap, (void* data, std::size_t size), (data, size))
FORBIDDEN(int, madvise, (void* data, std::size_t size, int advice), (data, size, advice))
FORBIDDEN(int, nanosleep, (const timespec* wanted, timespec* rest), (wanted, rest))
FORBIDDEN(int, usleep, (useconds_t microseconds), (microseconds))
FORBIDDEN(int, vfprintf, (FILE * file, const char* format, va_list list), (file, format, list))
FORBIDDEN(std::size_t, fwrite, (const void* data, std::size_t size, std::size_t count, FILE* file),
          (data, size, count, file))

// The sealed thread calls this one, and must not wait for `real` above to be found.
int sched_yield() {
  forbid("sched_yield");
  return static_cast<int>(syscall(SYS_sched_yield));
}
ssize_t write(int file, const void* data, std::size_t size) {
  forbid("write");
  dawdle(size);
  return syscall(SYS_write, file, data, size);
}
ssize_t writev(int file, const iovec* pieces, int count) {
  forbid("writev");
  dawdle(count > 0 ? pieces[count - 1].iov_len : 0);
  return syscall(SYS_writev, file, pieces, count);
}
int open(const char* path, int flags, ...) {
  forbid("open");
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, 0644));
}
int open64(const char* path, int flags, ...) {
  forbid("open64");
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, 0644));
}

}  // extern "C"
#endif
