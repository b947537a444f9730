/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a drive on Windows: IOCTL_SCSI_PASS_THROUGH_DIRECT on its letter and, for a job, a lock on
 * its volume. Windows has no host byte: a command that got no answer makes the whole call fail, and its
 * error tells which way (scsi 4). */
#include "scsi/ofl-transport-spti.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* in this order */
#include <windows.h>
#include <winioctl.h>
#include <ntddscsi.h>

#include "scsi/ofl-error.h"

#define MAX_TRANSFER (64 * 1024)
#define MIN_TRANSFER 4096 /* less is not a limit but a misread one */
#define SENSE_ROOM 64
#define BUSY_WAIT_MS 2000
#define BUSY_SLICE_MS 100
#define FIND_SLICE_MS 200
#define STATUS_CHECK_CONDITION 0x02

#ifndef ERROR_NO_SUCH_DEVICE
#define ERROR_NO_SUCH_DEVICE 433 /* in newer headers */
#endif

struct _OflTransportSpti {
  OflTransport parent_instance;
  char *letter;
  OflOpenFlags flags;
  HANDLE drive;
  guint8 *room; /* whole pages: aligned to whatever an adapter can want */
  guint32 max_transfer;
  gboolean locked;
  gboolean lost;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (OflTransportSpti, ofl_transport_spti, OFL_TYPE_TRANSPORT)

typedef struct {
  SCSI_PASS_THROUGH_DIRECT packet;
  ULONG fill;
  UCHAR sense[SENSE_ROOM];
} Request;

/**
 * ofl_spti_outcome: (skip)
 * @code: what GetLastError() said after the call failed
 * @os_error: (out): the same as errno has it
 *
 * Returns: what became of the command
 */
OflOutcome
ofl_spti_outcome (guint32 code, int *os_error)
{
  switch (code)
    {
    case ERROR_SEM_TIMEOUT:
    case ERROR_TIMEOUT:
      *os_error = ETIMEDOUT;
      return OFL_OUTCOME_TIMEOUT;
    case ERROR_DEV_NOT_EXIST:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_DEVICE_REMOVED:
    case ERROR_NO_SUCH_DEVICE:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_BAD_UNIT:
      *os_error = ENODEV;
      return OFL_OUTCOME_LOST;
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT:
      *os_error = EACCES;
      return OFL_OUTCOME_NOT_SENT;
    case ERROR_INVALID_PARAMETER:
    case ERROR_INVALID_USER_BUFFER:
    case ERROR_INSUFFICIENT_BUFFER:
    case ERROR_BAD_LENGTH:
      *os_error = EINVAL;
      return OFL_OUTCOME_NOT_SENT;
    case ERROR_INVALID_FUNCTION:
    case ERROR_NOT_SUPPORTED:
    case ERROR_CALL_NOT_IMPLEMENTED:
      *os_error = ENOSYS;
      return OFL_OUTCOME_NOT_SENT;
    case ERROR_INVALID_HANDLE:
      *os_error = EBADF;
      return OFL_OUTCOME_NOT_SENT;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_OUTOFMEMORY:
      *os_error = ENOMEM;
      return OFL_OUTCOME_NOT_SENT;
    default: /* the adapter, the bridge, a reset: it may have reached the drive */
      *os_error = EIO;
      return OFL_OUTCOME_HOST;
    }
}

static gboolean
is_exclusive (const OflTransportSpti *self)
{
  return (self->flags & OFL_OPEN_EXCLUSIVE) != 0;
}

static HANDLE
open_letter (const char *letter, DWORD access)
{
  g_autofree char *node = g_strconcat ("\\\\.\\", letter, NULL);

  return CreateFileA (node, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
                      NULL);
}

/* Asked without any right to the drive: whether it is there. */
static gboolean
is_gone (const OflTransportSpti *self)
{
  HANDLE look = open_letter (self->letter, 0);

  if (look == INVALID_HANDLE_VALUE)
    return GetLastError () == ERROR_FILE_NOT_FOUND || GetLastError () == ERROR_PATH_NOT_FOUND;
  CloseHandle (look);
  return FALSE;
}

static void
set_open_error (const char *letter, DWORD code, GError **error)
{
  switch (code)
    {
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_BUSY:
      ofl_set_error (error, OFL_ERROR_BUSY,
                     _ ("The drive is in use (%s). Close the program that uses it, or unmount the "
                        "disc, and try again."),
                     letter);
      break;
    case ERROR_ACCESS_DENIED:
      ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                     _ ("Windows does not let this user send commands to %s, or another program has "
                        "locked it. Close other programs, and start this one as an administrator."),
                     letter);
      break;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_DEV_NOT_EXIST:
      ofl_set_error (error, OFL_ERROR_LOST,
                     _ ("There is no drive behind %s any more. Check its cable and power supply."),
                     letter);
      break;
      default: {
        g_autofree char *text = g_strdup_printf ("Windows error %lu", code);

        ofl_set_error (error, OFL_ERROR_FAILED, _ ("%s could not be opened: %s."), letter, text);
        break;
      }
    }
}

