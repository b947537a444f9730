/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: the file in which a practice drive keeps its flash. The first byte says which
 * drive; whatever the file holds, the drive starts with it and answers, or refuses it. */
#include "fuzz.h"

#include "families/ofl-practice-catalog.h"
#include "ofl-core.h"
#include "practice/ofl-practice-port.h"
#include "scsi/ofl-error.h"

#define MAX_DRIVES 64u

static OflDrive *drives[MAX_DRIVES];

static OflDrive *
find_drive (guint index)
{
  index %= MIN (ofl_practice_count (), MAX_DRIVES);
  if (drives[index] == NULL)
    drives[index] = ofl_core_new_practice_drive (ofl_practice_get_id (index), 0, NULL, NULL);
  return drives[index];
}

static OflPracticeDrive *
device_of (OflDrive *drive)
{
  return ofl_practice_port_get_drive (ofl_core_get_practice_port (drive));
}

static void
ask (OflDrive *drive)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport
      = ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_READ_ONLY, &error);
  g_autoptr (OflSnapshot) snapshot = NULL;

  /* a drive whose flash holds nothing that starts is not on the bus */
  if (transport == NULL)
    {
      g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
      return;
    }
  snapshot = ofl_drive_take_snapshot (transport, ofl_families_probe, NULL, NULL);
  ofl_transport_close (transport);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autofree char *path = g_build_filename (fuzz_scratch_dir (), "state", NULL);
  g_autoptr (GError) error = NULL;
  OflDrive *drive;

  if (length < 1)
    return 0;
  drive = find_drive (data[0]);
  fuzz_write_file (path, data + 1, length - 1);
  if (ofl_practice_drive_load (device_of (drive), path, &error))
    ask (drive);
  else
    g_assert_true (error != NULL && g_utf8_validate (error->message, -1, NULL));
  return 0;
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  g_autofree char *path = g_build_filename (fuzz_scratch_dir (), "saved", NULL);

  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (ofl_practice_drive_save (device_of (find_drive (i)), path, NULL));
      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      fuzz_take_prefixed (take, user, ofl_practice_get_id (i), (guint8) i, (const guint8 *) content,
                          length);
    }
}
