/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Is my drive broken?": asks a drive what only reads, and shows what was found. */
#include <glib/gi18n.h>

#include "doctor/ofl-doctor.h"
#include "flash/ofl-backup-place.h"
#include "ofl-ui-asking.h"
#include "ofl-ui-read-chart.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-words.h"
#include "ofl-ui-doctor.h"

#define OFL_UI_TYPE_DOCTOR (ofl_ui_doctor_get_type ())
G_DECLARE_FINAL_TYPE (OflUiDoctor, ofl_ui_doctor, OFL_UI, DOCTOR, OflUiToolWindow)

struct _OflUiDoctor {
  OflUiToolWindow parent_instance;

  OflUiAsking *asking; /* NULL when nothing is asked */
  OflExamination *found;
  GError *error;

  AdwComboRow *extent;
  GtkSwitch *deep;
  GtkWidget *result; /* what was found, made anew each time */
  GtkWidget *examine;
  GtkWidget *cancel;
};

G_DEFINE_FINAL_TYPE (OflUiDoctor, ofl_ui_doctor, OFL_UI_TYPE_TOOL_WINDOW)

static OflUiToolWindow *
tool (OflUiDoctor *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

static OflUiLook
look_of (OflFindingLevel level)
{
  switch (level)
    {
    case OFL_FINDING_GOOD:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("As it should be") };
    case OFL_FINDING_REMARK:
      return (OflUiLook){ "dialog-information-symbolic", "dim-label", _ ("Good to know") };
    case OFL_FINDING_DOUBTFUL:
      return (OflUiLook){ "dialog-warning-symbolic", "warning",
                          _ ("Doubtful: more than one cause is left") };
    case OFL_FINDING_BAD:
    default:
      return (OflUiLook){ "dialog-error-symbolic", "error",
                          _ ("Does not work, whatever the cause") };
    }
}

/* All findings in a sentence, and never more than they say. */
static const char *
sum_up (const OflExamination *found)
{
  OflFindingLevel worst = ofl_examination_worst (found);

  if (worst == OFL_FINDING_BAD)
    return _ ("Something does not work");
  if (worst == OFL_FINDING_DOUBTFUL)
    return _ ("Something is not as it should be");
  if (found->cancelled)
    return _ ("Broken off; nothing doubtful until then");
  return _ ("Nothing doubtful was found");
}

/* What was found, how sure that is, what to do, and the command behind it. */
static GtkWidget *
make_row (const OflFinding *finding)
{
  OflUiLook look = look_of (finding->level);
  g_autoptr (GString) below = g_string_new (look.word);

  if (finding->next != NULL)
    g_string_append_printf (below, "\n%s", finding->next);
  if (finding->technical != NULL && finding->level != OFL_FINDING_GOOD)
    g_string_append_printf (below, "\n(%s)", finding->technical);
  return ofl_ui_rows_look (&look, finding->sentence, below->str);
}

static GtkWidget *
make_findings (const OflExamination *found)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("What was found"));
  for (guint i = 0; i < found->findings->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               make_row (g_ptr_array_index (found->findings, i)));
  return group;
}

static GtkWidget *
make_chart (const OflExamination *found)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *numbers = ofl_ui_read_chart_describe (found);
  GtkWidget *label = gtk_label_new (numbers);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("How fast the disc came"));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "property");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), ofl_ui_read_chart_new (found));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), label);
  return group;
}

static void
clear_result (OflUiDoctor *self)
{
  GtkWidget *child;

  g_clear_pointer (&self->found, ofl_examination_free);
  g_clear_error (&self->error);
  while ((child = gtk_widget_get_first_child (self->result)) != NULL)
    gtk_box_remove (GTK_BOX (self->result), child);
  ofl_ui_tool_window_set_copyable (tool (self), FALSE);
}

