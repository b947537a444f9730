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

/* What a fault did, by the practice drive's own log; one that struck nowhere tests nothing. */
typedef struct {
  const char *opcode; /* as the log has it */
  const char *answer; /* that it gives; "ok": it shows in the data alone */
  guint struck;
} Strikes;

static void
on_log (const char *line, gpointer data)
{
  Strikes *strikes = data;
  g_auto (GStrv) words = g_strsplit (line, " ", 3);

  if (strikes->opcode != NULL && words[1] != NULL && g_str_equal (words[1], strikes->opcode)
      && g_str_has_suffix (line, strikes->answer))
    strikes->struck++;
}

/* On whom a fault must strike, and on nobody else */
#define ALL "*"
#define LITEON " sohw812s "
#define PLEXTOR " px716 premium "

typedef struct {
  const char *disc;
  const char *fault;
  Strikes strikes;
  const char *on;
} Trial;

static void
assert_strikes (const char *id, const Trial *trial, const Strikes *strikes)
{
  g_autofree char *word = g_strdup_printf (" %s ", id);
  gboolean must = g_str_equal (trial->on, ALL) || strstr (trial->on, word) != NULL;

  if (trial->fault != NULL && must != (strikes->struck > 0))
    g_test_fail_printf ("%s, %s: “%s” struck %u times", id, trial->disc, trial->fault,
                        strikes->struck);
}

/* Runs one examination under watch. */
static OflExamination *
examine_trial (const char *id, const Trial *trial, const OflChoices *choices)
{
  g_autoptr (Patient) patient = patient_new (id, trial->disc, trial->fault);
  Strikes strikes = trial->strikes;
  guint writes = ofl_practice_drive_get_n_writes (patient->device);
  g_autoptr (GBytes) before = ofl_practice_drive_get_flash (patient->device);
  g_autoptr (GBytes) after = NULL;
  OflExamination *found;

  ofl_practice_drive_set_log (patient->device, on_log, &strikes);
  ofl_practice_port_set_watch (patient->port, choices != NULL ? on_deep_command : on_any_command,
                               (gpointer) id);
  found = choices != NULL ? ofl_doctor_examine_deep (patient->transport, patient->drive,
                                                     OFL_READ_QUICK, choices, NULL, NULL)
                          : patient_examine (patient);
  ofl_practice_drive_set_log (patient->device, NULL, NULL);
  after = ofl_practice_drive_get_flash (patient->device);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (patient->device), ==, writes);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_cmpuint (found->findings->len, >, 3);
  assert_strikes (id, trial, &strikes);
  return found;
}

/* Every practice drive, with every disc that it takes, well and with faults. */
static void
test_only_reads (gconstpointer data)
{
  static const char *const discs[] = { NULL, "pressed", "cd-rom", "blank-cd-r" };

  for (guint i = 0; i < G_N_ELEMENTS (discs); i++)
    {
      g_autoptr (OflPracticeDrive) trial = ofl_practice_new (data, 1, NULL);
      gboolean full = i == 1 || i == 2;
      const Trial trials[] = {
        { discs[i], NULL, { NULL, NULL, 0 }, "" },
        { discs[i], "stuck-buffer", { "5c", "ok", 0 }, ALL },
        { discs[i], "fail 51", { "51", "04/44/00", 0 }, i > 0 ? ALL : "" },
        { discs[i], "unreadable 9 30000", { "28", "03/11/00", 0 }, full ? ALL : "" },
      };

      if (discs[i] != NULL && !ofl_practice_drive_put_disc (trial, discs[i], NULL))
        continue; /* it writes no CDs */
      for (guint k = 0; k < G_N_ELEMENTS (trials); k++)
        {
          g_autoptr (OflExamination) found = examine_trial (data, &trials[k], NULL);

          if (k == 1)
            findings_assert_level (found, "buffer", OFL_FINDING_DOUBTFUL);
        }
    }
}

/* The same when it looks deep, with all that is experimental switched on. The EEPROM of the Lite-On takes
 * 16 commands DF, eight a time; its scan of a CD begins behind them. */
static void
test_deep_only_reads (gconstpointer data)
{
  static const Trial trials[] = {
    { "pressed", NULL, { NULL, NULL, 0 }, "" },
    { "pressed", "flip-once df 12", { "df", "ok", 0 }, LITEON },
    { "pressed", "fail f1", { "f1", "04/44/00", 0 }, PLEXTOR },
    { "pressed", "refuse-op df", { "df", "05/24/00", 0 }, LITEON },
    { "pressed", "fail f3 5", { "f3", "04/44/00", 0 }, LITEON },
    { "cd-rom", NULL, { NULL, NULL, 0 }, "" },
    { "cd-rom", "fail df 30", { "df", "04/44/00", 0 }, LITEON },
  };
  g_autoptr (OflChoices) choices = ofl_choices_new ();

  ofl_choices_set (choices, "experimental", "yes");
  for (guint i = 0; i < G_N_ELEMENTS (trials); i++)
    {
      g_autoptr (OflExamination) found = examine_trial (data, &trials[i], choices);

      if (i == 1 && strstr (LITEON, data) != NULL)
        findings_assert_says (found, "unit", "do not agree");
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
