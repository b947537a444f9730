/* SPDX-License-Identifier: GPL-3.0-or-later */
/* “Practise the worst”: faults of a practice drive, in words, set and mended while the window runs. They
 * stand beside the drive's state, so that the service meets them, too. */
#include "ofl-ui-practice.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ofl-core.h"
#include "ofl-ui-session-private.h"

static const struct {
  const char *id;
  const char *fault; /* in the words of ofl-practice-fault.h */
  const char *title; /* for _() */
} faults[] = {
  { "cable", "garble", N_ ("Bad cable: its name arrives garbled") },
  /* xgettext:no-c-format */
  { "power", "power-loss-burn 400", N_ ("Loses power at 40 % of the burn") },
  { "keeps", "silent", N_ ("Accepts all, keeps the old firmware") },
  { "hangs", "hang-write 3", N_ ("Hangs while it is written") },
};

static const char *
practice_id (OflUiSession *session)
{
  return ofl_ui_session_get_id (session) + strlen ("practice:");
}

/**
 * ofl_ui_practice_dup_wrong:
 * @session: a drive
 *
 * Returns: (transfer full): what is wrong with it on purpose; "" for a drive that is none of practice
 */
char *
ofl_ui_practice_dup_wrong (OflUiSession *session)
{
  g_autofree char *dir = ofl_core_practice_state_dir ();
  g_auto (GStrv) set = NULL;
  gboolean unplugged = FALSE;

  if (!ofl_ui_session_is_practice (session))
    return g_strdup ("");
  set = ofl_core_get_practice_faults (practice_id (session), dir, &unplugged);
  if (unplugged)
    return g_strdup (OFL_UI_PRACTICE_UNPLUGGED);
  for (gsize i = 0; set[0] != NULL && i < G_N_ELEMENTS (faults); i++)
    if (g_str_equal (faults[i].fault, set[0]))
      return g_strdup (faults[i].id);
  return g_strdup (set[0] != NULL ? "other" : "");
}

/**
 * ofl_ui_practice_describe:
 * @wrong: what is wrong
 *
 * Returns: the same for people
 */
const char *
ofl_ui_practice_describe (const char *wrong)
{
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (g_str_equal (faults[i].id, wrong))
      return _ (faults[i].title);
  if (g_str_equal (wrong, OFL_UI_PRACTICE_UNPLUGGED))
    return _ ("Unplugged");
  return _ ("A fault that was set elsewhere");
}

typedef struct {
  char *id;
  char *dir;
  const char *fault; /* (nullable) */
  gboolean unplugged;
  gboolean keep_faults;
} Change;

static void
change_free (Change *change)
{
  g_free (change->id);
  g_free (change->dir);
  g_free (change);
}

static void
change_cable (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Change *change = task_data;
  const char *set[] = { change->fault, NULL };
  gboolean gone;
  g_auto (GStrv) before = ofl_core_get_practice_faults (change->id, change->dir, &gone);
  GError *error = NULL;

  if (ofl_core_set_practice_faults (change->id, change->dir,
                                    change->keep_faults ? (const char *const *) before : set,
                                    change->unplugged, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiSession *session = OFL_UI_SESSION (source);
  g_autoptr (GtkWidget) teller = data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      gtk_widget_activate_action (teller, "win.toast", "s", error->message);
      return;
    }
  ofl_ui_session_refresh (session);
  ofl_ui_session_emit (session, FALSE);
}

static void
put (OflUiSession *session, GtkWidget *teller, const char *fault, gboolean unplugged,
     gboolean keep_faults)
{
  g_autoptr (GTask) task = g_task_new (session, NULL, on_changed, g_object_ref (teller));
  Change *change = g_new0 (Change, 1);

  change->id = g_strdup (practice_id (session));
  change->dir = ofl_core_practice_state_dir ();
  change->fault = fault;
  change->unplugged = unplugged;
  change->keep_faults = keep_faults;
  g_task_set_source_tag (task, put);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  g_task_run_in_thread (task, change_cable);
}

/**
 * ofl_ui_practice_set:
 * @session: a practice drive
 * @wrong: what is wrong as soon as it is written down; "" mends it
 * @teller: in whose window it is told when that fails
 */
void
ofl_ui_practice_set (OflUiSession *session, const char *wrong, GtkWidget *teller)
{
  const char *fault = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (g_str_equal (faults[i].id, wrong))
      fault = faults[i].fault;
  put (session, teller, fault, g_str_equal (wrong, OFL_UI_PRACTICE_UNPLUGGED), FALSE);
}

/**
 * ofl_ui_practice_plug_in:
 * @session: a practice drive that is unplugged, or left by a fault
 * @teller: in whose window it is told when that fails
 *
 * Its faults stay.
 */
void
ofl_ui_practice_plug_in (OflUiSession *session, GtkWidget *teller)
{
  put (session, teller, NULL, FALSE, TRUE);
}

static void
append (GMenu *menu, const char *label, const char *action, const char *wrong)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", wrong);
  g_menu_append_item (menu, item);
}

