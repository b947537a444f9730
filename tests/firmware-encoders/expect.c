/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/expect.h"

#include <string.h>

#include "families/ofl-families.h"
#include "scsi/ofl-error.h"

void
expect_sha256 (GBytes *bytes, const char *sha256)
{
  g_autofree char *computed = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  g_assert_cmpstr (computed, ==, sha256);
}

void
expect_equal (GBytes *bytes, GBytes *expected)
{
  gsize length, expected_length;
  const void *data = g_bytes_get_data (bytes, &length);
  const void *expected_data = g_bytes_get_data (expected, &expected_length);

  g_assert_cmpmem (data, length, expected_data, expected_length);
}

/* The file opens, and has so many parts; @title is not compared when it is NULL. */
Unpacked *
expect_unpacks (GBytes *file, const char *name, guint n_parts, const char *title)
{
  Unpacked *self = g_new0 (Unpacked, 1);
  g_autoptr (GError) error = NULL;

  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
  ofl_container_unpack (file, name, ofl_families_containers (), self->parts, &self->title, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->parts->len, ==, n_parts);
  g_assert_nonnull (self->title);
  if (title != NULL)
    g_assert_cmpstr (self->title, ==, title);
  return self;
}

/* The file is refused, in words that hold each of these, and no part is left behind. */
void
expect_refused (GBytes *file, const char *reason, ...)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  g_assert_false (
      ofl_container_unpack (file, "file", ofl_families_containers (), parts, &title, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE);
  g_assert_cmpuint (parts->len, ==, 0);
  g_assert_null (title);
  va_start (args, reason);
  for (const char *words = reason; words != NULL; words = va_arg (args, const char *))
    if (strstr (error->message, words) == NULL)
      g_error ("“%s” does not say “%s”", error->message, words);
  va_end (args);
}

const OflPart *
unpacked_get (const Unpacked *self, guint index)
{
  g_assert_cmpuint (index, <, self->parts->len);
  return g_ptr_array_index (self->parts, index);
}

void
unpacked_free (Unpacked *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self->title);
  g_free (self);
}

/* A copy of @file with some bytes replaced. */
GBytes *
expect_patch (GBytes *file, gsize offset, const char *bytes, gsize n_bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (file, &length);
  guint8 *copy = g_memdup2 (data, length);

  g_assert_cmpuint (offset + n_bytes, <=, length);
  memcpy (copy + offset, bytes, n_bytes);
  return g_bytes_new_take (copy, length);
}

/* The first @n_bytes of @file. */
GBytes *
expect_cut (GBytes *file, gsize n_bytes)
{
  return g_bytes_new_from_bytes (file, 0, n_bytes);
}
