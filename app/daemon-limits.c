/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service limits itself, so that it is limited however it was started: by D-Bus alone, by
 * systemd, or by hand. None of this needs a privilege. A kernel that lacks a part of it leaves that
 * part out; the rest stands. */
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

#define MAKES                                                                                      \
  (LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SOCK        \
   | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_CHAR     \
   | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE                                \
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

/* Only sockets of this machine: the buses. */
static void
limit_network (void)
{
#ifdef OUR_ARCH
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 0, 4),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 2),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0])),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
  };
  const struct sock_fprog program = { G_N_ELEMENTS (filter), filter };

  if (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    g_info ("this kernel does not filter sockets");
#endif
}

static void
allow (int rules, const char *path, guint64 access)
{
  struct landlock_path_beneath_attr beneath = { .allowed_access = access };

  beneath.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (beneath.parent_fd < 0)
    return;
  syscall (__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  close (beneath.parent_fd);
}

/* Writing is for devices and for the service's own folders; reading stays as it is. */
static void
limit_files (const char *const *writable)
{
  const struct landlock_ruleset_attr attr
      = { .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | MAKES };
  int rules = (int) syscall (__NR_landlock_create_ruleset, &attr, sizeof attr, 0);

  if (rules < 0)
    {
      g_info ("this kernel cannot limit where the service writes (Landlock)");
      return;
    }
  allow (rules, "/dev", LANDLOCK_ACCESS_FS_WRITE_FILE);
  for (guint i = 0; writable[i] != NULL; i++)
    allow (rules, writable[i], LANDLOCK_ACCESS_FS_WRITE_FILE | MAKES);
  syscall (__NR_landlock_restrict_self, rules, 0);
  close (rules);
}

/**
 * ofl_daemon_limit_myself:
 * @writable: (array zero-terminated=1): folders, which must be there, where it may write
 *
 * No core dumps, no new privileges, no network, no writing elsewhere. Call it before the first
 * thread is started: threads inherit it.
 */
void
ofl_daemon_limit_myself (const char *const *writable)
{
  limit_process ();
  limit_files (writable);
  limit_network ();
}
