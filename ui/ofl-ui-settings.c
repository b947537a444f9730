/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-settings.h"

struct _OflUiSettings {
  GObject parent_instance;

  guint values[OFL_N_SETTINGS];
  GQueue changes; /* Changes that are not kept yet; the first is being written */
};

G_DEFINE_FINAL_TYPE (OflUiSettings, ofl_ui_settings, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
ofl_ui_settings_class_init (OflUiSettingsClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_settings_init (OflUiSettings *self)
{
  for (OflSetting i = 0; i < OFL_N_SETTINGS; i++)
    self->values[i] = ofl_settings_get (i);
}

/**
 * ofl_ui_settings_get:
 *
 * Returns: (transfer none): the ones of this program
 */
OflUiSettings *
ofl_ui_settings_get (void)
{
  static OflUiSettings *only;

  if (only == NULL)
    only = g_object_new (OFL_UI_TYPE_SETTINGS, NULL);
  return only;
}

/**
 * ofl_ui_settings_value:
 * @self: the settings
 * @setting: which
 *
 * Returns: its value
 */
guint
ofl_ui_settings_value (OflUiSettings *self, OflSetting setting)
{
  return self->values[setting];
}

/**
 * ofl_ui_settings_override:
 * @self: the settings
 * @setting: which
 * @value: its value in this program, as an option of the command line says
 */
void
ofl_ui_settings_override (OflUiSettings *self, OflSetting setting, guint value)
{
  self->values[setting] = value;
}

typedef struct {
  GTask *asked;       /* what the caller waits for */
  OflSetting setting; /* OFL_N_SETTINGS: the folder for backups */
  guint value;
  guint former;
  char *dir; /* (nullable) */
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->asked);
  g_free (change->dir);
  g_free (change);
}

static void
keep (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Change *change = task_data;
  GError *error = NULL;

  if (change->setting == OFL_N_SETTINGS ? ofl_settings_set_backup_dir (change->dir, &error)
                                        : ofl_settings_set (change->setting, change->value, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void on_kept (GObject *source, GAsyncResult *result, gpointer data);

/* One at a time and in order: each reads the file and writes it anew. */
static void
keep_next (OflUiSettings *self)
{
  Change *change = g_queue_peek_head (&self->changes);
  g_autoptr (GTask) task = NULL;

  if (change == NULL)
    return;
  task = g_task_new (self, NULL, on_kept, NULL);
  g_task_set_source_tag (task, keep_next);
  g_task_set_task_data (task, change, NULL);
  g_task_run_in_thread (task, keep);
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiSettings *self = OFL_UI_SETTINGS (source);
  Change *change = g_queue_pop_head (&self->changes);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (change->asked, TRUE);
  else
    {
      if (change->setting == OFL_SETTING_KEEP_BACKUPS
          && self->values[change->setting] == change->value)
        self->values[change->setting] = change->former;
      g_task_return_error (change->asked, error);
    }
  change_free (change);
  keep_next (self);
}

static void
queue (OflUiSettings *self, Change *change, GAsyncReadyCallback callback, gpointer data)
{
  change->asked = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (change->asked, queue);
  g_queue_push_tail (&self->changes, change);
  if (g_queue_get_length (&self->changes) == 1)
    keep_next (self);
}

/**
 * ofl_ui_settings_set:
 * @self: the settings
 * @setting: which
 * @value: its value
 * @callback: called when it is kept, or cannot be
 * @data: for @callback
 *
 * It holds in this window at once, even where it cannot be kept for the next; but how many backups to
 * keep is then what it was, for whoever runs the job reads that from the file.
 */
void
ofl_ui_settings_set (OflUiSettings *self, OflSetting setting, guint value,
                     GAsyncReadyCallback callback, gpointer data)
{
  Change *change = g_new0 (Change, 1);

  change->setting = setting;
  change->value = value;
  change->former = self->values[setting];
  self->values[setting] = value;
  queue (self, change, callback, data);
  if (change->former != value)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * ofl_ui_settings_set_backup_dir:
 * @self: the settings
 * @dir: (nullable): an absolute path; %NULL: the usual folder
 * @callback: called when it is kept, or cannot be; then it is as before
 * @data: for @callback
 */
void
ofl_ui_settings_set_backup_dir (OflUiSettings *self, const char *dir, GAsyncReadyCallback callback,
                                gpointer data)
{
  Change *change = g_new0 (Change, 1);

  change->setting = OFL_N_SETTINGS;
  change->dir = g_strdup (dir);
  queue (self, change, callback, data);
}

/**
 * ofl_ui_settings_set_finish:
 * @self: the settings
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: FALSE with the error of ofl_settings_set() or ofl_settings_set_backup_dir()
 */
gboolean
ofl_ui_settings_set_finish (OflUiSettings *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * ofl_ui_settings_finish_all:
 * @self: the settings
 *
 * Waits for what is not kept yet, when the program ends.
 */
void
ofl_ui_settings_finish_all (OflUiSettings *self)
{
  while (!g_queue_is_empty (&self->changes))
    g_main_context_iteration (NULL, TRUE);
}
