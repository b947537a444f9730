/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-sense.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-sense-table.h"

/* Fixed format (70h, 71h): key in byte 2, length of what follows byte 7 in byte 7. Bytes beyond
 * that length do not belong to the answer, whatever stands there (SPC). */
static void
parse_fixed (OflSense *sense)
{
  gsize end = sense->raw_len;

  sense->valid = end > 2;
  if (!sense->valid)
    return;
  sense->key = sense->raw[2] & 0x0f;
  if (end > 7)
    end = MIN (end, (gsize) sense->raw[7] + 8);
  if (end > 12)
    sense->asc = sense->raw[12];
  if (end > 13)
    sense->ascq = sense->raw[13];
}

/* Descriptor format (72h, 73h): the three codes come first (SPC). */
static void
parse_descriptor (OflSense *sense)
{
  sense->valid = sense->raw_len > 1;
  if (!sense->valid)
    return;
  sense->key = sense->raw[1] & 0x0f;
  if (sense->raw_len > 2)
    sense->asc = sense->raw[2];
  if (sense->raw_len > 3)
    sense->ascq = sense->raw[3];
}

/**
 * ofl_sense_parse:
 * @sense: (out caller-allocates): what was understood
 * @data: (array length=length) (nullable): bytes as the drive sent them
 * @length: how many; more than %OFL_SENSE_MAX are cut
 *
 * Understands the fixed and the descriptor format, also cut short. Sense data too short to hold
 * a sense key is not valid: a key that never came must not be read as "no error".
 */
void
ofl_sense_parse (OflSense *sense, const guint8 *data, gsize length)
{
  memset (sense, 0, sizeof *sense);
  if (data == NULL || length == 0)
    return;
  sense->raw_len = (guint8) MIN (length, OFL_SENSE_MAX);
  memcpy (sense->raw, data, sense->raw_len);

  switch (data[0] & 0x7f)
    {
    case 0x70:
      parse_fixed (sense);
      break;
    case 0x71:
      sense->deferred = TRUE;
      parse_fixed (sense);
      break;
    case 0x72:
      parse_descriptor (sense);
      break;
    case 0x73:
      sense->deferred = TRUE;
      parse_descriptor (sense);
      break;
    default:
      break;
    }
}

/**
 * ofl_sense_is_no_medium:
 * @sense: sense data
 *
 * Returns: whether it is 02/3A/xx about this command: no disc in the drive
 */
gboolean
ofl_sense_is_no_medium (const OflSense *sense)
{
  return sense->valid && !sense->deferred && sense->key == OFL_KEY_NOT_READY && sense->asc == 0x3a;
}

/**
 * ofl_sense_information:
 * @sense: sense data
 * @index: which of the four bytes of its INFORMATION field, from 0
 *
 * Only the fixed format has the field; whether its VALID bit is set does not matter here.
 *
 * Returns: the byte, or -1 when it did not come
 */
int
ofl_sense_information (const OflSense *sense, guint index)
{
  gboolean fixed = sense->valid && (sense->raw[0] & 0x7e) == 0x70;

  return fixed && index < 4 && sense->raw_len > 3 + index ? sense->raw[3 + index] : -1;
}

/**
 * ofl_sense_format:
 * @sense: sense data
 *
 * Returns: (transfer full): the codes as people quote them and the key's name, for example
 *   "05/24/00 Illegal request"; "no sense data" when there is none
 */
char *
ofl_sense_format (const OflSense *sense)
{
  if (!sense->valid)
    return g_strdup ("no sense data");
  return g_strdup_printf ("%02X/%02X/%02X %s%s", (guint) sense->key, (guint) sense->asc,
                          (guint) sense->ascq, ofl_sense_key_name (sense->key),
                          sense->deferred ? ", of an earlier command" : "");
}

/**
 * ofl_sense_key_name:
 * @key: sense key; only the low four bits count
 *
 * Returns: its name; static
 */
const char *
ofl_sense_key_name (guint8 key)
{
  static const char *const names[16] = {
    "No sense",       "Recovered error", "Not ready",      "Medium error",
    "Hardware error", "Illegal request", "Unit attention", "Data protect",
    "Blank check",    "Vendor specific", "Copy aborted",   "Aborted command",
    "Equal",          "Volume overflow", "Miscompare",     "Completed",
  };

  return names[key & 0x0f];
}

/**
 * ofl_sense_sentence:
 * @sense: sense data
 *
 * Returns: what it means, one sentence for people; static, never %NULL
 */
const char *
ofl_sense_sentence (const OflSense *sense)
{
  if (!sense->valid)
    return _ ("The drive reports an error and does not say which.");
  if (sense->deferred)
    return _ ("The drive reports that an earlier command has failed after all.");
  return _ (ofl_sense_table_find (sense->key, sense->asc, sense->ascq)->sentence);
}

/**
 * ofl_sense_next_step:
 * @sense: sense data
 *
 * Returns: what a person can do about it; static, never %NULL
 */
const char *
ofl_sense_next_step (const OflSense *sense)
{
  if (!sense->valid)
    return _ ("Try again. If it stays so, switch the drive off and on.");
  return _ (ofl_sense_table_find (sense->key, sense->asc, sense->ascq)->next_step);
}
