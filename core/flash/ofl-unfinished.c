/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals of jobs that never ended: what was going on, and how to continue. */
#include "flash/ofl-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "flash/ofl-journal-private.h"
#include "scsi/ofl-error.h"

/**
 * ofl_unfinished_free:
 * @self: (transfer full): an unfinished job
 */
void
ofl_unfinished_free (OflUnfinished *self)
{
  g_free (self->path);
  g_free (self->drive);
  g_free (self->drive_id);
  g_free (self->serial);
  g_free (self->image);
  g_free (self->family);
  g_free (self->revision);
  g_free (self->image_sha256);
  g_free (self->image_revision);
  g_free (self->image_file);
  g_free (self->image_with);
  g_free (self->backup_path);
  g_free (self->began);
  g_free (self);
}

/**
 * ofl_unfinished_stage_id:
 * @stage: how far a job had come
 *
 * Returns: its word for machines
 */
const char *
ofl_unfinished_stage_id (OflUnfinishedStage stage)
{
  static const char *const ids[] = {
    [OFL_UNFINISHED_READING] = "reading",
    [OFL_UNFINISHED_BEGUN] = "begun",
    [OFL_UNFINISHED_DANGER] = "danger",
    [OFL_UNFINISHED_WRITTEN] = "written",
  };

  return (gsize) stage < G_N_ELEMENTS (ids) ? ids[stage] : "unknown";
}

/* A record's time, for people; NULL when it cannot be read. */
char *
ofl_journal_say_time (const char *iso8601)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso8601, NULL);
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  /* Translators: a date and time for g_date_time_format(): "28 November 2026, 20:50" */
  return local != NULL ? g_date_time_format (local, _ ("%-d %B %Y, %H:%M")) : NULL;
}

/* Translators: in all of these the first %s is a firmware image, the second a drive, perhaps with
 * where it is in brackets, and the third, if any, a date. */
static char *
what_never_ended (const OflUnfinished *self, const char *drive)
{
  g_autofree char *time = ofl_journal_say_time (self->began);

  if (self->stage == OFL_UNFINISHED_READING && time != NULL)
    return g_strdup_printf (_ ("A job that was to write %s to %s, begun on %s, never ended."),
                            self->image, drive, time);
  if (self->stage == OFL_UNFINISHED_READING)
    return g_strdup_printf (_ ("A job that was to write %s to %s never ended."), self->image,
                            drive);
  if (time != NULL)
    return g_strdup_printf (_ ("Writing %s to %s, begun on %s, never ended."), self->image, drive,
                            time);
  return g_strdup_printf (_ ("Writing %s to %s never ended."), self->image, drive);
}

static const char *
what_it_means (const OflUnfinished *self)
{
  switch (self->stage)
    {
    case OFL_UNFINISHED_READING:
      return _ (
          "It was broken off while the drive was only read, so its firmware is what it was. If "
          "it does not answer as usual, switch its power off and on.");
    case OFL_UNFINISHED_BEGUN:
      return _ (
          "It was broken off before the point of no return: the drive should still hold its old "
          "firmware. Switch its power off and on and look at its state before you flash it again.");
    case OFL_UNFINISHED_WRITTEN:
      return _ (
          "It was written: the drive had taken all of it, but the program ended before it had "
          "looked at what the drive holds now. Look at its revision, or compare the drive with "
          "the file.");
    case OFL_UNFINISHED_DANGER:
    default:
      if (self->by_other)
        return _ (
            "It was broken off while the maker's program was writing: the drive may need recovery. "
            "Connect it, look at its state, and let the maker's program run again.");
      return _ (
          "It was broken off while the drive was being written: the drive may need recovery. "
          "Connect it, look at its state, and flash it again, with the same file, or with its "
          "backup where the drive takes that.");
    }
}

static void
append_sentence (GString *text, const char *sentence)
{
  g_string_append_c (text, ' ');
  g_string_append (text, sentence);
}

/**
 * ofl_unfinished_describe:
 * @self: an unfinished job
 *
 * Returns: (transfer full): what was going on and what to do, in a few sentences
 */
char *
ofl_unfinished_describe (const OflUnfinished *self)
{
  g_autofree char *drive = *self->drive_id != '\0'
                               ? g_strdup_printf ("%s (%s)", self->drive, self->drive_id)
                               : g_strdup (self->drive);
  g_autofree char *what = what_never_ended (self, drive);
  GString *text = g_string_new (what);

  append_sentence (text, what_it_means (self));
  if (self->damaged > 0 && self->stage != OFL_UNFINISHED_DANGER)
    append_sentence (text,
                     _ ("A part of its journal cannot be read, so it may have gone further than "
                        "that."));
  if (*self->backup_path != '\0')
    {
      g_autofree char *backup
          = g_strdup_printf (self->backup_there
                                 ? _ ("Its backup is %s.")
                                 : _ ("Its backup was %s, which is no longer there."),
                             self->backup_path);

      append_sentence (text, backup);
    }
  else if (self->stage == OFL_UNFINISHED_DANGER)
    append_sentence (text, _ ("There is no backup of it."));
  return g_string_free (text, FALSE);
}

