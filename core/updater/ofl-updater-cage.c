/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-cage.h"

#include <string.h>

#include "scsi/ofl-fd.h"
#include "updater/ofl-updater-cage-private.h"

#define OUTPUT_KEPT (16 * 1024)
#define PIECE 4096
/* What Wine 8.0 prints of its own accord; an exit status has 8 bits and tells nothing. */
#define CRASH_MARK "wine: Unhandled "

struct _OflUpdaterCage {
  GObject parent_instance;

  char *cache;
  char *libdir;
  GSubprocess *process; /* NULL while nothing runs */
  gboolean ended_by_us;
};

G_DEFINE_FINAL_TYPE (OflUpdaterCage, ofl_updater_cage, G_TYPE_OBJECT)

/* One run, from the template to the end of the program. */
typedef struct {
  char **files;
  char **arguments;
  char *socket;
  gboolean shown;
  char *template_folder;
  char *run_folder;
  GString *output;
  GSource *watch; /* of the cancellable, while the program runs */
  gboolean crashed;
  int lock;           /* of the template, and of our folder; -1 without */
  int begun;          /* ofl_cage_has_begun(); -1 before */
  OflUpdaterEnd *end; /* this or @error, once it is known */
  GError *error;
  char piece[PIECE];
} Run;

static void
drop_watch (Run *self)
{
  if (self->watch == NULL)
    return;
  g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
run_free (Run *self)
{
  drop_watch (self);
  g_clear_pointer (&self->end, ofl_updater_end_free);
  g_clear_error (&self->error);
  ofl_fd_clear (&self->lock);
  ofl_fd_clear (&self->begun);
  g_strfreev (self->files);
  g_strfreev (self->arguments);
  g_free (self->socket);
  g_free (self->template_folder);
  g_free (self->run_folder);
  g_string_free (self->output, TRUE);
  g_free (self);
}

static void
ofl_updater_cage_finalize (GObject *object)
{
  OflUpdaterCage *self = OFL_UPDATER_CAGE (object);

  g_free (self->cache);
  g_free (self->libdir);
  g_clear_object (&self->process);
  G_OBJECT_CLASS (ofl_updater_cage_parent_class)->finalize (object);
}

static void
ofl_updater_cage_class_init (OflUpdaterCageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_updater_cage_finalize;
}

static void
ofl_updater_cage_init (OflUpdaterCage *self)
{
}

/**
 * ofl_updater_cage_new:
 * @cache: a folder for Wine's prefix, of about 700 MB; made when it is needed
 * @libdir: where the preload library and the ASPI managers are
 *
 * Returns: (transfer full): a cage in which nothing runs
 */
OflUpdaterCage *
ofl_updater_cage_new (const char *cache, const char *libdir)
{
  OflUpdaterCage *self = g_object_new (OFL_TYPE_UPDATER_CAGE, NULL);

  self->cache = g_strdup (cache);
  self->libdir = g_strdup (libdir);
  return self;
}

/**
 * ofl_updater_cage_check:
 * @shown: whether the program's windows are to be seen
 * @error: return location: %OFL_ERROR_NOT_SUPPORTED, and what to install
 *
 * Whether users may close off a program only the attempt shows.
 *
 * Returns: whether the programs are there that a cage needs
 */
gboolean
ofl_updater_cage_check (gboolean shown, GError **error)
{
  return ofl_cage_find_tools (!shown, error);
}

/* Of a program that prints without end the last is kept. A NUL would end the text for whoever reads it. */
static void
keep_output (Run *run, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (run->piece[i] == '\0')
      run->piece[i] = '?';
  g_string_append_len (run->output, run->piece, (gssize) length);
  run->crashed = run->crashed || strstr (run->output->str, CRASH_MARK) != NULL;
  if (run->output->len > 2 * OUTPUT_KEPT)
    g_string_erase (run->output, 0, (gssize) (run->output->len - OUTPUT_KEPT));
}

static void
removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);

  ofl_fd_clear (&run->lock);
  if (run->error != NULL)
    g_task_return_error (task, g_steal_pointer (&run->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&run->end),
                           (GDestroyNotify) ofl_updater_end_free);
}

