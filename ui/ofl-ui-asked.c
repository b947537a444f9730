/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-asked.h"

#include <glib/gi18n.h>

#include "flash/ofl-preflight.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-text.h"

struct _OflUiAsked {
  GObject parent_instance;

  OflUiSession *session;
  OflUiSession *first; /* the drive whose page asks; may be @session */
  OflImage *image;
  char *asked; /* what the question is about, in a line */

  OflSnapshot *looked; /* the drive as it was when everything was looked at; NULL: it was not yet */
  OflSnapshot *looking_at; /* and as it is while it is looked at; else NULL */
  GCancellable *looking;
};

G_DEFINE_FINAL_TYPE (OflUiAsked, ofl_ui_asked, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean
is_first (OflUiAsked *self)
{
  return self->session == self->first;
}

static OflSnapshot *
get_snapshot (OflUiAsked *self)
{
  return ofl_drive_get_snapshot (ofl_ui_session_get_drive (self->session));
}

/* (nullable) (transfer full): of this drive and the first one's image, as they are now */
static OflJudgement *
judge (OflUiAsked *self)
{
  OflJudgement *own = ofl_ui_session_get_judgement (self->session);
  OflSnapshot *snapshot = get_snapshot (self);

  if (is_first (self))
    return own != NULL ? ofl_judgement_ref (own) : NULL;
  if (snapshot == NULL || self->image == NULL)
    return NULL;
  return ofl_families_judge (snapshot, self->image, ofl_ui_session_get_choices (self->session));
}

/* Who the drive is, which bytes, and how they match. Each look at the drive judges anew, and that alone
 * changes nothing. NULL where nobody knows the drive. */
static char *
dup_asked (OflUiAsked *self)
{
  OflSnapshot *snapshot = get_snapshot (self);
  const OflIdentity *identity = snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL;
  g_autoptr (OflJudgement) judgement = judge (self);
  OflImage *image = ofl_ui_session_get_image (self->first);

  if (identity == NULL || judgement == NULL || !ofl_ui_session_is_present (self->session))
    return NULL;
  return g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%u", identity->vendor, identity->product,
                          identity->revision, identity->serial,
                          image != NULL ? ofl_image_get_hashes (image)->sha256 : "",
                          ofl_judgement_get_level (judgement));
}

static void
on_session_changed (OflUiAsked *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
ofl_ui_asked_dispose (GObject *object)
{
  OflUiAsked *self = OFL_UI_ASKED (object);

  g_cancellable_cancel (self->looking);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->first);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->looked, ofl_snapshot_unref);
  g_clear_pointer (&self->looking_at, ofl_snapshot_unref);
  g_clear_pointer (&self->asked, g_free);
  G_OBJECT_CLASS (ofl_ui_asked_parent_class)->dispose (object);
}

static void
ofl_ui_asked_class_init (OflUiAskedClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_asked_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_ASKED, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_asked_init (OflUiAsked *self)
{
}

/**
 * ofl_ui_asked_new:
 * @session: a drive
 * @first: the drive whose page asks, with the file; @session itself, or another one
 *
 * Returns: (transfer full): the question about @session, as it is at this moment
 */
OflUiAsked *
ofl_ui_asked_new (OflUiSession *session, OflUiSession *first)
{
  OflUiAsked *self = g_object_new (OFL_UI_TYPE_ASKED, NULL);
  OflImage *image = ofl_ui_session_get_image (first);

  self->session = g_object_ref (session);
  self->first = g_object_ref (first);
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->asked = dup_asked (self);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (on_session_changed), self);
  return self;
}

/**
 * ofl_ui_asked_get_session:
 * @self: a drive that is asked about
 *
 * Returns: (transfer none): its session
 */
OflUiSession *
ofl_ui_asked_get_session (OflUiAsked *self)
{
  return self->session;
}

/**
 * ofl_ui_asked_fits:
 * @self: a drive that is asked about
 *
 * Returns: whether the file fits it as it is, without anybody's word; a backup of another drive does not
 */
