/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-unfinished-bar.h"

#include <glib/gi18n.h>

#include "flash/ofl-journal.h"
#include "ofl-ui-dialogs.h"

struct _OflUiUnfinishedBar
{
  AdwBin parent_instance;

  GPtrArray *jobs;

  GtkInfoBar *bar;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (OflUiUnfinishedBar, ofl_ui_unfinished_bar, ADW_TYPE_BIN)

static const OflUnfinished *
get_first (OflUiUnfinishedBar *self)
{
  return self->jobs != NULL && self->jobs->len > 0 ? g_ptr_array_index (self->jobs, 0) : NULL;
}

static void
show_first (OflUiUnfinishedBar *self)
{
  const OflUnfinished *job = get_first (self);
  g_autofree char *text = NULL;

  gtk_info_bar_set_revealed (self->bar, job != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), job != NULL);
  if (job == NULL)
    return;
  /* Translators: %s is a drive's name */
  text = g_strdup_printf (_("An earlier write to %s never ended."), job->drive);
  gtk_label_set_label (self->text, text);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_journal_find_unfinished (NULL),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiUnfinishedBar *self = OFL_UI_UNFINISHED_BAR (source);

  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  self->jobs = g_task_propagate_pointer (G_TASK (result), NULL);
  show_first (self);
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
on_dismiss (gpointer data)
{
  OflUiUnfinishedBar *self = data;
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);
  const OflUnfinished *first = get_first (self);

  if (first == NULL)
    return;
  g_task_set_source_tag (task, on_dismiss);
  g_task_set_task_data (task, g_strdup (first->path), g_free);
  g_task_run_in_thread (task, dismiss_in_thread);
  g_ptr_array_remove_index (self->jobs, 0);
  show_first (self);
}

static void
on_details (OflUiUnfinishedBar *self)
{
  g_autofree char *text = NULL;

  if (get_first (self) == NULL)
    return;
  text = ofl_unfinished_describe (get_first (self));
  ofl_ui_dialogs_explain_unfinished (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), text,
                                     on_dismiss, self);
}

static void
ofl_ui_unfinished_bar_dispose (GObject *object)
{
  g_clear_pointer (&OFL_UI_UNFINISHED_BAR (object)->jobs, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_unfinished_bar_parent_class)->dispose (object);
}

static void
ofl_ui_unfinished_bar_class_init (OflUiUnfinishedBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_unfinished_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-unfinished-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiUnfinishedBar, bar);
  gtk_widget_class_bind_template_child (widget_class, OflUiUnfinishedBar, text);
  gtk_widget_class_bind_template_callback (widget_class, on_details);
}

static void
ofl_ui_unfinished_bar_init (OflUiUnfinishedBar *self)
{
  g_autoptr (GTask) task = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  task = g_task_new (self, NULL, on_found, NULL);
  g_task_set_source_tag (task, ofl_ui_unfinished_bar_init);
  g_task_run_in_thread (task, find_in_thread);
}
