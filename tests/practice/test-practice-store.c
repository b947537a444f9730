/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive in its file: what the chip does is there at once, programs share it as they
 * share a real drive, and a file that is not whole counts as none. Two ports on one file are what
 * two programs are: locks belong to the opened file, not to the process. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "families/ofl-practice-catalog.h"
#include "kit/scratch.h"
#include "practice/ofl-practice-store.h"
#include "practice/ofl-practice-transport.h"
#include "scsi/ofl-command.h"
#include "scsi/ofl-error.h"

#define ID "standard"
#define PIECE 0x8000u

typedef struct {
  char *dir;
  char *path;
  OflPracticePort *port;
  OflPracticeDrive *drive;
} Fixture;

static void
plug_in (OflPracticePort **port, OflPracticeDrive **drive, const char *path)
{
  g_autoptr (OflPracticeDrive) made = ofl_practice_new (ID, 1, NULL);

  *port = ofl_practice_port_new (made, OFL_PRACTICE_VIRTUAL, 1);
  *drive = ofl_practice_port_get_drive (*port);
  ofl_practice_port_keep_in (*port, path);
}

static void
fixture_up (Fixture *self, gconstpointer data)
{
  self->dir = scratch_new ();
  self->path = g_build_filename (self->dir, ID ".state", NULL);
  plug_in (&self->port, &self->drive, self->path);
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->port);
  g_free (self->path);
  scratch_free (self->dir);
}

static OflTransport *
open_for (OflPracticePort *port, OflOpenFlags flags)
{
  g_autoptr (GError) error = NULL;
  OflTransport *transport = ofl_practice_port_open (port, flags, &error);

  g_assert_no_error (error);
  return transport;
}

/* TRUE when the file holds what the chip holds. */
static gboolean
file_is_drive (Fixture *self)
{
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (self->drive);
  g_autofree char *contents = NULL;
  const guint8 *cells;
  gboolean disc;
  gsize length;

  if (!g_file_get_contents (self->path, &contents, &length, NULL))
    return FALSE;
  cells = ofl_practice_state_find_cells (self->drive, contents, length, &disc);
  return cells != NULL
         && memcmp (cells, g_bytes_get_data (flash, NULL), g_bytes_get_size (flash)) == 0;
}

/* WRITE BUFFER with offsets and save; the last piece burns. Stops when the drive is gone. */
static void
flash (Fixture *self, OflTransport *transport, const char *revision)
{
  g_autoptr (GBytes) image = ofl_practice_make_image (ID, revision, NULL, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);

  for (gsize at = 0; at < size; at += PIECE)
    {
      guint8 piece[PIECE];
      guint32 n = (guint32) MIN (PIECE, size - at);
      OflCommand command
          = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS_SAVE, 0, (guint32) at, n);
      OflReply reply;

      command.timeout_ms = 100000;
      memcpy (piece, data + at, n);
      ofl_transport_execute (transport, &command, piece, &reply);
      if (reply.outcome == OFL_OUTCOME_SENSE && reply.sense.key == 6)
        ofl_transport_execute (transport, &command, piece, &reply);
      g_assert_true (file_is_drive (self));
    }
}

static void
test_kept_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) image = ofl_practice_make_image (ID, "1.03", NULL, NULL);
  g_autoptr (OflTransport) transport = open_for (self->port, OFL_OPEN_EXCLUSIVE);
  GStatBuf st;

  g_assert_cmpint (g_stat (self->path, &st), ==, 0);
  g_assert_cmphex (st.st_mode & 0777, ==, 0600);
  g_assert_true (file_is_drive (self));
  flash (self, transport, "1.03");
  ofl_transport_sleep_ms (transport, 120000, NULL);
  ofl_transport_close (transport);
  g_assert_true (file_is_drive (self));
  g_assert_true (ofl_practice_drive_holds (self->drive, image));
}

/* The power goes in the middle of the burn: the file is half written as the chip is, and the next
 * program finds a drive that does not hold the image. */
