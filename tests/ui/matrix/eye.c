/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sees a GTK window from the inside: which texts are in sight, where, and whether they are whole; takes its
 * picture; presses and chooses by what is written. The loader puts it into a program under test
 * (LD_PRELOAD), so that the program needs no hook of its own. What it is told comes through the socket whose
 * number is in OFL_EYE, one command a packet: a word, a blank, the rest. Each is answered with one packet.
 *
 *   look PATH        writes what is in sight to PATH, as JSON
 *   picture PATH     writes the window in front as a PNG
 *   size W H         asks the window in front to be that large
 *   text-size DPI    as "large text" of a desktop does; 96 is the usual
 *   press TEXT       what carries exactly this text, or this tooltip
 *   choose TEXT      the row of a list in which this text stands
 *   scroll PART      the longest page that can be scrolled, to that part of it, 0 to 1
 *   close            the window in front
 *   open PATH        as “open with” of a file manager does
 *   switch-on        every switch in the window in front
 *   type TEXT        into the first entry of the window in front, in place of what is there
 *   action NAME      as GTK writes it: win.tool::link
 */
#include <adwaita.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>

#include "eye-json.h"

/* The window that was opened last: what stands over all others. */
GtkWidget *
eye_front (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;
  guint depth_of_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      guint depth = 0;

      if (!gtk_widget_get_mapped (GTK_WIDGET (window)))
        continue;
      for (GtkWindow *over = window; over != NULL; over = gtk_window_get_transient_for (over))
        depth++;
      if (depth >= depth_of_found)
        {
          found = GTK_WIDGET (window);
          depth_of_found = depth;
        }
    }
  return found;
}

typedef gboolean (*Visit) (GtkWidget *widget, gpointer data);

/* @visit for @widget and all in sight below it, until one says that it is found. */
static gboolean
walk (GtkWidget *widget, Visit visit, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (visit (widget, data))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (walk (child, visit, data))
      return TRUE;
  return FALSE;
}

static gboolean
visit_switch (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_SWITCH (widget) && gtk_widget_is_sensitive (widget))
    gtk_switch_set_active (GTK_SWITCH (widget), TRUE);
  return FALSE;
}

static gboolean
visit_type (GtkWidget *widget, gpointer text)
{
  if (!GTK_IS_TEXT (widget))
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (widget), text);
  return TRUE;
}

typedef struct {
  const char *text;
  gboolean rows_only;
  GtkWidget *found;
} Search;

static gboolean
has_text (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  return g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0;
}

/* The expander row whose head @row is, or NULL. */
static GtkWidget *
expander_of (GtkWidget *row)
{
  GtkWidget *expander = gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW);
  GtkWidget *box = expander != NULL ? gtk_widget_get_first_child (expander) : NULL;

  return box != NULL && gtk_widget_get_parent (row) == gtk_widget_get_first_child (box) ? expander
                                                                                        : NULL;
}

/* What can be pressed around @widget. */
static GtkWidget *
pressable (GtkWidget *widget, gboolean rows_only)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      if (GTK_IS_LIST_BOX_ROW (widget) && !ADW_IS_EXPANDER_ROW (widget))
        return expander_of (widget) != NULL ? expander_of (widget) : widget;
      if (!rows_only
          && (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_EXPANDER (widget)
              || GTK_IS_CHECK_BUTTON (widget) || ADW_IS_EXPANDER_ROW (widget)))
        return widget;
    }
  return NULL;
}

static gboolean
visit_search (GtkWidget *widget, gpointer data)
{
  Search *search = data;

  if (has_text (widget, search->text))
    search->found = pressable (widget, search->rows_only);
  if (search->found != NULL && !gtk_widget_is_sensitive (search->found))
    search->found = NULL;
  return search->found != NULL;
}

static GtkWidget *
search (const char *text, gboolean rows_only)
{
  GtkWidget *root = eye_front ();
  Search what = { .text = text, .rows_only = rows_only };

  if (root != NULL)
    walk (root, visit_search, &what);
  return what.found;
}

/* Opens the menu, or closes it. */
static gboolean
press_menu (GtkMenuButton *button)
{
  GtkPopover *popover = gtk_menu_button_get_popover (button);

  if (popover != NULL && gtk_widget_get_mapped (GTK_WIDGET (popover)))
    gtk_menu_button_popdown (button);
  else
    gtk_menu_button_popup (button);
  return TRUE;
}

static gboolean
press (GtkWidget *widget)
{
  GtkWidget *list = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX);

  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget),
                                   !adw_expander_row_get_expanded (ADW_EXPANDER_ROW (widget)));
  else if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget),
                               !gtk_expander_get_expanded (GTK_EXPANDER (widget)));
  else if (GTK_IS_MENU_BUTTON (widget))
    return press_menu (GTK_MENU_BUTTON (widget));
  else if (GTK_IS_BUTTON (widget) && GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget)))
    return press_menu (GTK_MENU_BUTTON (gtk_widget_get_parent (widget)));
  else if (GTK_IS_BUTTON (widget))
    g_signal_emit_by_name (widget, "clicked");
  else if (GTK_IS_LIST_BOX_ROW (widget) && list != NULL)
    {
      if (gtk_list_box_row_get_selectable (GTK_LIST_BOX_ROW (widget)))
        gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (widget));
      g_signal_emit_by_name (list, "row-activated", widget);
    }
  else
    return gtk_widget_activate (widget);
  return TRUE;
}

