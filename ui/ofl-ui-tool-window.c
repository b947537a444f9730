/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the windows around a drive share: its name, what is shown, how far it has come, the buttons. */
#include "ofl-ui-tool-window.h"

#include <glib/gi18n.h>

#include "ofl-ui-text.h"

typedef struct {
  OflUiSession *session;

  AdwWindowTitle *heading;
  GtkWidget *copy;
  AdwToastOverlay *toasts;
  GtkBox *content;
  GtkWidget *gone;
  GtkWidget *bottom;
  GtkLabel *progress_text;
  GtkProgressBar *progress;
  GtkBox *buttons;
} OflUiToolWindowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (OflUiToolWindow, ofl_ui_tool_window, ADW_TYPE_WINDOW)

static OflUiToolWindowPrivate *
priv_of (OflUiToolWindow *self)
{
  return ofl_ui_tool_window_get_instance_private (self);
}

static void
on_copy (OflUiToolWindow *self)
{
  g_autofree char *text = OFL_UI_TOOL_WINDOW_GET_CLASS (self)->dup_text (self);

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  ofl_ui_tool_window_toast (self, _ ("Copied"));
}

static void
refresh (OflUiToolWindow *self)
{
  OflUiToolWindowPrivate *priv = priv_of (self);
  OflUiToolWindowClass *klass = OFL_UI_TOOL_WINDOW_GET_CLASS (self);

  gtk_widget_set_visible (priv->gone, !ofl_ui_session_is_present (priv->session));
  if (klass->refresh != NULL)
    klass->refresh (self);
}

static void
ofl_ui_tool_window_dispose (GObject *object)
{
  g_clear_object (&priv_of (OFL_UI_TOOL_WINDOW (object))->session);
  G_OBJECT_CLASS (ofl_ui_tool_window_parent_class)->dispose (object);
}

static void
ofl_ui_tool_window_class_init (OflUiToolWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_tool_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-tool-window.ui");
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, heading);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, copy);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, toasts);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, content);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, gone);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, bottom);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, progress_text);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, progress);
  gtk_widget_class_bind_template_child_private (widget_class, OflUiToolWindow, buttons);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ofl_ui_tool_window_init (OflUiToolWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_tool_window_present:
 * @self: a window with a title
 * @parent: the window it stands over
 * @session: (nullable): the drive it is about; %NULL: none, or all of them
 */
void
ofl_ui_tool_window_present (OflUiToolWindow *self, GtkWindow *parent, OflUiSession *session)
{
  OflUiToolWindowPrivate *priv = priv_of (self);

  gtk_window_set_transient_for (GTK_WINDOW (self), parent);
  adw_window_title_set_title (priv->heading, gtk_window_get_title (GTK_WINDOW (self)));
  if (session != NULL)
    {
      g_autofree char *model = ofl_ui_text_model (ofl_ui_session_get_drive (session));

      adw_window_title_set_subtitle (priv->heading, model);
      priv->session = g_object_ref (session);
      g_signal_connect_object (session, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
      refresh (self);
    }
  gtk_window_present (GTK_WINDOW (self));
}

/**
 * ofl_ui_tool_window_get_session:
 * @self: a window
 *
 * Returns: (nullable) (transfer none): the drive it is about; %NULL once it was closed
 */
OflUiSession *
ofl_ui_tool_window_get_session (OflUiToolWindow *self)
{
  return priv_of (self)->session;
}

/**
 * ofl_ui_tool_window_add:
 * @self: a window
 * @widget: (transfer floating): goes below what is there
 */
void
ofl_ui_tool_window_add (OflUiToolWindow *self, GtkWidget *widget)
{
  gtk_box_append (priv_of (self)->content, widget);
}

/**
 * ofl_ui_tool_window_add_status:
 * @self: a window
 *
 * Returns: (transfer none): a label for what went wrong, out of sight
 */
GtkWidget *
ofl_ui_tool_window_add_status (OflUiToolWindow *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "notice");
  gtk_widget_add_css_class (label, "danger");
  gtk_widget_set_visible (label, FALSE);
  ofl_ui_tool_window_add (self, label);
  return label;
}

/**
 * ofl_ui_tool_window_add_button:
 * @self: a window
 * @label: its label, with a mnemonic
 *
 * Returns: (transfer none): a button at the bottom
 */
GtkWidget *
ofl_ui_tool_window_add_button (OflUiToolWindow *self, const char *label)
{
  OflUiToolWindowPrivate *priv = priv_of (self);
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_box_append (priv->buttons, button);
  gtk_widget_set_visible (priv->bottom, TRUE);
  return button;
}

/**
 * ofl_ui_tool_window_show_progress:
 * @self: a window
 * @fraction: 0 to 1; below 0: how far it is cannot be said
 * @text: (nullable): what is being done; %NULL: nothing is, and the bar goes
 */
void
ofl_ui_tool_window_show_progress (OflUiToolWindow *self, double fraction, const char *text)
{
  OflUiToolWindowPrivate *priv = priv_of (self);

  gtk_widget_set_visible (GTK_WIDGET (priv->progress), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (priv->progress_text), text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (priv->progress_text, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
  if (fraction < 0)
    gtk_progress_bar_pulse (priv->progress);
  else
    gtk_progress_bar_set_fraction (priv->progress, fraction);
}

/**
 * ofl_ui_tool_window_show_reason:
 * @self: a window in which nothing is being done
 * @text: (nullable): what stands above its buttons: why one is shut, or what to know before it is pressed; a
 *   sentence. %NULL: nothing does
 *
 * Stands in the place of ofl_ui_tool_window_show_progress(), whose bar it leaves alone.
 */
void
ofl_ui_tool_window_show_reason (OflUiToolWindow *self, const char *text)
{
  OflUiToolWindowPrivate *priv = priv_of (self);

  gtk_label_set_label (priv->progress_text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (priv->progress_text), text != NULL);
}

/**
 * ofl_ui_tool_window_set_copyable:
 * @self: a window whose class has dup_text
 * @copyable: whether there is something to copy
 */
void
ofl_ui_tool_window_set_copyable (OflUiToolWindow *self, gboolean copyable)
{
  gtk_widget_set_visible (priv_of (self)->copy, copyable);
}

/**
 * ofl_ui_tool_window_toast:
 * @self: a window
 * @text: a short sentence
 */
void
ofl_ui_tool_window_toast (OflUiToolWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (priv_of (self)->toasts, adw_toast_new (escaped));
}

/**
 * ofl_ui_tool_window_make_heading:
 * @look: how what was found looks
 * @title: what was found, in a sentence
 *
 * Returns: (transfer floating): a heading that takes the focus, so that it is read out
 */
GtkWidget *
ofl_ui_tool_window_make_heading (const OflUiLook *look, const char *title)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING,
                                 "spacing", 12, "focusable", TRUE, NULL);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (title);

  ofl_ui_look_apply (look, GTK_IMAGE (icon));
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "title-2");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}