/* What cannot be removed is in the log; the program ended as it did. */
static void
remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Run *run = data;

  g_task_return_boolean (task, ofl_cage_remove (run->run_folder));
}

/* Nothing of the run is left when the caller hears of its end. */
static void
settle (GTask *task)
{
  g_autoptr (GTask) removing
      = g_task_new (g_task_get_source_object (task), NULL, removed, g_object_ref (task));

  g_task_set_source_tag (removing, remove_thread);
  g_task_set_task_data (removing, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (removing, remove_thread);
}

static void
program_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OflUpdaterCage *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  GSubprocess *process = G_SUBPROCESS (source);
  OflUpdaterEnd *end = g_new0 (OflUpdaterEnd, 1);

  drop_watch (run);
  g_subprocess_wait_finish (process, result, NULL);
  g_clear_object (&self->process);
  end->ended_by_us = self->ended_by_us;
  end->crashed = run->crashed;
  end->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  end->output = g_utf8_make_valid (run->output->str, (gssize) run->output->len);
  run->end = end;
  if (!self->ended_by_us && !ofl_cage_has_begun (run->begun))
    ofl_cage_set_error (run->output->str, &run->error);
  settle (task);
}

static void read_output (GTask *task, GInputStream *stream);

static void
output_came (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OflUpdaterCage *self = g_task_get_source_object (task);
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n > 0)
    {
      keep_output (g_task_get_task_data (task), (gsize) n);
      read_output (task, G_INPUT_STREAM (source));
    }
  else
    g_subprocess_wait_async (self->process, NULL, program_ended, g_object_ref (task));
}

static void
read_output (GTask *task, GInputStream *stream)
{
  Run *run = g_task_get_task_data (task);

  g_input_stream_read_async (stream, run->piece, sizeof run->piece, G_PRIORITY_DEFAULT, NULL,
                             output_came, g_object_ref (task));
}

static GSubprocess *
spawn (OflUpdaterCage *self, Run *run, GError **error)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *prefix = g_build_filename (run->run_folder, "prefix", NULL);
  g_autofree char *drive = g_build_filename (run->run_folder, "drive", NULL);
  g_autofree char *windows = g_build_filename (run->template_folder, "drive_c", "windows", NULL);
  g_autofree char *name = g_path_get_basename (run->files[0]);
  const OflCageLayout layout = { .prefix = prefix,
                                 .windows = windows,
                                 .drive = drive,
                                 .socket = run->socket,
                                 .libdir = self->libdir,
                                 .display = g_getenv ("DISPLAY"),
                                 .xauthority = g_getenv ("XAUTHORITY"),
                                 .hidden = !run->shown };

  g_ptr_array_add (command, g_strdup ("wine"));
  g_ptr_array_add (command, g_strdup_printf ("C:\\%s\\%s", OFL_CAGE_PROGRAM_FOLDER, name));
  for (guint i = 0; run->arguments[i] != NULL; i++)
    g_ptr_array_add (command, g_strdup (run->arguments[i]));
  g_ptr_array_add (command, NULL);
  return ofl_cage_spawn (&layout, (const char *const *) command->pdata, &run->begun, error);
}

static gboolean
cancelled (GCancellable *cancellable, gpointer data)
{
  ofl_updater_cage_end (data);
  return G_SOURCE_REMOVE;
}

/* In this thread, whoever cancels it; and for this run only, for the cancellable may live on. */
static void
watch_cancellable (GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Run *run = g_task_get_task_data (task);

  if (cancellable == NULL)
    return;
  run->watch = g_cancellable_source_new (cancellable);
  g_source_set_callback (run->watch, G_SOURCE_FUNC (cancelled), g_task_get_source_object (task),
                         NULL);
  g_source_attach (run->watch, g_task_get_context (task));
}

