/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor only reads: every command that it can send is held against a list. */
#include <string.h>

#include "doctor-patient.h"
#include "families/ofl-practice-catalog.h"

/* What the doctor may send, written out; nothing of the program's own lists. */
static gboolean
is_harmless (const OflCommand *command)
{
  const guint8 *cdb = command->cdb;

  if (command->dir == OFL_DIR_OUT)
    return FALSE;
  switch (cdb[0])
    {
    case 0x00: /* TEST UNIT READY */
    case 0x25: /* READ CAPACITY */
    case 0x28: /* READ(10) */
    case 0x46: /* GET CONFIGURATION */
    case 0x51: /* READ DISC INFORMATION */
    case 0x5c: /* READ BUFFER CAPACITY */
      return TRUE;
    case 0x43: /* READ TOC/PMA/ATIP: ATIP */
      return cdb[2] == 0x04;
    case 0x5a: /* MODE SENSE: page 2A */
      return cdb[2] == 0x2a;
    case 0xad: /* READ DISC STRUCTURE: physical format */
      return cdb[7] == 0x00;
    default:
      return FALSE;
    }
}

/* What it may send besides when it is told to look deep: of makers' own commands, byte for byte; ANY
 * is any. plextor 2.7, liteon 2.2. Those of liteon 7.4 have the drive read its disc and count what it
 * corrects; none has data for the drive, and none writes. */
#define ANY 0x100

static gboolean
is_harmless_of_maker (const OflCommand *command)
{
  static const guint16 cdbs[][12] = {
    { 0xdf, 0x89, 0, 0, 0, 0, 0, ANY, ANY, 0, 0, 0 },
    { 0xdf, 0xa3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0xa3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0xa0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0xa0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0x82, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0x82, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xdf, 0x97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xf3, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    { 0xf3, 0x0e, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0 },
    { 0xf1, 0x00, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 },
    { 0xf1, 0x00, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0 },
    { 0xf1, 0x01, 0, 0, 0, 0, 0, ANY, 1, 0, 0, 0 },
  };
  gboolean fits = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (cdbs) && !fits; i++)
    {
      fits = command->cdb_len == 12 && command->dir == OFL_DIR_IN;
      for (guint k = 0; k < 12; k++)
        fits = fits && (cdbs[i][k] == ANY || cdbs[i][k] == command->cdb[k]);
    }
  return fits;
}

/* SEEK(10) to the disc's begin moves the head, and nothing else: liteon 7.4 */
static gboolean
is_seek_to_begin (const OflCommand *command)
{
  static const guint8 cdb[10] = { 0x2b };

  return command->cdb_len == sizeof cdb && command->dir == OFL_DIR_NONE
         && memcmp (command->cdb, cdb, sizeof cdb) == 0;
}

static void
on_deep_command (const OflCommand *command, gpointer data)
{
  g_autofree char *cdb = ofl_command_format (command);

  if (!is_harmless (command) && !is_harmless_of_maker (command) && !is_seek_to_begin (command))
    g_test_fail_printf ("%s: %s", (const char *) data, cdb);
}

static void
on_any_command (const OflCommand *command, gpointer data)
{
  g_autofree char *cdb = ofl_command_format (command);

  if (!is_harmless (command))
    g_test_fail_printf ("%s: %s", (const char *) data, cdb);
}

static void
test_finds_harm (void)
{
  static const guint8 cdbs[][12] = { { 0x3b, 0x02 },
                                     { 0x2a },
                                     { 0x1b, 0, 0, 0, 2 },
                                     { 0x55, 0x10 },
                                     { 0x04 },
                                     { 0xbf },
                                     { 0xa4 },
                                     { 0x5b },
                                     { 0xa1 },
                                     { 0x35 },
                                     { 0x43, 2, 5 },
                                     { 0x5a, 0, 5 },
                                     { 0xf1, 1 },
                                     { 0x3c, 6 },
                                     { 0x1e },
                                     { 0xdf, 0x84 },
                                     { 0xdf, 0x82 },
                                     { 0xdf, 0xa3, 2 },
                                     { 0xdf, 0xa0, 0, 0, 1 },
                                     { 0xdf, 0x97, 1 },
                                     { 0xdf, 0x08 },
                                     { 0xdf, 0x02 },
                                     { 0xf3, 0x0f },
                                     { 0xf3, 0x0e, 1 },
                                     { 0x2b, 0, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      OflCommand command = ofl_command_raw (cdbs[i], 12, OFL_DIR_NONE, 0, 0);
      OflCommand in = ofl_command_raw (cdbs[i], 12, OFL_DIR_IN, 0x80, 0);

      g_assert_false (is_harmless (&command));
      g_assert_false (is_harmless_of_maker (&command));
      g_assert_false (is_harmless_of_maker (&in));
      g_assert_false (is_seek_to_begin (&command));
    }
}

/* Only as questions: without data, or with data for the drive, they are not what is listed. */
static void
test_listed_asks (void)
{
  static const guint8 cdbs[][12]
      = { { 0xdf, 0x89 }, { 0xdf, 0xa3 }, { 0xdf, 0xa0 }, { 0xdf, 0x97 }, { 0xf3, 0x0e } };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      OflCommand in = ofl_command_raw (cdbs[i], 12, OFL_DIR_IN, 0x80, 0);
      OflCommand none = ofl_command_raw (cdbs[i], 12, OFL_DIR_NONE, 0, 0);
      OflCommand out = ofl_command_raw (cdbs[i], 12, OFL_DIR_OUT, 0x80, 0);

      g_assert_true (is_harmless_of_maker (&in));
      g_assert_false (is_harmless (&in) || is_harmless_of_maker (&none)
                      || is_harmless_of_maker (&out));
    }
}

