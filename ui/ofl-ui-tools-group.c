/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-tools-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-backups.h"
#include "ofl-ui-doctor.h"
#include "ofl-ui-history.h"
#include "ofl-ui-holders.h"
#include "ofl-ui-link.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-recovery.h"
#include "ofl-ui-unfinished.h"
#include "ofl-ui-updater.h"

typedef struct {
  const char *id;
  const char *title, *subtitle; /* for _() */
  void (*present) (GtkWindow *parent, OflUiSession *session);
  gboolean of_all;    /* it is about all drives, and needs none */
  gboolean of_broken; /* it is about a drive that may need to be mended */
  gboolean aside;     /* the page of a drive that it is meant for has it in a better place */
} Tool;

static const Tool tools[] = {
  { "recover", N_ ("Recover"), N_ ("What the write that broke off has left, and the ways back"),
    ofl_ui_recovery_present, .of_broken = TRUE },
  { "doctor", N_ ("Is my drive broken?"),
    N_ ("Asks the drive, reads a disc that is in it, and says what may be the cause"),
    ofl_ui_doctor_present },
  { "link", N_ ("Test the link"), N_ ("Whether cable and bridge carry what the drive says"),
    ofl_ui_link_present },
  { "holders", N_ ("Who holds the drive"),
    N_ ("What stands between it and a write, and how that is mended"), ofl_ui_holders_present },
  { "updater", N_ ("The maker’s own program"),
    N_ ("Lets the program for Windows write that the drive’s maker gave out, and watches it"),
    ofl_ui_updater_present, .aside = TRUE },
  { "backups", N_ ("Backups"), N_ ("What is stored: write it back, copy, delete"),
    ofl_ui_backups_present },
  { "history", N_ ("History"), N_ ("Every job of every drive, with its verdict and proof"),
    ofl_ui_history_present, TRUE },
};

struct _OflUiToolsGroup {
  AdwPreferencesGroup parent_instance;

  OflUiSession *session;
  GtkWidget *rows[G_N_ELEMENTS (tools)];
};

G_DEFINE_FINAL_TYPE (OflUiToolsGroup, ofl_ui_tools_group, ADW_TYPE_PREFERENCES_GROUP)

static GtkWidget *
make_row (const Tool *tool)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (tool->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (tool->subtitle));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.tool");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", tool->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (tool->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ (tool->subtitle), -1);
  return row;
}

/* Whether a write to it never ended or ended badly, or its firmware does not run. */
static gboolean
is_broken (OflUiSession *session)
{
  OflUiUnfinished *unfinished = ofl_ui_unfinished_get ();

  return ofl_ui_unfinished_find (unfinished, session) != NULL
         || ofl_ui_unfinished_needs_recovery (unfinished, session)
         || ofl_drive_get_state (ofl_ui_session_get_drive (session)) == OFL_DRIVE_STATE_BOOT;
}

static void
refresh (OflUiToolsGroup *self)
{
  gboolean broken = self->session != NULL && is_broken (self->session);
  gboolean in_place = self->session != NULL
                      && (ofl_ui_session_is_unwritable (self->session)
                          || ofl_ui_session_has_program (self->session));

  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    gtk_widget_set_visible (self->rows[i],
                            (broken || !tools[i].of_broken) && (!in_place || !tools[i].aside));
}

static void
ofl_ui_tools_group_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_TOOLS_GROUP (object)->session);
  G_OBJECT_CLASS (ofl_ui_tools_group_parent_class)->dispose (object);
}

static void
ofl_ui_tools_group_class_init (OflUiToolsGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_tools_group_dispose;
}

static void
ofl_ui_tools_group_init (OflUiToolsGroup *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    {
      self->rows[i] = make_row (&tools[i]);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->rows[i]);
    }
  g_signal_connect_object (ofl_ui_unfinished_get (), "changed", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * ofl_ui_tools_group_show:
 * @self: the group
 * @session: the drive that it is about from now on
 */
void
ofl_ui_tools_group_show (OflUiToolsGroup *self, OflUiSession *session)
{
  g_set_object (&self->session, session);
  refresh (self);
}

/**
 * ofl_ui_tools_present:
 * @id: which window, as the target of the action names it
 * @parent: the main window
 * @session: (nullable): the drive it is about; without one only what is about all drives opens
 */
void
ofl_ui_tools_present (const char *id, GtkWindow *parent, OflUiSession *session)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    if (g_str_equal (tools[i].id, id) && (session != NULL || tools[i].of_all))
      tools[i].present (parent, session);
}