/* Without a disc, or with one that is blank, there is no volume that anybody could use. */
static gboolean
is_no_volume (DWORD code)
{
  switch (code)
    {
    case ERROR_NOT_READY:
    case ERROR_NO_MEDIA_IN_DRIVE:
    case ERROR_UNRECOGNIZED_VOLUME:
    case ERROR_UNRECOGNIZED_MEDIA:
    case ERROR_INVALID_FUNCTION:
    case ERROR_NOT_SUPPORTED:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The lock is refused while anybody else has something open there, and lasts until the handle is closed. */
static gboolean
lock_volume (OflTransportSpti *self, guint busy_wait_ms, GError **error)
{
  DWORD n, code;

  for (guint waited = 0;; waited += BUSY_SLICE_MS)
    {
      if (DeviceIoControl (self->drive, FSCTL_LOCK_VOLUME, NULL, 0, NULL, 0, &n, NULL))
        {
          self->locked = TRUE;
          DeviceIoControl (self->drive, FSCTL_DISMOUNT_VOLUME, NULL, 0, NULL, 0, &n, NULL);
          return TRUE;
        }
      code = GetLastError ();
      if (is_no_volume (code))
        return TRUE;
      if (waited >= busy_wait_ms)
        break;
      g_usleep (BUSY_SLICE_MS * 1000);
    }
  /* that it may be opened was seen: this is somebody else's use of it */
  set_open_error (self->letter, code == ERROR_ACCESS_DENIED ? ERROR_BUSY : code, error);
  return FALSE;
}

/* What one command may carry: ours or the adapter's limit, where Windows tells it. */
static guint32
find_max_transfer (HANDLE drive)
{
  STORAGE_PROPERTY_QUERY query
      = { .PropertyId = StorageAdapterProperty, .QueryType = PropertyStandardQuery };
  STORAGE_ADAPTER_DESCRIPTOR adapter = { 0 };
  DWORD n = 0;

  if (DeviceIoControl (drive, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof query, &adapter,
                       sizeof adapter, &n, NULL)
      && adapter.MaximumTransferLength >= MIN_TRANSFER)
    return MIN (MAX_TRANSFER, adapter.MaximumTransferLength);
  return MAX_TRANSFER;
}

static void
let_go (OflTransportSpti *self)
{
  if (self->drive != INVALID_HANDLE_VALUE)
    CloseHandle (self->drive);
  self->drive = INVALID_HANDLE_VALUE;
  self->locked = FALSE;
}

static gboolean
open_drive (OflTransportSpti *self, guint busy_wait_ms, GError **error)
{
  /* the pass-through wants both rights, for a look, too */
  self->drive = open_letter (self->letter, GENERIC_READ | GENERIC_WRITE);
  if (self->drive == INVALID_HANDLE_VALUE)
    {
      set_open_error (self->letter, GetLastError (), error);
      return FALSE;
    }
  if (is_exclusive (self) && !lock_volume (self, busy_wait_ms, error))
    {
      let_go (self);
      return FALSE;
    }
  self->max_transfer = find_max_transfer (self->drive);
  self->lost = FALSE;
  return TRUE;
}

static UCHAR
direction_of (OflDirection dir)
{
  switch (dir)
    {
    case OFL_DIR_IN:
      return SCSI_IOCTL_DATA_IN;
    case OFL_DIR_OUT:
      return SCSI_IOCTL_DATA_OUT;
    case OFL_DIR_NONE:
    default:
      return SCSI_IOCTL_DATA_UNSPECIFIED;
    }
}

/* Windows counts in whole seconds; less than one would be its own limit. */
static ULONG
limit_s (const OflCommand *command)
{
  return MAX (1, (command->timeout_ms + 999) / 1000);
}

static void
fill_request (Request *request, const OflCommand *command, guint8 *room)
{
  SCSI_PASS_THROUGH_DIRECT *packet = &request->packet;

  memset (request, 0, sizeof *request);
  packet->Length = sizeof *packet;
  packet->CdbLength = command->cdb_len;
  packet->SenseInfoLength = SENSE_ROOM;
  packet->SenseInfoOffset = G_STRUCT_OFFSET (Request, sense);
  packet->DataIn = direction_of (command->dir);
  packet->DataTransferLength = command->length;
  packet->DataBuffer = command->length > 0 ? room : NULL;
  packet->TimeOutValue = limit_s (command);
  memcpy (packet->Cdb, command->cdb, sizeof packet->Cdb);
}

/* A call that went well and took all of the command's time is no answer: Wine says "well" of a command
 * that was never answered, for it drops Linux' host byte. */
static void
judge (const Request *request, const OflCommand *command, gint64 took_us, OflReply *reply)
{
  const SCSI_PASS_THROUGH_DIRECT *packet = &request->packet;

  reply->status = packet->ScsiStatus;
  if (packet->ScsiStatus == STATUS_CHECK_CONDITION)
    ofl_sense_parse (&reply->sense, request->sense, sizeof request->sense);
  if (packet->ScsiStatus == STATUS_CHECK_CONDITION && reply->sense.valid)
    reply->outcome = OFL_OUTCOME_SENSE;
  else if (packet->ScsiStatus != 0)
    reply->outcome = OFL_OUTCOME_STATUS;
  else if (took_us >= (gint64) packet->TimeOutValue * G_USEC_PER_SEC)
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else
    reply->outcome = OFL_OUTCOME_OK;
  if (reply->outcome != OFL_OUTCOME_TIMEOUT)
    reply->transferred = MIN (packet->DataTransferLength, command->length);
  reply->residual = command->length - reply->transferred;
}

/* Why a command must not go this way, as errno; 0 when it may. */
static int
refusal_of (const OflTransportSpti *self, const OflCommand *command)
{
  if (self->closed)
    return EBADF;
  return command->length > self->max_transfer ? EINVAL : 0;
}

static void
ofl_transport_spti_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                            OflReply *reply)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (transport);
  Request request;
  gint64 began;
  DWORD n = 0;

  reply->residual = command->length;
  reply->os_error = refusal_of (self, command);
  if (reply->os_error != 0 || self->drive == INVALID_HANDLE_VALUE)
    {
      reply->outcome = reply->os_error != 0 ? OFL_OUTCOME_NOT_SENT : OFL_OUTCOME_LOST;
      return;
    }
  if (command->dir == OFL_DIR_OUT)
    memcpy (self->room, data, command->length);
  else
    memset (self->room, 0, command->length);
  fill_request (&request, command, self->room);
  began = g_get_monotonic_time ();
  if (DeviceIoControl (self->drive, IOCTL_SCSI_PASS_THROUGH_DIRECT, &request, sizeof request,
                       &request, sizeof request, &n, NULL))
    judge (&request, command, g_get_monotonic_time () - began, reply);
  else
    {
      reply->outcome = ofl_spti_outcome (GetLastError (), &reply->os_error);
      if (reply->outcome == OFL_OUTCOME_HOST && is_gone (self))
        reply->outcome = OFL_OUTCOME_LOST;
    }
  if (command->dir == OFL_DIR_IN && command->length > 0)
    memcpy (data, self->room, command->length);
  self->lost |= reply->outcome == OFL_OUTCOME_LOST;
}