/* Every practice drive, with every disc that it takes, well and with faults. */
static void
test_only_reads (gconstpointer data)
{
  static const char *const discs[] = { NULL, "pressed", "cd-rom", "blank-cd-r" };
  static const char *const faults[] = { NULL, "stuck-buffer", "fail 51", "unreadable 9 30000" };

  for (guint i = 0; i < G_N_ELEMENTS (discs) * G_N_ELEMENTS (faults); i++)
    {
      const char *disc = discs[i % G_N_ELEMENTS (discs)];
      g_autoptr (OflPracticeDrive) trial = ofl_practice_new (data, 1, NULL);
      g_autoptr (Patient) patient = NULL;
      g_autoptr (OflExamination) found = NULL;
      g_autoptr (GBytes) before = NULL;
      g_autoptr (GBytes) after = NULL;
      guint writes;

      if (disc != NULL && !ofl_practice_drive_put_disc (trial, disc, NULL))
        continue; /* it writes no CDs */
      patient = patient_new (data, disc, faults[i / G_N_ELEMENTS (discs)]);
      ofl_practice_port_set_watch (patient->port, on_any_command, (gpointer) data);
      writes = ofl_practice_drive_get_n_writes (patient->device);
      before = ofl_practice_drive_get_flash (patient->device);
      found = patient_examine (patient);
      after = ofl_practice_drive_get_flash (patient->device);
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (patient->device), ==, writes);
      g_assert_true (g_bytes_equal (before, after));
      g_assert_cmpuint (found->findings->len, >, 3);
    }
}

/* The same when it looks deep, with all that is experimental switched on. */
static void
test_deep_only_reads (gconstpointer data)
{
  static const char *const faults[] = { NULL, "flip-once df 100", "fail f1", "refuse-op df", NULL };
  g_autoptr (OflChoices) choices = ofl_choices_new ();

  ofl_choices_set (choices, "experimental", "yes");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      const char *disc = i + 1 < G_N_ELEMENTS (faults) ? "pressed" : "cd-rom";
      g_autoptr (Patient) patient = patient_new (data, disc, faults[i]);
      guint writes = ofl_practice_drive_get_n_writes (patient->device);
      g_autoptr (OflExamination) found = NULL;
      g_autoptr (GBytes) before = ofl_practice_drive_get_flash (patient->device);
      g_autoptr (GBytes) after = NULL;

      ofl_practice_port_set_watch (patient->port, on_deep_command, (gpointer) data);
      found = ofl_doctor_examine_deep (patient->transport, patient->drive, OFL_READ_QUICK, choices,
                                       NULL, NULL);
      after = ofl_practice_drive_get_flash (patient->device);
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (patient->device), ==, writes);
      g_assert_true (g_bytes_equal (before, after));
      g_assert_cmpuint (found->findings->len, >, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/finds-harm", test_finds_harm);
  g_test_add_func ("/doctor/listed-asks", test_listed_asks);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/doctor/only-reads/%s", ofl_practice_get_id (i));
      g_autofree char *deep = g_strdup_printf ("/doctor/deep-reads/%s", ofl_practice_get_id (i));

      g_test_add_data_func (path, ofl_practice_get_id (i), test_only_reads);
      g_test_add_data_func (deep, ofl_practice_get_id (i), test_deep_only_reads);
    }
  return g_test_run ();
}
