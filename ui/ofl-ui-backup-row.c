/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stored backup as a row: when and what in sight, all else when it is opened. */
#include "ofl-ui-backup-row.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-rows.h"

/**
 * ofl_ui_backup_new:
 * @stored: (transfer full): a backup
 * @check: hold its files against its manifest, which blocks
 *
 * Returns: (transfer full): it, and whether it is whole
 */
OflUiBackup *
ofl_ui_backup_new (OflStoredBackup *stored, gboolean check)
{
  OflUiBackup *self = g_new0 (OflUiBackup, 1);
  g_autoptr (GError) error = NULL;

  self->stored = stored;
  self->checked = check && stored->unreadable == NULL;
  if (self->checked && !ofl_stored_backup_verify (stored, &error))
    self->damage = g_strdup (error->message);
  return self;
}

/**
 * ofl_ui_backup_free:
 * @self: (transfer full): a backup
 */
void
ofl_ui_backup_free (OflUiBackup *self)
{
  ofl_stored_backup_free (self->stored);
  g_free (self->damage);
  g_free (self);
}

/**
 * ofl_ui_backup_is_of:
 * @self: a backup
 * @session: a drive
 *
 * Returns: whether it is the drive's, or may be: nothing speaks against it
 */
gboolean
ofl_ui_backup_is_of (const OflUiBackup *self, OflUiSession *session)
{
  OflSnapshot *drive = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  OflBackupOwner owner;

  if (self->stored->unreadable != NULL || self->stored->evidence || drive == NULL)
    return FALSE;
  owner = ofl_stored_backup_owner (self->stored, drive);
  return owner == OFL_BACKUP_OWNER_SAME || owner == OFL_BACKUP_OWNER_UNTOLD;
}

/* That a way of reading is not proven, or a check of what was read failed. */
static gboolean
has_warning (const OflStoredBackup *stored)
{
  for (guint i = 0; i < stored->parts->len; i++)
    if (*ofl_stored_backup_get_part (stored, i)->warning != '\0')
      return TRUE;
  return FALSE;
}

static OflUiLook
look_of (const OflUiBackup *self)
{
  if (self->stored->unreadable != NULL || self->damage != NULL)
    return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Not as it was stored") };
  if (self->stored->evidence)
    return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Evidence of damage") };
  if (self->checked && has_warning (self->stored))
    return (OflUiLook){ "dialog-warning-symbolic", "warning",
                        _ ("As it was stored, with a warning") };
  if (self->checked)
    return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("As it was stored") };
  return (OflUiLook){ "dialog-question-symbolic", "dim-label",
                      has_warning (self->stored) ? _ ("Not checked, with a warning")
                                                 : _ ("Not checked") };
}

static char *
say_time (const OflStoredBackup *stored)
{
  g_autoptr (GDateTime) local = g_date_time_to_local (stored->made);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

static char *
make_title (const OflStoredBackup *stored)
{
  g_autofree char *when = NULL;

  if (stored->unreadable != NULL)
    return g_filename_display_name (stored->name);
  when = say_time (stored);
  /* Translators: date and time of a backup, and the revision of its firmware */
  return g_strdup_printf (_ ("%s, revision %s"), when, stored->revision);
}

static char *
make_subtitle (const OflUiBackup *self, gboolean own, const char *word)
{
  const OflStoredBackup *stored = self->stored;
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 bytes = 0;

  if (stored->unreadable != NULL)
    return g_strdup (_ (stored->unreadable));
  for (guint i = 0; i < stored->parts->len; i++)
    bytes += ofl_stored_backup_get_part (stored, i)->bytes;
  if (!own)
    g_string_append_printf (text, "%s %s, %s\n", stored->vendor, stored->product,
                            *stored->serial != '\0' ? stored->serial : _ ("serial unknown"));
  {
    g_autofree char *size = g_format_size (bytes);

    g_string_append_printf (text, "%s · %s", size, word);
  }
  if (stored->practice)
    g_string_append_printf (text, " · %s", _ ("practice drive"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_fact (AdwExpanderRow *row, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    adw_expander_row_add_row (row, ofl_ui_rows_property (title, value, FALSE));
}

/* Of a backup that is not the drive's own: why it does not go back to it. */
static char *
say_why_not (const OflUiBackup *self, OflUiSession *session)
{
  OflSnapshot *drive = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  const char *next;
  char *why;

  if (self->stored->unreadable != NULL || drive == NULL)
    return NULL;
  if (self->stored->evidence)
    return g_strdup (ofl_stored_backup_say_evidence ());
  why = ofl_stored_backup_why_never (self->stored, drive, ofl_ui_session_is_practice (session),
                                     &next);
  if (why != NULL || ofl_ui_backup_is_of (self, session))
    return why;
  return ofl_stored_backup_say_owner (self->stored, drive);
}

/* As the terminal's list has them. */
static void
add_warnings (AdwExpanderRow *row, const OflStoredBackup *stored)
{
  for (guint i = 0; i < stored->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (stored, i);
      /* Translators: %s is the name of a part of a backup: "flash", "eeprom" */
      g_autofree char *title = g_strdup_printf (_ ("Warning about %s"), part->name);

      if (*part->warning != '\0')
        add_fact (row, title, _ (part->warning));
    }
}

static void
add_facts (AdwExpanderRow *row, const OflUiBackup *self, OflUiSession *session)
{
  const OflStoredBackup *stored = self->stored;
  g_autofree char *why_not = say_why_not (self, session);
  g_autoptr (GString) parts = g_string_new (NULL);

  for (guint i = 0; stored->unreadable == NULL && i < stored->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (stored, i);
      g_autofree char *size = g_format_size (part->bytes);

      g_string_append_printf (parts, "%s%s: %s", i > 0 ? "\n" : "", part->name, size);
    }
  add_fact (row, _ ("Not for this drive"), why_not);
  add_fact (row, _ ("What is wrong"), self->damage);
  if (stored->unreadable == NULL && stored->evidence)
    add_fact (row, _ ("Kept for study, never written to a drive"), stored->damage);
  add_warnings (row, stored);
  if (g_strcmp0 (stored->verified, OFL_BACKUP_READ_TWICE) == 0)
    add_fact (row, _ ("How it was made"), _ ("Read twice, and both reads were equal"));
  add_fact (row, _ ("Parts"), parts->str);
  add_fact (row, _ ("Serial number"), stored->serial);
  add_fact (row, _ ("File"), stored->path != NULL ? stored->path : stored->manifest_path);
}

/**
 * ofl_ui_backup_row_new:
 * @self: a backup
 * @session: the drive it is looked at from
 * @buttons: (transfer floating): what can be done with it
 *
 * Returns: (transfer floating): an #AdwExpanderRow
 */
GtkWidget *
ofl_ui_backup_row_new (const OflUiBackup *self, OflUiSession *session, GtkWidget *buttons)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *last = adw_preferences_row_new ();
  GtkWidget *icon = gtk_image_new ();
  OflUiLook look = look_of (self);
  g_autofree char *title = make_title (self->stored);
  g_autofree char *subtitle = make_subtitle (self, ofl_ui_backup_is_of (self, session), look.word);

  ofl_ui_look_apply (&look, GTK_IMAGE (icon));
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  ofl_ui_rows_set_words (row, title, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  add_facts (ADW_EXPANDER_ROW (row), self, session);
  gtk_widget_add_css_class (buttons, "property");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (last), buttons);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (last), FALSE);
  gtk_widget_set_focusable (last, FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), last);
  return row;
}