static void
show_result (OflUiDoctor *self)
{
  OflFindingLevel worst = self->found != NULL ? ofl_examination_worst (self->found)
                                              : OFL_FINDING_BAD;
  OflUiLook look = look_of (worst == OFL_FINDING_REMARK ? OFL_FINDING_GOOD : worst);
  GtkWidget *heading = ofl_ui_tool_window_make_heading (
      &look, self->found != NULL ? sum_up (self->found) : _ ("The drive could not be asked"));

  gtk_box_append (GTK_BOX (self->result), heading);
  if (self->found == NULL)
    {
      GtkWidget *group = adw_preferences_group_new ();

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                                 ofl_ui_rows_look (&look, self->error->message, NULL));
      gtk_box_append (GTK_BOX (self->result), group);
    }
  else
    {
      gtk_box_append (GTK_BOX (self->result), make_findings (self->found));
      if (ofl_ui_read_chart_has_data (self->found))
        gtk_box_append (GTK_BOX (self->result), make_chart (self->found));
      ofl_ui_tool_window_set_copyable (tool (self), TRUE);
    }
  gtk_widget_grab_focus (heading);
}

static void
refresh (OflUiToolWindow *window)
{
  OflUiDoctor *self = OFL_UI_DOCTOR (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);

  gtk_widget_set_visible (self->examine, self->asking == NULL);
  gtk_widget_set_visible (self->cancel, self->asking != NULL);
  gtk_widget_set_sensitive (self->examine, why_not == NULL);
  gtk_widget_set_tooltip_text (self->examine, why_not);
  gtk_widget_set_sensitive (GTK_WIDGET (self->extent), self->asking == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->deep), self->asking == NULL);
  gtk_widget_set_sensitive (self->cancel, self->asking != NULL
                                              && !g_cancellable_is_cancelled (
                                                  ofl_ui_asking_get_cancellable (self->asking)));
}

static char *
say_progress (guint done, guint total)
{
  if (total == 0)
    return g_strdup (_ ("The drive is being asked…"));
  /* Translators: pieces of a disc that are done with, of all that are to be read or counted */
  return g_strdup_printf (_ ("Reading the disc: step %u of %u"), done, total);
}

static void
on_examined (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflExamination) found = ofl_doctor_examine_finish (OFL_DRIVE (source), result, &error);
  OflUiToolWindow *window = ofl_ui_asking_end (data);
  OflUiDoctor *self;

  if (window == NULL)
    return;
  self = OFL_UI_DOCTOR (window);
  self->asking = NULL;
  self->found = g_steal_pointer (&found);
  self->error = g_steal_pointer (&error);
  refresh (window);
  show_result (self);
}

static void
begin (OflUiDoctor *self, OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  OflReadExtent extent = (OflReadExtent) adw_combo_row_get_selected (self->extent);
  g_autofree char *backup_dir = ofl_backup_default_dir (ofl_ui_session_is_practice (session));
  OflTally *tally = ofl_ui_asking_get_tally (self->asking);
  GCancellable *cancellable = ofl_ui_asking_get_cancellable (self->asking);
  /* the session's may change while a thread asks */
  g_autoptr (OflChoices) choices = ofl_choices_copy (ofl_ui_session_get_choices (session));

  if (gtk_switch_get_active (self->deep))
    ofl_doctor_examine_deep_async (drive, extent, choices, backup_dir, tally, cancellable,
                                   on_examined, self->asking);
  else
    ofl_doctor_examine_async (drive, extent, backup_dir, tally, cancellable, on_examined,
                              self->asking);
}

static void
on_examine (OflUiDoctor *self)
{
  OflUiSession *session = ofl_ui_tool_window_get_session (tool (self));
  g_autofree char *why_not = ofl_ui_session_why_not_ask (session);

  if (self->asking != NULL || why_not != NULL)
    return;
  clear_result (self);
  self->asking = ofl_ui_asking_begin (tool (self), say_progress);
  begin (self, session);
  refresh (tool (self));
  gtk_widget_grab_focus (self->cancel);
}