/**
 * ofl_ui_practice_make_menu:
 * @action: a stateful action of what is wrong
 *
 * Returns: (transfer full): all that can be
 */
GMenuModel *
ofl_ui_practice_make_menu (const char *action)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) worst = g_menu_new ();
  g_autoptr (GMenu) mend = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    append (worst, _ (faults[i].title), action, faults[i].id);
  append (worst, _ ("Unplugged"), action, OFL_UI_PRACTICE_UNPLUGGED);
  append (mend, _ ("Mended: all is sound"), action, "");
  g_menu_append_section (menu, _ ("Practise the worst"), G_MENU_MODEL (worst));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (mend));
  return G_MENU_MODEL (menu);
}

struct _OflUiPracticeBar {
  AdwBin parent_instance;

  OflUiSession *session;
  GtkInfoBar *bar;
  GtkLabel *text;
  GtkButton *mend;
};

G_DEFINE_FINAL_TYPE (OflUiPracticeBar, ofl_ui_practice_bar, ADW_TYPE_BIN)

static void
refresh (OflUiPracticeBar *self)
{
  g_autofree char *wrong = ofl_ui_practice_dup_wrong (self->session);
  g_autofree char *text = NULL;
  /* where nothing runs the drive's card says that it is gone, with the same button */
  gboolean told = g_str_equal (wrong, OFL_UI_PRACTICE_UNPLUGGED)
                  && ofl_ui_session_get_phase (self->session) == OFL_UI_PHASE_SETUP;
  gboolean shown = wrong[0] != '\0' && !told;

  gtk_info_bar_set_revealed (self->bar, shown);
  gtk_widget_set_visible (GTK_WIDGET (self), shown);
  if (!shown)
    return;
  /* Translators: %s is what a user has done to a practice drive: "Loses power at 40 % of the burn" */
  text = g_strdup_printf (_ ("Broken on purpose – %s."), ofl_ui_practice_describe (wrong));
  gtk_label_set_label (self->text, text);
  gtk_button_set_label (self->mend, g_str_equal (wrong, OFL_UI_PRACTICE_UNPLUGGED)
                                        ? _ ("_Plug in again")
                                        : _ ("_Mend"));
}

static void
on_mend (OflUiPracticeBar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.practice-fault", "s", "");
}

static void
ofl_ui_practice_bar_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_PRACTICE_BAR (object)->session);
  G_OBJECT_CLASS (ofl_ui_practice_bar_parent_class)->dispose (object);
}

static void
ofl_ui_practice_bar_class_init (OflUiPracticeBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_practice_bar_dispose;
}

static void
ofl_ui_practice_bar_init (OflUiPracticeBar *self)
{
  self->bar = GTK_INFO_BAR (gtk_info_bar_new ());
  self->text = GTK_LABEL (gtk_label_new (NULL));
  self->mend = GTK_BUTTON (gtk_button_new ());
  gtk_info_bar_set_message_type (self->bar, GTK_MESSAGE_WARNING);
  gtk_label_set_wrap (self->text, TRUE);
  gtk_label_set_max_width_chars (self->text, 24);
  gtk_label_set_xalign (self->text, 0);
  gtk_button_set_use_underline (self->mend, TRUE);
  g_signal_connect_object (self->mend, "clicked", G_CALLBACK (on_mend), self, G_CONNECT_SWAPPED);
  gtk_info_bar_add_child (self->bar, GTK_WIDGET (self->text));
  gtk_info_bar_add_action_widget (self->bar, GTK_WIDGET (self->mend), GTK_RESPONSE_NONE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->bar));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ofl_ui_practice_bar_set_session:
 * @self: the bar
 * @session: the drive, for the bar's whole life
 */
void
ofl_ui_practice_bar_set_session (OflUiPracticeBar *self, OflUiSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
