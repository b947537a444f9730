/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor only reads: every command that it can send is held against a list. */
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
  static const guint8 cdbs[][12] = { { 0x3b, 0x02 }, { 0x2a },       { 0x1b, 0, 0, 0, 2 },
                                     { 0x55, 0x10 }, { 0x04 },       { 0xbf },
                                     { 0xa4 },       { 0x5b },       { 0xa1 },
                                     { 0x35 },       { 0x43, 2, 5 }, { 0x5a, 0, 5 },
                                     { 0xf1, 1 },    { 0x3c, 6 },    { 0x1e } };

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      OflCommand command = ofl_command_raw (cdbs[i], 12, OFL_DIR_NONE, 0, 0);

      g_assert_false (is_harmless (&command));
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/finds-harm", test_finds_harm);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/doctor/only-reads/%s", ofl_practice_get_id (i));

      g_test_add_data_func (path, ofl_practice_get_id (i), test_only_reads);
    }
  return g_test_run ();
}
