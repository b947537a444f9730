/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-unfinished-bar.h"

#include <glib/gi18n.h>

#include "ofl-ui-dialogs.h"
#include "ofl-ui-recovery.h"
#include "ofl-ui-unfinished.h"
#include "ofl-ui-words.h"

struct _OflUiUnfinishedBar {
  AdwBin parent_instance;

  OflUiSession *session; /* the drive that it is about; NULL: the oldest of any drive */
  char *path;            /* journal of the job whose details are open */

  GtkInfoBar *bar;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (OflUiUnfinishedBar, ofl_ui_unfinished_bar, ADW_TYPE_BIN)

static const OflUnfinished *
get_job (OflUiUnfinishedBar *self)
{
  if (self->session == NULL)
    return ofl_ui_unfinished_first (ofl_ui_unfinished_get ());
  return ofl_ui_unfinished_find (ofl_ui_unfinished_get (), self->session);
}

static void
refresh (OflUiUnfinishedBar *self)
{
  const OflUnfinished *job = get_job (self);
  g_autofree char *text = NULL;

  gtk_info_bar_set_revealed (self->bar, job != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), job != NULL);
  if (job == NULL)
    return;
  if (self->session != NULL)
    text = g_strdup (_ ("An earlier job on this drive never ended."));
  else
    /* Translators: %s is a drive's name */
    text = g_strdup_printf (_ ("An earlier job on %s never ended."), job->drive);
  gtk_label_set_label (self->text, text);
}

static void
on_dismiss (gpointer data)
{
  OflUiUnfinishedBar *self = data;

  if (self->path != NULL)
    ofl_ui_unfinished_dismiss (ofl_ui_unfinished_get (), self->path);
}

static void
on_recover (gpointer data)
{
  OflUiUnfinishedBar *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL)
    ofl_ui_recovery_present (GTK_WINDOW (root), self->session);
}

static void
on_details (OflUiUnfinishedBar *self)
{
  const OflUnfinished *job = get_job (self);
  g_autofree char *text = NULL;
  g_autofree char *worded = NULL;

  if (job == NULL)
    return;
  g_free (self->path);
  self->path = g_strdup (job->path);
  text = ofl_unfinished_describe (job);
  worded = ofl_ui_words (text);
  ofl_ui_dialogs_explain_unfinished (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), worded,
                                     self->session != NULL ? on_recover : NULL, on_dismiss, self);
}

static void
ofl_ui_unfinished_bar_dispose (GObject *object)
{
  OflUiUnfinishedBar *self = OFL_UI_UNFINISHED_BAR (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->path, g_free);
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
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (ofl_ui_unfinished_get (), "changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * ofl_ui_unfinished_bar_show:
 * @self: a bar
 * @session: the drive that it is about from now on
 */
void
ofl_ui_unfinished_bar_show (OflUiUnfinishedBar *self, OflUiSession *session)
{
  g_set_object (&self->session, session);
  refresh (self);
}
