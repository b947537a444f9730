/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link test: asks a drive the same again and again, and says what came of it. */
#include "ofl-ui-link.h"

#include <glib/gi18n.h>

#include "link/ofl-link.h"
#include "ofl-ui-asking.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"

#define OFL_UI_TYPE_LINK (ofl_ui_link_get_type ())
G_DECLARE_FINAL_TYPE (OflUiLink, ofl_ui_link, OFL_UI, LINK, OflUiToolWindow)

struct _OflUiLink {
  OflUiToolWindow parent_instance;

  OflUiAsking *asking; /* NULL when nothing is asked */
  OflLink *link;

  GtkWidget *result; /* what was found, made anew each time */
  GtkWidget *quick;
  GtkWidget *thorough;
  GtkWidget *cancel;
};

G_DEFINE_FINAL_TYPE (OflUiLink, ofl_ui_link, OFL_UI_TYPE_TOOL_WINDOW)

static OflUiToolWindow *
tool (OflUiLink *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

static OflUiLook
look_of (OflLinkVerdict verdict)
{
  const char *word = ofl_link_verdict_title (verdict);

  switch (verdict)
    {
    case OFL_LINK_SOUND:
      return (OflUiLook){ "emblem-ok-symbolic", "success", word };
    case OFL_LINK_DOUBTFUL:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", word };
    case OFL_LINK_BAD:
    default:
      return (OflUiLook){ "dialog-error-symbolic", "error", word };
    }
}

static GtkWidget *
add_group (OflUiLink *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (GTK_BOX (self->result), group);
  return group;
}

static void
add_fact (GtkWidget *group, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               ofl_ui_rows_property (title, value, FALSE));
}

static void
show_findings (OflUiLink *self, const OflLink *link, const OflUiLook *look)
{
  GtkWidget *group;

  if (link->findings->len == 0 && link->advice.shown == NULL)
    return;
  group = add_group (self, _ ("What was seen"));
  for (guint i = 0; i < link->findings->len; i++)
    adw_preferences_group_add (
        ADW_PREFERENCES_GROUP (group),
        ofl_ui_rows_look (look, g_array_index (link->findings, OflSentence, i).shown, NULL));
  add_fact (group, _ ("What to do"), link->advice.shown);
  add_fact (group, _ ("Technical details"), link->technical);
}

static void
show_figures (OflUiLink *self, const OflLink *link)
{
  GtkWidget *group = add_group (self, _ ("What was asked"));
  g_autofree char *kernel = ofl_link_describe_kernel (&link->kernel);

  for (guint i = 0; i < link->series->len; i++)
    {
      const OflLinkSeries *series = &g_array_index (link->series, OflLinkSeries, i);
      g_autofree char *text = ofl_link_describe_series (series, link->practice);

      add_fact (group, series->what, text);
    }
  add_fact (group, _ ("Left out"), link->why_no_stretch != NULL ? _ (link->why_no_stretch) : NULL);
  add_fact (group, _ ("The kernel"), kernel);
}

static void
clear_result (OflUiLink *self)
{
  GtkWidget *child;

  g_clear_pointer (&self->link, ofl_link_free);
  while ((child = gtk_widget_get_first_child (self->result)) != NULL)
    gtk_box_remove (GTK_BOX (self->result), child);
  ofl_ui_tool_window_set_copyable (tool (self), FALSE);
}

static void
show_result (OflUiLink *self, const GError *error)
{
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  OflUiLook look = self->link != NULL ? look_of (self->link->verdict)
                   : cancelled        ? look_of (OFL_LINK_DOUBTFUL)
                                      : look_of (OFL_LINK_BAD);
  const char *title = self->link != NULL ? look.word
                      : cancelled        ? _ ("Broken off; nothing can be said")
                                         : _ ("The drive could not be asked");
  GtkWidget *heading;

  if (self->link == NULL)
    look.word = title;
  heading = ofl_ui_tool_window_make_heading (&look, title);
  gtk_box_append (GTK_BOX (self->result), heading);
  if (self->link != NULL)
    {
      show_findings (self, self->link, &look);
      show_figures (self, self->link);
      ofl_ui_tool_window_set_copyable (tool (self), TRUE);
    }
  else if (!cancelled)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (add_group (self, _ ("What was seen"))),
                               ofl_ui_rows_look (&look, error->message, NULL));
  gtk_widget_grab_focus (heading);
}

static void
refresh (OflUiToolWindow *window)
{
  OflUiLink *self = OFL_UI_LINK (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);
  gboolean may = why_not == NULL
                 && ofl_drive_get_snapshot (ofl_ui_session_get_drive (session)) != NULL;

  gtk_widget_set_visible (self->quick, self->asking == NULL);
  gtk_widget_set_visible (self->thorough, self->asking == NULL);
  gtk_widget_set_visible (self->cancel, self->asking != NULL);
  gtk_widget_set_sensitive (self->quick, may);
  gtk_widget_set_sensitive (self->thorough, may);
  gtk_widget_set_tooltip_text (self->quick, why_not);
  gtk_widget_set_tooltip_text (self->thorough, why_not);
}

