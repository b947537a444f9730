/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-identity.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define N_READS 3
#define N_ATTENTIONS 8 /* a drive queues a few after a reset; more is a storm, and given a moment */
#define N_STORMS 2
#define STORM_WAIT_MS 1000
#define READY_LIMIT_MS 5000 /* for how long a drive that gets ready is waited for */
#define READY_EVERY_MS 500
#define N_BUSY 5
#define BUSY_WAIT_MS 200

#define STATUS_BUSY 0x08
#define ASC_RESET 0x29 /* power on, reset, or bus device reset (SPC) */

#define INQUIRY_ADDITIONAL_LENGTH 4
#define INQUIRY_VENDOR 8
#define INQUIRY_PRODUCT 16
#define INQUIRY_REVISION 32
#define INQUIRY_EXTRA 36
#define INQUIRY_SHORTEST 36

#define FEATURE_SERIAL 0x0108
#define FEATURE_FIRMWARE_DATE 0x010c
#define FEATURE_ROOM 0x80
#define FEATURE_HEADER_LEN 8
#define FEATURE_DESCRIPTOR_LEN 4

static gboolean
is_printable (guint8 byte)
{
  return byte >= 0x20 && byte <= 0x7e;
}

/* Without the zeros that some bridges put behind a string; scsi_debug ends it with one zero and
 * goes on with blanks. Blanks before the first zero belong to the field. */
static gsize
used_length (const guint8 *field, gsize length)
{
  gsize used = length;

  while (used > 0 && (field[used - 1] == 0 || field[used - 1] == ' '))
    used--;
  while (used < length && field[used] == ' ')
    used++;
  return used;
}

static gboolean
field_is_printable (const guint8 *field, gsize length)
{
  gsize used = used_length (field, length);

  for (gsize i = 0; i < used; i++)
    if (!is_printable (field[i]))
      return FALSE;
  return used > 0;
}

/* What cannot be shown becomes '?': these strings go to terminals, windows and log files. */
static void
copy_field (char *to, const guint8 *field, gsize length)
{
  length = used_length (field, length);
  for (gsize i = 0; i < length; i++)
    to[i] = is_printable (field[i]) ? (char) field[i] : '?';
  to[length] = 0;
}

/**
 * ofl_identity_parse_inquiry:
 * @self: the identity to fill; serial, date and counters stay as they are
 * @data: (array length=length): standard INQUIRY data as it came
 * @length: number of bytes that came
 *
 * Takes vendor, product, revision and the vendor specific text out of INQUIRY data
 * (scsi 1.3). A drive with less than 96 bytes says so in byte 4; what lies behind its
 * end is not its own and is dropped.
 */
void
ofl_identity_parse_inquiry (OflIdentity *self, const guint8 *data, gsize length)
{
  gsize extra_len = 0;

  length = MIN (length, OFL_INQUIRY_LEN);
  if (length > INQUIRY_SHORTEST)
    {
      gsize own_length = (gsize) data[INQUIRY_ADDITIONAL_LENGTH] + 5;

      length = CLAMP (own_length, INQUIRY_SHORTEST, length);
    }
  memset (self->inquiry, 0, sizeof self->inquiry);
  if (length > 0)
    memcpy (self->inquiry, data, length);
  self->inquiry_len = (guint8) length;

  copy_field (self->vendor, self->inquiry + INQUIRY_VENDOR, 8);
  copy_field (self->product, self->inquiry + INQUIRY_PRODUCT, 16);
  copy_field (self->revision, self->inquiry + INQUIRY_REVISION, 4);
  g_strchomp (self->vendor);
  g_strchomp (self->product);
  while (extra_len < sizeof self->extra - 1 && INQUIRY_EXTRA + extra_len < length
         && is_printable (self->inquiry[INQUIRY_EXTRA + extra_len]))
    extra_len++;
  copy_field (self->extra, self->inquiry + INQUIRY_EXTRA, extra_len);
  g_strchomp (self->extra);

  self->printable = length >= INQUIRY_SHORTEST
                    && field_is_printable (self->inquiry + INQUIRY_VENDOR, 8)
                    && field_is_printable (self->inquiry + INQUIRY_PRODUCT, 16)
                    && field_is_printable (self->inquiry + INQUIRY_REVISION, 4);
}

