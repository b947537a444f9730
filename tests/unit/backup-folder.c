/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backup-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "firmware/ofl-evidence.h"
#include "kit/scratch.h"

#define FLASH_LEN 1000
#define UNIT_LEN 32

void
backup_folder_up (BackupFolder *f, gconstpointer data)
{
  f->dir = scratch_new ();
}

void
backup_folder_down (BackupFolder *f, gconstpointer data)
{
  scratch_free (f->dir);
}

char *
backup_path (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
put (const char *folder, const char *name, const void *data, gsize length)
{
  g_autofree char *path = backup_path (folder, name);

  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

static char *
put_part (const char *folder, const char *name, gsize length, guint8 seed, gboolean evidence)
{
  g_autofree guint8 *data = g_malloc (length);
  g_autofree char *file = g_strconcat (name, ".bin", NULL);
  g_autofree char *hash = NULL;
  g_autoptr (GBytes) wrapped = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (seed + i * 7);
  wrapped = evidence ? ofl_evidence_wrap (data, length) : g_bytes_new (data, length);
  put (folder, file, g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped));
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
  return g_strdup_printf ("{\"name\":\"%s\",\"file\":\"%s\",\"bytes\":%zu,\"sha256\":\"%s\"}", name,
                          file, length, hash);
}

char *
backup_put (BackupFolder *f, const char *name, const Manifest *manifest)
{
  static const Manifest plain = { 0 };
  const Manifest *m = manifest != NULL ? manifest : &plain;
  gboolean evidence = m->format != NULL && strstr (m->format, "evidence") != NULL;
  char *folder = backup_path (f->dir, name);
  g_autofree char *flash = NULL, *unit = NULL, *text = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  flash = put_part (folder, "flash", FLASH_LEN, 1, evidence);
  unit = put_part (folder, "unit", UNIT_LEN, 2, evidence);
  text = g_strdup_printf (
      "{\"format\":\"%s\",\"made\":\"%s\",\"vendor\":\"MAKER\",\"product\":\"MODEL\","
      "\"revision\":\"1.00\",\"serial\":\"%s\",\"firmware_date\":\"\",\"family\":\"mt1959\","
      "\"hardware_mark\":\"%s\",\"state\":\"normal\",\"where\":\"%s\",%s\"parts\":[%s,%s]}",
      m->format != NULL ? m->format : "optiflash-backup-1",
      m->made != NULL ? m->made : "2026-11-26T11:20:04.124977Z",
      m->serial != NULL ? m->serial : SERIAL, m->mark != NULL ? m->mark : MARK,
      m->where != NULL ? m->where : "USB", m->more != NULL ? m->more : "", flash, unit);
  put (folder, "manifest.json", text, strlen (text));
  return folder;
}

char *
backup_put_text (BackupFolder *f, const char *name, const char *text)
{
  char *folder = backup_path (f->dir, name);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  if (text != NULL)
    put (folder, "manifest.json", text, strlen (text));
  return folder;
}

void
backup_flip (const char *folder, const char *name, gsize at)
{
  g_autofree char *path = backup_path (folder, name);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpuint (at, <, length);
  content[at] ^= 4;
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
}

OflSnapshot *
backup_drive (const char *serial, const char *mark)
{
  OflIdentity identity = { 0 };
  OflSnapshot *drive;

  g_strlcpy (identity.vendor, "MAKER", sizeof identity.vendor);
  g_strlcpy (identity.product, "MODEL", sizeof identity.product);
  g_strlcpy (identity.serial, serial, sizeof identity.serial);
  drive = ofl_snapshot_new (&identity);
  ofl_snapshot_set_family (drive, "mt1959", OFL_CAP_READ | OFL_CAP_WRITE);
  ofl_snapshot_set_mark (drive, mark);
  return drive;
}
