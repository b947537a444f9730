/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service gives up, tried from within: each attempt in a process of its own that has
 * limited itself as the service does (case "f13"). */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/landlock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "daemon-limits.h"
#include "kit/scratch.h"

#define I386_SOCKET 359
#define X32_BIT 0x40000000

typedef struct {
  char *dir;
  char *own;    /* a folder that the service may write to */
  char *mine;   /* a file in it */
  char *victim; /* a file elsewhere */
} Place;

typedef long (*Attempt) (const Place *place);

static long
open_for_writing (const Place *place)
{
  return open (place->victim, O_WRONLY | O_CLOEXEC);
}

static long
create_elsewhere (const Place *place)
{
  g_autofree char *path = g_build_filename (place->dir, "new", NULL);

  return open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long
unlink_elsewhere (const Place *place)
{
  return unlink (place->victim);
}

static long
truncate_elsewhere (const Place *place)
{
  return truncate (place->victim, 0);
}

static long
truncate_own (const Place *place)
{
  int fd = open (place->mine, O_WRONLY | O_TRUNC | O_CLOEXEC);

  if (fd < 0)
    return -1;
  close (fd);
  return truncate (place->mine, 10);
}

static long
save_own (const Place *place)
{
  return g_file_set_contents_full (place->mine, "new", 3,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, NULL)
             ? 0
             : -1;
}

static long
chmod_elsewhere (const Place *place)
{
  return chmod (place->victim, 0666);
}

static long
fchmod_elsewhere (const Place *place)
{
  return fchmod (open (place->victim, O_RDONLY | O_CLOEXEC), 0666);
}

static long
chown_elsewhere (const Place *place)
{
  return chown (place->victim, getuid (), getgid ());
}

static long
set_attribute (const Place *place)
{
  return setxattr (place->victim, "user.x", "1", 1, 0);
}

static long
local_socket (const Place *place)
{
  return socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long
internet_socket (const Place *place)
{
  return socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long
netlink_socket (const Place *place)
{
  return socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static long
submission_ring (const Place *place)
{
  return syscall (425, 1, NULL); /* io_uring_setup */
}

#ifdef __x86_64__
static long
i386_socket (const Place *place)
{
  long result;

  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "a"(I386_SOCKET), "b"(AF_INET), "c"(SOCK_STREAM), "d"(0)
                   : "memory", "r8", "r9", "r10", "r11");
  errno = result < 0 ? (int) -result : 0;
  return result < 0 ? -1 : result;
}

/* A kernel without the calls of 32-bit programs ends whoever tries one. */
static gboolean
has_i386_calls (void)
{
  int status = 0;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      i386_socket (NULL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static long
x32_socket (const Place *place)
{
  return syscall (X32_BIT | __NR_socket, AF_INET, SOCK_STREAM, 0);
}
#endif

typedef struct {
  const char *name;
  Attempt attempt;
  int landlock; /* the version that it takes, 0: none */
  int error;    /* how it must fail; 0: it must not */
} Row;

static const Row rows[] = {
  { "open-for-writing", open_for_writing, 1, EACCES },
  { "create", create_elsewhere, 1, EACCES },
  { "unlink", unlink_elsewhere, 1, EACCES },
  { "truncate", truncate_elsewhere, 3, EACCES },
  { "truncate-own", truncate_own, 0, 0 },
  { "save-own", save_own, 0, 0 },
  { "chmod", chmod_elsewhere, 0, EPERM },
  { "fchmod", fchmod_elsewhere, 0, EPERM },
  { "chown", chown_elsewhere, 0, EPERM },
  { "setxattr", set_attribute, 0, EPERM },
  { "unix-socket", local_socket, 0, 0 },
  { "inet-socket", internet_socket, 0, EAFNOSUPPORT },
  { "netlink-socket", netlink_socket, 0, EAFNOSUPPORT },
  { "io-uring", submission_ring, 0, EPERM },
#ifdef __x86_64__
  { "i386-socket", i386_socket, 0, EPERM },
  { "x32-socket", x32_socket, 0, EPERM },
#endif
};

static int
landlock_version (void)
{
  return (int) syscall (__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static void
place_make (Place *place)
{
  place->dir = scratch_new ();
  place->own = g_build_filename (place->dir, "own", NULL);
  place->mine = g_build_filename (place->own, "mine", NULL);
  place->victim = g_build_filename (place->dir, "victim", NULL);
  g_assert_cmpint (g_mkdir (place->own, 0700), ==, 0);
  g_assert_true (g_file_set_contents (place->mine, "old", -1, NULL));
  g_assert_true (g_file_set_contents (place->victim, "precious", -1, NULL));
}

static void
place_clear (Place *place)
{
  g_free (place->mine);
  g_free (place->victim);
  g_free (place->own);
  scratch_free (place->dir);
}

/* The error number of the attempt, 0 when it got through. */
static int
try_limited (const Place *place, Attempt attempt)
{
  const char *const writable[] = { place->own, NULL };
  int status = 0;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      ofl_daemon_limit_myself (writable);
      errno = 0;
      _exit (attempt (place) >= 0 ? 0 : errno != 0 ? errno : 255);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_attempt (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *text = NULL;
  Place place;
  int error;

  if (landlock_version () < row->landlock)
    {
      g_test_skip ("this kernel has no Landlock that knows of it");
      return;
    }
#ifdef __x86_64__
  if (row->attempt == i386_socket && !has_i386_calls ())
    {
      g_test_skip ("this kernel has no calls of 32-bit programs");
      return;
    }
#endif
  place_make (&place);
  error = try_limited (&place, row->attempt);
  g_assert_cmpint (error, ==, row->error);
  g_assert_true (g_file_get_contents (place.victim, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
  place_clear (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/limits/f13/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_attempt);
    }
  return g_test_run ();
}