static void
count_trouble (OflAsked *asked, const OflReply *reply)
{
  if (reply->outcome == OFL_OUTCOME_HOST)
    asked->host_failures++;
  if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && reply->sense.asc == ASC_RESET)
    asked->resets++;
}

/**
 * ofl_identity_ask:
 * @transport: an open transport; worker threads only
 * @command: one that only reads
 * @data: (nullable): room for its answer
 * @reply: (out caller-allocates): the last answer
 * @asked: (nullable): counts on: what stood in the way of an answer
 *
 * Sends a command that only reads. It may be repeated: UNIT ATTENTION tells of the past (a reset,
 * a new disc) and says nothing about this command; BUSY asks for a moment; a failure of the
 * bridge is given one more chance (scsi 3.2).
 */
void
ofl_identity_ask (OflTransport *transport, const OflCommand *command, guint8 *data, OflReply *reply,
                  OflAsked *asked)
{
  guint attentions = 0;
  guint storms = 1;
  guint busy = 0;
  gboolean host_retried = FALSE;

  while (TRUE)
    {
      ofl_transport_execute (transport, command, data, reply);
      if (asked != NULL)
        count_trouble (asked, reply);
      if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && attentions < N_ATTENTIONS)
        attentions++;
      else if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && storms < N_STORMS)
        {
          storms++;
          attentions = 0;
          ofl_transport_sleep_ms (transport, STORM_WAIT_MS, NULL);
        }
      else if (reply->outcome == OFL_OUTCOME_STATUS && reply->status == STATUS_BUSY
               && busy < N_BUSY)
        {
          busy++;
          ofl_transport_sleep_ms (transport, BUSY_WAIT_MS, NULL);
        }
      else if (reply->outcome == OFL_OUTCOME_HOST && !host_retried)
        host_retried = TRUE;
      else
        return;
    }
}

/* A drive that cannot be reached is an error; one that refuses a question is not. One that only
 * tells of a reset, or is busy, has not refused it: without an answer it would be taken for a drive
 * that has no serial. */
static gboolean
check_reached (const OflCommand *command, const OflReply *reply, GError **error)
{
  if (reply->outcome != OFL_OUTCOME_TIMEOUT && reply->outcome != OFL_OUTCOME_LOST
      && !ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION)
      && !(reply->outcome == OFL_OUTCOME_STATUS && reply->status == STATUS_BUSY))
    return TRUE;
  ofl_reply_set_error (reply, command, error);
  return FALSE;
}

static gboolean
read_inquiry (OflIdentity *self, OflTransport *transport, GError **error)
{
  OflCommand command = ofl_command_inquiry (OFL_INQUIRY_LEN);

  for (self->reads = 0; self->reads < N_READS; self->reads++)
    {
      guint8 data[OFL_INQUIRY_LEN] = { 0 };
      OflIdentity other = { 0 };
      OflReply reply = { 0 };

      ofl_identity_ask (transport, &command, data, &reply, NULL);
      if (!ofl_reply_ok (&reply))
        {
          ofl_reply_set_error (&reply, &command, error);
          return FALSE;
        }
      ofl_identity_parse_inquiry (&other, data, MIN (reply.transferred, sizeof data));
      if (self->reads == 0)
        ofl_identity_parse_inquiry (self, data, MIN (reply.transferred, sizeof data));
      else if (other.inquiry_len != self->inquiry_len
               || memcmp (other.inquiry, self->inquiry, sizeof other.inquiry) != 0)
        self->different++;
    }
  return TRUE;
}

/* The text of one feature, "" when the drive has no such feature or it is not text. */
static gboolean
read_feature_text (OflTransport *transport, guint16 feature, char *text, gsize size, GError **error)
{
  OflCommand command = ofl_command_get_configuration (feature, FEATURE_ROOM);
  guint8 data[FEATURE_ROOM] = { 0 };
  const guint8 *descriptor = data + FEATURE_HEADER_LEN;
  OflReply reply = { 0 };
  gsize came, length;

  text[0] = 0;
  ofl_identity_ask (transport, &command, data, &reply, NULL);
  if (!ofl_reply_ok (&reply))
    return check_reached (&command, &reply, error);

  came = MIN (reply.transferred, sizeof data);
  if (came < FEATURE_HEADER_LEN + FEATURE_DESCRIPTOR_LEN || ofl_get_be (descriptor, 2) != feature)
    return TRUE;
  length = MIN (descriptor[3], came - FEATURE_HEADER_LEN - FEATURE_DESCRIPTOR_LEN);
  length = MIN (length, size - 1);
  if (!field_is_printable (descriptor + FEATURE_DESCRIPTOR_LEN, length))
    return TRUE;
  copy_field (text, descriptor + FEATURE_DESCRIPTOR_LEN, length);
  g_strstrip (text);
  return TRUE;
}

