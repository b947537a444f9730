/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts by which an XFlash updater says what it holds. */
#include "families/liteon/ofl-xflash.h"

/* A pattern is followed by a cursor that never leaves the file; once it failed it stays failed. */
typedef struct {
  OflSlice file;
  gsize at;
  gboolean ok;
} Cursor;

static void
take_text (Cursor *self, const char *text)
{
  gsize n_bytes = strlen (text);

  self->ok = self->ok && ofl_slice_equals (self->file, self->at, text, n_bytes);
  if (self->ok)
    self->at += n_bytes;
}

static guint8
take_byte (Cursor *self)
{
  self->ok = self->ok && ofl_slice_has (self->file, self->at, 1);
  return self->ok ? self->file.data[self->at++] : 0;
}

static void
take_nul (Cursor *self)
{
  if (take_byte (self) != 0)
    self->ok = FALSE;
}

static gboolean
at_digit (const Cursor *self)
{
  return self->ok && ofl_slice_has (self->file, self->at, 1)
         && g_ascii_isdigit (self->file.data[self->at]);
}

/* At least @least and at most @most decimal digits; more than 18 would leave 64 bits. */
static guint64
take_number (Cursor *self, guint least, guint most)
{
  guint64 value = 0;
  guint n_digits = 0;

  while (n_digits < most && at_digit (self))
    {
      value = value * 10 + (take_byte (self) - '0');
      n_digits++;
    }
  if (n_digits < least)
    self->ok = FALSE;
  return value;
}

static gboolean
read_version (OflSlice file, gsize at, OflXFlashVersion *version)
{
  Cursor cursor = { file, at, TRUE };
  guint major, minor, patch;

  if (ofl_slice_equals (file, at, "XFB-", 4))
    cursor.at += 4;
  version->rebuilt = cursor.at != at;
  major = (guint) take_number (&cursor, 1, 1);
  take_text (&cursor, ".");
  minor = (guint) take_number (&cursor, 1, 2);
  take_text (&cursor, ".");
  patch = (guint) take_number (&cursor, 1, 2);
  take_nul (&cursor);
  take_nul (&cursor);
  if (!cursor.ok)
    return FALSE;
  version->number = major * 10000 + minor * 100 + patch;
  g_snprintf (version->text, sizeof version->text, "%u.%u.%u", major, minor, patch);
  version->end = cursor.at;
  return TRUE;
}

/**
 * ofl_xflash_find_version:
 * @file: the (unpacked) updater
 * @version: (out): its version; all zero when there is none
 *
 * Finds the first version text: `rr`, any byte, NUL, `v`, or `Ver `, perhaps `XFB-`, then the
 * number and two NUL (liteon 3.5).
 *
 * Returns: %TRUE when there is one
 */
gboolean
ofl_xflash_find_version (OflSlice file, OflXFlashVersion *version)
{
  memset (version, 0, sizeof *version);
  for (gsize at = 0; ofl_slice_has (file, at, 5); at++)
    {
      const guint8 *p = file.data + at;
      gsize number_at;

      if (p[0] == 'r' && p[1] == 'r' && p[3] == 0 && p[4] == 'v')
        number_at = at + 5;
      else if (memcmp (p, "Ver ", 4) == 0)
        number_at = at + 4;
      else
        continue;
      if (read_version (file, number_at, version))
        return TRUE;
    }
  memset (version, 0, sizeof *version);
  return FALSE;
}

/**
 * ofl_xflash_find_tag:
 * @file: the (unpacked) updater
 * @scrambled: (out): what the tag says about its images
 *
 * Finds the tag that third-party rebuilds carry: `[01U-CG-XFB-1.0.0]` for plain images, `[01S-…]`
 * for scrambled ones (liteon 3.6).
 *
 * Returns: %TRUE when there is one
 */
