/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-checks-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-rows.h"

/* While something refuses a write, in seconds */
#define PERIOD_S 5

struct _OflUiChecksGroup {
  AdwPreferencesGroup parent_instance;

  OflUiSession *session;
  /* what was looked at last: with another of these it is looked again */
  OflSnapshot *drive;
  OflJudgement *judgement;
  gboolean accepted;

  GCancellable *looking;
  guint timer;    /* it is looked again by and by, as long as something refuses a write */
  gboolean again; /* something changed meanwhile */
  char *shown;    /* what the rows say: those that stay as they are keep their focus */
  GPtrArray *rows;
  AdwExpanderRow *fine;
  GPtrArray *fine_rows;
};

G_DEFINE_FINAL_TYPE (OflUiChecksGroup, ofl_ui_checks_group, ADW_TYPE_PREFERENCES_GROUP)

/* What stands elsewhere on the page, with a switch or a button: no second time here. */
static gboolean
is_told_elsewhere (const OflCheck *check)
{
  return check->level > OFL_CHECK_OK
         && (g_str_equal (check->id, "backup") || g_str_equal (check->id, "unfinished"));
}

static void
clear (OflUiChecksGroup *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  if (self->fine != NULL)
    {
      ofl_ui_rows_clear (self->fine, self->fine_rows);
      adw_preferences_group_remove (group, GTK_WIDGET (self->fine));
    }
  self->fine = NULL;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

/* The word first: how serious it is, for those who see no icon. */
static void
add_row (OflUiChecksGroup *self, const OflCheck *check)
{
  OflUiLook look = ofl_ui_look_of_preflight (check->level);
  g_autoptr (GString) subtitle = g_string_new (look.word);
  GtkWidget *row;

  if (check->remedy != NULL)
    g_string_append_printf (subtitle, "\n%s", check->remedy);
  if (check->technical != NULL)
    g_string_append_printf (subtitle, "\n%s", check->technical);
  row = ofl_ui_rows_look (&look, check->sentence.shown, subtitle->str);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
add_fine (OflUiChecksGroup *self, const GPtrArray *checks, guint n)
{
  OflUiLook look = ofl_ui_look_of_preflight (OFL_CHECK_OK);
  GtkWidget *icon = gtk_image_new ();
  g_autofree char *title
      = g_strdup_printf (ngettext ("%u check is fine", "%u checks are fine", n), n);

  self->fine = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->fine), title);
  ofl_ui_look_apply (&look, GTK_IMAGE (icon));
  adw_expander_row_add_prefix (self->fine, icon);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->fine));
  for (guint i = 0; i < checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (checks, i);

      if (check->level == OFL_CHECK_OK)
        ofl_ui_rows_add (self->fine, self->fine_rows,
                         ofl_ui_rows_look (&look, check->sentence.shown, NULL));
    }
}

static char *
digest (const GPtrArray *checks)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (checks, i);

      if (!is_told_elsewhere (check))
        g_string_append_printf (text, "%s %d %s\n", check->id, (int) check->level,
                                check->sentence.shown);
    }
  return g_string_free (text, FALSE);
}

