/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-snapshot.h"

struct _OflSnapshot {
  gatomicrefcount refs;
  OflIdentity identity;
  OflDriveState state;
  char *family;
  OflCaps caps;
  char *mark;
  guint32 image_size;
  OflSentence reason;
  OflSentence refused;
  OflSentence failed;
  GHashTable *blobs; /* name to GBytes */
  GHashTable *facts; /* name to value */
  GHashTable *shown; /* name to value in the user's language, where it is words */
  GPtrArray *fact_names;
};

/**
 * ofl_snapshot_new:
 * @identity: who the drive says it is; copied
 *
 * The state follows from the identity: normal when it can be trusted, garbled when not. A family
 * that knows better (boot mode) says so with ofl_snapshot_set_state().
 *
 * Returns: (transfer full): a snapshot without a family
 */
OflSnapshot *
ofl_snapshot_new (const OflIdentity *identity)
{
  OflSnapshot *self = g_new0 (OflSnapshot, 1);

  g_atomic_ref_count_init (&self->refs);
  self->identity = *identity;
  self->state = ofl_identity_is_trustworthy (identity, NULL) ? OFL_DRIVE_STATE_NORMAL
                                                             : OFL_DRIVE_STATE_GARBLED;
  self->blobs
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->facts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fact_names = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * ofl_snapshot_ref:
 * @self: a snapshot
 *
 * Returns: (transfer full): @self
 */
OflSnapshot *
ofl_snapshot_ref (OflSnapshot *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_snapshot_unref:
 * @self: (transfer full): a snapshot
 */
void
ofl_snapshot_unref (OflSnapshot *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->blobs);
  g_hash_table_unref (self->facts);
  g_hash_table_unref (self->shown);
  g_ptr_array_unref (self->fact_names);
  g_free (self->family);
  g_free (self->mark);
  ofl_sentence_clear (&self->reason);
  ofl_sentence_clear (&self->refused);
  ofl_sentence_clear (&self->failed);
  g_free (self);
}

/**
 * ofl_snapshot_identity:
 * @self: a snapshot
 *
 * Returns: (transfer none): who the drive says it is
 */
const OflIdentity *
ofl_snapshot_identity (const OflSnapshot *self)
{
  return &self->identity;
}

static void
set_string (char **field, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

/**
 * ofl_snapshot_set_family:
 * @self: a snapshot that is still being filled
 * @family_id: (nullable): whose drive it is
 * @caps: what that family can do with it
 */
void
ofl_snapshot_set_family (OflSnapshot *self, const char *family_id, OflCaps caps)
{
  set_string (&self->family, family_id);
  self->caps = caps;
}

/**
 * ofl_snapshot_set_state:
 * @self: a snapshot that is still being filled
 * @state: what a family found out
 */
void
ofl_snapshot_set_state (OflSnapshot *self, OflDriveState state)
{
  self->state = state;
}

/**
 * ofl_snapshot_set_mark:
 * @self: a snapshot that is still being filled
 * @hardware_mark: (nullable): what names the hardware and cannot be forged by a firmware's name
 */
void
ofl_snapshot_set_mark (OflSnapshot *self, const char *hardware_mark)
{
  set_string (&self->mark, hardware_mark);
}

/**
 * ofl_snapshot_set_image_size:
 * @self: a snapshot that is still being filled
 * @bytes: size of the firmware images it takes; 0 when not known
 */
void
ofl_snapshot_set_image_size (OflSnapshot *self, guint32 bytes)
{
  self->image_size = bytes;
}

/**
 * ofl_snapshot_set_reason:
 * @self: a snapshot that is still being filled
 * @why_not_flashable: (transfer full): a sentence
 */
void
ofl_snapshot_set_reason (OflSnapshot *self, OflSentence why_not_flashable)
{
  ofl_sentence_clear (&self->reason);
  self->reason = why_not_flashable;
}

/**
 * ofl_snapshot_set_refused:
 * @self: a snapshot that is still being filled
 * @question_and_answer: (transfer full): what the drive was asked for last and clearly refused
 */
void
ofl_snapshot_set_refused (OflSnapshot *self, OflSentence question_and_answer)
{
  ofl_sentence_clear (&self->refused);
  self->refused = question_and_answer;
}

/**
 * ofl_snapshot_set_failed:
 * @self: a snapshot that is still being filled
 * @question_and_answer: (transfer full): what the drive was asked for and gave no clean answer to. A snapshot with
 *   one is of a link that failed, and tells nothing about the drive
 */
void
ofl_snapshot_set_failed (OflSnapshot *self, OflSentence question_and_answer)
{
  ofl_sentence_clear (&self->failed);
  self->failed = question_and_answer;
}

/**
 * ofl_snapshot_set_blob:
 * @self: a snapshot that is still being filled
 * @name: its name within the family
 * @data: (array length=length): bytes the drive gave; copied
 * @length: how many
 */
void
ofl_snapshot_set_blob (OflSnapshot *self, const char *name, const guint8 *data, gsize length)
{
  g_hash_table_insert (self->blobs, g_strdup (name), g_bytes_new (data, length));
}

/**
 * ofl_snapshot_set_fact:
 * @self: a snapshot that is still being filled
 * @name: its name, shown to people
 * @value: its value, shown to people
 */
void
ofl_snapshot_set_fact (OflSnapshot *self, const char *name, const char *value)
{
  gpointer known = NULL;

  /* the table borrows its keys from the list of names */
  if (!g_hash_table_lookup_extended (self->facts, name, &known, NULL))
    {
      known = g_strdup (name);
      g_ptr_array_add (self->fact_names, known);
    }
  g_hash_table_replace (self->facts, known, g_strdup (value));
}

/**
 * ofl_snapshot_say_fact:
 * @self: a snapshot that is still being filled
 * @name: its name, shown to people
 * @value: (transfer full): its value, where that is words
 */
void
ofl_snapshot_say_fact (OflSnapshot *self, const char *name, OflSentence value)
{
  ofl_snapshot_set_fact (self, name, value.english);
  g_hash_table_replace (self->shown, g_strdup (name), g_steal_pointer (&value.shown));
  ofl_sentence_clear (&value);
}

/**
 * ofl_snapshot_get_family:
 * @self: a snapshot
 *
 * Returns: (nullable): whose drive it is; %NULL when no family knows it
 */
const char *
ofl_snapshot_get_family (const OflSnapshot *self)
{
  return self->family;
}

/**
 * ofl_snapshot_get_caps:
 * @self: a snapshot
 *
 * Returns: what the family can do with this drive
 */
OflCaps
ofl_snapshot_get_caps (const OflSnapshot *self)
{
  return self->caps;
}

/**
 * ofl_snapshot_get_state:
 * @self: a snapshot
 *
 * Returns: the drive's state when it was looked at
 */
OflDriveState
ofl_snapshot_get_state (const OflSnapshot *self)
{
  return self->state;
}

/**
 * ofl_snapshot_get_mark:
 * @self: a snapshot
 *
 * Returns: (nullable): the hardware mark
 */
const char *
ofl_snapshot_get_mark (const OflSnapshot *self)
{
  return self->mark;
}

/**
 * ofl_snapshot_get_image_size:
 * @self: a snapshot
 *
 * Returns: size of the images it takes, in bytes; 0 when not known
 */
guint32
ofl_snapshot_get_image_size (const OflSnapshot *self)
{
  return self->image_size;
}

/**
 * ofl_snapshot_get_reason:
 * @self: a snapshot
 *
 * Returns: (nullable): why it cannot be flashed, a sentence in the language that is spoken just now
 */
const char *
ofl_snapshot_get_reason (const OflSnapshot *self)
{
  return ofl_sentence_text (&self->reason);
}

/**
 * ofl_snapshot_get_refused:
 * @self: a snapshot
 *
 * Returns: (nullable): what the drive was asked for last and clearly refused
 */
const char *
ofl_snapshot_get_refused (const OflSnapshot *self)
{
  return ofl_sentence_text (&self->refused);
}

/**
 * ofl_snapshot_get_failed:
 * @self: a snapshot
 *
 * Returns: (nullable): what the drive gave no clean answer to
 */
const char *
ofl_snapshot_get_failed (const OflSnapshot *self)
{
  return ofl_sentence_text (&self->failed);
}

/**
 * ofl_snapshot_get_blob:
 * @self: a snapshot
 * @name: which
 *
 * Returns: (nullable) (transfer none): bytes the family keeps under that name
 */
GBytes *
ofl_snapshot_get_blob (const OflSnapshot *self, const char *name)
{
  return g_hash_table_lookup (self->blobs, name);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * ofl_snapshot_list_blobs:
 * @self: a snapshot
 *
 * Returns: (transfer container) (element-type utf8): names of the bytes that its family keeps,
 *   sorted; the strings belong to @self
 */
GPtrArray *
ofl_snapshot_list_blobs (const OflSnapshot *self)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->blobs);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/**
 * ofl_snapshot_get_fact:
 * @self: a snapshot
 * @name: which
 *
 * Returns: (nullable): its value
 */
const char *
ofl_snapshot_get_fact (const OflSnapshot *self, const char *name)
{
  return g_hash_table_lookup (self->facts, name);
}

/**
 * ofl_snapshot_show_fact:
 * @self: a snapshot
 * @name: which
 *
 * Returns: (nullable): its value in the user's language, for whoever sits before the screen
 */
const char *
ofl_snapshot_show_fact (const OflSnapshot *self, const char *name)
{
  const char *shown = g_hash_table_lookup (self->shown, name);

  return shown != NULL ? shown : ofl_snapshot_get_fact (self, name);
}

/**
 * ofl_snapshot_list_facts:
 * @self: a snapshot
 *
 * Returns: (transfer none) (element-type utf8): names of the facts in the family's order
 */
GPtrArray *
ofl_snapshot_list_facts (const OflSnapshot *self)
{
  return self->fact_names;
}