static void
test_half_written (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) image = ofl_practice_make_image (ID, "1.03", NULL, NULL);
  g_autoptr (GBytes) old = ofl_practice_drive_get_flash (self->drive);
  g_autoptr (GBytes) half = NULL;
  g_autoptr (GBytes) found = NULL;
  g_autoptr (OflPracticePort) later = NULL;
  g_autoptr (OflTransport) look = NULL;
  g_autoptr (OflTransport) transport = open_for (self->port, OFL_OPEN_EXCLUSIVE);
  OflPracticeDrive *drive;

  g_assert_true (ofl_practice_drive_add_fault (self->drive, "power-loss-burn 400", NULL));
  flash (self, transport, "1.03");
  ofl_transport_close (transport);
  half = ofl_practice_drive_get_flash (self->drive);
  g_assert_false (g_bytes_equal (old, half));
  g_assert_true (file_is_drive (self));
  plug_in (&later, &drive, self->path);
  look = open_for (later, OFL_OPEN_READ_ONLY);
  found = ofl_practice_drive_get_flash (drive);
  g_assert_true (g_bytes_equal (half, found));
  g_assert_false (ofl_practice_drive_holds (drive, image));
}

/* The plug is pulled while nobody has the drive open and its chip still works. */
static void
test_unplugged_while_closed (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_for (self->port, OFL_OPEN_EXCLUSIVE);

  ofl_transport_close (transport);
  ofl_practice_port_unplug (self->port);
  ofl_practice_port_plug (self->port);
  g_assert_true (file_is_drive (self));
}

static void
assert_busy (OflPracticePort *port, OflOpenFlags flags)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_practice_port_open (port, flags, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_BUSY);
}

static void
test_two_programs (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) image = ofl_practice_make_image (ID, "1.03", NULL, NULL);
  g_autoptr (OflPracticePort) other = NULL;
  g_autoptr (OflTransport) writer = open_for (self->port, OFL_OPEN_EXCLUSIVE);
  g_autoptr (OflTransport) reader = NULL;
  g_autoptr (OflTransport) second = NULL;
  OflPracticeDrive *drive;

  plug_in (&other, &drive, self->path);
  assert_busy (other, OFL_OPEN_EXCLUSIVE);
  assert_busy (other, OFL_OPEN_READ_ONLY);
  flash (self, writer, "1.03");
  ofl_transport_sleep_ms (writer, 120000, NULL);
  ofl_transport_close (writer);
  /* the other one finds what this one has written, without being told */
  reader = open_for (other, OFL_OPEN_READ_ONLY);
  g_assert_true (ofl_practice_drive_holds (drive, image));
  second = open_for (self->port, OFL_OPEN_READ_ONLY);
  ofl_transport_close (second);
  assert_busy (self->port, OFL_OPEN_EXCLUSIVE);
}

/* Killed while the file was made: it has cells and no head, or less. */
static void
test_torn_file (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) flash_before = ofl_practice_drive_get_flash (self->drive);
  g_autofree char *zeros = g_malloc0 (0x20000);
  static const gssize lengths[] = { 0, 5, 30, 0x20000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (OflTransport) look = NULL;
      g_autoptr (OflTransport) job = NULL;
      g_autoptr (GBytes) now = NULL;

      g_assert_true (g_file_set_contents (self->path, zeros, lengths[i], NULL));
      if (lengths[i] > 0)
        g_test_expect_message ("optiflash", G_LOG_LEVEL_MESSAGE, "*is not the state of*");
      look = open_for (self->port, OFL_OPEN_READ_ONLY);
      g_test_assert_expected_messages ();
      now = ofl_practice_drive_get_flash (self->drive);
      g_assert_true (g_bytes_equal (flash_before, now));
      ofl_transport_close (look);
      if (lengths[i] > 0)
        g_test_expect_message ("optiflash", G_LOG_LEVEL_MESSAGE, "*is not the state of*");
      job = open_for (self->port, OFL_OPEN_EXCLUSIVE);
      g_test_assert_expected_messages ();
      g_assert_true (file_is_drive (self));
    }
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) job = open_for (self->port, OFL_OPEN_EXCLUSIVE);
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (ofl_practice_store_remove (self->path, &busy));
  g_assert_error (busy, OFL_ERROR, OFL_ERROR_BUSY);
  ofl_transport_close (job);
  g_assert_true (ofl_practice_store_remove (self->path, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_true (ofl_practice_store_remove (self->path, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/store/" name, Fixture, NULL, fixture_up, function, fixture_down)
  ADD ("f12-kept-at-once", test_kept_at_once);
  ADD ("f12-half-written", test_half_written);
  ADD ("f12-unplugged-while-closed", test_unplugged_while_closed);
  ADD ("two-programs", test_two_programs);
  ADD ("f12-torn-file", test_torn_file);
  ADD ("remove", test_remove);
  return g_test_run ();
}
