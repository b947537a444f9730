/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: what a running job writes, and what is made of it after a crash or a full disk. */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "flash/ofl-folder.h"
#include "flash/ofl-journal-private.h"
#include "journal-folder.h"
#include "scsi/ofl-error.h"

/* What the system calls an error in another language, with all that JSON has to escape. */
static gboolean translated;

const char *
strerrordesc_np (int code)
{
  return translated ? "Das \"Argument\" ist ung\303\274ltig \\ \a" : NULL;
}

static guint
count_commands (const char *path)
{
  g_autofree char *content = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  for (const char *p = content; (p = strstr (p, "\"event\":\"command\"")) != NULL; p++)
    n++;
  return n;
}

/* Whoever kills the program now finds in the file each command that could have changed the drive or went
 * wrong, and since a write begins, each. */
static void
test_what_may_wait (JournalFolder *f, gconstpointer data)
{
  OflCommand read = ofl_command_inquiry (96);
  OflCommand write = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_SAVE, 0, 0, 0);
  OflReply good = { .outcome = OFL_OUTCOME_OK };
  OflReply bad = { .outcome = OFL_OUTCOME_LOST };
  OflJournal *journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *path = g_strdup (ofl_journal_get_path (journal));

  ofl_journal_command (journal, 1, 0, &read, &good);
  ofl_journal_command (journal, 2, 0, &read, &good);
  ofl_journal_command (journal, 3, 0, &write, &good);
  g_assert_cmpuint (count_commands (path), ==, 3);
  ofl_journal_command (journal, 4, 0, &read, &bad);
  g_assert_cmpuint (count_commands (path), ==, 4);
  ofl_journal_command (journal, 5, 0, &read, &good);
  ofl_journal_write (journal, "point-of-no-return", NULL);
  g_assert_cmpuint (count_commands (path), ==, 5);
  ofl_journal_command (journal, 6, 0, &read, &good);
  g_assert_true (ofl_journal_sync (journal, NULL));
  g_assert_cmpuint (count_commands (path), ==, 6);
  ofl_journal_command (journal, 7, 0, &read, &good);
  g_assert_cmpuint (count_commands (path), ==, 7);
  ofl_journal_close (journal);
  journal_assert_all_json (path);
}

/* What waits is in the file when a job ends, and so many commands are in the order in which they came. */
static void
test_waiting_is_kept (JournalFolder *f, gconstpointer data)
{
  OflCommand read = ofl_command_inquiry (96);
  OflReply good = { .outcome = OFL_OUTCOME_OK, .transferred = 96 };
  OflJournal *journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *path = g_strdup (ofl_journal_get_path (journal));
  g_autofree char *content = NULL;
  const char *p;

  for (guint i = 1; i <= 1000; i++)
    ofl_journal_command (journal, i, i, &read, &good);
  ofl_journal_close (journal);
  journal_assert_all_json (path);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  p = content;
  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *step = g_strdup_printf ("\"step\":%u,\"us\":%u,", i, i);

      p = strstr (p, step);
      g_assert_nonnull (p);
    }
}

static void
test_unfinished (JournalFolder *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  g_autofree char *words = NULL;
  OflCommand command = ofl_command_test_unit_ready ();
  OflReply reply = { .outcome = OFL_OUTCOME_OK };
  OflJournal *journal = ofl_journal_open (f->dir, &error);
  const OflUnfinished *job;

  g_assert_no_error (error);
  path = g_strdup (ofl_journal_get_path (journal));
  g_assert_true (g_path_is_absolute (path));
  journal_write_job (journal);
  ofl_journal_command (journal, 3, 1000, &command, &reply);
  g_assert_true (ofl_journal_sync (journal, &error));
  /* its writer still runs: not unfinished */
  journal_assert_none (f);
  ofl_journal_write (journal, "point-of-no-return", NULL);
  ofl_journal_close (journal);

  job = journal_find_one (f, &found);
  g_assert_cmpstr (job->drive, ==, "A \"drive\"\n");
  g_assert_cmpstr (job->backup_path, ==, "/b/flash.bin");
  g_assert_cmpint (job->stage, ==, OFL_UNFINISHED_DANGER);
  g_assert_cmpuint (job->damaged, ==, 0);
  words = ofl_unfinished_describe (job);
  g_assert_nonnull (strstr (words, "may need recovery"));
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "\"cdb\":\"00 00 00 00 00 00\""));
  journal_assert_all_json (path);

  g_assert_true (ofl_journal_dismiss (path, &error));
  journal_assert_none (f);
  journal_assert_all_json (path);
}

