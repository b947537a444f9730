/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a drive, or hides it: each with its remedy, and with a button where this program can do it
 * itself: a disc that is mounted is unmounted or ejected as the desktop does it. */
#include "ofl-ui-holders.h"

#include <glib/gi18n.h>

#include "drive/ofl-holders.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-tool-window.h"

#define OFL_UI_TYPE_HOLDERS (ofl_ui_holders_get_type ())
G_DECLARE_FINAL_TYPE (OflUiHolders, ofl_ui_holders, OFL_UI, HOLDERS, OflUiToolWindow)

struct _OflUiHolders {
  OflUiToolWindow parent_instance;

  GCancellable *looking; /* the newest look; cancelled when another begins or the window goes */

  GtkWidget *status;
  GtkWidget *result; /* made anew with each look */
};

G_DEFINE_FINAL_TYPE (OflUiHolders, ofl_ui_holders, OFL_UI_TYPE_TOOL_WINDOW)

static void look (OflUiHolders *self);

static OflUiToolWindow *
tool (OflUiHolders *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

static OflUiLook
look_of (OflHolderWeight weight)
{
  switch (weight)
    {
    case OFL_HOLDER_BLOCKS:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("In the way") };
    case OFL_HOLDER_WARNING:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Perhaps in the way") };
    case OFL_HOLDER_REMARK:
    default:
      return (OflUiLook){ "dialog-information-symbolic", "dim-label", _ ("Good to know") };
    }
}

static void
show_status (OflUiHolders *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->status), text != NULL ? text : "");
  gtk_widget_set_visible (self->status, text != NULL);
}

/* @error: (nullable): what the system said; the list is made anew in both cases, so that it is true */
static void
acted (OflUiHolders *self, const GError *error)
{
  if (ofl_ui_tool_window_get_session (tool (self)) == NULL)
    return;
  show_status (self,
               error != NULL && error->code != G_IO_ERROR_FAILED_HANDLED ? error->message : NULL);
  look (self);
}

static void
on_unmounted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiHolders) self = data;
  g_autoptr (GError) error = NULL;

  g_mount_unmount_with_operation_finish (G_MOUNT (source), result, &error);
  acted (self, error);
}

static void
on_ejected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiHolders) self = data;
  g_autoptr (GError) error = NULL;

  g_mount_eject_with_operation_finish (G_MOUNT (source), result, &error);
  acted (self, error);
}

static void
on_unmount (OflUiHolders *self, GtkWidget *button)
{
  g_autoptr (GMountOperation) operation = gtk_mount_operation_new (GTK_WINDOW (self));

  gtk_widget_set_sensitive (button, FALSE);
  g_mount_unmount_with_operation (g_object_get_data (G_OBJECT (button), "mount"),
                                  G_MOUNT_UNMOUNT_NONE, operation, NULL, on_unmounted,
                                  g_object_ref (self));
}

static void
on_eject (OflUiHolders *self, GtkWidget *button)
{
  g_autoptr (GMountOperation) operation = gtk_mount_operation_new (GTK_WINDOW (self));

  gtk_widget_set_sensitive (button, FALSE);
  g_mount_eject_with_operation (g_object_get_data (G_OBJECT (button), "mount"),
                                G_MOUNT_UNMOUNT_NONE, operation, NULL, on_ejected,
                                g_object_ref (self));
}

static GtkWidget *
make_button (OflUiHolders *self, const char *label,
             void (*clicked) (OflUiHolders *self, GtkWidget *button))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  return button;
}

static void
add_mount_button (OflUiHolders *self, GtkWidget *box, GMount *mount, const char *label,
                  void (*clicked) (OflUiHolders *self, GtkWidget *button))
{
  GtkWidget *button = make_button (self, label, clicked);

  g_object_set_data_full (G_OBJECT (button), "mount", g_object_ref (mount), g_object_unref);
  gtk_box_append (GTK_BOX (box), button);
}

/* Only what the system says it can do has a button. @data: the row for them */
static void
on_mount_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) row = data;
  g_autoptr (GMount) mount = g_file_find_enclosing_mount_finish (G_FILE (source), result, NULL);
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
  GtkRoot *root = gtk_widget_get_root (row);

  if (mount == NULL || root == NULL)
    return;
  if (g_mount_can_unmount (mount))
    add_mount_button (OFL_UI_HOLDERS (root), box, mount, _ ("_Unmount"), on_unmount);
  if (g_mount_can_eject (mount))
    add_mount_button (OFL_UI_HOLDERS (root), box, mount, _ ("_Eject"), on_eject);
  gtk_widget_set_visible (row, g_mount_can_unmount (mount) || g_mount_can_eject (mount));
}

