#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSystem.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS /* Linux 4.13; the number in asm-generic/socket.h */
#define SO_PEERGROUPS 59
#endif

int csystem_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int csystem_peer_credentials(int socket, pid_t *pid, uid_t *uid, gid_t *gid) {
  struct ucred peer;
  socklen_t length = sizeof(peer);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
  *pid = peer.pid;
  *uid = peer.uid;
  *gid = peer.gid;
  return 0;
}

int csystem_peer_groups(int socket, gid_t *groups, int capacity) {
  socklen_t length = (socklen_t)capacity * (socklen_t)sizeof(gid_t);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) return -1;
  return (int)(length / sizeof(gid_t));
}

void csystem_advise_huge_pages(void *memory, size_t bytes) {
  int before = errno;
  madvise(memory, bytes, MADV_HUGEPAGE);
  errno = before;
}

void *csystem_zeroed_memory(size_t bytes, size_t alignment) {
  size_t whole = bytes + alignment;
  char *start = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  /* The system gives pages wherever it likes: what lies before and behind goes back. */
  size_t before = (alignment - (uintptr_t)start % alignment) % alignment;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t used = (bytes + page - 1) / page * page;
  if (before > 0) munmap(start, before);
  if (whole > before + used) munmap(start + before + used, whole - before - used);
  return start + before;
}

void csystem_return_memory(void *memory, size_t bytes) {
  munmap(memory, bytes);
}
