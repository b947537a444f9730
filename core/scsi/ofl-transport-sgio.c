/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fallback on Linux where a drive has no sg node: the SG_IO ioctl on its block device. Good
 * enough to say who the drive is; what it cannot do is in check_can_flash. */
#include "scsi/ofl-transport-sgio.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <scsi/sg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "scsi/ofl-linux-node.h"
#include "scsi/ofl-linux-sysfs.h"

#define SYSFS_ROOT "/sys"
#define MAX_TRANSFER (64 * 1024)
#define MIN_TRANSFER 4096
#define BUSY_WAIT_MS 2000
#define GONE_GRACE_MS 1500
#define GONE_SLICE_MS 100

struct _OflTransportSgio {
  OflTransport parent_instance;
  char *node;
  char *device;
  guint32 max_transfer;
  int fd;
};

G_DEFINE_FINAL_TYPE (OflTransportSgio, ofl_transport_sgio, OFL_TYPE_TRANSPORT)

/* The kernel takes the device out of sysfs a moment after a command on it has failed. */
static gboolean
is_gone (OflTransportSgio *self)
{
  if (self->device == NULL)
    return FALSE;
  for (guint waited = 0; waited <= GONE_GRACE_MS; waited += GONE_SLICE_MS)
    {
      if (access (self->device, F_OK) != 0)
        return TRUE;
      g_usleep (GONE_SLICE_MS * 1000);
    }
  return FALSE;
}

static int
direction_of (OflDirection dir)
{
  switch (dir)
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

static void
fill_reply (const sg_io_hdr_t *header, const guint8 *sense, const OflCommand *command,
            OflReply *reply)
{
  guint32 residual = (guint32) CLAMP ((gint64) header->resid, 0, (gint64) command->length);

  reply->status = header->status;
  reply->host_status = header->host_status;
  reply->driver_status = header->driver_status;
  ofl_sense_parse (&reply->sense, sense, header->sb_len_wr);
  ofl_reply_judge_linux (reply);
  if (reply->outcome != OFL_OUTCOME_OK && reply->outcome != OFL_OUTCOME_SENSE
      && reply->outcome != OFL_OUTCOME_STATUS)
    residual = command->length; /* the kernel says 0 even where nothing moved */
  reply->residual = residual;
  reply->transferred = command->length - residual;
}

static void
ofl_transport_sgio_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                            OflReply *reply)
{
  OflTransportSgio *self = OFL_TRANSPORT_SGIO (transport);
  OflCommand copy = *command;
  guint8 sense[OFL_SENSE_MAX] = { 0 };
  sg_io_hdr_t header = { 0 };
  int rc;

  header.interface_id = 'S';
  header.dxfer_direction = direction_of (command->dir);
  header.cmdp = copy.cdb;
  header.cmd_len = copy.cdb_len;
  header.dxferp = command->length > 0 ? data : NULL;
  header.dxfer_len = command->length;
  header.sbp = sense;
  header.mx_sb_len = sizeof sense;
  header.timeout = command->timeout_ms;
  if (command->dir == OFL_DIR_IN && command->length > 0)
    memset (data, 0, command->length);
  do
    rc = ioctl (self->fd, SG_IO, &header);
  while (rc != 0 && errno == EINTR);

  reply->os_error = rc != 0 ? errno : 0;
  if (rc != 0)
    ofl_reply_judge_linux (reply);
  else
    fill_reply (&header, sense, command, reply);
  if ((reply->outcome == OFL_OUTCOME_HOST
       || (reply->outcome == OFL_OUTCOME_NOT_SENT && reply->os_error == EIO))
      && is_gone (self))
    reply->outcome = OFL_OUTCOME_LOST;
}

static guint32
ofl_transport_sgio_max_transfer (OflTransport *transport)
{
  return OFL_TRANSPORT_SGIO (transport)->max_transfer;
}