/* A row of its own: beside a sentence buttons would leave a narrow window no room. */
static GtkWidget *
make_mount_row (const OflHolder *holder, GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_new_for_path (holder->name);
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_widget_add_css_class (box, "property");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_visible (row, FALSE);
  g_file_find_enclosing_mount_async (folder, G_PRIORITY_DEFAULT, cancellable, on_mount_found,
                                     g_object_ref (row));
  return row;
}

static void
on_copy_remedy (OflUiHolders *self, GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          g_object_get_data (G_OBJECT (button), "remedy"));
  ofl_ui_tool_window_toast (tool (self), _ ("Copied"));
}

static GtkWidget *
make_row (OflUiHolders *self, const OflHolder *holder)
{
  OflUiLook looks = look_of (holder->weight);
  g_autofree char *sentence = ofl_holder_describe (holder);
  g_autofree char *below = NULL;
  GtkWidget *row, *copy;

  if (holder->remedy != NULL)
    /* Translators: how serious it is, and a line to be typed */
    below = g_strdup_printf (_ ("%s. In a terminal: %s"), looks.word, holder->remedy);
  row = ofl_ui_rows_look (&looks, sentence, below != NULL ? below : looks.word);
  if (holder->remedy != NULL)
    {
      copy = make_button (self, _ ("_Copy"), on_copy_remedy);
      gtk_button_set_icon_name (GTK_BUTTON (copy), "edit-copy-symbolic");
      gtk_widget_add_css_class (copy, "flat");
      gtk_widget_set_tooltip_text (copy, _ ("Copy the line for a terminal"));
      g_object_set_data_full (G_OBJECT (copy), "remedy", g_strdup (holder->remedy), g_free);
      gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Copy the line for a terminal"), -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
    }
  return row;
}

static void
show (OflUiHolders *self, const GPtrArray *holders)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->result)) != NULL)
    gtk_box_remove (GTK_BOX (self->result), child);
  gtk_box_append (GTK_BOX (self->result), group);
  for (guint i = 0; i < holders->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (holders, i);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (self, holder));
      if (holder->kind == OFL_HOLDER_MOUNT && *holder->name != '\0')
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                                   make_mount_row (holder, self->looking));
    }
  if (holders->len == 0)
    {
      const OflUiLook looks = { "emblem-ok-symbolic", "success", _ ("Free") };

      adw_preferences_group_add (
          ADW_PREFERENCES_GROUP (group),
          ofl_ui_rows_look (&looks, _ ("Nothing was found that holds the drive."), NULL));
    }
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiHolders) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) holders = ofl_holders_find_finish (result, &error);

  if (holders != NULL && ofl_ui_tool_window_get_session (tool (self)) != NULL)
    show (self, holders);
}

/* A drive that has gone holds nobody; what stands there is of when it was there, and so is said. */
static void
look (OflUiHolders *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  ofl_holders_find_async (ofl_drive_get_target (ofl_ui_session_get_drive (session)), self->looking,
                          on_found, g_object_ref (self));
}

static void
on_again (OflUiHolders *self)
{
  show_status (self, NULL);
  ofl_ui_session_refresh (ofl_ui_tool_window_get_session (tool (self)));
  look (self);
}

static void
ofl_ui_holders_dispose (GObject *object)
{
  OflUiHolders *self = OFL_UI_HOLDERS (object);

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  G_OBJECT_CLASS (ofl_ui_holders_parent_class)->dispose (object);
}

static void
ofl_ui_holders_class_init (OflUiHoldersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_holders_dispose;
}

static void
ofl_ui_holders_init (OflUiHolders *self)
{
  GtkWidget *again;

  gtk_window_set_title (GTK_WINDOW (self), _ ("Who holds the drive"));
  self->status = ofl_ui_tool_window_add_status (tool (self));
  self->result = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  ofl_ui_tool_window_add (tool (self), self->result);
  again = ofl_ui_tool_window_add_button (tool (self), _ ("_Look again"));
  g_signal_connect_object (again, "clicked", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_holders_present:
 * @parent: the window
 * @session: a drive
 *
 * Looks who holds the drive, and shows it.
 */
void
ofl_ui_holders_present (GtkWindow *parent, OflUiSession *session)
{
  OflUiHolders *self = g_object_new (OFL_UI_TYPE_HOLDERS, NULL);

  ofl_ui_tool_window_present (tool (self), parent, session);
  look (self);
}
