/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The asynchronous sg requests against a kernel that is played by this test: a socket pair stands
 * for the node, and the request's pointers are good on both sides since both are one process.
 * And the hold on the block device, with a FIFO in its place. */
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <scsi/sg.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-linux-hold.h"
#include "scsi/ofl-sg-channel.h"

#define LIMIT_MS 40
#define CAPACITY 4096

/* What the played kernel does with the next request. */
typedef struct {
  int fd;
  gboolean answer;
  gboolean hang_up;
  guint8 fill;
  int resid;
  guint8 status;
  guint16 host;
  gboolean with_sense;
  sg_io_hdr_t seen;
  guint8 seen_cdb[16];
  guint8 seen_data[CAPACITY];
} Kernel;

typedef struct {
  Kernel kernel;
  OflSgChannel *channel;
} Fixture;

static void
answer_request (Kernel *kernel, sg_io_hdr_t *header)
{
  const guint8 sense[18] = { 0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0x00 };

  if (header->dxfer_direction == SG_DXFER_FROM_DEV && header->dxfer_len > 0)
    memset (header->dxferp, kernel->fill, header->dxfer_len - (guint) kernel->resid);
  header->resid = kernel->resid;
  header->status = kernel->status;
  header->host_status = kernel->host;
  if (kernel->with_sense)
    {
      memcpy (header->sbp, sense, sizeof sense);
      header->sb_len_wr = sizeof sense;
      header->driver_status = 8;
    }
  g_assert_cmpint (write (kernel->fd, header, sizeof *header), ==, sizeof *header);
}

/* Takes one request, as the kernel does during write(), and does with it what it was told. */
static gpointer
kernel_thread (gpointer data)
{
  Kernel *kernel = data;
  sg_io_hdr_t *seen = &kernel->seen;

  g_assert_cmpint (read (kernel->fd, seen, sizeof *seen), ==, sizeof *seen);
  memcpy (kernel->seen_cdb, seen->cmdp, seen->cmd_len);
  if (seen->dxfer_direction == SG_DXFER_TO_DEV && seen->dxfer_len > 0)
    memcpy (kernel->seen_data, seen->dxferp, seen->dxfer_len);
  if (kernel->hang_up)
    {
      close (kernel->fd);
      kernel->fd = -1;
    }
  else if (kernel->answer)
    answer_request (kernel, seen);
  return NULL;
}

static OflReply
run (Fixture *f, const OflCommand *command, guint8 *data)
{
  OflReply reply = { .residual = command->length };
  GThread *thread = g_thread_new ("kernel", kernel_thread, &f->kernel);

  ofl_sg_channel_run (f->channel, command, data, &reply);
  g_thread_join (thread);
  return reply;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, fds), ==, 0);
  memset (f, 0, sizeof *f);
  f->kernel.fd = fds[1];
  f->kernel.answer = TRUE;
  f->channel = ofl_sg_channel_new (fds[0], CAPACITY);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ofl_sg_channel_free (f->channel);
  if (f->kernel.fd >= 0)
    close (f->kernel.fd);
}

static OflCommand
make_read (guint32 length)
{
  OflCommand command = ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, length);

  command.timeout_ms = LIMIT_MS;
  return command;
}

static void
test_in (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (100);
  guint8 data[101];
  OflReply reply;

  memset (data, 0xee, sizeof data);
  f->kernel.fill = 0x5a;
  f->kernel.resid = 40;
  command.timeout_ms = 60000;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_cmpuint (reply.transferred, ==, 60);
  g_assert_cmpuint (reply.residual, ==, 40);
  g_assert_cmpint (f->kernel.seen.dxfer_direction, ==, SG_DXFER_FROM_DEV);
  g_assert_cmpuint (f->kernel.seen.timeout, ==, 60000);
  g_assert_cmpmem (f->kernel.seen_cdb, f->kernel.seen.cmd_len, command.cdb, command.cdb_len);
  g_assert_cmphex (data[59], ==, 0x5a);
  g_assert_cmphex (data[60], ==, 0); /* did not come */
  g_assert_cmphex (data[99], ==, 0);
  g_assert_cmphex (data[100], ==, 0xee); /* not ours */
}

static void
test_out (Fixture *f, gconstpointer unused)
{
  OflCommand command = ofl_command_write_buffer (OFL_BUFFER_DATA, 0, 0, 4);
  OflCommand empty = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS_SAVE, 0, 0, 0);
  guint8 data[4] = { 1, 2, 3, 4 };
  OflReply reply = run (f, &command, data);

  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_cmpint (f->kernel.seen.dxfer_direction, ==, SG_DXFER_TO_DEV);
  g_assert_cmpmem (f->kernel.seen_data, 4, data, 4);
  reply = run (f, &empty, NULL);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_cmpint (f->kernel.seen.dxfer_direction, ==, SG_DXFER_TO_DEV);
  g_assert_cmpuint (f->kernel.seen.dxfer_len, ==, 0);
}

