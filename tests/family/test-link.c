/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link test on practice drives: what it sends, and what a job makes of what it finds. */
#include <string.h>

#include "link/ofl-link.h"
#include "practice-table.h"
#include "real-names.h"

typedef struct {
  const char *cdb; /* hex; ? is any digit */
  const char *why;
} Harmless;

/* All that a link test may ever send. */
static const Harmless harmless[] = {
  { "12000000??00", "INQUIRY (SPC)" },
  { "3c03000000000000"
    "0400",
    "READ BUFFER, descriptor (SPC)" },
  { "3c0b000000000000"
    "0400",
    "READ BUFFER, echo buffer descriptor (SPC)" },
  { "3c0600????????????00", "mt1959 2.1, se506 2.8: the flash is read by its address" },
  { "3c05??????????????44", "renesas 2.1: the memory is read by its address" },
};

static gboolean
fits (const char *cdb, const char *pattern)
{
  if (strlen (cdb) != strlen (pattern))
    return FALSE;
  for (gsize i = 0; cdb[i] != '\0'; i++)
    if (pattern[i] != '?' && pattern[i] != cdb[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_harmless (const OflCommand *command)
{
  g_autoptr (GString) cdb = g_string_new (NULL);

  for (guint i = 0; i < command->cdb_len; i++)
    g_string_append_printf (cdb, "%02x", command->cdb[i]);
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (command->dir == OFL_DIR_IN && fits (cdb->str, harmless[i].cdb))
      return TRUE;
  g_test_message ("sent: %s", cdb->str);
  return FALSE;
}

typedef struct {
  guint n;
  guint n_bad;
} Sent;

static void
watch (const OflCommand *command, gpointer data)
{
  Sent *sent = data;

  sent->n++;
  if (!is_harmless (command))
    sent->n_bad++;
}

/* The list would find a command that is not in it. */
static void
test_list (void)
{
  OflCommand inquiry = ofl_command_inquiry (96);
  OflCommand echo = ofl_command_write_buffer (OFL_BUFFER_ECHO, 0, 0, 4);
  OflCommand read_echo = ofl_command_read_buffer (OFL_BUFFER_ECHO, 0, 0, 4);
  OflCommand ready = ofl_command_test_unit_ready ();

  g_assert_true (is_harmless (&inquiry));
  g_assert_false (is_harmless (&echo));
  g_assert_false (is_harmless (&read_echo));
  g_assert_false (is_harmless (&ready));
}

static OflLink *
test_bench (Workbench *bench, OflLinkLength length, Sent *sent)
{
  OflTarget *target = ofl_drive_get_target (bench->drive);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  g_autoptr (OflTransport) transport = ofl_target_open (target, OFL_OPEN_READ_ONLY, NULL);
  OflLink *link;

  g_assert_nonnull (drive);
  g_assert_nonnull (transport);
  ofl_practice_port_set_watch (bench->port, watch, sent);
  link = ofl_link_test (transport, target, drive, length, NULL, NULL);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  ofl_transport_close (transport);
  g_assert_nonnull (link);
  return link;
}

static void
test_commands (void)
{
  g_auto (GStrv) ids = g_strsplit (g_getenv ("PRACTICE_IDS"), " ", -1);
  guint with_flash = 0;

  g_assert_cmpuint (g_strv_length (ids), >, 20);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (Workbench) bench = workbench_new (ids[i]);
      g_autoptr (GBytes) before = ofl_practice_drive_get_flash (bench->device);
      g_autoptr (GBytes) after = NULL;
      Sent sent = { 0 };
      g_autoptr (OflLink) link = test_bench (bench, OFL_LINK_LONG, &sent);

      g_test_message ("%s: %u commands, %s", ids[i], sent.n,
                      link->why_no_stretch != NULL ? link->why_no_stretch : "flash too");
      g_assert_cmpuint (sent.n_bad, ==, 0);
      g_assert_cmpuint (sent.n, >=, 600);
      g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "sound");
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
      after = ofl_practice_drive_get_flash (bench->device);
      g_assert_true (g_bytes_equal (before, after));
      with_flash += link->why_no_stretch == NULL ? 1 : 0;
    }
  g_assert_cmpuint (with_flash, >=, 3);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  ofl_drive_identify_finish (OFL_DRIVE (source), result, NULL);
  *(gboolean *) data = TRUE;
}

static void
look (OflDrive *drive)
{
  gboolean done = FALSE;

  ofl_drive_identify_async (drive, ofl_families_probe, NULL, NULL, on_looked, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* The seed's owner: a bad cable garbled the name. Nothing is written; the cable is replaced; the same
 * drive has its right name, and is written. */
static void
test_cable_replaced (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflResult) refused = NULL, flashed = NULL;
  Sent sent = { 0 };

  g_assert_true (ofl_practice_drive_add_fault (bench->device, "garble", NULL));
  look (bench->drive);
  g_assert_cmpint (ofl_drive_get_state (bench->drive), ==, OFL_DRIVE_STATE_GARBLED);
  {
    g_autoptr (OflLink) link = test_bench (bench, OFL_LINK_SHORT, &sent);

    g_assert_cmpstr (ofl_link_verdict_id (link->verdict), ==, "bad");
    g_assert_nonnull (strstr (link->advice.english, "cable"));
  }
  refused = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (refused->verdict), ==, "refused");
  g_assert_nonnull (strstr (refused->next, "cable"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);

  ofl_practice_drive_clear_faults (bench->device);
  look (bench->drive);
  g_assert_cmpint (ofl_drive_get_state (bench->drive), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_cmpstr (ofl_drive_get_name (bench->drive), ==, "HL-DT-ST BD-RE BU40N");
  flashed = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (ofl_verdict_id (flashed->verdict), ==, "verified");
  g_assert_null (strstr (flashed->what, "doubtful"));
}

/* INQUIRY number @n of a job, and number @m where that is not 0, have one bit wrong. */
static OflResult *
flash_with_flips (Workbench *bench, guint n, guint m)
{
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  guint at[] = { n, m };

  for (guint i = 0; i < G_N_ELEMENTS (at) && at[i] != 0; i++)
    {
      g_autofree char *fault = g_strdup_printf ("flip-once 12 %u 9", at[i]);

      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
    }
  return workbench_run (bench, OFL_JOB_FLASH, image);
}

static void
test_doubtful_job (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflResult) result = flash_with_flips (bench, 12, 0);
  g_autofree char *journal = workbench_journal (bench);

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  g_assert_nonnull (strstr (result->what, "doubtful before the write"));
  g_assert_nonnull (strstr (result->record_what, "doubtful before the write"));
  g_assert_nonnull (strstr (journal, "\"event\":\"link\""));
  g_assert_nonnull (strstr (journal, "\"verdict\":\"doubtful\""));
}

static void
test_bad_job (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflResult) result = flash_with_flips (bench, 12, 18);

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "refused");
  g_assert_nonnull (strstr (result->what, "2 did not come"));
  g_assert_nonnull (strstr (result->next, "test again"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  g_assert_null (result->journal_path);
  g_assert_cmpuint (workbench_count_backups (bench), ==, 0);
}

/* A job that only reads is not held up. */
static void
test_backup_job (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflResult) result = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_autofree char *journal = workbench_journal (bench);

  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "done");
  g_assert_null (strstr (journal, "\"event\":\"link\""));
}

