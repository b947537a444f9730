/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only Windows has: files that behave as POSIX' do, errors of the pass-through, and sleep. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <windows.h>

#include "flash/ofl-folder.h"
#include "flash/ofl-inhibitor.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-transport-spti.h"

/* A name that no code page of one byte a letter has whole */
#define NAME "W\xc3\xbcrfel \xd7\xa9 \xe2\x82\xac.bin"

static void
test_files (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *path = g_build_filename (folder, NAME, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  char room[4] = "";
  struct stat mine, other;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (open (path, O_RDWR | O_CREAT | O_EXCL, 0600), ==, -1);
  g_assert_cmpint (errno, ==, EEXIST);
  g_assert_cmpint (write (fd, "a\nb\n", 4), ==, 4); /* binary: no byte more */
  g_assert_cmpint (pwrite (fd, "B", 1, 2), ==, 1);
  g_assert_cmpint (write (fd, "c", 1), ==, 1); /* behind the last write(), not behind pwrite() */
  g_assert_cmpint (pread (fd, room, 3, 2), ==, 3);
  g_assert_cmpmem (room, 3, "B\nc", 3);
  g_assert_cmpint (pread (fd, room, 3, 5), ==, 0);
  g_assert_cmpint (fsync (fd), ==, 0);
  g_assert_cmpint (fstat (fd, &mine), ==, 0);
  g_assert_cmpint (stat (path, &other), ==, 0);
  g_assert_true (S_ISREG (mine.st_mode) && mine.st_size == 5);
  g_assert_cmpuint (mine.st_ino, ==, other.st_ino);
  g_assert_cmpint (stat (folder, &other), ==, 0);
  g_assert_true (S_ISDIR (other.st_mode));
  g_assert_cmpuint (mine.st_ino, !=, other.st_ino);
  close (fd);
  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (stat (path, &other), ==, -1);
  g_assert_cmpint (errno, ==, ENOENT);
}

static void
test_append (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *path = g_build_filename (folder, "log", NULL);
  int first = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int second = open (path, O_WRONLY | O_CLOEXEC);
  g_autofree char *text = NULL;

  g_assert_cmpint (write (first, "one\n", 4), ==, 4);
  g_assert_cmpint (pwrite (second, "O", 1, 0), ==, 1);
  g_assert_cmpint (write (first, "two\n", 4), ==, 4);
  close (first);
  close (second);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "One\ntwo\n");
}

/* A lock keeps who asks for it out, and nobody from reading. */
static void
test_locks (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  g_autofree char *text = NULL;
  int first, second;

  scratch_put (folder, "lock", "held");
  first = open (path, O_RDWR | O_CLOEXEC);
  second = open (path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (first, LOCK_SH | LOCK_NB), ==, 0);
  g_assert_cmpint (flock (second, LOCK_SH | LOCK_NB), ==, 0);
  g_assert_cmpint (flock (second, LOCK_UN), ==, 0);
  g_assert_cmpint (flock (first, LOCK_UN), ==, 0);
  g_assert_cmpint (flock (first, LOCK_EX | LOCK_NB), ==, 0);
  g_assert_cmpint (flock (second, LOCK_EX | LOCK_NB), ==, -1);
  g_assert_cmpint (errno, ==, EWOULDBLOCK);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "held");
  close (first); /* lets it go */
  g_assert_cmpint (flock (second, LOCK_EX | LOCK_NB), ==, 0);
  close (second);
}

static void
test_names (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *gone = g_build_filename (folder, "gone", NULL);
  char *real = realpath (folder, NULL);
  static const char hay[] = "abcabd";
  g_autoptr (GDir) listing = NULL;

  g_assert_nonnull (real);
  g_assert_true (g_file_test (real, G_FILE_TEST_IS_DIR));
  free (real);
  g_assert_null (realpath ("C:", NULL)); /* a drive's id, not its root */
  g_assert_null (realpath (gone, NULL));
  g_assert_cmpint (errno, ==, ENOENT);
  g_assert_true (memmem (hay, 6, "abd", 3) == hay + 3);
  g_assert_null (memmem (hay, 5, "abd", 3));
  g_assert_cmpint (strverscmp ("D9", "D10"), <, 0);
  g_assert_cmpint (strverscmp ("D10", "D10"), ==, 0);
  g_assert_true (ofl_folder_probe (folder, 1, NULL));
  listing = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (listing)); /* nothing stays behind */
}

static void
test_outcomes (void)
{
  static const struct {
    DWORD code;
    OflOutcome outcome;
    int os_error;
  } cases[] = {
    { ERROR_SEM_TIMEOUT, OFL_OUTCOME_TIMEOUT, ETIMEDOUT },
    { ERROR_DEVICE_NOT_CONNECTED, OFL_OUTCOME_LOST, ENODEV },
    { ERROR_DEV_NOT_EXIST, OFL_OUTCOME_LOST, ENODEV },
    { ERROR_ACCESS_DENIED, OFL_OUTCOME_NOT_SENT, EACCES },
    { ERROR_INVALID_PARAMETER, OFL_OUTCOME_NOT_SENT, EINVAL },
    { ERROR_NOT_SUPPORTED, OFL_OUTCOME_NOT_SENT, ENOSYS },
    { ERROR_IO_DEVICE, OFL_OUTCOME_HOST, EIO },
    { ERROR_OPERATION_ABORTED, OFL_OUTCOME_HOST, EIO },
    { 54321, OFL_OUTCOME_HOST, EIO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int os_error = 0;

      g_assert_cmpint (ofl_spti_outcome (cases[i].code, &os_error), ==, cases[i].outcome);
      g_assert_cmpint (os_error, ==, cases[i].os_error);
    }
}

/* A letter that no computer has: there is nobody behind it. */
static void
test_no_drive (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport = ofl_transport_spti_new ("1:", OFL_OPEN_EXCLUSIVE, &error);

  g_assert_null (transport);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
}

static void
test_awake (void)
{
  g_autoptr (OflInhibitor) inhibitor = ofl_inhibitor_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (ofl_inhibitor_is_held (inhibitor));
  g_assert_true (ofl_inhibitor_take (inhibitor, "a test", &error));
  g_assert_no_error (error);
  g_assert_true (ofl_inhibitor_take (inhibitor, "another reason", &error));
  g_assert_true (ofl_inhibitor_is_held (inhibitor));
  ofl_inhibitor_release (inhibitor);
  g_assert_false (ofl_inhibitor_is_held (inhibitor));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/windows/files", test_files);
  g_test_add_func ("/windows/append", test_append);
  g_test_add_func ("/windows/locks", test_locks);
  g_test_add_func ("/windows/names", test_names);
  g_test_add_func ("/windows/outcomes", test_outcomes);
  g_test_add_func ("/windows/no-drive", test_no_drive);
  g_test_add_func ("/windows/awake", test_awake);
  return g_test_run ();
}
