/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The portable way to a drive: libcdio. On Linux it goes through CDROM_SEND_PACKET, of which was
 * measured: the caller's limit is dropped, each CDB becomes 12 bytes long, and a command that was
 * never answered, or whose drive was pulled out, is reported as success. What it does elsewhere nobody
 * has measured. So it only reads, and its "success" is not taken at its word. */
#include "scsi/ofl-transport-cdio.h"

#include <cdio/cdio.h>
#include <cdio/logging.h>
#include <cdio/mmc.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

#define CDIO_CDB_LEN 12
#define KERNEL_LIMIT_MS 60000 /* what CDROM_SEND_PACKET without a limit comes to (measured) */
#define GONE_GRACE_MS 1500
#define GONE_SLICE_MS 100
#define STATUS_CHECK_CONDITION 0x02

struct _OflTransportCdio {
  OflTransport parent_instance;
  char *device;
  CdIo_t *cdio;
};

G_DEFINE_FINAL_TYPE (OflTransportCdio, ofl_transport_cdio, OFL_TYPE_TRANSPORT)

/* libcdio's own handler writes to stderr and ends the program at what it calls an error. */
static void
log_quietly (cdio_log_level_t level, const char message[])
{
  g_debug ("libcdio: %s", message);
}

static gboolean
is_gone (OflTransportCdio *self, guint grace_ms)
{
  for (guint waited = 0;; waited += GONE_SLICE_MS)
    {
      if (access (self->device, F_OK) != 0)
        return TRUE;
      if (waited >= grace_ms)
        return FALSE;
      g_usleep (GONE_SLICE_MS * 1000);
    }
}

static cdio_mmc_direction_t
direction_of (OflDirection dir)
{
  switch (dir)
    {
    case OFL_DIR_IN:
      return SCSI_MMC_DATA_READ;
    case OFL_DIR_OUT:
      return SCSI_MMC_DATA_WRITE;
    case OFL_DIR_NONE:
    default:
      return SCSI_MMC_DATA_NONE;
    }
}

static void
fetch_sense (OflTransportCdio *self, OflReply *reply)
{
  cdio_mmc_request_sense_t *sense = NULL;
  int length = mmc_last_cmd_sense (self->cdio, &sense);

  if (sense != NULL && length > 0)
    ofl_sense_parse (&reply->sense, (const guint8 *) sense, (gsize) length);
  cdio_free (sense);
}

static int
errno_of (driver_return_code_t code)
{
  switch (code)
    {
    case DRIVER_OP_NOT_PERMITTED:
      return EPERM;
    case DRIVER_OP_BAD_PARAMETER:
    case DRIVER_OP_BAD_POINTER:
      return EINVAL;
    case DRIVER_OP_UNSUPPORTED:
    case DRIVER_OP_NO_DRIVER:
      return ENOSYS;
    default:
      return EIO;
    }
}

static gboolean
took_too_long (const OflCommand *command, const OflReply *reply)
{
  gint64 limit_ms = MIN (command->timeout_ms, KERNEL_LIMIT_MS);

  return reply->duration_us >= limit_ms * 1000;
}

/* An error without sense data: from the system, or because the drive is not there any more. */
static void
judge_failure (OflTransportCdio *self, driver_return_code_t code, const OflCommand *command,
               OflReply *reply)
{
  fetch_sense (self, reply);
  if (reply->sense.valid)
    {
      reply->status = STATUS_CHECK_CONDITION;
      reply->outcome = OFL_OUTCOME_SENSE;
      return;
    }
  reply->os_error = errno_of (code);
  if (reply->os_error != EIO)
    reply->outcome = OFL_OUTCOME_NOT_SENT;
  else if (is_gone (self, GONE_GRACE_MS))
    reply->outcome = OFL_OUTCOME_LOST;
  else
    reply->outcome = took_too_long (command, reply) ? OFL_OUTCOME_TIMEOUT : OFL_OUTCOME_HOST;
}

