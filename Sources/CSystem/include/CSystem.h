#ifndef DIALERD_CSYSTEM_H
#define DIALERD_CSYSTEM_H
/* What Swift's Glibc module hides. The header must not define _GNU_SOURCE: fd_set and rusage would then differ from
 * Glibc's own. What needs it (accept4, struct ucred) is wrapped in CSystem.c. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>

/* accept4 with SOCK_CLOEXEC and SOCK_NONBLOCK; the peer's address is not asked for. */
int csystem_accept(int listener);

/* SO_PEERCRED: 0, or -1 with errno. */
int csystem_peer_credentials(int socket, pid_t *pid, uid_t *uid, gid_t *gid);

/* SO_PEERGROUPS: the number of groups, or -1 with errno; ERANGE when more than `capacity`. */
int csystem_peer_groups(int socket, gid_t *groups, int capacity);

/* Asks for pages of 2 MiB where `memory` covers such; a system that has none does nothing. */
void csystem_advise_huge_pages(void *memory, size_t bytes);

/* Zeros that begin at a multiple of `alignment` (a power of two, at least a page), taken from the system, which gives each
 * page when it is first written to; NULL when there is no memory. Goes back by csystem_return_memory. */
void *csystem_zeroed_memory(size_t bytes, size_t alignment);
void csystem_return_memory(void *memory, size_t bytes);

/* Tells the processor that what is at an address will soon be read. No address is wrong. */
static inline void csystem_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }
#endif