static guint32
ofl_transport_spti_max_transfer (OflTransport *transport)
{
  return OFL_TRANSPORT_SPTI (transport)->max_transfer;
}

static gboolean
ofl_transport_spti_check_can_flash (OflTransport *transport, GError **error)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (transport);

  if (is_exclusive (self))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("%s is shared with other programs. Firmware is only written while nobody else "
                    "can send a command."),
                 self->letter);
  return FALSE;
}

static char *
ofl_transport_spti_describe (OflTransport *transport)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (transport);
  const char *how = "shared";

  if (is_exclusive (self))
    how = self->locked ? "its volume locked and dismounted" : "without a volume to lock";
  return g_strdup_printf ("Windows SPTI, %s, %s, at most %u bytes a command", self->letter, how,
                          self->max_transfer);
}

static gboolean
ofl_transport_spti_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                           GError **error)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (transport);
  gint64 end = g_get_monotonic_time () + (gint64) limit_ms * 1000;

  /* still there: letting go of it now would only let others in */
  if (self->drive != INVALID_HANDLE_VALUE && !self->lost && !is_gone (self))
    return TRUE;
  let_go (self);
  self->lost = TRUE;
  while (!self->closed)
    {
      g_autoptr (GError) reason = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (open_drive (self, 0, &reason))
        return TRUE;
      if (g_get_monotonic_time () >= end)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      ofl_transport_sleep_ms (transport, FIND_SLICE_MS, cancellable);
    }
  set_open_error (self->letter, ERROR_FILE_NOT_FOUND, error);
  return FALSE;
}

