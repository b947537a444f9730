/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message of the wire becomes a command, and a reply a message. A hostile program can send
 * anything; what is not a whole, sane command ends here. */
#include "updater/ofl-updater-request.h"

#include <errno.h>
#include <string.h>

#include "updater/ofl-updater-harmless.h"

/* A drive that burns its flash can be silent for most of a minute (practice 3); what ends a command
 * too early leaves it in the middle. A question can be ended at any time, and all that comes behind it waits
 * for a drive that hangs: a program may ask for as long as we give the others, and no longer. */
#define TIMEOUT_OTHER 300000
#define TIMEOUT_HARMLESS_MOST 300000
#define TIMEOUT_OTHER_MOST 3600000

G_DEFINE_BOXED_TYPE (OflUpdaterRequest, ofl_updater_request, ofl_updater_request_ref,
                     ofl_updater_request_unref)

static gboolean
cdb_is_padded (const OflUpdaterWireRequest *wire)
{
  for (guint i = wire->cdb_len; i < OFL_UPDATER_WIRE_CDB_MAX; i++)
    if (wire->cdb[i] != 0)
      return FALSE;
  return TRUE;
}

static const char *
find_fault (const OflUpdaterWireRequest *wire)
{
  if (wire->magic != OFL_UPDATER_WIRE_MAGIC)
    return "it is no request";
  if (wire->version != OFL_UPDATER_WIRE_VERSION)
    return "it is of another version";
  if (wire->cdb_len < OFL_UPDATER_WIRE_CDB_MIN || wire->cdb_len > OFL_UPDATER_WIRE_CDB_MAX)
    return "its CDB is too short or too long";
  if (!cdb_is_padded (wire))
    return "bytes follow its CDB";
  if (wire->direction > OFL_UPDATER_WIRE_OUT)
    return "it has no direction";
  if (wire->length > OFL_UPDATER_WIRE_DATA_MAX)
    return "it has too much data";
  if (wire->direction == OFL_UPDATER_WIRE_NONE && wire->length > 0)
    return "it has data and no direction";
  return NULL;
}

static OflDirection
direction_of (const OflUpdaterWireRequest *wire)
{
  switch (wire->direction)
    {
    case OFL_UPDATER_WIRE_IN:
      return OFL_DIR_IN;
    case OFL_UPDATER_WIRE_OUT:
      return OFL_DIR_OUT;
    default:
      return OFL_DIR_NONE;
    }
}

/**
 * ofl_updater_request_new:
 * @wire: what came from the cage, not yet looked at
 * @fault: (out) (nullable) (transfer none): what is wrong with it, in English, for the log
 *
 * Checks the message against its bounds; its data, if it sends any, have still to be read into the
 * room for them.
 *
 * Returns: (transfer full) (nullable): the request, its serial 0; %NULL when it is none
 */
OflUpdaterRequest *
ofl_updater_request_new (const OflUpdaterWireRequest *wire, const char **fault)
{
  OflUpdaterRequest *self;
  guint ours, most;

  g_return_val_if_fail (wire != NULL && fault != NULL, NULL);
  *fault = find_fault (wire);
  if (*fault != NULL)
    return NULL;
  self = g_atomic_rc_box_new0 (OflUpdaterRequest);
  self->command = ofl_command_raw (wire->cdb, wire->cdb_len, direction_of (wire), wire->length, 0);
  self->harmless = ofl_updater_is_harmless (&self->command);
  self->asked_ms = wire->timeout_ms;
  ours = self->harmless ? OFL_TIMEOUT_TRANSFER : TIMEOUT_OTHER;
  most = self->harmless ? TIMEOUT_HARMLESS_MOST : TIMEOUT_OTHER_MOST;
  self->command.timeout_ms = CLAMP (wire->timeout_ms, ours, most);
  self->data = g_malloc0 (MAX (wire->length, 1));
  return self;
}

/**
 * ofl_updater_request_ref:
 * @self: a request
 *
 * Returns: (transfer full): the same; any thread
 */
OflUpdaterRequest *
ofl_updater_request_ref (OflUpdaterRequest *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
free_data (OflUpdaterRequest *self)
{
  g_free (self->data);
}

/**
 * ofl_updater_request_unref:
 * @self: (transfer full): a request; any thread
 */
void
ofl_updater_request_unref (OflUpdaterRequest *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) free_data);
}

#define DID_NO_CONNECT 0x01
#define DID_TIME_OUT 0x03
#define DID_ERROR 0x07
#define DRIVER_SENSE 0x08

/* What did not come to an answer of the drive, in a kernel's words */
static void
put_failure (const OflReply *reply, OflUpdaterWireAnswer *wire)
{
  switch (reply->outcome)
    {
    case OFL_OUTCOME_TIMEOUT:
      wire->host_status = DID_TIME_OUT;
      break;
    case OFL_OUTCOME_LOST:
      wire->host_status = DID_NO_CONNECT;
      break;
    case OFL_OUTCOME_HOST:
      wire->host_status = reply->host_status != 0 ? reply->host_status : DID_ERROR;
      break;
    case OFL_OUTCOME_NOT_SENT:
      wire->os_error = reply->os_error > 0 ? (guint32) reply->os_error : EIO;
      break;
    case OFL_OUTCOME_OK:
    case OFL_OUTCOME_SENSE:
    case OFL_OUTCOME_STATUS:
    default:
      break;
    }
}

/**
 * ofl_updater_request_put_answer:
 * @self: the request
 * @reply: what became of it
 * @wire: (out caller-allocates): the answer; the first @wire.length bytes of the request's data
 *   follow it
 */
void
ofl_updater_request_put_answer (const OflUpdaterRequest *self, const OflReply *reply,
                                OflUpdaterWireAnswer *wire)
{
  guint32 moved = MIN (reply->transferred, self->command.length);

  memset (wire, 0, sizeof *wire);
  wire->magic = OFL_UPDATER_WIRE_MAGIC;
  wire->version = OFL_UPDATER_WIRE_VERSION;
  put_failure (reply, wire);
  wire->residual = wire->os_error == 0 ? self->command.length - moved : 0;
  wire->duration_ms = (guint32) CLAMP (reply->duration_us / 1000, 0, G_MAXINT32);
  if (wire->os_error != 0)
    return;
  wire->status = reply->status;
  wire->sense_len = MIN (reply->sense.raw_len, OFL_UPDATER_WIRE_SENSE_MAX);
  memcpy (wire->sense, reply->sense.raw, wire->sense_len);
  wire->driver_status = wire->sense_len > 0 ? DRIVER_SENSE : reply->driver_status;
  wire->length = self->command.dir == OFL_DIR_IN ? moved : 0;
}