/* The name as the journal has it. */
static char *
english_name (const OflIdentity *identity)
{
  gpointer before = ofl_english_begin ();
  char *name = ofl_identity_name (identity);

  ofl_english_end (before);
  return name;
}

/**
 * ofl_unfinished_is_of:
 * @self: an unfinished job
 * @identity: (nullable): who a drive says it is; %NULL when it does not answer
 * @drive_id: where it is
 *
 * Whether the job was for this drive. Serial and name decide, or serial and place, for a write may
 * change the name; a drive that shows no serial, as boot codes do, is known by its place.
 *
 * Returns: whether it was
 */
gboolean
ofl_unfinished_is_of (const OflUnfinished *self, const OflIdentity *identity, const char *drive_id)
{
  gboolean same_place = g_strcmp0 (self->drive_id, drive_id) == 0;
  g_autofree char *name = NULL;

  if (identity == NULL || identity->serial[0] == '\0' || *self->serial == '\0')
    return same_place;
  if (!g_str_equal (identity->serial, self->serial))
    return FALSE;
  name = english_name (identity);
  return same_place || g_str_equal (name, self->drive);
}

static void
take (char **field, JsonObject *object, const char *name)
{
  const char *value = ofl_journal_string (object, name);

  if (value == NULL)
    return;
  g_free (*field);
  *field = g_strdup (value);
}

/* Who the job was for, and how far it had come. */
void
ofl_unfinished_take_record (OflUnfinished *self, JsonObject *record)
{
  const char *event = ofl_journal_string (record, "event");

  if (g_str_equal (event, "job"))
    {
      take (&self->drive, record, "drive");
      take (&self->drive_id, record, "drive_id");
      take (&self->serial, record, "serial");
      take (&self->image, record, "image");
      take (&self->family, record, "family");
      take (&self->revision, record, "revision");
      take (&self->image_sha256, record, "image_sha256");
      take (&self->image_revision, record, "image_revision");
      take (&self->image_file, record, "image_file");
      take (&self->image_with, record, "image_with");
      take (&self->began, record, "at");
      self->by_other = g_strcmp0 (ofl_journal_string (record, "kind"), "updater") == 0;
    }
  else if (g_str_equal (event, "backup"))
    take (&self->backup_path, record, "path");
  else if (g_str_equal (event, "write-begins"))
    self->stage = OFL_UNFINISHED_BEGUN;
  else if (g_str_equal (event, "point-of-no-return"))
    self->stage = OFL_UNFINISHED_DANGER;
  else if (g_str_equal (event, "safe-again"))
    self->stage = OFL_UNFINISHED_WRITTEN;
}

typedef struct {
  OflUnfinished *job;
  gboolean flash; /* a job that was to write */
  gboolean ended;
} Reading;

static gboolean
read_line (JsonObject *object, gpointer data)
{
  Reading *reading = data;

  if (object == NULL)
    reading->job->damaged++;
  else
    {
      const char *event = ofl_journal_string (object, "event");

      reading->ended = g_str_equal (event, "end");
      reading->flash |= g_str_equal (event, "job")
                        && ofl_journal_kind_writes (ofl_journal_string (object, "kind"));
      ofl_unfinished_take_record (reading->job, object);
    }
  return !reading->ended;
}

/* Nothing is known of it yet. */
OflUnfinished *
ofl_unfinished_new (const char *path)
{
  OflUnfinished *self = g_new0 (OflUnfinished, 1);

  self->path = g_strdup (path);
  self->drive = g_strdup (_ ("a drive"));
  self->drive_id = g_strdup ("");
  self->serial = g_strdup ("");
  self->image = g_strdup (_ ("a firmware"));
  self->family = g_strdup ("");
  self->revision = g_strdup ("");
  self->image_sha256 = g_strdup ("");
  self->image_revision = g_strdup ("");
  self->image_file = g_strdup ("");
  self->image_with = g_strdup ("");
  self->backup_path = g_strdup ("");
  self->began = g_strdup ("");
  return self;
}

/**
 * ofl_unfinished_look_for_backup: (skip)
 * @self: a job whose journal was read
 *
 * What a journal names may have been deleted since. Blocks.
 */
void
ofl_unfinished_look_for_backup (OflUnfinished *self)
{
  self->backup_there = *self->backup_path != '\0'
                       && g_file_test (self->backup_path, G_FILE_TEST_EXISTS);
}

