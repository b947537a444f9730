/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a drive on Linux: its sg node and, for a job, a hold on its block device. */
#include "scsi/ofl-transport-sg.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/fs.h>
#include <scsi/sg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "scsi/ofl-linux-hold.h"
#include "scsi/ofl-linux-node.h"
#include "scsi/ofl-linux-sysfs.h"
#include "scsi/ofl-sg-channel.h"

#define SYSFS_ROOT "/sys"
#define SG_VERSION_MIN 30000 /* the first with sg_io_hdr */
#define MAX_TRANSFER (64 * 1024)
#define MIN_TRANSFER 4096 /* less is not a limit but a misread one */
#define BUSY_WAIT_MS 2000
#define FIND_SLICE_MS 200

struct _OflTransportSg {
  OflTransport parent_instance;
  OflLinuxNodes nodes;
  char *port;
  OflOpenFlags flags;
  OflSgChannel *channel;
  OflLinuxHold *hold;
  guint32 max_transfer;
  gboolean writable;
  gboolean lost;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (OflTransportSg, ofl_transport_sg, OFL_TYPE_TRANSPORT)

static gboolean
is_exclusive (const OflTransportSg *self)
{
  return (self->flags & OFL_OPEN_EXCLUSIVE) != 0;
}

static void
let_go (OflTransportSg *self)
{
  g_clear_pointer (&self->channel, ofl_sg_channel_free);
  g_clear_pointer (&self->hold, ofl_linux_hold_release);
}

static gboolean
hold_block_device (OflTransportSg *self, guint busy_wait_ms, GError **error)
{
  if (!is_exclusive (self) || self->nodes.sr_node == NULL)
    return TRUE;
  self->hold = ofl_linux_hold_new (self->nodes.sr_node, busy_wait_ms, error);
  return self->hold != NULL;
}

/* Opened for reading only, sg lets a few commands through and no vendor command at all (measured),
 * so even a look at the drive wants it for writing, and makes do without. */
static int
open_sg (OflTransportSg *self, guint busy_wait_ms, GError **error)
{
  int how = O_RDWR | (is_exclusive (self) ? O_EXCL : 0);
  g_autoptr (GError) refusal = NULL;
  int fd = ofl_linux_node_open (self->nodes.sg_node, how, busy_wait_ms, &refusal);

  self->writable = fd >= 0;
  if (fd < 0 && !is_exclusive (self) && g_error_matches (refusal, OFL_ERROR, OFL_ERROR_NO_ACCESS))
    return ofl_linux_node_open (self->nodes.sg_node, O_RDONLY, busy_wait_ms, error);
  if (fd < 0)
    g_propagate_error (error, g_steal_pointer (&refusal));
  return fd;
}

/* What one command may carry: ours, the block queue's and sg's limit, whichever is least. Other
 * than on a block device, BLKSECTGET counts bytes here. */
static guint32
find_max_transfer (const OflTransportSg *self, int fd)
{
  guint32 queue = self->nodes.device != NULL ? ofl_linux_sysfs_max_transfer (self->nodes.device)
                                             : 0;
  guint32 limit = MAX_TRANSFER;
  int bytes = 0;

  if (queue >= MIN_TRANSFER)
    limit = MIN (limit, queue);
  if (ioctl (fd, BLKSECTGET, &bytes) == 0 && bytes >= MIN_TRANSFER)
    limit = MIN (limit, (guint32) bytes);
  return limit;
}

/* A node that is no sg node must never be written to. */
static gboolean
check_is_sg (const char *node, int fd, GError **error)
{
  int version = 0;

  if (ioctl (fd, SG_GET_VERSION_NUM, &version) == 0 && version >= SG_VERSION_MIN)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("%s is not an sg device, or its driver is too old."), node);
  return FALSE;
}

static gboolean
open_nodes (OflTransportSg *self, guint busy_wait_ms, GError **error)
{
  int fd = -1;
  int reserve;

  if (hold_block_device (self, busy_wait_ms, error))
    fd = open_sg (self, busy_wait_ms, error);
  if (fd >= 0 && !check_is_sg (self->nodes.sg_node, fd, error))
    {
      close (fd);
      fd = -1;
    }
  if (fd < 0)
    {
      let_go (self);
      return FALSE;
    }
  self->max_transfer = find_max_transfer (self, fd);
  /* memory set aside now cannot be short in the middle of a write; without it sg asks each time */
  reserve = (int) self->max_transfer;
  if (ioctl (fd, SG_SET_RESERVED_SIZE, &reserve) != 0)
    g_debug ("%s: no memory set aside: %s", self->nodes.sg_node, g_strerror (errno));
  self->channel = ofl_sg_channel_new (fd, self->max_transfer);
  self->lost = FALSE;
  return TRUE;
}

static void
ofl_transport_sg_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                          OflReply *reply)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (transport);

  if (self->channel == NULL)
    {
      reply->outcome = self->closed ? OFL_OUTCOME_NOT_SENT : OFL_OUTCOME_LOST;
      reply->os_error = self->closed ? EBADF : ENODEV;
      return;
    }
  ofl_sg_channel_run (self->channel, command, data, reply);
  if (reply->outcome == OFL_OUTCOME_LOST)
    self->lost = TRUE;
}

static guint32
ofl_transport_sg_max_transfer (OflTransport *transport)
{
  return OFL_TRANSPORT_SG (transport)->max_transfer;
}

