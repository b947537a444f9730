/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service limits itself, so that it is limited however it was started: by D-Bus alone, by
 * systemd, or by hand. None of this needs a privilege. A kernel that lacks a part of it leaves that
 * part out; the rest stands.
 *
 * What this is for: a firmware file or a drive's answer that gets the better of a parser should find
 * a process that can reach little. What it is not for, by design: it may read what its user may
 * read, use the drives (that is its work), and speak on the session bus; and every client of that
 * bus, which is the same user, may start, watch, cancel and dismiss jobs, also those of another
 * client. A cancel is refused after the point of no return whoever asks. */
#include "daemon-limits.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

/* Headers may be older than the kernel. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_CREATE_RULESET_VERSION
#define LANDLOCK_CREATE_RULESET_VERSION (1U << 0)
#endif
#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif
#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#endif
#define X32_BIT 0x40000000

#define MAKES \
  (LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SOCK \
   | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_CHAR \
   | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE \
   | LANDLOCK_ACCESS_FS_REMOVE_DIR)

/* No dump of a process that holds other people's firmware, and nothing gained by an exec. */
static void
limit_process (void)
{
  static const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  umask (077);
}

#ifdef OUR_ARCH
/* What Landlock does not know: a file's mode, owner and attributes. And ways round this filter. */
static const guint32 denied_calls[] = {
#ifdef __NR_chmod
  __NR_chmod,          __NR_chown,
  __NR_lchown,
#endif
  __NR_fchmod,         __NR_fchmodat,
  __NR_fchmodat2,      __NR_fchown,
  __NR_fchownat,       __NR_setxattr,
  __NR_lsetxattr,      __NR_fsetxattr,
  __NR_removexattr,    __NR_lremovexattr,
  __NR_fremovexattr,   __NR_ptrace,
  __NR_io_uring_setup, __NR_process_vm_writev,
};

#define DENY(code) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))

static guint
add_filter (struct sock_filter *filter, guint n, const struct sock_filter *more, guint n_more)
{
  for (guint i = 0; i < n_more; i++)
    filter[n++] = more[i];
  return n;
}

/* Calls of another architecture have other numbers, so none of them is let through. */
static guint
make_filter (struct sock_filter *filter)
{
  const struct sock_filter begin[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
    DENY (EPERM),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
    DENY (EPERM),
  };
  /* only sockets of this machine: the buses */
  const struct sock_filter end[] = {
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 3),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0])),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
    DENY (EAFNOSUPPORT),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  guint n = add_filter (filter, 0, begin, G_N_ELEMENTS (begin));

  for (guint i = 0; i < G_N_ELEMENTS (denied_calls); i++)
    {
      const struct sock_filter one[]
          = { BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, denied_calls[i], 0, 1), DENY (EPERM) };

      n = add_filter (filter, n, one, G_N_ELEMENTS (one));
    }
  return add_filter (filter, n, end, G_N_ELEMENTS (end));
}
#endif

static void
limit_calls (void)
{
#ifdef OUR_ARCH
  struct sock_filter filter[2 * G_N_ELEMENTS (denied_calls) + 16];
  const struct sock_fprog program = { (unsigned short) make_filter (filter), filter };

  if (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    g_info ("this kernel does not filter system calls");
#else
  g_info ("system calls are not filtered: no filter was written for this processor");
#endif
}

static void
allow (int rules, const char *path, guint64 access)
{
  int fd = open (path, O_PATH | O_CLOEXEC);
  const struct landlock_path_beneath_attr beneath = { .allowed_access = access, .parent_fd = fd };

  if (fd < 0)
    return;
  syscall (__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  close (fd);
}

/* Writing is for devices and for the service's own folders; reading stays as it is. */
static void
limit_files (const char *const *writable)
{
  int abi = (int) syscall (__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  /* the third version: before it, who may not write a file may still cut it off */
  guint64 truncate = abi >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
  const struct landlock_ruleset_attr attr
      = { .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | MAKES | truncate };
  int rules = abi > 0 ? (int) syscall (__NR_landlock_create_ruleset, &attr, sizeof attr, 0) : -1;

  if (rules < 0)
    {
      g_info ("this kernel cannot limit where the service writes (Landlock)");
      return;
    }
  allow (rules, "/dev", LANDLOCK_ACCESS_FS_WRITE_FILE);
  for (guint i = 0; writable[i] != NULL; i++)
    allow (rules, writable[i], LANDLOCK_ACCESS_FS_WRITE_FILE | MAKES | truncate);
  syscall (__NR_landlock_restrict_self, rules, 0);
  close (rules);
}

/**
 * ofl_daemon_limit_myself:
 * @writable: (array zero-terminated=1): folders, which must be there, where it may write
 *
 * No core dumps, no new privileges, no network, no writing, cutting off or changing of files
 * elsewhere. Call it before the first thread is started: threads inherit it.
 */
void
ofl_daemon_limit_myself (const char *const *writable)
{
  limit_process ();
  limit_files (writable);
  limit_calls ();
}
