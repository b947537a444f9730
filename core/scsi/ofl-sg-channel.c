/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests on a Linux sg node, asynchronous: write() hands a request in, poll() waits, read()
 * fetches the answer. So no thread is ever stuck in the kernel, where not even SIGKILL ends it,
 * and a command counts as unanswered at its own limit, not when the kernel's error recovery, which
 * may reset buses for a minute, comes to an end. */
#include "scsi/ofl-sg-channel.h"

#include <errno.h>
#include <poll.h>
#include <scsi/sg.h>
#include <string.h>
#include <unistd.h>

/* The kernel's own timer ends a command a moment late; its word is better than ours. */
#define ANSWER_GRACE_MS 100
/* An unplugged USB drive fails its command first and disappears a moment later. */
#define GONE_GRACE_MS 1500
#define BUFFER_ALIGN 4096

typedef enum {
  WAIT_ANSWER,
  WAIT_TIMEOUT,
  WAIT_GONE,
} Wait;

/* @cdb, @buffer and @sense belong to the kernel as long as a request is outstanding: it fills them in
 * read(), whatever has become of the caller's own memory by then. */
struct _OflSgChannel {
  int fd;
  gboolean outstanding;
  guint32 max_transfer;
  guint8 *buffer;
  guint8 cdb[OFL_CDB_MAX];
  guint8 sense[OFL_SENSE_MAX];
};

/**
 * ofl_sg_channel_new:
 * @fd: (transfer full): an sg node, opened with O_NONBLOCK
 * @max_transfer: most bytes of one data phase
 *
 * Returns: (transfer full): a channel
 */
OflSgChannel *
ofl_sg_channel_new (int fd, guint32 max_transfer)
{
  OflSgChannel *self = g_new0 (OflSgChannel, 1);

  self->fd = fd;
  self->max_transfer = max_transfer;
  self->buffer = g_aligned_alloc0 (1, max_transfer, BUFFER_ALIGN);
  return self;
}

/**
 * ofl_sg_channel_free:
 * @self: (transfer full): a channel
 *
 * Closes the node. The kernel finishes a request that is still under way by itself and no longer
 * touches this process's memory for it.
 */
void
ofl_sg_channel_free (OflSgChannel *self)
{
  close (self->fd);
  g_aligned_free (self->buffer);
  g_free (self);
}

/* Waits until an answer can be read, or until the kernel has taken the device away. */
static Wait
wait_answer (OflSgChannel *self, short events, gint64 wait_ms)
{
  gint64 end = g_get_monotonic_time () + wait_ms * 1000;

  for (;;)
    {
      struct pollfd node = { self->fd, events, 0 };
      gint64 left_us = MAX (end - g_get_monotonic_time (), 0);
      int n = poll (&node, 1, (int) MIN ((left_us + 999) / 1000, G_MAXINT));

      if (n > 0 && (node.revents & POLLIN) != 0)
        return WAIT_ANSWER;
      if (n > 0)
        return WAIT_GONE; /* nothing but POLLHUP, POLLERR or POLLNVAL is left */
      if (n == 0 && left_us == 0)
        return WAIT_TIMEOUT;
      if (n < 0 && errno != EINTR)
        return WAIT_GONE;
    }
}

/**
 * ofl_sg_channel_is_gone:
 * @self: a channel
 * @wait_ms: how long to watch for it
 *
 * Returns: whether the kernel has removed the device behind the node
 */
gboolean
ofl_sg_channel_is_gone (OflSgChannel *self, guint wait_ms)
{
  return wait_answer (self, 0, wait_ms) == WAIT_GONE;
}

/* Fetches the answer of the outstanding request; %FALSE with errno. */
static gboolean
read_answer (OflSgChannel *self, sg_io_hdr_t *header)
{
  ssize_t n;

  memset (header, 0, sizeof *header);
  header->interface_id = 'S';
  do
    n = read (self->fd, header, sizeof *header);
  while (n < 0 && errno == EINTR);
  if (n >= 0 && n != sizeof *header)
    errno = EIO;
  self->outstanding = n != sizeof *header;
  return !self->outstanding;
}

/* The late answer of a command that was reported as unanswered long ago tells nobody anything, but
 * until it is in, the drive is still at that command, and ours would queue up behind it. */
static Wait
drain (OflSgChannel *self, guint wait_ms)
{
  sg_io_hdr_t header;
  Wait wait = wait_answer (self, POLLIN, wait_ms);

  if (wait == WAIT_ANSWER && !read_answer (self, &header))
    return errno == EAGAIN ? WAIT_TIMEOUT : WAIT_GONE;
  return wait;
}

static int
direction_of (const OflCommand *command)
{
  switch (command->dir)
    {
    case OFL_DIR_IN:
      return SG_DXFER_FROM_DEV;
    case OFL_DIR_OUT:
      return SG_DXFER_TO_DEV;
    case OFL_DIR_NONE:
    default:
      return SG_DXFER_NONE;
    }
}

