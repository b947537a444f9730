/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-judgement-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"

struct _OflUiJudgementGroup {
  AdwPreferencesGroup parent_instance;

  OflUiSession *session;
  OflJudgement *shown;
  GPtrArray *rows;
  GPtrArray *warning_switches;
  GtkSwitch *backup_switch;
};

G_DEFINE_FINAL_TYPE (OflUiJudgementGroup, ofl_ui_judgement_group, ADW_TYPE_PREFERENCES_GROUP)

/* One refusal that is not understood is enough to stop. */
static void
on_switch (OflUiJudgementGroup *self)
{
  gboolean warnings = self->warning_switches->len > 0;
  gboolean no_backup = self->backup_switch != NULL && gtk_switch_get_active (self->backup_switch);

  for (guint i = 0; i < self->warning_switches->len; i++)
    warnings = warnings && gtk_switch_get_active (g_ptr_array_index (self->warning_switches, i));
  ofl_ui_session_set_accepted (self->session, warnings, no_backup);
}

static void
add_row (OflUiJudgementGroup *self, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

/* The switch has a row of its own: beside a sentence it would leave a narrow window no room. */
static GtkSwitch *
add_consent (OflUiJudgementGroup *self, const char *what, GCallback changed)
{
  GtkSwitch *consent;
  GtkWidget *row = ofl_ui_rows_switch (_ ("I understand"), what, &consent);

  g_signal_connect_object (consent, "notify::active", changed, self, G_CONNECT_SWAPPED);
  add_row (self, row);
  return consent;
}

static void
add_reason (OflUiJudgementGroup *self, const OflReason *reason, gboolean with_consent)
{
  OflUiLook look = ofl_ui_look_of_level (reason->level);

  add_row (self, ofl_ui_rows_look (&look, reason->sentence, reason->remedy));
  if (reason->level == OFL_LEVEL_RED_SOFT && with_consent)
    g_ptr_array_add (self->warning_switches,
                     add_consent (self, _ ("Flash in spite of this warning"),
                                  G_CALLBACK (on_switch)));
}

/* The worst first: what stops the user is read without scrolling. */
static void
add_reasons (OflUiJudgementGroup *self, OflJudgement *judgement, gboolean with_consent)
{
  for (int level = OFL_LEVEL_RED; level >= OFL_LEVEL_GREEN; level--)
    for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
      {
        const OflReason *reason = ofl_judgement_get_reason (judgement, i);

        if (reason->level == (OflLevel) level)
          add_reason (self, reason, with_consent);
      }
}

static void
add_no_backup (OflUiJudgementGroup *self)
{
  OflUiLook look = ofl_ui_look_of_level (OFL_LEVEL_RED_SOFT);

  add_row (self,
           ofl_ui_rows_look (&look,
                             _ ("No backup can be made: this drive’s firmware cannot "
                                "be read"),
                             _ ("If writing fails you need the maker’s own file to mend it.")));
  self->backup_switch = add_consent (self, _ ("Flash without a backup"), G_CALLBACK (on_switch));
}

static void
on_owner_switch (OflUiJudgementGroup *self, GParamSpec *pspec, GtkSwitch *consent)
{
  ofl_ui_session_set_accepted_owner (self->session, gtk_switch_get_active (consent));
}

/* Whose the backup is that is to go back */
static void
add_owner (OflUiJudgementGroup *self, const OflStoredBackup *backup, OflSnapshot *drive)
{
  OflBackupOwner owner = ofl_stored_backup_owner (backup, drive);
  OflUiLook look = ofl_ui_look_of_level (owner == OFL_BACKUP_OWNER_SAME     ? OFL_LEVEL_GREEN
                                         : owner == OFL_BACKUP_OWNER_UNTOLD ? OFL_LEVEL_RED_SOFT
                                                                            : OFL_LEVEL_RED);
  g_autofree char *sentence = ofl_stored_backup_say_owner (backup, drive);

  add_row (self, ofl_ui_rows_look (&look, sentence, NULL));
  if (owner == OFL_BACKUP_OWNER_UNTOLD)
    add_consent (self, _ ("Write it back although nothing tells that it is this drive’s"),
                 G_CALLBACK (on_owner_switch));
}

static void
clear (OflUiJudgementGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->warning_switches, 0);
  self->backup_switch = NULL;
}

static void
ofl_ui_judgement_group_dispose (GObject *object)
{
  OflUiJudgementGroup *self = OFL_UI_JUDGEMENT_GROUP (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->shown, ofl_judgement_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->warning_switches, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_judgement_group_parent_class)->dispose (object);
}

static void
ofl_ui_judgement_group_class_init (OflUiJudgementGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_judgement_group_dispose;
}

static void
ofl_ui_judgement_group_init (OflUiJudgementGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->warning_switches = g_ptr_array_new ();
}

/**
 * ofl_ui_judgement_group_show:
 * @self: the group
 * @session: the drive whose match to show
 *
 * Fills the group. The same judgement is not filled in again, so that switches stay as the user
 * set them.
 */
void
ofl_ui_judgement_group_show (OflUiJudgementGroup *self, OflUiSession *session)
{
  OflJudgement *judgement = ofl_ui_session_get_judgement (session);
  OflImage *image = ofl_ui_session_get_image (session);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  gboolean allowed = judgement != NULL && ofl_judgement_allows (judgement, TRUE);

  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          judgement != NULL && ofl_judgement_get_n_reasons (judgement) > 0);
  if (judgement == self->shown)
    return;

  clear (self);
  g_clear_pointer (&self->shown, ofl_judgement_unref);
  if (judgement == NULL)
    return;
  self->shown = ofl_judgement_ref (judgement);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self),
                                   image != NULL ? _ ("Does it fit?") : _ ("This drive"));
  if (image != NULL && ofl_ui_session_get_backup (session) != NULL && snapshot != NULL)
    add_owner (self, ofl_ui_session_get_backup (session), snapshot);
  add_reasons (self, judgement, image != NULL && allowed);
  if (image != NULL && allowed && ofl_ui_session_needs_backup_consent (session))
    add_no_backup (self);
}