static gboolean
ofl_transport_sgio_check_can_flash (OflTransport *transport, GError **error)
{
  OflTransportSgio *self = OFL_TRANSPORT_SGIO (transport);

  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("%s can be read but not flashed: on this node the kernel refuses WRITE BUFFER "
                    "and vendor commands, and waits at least 7 seconds for each answer. Load the "
                    "sg module: sudo modprobe sg"),
                 self->node);
  return FALSE;
}

static char *
ofl_transport_sgio_describe (OflTransport *transport)
{
  OflTransportSgio *self = OFL_TRANSPORT_SGIO (transport);

  return g_strdup_printf ("Linux SG_IO, %s, reading only, at most %u bytes a command", self->node,
                          self->max_transfer);
}

static void
ofl_transport_sgio_close (OflTransport *transport)
{
  OflTransportSgio *self = OFL_TRANSPORT_SGIO (transport);

  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static void
ofl_transport_sgio_finalize (GObject *object)
{
  OflTransportSgio *self = OFL_TRANSPORT_SGIO (object);

  ofl_transport_sgio_close (OFL_TRANSPORT (self));
  g_free (self->node);
  g_free (self->device);
  G_OBJECT_CLASS (ofl_transport_sgio_parent_class)->finalize (object);
}

static void
ofl_transport_sgio_class_init (OflTransportSgioClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_transport_sgio_finalize;
  transport_class->execute = ofl_transport_sgio_execute;
  transport_class->max_transfer = ofl_transport_sgio_max_transfer;
  transport_class->check_can_flash = ofl_transport_sgio_check_can_flash;
  transport_class->describe = ofl_transport_sgio_describe;
  transport_class->close = ofl_transport_sgio_close;
}

static void
ofl_transport_sgio_init (OflTransportSgio *self)
{
  self->fd = -1;
  self->max_transfer = MAX_TRANSFER;
}

/* A shared look wants O_RDWR, for more commands, and makes do with O_RDONLY. */
static int
open_block_device (const char *node, OflOpenFlags flags, GError **error)
{
  gboolean exclusive = (flags & OFL_OPEN_EXCLUSIVE) != 0;
  int fd = -1;

  if (exclusive)
    return ofl_linux_node_open (node, O_RDWR | O_EXCL, BUSY_WAIT_MS, error);
  fd = ofl_linux_node_open (node, O_RDWR, 0, NULL);
  return fd >= 0 ? fd : ofl_linux_node_open (node, O_RDONLY, 0, error);
}

/**
 * ofl_transport_sgio_new:
 * @sr_node: the drive's "/dev/srN"
 * @flags: how to open it
 * @error: return location: %OFL_ERROR_BUSY, %OFL_ERROR_NO_ACCESS, %OFL_ERROR_LOST
 *
 * Opens a drive by its block device. Its commands block in the kernel and cannot be interrupted
 * there; an answer that comes after a command's limit and before the kernel's own counts as an
 * answer. Worker thread only.
 *
 * Returns: (transfer full): a transport, for reading only
 */
OflTransport *
ofl_transport_sgio_new (const char *sr_node, OflOpenFlags flags, GError **error)
{
  g_autoptr (OflTransportSgio) self = g_object_new (OFL_TYPE_TRANSPORT_SGIO, NULL);
  guint32 queue;

  g_return_val_if_fail (sr_node != NULL, NULL);
  self->node = g_strdup (sr_node);
  self->fd = open_block_device (sr_node, flags, error);
  if (self->fd < 0)
    return NULL;
  self->device = ofl_linux_sysfs_device (SYSFS_ROOT, sr_node);
  queue = self->device != NULL ? ofl_linux_sysfs_max_transfer (self->device) : 0;
  if (queue >= MIN_TRANSFER)
    self->max_transfer = MIN (MAX_TRANSFER, queue);
  return OFL_TRANSPORT (g_steal_pointer (&self));
}
