/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kit for recognising: who may be asked, reads that may fail, text in bytes. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

/* GET CONFIGURATION of one feature: 8 bytes of header, then the feature; the allocation length is
 * that of scsi 1.4 */
#define FEATURE_LEN 0x1c
#define FEATURE_HEADER 8

#define N_ATTENTIONS 8 /* a drive queues a few after a reset; more is a storm */

/**
 * ofl_family_forced:
 * @self: a family
 * @snapshot: a drive that is being probed
 *
 * Returns: whether the user said that the drive is of this family
 */
gboolean
ofl_family_forced (const OflFamily *self, const OflSnapshot *snapshot)
{
  return g_strcmp0 (ofl_snapshot_get_fact (snapshot, OFL_FACT_FORCED), self->id) == 0;
}

/**
 * ofl_family_may_ask:
 * @self: a family whose table lists makers
 * @snapshot: a drive that is being probed
 *
 * Returns: whether the maker's name, or the user, says that the drive may be asked the family's own
 *   questions; never where the table has the maker among those that must not be
 */
gboolean
ofl_family_may_ask (const OflFamily *self, const OflSnapshot *snapshot)
{
  const char *vendor = ofl_snapshot_identity (snapshot)->vendor;

  return !ofl_family_lists (self, "family", "never-vendors", vendor)
         && (ofl_family_forced (self, snapshot)
             || ofl_family_lists (self, "family", "vendors", vendor));
}

/**
 * ofl_family_probe_model:
 * @self: a family that goes by the name alone
 * @snapshot: a drive that is being probed
 *
 * Returns: (transfer full) (nullable): the group of the drive's model in the table; the maker's
 *   name does not matter when the user forces the family
 */
char *
ofl_family_probe_model (const OflFamily *self, const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  const char *vendor = ofl_family_forced (self, snapshot) ? NULL : identity->vendor;

  return ofl_family_model_of (self, vendor, identity->product);
}

static char *
describe_answer (const OflCommand *command, const OflReply *reply, const char *what)
{
  g_autofree char *cdb = ofl_command_format (command);
  g_autofree char *answer = ofl_reply_ok (reply)
                                ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u byte",
                                                                "%u of %u bytes", command->length),
                                                   reply->transferred, command->length)
                                : ofl_reply_format (reply);

  return g_strdup_printf ("%s (%s): %s", _ (what), cdb, answer);
}

/* Asks again where that may help: a unit attention tells of the past and says nothing about this
 * command, so a few may come; every other failure gets one more chance (scsi 3.2). A clear
 * refusal is an answer, and a drive that is gone does not come back by asking. */
static void
ask (OflTransport *transport, const OflCommand *command, guint8 *data, guint32 at_least,
     OflReply *reply)
{
  guint attentions = 0;
  guint failures = 0;

  while (TRUE)
    {
      memset (data, 0, command->length);
      ofl_transport_execute (transport, command, data, reply);
      if ((ofl_reply_ok (reply) && reply->transferred >= at_least)
          || reply->outcome == OFL_OUTCOME_LOST || reply->outcome == OFL_OUTCOME_NOT_SENT
          || ofl_reply_has_key (reply, OFL_KEY_ILLEGAL_REQUEST))
        return;
      if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && attentions++ < N_ATTENTIONS)
        continue;
      if (failures++ > 0)
        return;
    }
}

/**
 * ofl_family_read:
 * @transport: a way to the drive
 * @snapshot: the drive that is being probed
 * @command: a command that only reads
 * @what: what it asks for, as the end of "was asked for …", marked with N_()
 * @data: (out caller-allocates): command.length bytes, zeroed first
 * @at_least: bytes that must have come
 *
 * Only a clear refusal of the drive (ILLEGAL REQUEST) says that it does not have what it was asked
 * for. Whatever else goes wrong, twice, or a GOOD status with fewer bytes, is a link that failed:
 * it is noted in @snapshot, by which ofl_families_probe() makes a failed probe of the whole.
 *
 * Returns: whether enough bytes came with status GOOD
 */