static void
test_sense (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (16);
  guint8 data[16];
  OflReply reply;

  command.timeout_ms = 60000;
  f->kernel.status = 2;
  f->kernel.with_sense = TRUE;
  f->kernel.resid = 16;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_SENSE);
  g_assert_cmphex (reply.sense.asc, ==, 0x24);
  g_assert_cmpuint (reply.transferred, ==, 0);

  /* the sense of one command must not show up in the next */
  f->kernel.status = 0;
  f->kernel.with_sense = FALSE;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_false (reply.sense.valid);
}

static void
test_timed_out_by_kernel (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (16);
  guint8 data[16];
  OflReply reply;

  f->kernel.host = 3; /* and status good, nothing residual */
  command.timeout_ms = 60000;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_TIMEOUT);
  g_assert_cmpuint (reply.transferred, ==, 0);
}

static void
test_hang (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (16);
  struct pollfd node = { 0, POLLIN, 0 };
  sg_io_hdr_t late;
  guint8 data[16];
  OflReply reply;

  f->kernel.answer = FALSE;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_TIMEOUT);
  late = f->kernel.seen;

  /* still at it: the next command waits for its own limit and is not sent */
  memset (&reply, 0, sizeof reply);
  ofl_sg_channel_run (f->channel, &command, data, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_TIMEOUT);
  node.fd = f->kernel.fd;
  g_assert_cmpint (poll (&node, 1, 0), ==, 0);

  /* the late answer may still write, but not into the caller's memory */
  memset (data, 0xee, sizeof data);
  f->kernel.fill = 0x11;
  answer_request (&f->kernel, &late);
  g_assert_cmphex (data[0], ==, 0xee);

  /* it is taken away, and what the next command gets is its own */
  f->kernel.answer = TRUE;
  f->kernel.fill = 0x22;
  command.timeout_ms = 60000;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_OK);
  g_assert_cmphex (data[15], ==, 0x22);
}

static void
test_lost (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (16);
  guint8 data[16];
  OflReply reply;

  g_assert_false (ofl_sg_channel_is_gone (f->channel, 0));
  f->kernel.hang_up = TRUE;
  command.timeout_ms = 60000;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_LOST);
  g_assert_true (ofl_sg_channel_is_gone (f->channel, 0));

  memset (&reply, 0, sizeof reply);
  ofl_sg_channel_run (f->channel, &command, data, &reply);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_LOST);
}

/* A failed transport while the node stays is not a drive that was pulled out. */
static void
test_host_error (Fixture *f, gconstpointer unused)
{
  OflCommand command = make_read (16);
  guint8 data[16];
  OflReply reply;

  f->kernel.host = 7;
  command.timeout_ms = 60000;
  reply = run (f, &command, data);
  g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_HOST);
  g_assert_cmpuint (reply.transferred, ==, 0); /* whatever the kernel says */
}

/* A FIFO tells whether anybody has it open: else it cannot be opened for writing alone. */
static gboolean
is_held (const char *fifo)
{
  int fd = open (fifo, O_WRONLY | O_NONBLOCK);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static char *
make_fifo (const char *folder)
{
  char *fifo = g_build_filename (folder, "fifo", NULL);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  return fifo;
}

static gboolean
has_open (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, path) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
test_hold (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *fifo = make_fifo (folder);
  g_autoptr (GError) error = NULL;
  OflLinuxHold *hold = ofl_linux_hold_new (fifo, 0, &error);

  g_assert_no_error (error);
  g_assert_true (is_held (fifo));
  g_assert_false (has_open (fifo)); /* closing it must not be our business */
  ofl_linux_hold_release (hold);
  g_assert_false (is_held (fifo));
}

/* Killed without a chance to clean up, a program still lets the device go. */
static void
test_hold_killed (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *fifo = make_fifo (folder);
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      ofl_linux_hold_new (fifo, 0, NULL);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  for (guint i = 0; i < 500 && is_held (fifo); i++)
    g_usleep (10000);
  g_assert_false (is_held (fifo));
}

static void
test_hold_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_linux_hold_new ("/nonexistent/sr9", 0, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NO_ACCESS);
}

static void
add (const char *path, void (*test) (Fixture *f, gconstpointer unused))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/sg-channel/in", test_in);
  add ("/sg-channel/out", test_out);
  add ("/sg-channel/sense", test_sense);
  add ("/sg-channel/timed-out-by-kernel", test_timed_out_by_kernel);
  add ("/sg-channel/hang", test_hang);
  add ("/sg-channel/lost", test_lost);
  add ("/sg-channel/host-error", test_host_error);
  g_test_add_func ("/linux-hold/hold", test_hold);
  g_test_add_func ("/linux-hold/killed", test_hold_killed);
  g_test_add_func ("/linux-hold/missing", test_hold_missing);
  return g_test_run ();
}