gboolean
ofl_ui_asked_fits (OflUiAsked *self)
{
  g_autoptr (OflJudgement) judgement = judge (self);

  if (!ofl_ui_session_is_present (self->session) || judgement == NULL)
    return FALSE;
  if (ofl_ui_session_get_backup (self->first) != NULL && !is_first (self))
    return FALSE;
  return ofl_judgement_get_level (judgement) < OFL_LEVEL_RED_SOFT;
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiAsked) self = data;
  g_autoptr (GPtrArray) checks = ofl_preflight_run_finish (result, NULL);
  const OflCheck *worst = checks != NULL && checks->len > 0 ? g_ptr_array_index (checks, 0) : NULL;

  g_clear_object (&self->looking);
  if (checks == NULL || self->session == NULL)
    return;
  g_clear_pointer (&self->looked, ofl_snapshot_unref);
  self->looked = g_steal_pointer (&self->looking_at);
  if (self->looked != get_snapshot (self))
    { /* that is no longer what is known of it */
      ofl_ui_asked_look (self);
      return;
    }
  ofl_ui_session_set_refusal (self->session, worst != NULL && worst->level == OFL_CHECK_BLOCKS
                                                 ? worst->sentence.shown
                                                 : NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * ofl_ui_asked_look:
 * @self: a drive that is asked about
 *
 * Looks, on a worker thread, at what core looks at before a write; "changed" when it is done.
 */
void
ofl_ui_asked_look (OflUiAsked *self)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  OflSnapshot *snapshot = get_snapshot (self);

  if (self->looking != NULL || snapshot == NULL)
    return;
  self->looking_at = ofl_snapshot_ref (snapshot);
  self->looking = g_cancellable_new ();
  options->choices = ofl_choices_ref (ofl_ui_session_get_choices (self->session));
  options->accept_warnings = is_first (self)
                             && ofl_ui_session_has_accepted_warnings (self->session);
  /* how the file fits is judged apart */
  ofl_preflight_run_async (
      ofl_preflight_new (ofl_drive_get_target (ofl_ui_session_get_drive (self->session)), snapshot,
                         NULL, options),
      self->looking, on_looked, g_object_ref (self));
}

/**
 * ofl_ui_asked_is_looked_at:
 * @self: a drive that is asked about
 *
 * Returns: whether everything was looked at since the question was asked, at the drive as it is now
 */
gboolean
ofl_ui_asked_is_looked_at (OflUiAsked *self)
{
  return self->looked != NULL && self->looked == get_snapshot (self);
}

/**
 * ofl_ui_asked_why_not:
 * @self: a drive that is asked about
 *
 * Returns: (nullable) (transfer full): why it cannot be flashed now, a sentence; %NULL when it can
 */
char *
ofl_ui_asked_why_not (OflUiAsked *self)
{
  g_autoptr (OflJudgement) judgement = NULL;

  if (is_first (self))
    return ofl_ui_session_why_not_flash (self->session);
  judgement = judge (self);
  return ofl_ui_session_why_not_flash_too (self->session, judgement);
}

/**
 * ofl_ui_asked_why_moot:
 * @self: a drive that is asked about
 *
 * Returns: (nullable) (transfer full): why the answer would be for something else, or for nothing;
 *   %NULL where it is for what was asked
 */
char *
ofl_ui_asked_why_moot (OflUiAsked *self)
{
  g_autofree char *now = dup_asked (self);

  if (now != NULL && g_strcmp0 (now, self->asked) != 0)
    return g_strdup (_ ("Drive or file has changed."));
  return ofl_ui_asked_why_not (self);
}

/**
 * ofl_ui_asked_dup_name:
 * @self: a drive that is asked about
 *
 * Returns: (transfer full): its name, and that it is a practice drive where it is one
 */
char *
ofl_ui_asked_dup_name (OflUiAsked *self)
{
  g_autofree char *name = ofl_ui_text_drive (ofl_ui_session_get_drive (self->session), "name");

  /* Translators: a drive's name; stands behind "Drive:" */
  return ofl_ui_session_is_practice (self->session)
             ? g_strdup_printf (_ ("%s (practice drive)"), name)
             : g_steal_pointer (&name);
}

/**
 * ofl_ui_asked_dup_new_revision:
 * @self: a drive that is asked about
 *
 * Returns: (transfer full): the revision that it will have, or that the file does not tell it
 */
char *
ofl_ui_asked_dup_new_revision (OflUiAsked *self)
{
  char *revision
      = self->image != NULL ? ofl_families_image_revision (get_snapshot (self), self->image) : NULL;

  return revision != NULL ? revision : g_strdup (_ ("not told by the file"));
}

/**
 * ofl_ui_asked_begin:
 * @self: a drive for which the answer was yes
 *
 * Begins its job. A drive that is not the first gets the file before, and is judged with it once more.
 *
 * Returns: (nullable) (transfer full): why nothing was begun, a sentence; %NULL when it was
 */
char *
ofl_ui_asked_begin (OflUiAsked *self)
{
  G_GNUC_UNUSED g_autoptr (OflUiAsked) hold = g_object_ref (self);
  char *why_not = ofl_ui_asked_why_moot (self);

  g_signal_handlers_disconnect_by_data (self->session, self);
  if (why_not == NULL && !is_first (self))
    {
      ofl_ui_session_take_same (self->session, self->first);
      why_not = ofl_ui_session_why_not_flash (self->session);
    }
  if (why_not == NULL)
    ofl_ui_session_flash (self->session);
  return why_not;
}