static void
on_cancel (OflUiDoctor *self)
{
  ofl_ui_asking_cancel (self->asking);
  refresh (tool (self));
}

static char *
dup_text (OflUiToolWindow *window)
{
  OflUiDoctor *self = OFL_UI_DOCTOR (window);
  OflUiSession *session = ofl_ui_tool_window_get_session (window);
  GString *text;

  if (self->found == NULL || session == NULL)
    return NULL;
  text = g_string_new (ofl_drive_get_name (ofl_ui_session_get_drive (session)));
  g_string_append_printf (text, "\n%s\n", sum_up (self->found));
  for (guint i = 0; i < self->found->findings->len; i++)
    {
      const OflFinding *finding = g_ptr_array_index (self->found->findings, i);
      g_autofree char *sentence = ofl_ui_words (finding->sentence);
      g_autofree char *next = ofl_ui_words (finding->next);

      g_string_append_printf (text, "\n[%s] %s\n", look_of (finding->level).word, sentence);
      if (next != NULL)
        g_string_append_printf (text, "%s\n", next);
      if (finding->technical != NULL)
        g_string_append_printf (text, "(%s)\n", finding->technical);
    }
  if (ofl_ui_read_chart_has_data (self->found))
    {
      g_autofree char *numbers = ofl_ui_read_chart_describe (self->found);

      g_string_append_printf (text, "\n%s\n", numbers);
    }
  return g_string_free (text, FALSE);
}

static void
ofl_ui_doctor_dispose (GObject *object)
{
  OflUiDoctor *self = OFL_UI_DOCTOR (object);

  g_clear_pointer (&self->asking, ofl_ui_asking_abandon);
  g_clear_pointer (&self->found, ofl_examination_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ofl_ui_doctor_parent_class)->dispose (object);
}

static void
ofl_ui_doctor_class_init (OflUiDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_doctor_dispose;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->refresh = refresh;
  OFL_UI_TOOL_WINDOW_CLASS (klass)->dup_text = dup_text;
}

/* In the order of OflReadExtent */
static AdwComboRow *
make_extent_row (void)
{
  const char *const words[] = { _ ("Here and there"), _ ("All of it"), _ ("Not at all"), NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Read a disc that is in"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  return ADW_COMBO_ROW (row);
}

static GtkWidget *
make_deep_row (OflUiDoctor *self)
{
  return ofl_ui_rows_switch (
      _ ("Look deeper"),
      _ ("Also reads twice what belongs to this drive alone, and lets a drive that can count the "
         "errors of a disc do so. Those are commands of its maker, which only ask; it takes as "
         "long as the whole disc."),
      &self->deep);
}

static void
ofl_ui_doctor_init (OflUiDoctor *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  gtk_window_set_title (GTK_WINDOW (self), _ ("Is my drive broken?"));
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (group),
      _ ("The drive is asked what the standard lets anybody ask, and a disc that is in it is read. "
         "Nothing is written, neither to the drive nor to the disc."));
  self->extent = make_extent_row ();
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->extent));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_deep_row (self));
  self->result = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  ofl_ui_tool_window_add (tool (self), group);
  ofl_ui_tool_window_add (tool (self), self->result);
  self->examine = ofl_ui_tool_window_add_button (tool (self), _ ("_Examine the drive"));
  self->cancel = ofl_ui_tool_window_add_button (tool (self), _ ("_Break off"));
  gtk_widget_add_css_class (self->examine, "suggested-action");
  g_signal_connect_object (self->examine, "clicked", G_CALLBACK (on_examine), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cancel, "clicked", G_CALLBACK (on_cancel), self,
                           G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_doctor_present:
 * @parent: the window
 * @session: a drive
 *
 * Opens the doctor of a drive. It asks when it is told to.
 */
void
ofl_ui_doctor_present (GtkWindow *parent, OflUiSession *session)
{
  ofl_ui_tool_window_present (g_object_new (OFL_UI_TYPE_DOCTOR, NULL), parent, session);
}
