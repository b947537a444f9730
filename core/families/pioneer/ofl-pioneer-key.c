/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What opens a Pioneer drive: the answer to its challenge, and the control data with its key.
 * pioneer 3.5, 2.6. */
#include "families/pioneer/ofl-pioneer.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define DESCRIPTOR_LEN 16
#define TYPE_LEN 7 /* kernel types are told apart by these; OEM_EXT by all 8 */

static guint8
next_output (guint32 *state)
{
  *state = *state * 0x41c64e6du + 0x3039u;
  return (guint8) (*state >> 16);
}

static gboolean
seed_fits (guint32 seed, const guint8 challenge[4])
{
  for (guint i = 0; i < 4; i++)
    if (next_output (&seed) != challenge[i])
      return FALSE;
  return TRUE;
}

/**
 * ofl_pioneer_answer:
 * @challenge: (array fixed-size=4): the first bytes of the drive's challenge
 * @answer: (out): the byte that answers it
 *
 * The challenge is the output of a generator with a seed of 16 bits; the answer is the complement
 * of the output that follows its 400h bytes. pioneer 3.5.
 *
 * Returns: whether a seed with this output exists
 */
gboolean
ofl_pioneer_answer (const guint8 challenge[4], guint8 *answer)
{
  for (guint32 seed = 0; seed <= 0xffff; seed++)
    {
      guint32 state = seed;

      if (!seed_fits (seed, challenge))
        continue;
      for (guint i = 0; i < OFL_PIONEER_CHALLENGE_LEN; i++)
        next_output (&state);
      *answer = (guint8) ~next_output (&state);
      return TRUE;
    }
  return FALSE;
}

/**
 * ofl_pioneer_key:
 * @self: the family
 * @hardware: a drive's hardware, of a generation in the table
 * @key: (out): the key; 0 where the generation has none
 *
 * pioneer 2.6: one key a generation, or, from the DVR-109 on, one for each kernel type.
 *
 * Returns: whether the key is known
 */
gboolean
ofl_pioneer_key (const OflFamily *self, const OflPioneerHardware *hardware, guint32 *key)
{
  g_autofree char *whole = g_strchomp (g_strndup (hardware->kernel_type, 8));
  g_autofree char *begin = g_strchomp (g_strndup (hardware->kernel_type, TYPE_LEN));
  g_autofree char *keys = NULL;
  g_autofree char *whole_keys = NULL;
  GKeyFile *table = ofl_family_table (self);

  *key = 0;
  if (hardware->group == NULL)
    return FALSE;
  keys = g_key_file_get_string (table, hardware->group, "keys", NULL);
  if (keys == NULL)
    {
      *key = ofl_family_number (self, hardware->group, "key");
      return TRUE;
    }
  whole_keys = g_strconcat (keys, " of 8 characters", NULL);
  if (g_key_file_has_key (table, whole_keys, whole, NULL))
    *key = ofl_family_number (self, whole_keys, whole);
  else if (g_key_file_has_key (table, keys, begin, NULL))
    *key = ofl_family_number (self, keys, begin);
  return *key != 0;
}

/**
 * ofl_pioneer_control:
 * @self: the family
 * @hardware: a drive's hardware, of a generation in the table
 * @key: the key
 *
 * pioneer 2.6: 16 characters, the key, zeros.
 *
 * Returns: (transfer full): the 256 bytes that go with "enter" and "commit"
 */
GBytes *
ofl_pioneer_control (const OflFamily *self, const OflPioneerHardware *hardware, guint32 key)
{
  g_autofree char *descriptor
      = g_key_file_get_string (ofl_family_table (self), hardware->group, "descriptor", NULL);
  guint8 control[OFL_PIONEER_CONTROL_LEN] = { 0 };

  if (descriptor != NULL)
    memcpy (control, descriptor, MIN (strlen (descriptor), DESCRIPTOR_LEN));
  ofl_put_be (control + DESCRIPTOR_LEN, 4, key);
  return g_bytes_new (control, sizeof control);
}
