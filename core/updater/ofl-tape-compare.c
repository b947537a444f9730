/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two tapes side by side. What depends on the clock is left out of it: times, limits, and how often in a
 * row the same poll got the same answer. */
#include "updater/ofl-tape-compare.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "firmware/ofl-hashes.h"
#include "flash/ofl-mask.h"

static gboolean
same_answer (const OflReply *a, const OflReply *b)
{
  return a->outcome == b->outcome && a->status == b->status && a->transferred == b->transferred
         && a->sense.key == b->sense.key && a->sense.asc == b->sense.asc
         && a->sense.ascq == b->sense.ascq;
}

/**
 * ofl_tape_compare_entries:
 * @a: an exchange
 * @b: another one
 *
 * Of sense data the three codes count: what else is in it says how far the drive is.
 *
 * Returns: how they differ
 */
OflTapeDifference
ofl_tape_compare_entries (const OflTapeEntry *a, const OflTapeEntry *b)
{
  if (!ofl_tape_same_command (&a->command, &b->command))
    return OFL_TAPE_OTHER_COMMAND;
  if (a->command.dir == OFL_DIR_OUT && strcmp (a->sha256, b->sha256) != 0)
    return OFL_TAPE_OTHER_SENT;
  if (!same_answer (&a->reply, &b->reply))
    return OFL_TAPE_OTHER_ANSWER;
  return strcmp (a->sha256, b->sha256) == 0 ? OFL_TAPE_SAME : OFL_TAPE_OTHER_RECEIVED;
}

/* Data in which a serial was masked. @masked: the bytes of which nobody knows what they were; all, when
 * they are on the tape as a hash only */
static gboolean
same_unmasked (const OflTapeEntry *want, const guint8 *data, guint *masked)
{
  const guint8 *kept = want->data != NULL ? g_bytes_get_data (want->data, NULL) : NULL;

  for (guint i = 0; i < want->reply.transferred; i++)
    if (kept == NULL || kept[i] == OFL_MASK_CHAR)
      (*masked)++;
    else if (kept[i] != data[i])
      return FALSE;
  return TRUE;
}

/**
 * ofl_tape_compare_answer:
 * @want: an exchange
 * @reply: what the same command was answered now
 * @data: (nullable): the data phase now
 * @masked: (out): how many bytes could not be compared, since a serial was masked there
 *
 * Returns: how the answer differs from the recorded one
 */
OflTapeDifference
ofl_tape_compare_answer (const OflTapeEntry *want, const OflReply *reply, const guint8 *data,
                         guint *masked)
{
  char sha256[OFL_TAPE_SHA256_LEN + 1] = "";

  *masked = 0;
  if (!same_answer (&want->reply, reply))
    return OFL_TAPE_OTHER_ANSWER;
  if (want->command.dir != OFL_DIR_IN)
    return OFL_TAPE_SAME;
  if (want->masked)
    return same_unmasked (want, data, masked) ? OFL_TAPE_SAME : OFL_TAPE_OTHER_RECEIVED;
  if (reply->transferred > 0)
    ofl_sha256_compute (data, reply->transferred, sha256);
  return strcmp (want->sha256, sha256) == 0 ? OFL_TAPE_SAME : OFL_TAPE_OTHER_RECEIVED;
}

/* What counts of a tape: of the same poll, answered alike in a row, the first. */
static GArray *
list_counting (const OflTape *tape)
{
  GArray *counting = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);

      if (i == 0 || !ofl_tape_is_poll (&entry->command)
          || ofl_tape_compare_entries (ofl_tape_get_entry (tape, i - 1), entry) != OFL_TAPE_SAME)
        g_array_append_val (counting, i);
    }
  return counting;
}

static guint
place (const OflTape *tape, const GArray *counting, guint index)
{
  return index < counting->len ? g_array_index (counting, guint, index)
                               : ofl_tape_get_n_entries (tape);
}

/**
 * ofl_tape_compare:
 * @a: a tape
 * @b: another one
 *
 * Two tapes are the same conversation when the same was sent in the same order and answered alike. When,
 * how long it took, who recorded it and how the program ended do not count.
 *
 * Returns: where they part
 */
OflTapeComparison
ofl_tape_compare (const OflTape *a, const OflTape *b)
{
  g_autoptr (GArray) of_a = list_counting (a);
  g_autoptr (GArray) of_b = list_counting (b);
  OflTapeComparison found = { 0 };
  guint most = MIN (of_a->len, of_b->len);

  while (found.alike < most && found.difference == OFL_TAPE_SAME)
    {
      found.difference = ofl_tape_compare_entries (
          ofl_tape_get_entry (a, g_array_index (of_a, guint, found.alike)),
          ofl_tape_get_entry (b, g_array_index (of_b, guint, found.alike)));
      found.alike += found.difference == OFL_TAPE_SAME;
    }
  if (found.difference == OFL_TAPE_SAME && of_a->len != of_b->len)
    found.difference = OFL_TAPE_ENDS;
  found.a = place (a, of_a, found.alike);
  found.b = place (b, of_b, found.alike);
  return found;
}

/**
 * ofl_tape_difference_id:
 * @difference: how two exchanges differ
 *
 * Returns: a word for it, for JSON; static
 */
const char *
ofl_tape_difference_id (OflTapeDifference difference)
{
  static const char *const ids[] = { "same", "command", "sent", "answer", "received", "ends" };

  return (guint) difference < G_N_ELEMENTS (ids) ? ids[difference] : "";
}

/**
 * ofl_tape_difference_title:
 * @difference: how two exchanges differ
 *
 * Returns: a sentence for it; static
 */
const char *
ofl_tape_difference_title (OflTapeDifference difference)
{
  switch (difference)
    {
    case OFL_TAPE_OTHER_COMMAND:
      return _ ("Another command was sent.");
    case OFL_TAPE_OTHER_SENT:
      return _ ("The same command was sent with other data.");
    case OFL_TAPE_OTHER_ANSWER:
      return _ ("The same command was answered differently.");
    case OFL_TAPE_OTHER_RECEIVED:
      return _ ("The same command brought other data.");
    case OFL_TAPE_ENDS:
      return _ ("One ends here, the other goes on.");
    case OFL_TAPE_SAME:
    default:
      return _ ("There is no difference.");
    }
}
