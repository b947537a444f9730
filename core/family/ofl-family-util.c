/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every family needs: probing reads, text in bytes, the checks that need no family. */
#include "family/ofl-family-private.h"

#include <string.h>

#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

/* GET CONFIGURATION of one feature: 8 bytes of header, then the feature; the allocation length is
 * that of annex-sequences.md 7.3 */
#define FEATURE_LEN 0x1c
#define FEATURE_HEADER 8

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
 * ofl_family_read:
 * @transport: a way to the drive
 * @command: a command that only reads
 * @data: (out caller-allocates): command.length bytes, zeroed first
 * @at_least: bytes that must have come
 *
 * Sends @command, and once more when the answer was an error: the first may only have delivered a
 * pending unit attention, and reads may be retried once (protocols.md 1.4). A drive that does not
 * know the command, or does not answer at all, is not asked again.
 *
 * Returns: whether enough bytes came with status GOOD
 */
gboolean
ofl_family_read (OflTransport *transport, OflCommand command, guint8 *data, guint32 at_least)
{
  for (guint i = 0; i < 2; i++)
    {
      OflReply reply = { 0 };

      memset (data, 0, command.length);
      ofl_transport_execute (transport, &command, data, &reply);
      if (ofl_reply_ok (&reply))
        return reply.transferred >= at_least;
      if (reply.outcome != OFL_OUTCOME_SENSE && reply.outcome != OFL_OUTCOME_STATUS)
        return FALSE;
      if (ofl_reply_has_key (&reply, OFL_KEY_ILLEGAL_REQUEST))
        return FALSE;
    }
  return FALSE;
}

/**
 * ofl_family_has_feature:
 * @transport: a way to the drive
 * @feature: an MMC feature code
 *
 * Returns: whether the drive answers GET CONFIGURATION with that feature (protocols.md 1.3)
 */
gboolean
ofl_family_has_feature (OflTransport *transport, guint16 feature)
{
  guint8 data[FEATURE_LEN];
  OflCommand command = ofl_command_get_configuration (feature, FEATURE_LEN);

  return ofl_family_read (transport, command, data, FEATURE_HEADER + 2)
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

/**
 * ofl_family_judge_drive:
 * @self: the drive's family
 * @drive: a drive
 * @judgement: where to add reasons
 *
 * The reasons that concern the drive alone and are the same in every family.
 */
void
ofl_family_judge_drive (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  gboolean writes = (ofl_snapshot_get_caps (drive) & OFL_CAP_WRITE) != 0;

  if (writes)
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "family", NULL,
                       "The drive is of the family %s, whose protocol is known (%s).",
                       ofl_family_name (self), ofl_family_evidence (self));
  else if (ofl_snapshot_get_reason (drive) != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family", "Nothing can be done about it here.",
                       "%s", ofl_snapshot_get_reason (drive));
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "family",
                       "Nothing can be done about it here.",
                       "How to write the firmware of %s drives is not publicly known.",
                       ofl_family_name (self));
  if (identity->medium && ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_NORMAL)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "medium",
                       "Take the disc out and close the tray.",
                       "The drive does not say that it is empty.");
  if (g_strcmp0 (ofl_snapshot_get_fact (drive, "bus"), "usb") == 0
      && !g_key_file_get_boolean (ofl_family_table (self), "family", "native-usb", NULL))
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "bridge",
                       "If the drive refuses commands, connect it to a SATA port.",
                       "The drive is on USB. Some bridges between USB and SATA do not pass the "
                       "commands a firmware update needs.");
}

/**
 * ofl_family_may_plan:
 * @self: a family
 * @drive: a drive
 * @image: what would be written
 * @choices: (nullable): what the user chose
 * @error: return location
 *
 * The last gate before steps are made: a plan that nothing may override is never made.
 *
 * Returns: %FALSE with %OFL_ERROR_WRONG_IMAGE when the judgement is %OFL_LEVEL_RED
 */
gboolean
ofl_family_may_plan (const OflFamily *self,
                     const OflSnapshot *drive,
                     const OflImage *image,
                     const OflChoices *choices,
                     GError **error)
{
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);
  const OflReason *worst = ofl_judgement_get_worst (judgement);

  if (worst == NULL || worst->level < OFL_LEVEL_RED)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE, "%s%s%s", worst->sentence,
               worst->remedy != NULL ? " " : "", worst->remedy != NULL ? worst->remedy : "");
  return FALSE;
}
