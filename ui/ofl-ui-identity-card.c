/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-identity-card.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-practice.h"
#include "ofl-ui-text.h"
#include "scsi/ofl-error.h"

struct _OflUiIdentityCard {
  GtkBox parent_instance;

  GString *plain; /* what "copy" copies */

  GtkLabel *name;
  GtkImage *state_icon;
  GtkLabel *state;
  GtkLabel *practice;
  GtkFlowBox *facts;
  GtkWidget *assumed_expander;
  GtkLabel *assumed;
  GtkWidget *problem;
  GtkLabel *problem_text;
  GtkButton *again;
  OflUiSession *session;
  GtkWidget *remedy_box;
  GtkLabel *remedy;
};

G_DEFINE_FINAL_TYPE (OflUiIdentityCard, ofl_ui_identity_card, GTK_TYPE_BOX)

static void
on_copy (OflUiIdentityCard *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->plain->str);
}

static void
on_copy_remedy (OflUiIdentityCard *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->remedy));
}

/* A practice drive that is gone comes back by this; everything else is looked for and asked anew. */
static gboolean
is_gone_practice (OflUiSession *session)
{
  const GError *error = ofl_drive_get_error (ofl_ui_session_get_drive (session));

  return ofl_ui_session_is_practice (session) && g_error_matches (error, OFL_ERROR, OFL_ERROR_LOST);
}

static void
on_again (OflUiIdentityCard *self)
{
  if (!is_gone_practice (self->session))
    gtk_widget_activate_action (GTK_WIDGET (self), "app.look", NULL);
  else
    ofl_ui_practice_plug_in (self->session, GTK_WIDGET (self));
}

static GtkWidget *
fact_cell (const char *title, const char *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *caption = gtk_label_new (title);
  GtkWidget *label = gtk_label_new (value);

  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 14);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  caption, NULL, -1);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

/* A fact that the drive does not tell is left out instead of being shown empty. */
static void
add_fact (OflUiIdentityCard *self, const char *title, const char *value)
{
  GtkWidget *child;

  if (value == NULL || value[0] == '\0')
    return;
  child = gtk_flow_box_child_new ();
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), fact_cell (title, value));
  gtk_flow_box_insert (self->facts, child, -1);
  g_string_append_printf (self->plain, "%s: %s\n", title, value);
}

static void
clear_facts (OflUiIdentityCard *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->facts))) != NULL)
    gtk_flow_box_remove (self->facts, child);
  g_string_truncate (self->plain, 0);
}

static void
show_facts (OflUiIdentityCard *self, OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;
  const OflFamily *family = ofl_ui_session_get_family (session);
  const OflTarget *target = ofl_drive_get_target (drive);
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  g_autofree char *where = ofl_ui_text_drive (drive, "where");
  g_autofree char *serial = ofl_ui_text_serial (drive);
  g_autofree char *date = identity != NULL ? ofl_identity_date (identity) : g_strdup ("");
  g_autofree char *bridge = ofl_ui_text_bridge (ofl_target_get_topology (target));
  g_autofree char *nodes = ofl_ui_text_nodes (target);

  add_fact (self, _ ("Revision"), revision);
  if (identity != NULL)
    add_fact (self, _ ("Serial number"), serial);
  add_fact (self, _ ("Firmware date"), date);
  add_fact (self, _ ("Plugged in at"), where);
  add_fact (self, _ ("USB bridge"), bridge);
  add_fact (self, _ ("Device nodes"), nodes);
  if (family != NULL)
    {
      add_fact (self, _ ("Family"), ofl_family_name (family));
      add_fact (self, _ ("Known from"), ofl_family_evidence (family));
    }
  else if (snapshot != NULL)
    add_fact (self, _ ("Family"), _ ("none that Optiflash knows"));
}

static gboolean
is_garbled (OflDrive *drive)
{
  return ofl_drive_get_state (drive) == OFL_DRIVE_STATE_GARBLED;
}

static char *
dup_problem (OflUiSession *session, char **remedy)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  OflAccess access = ofl_drive_get_access (drive);
  const GError *error = ofl_drive_get_error (drive);

  if (!ofl_ui_session_is_present (session))
    return g_strdup (_ ("The drive has gone. Plug it in again to go on."));
  if (access != OFL_ACCESS_USABLE)
    {
      *remedy = ofl_access_remedy (access, g_get_user_name ());
      return g_strdup (ofl_access_sentence (access));
    }
  if (error != NULL)
    return g_strdup (error->message);
  if (is_garbled (drive))
    return g_strdup (_ ("What the drive says does not arrive as it was sent. Use another cable or "
                        "another port, then look again. Nothing is written to it as it is."));
  return NULL;
}

static void
show_problem (OflUiIdentityCard *self, OflUiSession *session)
{
  g_autofree char *remedy = NULL;
  g_autofree char *problem = dup_problem (session, &remedy);

  gtk_widget_set_visible (self->problem, problem != NULL);
  gtk_button_set_label (self->again,
                        is_gone_practice (session) ? _ ("_Plug in again") : _ ("_Look again"));
  gtk_label_set_label (self->problem_text, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->remedy_box, remedy != NULL);
  gtk_label_set_label (self->remedy, remedy != NULL ? remedy : "");
}

static void
ofl_ui_identity_card_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_IDENTITY_CARD (object)->session);
  G_OBJECT_CLASS (ofl_ui_identity_card_parent_class)->dispose (object);
}

static void
ofl_ui_identity_card_finalize (GObject *object)
{
  g_string_free (OFL_UI_IDENTITY_CARD (object)->plain, TRUE);
  G_OBJECT_CLASS (ofl_ui_identity_card_parent_class)->finalize (object);
}

static void
ofl_ui_identity_card_class_init (OflUiIdentityCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_identity_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_identity_card_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-identity-card.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, name);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, state_icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, state);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, practice);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, facts);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, assumed_expander);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, assumed);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, problem);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, problem_text);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, again);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, remedy_box);
  gtk_widget_class_bind_template_child (widget_class, OflUiIdentityCard, remedy);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_remedy);
}

static void
ofl_ui_identity_card_init (OflUiIdentityCard *self)
{
  self->plain = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A practice drive is as good as what is known of the real one: where it guesses, it says so. */
static void
show_assumptions (OflUiIdentityCard *self, OflUiSession *session)
{
  const char *text = ofl_core_get_practice_assumptions (ofl_ui_session_get_drive (session));

  gtk_widget_set_visible (self->assumed_expander, text != NULL);
  gtk_label_set_label (self->assumed, text != NULL ? text : "");
}

/**
 * ofl_ui_identity_card_show:
 * @self: the card
 * @session: the drive to show
 *
 * Fills the card anew.
 */
void
ofl_ui_identity_card_show (OflUiIdentityCard *self, OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  OflUiLook look = ofl_ui_look_of_drive (ofl_ui_session_is_present (session) ? drive : NULL);
  g_autofree char *name = ofl_ui_text_drive (drive, "name");
  g_autofree char *placed = ofl_ui_text_at_start (name);

  g_set_object (&self->session, session);
  clear_facts (self);
  gtk_label_set_label (self->name, placed);
  g_string_append_printf (self->plain, "%s: %s\n", _ ("Drive"), name);
  ofl_ui_look_apply (&look, self->state_icon);
  gtk_label_set_label (self->state, look.word);
  gtk_widget_set_visible (GTK_WIDGET (self->practice), ofl_ui_session_is_practice (session));
  show_facts (self, session);
  show_assumptions (self, session);
  show_problem (self, session);
}
