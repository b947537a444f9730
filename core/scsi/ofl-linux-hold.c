/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding /dev/srN for the length of a job. Held open for writing and with O_EXCL, it can neither
 * be mounted nor burnt to, and the kernel's media polling, which would put its own commands between
 * ours, stops. Opened for reading only it does not (measured).
 *
 * Opening srN asks the drive for its medium, and the last close unlocks the tray. Both commands
 * wait in the kernel behind one that the drive does not answer: measured 58 s, in which not even
 * SIGKILL ends the process that opens or closes. So this is left to a process of its own, the
 * holder, which does nothing but wait for us to go, and may wait as long as it must. */
#include "scsi/ofl-linux-hold.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "scsi/ofl-linux-node.h"

#define HOLDER_NAME "optiflash-hold" /* at most 15 characters */
#define BUSY_SLICE_MS 100
#define OPEN_WAIT_MS 10000
#define RELEASE_WAIT_MS 1000

/* @link: our end of the line to the holder; it ends when this is closed, also by our death. */
struct _OflLinuxHold {
  int link;
};

static void
close_all_but (guint fd)
{
  if (fd > 0)
    close_range (0, fd - 1, 0);
  close_range (fd + 1, ~0u, 0);
}

/* In the holder. Returns 0, or errno; leaves the descriptor open. */
static int
open_patiently (const char *node, guint busy_wait_ms)
{
  const struct timespec slice = { 0, BUSY_SLICE_MS * 1000000L };

  for (guint waited = 0;; waited += BUSY_SLICE_MS)
    {
      if (open (node, O_RDWR | O_EXCL | O_NONBLOCK) >= 0)
        return 0;
      if (errno != EBUSY || waited >= busy_wait_ms)
        return errno;
      nanosleep (&slice, NULL);
    }
}

/* The holder. Forked off a program with threads: only what is allowed in a signal handler may be
 * called here. Everything inherited but the line to us goes, so that it keeps no pipe, no display
 * and no other drive open, and it leaves the terminal, whose ^C is not meant for it. */
static void
hold_until_left_alone (const char *node, guint busy_wait_ms, int link)
{
  char byte;
  ssize_t n;
  int code;

  setsid ();
  prctl (PR_SET_NAME, HOLDER_NAME);
  close_all_but ((guint) link);
  code = chdir ("/") == 0 ? open_patiently (node, busy_wait_ms) : errno;
  if (send (link, &code, sizeof code, MSG_NOSIGNAL) != sizeof code || code != 0)
    _exit (1);
  do
    n = read (link, &byte, 1);
  while (n > 0 || (n < 0 && errno == EINTR));
  close_all_but ((guint) link); /* first the device, then the line: see release */
  _exit (0);
}

/* Forks twice, so that the holder is nobody's child and leaves no zombie. Returns 0, or errno. */
static int
start_holder (const char *node, guint busy_wait_ms, int link)
{
  int status = 0;
  pid_t waited;
  pid_t pid = fork ();

  if (pid == 0)
    {
      pid_t holder = fork ();

      if (holder == 0)
        hold_until_left_alone (node, busy_wait_ms, link);
      _exit (holder < 0 ? 1 : 0);
    }
  if (pid < 0)
    return errno;
  do
    waited = waitpid (pid, &status, 0);
  while (waited < 0 && errno == EINTR);
  return waited == pid && WIFEXITED (status) && WEXITSTATUS (status) != 0 ? EAGAIN : 0;
}

/* With every signal blocked, also in the holder: a handler of ours must not run there. */
static int
start_holder_undisturbed (const char *node, guint busy_wait_ms, int link)
{
  sigset_t all, before;
  int code;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  code = start_holder (node, busy_wait_ms, link);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return code;
}

/* What became of the holder's open: 0, errno, or ETIMEDOUT while it still waits in the kernel. */
static int
wait_for_holder (int link, guint wait_ms)
{
  struct pollfd holder = { link, POLLIN, 0 };
  int code = EIO;
  int n;

  do
    n = poll (&holder, 1, (int) wait_ms);
  while (n < 0 && errno == EINTR);
  if (n == 0)
    return ETIMEDOUT;
  return read (link, &code, sizeof code) == sizeof code ? code : EIO;
}

static int
start (const char *node, guint busy_wait_ms, int *link)
{
  int ends[2];
  int code;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return errno;
  code = start_holder_undisturbed (node, busy_wait_ms, ends[1]);
  close (ends[1]);
  if (code == 0)
    code = wait_for_holder (ends[0], busy_wait_ms + OPEN_WAIT_MS);
  if (code == 0)
    *link = ends[0];
  else
    close (ends[0]);
  return code;
}

/**
 * ofl_linux_hold_new:
 * @node: "/dev/srN"
 * @busy_wait_ms: how long to wait for others to let go of it
 * @error: return location, as of ofl_linux_node_set_error(); %OFL_ERROR_BUSY also when the kernel
 *   has not opened it within ten seconds more
 *
 * Takes the device. It stays taken until ofl_linux_hold_release(), or until this process ends, in
 * whichever way. Worker thread only.
 *
 * Returns: (transfer full): a hold; %NULL with @error
 */
OflLinuxHold *
ofl_linux_hold_new (const char *node, guint busy_wait_ms, GError **error)
{
  OflLinuxHold *self;
  int link = -1;
  int code = start (node, busy_wait_ms, &link);

  if (code == ETIMEDOUT)
    ofl_set_error (error, OFL_ERROR_BUSY,
                   _ ("The system cannot open %s now: the drive is still busy with an earlier "
                      "command, or does not answer it. Wait a minute and try again."),
                   node);
  else if (code != 0)
    ofl_linux_node_set_error (node, code, error);
  if (code != 0)
    return NULL;
  self = g_new0 (OflLinuxHold, 1);
  self->link = link;
  return self;
}

/**
 * ofl_linux_hold_release:
 * @self: (transfer full): a hold
 *
 * Lets the device go, and waits a second for that to have happened; with a drive that does not
 * answer it happens later, when the kernel has given the command up.
 */
void
ofl_linux_hold_release (OflLinuxHold *self)
{
  struct pollfd holder = { self->link, POLLIN, 0 };

  shutdown (self->link, SHUT_WR);
  while (poll (&holder, 1, RELEASE_WAIT_MS) < 0 && errno == EINTR)
    ;
  close (self->link);
  g_free (self);
}