/* A drive that was just switched on, or has just left another mode, is waited for: by 02/04/xx it
 * says nothing of discs. */
static gboolean
read_medium (OflIdentity *self, OflTransport *transport, GError **error)
{
  OflCommand command = ofl_command_test_unit_ready ();
  gint64 end = ofl_transport_now_us (transport) + READY_LIMIT_MS * G_GINT64_CONSTANT (1000);
  OflReply reply = { 0 };

  ofl_identity_ask (transport, &command, NULL, &reply, NULL);
  while (ofl_reply_getting_ready (&reply) && ofl_transport_now_us (transport) < end)
    {
      ofl_transport_sleep_ms (transport, READY_EVERY_MS, NULL);
      ofl_identity_ask (transport, &command, NULL, &reply, NULL);
    }
  self->getting_ready = ofl_reply_getting_ready (&reply);
  self->tray_open = ofl_reply_tray_open (&reply);
  self->medium = !ofl_reply_no_medium (&reply) && !self->getting_ready;
  return check_reached (&command, &reply, error);
}

/**
 * ofl_identity_read:
 * @self: (out caller-allocates): who the drive says it is
 * @transport: an open transport; blocks, so call this on the drive's worker thread
 * @error: return location
 *
 * Takes INQUIRY (96 bytes) three times and compares, then asks for serial (feature 0108),
 * firmware date (feature 010C) and whether a disc is in (scsi 1.4), for which a drive that
 * is getting ready is given some seconds. Sends only commands
 * that change nothing. A drive without those features is fine. A garbled identity is a result,
 * not an error: see @different and @printable.
 *
 * Returns: %FALSE with %OFL_ERROR_TIMEOUT, %OFL_ERROR_LOST or, when INQUIRY itself is refused,
 *   the error that ofl_reply_set_error() makes of it
 */
gboolean
ofl_identity_read (OflIdentity *self, OflTransport *transport, GError **error)
{
  memset (self, 0, sizeof *self);
  return read_inquiry (self, transport, error)
         && read_feature_text (transport, FEATURE_SERIAL, self->serial, sizeof self->serial, error)
         && read_feature_text (transport, FEATURE_FIRMWARE_DATE, self->firmware_date,
                               sizeof self->firmware_date, error)
         && read_medium (self, transport, error);
}

/**
 * ofl_identity_is_trustworthy:
 * @self: an identity
 * @error: return location
 *
 * Whether a decision may be built on it: every read gave the same bytes and they are text.
 *
 * Returns: %FALSE with %OFL_ERROR_GARBLED
 */
gboolean
ofl_identity_is_trustworthy (const OflIdentity *self, GError **error)
{
  if (self->different > 0)
    {
      ofl_set_error (error, OFL_ERROR_GARBLED,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "The drive gave a different name when asked again (%u of %u "
                                  "answer differs). The link to it corrupts data. Try another "
                                  "cable, port or adapter.",
                                  "The drive gave a different name when asked again (%u of %u "
                                  "answers differ). The link to it corrupts data. Try another "
                                  "cable, port or adapter.",
                                  self->reads),
                     self->different, self->reads);
      return FALSE;
    }
  if (!self->printable)
    {
      ofl_set_error (error, OFL_ERROR_GARBLED,
                     _ ("The drive's name is not readable text. Its link or its firmware is "
                        "damaged. Try another cable, port or adapter first."));
      return FALSE;
    }
  return TRUE;
}

/* "0000", "FFFF", "....", also with blanks between. */
static gboolean
is_one_character (const char *text)
{
  for (gsize i = 1; text[i] != 0; i++)
    if (text[i] != text[0] && text[i] != ' ')
      return FALSE;
  return TRUE;
}