static char *
say_progress (guint done, guint total)
{
  if (total == 0)
    return g_strdup (_ ("The drive is being asked…"));
  /* Translators: how many questions were put to a drive, of how many */
  return g_strdup_printf (_ ("Question %u of %u"), done, total);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflLink) link = ofl_link_test_finish (OFL_DRIVE (source), result, &error);
  OflUiToolWindow *window = ofl_ui_asking_end (data);
  OflUiLink *self;

  if (window == NULL)
    return;
  self = OFL_UI_LINK (window);
  self->asking = NULL;
  self->link = g_steal_pointer (&link);
  refresh (window);
  show_result (self, error);
}

static void
begin (OflUiLink *self, OflLinkLength length)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  OflDrive *drive = ofl_ui_session_get_drive (session);
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);

  if (self->asking != NULL || why_not != NULL || ofl_drive_get_snapshot (drive) == NULL)
    return;
  clear_result (self);
  self->asking = ofl_ui_asking_begin (tool (self), say_progress);
  ofl_link_test_async (drive, length, ofl_ui_asking_get_tally (self->asking),
                       ofl_ui_asking_get_cancellable (self->asking), on_tested, self->asking);
  refresh (tool (self));
  gtk_widget_grab_focus (self->cancel);
}

static void
on_quick (OflUiLink *self)
{
  begin (self, OFL_LINK_SHORT);
}

static void
on_thorough (OflUiLink *self)
{
  begin (self, OFL_LINK_LONG);
}

static void
on_cancel (OflUiLink *self)
{
  ofl_ui_asking_cancel (self->asking);
}

static char *
dup_text (OflUiToolWindow *window)
{
  OflUiLink *self = OFL_UI_LINK (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  const OflLink *link = self->link;
  g_autofree char *kernel = NULL;
  GString *text;

  if (link == NULL || session == NULL)
    return NULL;
  text = g_string_new (ofl_drive_get_name (ofl_ui_session_get_drive (session)));
  g_string_append_printf (text, "\n%s\n", ofl_link_verdict_title (link->verdict));
  for (guint i = 0; i < link->findings->len; i++)
    g_string_append_printf (text, "%s\n", g_array_index (link->findings, OflSentence, i).shown);
  if (link->advice.shown != NULL)
    g_string_append_printf (text, "%s\n", link->advice.shown);
  for (guint i = 0; i < link->series->len; i++)
    {
      const OflLinkSeries *series = &g_array_index (link->series, OflLinkSeries, i);
      g_autofree char *words = ofl_link_describe_series (series, link->practice);

      g_string_append_printf (text, "%s: %s\n", series->what, words);
    }
  if (link->why_no_stretch != NULL)
    g_string_append_printf (text, "%s\n", _ (link->why_no_stretch));
  kernel = ofl_link_describe_kernel (&link->kernel);
  if (kernel != NULL)
    g_string_append_printf (text, "%s: %s\n", _ ("The kernel"), kernel);
  if (link->technical != NULL)
    g_string_append_printf (text, "(%s)\n", link->technical);
  return g_string_free (text, FALSE);
}

static void
ofl_ui_link_dispose (GObject *object)
{
  OflUiLink *self = OFL_UI_LINK (object);

  g_clear_pointer (&self->asking, ofl_ui_asking_abandon);
  g_clear_pointer (&self->link, ofl_link_free);
  G_OBJECT_CLASS (ofl_ui_link_parent_class)->dispose (object);
}

static void
ofl_ui_link_class_init (OflUiLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_link_dispose;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->refresh = refresh;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->dup_text = dup_text;
}

static GtkWidget *
add_button (OflUiLink *self, const char *label, void (*clicked) (OflUiLink *self))
{
  GtkWidget *button = ofl_ui_tool_window_add_button (tool (self), label);

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  return button;
}

static void
ofl_ui_link_init (OflUiLink *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  gtk_window_set_title (GTK_WINDOW (self), _ ("Test the link"));
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (group),
      _ ("The same questions again and again, and the answers compared: whether what the drive says "
         "arrives as it was sent. The short test runs before every write; the long one asks a "
         "thousand times and reads a part of the flash where the drive gives it away. Both only "
         "read."));
  self->result = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  ofl_ui_tool_window_add (tool (self), group);
  ofl_ui_tool_window_add (tool (self), self->result);
  self->quick = add_button (self, _ ("_Short test"), on_quick);
  self->thorough = add_button (self, _ ("_Long test"), on_thorough);
  self->cancel = add_button (self, _ ("_Break off"), on_cancel);
  gtk_widget_add_css_class (self->quick, "suggested-action");
}

/**
 * ofl_ui_link_present:
 * @parent: the window
 * @session: a drive
 *
 * Opens the link test of a drive. It asks when it is told to.
 */
void
ofl_ui_link_present (GtkWindow *parent, OflUiSession *session)
{
  ofl_ui_tool_window_present (g_object_new (OFL_UI_TYPE_LINK, NULL), parent, session);
}
