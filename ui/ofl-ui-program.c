/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-program.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ofl-ui-opened.h"
#include "updater/ofl-updater-cage.h"
#include "updater/ofl-updater-image.h"

struct _OflUiProgram {
  GObject parent_instance;

  GFile *file;
  GFile *offered; /* was taken over once: what the user has chosen since stays */
  GCancellable *reading;
  OflFirmware *firmware; /* what is in the file; NULL: that is not known */
  GError *error;         /* why it could not be read */
  GPtrArray *beside;     /* of GFile */
  char *arguments;
  char *tape;
  gboolean tape_whole;
  gboolean hidden;
};

G_DEFINE_FINAL_TYPE (OflUiProgram, ofl_ui_program, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
emit (OflUiProgram *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
stop_reading (OflUiProgram *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
ofl_ui_program_dispose (GObject *object)
{
  OflUiProgram *self = OFL_UI_PROGRAM (object);

  stop_reading (self);
  g_clear_object (&self->file);
  g_clear_object (&self->offered);
  g_clear_object (&self->firmware);
  g_clear_error (&self->error);
  g_clear_pointer (&self->beside, g_ptr_array_unref);
  g_clear_pointer (&self->arguments, g_free);
  g_clear_pointer (&self->tape, g_free);
  G_OBJECT_CLASS (ofl_ui_program_parent_class)->dispose (object);
}

static void
ofl_ui_program_class_init (OflUiProgramClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_program_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_PROGRAM, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_program_init (OflUiProgram *self)
{
  self->beside = g_ptr_array_new_with_free_func (g_object_unref);
  self->arguments = g_strdup ("");
}

/**
 * ofl_ui_program_new:
 *
 * Returns: (transfer full): no program, and everything as it is where nobody says otherwise
 */
OflUiProgram *
ofl_ui_program_new (void)
{
  return g_object_new (OFL_UI_TYPE_PROGRAM, NULL);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiProgram *self = OFL_UI_PROGRAM (source);
  OflUiOpened *opened = ofl_ui_opened_read_finish (result);
  OflFirmware *readable;

  /* another one was chosen meanwhile: this is nobody's any more */
  if (opened != NULL && g_task_get_cancellable (G_TASK (result)) == self->reading)
    {
      g_clear_object (&self->reading);
      /* what cannot be unpacked may be run: what is in it is the program's own matter */
      readable = opened->unparsed != NULL ? opened->unparsed : opened->firmware;
      g_set_object (&self->firmware, readable);
      if (opened->unparsed == NULL)
        self->error = g_steal_pointer (&opened->error);
      emit (self);
    }
  g_clear_pointer (&opened, ofl_ui_opened_free);
}

/**
 * ofl_ui_program_set_file:
 * @self: a program
 * @file: (nullable): the maker's program
 *
 * What is in it is looked for on a worker thread.
 */
void
ofl_ui_program_set_file (OflUiProgram *self, GFile *file)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  stop_reading (self);
  g_clear_object (&self->firmware);
  g_clear_error (&self->error);
  g_set_object (&self->file, file);
  if (file != NULL)
    {
      self->reading = g_cancellable_new ();
      g_ptr_array_add (files, g_object_ref (file));
      ofl_ui_opened_read_async (self, files, self->reading, on_read, NULL);
    }
  emit (self);
}

/**
 * ofl_ui_program_offer_file:
 * @self: a program
 * @file: a program that was chosen for the drive as if it were a firmware file
 *
 * Takes it over, once.
 */
void
ofl_ui_program_offer_file (OflUiProgram *self, GFile *file)
{
  if (self->offered != NULL && g_file_equal (self->offered, file))
    return;
  g_set_object (&self->offered, file);
  ofl_ui_program_set_file (self, file);
}

/**
 * ofl_ui_program_get_file:
 * @self: a program
 *
 * Returns: (nullable) (transfer none): the maker's program
 */
GFile *
ofl_ui_program_get_file (OflUiProgram *self)
{
  return self->file;
}

/**
 * ofl_ui_program_is_reading:
 * @self: a program
 *
 * Returns: whether it is being looked for what is in it
 */
gboolean
ofl_ui_program_is_reading (OflUiProgram *self)
{
  return self->reading != NULL;
}

/**
 * ofl_ui_program_get_error:
 * @self: a program
 *
 * Returns: (nullable) (transfer none): why the maker's program could not be read
 */
const GError *
ofl_ui_program_get_error (OflUiProgram *self)
{
  return self->error;
}

/**
 * ofl_ui_program_get_firmware:
 * @self: a program
 *
 * Returns: (nullable) (transfer none): what is in it, as far as it could be read
 */
OflFirmware *
ofl_ui_program_get_firmware (OflUiProgram *self)
{
  return self->firmware;
}

static guint
find_beside (OflUiProgram *self, GFile *file)
{
  guint index = G_MAXUINT;

  return g_ptr_array_find_with_equal_func (self->beside, file, (GEqualFunc) g_file_equal, &index)
             ? index
             : G_MAXUINT;
}

/**
 * ofl_ui_program_add_beside:
 * @self: a program
 * @file: a file that has to lie beside it
 */
void
ofl_ui_program_add_beside (OflUiProgram *self, GFile *file)
{
  if (find_beside (self, file) != G_MAXUINT)
    return;
  g_ptr_array_add (self->beside, g_object_ref (file));
  emit (self);
}

/**
 * ofl_ui_program_remove_beside:
 * @self: a program
 * @file: a file that need not lie beside it any more
 */
void
ofl_ui_program_remove_beside (OflUiProgram *self, GFile *file)
{
  guint index = find_beside (self, file);

  if (index == G_MAXUINT)
    return;
  g_ptr_array_remove_index (self->beside, index);
  emit (self);
}

/**
 * ofl_ui_program_get_beside:
 * @self: a program
 *
 * Returns: (transfer none) (element-type GFile): what has to lie beside it
 */
GPtrArray *
ofl_ui_program_get_beside (OflUiProgram *self)
{
  return self->beside;
}

/**
 * ofl_ui_program_set_arguments:
 * @self: a program
 * @arguments: what stands behind its name on a command line
 */
void
ofl_ui_program_set_arguments (OflUiProgram *self, const char *arguments)
{
  if (g_str_equal (self->arguments, arguments))
    return;
  g_free (self->arguments);
  self->arguments = g_strdup (arguments);
  emit (self);
}

/**
 * ofl_ui_program_get_arguments:
 * @self: a program
 *
 * Returns: what stands behind its name on a command line
 */
const char *
ofl_ui_program_get_arguments (OflUiProgram *self)
{
  return self->arguments;
}

/**
 * ofl_ui_program_set_hidden:
 * @self: a program
 * @hidden: its windows are not shown
 */
void
ofl_ui_program_set_hidden (OflUiProgram *self, gboolean hidden)
{
  if (self->hidden == hidden)
    return;
  self->hidden = hidden;
  emit (self);
}

/**
 * ofl_ui_program_is_hidden:
 * @self: a program
 *
 * Returns: whether its windows are not shown
 */
gboolean
ofl_ui_program_is_hidden (OflUiProgram *self)
{
  return self->hidden;
}

/**
 * ofl_ui_program_set_tape:
 * @self: a program
 * @path: (nullable): a file that is not there yet; %NULL: nothing is recorded
 */
void
ofl_ui_program_set_tape (OflUiProgram *self, const char *path)
{
  g_free (self->tape);
  self->tape = g_strdup (path);
  emit (self);
}

/**
 * ofl_ui_program_get_tape:
 * @self: a program
 *
 * Returns: (nullable): where what both say is recorded
 */
const char *
ofl_ui_program_get_tape (OflUiProgram *self)
{
  return self->tape;
}

/**
 * ofl_ui_program_set_tape_whole:
 * @self: a program
 * @whole: the owner allows that all data is kept on the tape
 */
void
ofl_ui_program_set_tape_whole (OflUiProgram *self, gboolean whole)
{
  if (self->tape_whole == whole)
    return;
  self->tape_whole = whole;
  emit (self);
}

/**
 * ofl_ui_program_is_tape_whole:
 * @self: a program
 *
 * Returns: whether all data is kept on the tape
 */
gboolean
ofl_ui_program_is_tape_whole (OflUiProgram *self)
{
  return self->tape_whole;
}

/**
 * ofl_ui_program_dup_missing:
 * @self: a program
 *
 * Returns: (nullable) (transfer full): what has to be installed before any can be run, a sentence
 */
char *
ofl_ui_program_dup_missing (OflUiProgram *self)
{
  g_autoptr (GError) error = NULL;

  if (ofl_updater_cage_check (!self->hidden, &error))
    return NULL;
  return g_strdup (error->message);
}

/* What lies elsewhere, as in a phone that is plugged in, has no path by which it could be copied. */
static gboolean
has_paths (OflUiProgram *self)
{
  gboolean all = g_file_peek_path (self->file) != NULL;

  for (guint i = 0; i < self->beside->len; i++)
    all = all && g_file_peek_path (g_ptr_array_index (self->beside, i)) != NULL;
  return all;
}

/**
 * ofl_ui_program_why_not:
 * @self: a program
 *
 * Returns: (nullable) (transfer full): why it cannot be run as it is chosen, whatever the drive is like, a
 *   sentence
 */
char *
ofl_ui_program_why_not (OflUiProgram *self)
{
  g_autofree char *missing = ofl_ui_program_dup_missing (self);
  g_auto (GStrv) words = NULL;

  if (missing != NULL)
    return g_steal_pointer (&missing);
  if (self->file == NULL)
    return g_strdup (_ ("Choose the maker’s program first."));
  if (self->reading != NULL)
    return g_strdup (_ ("The file is being read."));
  if (self->error != NULL)
    return g_strdup (self->error->message);
  if (self->firmware != NULL && !ofl_updater_is_program (self->firmware))
    return g_strdup (_ ("The file is no program for Windows. A program that came packed has to be "
                        "unpacked first."));
  if (!has_paths (self))
    return g_strdup (_ ("Copy the files to this computer first."));
  if (self->arguments[strspn (self->arguments, " ")] != '\0'
      && !g_shell_parse_argv (self->arguments, NULL, &words, NULL))
    return g_strdup (_ ("The arguments cannot be told apart: a quotation mark has no partner."));
  return NULL;
}

/**
 * ofl_ui_program_make_options:
 * @self: a program whose ofl_ui_program_why_not() is %NULL
 *
 * A tape is for one run: the next needs another.
 *
 * Returns: (transfer full): how it is run
 */
OflUpdaterOptions *
ofl_ui_program_make_options (OflUiProgram *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  OflUpdaterOptions *options;
  g_auto (GStrv) words = NULL;

  g_ptr_array_add (paths, (gpointer) g_file_peek_path (self->file));
  for (guint i = 0; i < self->beside->len; i++)
    g_ptr_array_add (paths, (gpointer) g_file_peek_path (g_ptr_array_index (self->beside, i)));
  g_ptr_array_add (paths, NULL);
  options = ofl_updater_options_new ((const char *const *) paths->pdata);
  if (g_shell_parse_argv (self->arguments, NULL, &words, NULL))
    {
      g_strfreev (options->arguments);
      options->arguments = g_steal_pointer (&words);
    }
  options->shown = !self->hidden;
  options->tape = g_steal_pointer (&self->tape);
  options->tape_whole = self->tape_whole;
  return options;
}