static void
start_program (GTask *task)
{
  OflUpdaterCage *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  if (self->ended_by_us || g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    ofl_cage_set_cancelled (&run->error);
  else
    self->process = spawn (self, run, &run->error);
  if (self->process == NULL)
    {
      settle (task);
      return;
    }
  watch_cancellable (task);
  read_output (task, g_subprocess_get_stdout_pipe (self->process));
}

static void
make_run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Run *run = data;
  GError *error = NULL;

  if (ofl_cage_make_run (run->template_folder, run->run_folder, (const char *const *) run->files,
                         &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
run_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);

  if (g_task_propagate_boolean (G_TASK (result), &run->error))
    start_program (task);
  else
    settle (task);
}

static void
template_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GTask) making = NULL;
  OflUpdaterCage *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autofree char *uuid = g_uuid_string_random ();
  GError *error = NULL;

  run->template_folder = ofl_cage_template_finish (result, &run->lock, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  run->run_folder = g_strdup_printf ("%s/" OFL_CAGE_RUN "%s", self->cache, uuid);
  making = g_task_new (self, NULL, run_made, g_object_ref (task));
  g_task_set_source_tag (making, make_run_thread);
  g_task_set_task_data (making, run, NULL);
  g_task_run_in_thread (making, make_run_thread);
}

/**
 * ofl_updater_cage_run_async:
 * @self: a cage in which nothing runs
 * @files: (array zero-terminated=1): the EXE, and what has to lie beside it; they are copied, so that
 *   the cage neither sees nor changes anything else of their folder
 * @arguments: (array zero-terminated=1): for the EXE
 * @socket: where the broker listens
 * @shown: its windows are on the user's X11 display, where it can read and type for all others (updater 5);
 *   without it they are on a display of its own that nobody sees
 * @cancellable: (nullable): ends the program, however far it is
 * @callback: called when the program and all that it has started have ended
 * @data: for it
 *
 * Makes Wine's prefix when it is not there (half a minute or more), then runs the program.
 */
void
ofl_updater_cage_run_async (OflUpdaterCage *self, const char *const *files,
                            const char *const *arguments, const char *socket, gboolean shown,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Run *run = g_new0 (Run, 1);
  GError *error = NULL;

  g_return_if_fail (OFL_IS_UPDATER_CAGE (self) && files[0] != NULL && self->process == NULL);
  run->files = g_strdupv ((char **) files);
  run->arguments = g_strdupv ((char **) arguments);
  run->socket = g_strdup (socket);
  run->shown = shown;
  run->output = g_string_new (NULL);
  run->lock = -1;
  run->begun = -1;
  self->ended_by_us = FALSE;
  g_task_set_source_tag (task, ofl_updater_cage_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  if (ofl_cage_find_tools (!shown, &error))
    ofl_cage_template_async (self->cache, cancellable, template_made, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * ofl_updater_cage_run_finish:
 * @self: the cage
 * @result: what the callback was given
 * @error: return location: %OFL_ERROR_NOT_SUPPORTED when something is missing, %OFL_ERROR_STORAGE,
 *   %OFL_ERROR_FAILED, %G_IO_ERROR_CANCELLED before the program was started
 *
 * Returns: (transfer full) (nullable): how it ended
 */
OflUpdaterEnd *
ofl_updater_cage_run_finish (OflUpdaterCage *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ofl_updater_cage_is_running:
 * @self: a cage
 *
 * Returns: whether its program has been started, and not ended; before, Wine's prefix is made
 */
gboolean
ofl_updater_cage_is_running (OflUpdaterCage *self)
{
  g_return_val_if_fail (OFL_IS_UPDATER_CAGE (self), FALSE);
  return self->process != NULL;
}

/**
 * ofl_updater_cage_end:
 * @self: a cage
 *
 * Ends the program at once, with everything that it has started. Whether that can hurt the drive is
 * for the caller to know.
 */
void
ofl_updater_cage_end (OflUpdaterCage *self)
{
  g_return_if_fail (OFL_IS_UPDATER_CAGE (self));
  self->ended_by_us = TRUE;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
}
