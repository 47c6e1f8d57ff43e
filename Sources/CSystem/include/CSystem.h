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

/* The two below are all ones if the first is the lower number, else 0. The compiler is kept from seeing what the value can
 * be: what is chosen by it as a mask stays without a jump, which at a toss costs as much as twenty steps. */
static inline long csystem_less(long a, long b)
{
    long mask = 0 - (long)(a < b);
    __asm__("" : "+r"(mask));
    return mask;
}

/* Of numbers of 192 bits, high word first. */
static inline unsigned long csystem_below(unsigned long a1, unsigned long a2, unsigned long a3, unsigned long b1,
                                          unsigned long b2, unsigned long b3)
{
    unsigned _BitInt(192) a = (unsigned _BitInt(192))a1 << 128 | (unsigned _BitInt(192))a2 << 64 | a3;
    unsigned _BitInt(192) b = (unsigned _BitInt(192))b1 << 128 | (unsigned _BitInt(192))b2 << 64 | b3;
    unsigned long mask = 0 - (unsigned long)(a < b);
    __asm__("" : "+r"(mask));
    return mask;
}
#endif