static gboolean
is_all_zero (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

/* Data that is all zero may be an answer; it is also what a drive leaves that was pulled out. */
static gboolean
came_from_nowhere (OflTransportCdio *self, const OflCommand *command, const guint8 *data)
{
  gboolean empty = command->dir == OFL_DIR_IN && is_all_zero (data, command->length);

  return is_gone (self, empty ? GONE_GRACE_MS : 0);
}

static void
judge_success (OflTransportCdio *self, const OflCommand *command, const guint8 *data,
               OflReply *reply)
{
  if (took_too_long (command, reply))
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else if (came_from_nowhere (self, command, data))
    reply->outcome = OFL_OUTCOME_LOST;
  else
    {
      reply->outcome = OFL_OUTCOME_OK;
      reply->residual = 0; /* libcdio does not tell it */
      reply->transferred = command->length;
    }
}

/* Why a command must not go this way, as errno; 0 when it may. */
static int
refusal_of (OflTransportCdio *self, const OflCommand *command)
{
  if (self->cdio == NULL)
    return EBADF;
  if (command->cdb_len > CDIO_CDB_LEN)
    return EINVAL;
  if (!ofl_command_is_read_only (command))
    return EPERM;
  return 0;
}

static void
ofl_transport_cdio_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                            OflReply *reply)
{
  OflTransportCdio *self = OFL_TRANSPORT_CDIO (transport);
  driver_return_code_t code;
  mmc_cdb_t cdb = { { 0 } };
  guint8 nothing = 0;
  gint64 start;

  reply->os_error = refusal_of (self, command);
  if (reply->os_error != 0)
    {
      reply->outcome = OFL_OUTCOME_NOT_SENT;
      return;
    }
  memcpy (cdb.field, command->cdb, CDIO_CDB_LEN);
  if (command->dir == OFL_DIR_IN && command->length > 0)
    memset (data, 0, command->length);
  start = g_get_monotonic_time ();
  code = mmc_run_cmd_len (self->cdio, command->timeout_ms, &cdb, CDIO_CDB_LEN,
                          direction_of (command->dir), command->length,
                          command->length > 0 ? data : &nothing);
  reply->duration_us = MAX (g_get_monotonic_time () - start, 1);
  if (code == DRIVER_OP_SUCCESS)
    judge_success (self, command, data, reply);
  else
    judge_failure (self, code, command, reply);
}

static gboolean
ofl_transport_cdio_check_can_flash (OflTransport *transport, GError **error)
{
#ifdef __linux__
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("Through libcdio a drive can be read but, on Linux, not flashed: the time limit "
                    "of a command is lost on the way, and a command that the drive never answered "
                    "is reported as done. Choose the drive without libcdio."));
#else
  ofl_set_error (
      error, OFL_ERROR_NOT_SUPPORTED,
      _ ("Through libcdio a drive can be read but not flashed: nobody has seen yet what it "
         "reports, on this system, of a command that the drive never answered. Flash the "
         "drive on Linux."));
#endif
  return FALSE;
}

static char *
ofl_transport_cdio_describe (OflTransport *transport)
{
  OflTransportCdio *self = OFL_TRANSPORT_CDIO (transport);

  return g_strdup_printf ("libcdio %s, %s, reading only", cdio_version_string, self->device);
}

static void
ofl_transport_cdio_close (OflTransport *transport)
{
  g_clear_pointer (&OFL_TRANSPORT_CDIO (transport)->cdio, cdio_destroy);
}

static void
ofl_transport_cdio_finalize (GObject *object)
{
  OflTransportCdio *self = OFL_TRANSPORT_CDIO (object);

  g_clear_pointer (&self->cdio, cdio_destroy);
  g_free (self->device);
  G_OBJECT_CLASS (ofl_transport_cdio_parent_class)->finalize (object);
}

static void
ofl_transport_cdio_class_init (OflTransportCdioClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_transport_cdio_finalize;
  transport_class->execute = ofl_transport_cdio_execute;
  transport_class->check_can_flash = ofl_transport_cdio_check_can_flash;
  transport_class->describe = ofl_transport_cdio_describe;
  transport_class->close = ofl_transport_cdio_close;
}

static void
ofl_transport_cdio_init (OflTransportCdio *self)
{
}

static void
set_open_error (const char *device, GError **error)
{
  if (access (device, F_OK) != 0)
    ofl_set_error (error, OFL_ERROR_LOST,
                   _ ("%s does not exist. Check that the drive is plugged in."), device);
  else if (access (device, R_OK) != 0)
    ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                   _ ("This user may not open %s. Become a member of the group that owns it "
                      "(usually “cdrom”) and log in again."),
                   device);
  else
    ofl_set_error (error, OFL_ERROR_FAILED, _ ("libcdio could not open %s as a drive."), device);
}

/**
 * ofl_transport_cdio_new:
 * @device: the drive's device, as cdio_get_devices() names it
 * @error: return location: %OFL_ERROR_LOST, %OFL_ERROR_NO_ACCESS or %OFL_ERROR_FAILED
 *
 * Opens a drive through libcdio. Its commands block, on Linux up to a minute and more whatever
 * their limit; worker thread only.
 *
 * Returns: (transfer full): a transport, for reading only
 */
OflTransport *
ofl_transport_cdio_new (const char *device, GError **error)
{
  static gsize quiet = 0;
  g_autoptr (OflTransportCdio) self = g_object_new (OFL_TYPE_TRANSPORT_CDIO, NULL);

  g_return_val_if_fail (device != NULL, NULL);
  if (g_once_init_enter (&quiet))
    {
      cdio_log_set_handler (log_quietly);
      g_once_init_leave (&quiet, 1);
    }
  self->device = g_strdup (device);
  self->cdio = cdio_open (device, DRIVER_DEVICE);
  if (self->cdio == NULL)
    {
      set_open_error (device, error);
      return NULL;
    }
  return OFL_TRANSPORT (g_steal_pointer (&self));
}