/* Of all names that real drives gave, none is called garbled for being near a known one. */
static void
test_real_names (void)
{
  g_autoptr (GPtrArray) names = real_names_load ();
  guint near = 0, n = 0;

  for (guint i = 0; i < names->len; i++)
    {
      const RealName *name = g_ptr_array_index (names, i);
      guint8 inquiry[36] = { 5, [4] = 31 };
      OflIdentity identity = { 0 };
      g_autofree char *model = NULL;
      gboolean odd;

      memset (inquiry + 8, ' ', 28);
      memcpy (inquiry + 8, name->vendor, MIN (strlen (name->vendor), 8));
      memcpy (inquiry + 16, name->product, MIN (strlen (name->product), 16));
      ofl_identity_parse_inquiry (&identity, inquiry, sizeof inquiry);
      model = ofl_families_near_model (&identity, &odd);
      n++;
      near += model != NULL ? 1 : 0;
      if (odd)
        g_test_message ("%s %s is taken for a garbled %s", name->vendor, name->product, model);
      g_assert_false (odd);
    }
  g_test_message ("of %u names %u are one bit away from a known one", n, near);
  g_assert_cmpuint (n, >, 5000);
  g_assert_cmpuint (near, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/list", test_list);
  g_test_add_func ("/link/commands", test_commands);
  g_test_add_func ("/link/garbled-name-refused-cable-replaced-flash", test_cable_replaced);
  g_test_add_func ("/link/job/doubtful", test_doubtful_job);
  g_test_add_func ("/link/job/bad", test_bad_job);
  g_test_add_func ("/link/job/backup", test_backup_job);
  g_test_add_func ("/link/real-names", test_real_names);
  return g_test_run ();
}
