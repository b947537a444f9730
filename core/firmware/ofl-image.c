/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/ofl-image.h"

#include <glib/gi18n-lib.h>

struct _OflImage {
  gatomicrefcount refs;
  char *family;
  GBytes *bytes;
  GHashTable *facts; /* name to value */
  GHashTable *shown; /* name to value in the user's language, where it is words */
  GPtrArray *fact_names;
  char *mark;
  OflHashes hashes; /* once they were asked for */
  gsize hashed;
  GArray *checks;
};

static void
check_clear (gpointer data)
{
  OflImageCheck *check = data;

  g_free (check->name);
  g_free (check->detail);
  g_free (check->english);
}

/**
 * ofl_image_new:
 * @family_id: the family whose parser recognised it
 * @bytes: (transfer none): the plain image
 *
 * Returns: (transfer full): an image
 */
OflImage *
ofl_image_new (const char *family_id, GBytes *bytes)
{
  OflImage *self = g_new0 (OflImage, 1);

  g_atomic_ref_count_init (&self->refs);
  self->family = g_strdup (family_id);
  self->bytes = g_bytes_ref (bytes);
  self->facts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fact_names = g_ptr_array_new_with_free_func (g_free);
  self->checks = g_array_new (FALSE, TRUE, sizeof (OflImageCheck));
  g_array_set_clear_func (self->checks, check_clear);
  return self;
}

/**
 * ofl_image_ref:
 * @self: an image
 *
 * Returns: (transfer full): @self
 */
OflImage *
ofl_image_ref (OflImage *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_image_unref:
 * @self: (transfer full): an image
 */
void
ofl_image_unref (OflImage *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->facts);
  g_hash_table_unref (self->shown);
  g_ptr_array_unref (self->fact_names);
  g_array_unref (self->checks);
  g_bytes_unref (self->bytes);
  g_free (self->family);
  g_free (self->mark);
  g_free (self);
}

/**
 * ofl_image_set_fact:
 * @self: an image being parsed
 * @name: what it is ("revision", "banner" …)
 * @value: (nullable): its value; bytes that are no UTF-8 are made so; %NULL is ignored
 */
void
ofl_image_set_fact (OflImage *self, const char *name, const char *value)
{
  if (value == NULL)
    return;
  if (!g_hash_table_contains (self->facts, name))
    g_ptr_array_add (self->fact_names, g_strdup (name));
  /* the table's keys live in fact_names */
  for (guint i = 0; i < self->fact_names->len; i++)
    if (g_str_equal (g_ptr_array_index (self->fact_names, i), name))
      g_hash_table_insert (self->facts, g_ptr_array_index (self->fact_names, i),
                           g_utf8_make_valid (value, -1));
}

/**
 * ofl_image_say_fact:
 * @self: an image being parsed
 * @name: what it is ("layout", "component" …)
 * @value: (transfer full): its value, where that is words
 */
void
ofl_image_say_fact (OflImage *self, const char *name, OflSentence value)
{
  ofl_image_set_fact (self, name, value.english);
  g_hash_table_replace (self->shown, g_strdup (name), g_steal_pointer (&value.shown));
  ofl_sentence_clear (&value);
}

/**
 * ofl_image_set_mark:
 * @self: an image being parsed
 * @hardware_mark: the mark that must equal the drive's and cannot be forged by renaming
 */
void
ofl_image_set_mark (OflImage *self, const char *hardware_mark)
{
  g_free (self->mark);
  self->mark = g_strdup (hardware_mark);
}

/**
 * ofl_image_take_check:
 * @self: an image being parsed
 * @name: what was checked
 * @result: how it went
 * @detail: (transfer full): what was found
 *
 * What ofl_image_add_check() calls.
 */
void
ofl_image_take_check (OflImage *self, const char *name, OflImageCheckResult result,
                      OflSentence detail)
{
  OflImageCheck check = { g_strdup (name), result, detail.shown, detail.english };

  g_array_append_val (self->checks, check);
}

/**
 * ofl_image_check_text:
 * @check: a check
 *
 * Returns: what was found, in the language that is spoken just now
 */
const char *
ofl_image_check_text (const OflImageCheck *check)
{
  return ofl_english () ? check->english : check->detail;
}

/**
 * ofl_image_get_family:
 * @self: an image
 *
 * Returns: id of its family
 */
