/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-setup-page.h"

#include <glib/gi18n.h>

#include "ofl-ui-checks-group.h"
#include "ofl-ui-choices-group.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-firmware-group.h"
#include "ofl-ui-identity-card.h"
#include "ofl-ui-judgement-group.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-text.h"
#include "ofl-ui-tools-group.h"
#include "ofl-ui-unfinished-bar.h"
#include "ofl-ui-updater-group.h"

/* what a button holds in one line */
#define BUTTON_CHARS 28

struct _OflUiSetupPage {
  GtkBox parent_instance;

  OflUiSession *session;

  OflUiUnfinishedBar *unfinished;
  OflUiIdentityCard *identity;
  OflUiFirmwareGroup *firmware;
  OflUiJudgementGroup *judgement;
  OflUiUpdaterGroup *updater;
  OflUiChecksGroup *checks;
  OflUiChoicesGroup *choices;
  OflUiToolsGroup *tools;
  GtkLabel *reason;
  GtkButton *backup;
  GtkButton *flash;
};

G_DEFINE_FINAL_TYPE (OflUiSetupPage, ofl_ui_setup_page, GTK_TYPE_BOX)

static GtkWindow *
get_window (OflUiSetupPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
on_flash (OflUiSetupPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.flash", "s",
                              ofl_ui_session_get_id (self->session));
}

static void
on_backup (OflUiSetupPage *self)
{
  ofl_ui_dialogs_choose_backup (get_window (self), self->session);
}

/* What is refused, the file or the write, is more than something that is still to be done. */
static void
show_refused (OflUiSetupPage *self)
{
  OflJudgement *judgement = ofl_ui_session_get_judgement (self->session);
  gboolean refused = ofl_ui_session_get_image (self->session) != NULL && judgement != NULL
                     && (!ofl_judgement_allows (judgement, TRUE)
                         || ofl_ui_session_get_refusal (self->session) != NULL);

  if (refused)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->reason), "dim-label");
      gtk_widget_remove_css_class (GTK_WIDGET (self->reason), "caption");
      gtk_widget_add_css_class (GTK_WIDGET (self->reason), "error");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->reason), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->reason), "caption");
      gtk_widget_add_css_class (GTK_WIDGET (self->reason), "dim-label");
    }
}

/* What stands above the buttons: why they are shut, or what is unusual. */
static void
show_reason (OflUiSetupPage *self, const char *why_not)
{
  g_autofree char *why_no_backup = ofl_ui_session_why_not_backup (self->session);
  g_autoptr (GString) text = g_string_new (why_not);

  if (why_not == NULL && ofl_ui_session_will_rewrite (self->session))
    g_string_append (text, _ ("It will be written although the drive holds it already."));
  if (why_no_backup != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", why_no_backup);
  show_refused (self);
  gtk_label_set_label (self->reason, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), text->len > 0);
}

static gboolean
reads_unit_data_alone (OflUiSession *session)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (session));
  OflCaps caps = snapshot != NULL ? ofl_snapshot_get_caps (snapshot) : OFL_CAP_NONE;

  return (caps & (OFL_CAP_READ | OFL_CAP_READ_EEPROM)) == OFL_CAP_READ_EEPROM;
}

/* A garbled name can be long. It goes over two lines then, and not before: two buttons with room for one
 * line each stand above each other in a narrow window. */
static void
set_long_label (GtkButton *button, const char *text)
{
  GtkWidget *label;

  gtk_button_set_label (button, text);
  label = gtk_button_get_child (button);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), BUTTON_CHARS));
}

