/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serials: learnt from the answers that give them, and kept off the tape. */
#include "updater/ofl-tape-privacy.h"

#include <string.h>

#include "flash/ofl-mask.h"
#include "scsi/ofl-bytes.h"

/* Longer answers need the owner's consent, whatever they are. INQUIRY's usual length. */
#define MOST_SHORT 96

#define OP_REQUEST_SENSE 0x03
#define OP_INQUIRY 0x12
#define OP_MODE_SENSE_6 0x1a
#define OP_READ_CAPACITY 0x25
#define OP_READ_BUFFER 0x3c
#define OP_GET_CONFIGURATION 0x46
#define OP_GET_EVENT_STATUS 0x4a
#define OP_MODE_SENSE_10 0x5a
#define OP_MECHANISM_STATUS 0xbd

#define EVPD 0x01
#define PAGE_SERIAL 0x80
#define PAGE_HEADER 4
#define STANDARD_INQUIRY 36 /* what follows is the maker's */

#define FEATURES_HEADER 8
#define FEATURE_HEADER 4
#define FEATURE_SERIAL 0x0108
#define ONE_FEATURE 0x02

#define BUFFER_MODE_MASK 0x1f
#define PAGE_MASK 0x3f
#define PAGE_CAPABILITIES 0x2a

/* As ATA's IDENTIFY PACKET DEVICE has its texts: the two bytes of each word swapped, blanks behind. */
static void
add_swapped (GPtrArray *secrets, const char *text)
{
  g_autofree char *swapped = g_strconcat (text, strlen (text) % 2 != 0 ? " " : "", NULL);

  for (gsize i = 0; swapped[i] != '\0'; i += 2)
    {
      char first = swapped[i];

      swapped[i] = swapped[i + 1];
      swapped[i + 1] = first;
    }
  ofl_mask_add (secrets, swapped);
}

/* Zeros or dashes, where none was ever set: they tell of no drive, and masked everywhere they would make
 * what has many of them unreadable. */
static gboolean
is_one_character (const char *text)
{
  return strspn (text, (const char[]){ *text, '\0' }) == strlen (text);
}

/**
 * ofl_tape_add_serial:
 * @secrets: (element-type utf8): serials, of ofl_mask_new()
 * @serial: another one
 *
 * Adds it as it is, if it is one, and with the two bytes of each word swapped, be its first in the first place of a word
 * or behind a blank in the second.
 */
void
ofl_tape_add_serial (GPtrArray *secrets, const char *serial)
{
  g_autofree char *stripped = g_strstrip (g_strdup (serial));
  g_autofree char *behind_blank = g_strconcat (" ", stripped, NULL);
  guint before = secrets->len;

  if (is_one_character (stripped))
    return;
  ofl_mask_add (secrets, stripped);
  if (secrets->len == before)
    return; /* it is there already, or too short to be one */
  add_swapped (secrets, stripped);
  add_swapped (secrets, behind_blank);
}

static void
learn (GPtrArray *secrets, const guint8 *text, gsize length)
{
  g_autofree char *serial = g_strndup ((const char *) text, length);

  for (const char *at = serial; *at != '\0'; at++)
    if (!g_ascii_isprint (*at))
      return; /* as FFh, where none was ever set */
  ofl_tape_add_serial (secrets, serial);
}

/* Descriptors: code (2), flags, how many bytes follow. */
static void
learn_from_features (GPtrArray *secrets, const guint8 *data, gsize length)
{
  gsize at = FEATURES_HEADER;

  while (at + FEATURE_HEADER <= length)
    {
      gsize n = MIN ((gsize) data[at + 3], length - at - FEATURE_HEADER);

      if (ofl_get_be (data + at, 2) == FEATURE_SERIAL)
        learn (secrets, data + at + FEATURE_HEADER, n);
      at += FEATURE_HEADER + n;
    }
}

/**
 * ofl_tape_learn_serials:
 * @secrets: (element-type utf8): serials, of ofl_mask_new()
 * @command: what a drive was asked
 * @data: (array length=length): what it answered
 * @length: bytes of it
 *
 * Adds the serial to @secrets where the answer is one that gives it: GET CONFIGURATION's feature 0108,
 * alone or among all, and INQUIRY's page 80.
 */
void
ofl_tape_learn_serials (GPtrArray *secrets, const OflCommand *command, const guint8 *data,
                        gsize length)
{
  if (command->dir != OFL_DIR_IN)
    return;
  if (command->cdb[0] == OP_GET_CONFIGURATION)
    learn_from_features (secrets, data, length);
  else if (command->cdb[0] == OP_INQUIRY && (command->cdb[1] & EVPD) != 0
           && command->cdb[2] == PAGE_SERIAL && length > PAGE_HEADER)
    learn (secrets, data + PAGE_HEADER, MIN ((gsize) data[3], length - PAGE_HEADER));
}

/**
 * ofl_tape_is_harmless:
 * @command: what a drive was asked
 * @length: bytes of its data
 *
 * A list of the short answers that the standard lays out and that hold no serial, not of those that do:
 * what is not listed is kept by its hash, unless the owner allows more.
 *
 * Returns: whether a tape without the owner's consent can have such data whole at all
 */
gboolean
ofl_tape_is_harmless (const OflCommand *command, gsize length)
{
  const guint8 *cdb = command->cdb;

  if (command->dir != OFL_DIR_IN || length > MOST_SHORT)
    return FALSE;
  switch (cdb[0])
    {
    case OP_REQUEST_SENSE:
    case OP_READ_CAPACITY:
    case OP_GET_EVENT_STATUS:
    case OP_MECHANISM_STATUS:
      return TRUE;
    case OP_INQUIRY:
      return (cdb[1] & EVPD) == 0;
    case OP_READ_BUFFER:
      return (cdb[1] & BUFFER_MODE_MASK) == OFL_BUFFER_DESCRIPTOR;
    case OP_MODE_SENSE_6:
    case OP_MODE_SENSE_10:
      return (cdb[2] & PAGE_MASK) == PAGE_CAPABILITIES;
    case OP_GET_CONFIGURATION:
      return (cdb[1] & 0x03) == ONE_FEATURE && ofl_get_be (cdb + 2, 2) != FEATURE_SERIAL;
    default:
      return FALSE;
    }
}

/* A maker may put the serial behind the standard's part. Where a serial is known it was masked; where
 * none is, nobody can tell. */
static gboolean
is_harmless_inquiry (const GPtrArray *secrets, const guint8 *data, gsize length)
{
  for (gsize i = STANDARD_INQUIRY; i < length && secrets->len == 0; i++)
    if (data[i] != 0 && data[i] != ' ')
      return FALSE;
  return TRUE;
}

/**
 * ofl_tape_may_keep:
 * @secrets: (element-type utf8): the serials that are known, and were masked in @data
 * @command: what a drive was asked
 * @data: (array length=length): what it answered
 * @length: bytes of it
 *
 * Returns: whether it may stand on a tape whole without the owner's consent
 */
gboolean
ofl_tape_may_keep (const GPtrArray *secrets, const OflCommand *command, const guint8 *data,
                   gsize length)
{
  return ofl_tape_is_harmless (command, length)
         && (command->cdb[0] != OP_INQUIRY || is_harmless_inquiry (secrets, data, length));
}