/* "123456789012" and "0123456789ABCDEF": somebody ran a finger along the keys. */
static gboolean
is_counting (const char *text)
{
  static const char *const counts[]
      = { "0123456789ABCDEF", "012345678901234567890123456789", "123456789012345678901234567890" };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    if (g_ascii_strncasecmp (counts[i], text, strlen (text)) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ofl_identity_has_own_serial:
 * @self: an identity
 *
 * Whether its serial can tell this drive from another one: not none, not blanks, not one character
 * over and over, not a count. Bridges give such numbers to every drive behind them.
 *
 * Returns: %FALSE when the serial says nothing
 */
gboolean
ofl_identity_has_own_serial (const OflIdentity *self)
{
  return self->serial[0] != 0 && !is_one_character (self->serial) && !is_counting (self->serial);
}

/**
 * ofl_identity_same_drive:
 * @a: an identity
 * @b: another one
 *
 * Whether both can be the same piece of hardware. The revision does not count: flashing changes
 * it. Serials decide when both are known; otherwise vendor and product do.
 *
 * Returns: whether they match
 */
gboolean
ofl_identity_same_drive (const OflIdentity *a, const OflIdentity *b)
{
  if (a->serial[0] != 0 && b->serial[0] != 0)
    return strcmp (a->serial, b->serial) == 0;
  return strcmp (a->vendor, b->vendor) == 0 && strcmp (a->product, b->product) == 0;
}

/**
 * ofl_identity_date:
 * @self: an identity
 *
 * Drives of MediaTek's send "21" for the 21st century, then the year in it (mt1959 1.3); a year of
 * four digits that begins so is beyond the present.
 *
 * Returns: (transfer full): the date of the firmware, as 2018-10-24; what the drive sent when that is
 *   no date
 */
char *
ofl_identity_date (const OflIdentity *self)
{
  const char *sent = self->firmware_date;

  if (strspn (sent, "0123456789") < 8)
    return g_strdup (sent);
  if (strncmp (sent, "21", 2) == 0)
    return g_strdup_printf ("20%.2s-%.2s-%.2s", sent + 2, sent + 4, sent + 6);
  return g_strdup_printf ("%.4s-%.2s-%.2s", sent, sent + 4, sent + 6);
}

/**
 * ofl_identity_name:
 * @self: an identity
 *
 * Returns: (transfer full): vendor and product as one name, for people; in records, and where names
 *   are compared, to be asked for in English
 */
char *
ofl_identity_name (const OflIdentity *self)
{
  g_autofree char *name = g_strdup_printf ("%s %s", self->vendor, self->product);

  g_strstrip (name);
  return g_strdup (name[0] != 0 ? name : _ ("Drive without a name"));
}

/**
 * ofl_drive_state_id:
 * @state: a state
 *
 * Returns: its word for machines
 */
const char *
ofl_drive_state_id (OflDriveState state)
{
  static const char *const ids[] = {
    [OFL_DRIVE_STATE_UNKNOWN] = "unknown", [OFL_DRIVE_STATE_NORMAL] = "normal",
    [OFL_DRIVE_STATE_BOOT] = "boot",       [OFL_DRIVE_STATE_GARBLED] = "garbled",
    [OFL_DRIVE_STATE_SILENT] = "silent",   [OFL_DRIVE_STATE_BUSY] = "busy",
  };

  return (gsize) state < G_N_ELEMENTS (ids) ? ids[state] : "unknown";
}

/**
 * ofl_drive_state_title:
 * @state: a state
 *
 * Returns: its word for people
 */
const char *
ofl_drive_state_title (OflDriveState state)
{
  static const char *const titles[] = {
    [OFL_DRIVE_STATE_UNKNOWN] = N_ ("Not looked at"),
    [OFL_DRIVE_STATE_NORMAL] = N_ ("Ready"),
    [OFL_DRIVE_STATE_BOOT] = N_ ("Boot mode"),
    [OFL_DRIVE_STATE_GARBLED] = N_ ("Garbled answers"),
    [OFL_DRIVE_STATE_SILENT] = N_ ("No answer"),
    [OFL_DRIVE_STATE_BUSY] = N_ ("In use"),
  };

  return (gsize) state < G_N_ELEMENTS (titles) ? _ (titles[state]) : _ (titles[0]);
}