/* NULL when it has ended, was to write nothing, or still runs. */
static OflUnfinished *
read_journal (const char *path)
{
  gboolean running;
  g_autoptr (GByteArray) content = ofl_journal_load (path, &running);
  Reading reading = { 0 };
  OflUnfinished *job;

  if (content == NULL || running)
    return NULL;
  job = reading.job = ofl_unfinished_new (path);
  ofl_journal_foreach (content, read_line, &reading);
  ofl_unfinished_look_for_backup (job);
  if (!reading.ended && (reading.flash || job->stage > OFL_UNFINISHED_READING))
    return job;
  ofl_unfinished_free (job);
  return NULL;
}

/**
 * ofl_journal_find_unfinished:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * Looks for writes that began and never ended, those of running processes left out.
 *
 * Returns: (transfer full) (element-type OflUnfinished): the oldest first
 */
GPtrArray *
ofl_journal_find_unfinished (const char *state_dir)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_unfinished_free);
  g_autoptr (GPtrArray) paths = ofl_journal_list (state_dir);

  for (guint i = 0; i < paths->len; i++)
    {
      OflUnfinished *job = read_journal (g_ptr_array_index (paths, i));

      if (job != NULL)
        g_ptr_array_add (found, job);
    }
  return found;
}

static gboolean
write_all (int fd, const char *text)
{
  gsize length = strlen (text);
  gssize n = write (fd, text, length);

  if (n == (gssize) length)
    return TRUE;
  if (n >= 0)
    errno = ENOSPC;
  return FALSE;
}

/* The record begins a line of its own, also behind one that was cut off. */
static gboolean
append_end (int fd, const char *verdict, const char *by)
{
  g_autofree char *record = ofl_journal_record ("end", "verdict", verdict, "by", by, NULL);
  off_t size = lseek (fd, 0, SEEK_END);
  char last = '\n';
  g_autofree char *line = NULL;

  if (size > 0 && pread (fd, &last, 1, size - 1) != 1)
    return FALSE;
  line = g_strconcat (last == '\n' ? "" : "\n", record, "\n", NULL);
  return write_all (fd, line) && fsync (fd) == 0;
}

/* Where the disk is full: into the room that the journal's first line keeps for it. */
static gboolean
write_reserved_end (const char *path, const char *verdict, int why)
{
  static const char begins[] = "{\"event\":\"reserved\"";
  char line[OFL_JOURNAL_RESERVED];
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = pread (fd, line, sizeof line, 0) == (gssize) sizeof line
         && memcmp (line, begins, sizeof begins - 1) == 0 && line[sizeof line - 1] == '\n'
         && ofl_journal_write_reserved (fd, "end", verdict, ofl_errno_text (why)) == 0
         && fsync (fd) == 0;
  close (fd);
  return done;
}

static gboolean
end_journal (const char *path, const char *verdict, const char *by, GError **error)
{
  int fd = open (path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean done = FALSE;
  int code = errno;

  if (fd >= 0)
    {
      done = append_end (fd, verdict, by);
      code = errno;
      close (fd);
      done = done || write_reserved_end (path, verdict, code);
    }
  if (!done)
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The journal %s cannot be written: %s."), path,
                   ofl_errno_words (code));
  return done;
}

/**
 * ofl_journal_dismiss:
 * @path: an unfinished job's journal
 * @error: return location
 *
 * Marks it as seen, by an end record; the file stays.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE
 */
gboolean
ofl_journal_dismiss (const char *path, GError **error)
{
  return end_journal (path, "dismissed", NULL, error);
}

/* Stricter than being told of it: a place alone may be another drive's by now, and so may a serial
 * be that a bridge gives to all. */
static gboolean
is_surely_of (const OflUnfinished *job, const OflIdentity *identity, const char *drive_id)
{
  gboolean same_place = g_strcmp0 (job->drive_id, drive_id) == 0;
  g_autofree char *name = english_name (identity);

  if (!ofl_unfinished_is_of (job, identity, drive_id))
    return FALSE;
  if (ofl_identity_has_own_serial (identity) && *job->serial != '\0')
    return TRUE;
  return same_place && g_str_equal (name, job->drive);
}

/**
 * ofl_journal_close_earlier:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 * @identity: who a drive says it is, after a job has proved that it holds a whole firmware
 * @drive_id: where it is
 * @by: (nullable): the journal of that job
 *
 * Ends the unfinished jobs of this drive: what they warned of is over.
 *
 * Returns: how many were ended
 */
guint
ofl_journal_close_earlier (const char *state_dir, const OflIdentity *identity, const char *drive_id,
                           const char *by)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (state_dir);
  guint closed = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);

      if (is_surely_of (job, identity, drive_id)
          && end_journal (job->path, "closed-by-a-later-job", by, NULL))
        closed++;
    }
  return closed;
}