static void
test_ended (JournalFolder *f, gconstpointer data)
{
  OflJournal *journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *path = g_strdup (ofl_journal_get_path (journal));

  journal_write_job (journal);
  g_assert_true (ofl_journal_end (journal, "verified", "What \"was\" seen.", NULL, NULL));
  g_assert_cmpint (ofl_journal_get_broken (journal), ==, 0);
  ofl_journal_close (journal);
  journal_assert_none (f);
  g_assert_cmpuint (journal_assert_all_json (path), ==, 5);
}

/* The reason is the system's own, of the folder that could not be made. */
static void
test_refused (JournalFolder *f, gconstpointer data)
{
  g_autofree char *file = journal_put (f, "file", "x", 1);
  g_autofree char *below = g_build_filename (file, "deeper", "still", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) proc = NULL;

  g_assert_null (ofl_journal_open (below, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, g_strerror (ENOTDIR)));
  g_assert_null (ofl_journal_open ("/proc/self/no-such", &proc));
  g_assert_error (proc, OFL_ERROR, OFL_ERROR_STORAGE);
  g_assert_nonnull (strstr (proc->message, "/proc/self/no-such"));
}

/* ugly spot 5: the system's words for an error, in any language, are JSON in the journal. */
static void
test_translated (JournalFolder *f, gconstpointer data)
{
  OflCommand command = ofl_command_test_unit_ready ();
  OflReply reply = { .outcome = OFL_OUTCOME_NOT_SENT, .os_error = EINVAL };
  OflJournal *journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *path = g_strdup (ofl_journal_get_path (journal));
  g_autofree char *content = NULL;

  translated = TRUE;
  ofl_journal_command (journal, 1, 0, &command, &reply);
  translated = FALSE;
  ofl_journal_close (journal);
  g_assert_cmpuint (journal_assert_all_json (path), ==, 2);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "ung\303\274ltig"));
}

/* F9: the words fit how far it had come. */
static void
test_words (JournalFolder *f, gconstpointer data)
{
  static const struct {
    const char *records;
    OflUnfinishedStage stage;
    const char *says;
    const char *does_not_say;
  } cases[] = {
    { JOB, OFL_UNFINISHED_READING, "was only read", "Writing" },
    { JOB, OFL_UNFINISHED_READING, "A job that was to write", "recovery" },
    { JOB BACKUP, OFL_UNFINISHED_READING, "was only read", "recovery" },
    { JOB BACKUP BEGINS, OFL_UNFINISHED_BEGUN, "before the point of no return", "recovery" },
    { JOB BACKUP BEGINS DANGER, OFL_UNFINISHED_DANGER, "may need recovery", "old firmware" },
    { JOB BEGINS DANGER, OFL_UNFINISHED_DANGER, "There is no backup of it.", "old firmware" },
    { JOB BACKUP BEGINS DANGER SAFE, OFL_UNFINISHED_WRITTEN, "It was written", "old firmware" },
    { JOB BACKUP BEGINS DANGER SAFE, OFL_UNFINISHED_WRITTEN, "Look at its revision", "recovery" },
    { JOB BACKUP BEGINS DANGER SAFE DANGER, OFL_UNFINISHED_DANGER, "may need recovery",
      "It was written" },
  };

  g_setenv ("TZ", "UTC", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      G_GNUC_UNUSED g_autofree char *path = journal_put (f, "a.jsonl", cases[i].records, -1);
      g_autoptr (GPtrArray) found = NULL;
      const OflUnfinished *job = journal_find_one (f, &found);
      g_autofree char *words = ofl_unfinished_describe (job);

      g_assert_cmpint (job->stage, ==, cases[i].stage);
      g_assert_nonnull (strstr (words, cases[i].says));
      g_assert_null (strstr (words, cases[i].does_not_say));
      g_assert_nonnull (strstr (words, "BU40N 1.03 to HL-DT-ST BD-RE BU40N (/dev/sr0), begun on 26 "
                                       "November 2026, 11:20, never ended."));
    }
}

/* A job that only read the drive leaves nothing to be told. */
static void
test_only_reads (JournalFolder *f, gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *a
      = journal_put (f, "a.jsonl", "{\"event\":\"job\",\"kind\":\"backup\"}\n", -1);
  G_GNUC_UNUSED g_autofree char *b
      = journal_put (f, "b.jsonl", "{\"event\":\"job\",\"kind\":\"verify\"}\n" BACKUP, -1);

  journal_assert_none (f);
}

static OflIdentity
identity (const char *vendor, const char *product, const char *serial)
{
  OflIdentity id = { 0 };

  g_strlcpy (id.vendor, vendor, sizeof id.vendor);
  g_strlcpy (id.product, product, sizeof id.product);
  g_strlcpy (id.serial, serial, sizeof id.serial);
  return id;
}