/* Returns 0, or errno when the kernel did not take the request. */
static int
send_request (OflSgChannel *self, const OflCommand *command, const guint8 *data)
{
  sg_io_hdr_t header = { 0 };
  ssize_t n;

  memset (self->sense, 0, sizeof self->sense);
  if (command->dir == OFL_DIR_OUT && command->length > 0)
    memcpy (self->buffer, data, command->length);
  else
    memset (self->buffer, 0, command->length);

  header.interface_id = 'S';
  header.dxfer_direction = direction_of (command);
  memcpy (self->cdb, command->cdb, sizeof self->cdb);
  header.cmdp = self->cdb;
  header.cmd_len = command->cdb_len;
  header.dxferp = command->length > 0 ? self->buffer : NULL;
  header.dxfer_len = command->length;
  header.sbp = self->sense;
  header.mx_sb_len = sizeof self->sense;
  header.timeout = command->timeout_ms;
  do
    n = write (self->fd, &header, sizeof header);
  while (n < 0 && errno == EINTR);
  self->outstanding = n >= 0;
  return n < 0 ? errno : 0;
}

static gboolean
drive_answered (OflOutcome outcome)
{
  return outcome == OFL_OUTCOME_OK || outcome == OFL_OUTCOME_SENSE || outcome == OFL_OUTCOME_STATUS;
}

static void
fill_reply (OflSgChannel *self, const sg_io_hdr_t *header, const OflCommand *command, guint8 *data,
            OflReply *reply)
{
  guint32 residual = (guint32) CLAMP ((gint64) header->resid, 0, (gint64) command->length);

  reply->status = header->status;
  reply->host_status = header->host_status;
  reply->driver_status = header->driver_status;
  ofl_sense_parse (&reply->sense, self->sense, header->sb_len_wr);
  ofl_reply_judge_linux (reply);
  if (!drive_answered (reply->outcome))
    residual = command->length; /* the kernel says 0 even where nothing moved */
  reply->residual = residual;
  reply->transferred = command->length - residual;
  if (command->dir == OFL_DIR_IN && command->length > 0)
    {
      memcpy (data, self->buffer, reply->transferred);
      memset (data + reply->transferred, 0, residual);
    }
}

/* A drive that is pulled out shows itself as a failed transport, as EIO or as a timeout; only
 * where the node has gone as well is it known to be that. */
static void
look_for_loss (OflSgChannel *self, OflReply *reply)
{
  gboolean suspicious = reply->outcome == OFL_OUTCOME_HOST
                        || (reply->outcome == OFL_OUTCOME_NOT_SENT && reply->os_error == EIO);

  if (suspicious && ofl_sg_channel_is_gone (self, GONE_GRACE_MS))
    reply->outcome = OFL_OUTCOME_LOST;
  else if (reply->outcome == OFL_OUTCOME_TIMEOUT && ofl_sg_channel_is_gone (self, 0))
    reply->outcome = OFL_OUTCOME_LOST;
}

static void
receive (OflSgChannel *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  sg_io_hdr_t header;
  Wait wait = wait_answer (self, POLLIN, (gint64) command->timeout_ms + ANSWER_GRACE_MS);

  if (wait == WAIT_TIMEOUT)
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else if (wait == WAIT_GONE)
    reply->outcome = OFL_OUTCOME_LOST;
  else if (read_answer (self, &header))
    fill_reply (self, &header, command, data, reply);
  else
    {
      reply->os_error = errno;
      reply->outcome = errno == ENODEV || errno == ENXIO ? OFL_OUTCOME_LOST : OFL_OUTCOME_HOST;
    }
}

/**
 * ofl_sg_channel_run:
 * @self: a channel
 * @command: what to send, its length at most the channel's maximum
 * @data: (array) (nullable): bytes to send, or room for what comes
 * @reply: (inout): zeroed but for the residual; filled in
 *
 * Sends one command and waits for the answer until its limit (+ 100 ms). Is the answer not there
 * by then, the outcome is %OFL_OUTCOME_TIMEOUT and the request stays under way; the next call waits
 * for it first, at most its own limit, and is %OFL_OUTCOME_TIMEOUT without having been sent when
 * that is not enough.
 */
void
ofl_sg_channel_run (OflSgChannel *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gint64 start = g_get_monotonic_time ();
  Wait drained = WAIT_ANSWER;

  g_return_if_fail (command->length <= self->max_transfer);
  if (self->outstanding)
    drained = drain (self, command->timeout_ms);
  if (command->dir == OFL_DIR_IN && command->length > 0)
    memset (data, 0, command->length);
  if (drained == WAIT_ANSWER)
    {
      start = g_get_monotonic_time ();
      reply->os_error = send_request (self, command, data);
      if (reply->os_error != 0)
        ofl_reply_judge_linux (reply);
      else
        receive (self, command, data, reply);
      reply->duration_us = MAX (g_get_monotonic_time () - start, 1);
      look_for_loss (self, reply);
      return;
    }
  reply->outcome = drained == WAIT_GONE ? OFL_OUTCOME_LOST : OFL_OUTCOME_TIMEOUT;
  reply->duration_us = MAX (g_get_monotonic_time () - start, 1);
}
