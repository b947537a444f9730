/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-image.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

/* Where a program for Windows says how far behind its DOS part its own begins. */
#define PE_AT 0x3c

/**
 * ofl_updater_is_program:
 * @file: a file
 *
 * Returns: whether it is a program for Windows, by its first bytes
 */
gboolean
ofl_updater_is_program (OflFirmware *file)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (ofl_firmware_get_bytes (file), &size);
  guint32 at;

  if (size < PE_AT + 4 || memcmp (bytes, "MZ", 2) != 0)
    return FALSE;
  at = ofl_get_le (bytes + PE_AT, 4);
  return at <= size - 4 && memcmp (bytes + at, "PE\0\0", 4) == 0;
}

/**
 * ofl_updater_find_image:
 * @file: the maker's program, opened
 * @drive: the drive that it is to write
 * @choices: (nullable): what the user chose
 *
 * Pure: no command is sent.
 *
 * Returns: (transfer full) (nullable): the one image in it that fits this drive; %NULL where none does, or
 *   nobody can tell which
 */
OflImage *
ofl_updater_find_image (OflFirmware *file, const OflSnapshot *drive, const OflChoices *choices)
{
  OflImage *found = NULL;

  for (guint i = 0; i < ofl_firmware_get_n_images (file); i++)
    {
      OflImage *image = ofl_firmware_get_image (file, i);
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);

      if (ofl_judgement_allows (judgement, FALSE))
        {
          if (found != NULL)
            return NULL;
          found = image;
        }
    }
  return found != NULL ? ofl_image_ref (found) : NULL;
}