/* F10: whose job it was, and what a later success of that drive ends. */
static void
test_whose (JournalFolder *f, gconstpointer data)
{
  static const struct {
    const char *vendor, *product, *serial, *id;
    gboolean told, closed;
  } cases[] = {
    { "HL-DT-ST", "BD-RE BU40N", "K9", "/dev/sr0", TRUE, TRUE },
    { "HL-DT-ST", "BD-RE BU40N", "K9", "/dev/sr1", TRUE, TRUE },
    { "HL-DT-ST", "BD-RE BP60", "K9", "/dev/sr0", TRUE, TRUE },   /* renamed by the write */
    { "HL-DT-ST", "BD-RE BP60", "K9", "/dev/sr1", FALSE, FALSE }, /* serials are not unique */
    { "HL-DT-ST", "BD-RE BU40N", "K8", "/dev/sr0", FALSE, FALSE },
    { "HL-DT-ST", "BD-RE BU40N", "", "/dev/sr0", TRUE, TRUE },
    { "HL-DT-ST", "BD-RE BU40N", "", "/dev/sr1", FALSE, FALSE },
    { "BOOT", "MODE", "", "/dev/sr0", TRUE, FALSE }, /* told of, but who knows */
  };
  static const struct {
    const char *id;
    gboolean closed;
  } bridges[] = { { "/dev/sr0", TRUE }, { "/dev/sr1", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      G_GNUC_UNUSED g_autofree char *path
          = journal_put (f, "a.jsonl", JOB BEGINS DANGER "{\"eve", -1);
      g_autoptr (GPtrArray) found = NULL, left = NULL;
      const OflUnfinished *job = journal_find_one (f, &found);
      OflIdentity id = identity (cases[i].vendor, cases[i].product, cases[i].serial);

      g_assert_cmpint (ofl_unfinished_is_of (job, &id, cases[i].id), ==, cases[i].told);
      g_assert_cmpuint (ofl_journal_close_earlier (f->dir, &id, cases[i].id, "/j/b.jsonl"), ==,
                        cases[i].closed ? 1 : 0);
      left = ofl_journal_find_unfinished (f->dir);
      g_assert_cmpuint (left->len, ==, cases[i].closed ? 0 : 1);
    }
  /* a serial that a bridge gives to every drive behind it */
  for (guint i = 0; i < G_N_ELEMENTS (bridges); i++)
    {
      G_GNUC_UNUSED g_autofree char *path
          = journal_put (f, "a.jsonl",
                         "{\"event\":\"job\",\"drive\":\"A B\",\"serial\":\"0000\","
                         "\"drive_id\":\"/dev/sr0\"}\n" BEGINS,
                         -1);
      OflIdentity id = identity ("A", "B", "0000");

      g_assert_cmpuint (ofl_journal_close_earlier (f->dir, &id, bridges[i].id, NULL), ==,
                        bridges[i].closed ? 1 : 0);
    }
}

static void
on_broken (int code, gpointer data)
{
  g_assert_cmpint (*(int *) data, ==, 0);
  *(int *) data = code;
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* F11: no more room at every length of the file: said once and at once, a good end is recorded all
 * the same, and every other line is still read. */
static void
test_full (JournalFolder *f, gconstpointer data)
{
  OflCommand command = ofl_command_test_unit_ready ();
  OflReply reply = { .outcome = OFL_OUTCOME_OK };

  signal (SIGXFSZ, SIG_IGN);
  for (guint room = 0; room < 260; room += 7)
    {
      OflJournal *journal = ofl_journal_open (f->dir, NULL);
      g_autofree char *path = g_strdup (ofl_journal_get_path (journal));
      g_autoptr (GError) error = NULL;
      int told = 0;
      GStatBuf st;

      ofl_journal_set_broken_func (journal, on_broken, &told);
      journal_write_job (journal);
      ofl_journal_write (journal, "point-of-no-return", NULL);
      g_assert_true (ofl_journal_sync (journal, &error));
      g_assert_cmpint (g_stat (path, &st), ==, 0);
      limit_file_size ((rlim_t) st.st_size + room);
      for (guint i = 0; i < 3; i++)
        ofl_journal_command (journal, i, 0, &command, &reply);
      g_assert_cmpint (told, ==, EFBIG);
      g_assert_cmpint (ofl_journal_get_broken (journal), ==, EFBIG);
      g_assert_false (ofl_journal_sync (journal, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_STORAGE);
      g_assert_true (ofl_journal_end (journal, "verified", "What was seen.", NULL, NULL));
      ofl_journal_close (journal);
      limit_file_size (RLIM_INFINITY);
      journal_assert_none (f);
      g_unlink (path);
    }
}

/* The same where the records of reads wait: they are written together, and cut off together. */
static void
test_full_while_waiting (JournalFolder *f, gconstpointer data)
{
  OflCommand read = ofl_command_inquiry (96);
  OflReply reply = { .outcome = OFL_OUTCOME_OK };

  signal (SIGXFSZ, SIG_IGN);
  for (guint room = 0; room < 360; room += 7)
    {
      OflJournal *journal = ofl_journal_open (f->dir, NULL);
      g_autofree char *path = g_strdup (ofl_journal_get_path (journal));
      g_autofree char *content = NULL;
      int told = 0;
      GStatBuf st;

      ofl_journal_set_broken_func (journal, on_broken, &told);
      ofl_journal_flush (journal);
      g_assert_cmpint (g_stat (path, &st), ==, 0);
      limit_file_size ((rlim_t) st.st_size + room);
      for (guint i = 0; i < 3; i++)
        ofl_journal_command (journal, i, 0, &read, &reply);
      if (room % 2 == 0)
        ofl_journal_flush (journal);
      g_assert_true (ofl_journal_end (journal, "identical", "What was seen.", NULL, NULL));
      g_assert_cmpint (told, ==, EFBIG);
      ofl_journal_close (journal);
      limit_file_size (RLIM_INFINITY);
      g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
      g_assert_nonnull (strstr (content, "\"verdict\":\"identical\""));
      g_assert_cmpuint (count_commands (path), <=, 3);
    }
}

/* F11: an alarm can be dismissed on a full disk too. */
static void
test_dismiss_when_full (JournalFolder *f, gconstpointer data)
{
  OflJournal *journal = ofl_journal_open (f->dir, NULL);
  g_autofree char *path = g_strdup (ofl_journal_get_path (journal));
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf st;

  journal_write_job (journal);
  ofl_journal_close (journal);
  journal_find_one (f, &found);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  limit_file_size ((rlim_t) st.st_size + 10);
  g_assert_true (ofl_journal_dismiss (path, &error));
  g_assert_no_error (error);
  limit_file_size (RLIM_INFINITY);
  journal_assert_none (f);
}

/* Folders are made with their parents; what is in the way is named. */
static void
test_folders (JournalFolder *f, gconstpointer data)
{
  g_autofree char *deep = g_build_filename (f->dir, "a", "b", "c", NULL);
  g_autofree char *file = journal_put (f, "file", "x", 1);
  g_autoptr (GError) error = NULL, full = NULL, in_the_way = NULL;

  g_assert_true (ofl_folder_make (deep, &error));
  g_assert_no_error (error);
  g_assert_true (ofl_folder_make (deep, &error));
  g_assert_true (ofl_folder_probe (deep, 1, &error));
  g_assert_no_error (error);
  g_assert_false (ofl_folder_probe (deep, G_MAXINT64, &full));
  g_assert_error (full, OFL_ERROR, OFL_ERROR_STORAGE);
  g_assert_nonnull (strstr (full->message, "room for"));
  g_assert_false (ofl_folder_make (file, &in_the_way));
  g_assert_error (in_the_way, OFL_ERROR, OFL_ERROR_STORAGE);
}

#define ADD(path, func) \
  g_test_add ("/journal/" path, JournalFolder, NULL, journal_folder_up, func, journal_folder_down)

/* Once in a million records the clock stands at a whole second, and a record must be as long as ever. */
static void
test_whole_second (JournalFolder *f, gconstpointer data)
{
  g_autoptr (GDateTime) whole = g_date_time_new_utc (2026, 11, 29, 7, 6, 22);
  g_autofree char *text = ofl_journal_time (whole);
  g_autoptr (GDateTime) read = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_cmpstr (text, ==, "2026-11-29T07:06:22.000000Z");
  g_assert_true (g_date_time_equal (read, whole));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what-may-wait", test_what_may_wait);
  ADD ("waiting-is-kept", test_waiting_is_kept);
  ADD ("f11-full-while-waiting", test_full_while_waiting);
  ADD ("unfinished", test_unfinished);
  ADD ("ended", test_ended);
  ADD ("f14-refused", test_refused);
  ADD ("house-5-translated", test_translated);
  ADD ("f9-words", test_words);
  ADD ("only-reads", test_only_reads);
  ADD ("f10-whose", test_whose);
  ADD ("f11-full", test_full);
  ADD ("f11-dismiss-when-full", test_dismiss_when_full);
  ADD ("folders", test_folders);
  ADD ("whole-second", test_whole_second);
  return g_test_run ();
}