const char *
ofl_image_get_family (const OflImage *self)
{
  return self->family;
}

/**
 * ofl_image_get_bytes:
 * @self: an image
 *
 * Returns: (transfer none): its bytes
 */
GBytes *
ofl_image_get_bytes (const OflImage *self)
{
  return self->bytes;
}

/**
 * ofl_image_get_data:
 * @self: an image
 * @length: (out): number of bytes
 *
 * Returns: (transfer none) (array length=length): its bytes
 */
const guint8 *
ofl_image_get_data (const OflImage *self, gsize *length)
{
  return g_bytes_get_data (self->bytes, length);
}

/**
 * ofl_image_get_fact:
 * @self: an image
 * @name: which
 *
 * Returns: (nullable): its value
 */
const char *
ofl_image_get_fact (const OflImage *self, const char *name)
{
  return g_hash_table_lookup (self->facts, name);
}

/**
 * ofl_image_show_fact:
 * @self: an image
 * @name: which
 *
 * Returns: (nullable): its value in the user's language, for whoever sits before the screen
 */
const char *
ofl_image_show_fact (const OflImage *self, const char *name)
{
  const char *shown = g_hash_table_lookup (self->shown, name);

  return shown != NULL ? shown : ofl_image_get_fact (self, name);
}

/**
 * ofl_image_list_facts:
 * @self: an image
 *
 * Returns: (transfer none) (element-type utf8): names of its facts in the parser's order
 */
GPtrArray *
ofl_image_list_facts (const OflImage *self)
{
  return self->fact_names;
}

/**
 * ofl_image_get_mark:
 * @self: an image
 *
 * Returns: (nullable): its hardware mark
 */
const char *
ofl_image_get_mark (const OflImage *self)
{
  return self->mark;
}

/**
 * ofl_image_get_hashes:
 * @self: an image
 *
 * Computed when they are asked for the first time, by whatever thread; what a drive was read for is
 * parsed as an image often, and nobody asks for its hashes.
 *
 * Returns: (transfer none): its hashes
 */
const OflHashes *
ofl_image_get_hashes (const OflImage *self)
{
  OflImage *mine = (OflImage *) self;

  if (g_once_init_enter (&mine->hashed))
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (self->bytes, &length);

      ofl_hashes_compute (&mine->hashes, data, length);
      g_once_init_leave (&mine->hashed, 1);
    }
  return &self->hashes;
}

/**
 * ofl_image_get_n_checks:
 * @self: an image
 *
 * Returns: number of checks made
 */
guint
ofl_image_get_n_checks (const OflImage *self)
{
  return self->checks->len;
}

/**
 * ofl_image_get_check:
 * @self: an image
 * @index: from 0
 *
 * Returns: (transfer none): a check and its result
 */
const OflImageCheck *
ofl_image_get_check (const OflImage *self, guint index)
{
  g_return_val_if_fail (index < self->checks->len, NULL);
  return &g_array_index (self->checks, OflImageCheck, index);
}

/**
 * ofl_image_is_changed:
 * @self: an image
 *
 * Returns: whether the bytes fail one of the image's own checks
 */
gboolean
ofl_image_is_changed (const OflImage *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    if (g_array_index (self->checks, OflImageCheck, i).result == OFL_IMAGE_CHECK_CHANGED)
      return TRUE;
  return FALSE;
}

/**
 * ofl_image_describe:
 * @self: an image
 *
 * Returns: (transfer full): "HL-DT-ST BD-RE BU40N 1.03", as far as it is known
 */
char *
ofl_image_describe (const OflImage *self)
{
  static const char *const names[] = { "vendor", "product", "revision" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = ofl_image_get_fact (self, names[i]);

      if (value != NULL && *value != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", value);
    }
  if (text->len == 0)
    /* Translators: an image that tells no name; %s is the id of a family of drives, as "nec" */
    g_string_append_printf (text, _ ("%s image"), self->family);
  return g_string_free (text, FALSE);
}

/**
 * ofl_image_check_result_id:
 * @result: how a check went
 *
 * Returns: a word for machines, and through _() for people
 */
const char *
ofl_image_check_result_id (OflImageCheckResult result)
{
  static const char *const ids[] = { N_ ("ok"), N_ ("changed"), N_ ("absent"), N_ ("warning") };

  g_return_val_if_fail (result < G_N_ELEMENTS (ids), "");
  return ids[result];
}
