/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive that is only looked at never fills its flash; it says what it would say if it had,
 * and once a cell is needed all are what the factory has always written. */
#include <string.h>

#include "drive/ofl-drive.h"
#include "families/ofl-families.h"
#include "families/ofl-practice-catalog.h"
#include "practice/ofl-practice-kit.h"
#include "practice/ofl-practice-port.h"

#define THREADS 4
#define ROOM 0x10000u

/* The one family that finds its firmware by reading the drive's memory from its begin */
#define SEARCHED "gma4082n"

/* What a unit of seed 1 holds when it leaves the factory: files of practice drives, and images that
 * people keep, are from any version of this program. */
static const struct {
  const char *id, *sum;
} made[] = {
#include "practice-new.inc"
};

static void
note (const OflCommand *command, gpointer data)
{
  g_array_append_vals (data, command, 1);
}

static OflSnapshot *
probe (OflTransport *transport, const OflIdentity *identity, gpointer data)
{
  return ofl_families_probe (transport, identity, NULL);
}

/* A look, as a list of drives takes it: what it asks, and what it finds. */
static OflSnapshot *
look (OflPracticeDrive *drive, GArray *commands)
{
  g_autoptr (OflPracticePort) port = ofl_practice_port_new (drive, OFL_PRACTICE_VIRTUAL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport = NULL;
  OflSnapshot *snapshot;

  ofl_practice_port_set_watch (port, note, commands);
  transport = ofl_practice_port_open (port, OFL_OPEN_READ_ONLY, &error);
  g_assert_no_error (error);
  snapshot = ofl_drive_take_snapshot (transport, probe, NULL, &error);
  g_assert_no_error (error);
  ofl_transport_close (transport);
  return snapshot;
}

/* One whose cells were needed, and that started from them */
static OflPracticeDrive *
make_filled (const char *id)
{
  OflPracticeDrive *drive = ofl_practice_new (id, 1, NULL);

  g_bytes_unref (ofl_practice_drive_get_flash (drive));
  g_assert_false (ofl_practice_is_new (drive));
  ofl_practice_drive_power_cycle (drive, 0);
  return drive;
}

static void
ask (OflPracticeDrive *drive, gint64 now_us, const OflCommand *command, OflPracticeAnswer *answer,
     guint8 *in)
{
  OflPracticeRequest request = { command->cdb, command->cdb_len, command->dir };

  g_assert_cmpuint (command->length, <=, ROOM);
  g_assert_cmpint (command->dir, !=, OFL_DIR_OUT);
  memset (in, 0, ROOM);
  request.in = in;
  request.in_max = command->length;
  ofl_practice_drive_execute (drive, now_us, &request, answer);
}

static void
test_look (gconstpointer data)
{
  const char *id = data;
  g_autoptr (OflPracticeDrive) looked_at = ofl_practice_new (id, 1, NULL);
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new (id, 1, NULL);
  g_autoptr (OflPracticeDrive) filled = make_filled (id);
  g_autoptr (GArray) commands = g_array_new (FALSE, FALSE, sizeof (OflCommand));
  g_autoptr (OflSnapshot) snapshot = look (looked_at, commands);
  g_autofree guint8 *one = g_malloc (ROOM), *other = g_malloc (ROOM);

  g_assert_nonnull (ofl_snapshot_get_family (snapshot));
  g_assert_true (ofl_practice_is_new (looked_at) != g_str_equal (id, SEARCHED));
  g_assert_cmpuint (commands->len, >, 3);
  for (guint i = 0; i < commands->len; i++)
    {
      const OflCommand *command = &g_array_index (commands, OflCommand, i);
      OflPracticeAnswer answer = { 0 }, wanted = { 0 };

      ask (drive, (gint64) i * 1000, command, &answer, one);
      ask (filled, (gint64) i * 1000, command, &wanted, other);
      g_assert_cmpmem (one, command->length, other, command->length);
      g_assert_cmpuint (answer.in_len, ==, wanted.in_len);
      g_assert_cmphex (answer.status, ==, wanted.status);
      g_assert_cmphex (answer.key, ==, wanted.key);
      g_assert_cmphex (answer.asc, ==, wanted.asc);
      g_assert_cmphex (answer.ascq, ==, wanted.ascq);
      g_assert_cmpint (answer.delay_us, ==, wanted.delay_us);
    }
}

static char *
sum_of (OflPracticeDrive *drive)
{
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (drive);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, flash);
}

static void
test_made (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autoptr (OflPracticeDrive) drive = ofl_practice_new (made[i].id, 1, NULL);
      g_autofree char *sum = NULL;

      g_assert_nonnull (drive);
      g_assert_true (ofl_practice_is_new (drive));
      sum = sum_of (drive);
      g_test_message ("{ \"%s\", \"%s\" },", made[i].id, sum);
      g_assert_cmpstr (sum, ==, made[i].sum);
    }
}

/* A drive that is saved without having been needed before */
static void
test_saved (void)
{
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new ("bu40n", 1, NULL);
  g_autoptr (OflPracticeDrive) filled = make_filled ("bu40n");
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (filled);

  ofl_practice_drive_power_cycle (drive, 0);
  g_assert_true (ofl_practice_is_new (drive));
  ofl_practice_chip_put (ofl_practice_common (drive)->chip, 0x100, (const guint8 *) "\x55", 1);
  g_assert_false (ofl_practice_is_new (drive));
  ofl_practice_chip_put (ofl_practice_common (drive)->chip, 0x100,
                         (const guint8 *) g_bytes_get_data (flash, NULL) + 0x100, 1);
  {
    g_autoptr (GBytes) after = ofl_practice_drive_get_flash (drive);

    g_assert_true (g_bytes_equal (flash, after));
  }
}

static gpointer
fill (gpointer data)
{
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new (data, 1, NULL);

  return sum_of (drive);
}

/* Several drives of one model, which share their image, at once */
static void
test_threads (void)
{
  GThread *threads[THREADS];
  g_autofree char *wanted = fill ((gpointer) "nd3550");

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("fill", fill, (gpointer) "nd3550");
  for (guint i = 0; i < THREADS; i++)
    {
      g_autofree char *sum = g_thread_join (threads[i]);

      g_assert_cmpstr (sum, ==, wanted);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strconcat ("/practice-new/look/", ofl_practice_get_id (i), NULL);

      g_test_add_data_func (path, ofl_practice_get_id (i), test_look);
    }
  g_test_add_func ("/practice-new/made", test_made);
  g_test_add_func ("/practice-new/first-change", test_saved);
  g_test_add_func ("/practice-new/threads", test_threads);
  return g_test_run ();
}
