/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-unfinished.h"

#include <gio/gio.h>

#include "flash/ofl-recovery.h"

struct _OflUiUnfinished {
  GObject parent_instance;

  GPtrArray *jobs; /* element-type OflUnfinished */
  GPtrArray *all;  /* element-type OflPastJob: every job, those that ended badly among them */
};

G_DEFINE_FINAL_TYPE (OflUiUnfinished, ofl_ui_unfinished, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
ofl_ui_unfinished_finalize (GObject *object)
{
  OflUiUnfinished *self = OFL_UI_UNFINISHED (object);

  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_unfinished_parent_class)->finalize (object);
}

static void
ofl_ui_unfinished_class_init (OflUiUnfinishedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_unfinished_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_UNFINISHED, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_unfinished_init (OflUiUnfinished *self)
{
  self->jobs = g_ptr_array_new ();
  self->all = g_ptr_array_new ();
}

/**
 * ofl_ui_unfinished_get:
 *
 * Returns: (transfer none): the one of this program
 */
OflUiUnfinished *
ofl_ui_unfinished_get (void)
{
  static OflUiUnfinished *only;

  if (only == NULL)
    only = g_object_new (OFL_UI_TYPE_UNFINISHED, NULL);
  return only;
}

/* What one look finds. */
typedef struct {
  GPtrArray *jobs, *all;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_ptr_array_unref (found->jobs);
  g_ptr_array_unref (found->all);
  g_free (found);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Found *found = g_new0 (Found, 1);

  found->jobs = ofl_journal_find_unfinished (NULL);
  found->all = ofl_history_read (NULL);
  g_task_return_pointer (task, found, found_free);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiUnfinished *self = OFL_UI_UNFINISHED (source);
  Found *found = g_task_propagate_pointer (G_TASK (result), NULL);
  Found before = { self->jobs, self->all };

  self->jobs = found->jobs;
  self->all = found->all;
  *found = before;
  found_free (found);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * ofl_ui_unfinished_look:
 * @self: the unfinished writes
 *
 * Looks for them again: a later success of the same drive closes them, and what was dismissed in
 * another program need not stand here. Returns at once; "changed" follows.
 */
void
ofl_ui_unfinished_look (OflUiUnfinished *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_found, NULL);

  g_task_set_source_tag (task, ofl_ui_unfinished_look);
  g_task_run_in_thread (task, find_in_thread);
}

static void
dismiss_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!ofl_journal_dismiss (data, &error))
    g_info ("journal %s: %s", (const char *) data, error->message);
  g_task_return_boolean (task, TRUE);
}

static void
on_dismissed (GObject *source, GAsyncResult *result, gpointer data)
{
  ofl_ui_unfinished_look (OFL_UI_UNFINISHED (source));
}

/**
 * ofl_ui_unfinished_dismiss:
 * @self: the unfinished writes
 * @path: journal of one that the user has read and wants no more of
 */
void
ofl_ui_unfinished_dismiss (OflUiUnfinished *self, const char *path)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_dismissed, NULL);

  g_task_set_source_tag (task, ofl_ui_unfinished_dismiss);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, dismiss_in_thread);
}

/**
 * ofl_ui_unfinished_find:
 * @self: the unfinished writes
 * @session: a drive
 *
 * Returns: (transfer none) (nullable): the oldest unfinished write to this very drive
 */
const OflUnfinished *
ofl_ui_unfinished_find (OflUiUnfinished *self, OflUiSession *session)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;

  for (guint i = 0; i < self->jobs->len; i++)
    if (ofl_unfinished_is_of (g_ptr_array_index (self->jobs, i), identity,
                              ofl_ui_session_get_id (session)))
      return g_ptr_array_index (self->jobs, i);
  return NULL;
}

/**
 * ofl_ui_unfinished_first:
 * @self: the unfinished writes
 *
 * Returns: (transfer none) (nullable): the oldest of all
 */
const OflUnfinished *
ofl_ui_unfinished_first (OflUiUnfinished *self)
{
  return self->jobs->len > 0 ? g_ptr_array_index (self->jobs, 0) : NULL;
}

/**
 * ofl_ui_unfinished_needs_recovery:
 * @self: the unfinished writes
 * @session: a drive
 *
 * Returns: whether the last write to this very drive that may have changed it broke off, or ended and
 *   left the drive in need of something, however it answers now
 */
gboolean
ofl_ui_unfinished_needs_recovery (OflUiUnfinished *self, OflUiSession *session)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;

  return ofl_recovery_find_in (self->all, identity, ofl_ui_session_get_id (session)) != NULL;
}