static double
way_of (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

/* A page scrolls in a viewport; a list of drives in one of its own, and lines of a log in none. */
static gboolean
visit_scroll (GtkWidget *widget, gpointer data)
{
  GtkAdjustment **longest = data;
  GtkWidget *view;
  GtkAdjustment *here;

  if (!GTK_IS_SCROLLED_WINDOW (widget))
    return FALSE;
  view = gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (widget));
  here = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  if (GTK_IS_VIEWPORT (view) && !GTK_IS_LIST_BOX (gtk_viewport_get_child (GTK_VIEWPORT (view)))
      && (*longest == NULL || way_of (here) > way_of (*longest)))
    *longest = here;
  return FALSE;
}

static gboolean
scroll (double part)
{
  GtkAdjustment *longest = NULL;
  GtkWidget *root = eye_front ();

  if (root != NULL)
    walk (root, visit_scroll, &longest);
  if (longest != NULL)
    gtk_adjustment_set_value (longest, part * way_of (longest));
  return longest != NULL;
}

static void
add_native (GtkSnapshot *snapshot, GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
}

/* Popovers are surfaces of their own. */
static gboolean
visit_popover (GtkWidget *widget, gpointer data)
{
  GdkSurface *surface;

  if (!GTK_IS_POPOVER (widget))
    return FALSE;
  surface = gtk_native_get_surface (GTK_NATIVE (widget));
  gtk_snapshot_save (data);
  gtk_snapshot_translate (data,
                          &GRAPHENE_POINT_INIT (gdk_popup_get_position_x (GDK_POPUP (surface)),
                                                gdk_popup_get_position_y (GDK_POPUP (surface))));
  add_native (data, widget);
  gtk_snapshot_restore (data);
  return FALSE;
}

static gboolean
picture (const char *path)
{
  GtkWidget *root = eye_front ();
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (root == NULL)
    {
      g_object_unref (snapshot);
      return FALSE;
    }
  add_native (snapshot, root);
  walk (root, visit_popover, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (root)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (root),
                                                              gtk_widget_get_height (root)));
  return gdk_texture_save_to_png (texture, path);
}

/* The program's own window, whatever stands over it. */
static gboolean
activate (const char *detailed)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  GList *windows = gtk_application_get_windows (application);
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  for (GList *l = windows; l != NULL; l = l->next)
    if (GTK_IS_APPLICATION_WINDOW (l->data)
        && g_action_parse_detailed_name (detailed, &name, &target, NULL))
      return gtk_widget_activate_action_variant (l->data, name, target);
  return FALSE;
}

static gboolean
open_file (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_application_open (g_application_get_default (), &file, 1, "");
  return TRUE;
}

static gboolean
obey (const char *command, const char *rest)
{
  GtkWidget *widget;
  int width;
  int height;

  if (g_str_equal (command, "look"))
    return eye_json_write (rest);
  if (g_str_equal (command, "picture"))
    return picture (rest);
  if (g_str_equal (command, "open"))
    return open_file (rest);
  if (g_str_equal (command, "action"))
    return activate (rest);
  if (g_str_equal (command, "scroll"))
    return scroll (g_ascii_strtod (rest, NULL));
  if (g_str_equal (command, "text-size"))
    {
      g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", atoi (rest) * 1024, NULL);
      return TRUE;
    }
  if (g_str_equal (command, "press") || g_str_equal (command, "choose"))
    {
      widget = search (rest, g_str_equal (command, "choose"));
      return widget != NULL && press (widget);
    }
  widget = eye_front ();
  if (widget == NULL)
    return FALSE;
  /* a question takes its size from the window that it stands over */
  if (g_str_equal (command, "size") && ADW_IS_MESSAGE_DIALOG (widget))
    widget = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (widget)));
  if (g_str_equal (command, "switch-on"))
    walk (widget, visit_switch, NULL);
  else if (g_str_equal (command, "type"))
    return walk (widget, visit_type, (gpointer) rest);
  if (g_str_equal (command, "close"))
    gtk_window_close (GTK_WINDOW (widget));
  else if (g_str_equal (command, "size") && sscanf (rest, "%d %d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (widget), width, height);
  else
    return FALSE;
  return TRUE;
}

static gboolean
on_command (int fd, GIOCondition condition, gpointer data)
{
  char packet[4096];
  gssize length = recv (fd, packet, sizeof packet - 1, 0);
  char *rest;

  if (length <= 0)
    return G_SOURCE_REMOVE;
  packet[length] = '\0';
  rest = strchr (packet, ' ');
  if (rest != NULL)
    *rest++ = '\0';
  send (fd, obey (packet, rest != NULL ? rest : "") ? "yes" : "no", 3, MSG_NOSIGNAL);
  return G_SOURCE_CONTINUE;
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *fd = g_getenv ("OFL_EYE");

  if (fd == NULL)
    return;
  g_unix_fd_add (atoi (fd), G_IO_IN | G_IO_HUP, on_command, NULL);
  fcntl (atoi (fd), F_SETFD, FD_CLOEXEC);
  /* what the program starts is not looked at */
  g_unsetenv ("OFL_EYE");
  g_unsetenv ("LD_PRELOAD");
}
