/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cage-fixture.h"

#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "cage-missing.h"
#include "kit/ran.h"

Scratch *cage_cache;

/* Where something is missing, the reason; else NULL. Users may be forbidden to close anything off. */
static const char *missing;

void
fixture_begin (void)
{
  missing = cage_find_missing ();
  cage_cache = scratch_new ();
}

void
fixture_end (void)
{
  scratch_free (cage_cache);
}

void
fixture_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = scratch_new ();
  self->socket = g_build_filename (self->folder, "broker", NULL);
  self->image = ofl_practice_make_image ("standard", "1.01", NULL, &error);
  g_assert_no_error (error);
  self->image_path = g_build_filename (self->folder, "image.bin", NULL);
  g_file_set_contents (self->image_path, g_bytes_get_data (self->image, NULL),
                       (gssize) g_bytes_get_size (self->image), &error);
  g_assert_no_error (error);
  self->exe = g_getenv ("UPDATER_EXE_X86_64");
  self->shown = TRUE; /* without Xvfb; where there is no display, there is none in the cage */
  self->bench = bench_new ();
  self->bench->handler->rule = RULE_RUN;
  ofl_updater_broker_listen (self->bench->broker, self->socket, &error);
  g_assert_no_error (error);
  self->cage = ofl_updater_cage_new (cage_cache, g_getenv ("UPDATER_LIBDIR"));
}

void
fixture_down (Fixture *self, gconstpointer data)
{
  bench_close (self->bench);
  g_object_unref (self->cage);
  bench_free (self->bench);
  g_bytes_unref (self->image);
  g_free (self->image_path);
  g_free (self->socket);
  scratch_free (self->folder);
}

void
fixture_start (Fixture *self, const char *way, const char *what, const char *more,
               GAsyncResult **result)
{
  const char *const files[] = { self->exe, self->image_path, NULL };
  const char *const arguments[] = { way, what, more, NULL };

  ofl_updater_cage_run_async (self->cage, files, arguments, self->socket, self->shown,
                              self->cancellable, await_keep, result);
}

/* One program leaves nothing for the next, from the moment at which its end is told. */
static void
assert_left_nothing (void)
{
  g_autoptr (GDir) dir = g_dir_open (cage_cache, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, "run-"));
}

OflUpdaterEnd *
fixture_finish (Fixture *self, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  OflUpdaterEnd *end;

  await_result (result);
  assert_left_nothing ();
  end = ofl_updater_cage_run_finish (self->cage, *result, &error);
  g_assert_no_error (error);
  g_test_message ("status %d: %s", end->status, end->output);
  g_clear_object (result);
  return end;
}

OflUpdaterEnd *
fixture_run (Fixture *self, const char *way, const char *what, const char *more)
{
  GAsyncResult *result = NULL;

  fixture_start (self, way, what, more, &result);
  return fixture_finish (self, &result);
}

gboolean
fixture_skipped (const Fixture *self)
{
  if (missing != NULL)
    g_test_skip (missing);
  else if (self->exe == NULL)
    g_test_skip ("There is no compiler for Windows programs (Debian: gcc-mingw-w64).");
  else
    return FALSE;
  return TRUE;
}

void
fixture_assert_sent_image (Fixture *self)
{
  gsize size;
  const guint8 *image = g_bytes_get_data (self->image, &size);

  g_assert_cmpmem (self->bench->handler->sent->data, self->bench->handler->sent->len, image, size);
}

void
fixture_assert_inquiry (Fixture *self, const char *way)
{
  g_autoptr (OflUpdaterEnd) end = fixture_run (self, way, "inquiry", NULL);

  g_assert_nonnull (strstr (end->output, "drive D status 00: OPTIFLSHPRACTICE STD    1.00"));
  g_assert_cmpint (end->status, ==, 0);
  g_assert_false (end->crashed);
}
