/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wine's prefix without Wine: what a program leaves behind is removed, whatever it is. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "updater/ofl-updater-cage-private.h"

#define DEPTH 3000 /* more than a path can name, which has 4096 bytes */

typedef struct {
  Scratch *folder;
  char *run;
} Fixture;

static void
fixture_up (Fixture *self, gconstpointer data)
{
  self->folder = scratch_new ();
  self->run = g_build_filename (self->folder, "run", NULL);
  g_assert_cmpint (g_mkdir (self->run, 0700), ==, 0);
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  scratch_free (self->folder);
  g_free (self->run);
}

static void
assert_gone (const char *path)
{
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK));
}

static void
test_remove_nothing (Fixture *self, gconstpointer data)
{
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
  g_assert_true (ofl_cage_remove (self->run));
}

/* Folders in folders, with a file at each step, deeper than a path reaches and a stack may hold */
static void
test_remove_deep (Fixture *self, gconstpointer data)
{
  int at = open (self->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; i < DEPTH; i++)
    {
      int next, file = openat (at, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

      g_assert_cmpint (file, >=, 0);
      close (file);
      g_assert_cmpint (mkdirat (at, "deep", 0700), ==, 0);
      next = openat (at, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      g_assert_cmpint (next, >=, 0);
      close (at);
      at = next;
    }
  close (at);
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
}

static void
test_remove_wide (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/%u/%u", i % 7, i % 31, i);

      scratch_put (self->run, name, "x");
    }
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
}

static void
link_in (const char *folder, const char *name, const char *to)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (symlink (to, path), ==, 0);
}

/* What links point at is somebody else's. */
static void
test_remove_links (Fixture *self, gconstpointer data)
{
  g_autofree char *outside = g_build_filename (self->folder, "outside", NULL);
  g_autofree char *file = g_build_filename (outside, "file", NULL);
  g_autofree char *inner = g_build_filename (self->run, "inner", NULL);
  struct stat st;

  scratch_put (outside, "file", "mine");
  g_assert_cmpint (g_chmod (outside, 0500), ==, 0);
  g_assert_cmpint (g_chmod (file, 0400), ==, 0);
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  link_in (self->run, "folder", outside);
  link_in (self->run, "file", file);
  link_in (inner, "folder", "../../outside");
  link_in (inner, "none", "/nonexistent");
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
  g_assert_cmpint (g_lstat (outside, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0500);
  g_assert_cmpint (g_lstat (file, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 07777, ==, 0400);
  g_chmod (outside, 0700);
  /* the folder itself may be one */
  link_in (self->folder, "run", outside);
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

/* Folders that their owner may not read or change */
static void
test_remove_closed (Fixture *self, gconstpointer data)
{
  g_autofree char *closed = g_build_filename (self->run, "closed", NULL);
  g_autofree char *inner = g_build_filename (closed, "inner", NULL);

  scratch_put (inner, "file", "x");
  g_assert_cmpint (g_chmod (inner, 0), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0500), ==, 0);
  g_assert_cmpint (g_chmod (self->run, 0100), ==, 0);
  g_assert_true (ofl_cage_remove (self->run));
  assert_gone (self->run);
}

/* What cannot be removed is told: nobody writes in /proc, not even root. */
static void
test_remove_cannot (void)
{
  g_test_expect_message ("optiflash", G_LOG_LEVEL_MESSAGE,
                         "/proc/self/net could not be removed: *");
  g_assert_false (ofl_cage_remove ("/proc/self/net"));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/updater/prefix/" name, Fixture, NULL, fixture_up, function, fixture_down)
  ADD ("remove/nothing", test_remove_nothing);
  ADD ("remove/deep", test_remove_deep);
  ADD ("remove/wide", test_remove_wide);
  ADD ("remove/links", test_remove_links);
  ADD ("remove/closed", test_remove_closed);
  g_test_add_func ("/updater/prefix/remove/cannot", test_remove_cannot);
  return g_test_run ();
}