static void
show_buttons (OflUiSetupPage *self)
{
  g_autofree char *why_not = ofl_ui_session_why_not_flash (self->session);
  g_autofree char *model = ofl_ui_text_model (ofl_ui_session_get_drive (self->session));
  g_autofree char *shown = ofl_ui_text_in_mnemonic (model);
  /* Translators: %s is a drive's model; "…" because it asks before it begins */
  g_autofree char *label = g_strdup_printf (_ ("_Flash %s…"), shown);

  show_reason (self, why_not);
  set_long_label (self->flash, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->flash), why_not == NULL);
  /* a drive whose firmware cannot be read has data of its own that can */
  gtk_button_set_label (self->backup, reads_unit_data_alone (self->session)
                                          ? _ ("_Back up this drive’s data…")
                                          : _ ("_Back up firmware…"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->backup), ofl_ui_session_can_backup (self->session));
}

/* On the page of a drive that no other way leads to it stands first; else below the file that it is about. */
static void
show_updater (OflUiSetupPage *self)
{
  GtkWidget *updater = GTK_WIDGET (self->updater);
  GtkWidget *above = ofl_ui_session_has_program (self->session) ? GTK_WIDGET (self->judgement)
                                                                : GTK_WIDGET (self->identity);

  ofl_ui_updater_group_show (self->updater, self->session);
  if (gtk_widget_get_prev_sibling (updater) != above)
    gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (updater)), updater, above);
}

static void
refresh (OflUiSetupPage *self)
{
  if (ofl_ui_session_get_phase (self->session) != OFL_UI_PHASE_SETUP)
    return;
  ofl_ui_unfinished_bar_show (self->unfinished, self->session);
  ofl_ui_identity_card_show (self->identity, self->session);
  ofl_ui_firmware_group_show (self->firmware, self->session);
  ofl_ui_judgement_group_show (self->judgement, self->session);
  show_updater (self);
  ofl_ui_checks_group_show (self->checks, self->session);
  ofl_ui_choices_group_show (self->choices, self->session);
  ofl_ui_tools_group_show (self->tools, self->session);
  show_buttons (self);
}

static void
ofl_ui_setup_page_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_SETUP_PAGE (object)->session);
  G_OBJECT_CLASS (ofl_ui_setup_page_parent_class)->dispose (object);
}

static void
ofl_ui_setup_page_class_init (OflUiSetupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_UNFINISHED_BAR);
  g_type_ensure (OFL_UI_TYPE_IDENTITY_CARD);
  g_type_ensure (OFL_UI_TYPE_FIRMWARE_GROUP);
  g_type_ensure (OFL_UI_TYPE_JUDGEMENT_GROUP);
  g_type_ensure (OFL_UI_TYPE_UPDATER_GROUP);
  g_type_ensure (OFL_UI_TYPE_CHECKS_GROUP);
  g_type_ensure (OFL_UI_TYPE_CHOICES_GROUP);
  g_type_ensure (OFL_UI_TYPE_TOOLS_GROUP);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_setup_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-setup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, unfinished);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, identity);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, firmware);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, judgement);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, updater);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, checks);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, choices);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, tools);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, reason);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, backup);
  gtk_widget_class_bind_template_child (widget_class, OflUiSetupPage, flash);
  gtk_widget_class_bind_template_callback (widget_class, on_backup);
  gtk_widget_class_bind_template_callback (widget_class, on_flash);
}

static void
ofl_ui_setup_page_init (OflUiSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_setup_page_set_session:
 * @self: the page
 * @session: the drive to show, for the page's whole life
 */
void
ofl_ui_setup_page_set_session (OflUiSetupPage *self, OflUiSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}

/**
 * ofl_ui_setup_page_focus:
 * @self: the page, in sight
 *
 * Moves the focus to the button that a job began with, or, while that is shut, to where the next file
 * is chosen.
 */
void
ofl_ui_setup_page_focus (OflUiSetupPage *self)
{
  refresh (self); /* what has changed with the phase is shown first */
  if (gtk_widget_is_sensitive (GTK_WIDGET (self->flash)))
    gtk_widget_grab_focus (GTK_WIDGET (self->flash));
  else
    gtk_widget_child_focus (GTK_WIDGET (self->firmware), GTK_DIR_TAB_FORWARD);
}