gboolean
ofl_family_read (OflTransport *transport, OflSnapshot *snapshot, OflCommand command,
                 const char *what, guint8 *data, guint32 at_least)
{
  OflReply reply = { 0 };

  ask (transport, &command, data, at_least, &reply);
  if (ofl_reply_ok (&reply) && reply.transferred >= at_least)
    return TRUE;
  if (ofl_reply_has_key (&reply, OFL_KEY_ILLEGAL_REQUEST))
    ofl_snapshot_set_refused (snapshot, OFL_SENTENCE (describe_answer (&command, &reply, what)));
  else
    ofl_snapshot_set_failed (snapshot, OFL_SENTENCE (describe_answer (&command, &reply, what)));
  return FALSE;
}

/**
 * ofl_family_has_feature:
 * @transport: a way to the drive
 * @snapshot: the drive that is being probed
 * @feature: an MMC feature code
 *
 * A drive without the feature answers with the header alone, and its length says so.
 *
 * Returns: whether the drive answers GET CONFIGURATION with that feature (scsi 1.4)
 */
gboolean
ofl_family_has_feature (OflTransport *transport, OflSnapshot *snapshot, guint16 feature)
{
  guint8 data[FEATURE_LEN];
  OflCommand command = ofl_command_get_configuration (feature, FEATURE_LEN);

  return ofl_family_read (transport, snapshot, command, N_ ("one of its features"), data,
                          FEATURE_HEADER)
         && ofl_get_be (data, 4) >= FEATURE_HEADER - 4 + 2
         && ofl_get_be (data + FEATURE_HEADER, 2) == feature;
}

/**
 * ofl_family_text:
 * @data: (array length=length): bytes
 * @length: their number
 *
 * Returns: (transfer full): the printable ASCII of them; whatever is not printable becomes a
 *   blank, blanks in a row become one, those at both ends go
 */
char *
ofl_family_text (const guint8 *data, gsize length)
{
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isgraph ((char) data[i]))
        g_string_append_c (text, (char) data[i]);
      else if (text->len > 0 && text->str[text->len - 1] != ' ')
        g_string_append_c (text, ' ');
    }
  return g_strchomp (g_string_free (text, FALSE));
}

/**
 * ofl_family_check_size:
 * @image: an image being parsed
 * @wanted: how many bytes an image of this kind has
 *
 * Adds the check "size": whether the image has exactly that many.
 *
 * Returns: whether it has
 */
gboolean
ofl_family_check_size (OflImage *image, gsize wanted)
{
  gsize length;

  ofl_image_get_data (image, &length);
  if (length == wanted)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK,
                         g_dngettext (GETTEXT_PACKAGE, "%zu byte", "%zu bytes", length), length);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         g_dngettext (GETTEXT_PACKAGE, "%zu byte where %zu belong",
                                      "%zu bytes where %zu belong", length),
                         length, wanted);
  return length == wanted;
}

/**
 * ofl_family_runs:
 * @data: (array length=length): bytes
 * @length: their number
 * @shortest: a run of fewer printable characters is not shown
 *
 * Returns: (transfer full): the runs of printable ASCII, trimmed, with " | " between them
 */
char *
ofl_family_runs (const guint8 *data, gsize length, gsize shortest)
{
  GString *all = g_string_new (NULL);
  gsize start = 0;

  for (gsize i = 0; i <= length; i++)
    {
      g_autofree char *run = NULL;

      if (i < length && g_ascii_isprint ((char) data[i]))
        continue;
      run = ofl_family_text (data + start, i - start);
      start = i + 1;
      if (strlen (run) >= shortest)
        g_string_append_printf (all, "%s%s", all->len > 0 ? " | " : "", run);
    }
  return g_string_free (all, FALSE);
}

/**
 * ofl_family_names:
 * @text: what ofl_family_text() made of bytes
 * @words: a vendor or product as INQUIRY has it
 *
 * Returns: whether @text has @words in it, blanks in a row taken as one, and not as the beginning
 *   of a longer word ("BH16NS5" is not in "BH16NS55")
 */
gboolean
ofl_family_names (const char *text, const char *words)
{
  g_autofree char *wanted = ofl_family_text ((const guint8 *) words, strlen (words));
  gsize length = strlen (wanted);

  if (length == 0)
    return FALSE;
  for (const char *at = strstr (text, wanted); at != NULL; at = strstr (at + 1, wanted))
    /* in INQUIRY's layout a vendor of 8 characters, or a product of 16, has no blank after it */
    if (length == 8 || length == 16 || !g_ascii_isalnum (at[length]))
      return TRUE;
  return FALSE;
}