static void
ofl_transport_spti_close (OflTransport *transport)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (transport);

  let_go (self);
  self->closed = TRUE;
}

static void
ofl_transport_spti_finalize (GObject *object)
{
  OflTransportSpti *self = OFL_TRANSPORT_SPTI (object);

  let_go (self);
  if (self->room != NULL)
    VirtualFree (self->room, 0, MEM_RELEASE);
  g_free (self->letter);
  G_OBJECT_CLASS (ofl_transport_spti_parent_class)->finalize (object);
}

static void
ofl_transport_spti_class_init (OflTransportSptiClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_transport_spti_finalize;
  transport_class->execute = ofl_transport_spti_execute;
  transport_class->max_transfer = ofl_transport_spti_max_transfer;
  transport_class->check_can_flash = ofl_transport_spti_check_can_flash;
  transport_class->describe = ofl_transport_spti_describe;
  transport_class->reopen = ofl_transport_spti_reopen;
  transport_class->close = ofl_transport_spti_close;
}

static void
ofl_transport_spti_init (OflTransportSpti *self)
{
  self->drive = INVALID_HANDLE_VALUE;
  self->max_transfer = MAX_TRANSFER;
  /* memory set aside now cannot be short in the middle of a write */
  self->room = VirtualAlloc (NULL, MAX_TRANSFER, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
}

/**
 * ofl_transport_spti_new:
 * @letter: the drive's letter, "D:"
 * @flags: how to open it
 * @error: return location: %OFL_ERROR_BUSY, %OFL_ERROR_NO_ACCESS, %OFL_ERROR_LOST or
 *   %OFL_ERROR_FAILED
 *
 * Opens a drive on Windows. For a job its volume is locked and dismounted; a program that uses the disc
 * is waited for two seconds. A command blocks in the system until it is answered or its limit is over.
 * Worker thread only.
 *
 * Returns: (transfer full): a transport
 */
OflTransport *
ofl_transport_spti_new (const char *letter, OflOpenFlags flags, GError **error)
{
  g_autoptr (OflTransportSpti) self = g_object_new (OFL_TYPE_TRANSPORT_SPTI, NULL);

  g_return_val_if_fail (letter != NULL, NULL);
  self->letter = g_strdup (letter);
  self->flags = flags;
  if (self->room == NULL)
    {
      set_open_error (letter, ERROR_NOT_ENOUGH_MEMORY, error);
      return NULL;
    }
  if (!open_drive (self, is_exclusive (self) ? BUSY_WAIT_MS : 0, error))
    return NULL;
  return OFL_TRANSPORT (g_steal_pointer (&self));
}
