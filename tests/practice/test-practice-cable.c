/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive that another program breaks and mends, also in the middle of a job. Two cables on
 * one file are what two programs are. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "families/ofl-practice-catalog.h"
#include "kit/scratch.h"
#include "practice/ofl-practice-cable.h"
#include "practice/ofl-practice-transport.h"
#include "scsi/ofl-command.h"
#include "scsi/ofl-error.h"

#define ID "standard"

typedef struct {
  char *dir;
  char *path;
  OflPracticePort *port;
  OflPracticeCable *hand; /* the other program's */
} Fixture;

static OflPracticePort *
new_port (const char *path)
{
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new (ID, 1, NULL);
  OflPracticePort *port = ofl_practice_port_new (drive, OFL_PRACTICE_VIRTUAL, 1);

  ofl_practice_port_set_cable (port, path);
  return port;
}

static void
fixture_up (Fixture *self, gconstpointer data)
{
  self->dir = scratch_new ();
  self->path = g_build_filename (self->dir, ID ".cable", NULL);
  self->port = new_port (self->path);
  self->hand = ofl_practice_cable_new (self->path);
}

static void
fixture_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->port);
  ofl_practice_cable_free (self->hand);
  g_free (self->path);
  scratch_free (self->dir);
}

static void
set (Fixture *self, const char *fault, gboolean unplugged)
{
  const char *const faults[] = { fault, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (ofl_practice_cable_set (self->hand, faults, unplugged, &error));
  g_assert_no_error (error);
}

static OflTransport *
open_now (OflPracticePort *port)
{
  g_autoptr (GError) error = NULL;
  OflTransport *transport = ofl_practice_port_open (port, OFL_OPEN_EXCLUSIVE, &error);

  g_assert_no_error (error);
  return transport;
}

/* INQUIRY's names, "" when the drive does not answer. */
static char *
ask (OflTransport *transport)
{
  OflCommand command = ofl_command_inquiry (96);
  guint8 data[96];
  OflReply reply;

  ofl_transport_execute (transport, &command, data, &reply);
  return reply.outcome == OFL_OUTCOME_OK ? g_strndup ((char *) data + 8, 28) : g_strdup ("");
}

static void
assert_says (OflTransport *transport, const char *name, gboolean same)
{
  g_autofree char *says = ask (transport);

  g_assert_cmpstr (says, !=, "");
  g_assert_cmpint (g_str_equal (says, name), ==, same);
}

static void
test_garbled_and_mended (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);

  set (self, "garble", FALSE);
  assert_says (transport, name, FALSE);
  set (self, NULL, FALSE);
  assert_says (transport, name, TRUE);
}

/* The plug is pulled while a job has the drive: the job's way to it stays dead until it looks for it. */
static void
test_pulled_out (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);
  g_autofree char *gone = NULL;
  g_autofree char *still_gone = NULL;
  g_autoptr (GError) error = NULL;

  set (self, NULL, TRUE);
  gone = ask (transport);
  g_assert_cmpstr (gone, ==, "");
  set (self, NULL, FALSE);
  still_gone = ask (transport);
  g_assert_cmpstr (still_gone, ==, "");
  set (self, NULL, TRUE);
  g_assert_false (ofl_transport_reopen (transport, 100, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
  set (self, NULL, FALSE);
  g_assert_true (ofl_transport_reopen (transport, 100, NULL, NULL));
  ofl_transport_close (transport);
  g_clear_object (&transport);
  transport = open_now (self->port);
  assert_says (transport, name, TRUE);
}

/* A program that starts while the plug is out finds no drive. */
static void
test_starts_unplugged (Fixture *self, gconstpointer data)
{
  g_autoptr (OflPracticePort) later = NULL;
  g_autoptr (OflTransport) transport = NULL;
  g_autoptr (GError) error = NULL;

  set (self, NULL, TRUE);
  later = new_port (self->path);
  g_assert_null (ofl_practice_port_open (later, OFL_OPEN_READ_ONLY, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
  set (self, NULL, FALSE);
  transport = open_now (later);
  g_assert_nonnull (transport);
}

/* Both between two commands: the drive was away all the same, and the way to it is dead. */
static void
test_pulled_and_plugged (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);
  g_autofree char *gone = NULL;

  set (self, NULL, TRUE);
  set (self, NULL, FALSE);
  gone = ask (transport);
  g_assert_cmpstr (gone, ==, "");
  g_assert_true (ofl_transport_reopen (transport, 100, NULL, NULL));
  assert_says (transport, name, TRUE);
  /* another fault alone is no plug that was pulled */
  set (self, "slow 4", FALSE);
  assert_says (transport, name, TRUE);
}

/* The same words in another file are no news: what has struck does not strike again. */
static void
test_same_faults (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);
  g_autofree char *struck = NULL;

  set (self, "refuse-op 12 1", FALSE);
  struck = ask (transport);
  g_assert_cmpstr (struck, ==, "");
  set (self, "refuse-op 12 1", FALSE);
  assert_says (transport, name, TRUE);
}

/* What cannot be read now is read with the next look. A link to itself cannot be, by nobody. */
static void
test_read_later (Fixture *self, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (self->path, ".aside", NULL);

  set (self, "garble", FALSE);
  g_assert_cmpint (g_rename (self->path, aside), ==, 0);
  g_assert_cmpint (symlink (ID ".cable", self->path), ==, 0);
  g_assert_cmpuint (ofl_practice_cable_look (self->hand), ==, 0);
  g_assert_cmpuint (g_strv_length (self->hand->faults), ==, 1);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_cmpuint (ofl_practice_cable_look (self->hand), ==, OFL_PRACTICE_CABLE_OTHER_FAULTS);
  g_assert_cmpuint (g_strv_length (self->hand->faults), ==, 0);
  g_assert_cmpint (g_rename (aside, self->path), ==, 0);
  g_assert_cmpuint (ofl_practice_cable_look (self->hand), ==, OFL_PRACTICE_CABLE_OTHER_FAULTS);
}

/* A drive that left by a fault is brought back by hand. */
static void
test_left_by_itself (Fixture *self, gconstpointer data)
{
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);
  g_autofree char *gone = NULL;

  set (self, "vanish 12 1", FALSE);
  gone = ask (transport);
  g_assert_cmpstr (gone, ==, "");
  set (self, NULL, FALSE);
  g_assert_true (ofl_transport_reopen (transport, 100, NULL, NULL));
  assert_says (transport, name, TRUE);
}