gboolean
ofl_xflash_find_tag (OflSlice file, gboolean *scrambled)
{
  gsize at;

  for (gsize from = 0; ofl_slice_find (file, from, "[01", 3, &at); from = at + 1)
    {
      Cursor cursor = { file, at + 3, TRUE };
      guint8 kind = take_byte (&cursor);

      take_text (&cursor, "-CG-XFB-");
      take_number (&cursor, 1, 1);
      take_text (&cursor, ".");
      take_number (&cursor, 1, 2);
      take_text (&cursor, ".");
      take_number (&cursor, 1, 2);
      take_text (&cursor, "]");
      if (!cursor.ok || (kind != 'U' && kind != 'S'))
        continue;
      *scrambled = kind == 'S';
      return TRUE;
    }
  return FALSE;
}

/* The text that opens a directory: `HOW_MANY_BIN=` or `PARA_OPT=`, digits, NULs. */
static gboolean
find_count (OflSlice file, gsize from, OflXFlashDirectory *directory, gsize *end)
{
  gsize at;

  for (; ofl_slice_find (file, from, "=", 1, &at); from = at + 1)
    {
      Cursor cursor = { file, at + 1, TRUE };
      guint64 count;

      if (!(at >= 12 && ofl_slice_equals (file, at - 12, "HOW_MANY_BIN", 12))
          && !(at >= 8 && ofl_slice_equals (file, at - 8, "PARA_OPT", 8)))
        continue;
      count = take_number (&cursor, 1, 9);
      while (at_digit (&cursor))
        take_byte (&cursor);
      take_nul (&cursor);
      if (!cursor.ok)
        continue;
      directory->count = (guint) MIN (count, OFL_XFLASH_SLOTS);
      *end = cursor.at;
      return TRUE;
    }
  return FALSE;
}

static void
take_label (Cursor *self, const char *label, guint slot)
{
  char text[16];

  g_snprintf (text, sizeof text, "%s%u=", label, slot + 1);
  take_text (self, text);
}

/* Seven bytes, of which the first four are the revision; NULs at its end are padding. */
static void
take_revision (Cursor *self, char revision[5], guint8 *sum)
{
  guint8 bytes[7];

  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    bytes[i] = take_byte (self);
  take_nul (self);
  if (!g_ascii_isalnum (bytes[0]) && bytes[0] != '_' && bytes[0] != 0)
    self->ok = FALSE;
  memcpy (revision, bytes, 4);
  revision[4] = '\0';
  *sum = (guint8) (bytes[0] + bytes[1] + bytes[2] + bytes[3]);
}

/* The three tables; where they break off the cursor stands at the damage. */
static gboolean
read_tables (Cursor *self, OflXFlashDirectory *directory)
{
  for (guint i = 0; i < OFL_XFLASH_SLOTS; i++)
    {
      take_label (self, "BIN_START", i);
      directory->start[i] = take_number (self, 10, 10);
      take_nul (self);
    }
  for (guint i = 0; i < OFL_XFLASH_SLOTS; i++)
    {
      take_label (self, "BIN_SIZE", i);
      directory->size[i] = take_number (self, 10, 10);
      take_nul (self);
    }
  for (guint i = 0; i < OFL_XFLASH_SLOTS; i++)
    {
      take_label (self, "NEW_FW", i);
      take_revision (self, directory->revision[i], &directory->revision_sum[i]);
    }
  directory->base = self->at;
  return self->ok;
}

/**
 * ofl_xflash_find_directory:
 * @file: the (unpacked) updater
 * @from: where to begin
 * @directory: (out): what was read
 * @damage: (out): where a directory that was begun breaks off
 *
 * Finds the directory text (liteon 3.5).
 *
 * Returns: whether there is one, or the beginning of one
 */
OflXFlashFound
ofl_xflash_find_directory (OflSlice file, gsize from, OflXFlashDirectory *directory, gsize *damage)
{
  OflXFlashFound found = OFL_XFLASH_DIRECTORY_NONE;
  gsize at;

  memset (directory, 0, sizeof *directory);
  if (!find_count (file, from, directory, &from))
    return found;
  for (; ofl_slice_find (file, from, "BIN_START1=", 11, &at); from = at + 1)
    {
      Cursor cursor = { file, at, TRUE };

      if (read_tables (&cursor, directory))
        return OFL_XFLASH_DIRECTORY_FOUND;
      *damage = cursor.at;
      found = OFL_XFLASH_DIRECTORY_DAMAGED;
    }
  return found;
}
