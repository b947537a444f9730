/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wine's prefix without Wine: what a program leaves behind is removed, whatever it is; who else uses the
 * cache is not disturbed. A script stands for Wine where only its version is asked. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/ran.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-file-lock.h"
#include "updater/ofl-updater-cage-private.h"

#define DEPTH 900 /* more than a path can name, which has 4096 bytes */
#define FILE_MOST 4096

typedef struct {
  Scratch *folder;
  char *run;
  char *cache;
  char *lock_file;
} Fixture;

/* A folder with the script */
static Scratch *stand_in;

static void
fixture_up (Fixture *self, gconstpointer data)
{
  self->folder = scratch_new ();
  self->run = g_build_filename (self->folder, "run", NULL);
  g_assert_cmpint (g_mkdir (self->run, 0700), ==, 0);
  self->cache = g_build_filename (self->folder, "cache", NULL);
  self->lock_file = g_build_filename (self->cache, "lock", NULL);
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  scratch_free (self->folder);
  g_free (self->run);
  g_free (self->cache);
  g_free (self->lock_file);
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

static GAsyncResult *
ask_template (Fixture *self, GCancellable *cancellable)
{
  GAsyncResult *result = NULL;

  ofl_cage_template_async (self->cache, cancellable, await_keep, &result);
  await_result (&result);
  return result;
}

/* Returns: the lock, while which nobody else makes a template or removes a run */
static int
get_template (Fixture *self)
{
  g_autoptr (GAsyncResult) result = ask_template (self, NULL);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int lock;

  folder = ofl_cage_template_finish (result, &lock, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (folder, self->cache));
  g_assert_cmpint (lock, >=, 0);
  return lock;
}

static gboolean
has (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->cache, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A program that was killed leaves the folder of its run behind; the next one removes it, unless somebody
 * else might be in it. */
static void
test_stale (Fixture *self, gconstpointer data)
{
  int first, second;

  scratch_put (self->cache, "wine/optiflash-ready", "2 wine-test");
  scratch_put (self->cache, "run-dead/prefix/file", "x");
  first = get_template (self);
  g_assert_false (has (self, "run-dead"));
  scratch_put (self->cache, "run-alive/prefix/file", "x");
  second = get_template (self);
  g_assert_true (has (self, "run-alive/prefix/file"));
  close (first);
  close (get_template (self));
  g_assert_true (has (self, "run-alive/prefix/file"));
  close (second);
  close (get_template (self));
  g_assert_false (has (self, "run-alive"));
  g_assert_true (has (self, "wine/optiflash-ready"));
}

/* A template of another Wine is not removed from under a program that runs on it; whoever waits for that
 * can stop waiting. */
static void
test_in_use (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int lock, none;

  scratch_put (self->cache, "wine/optiflash-ready", "2 wine-older");
  lock = ofl_file_lock (self->lock_file, FALSE, TRUE, 0, NULL);
  g_assert_cmpint (lock, >=, 0);
  g_cancellable_cancel (cancellable);
  result = ask_template (self, cancellable);
  g_assert_null (ofl_cage_template_finish (result, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Nothing was sent to the drive"));
  g_assert_cmpint (none, ==, -1);
  g_assert_true (has (self, "wine/optiflash-ready"));
  close (lock);
}

/* Of two that want to make it one does; the other waits, and takes that. */
static void
test_made_by_other (Fixture *self, gconstpointer data)
{
  g_autofree char *asked = g_build_filename (stand_in, "asked", NULL), *folder = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;
  int maker, lock;

  scratch_put (self->cache, "wine/optiflash-ready", "2 wine-older");
  scratch_put (self->cache, "wine/file", "x");
  g_remove (asked);
  maker = ofl_file_lock (self->lock_file, TRUE, TRUE, 0, NULL);
  g_assert_cmpint (maker, >=, 0);
  ofl_cage_template_async (self->cache, NULL, await_keep, &result);
  while (!g_file_test (asked, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  g_usleep (
      300000); /* for one that would not wait to do what it should not; others pass at any speed */
  scratch_put (self->cache, "wine/optiflash-ready", "2 wine-test");
  close (maker);
  await_result (&result);
  folder = ofl_cage_template_finish (result, &lock, &error);
  g_assert_no_error (error);
  g_assert_true (has (self, "wine/file"));
  g_assert_cmpint (lock, >=, 0);
  close (lock);
  g_object_unref (result);
}

static void
put_template (Fixture *self)
{
  g_autofree char *text = g_strnfill (3 * FILE_MOST, 'x');

  scratch_put (self->cache, "system.reg", "x");
  scratch_put (self->cache, "userdef.reg", "x");
  scratch_put (self->cache, ".update-timestamp", "x");
  scratch_put (self->cache, "user.reg", text);
}

static void
assert_no_run (Fixture *self, const char *file, const char *says)
{
  const char *const files[] = { file, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (ofl_cage_make_run (self->cache, self->run, files, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "Nothing was sent to the drive"));
  g_assert_nonnull (strstr (error->message, says));
  g_assert_true (ofl_cage_remove (self->run));
}

/* A disk that is full, for which a limit of files' size stands, and files that are not there */
static void
test_storage (Fixture *self, gconstpointer data)
{
  g_autofree char *exe = g_build_filename (self->folder, "none.exe", NULL);
  struct rlimit before, limit;

  assert_no_run (self, exe, "system.reg");
  put_template (self);
  assert_no_run (self, exe, "none.exe");
  scratch_put (self->folder, "none.exe", "x");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = FILE_MOST;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_no_run (self, exe, g_strerror (EFBIG));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
}

/* Only its version is asked of this Wine; that it was asked lies beside it. */
static void
stand_in_for_wine (void)
{
  g_autofree char *path = g_strconcat (stand_in, ":", g_getenv ("PATH"), NULL);
  g_autofree char *wine = g_build_filename (stand_in, "wine", NULL);

  scratch_put (stand_in, "wine", "#!/bin/sh\necho wine-test\n: >\"${0%/*}/asked\"\n");
  g_assert_cmpint (g_chmod (wine, 0700), ==, 0);
  g_setenv ("PATH", path, TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  stand_in = scratch_new ();
  stand_in_for_wine ();
#define ADD(name, function) \
  g_test_add ("/updater/prefix/" name, Fixture, NULL, fixture_up, function, fixture_down)
  ADD ("remove/nothing", test_remove_nothing);
  ADD ("remove/deep", test_remove_deep);
  ADD ("remove/wide", test_remove_wide);
  ADD ("remove/links", test_remove_links);
  ADD ("remove/closed", test_remove_closed);
  g_test_add_func ("/updater/prefix/remove/cannot", test_remove_cannot);
  ADD ("stale", test_stale);
  ADD ("in-use", test_in_use);
  ADD ("storage", test_storage);
  ADD ("made-by-other", test_made_by_other);
  status = g_test_run ();
  scratch_free (stand_in);
  return status;
}