static gboolean
ofl_transport_sg_check_can_flash (OflTransport *transport, GError **error)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (transport);

  if (is_exclusive (self) && self->writable)
    return TRUE;
  if (is_exclusive (self))
    ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                   _ ("%s is open for reading only, and so lets no firmware through."),
                   self->nodes.sg_node);
  else
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("%s is shared with other programs. Firmware is only written while nobody else "
                      "can send a command."),
                   self->nodes.sg_node);
  return FALSE;
}

static char *
ofl_transport_sg_describe (OflTransport *transport)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (transport);
  const char *how = is_exclusive (self) ? "exclusive" : "shared";

  if (self->hold == NULL)
    return g_strdup_printf ("Linux sg, %s, %s%s, at most %u bytes a command", self->nodes.sg_node,
                            how, self->writable ? "" : ", reading only", self->max_transfer);
  return g_strdup_printf ("Linux sg, %s, %s, holding %s, at most %u bytes a command",
                          self->nodes.sg_node, how, self->nodes.sr_node, self->max_transfer);
}

/* Is the drive at its port, open it as before; %FALSE with the reason why not yet. */
static gboolean
try_open_again (OflTransportSg *self, GError **error)
{
  gboolean wants_hold = is_exclusive (self) && self->nodes.sr_node != NULL;
  g_auto (OflLinuxNodes) found = { 0 };

  if (!ofl_linux_sysfs_find (SYSFS_ROOT, self->port, self->nodes.device, &found)
      || (wants_hold && found.sr_node == NULL))
    {
      ofl_set_error (error, OFL_ERROR_LOST,
                     _ ("The drive has not come back. Plug it into the same port again and make "
                        "sure that it has power."));
      return FALSE;
    }
  ofl_linux_nodes_clear (&self->nodes);
  self->nodes = found;
  memset (&found, 0, sizeof found);
  return open_nodes (self, 0, error);
}

static gboolean
ofl_transport_sg_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                         GError **error)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (transport);
  gint64 end = g_get_monotonic_time () + (gint64) limit_ms * 1000;

  /* still there: letting go of it now would only let others in */
  if (self->channel != NULL && !self->lost && !ofl_sg_channel_is_gone (self->channel, 0))
    return TRUE;
  if (self->closed || self->nodes.device == NULL)
    {
      ofl_set_error (error, OFL_ERROR_LOST,
                     _ ("The drive is no longer open, and where it was plugged in is not known. "
                        "Choose the drive anew."));
      return FALSE;
    }
  let_go (self);
  self->lost = TRUE;
  for (;;)
    {
      g_autoptr (GError) reason = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      /* a new node first belongs to nobody and is busy for a moment: every reason may pass */
      if (try_open_again (self, &reason))
        return TRUE;
      if (g_get_monotonic_time () >= end)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      ofl_transport_sleep_ms (transport, FIND_SLICE_MS, cancellable);
    }
}

static void
ofl_transport_sg_close (OflTransport *transport)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (transport);

  let_go (self);
  self->closed = TRUE;
}

static void
ofl_transport_sg_finalize (GObject *object)
{
  OflTransportSg *self = OFL_TRANSPORT_SG (object);

  let_go (self);
  ofl_linux_nodes_clear (&self->nodes);
  g_free (self->port);
  G_OBJECT_CLASS (ofl_transport_sg_parent_class)->finalize (object);
}

static void
ofl_transport_sg_class_init (OflTransportSgClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_transport_sg_finalize;
  transport_class->execute = ofl_transport_sg_execute;
  transport_class->max_transfer = ofl_transport_sg_max_transfer;
  transport_class->check_can_flash = ofl_transport_sg_check_can_flash;
  transport_class->describe = ofl_transport_sg_describe;
  transport_class->reopen = ofl_transport_sg_reopen;
  transport_class->close = ofl_transport_sg_close;
}

static void
ofl_transport_sg_init (OflTransportSg *self)
{
  self->max_transfer = MAX_TRANSFER;
}

/**
 * ofl_transport_sg_new:
 * @sg_node: the drive's "/dev/sgN"
 * @sr_node: (nullable): its "/dev/srN", held for the whole life of an exclusive transport
 * @device_path: (nullable): folder in sysfs that names its port and outlives a replug; without it
 *   the folder above the drive's SCSI host is taken
 * @flags: how to open it
 * @error: return location: %OFL_ERROR_BUSY, %OFL_ERROR_NO_ACCESS, %OFL_ERROR_LOST,
 *   %OFL_ERROR_NOT_SUPPORTED
 *
 * Opens a drive on Linux. An exclusive open waits up to two seconds for udev to let go of a new
 * drive. Worker thread only.
 *
 * Returns: (transfer full): a transport
 */
OflTransport *
ofl_transport_sg_new (const char *sg_node, const char *sr_node, const char *device_path,
                      OflOpenFlags flags, GError **error)
{
  g_autoptr (OflTransportSg) self = g_object_new (OFL_TYPE_TRANSPORT_SG, NULL);

  g_return_val_if_fail (sg_node != NULL, NULL);
  self->flags = flags;
  self->nodes.sg_node = g_strdup (sg_node);
  self->nodes.sr_node = sr_node != NULL && sr_node[0] != 0 ? g_strdup (sr_node) : NULL;
  self->nodes.device = ofl_linux_sysfs_device (SYSFS_ROOT, sg_node);
  if (device_path != NULL && device_path[0] != 0)
    self->port = g_strdup (device_path);
  else if (self->nodes.device != NULL)
    self->port = ofl_linux_sysfs_port (self->nodes.device);
  if (!open_nodes (self, is_exclusive (self) ? BUSY_WAIT_MS : 0, error))
    return NULL;
  return OFL_TRANSPORT (g_steal_pointer (&self));
}