static void
fill (OflUiChecksGroup *self, const GPtrArray *checks)
{
  gboolean open = self->fine != NULL && adw_expander_row_get_expanded (self->fine);
  g_autofree char *now = digest (checks);
  guint fine = 0;

  if (g_strcmp0 (now, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&now);
  clear (self);
  for (guint i = 0; i < checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (checks, i);

      if (check->level == OFL_CHECK_OK)
        fine++;
      else if (!is_told_elsewhere (check))
        add_row (self, check);
    }
  if (fine == 0)
    return;
  add_fine (self, checks, fine);
  adw_expander_row_set_expanded (self->fine, open);
}

/* What it says is of that moment. */
static void
say_when (OflUiChecksGroup *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%X");
  /* Translators: %s is a time of day */
  g_autofree char *text = g_strdup_printf (_ ("As it was at %s."), time);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
}

static void look (OflUiChecksGroup *self);

static gboolean
on_timer (gpointer data)
{
  OflUiChecksGroup *self = data;

  self->timer = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    look (self);
  return G_SOURCE_REMOVE;
}

/* The button for the write is shut by it: what is mended meanwhile must not keep it shut. */
static void
tell_refusal (OflUiChecksGroup *self, const GPtrArray *checks)
{
  const OflCheck *worst = checks->len > 0 ? g_ptr_array_index (checks, 0) : NULL;
  gboolean refused = worst != NULL && worst->level == OFL_CHECK_BLOCKS;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (refused)
    self->timer = g_timeout_add_seconds (PERIOD_S, on_timer, self);
  ofl_ui_session_set_refusal (self->session, refused ? worst->sentence.shown : NULL);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiChecksGroup) self = data;
  g_autoptr (GPtrArray) checks = ofl_preflight_run_finish (result, NULL);

  g_clear_object (&self->looking);
  if (checks == NULL || self->session == NULL)
    return;
  if (self->again)
    {
      look (self);
      return;
    }
  if (self->drive == NULL)
    return;
  fill (self, checks);
  say_when (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  tell_refusal (self, checks);
}

static void
look (OflUiChecksGroup *self)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  OflChoices *choices;
  OflDrive *drive;

  if (self->session == NULL || self->drive == NULL)
    return;
  self->again = self->looking != NULL;
  if (self->again)
    return;
  choices = ofl_ui_session_get_choices (self->session);
  drive = ofl_ui_session_get_drive (self->session);
  options->choices = choices != NULL ? ofl_choices_ref (choices) : NULL;
  options->accept_warnings = self->accepted;
  self->looking = g_cancellable_new ();
  /* how the file fits stands in a group of its own */
  ofl_preflight_run_async (ofl_preflight_new (ofl_drive_get_target (drive), self->drive, NULL,
                                              options),
                           self->looking, on_looked, g_object_ref (self));
}

/* The drive first: what is shown rests on what it said last. What it says now is another snapshot, and
 * is looked at when it comes. */
static void
on_again (OflUiChecksGroup *self)
{
  if (self->session == NULL)
    return;
  if (ofl_ui_session_is_held (self->session))
    look (self);
  else
    ofl_ui_session_refresh (self->session);
}

static void
on_active (OflUiChecksGroup *self, GParamSpec *pspec, GtkWindow *window)
{
  if (gtk_window_is_active (window) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    look (self);
}

/* Whoever comes back may have mended something. */
static void
on_map (OflUiChecksGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_signal_handlers_disconnect_by_func (root, on_active, self);
  g_signal_connect_object (root, "notify::is-active", G_CALLBACK (on_active), self,
                           G_CONNECT_SWAPPED);
  look (self);
}

static void
ofl_ui_checks_group_dispose (GObject *object)
{
  OflUiChecksGroup *self = OFL_UI_CHECKS_GROUP (object);

  g_cancellable_cancel (self->looking);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->drive, ofl_snapshot_unref);
  g_clear_pointer (&self->judgement, ofl_judgement_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->fine_rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (ofl_ui_checks_group_parent_class)->dispose (object);
}

static void
ofl_ui_checks_group_class_init (OflUiChecksGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_checks_group_dispose;
}

static void
ofl_ui_checks_group_init (OflUiChecksGroup *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("view-refresh-symbolic");

  self->rows = g_ptr_array_new ();
  self->fine_rows = g_ptr_array_new ();
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Look again"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Look again"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_again), self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Before you flash"));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), button);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
}

static gboolean
can_be_written (OflSnapshot *drive)
{
  return drive != NULL && (ofl_snapshot_get_caps (drive) & OFL_CAP_WRITE) != 0;
}

/**
 * ofl_ui_checks_group_show:
 * @self: the group
 * @session: the drive that may be written
 *
 * Looks, on a worker thread, when drive, judgement or consent are others than before. Of a drive that
 * cannot be written, or is unplugged, nothing is shown.
 */
void
ofl_ui_checks_group_show (OflUiChecksGroup *self, OflUiSession *session)
{
  OflSnapshot *drive = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  OflJudgement *judgement = ofl_ui_session_get_judgement (session);
  gboolean accepted = ofl_ui_session_has_accepted_warnings (session);

  if (!ofl_ui_session_is_present (session) || !can_be_written (drive))
    drive = NULL;
  g_set_object (&self->session, session);
  if (drive == self->drive && judgement == self->judgement && accepted == self->accepted)
    return;
  g_clear_pointer (&self->drive, ofl_snapshot_unref);
  g_clear_pointer (&self->judgement, ofl_judgement_unref);
  self->drive = drive != NULL ? ofl_snapshot_ref (drive) : NULL;
  self->judgement = judgement != NULL ? ofl_judgement_ref (judgement) : NULL;
  self->accepted = accepted;
  if (drive == NULL)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      ofl_ui_session_set_refusal (session, NULL);
    }
  look (self);
}