/* What strikes once strikes everybody who opens the drive, until it is mended. */
static void
test_strikes_each_time (Fixture *self, gconstpointer data)
{
  set (self, "refuse-op 12 1", FALSE);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (OflTransport) transport = open_now (self->port);
      g_autofree char *first = ask (transport);
      g_autofree char *second = ask (transport);

      g_assert_cmpstr (first, ==, "");
      g_assert_cmpstr (second, !=, "");
    }
  set (self, NULL, FALSE);
  {
    g_autoptr (OflTransport) transport = open_now (self->port);
    g_autofree char *first = ask (transport);

    g_assert_cmpstr (first, !=, "");
  }
}

/* Mending the cable is not mending what a test or OFL_PRACTICE_FAULTS has done. */
static void
test_other_faults_stay (Fixture *self, gconstpointer data)
{
  OflPracticeDrive *drive = ofl_practice_port_get_drive (self->port);
  g_autoptr (OflTransport) transport = open_now (self->port);
  g_autofree char *name = ask (transport);

  g_assert_true (ofl_practice_drive_add_fault (drive, "garble", NULL));
  set (self, "slow 4", FALSE);
  set (self, NULL, FALSE);
  assert_says (transport, name, FALSE);
}

static void
test_words (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "explode", NULL };
  g_autoptr (OflPracticeCable) later = NULL;
  g_autoptr (GError) error = NULL;

  set (self, "silent", FALSE);
  g_assert_false (ofl_practice_cable_set (self->hand, wrong, FALSE, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_FAILED);
  g_assert_cmpstr (self->hand->faults[0], ==, "silent");
  g_assert_true (
      g_file_set_contents (self->path, "plugs 7\nfault explode\nfault garble\nwhat\n", -1, NULL));
  later = ofl_practice_cable_new (self->path);
  g_assert_cmpuint (g_strv_length (later->faults), ==, 1);
  g_assert_cmpstr (later->faults[0], ==, "garble");
  g_assert_cmpuint (later->plugs, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/practice/cable/" name, Fixture, NULL, fixture_up, function, fixture_down)
  ADD ("garbled-and-mended", test_garbled_and_mended);
  ADD ("pulled-out", test_pulled_out);
  ADD ("starts-unplugged", test_starts_unplugged);
  ADD ("pulled-and-plugged", test_pulled_and_plugged);
  ADD ("same-faults", test_same_faults);
  ADD ("read-later", test_read_later);
  ADD ("left-by-itself", test_left_by_itself);
  ADD ("strikes-each-time", test_strikes_each_time);
  ADD ("other-faults-stay", test_other_faults_stay);
  ADD ("words", test_words);
  return g_test_run ();
}
