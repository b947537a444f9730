/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named choices of a family, string to string. */
#include "family/ofl-family-private.h"

struct _OflChoices {
  gatomicrefcount refs;
  GHashTable *values;
};

/**
 * ofl_choices_new:
 *
 * Returns: (transfer full): choices with nothing chosen: every name has its family's default
 */
OflChoices *
ofl_choices_new (void)
{
  OflChoices *self = g_new0 (OflChoices, 1);

  g_atomic_ref_count_init (&self->refs);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * ofl_choices_copy:
 * @self: (nullable): choices
 *
 * Returns: (transfer full): choices of the same values that nobody else changes
 */
OflChoices *
ofl_choices_copy (const OflChoices *self)
{
  OflChoices *copy = ofl_choices_new ();
  GHashTableIter iter;
  gpointer name, value;

  if (self == NULL)
    return copy;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    ofl_choices_set (copy, name, value);
  return copy;
}

/**
 * ofl_choices_ref:
 * @self: choices
 *
 * Returns: (transfer full): @self
 */
OflChoices *
ofl_choices_ref (OflChoices *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_choices_unref:
 * @self: (transfer full): choices
 */
void
ofl_choices_unref (OflChoices *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->values);
  g_free (self);
}

/**
 * ofl_choices_set:
 * @self: choices that are not yet shared with another thread
 * @name: which choice ("dialect")
 * @value: (nullable): what is chosen ("oem"); %NULL goes back to the default
 */
void
ofl_choices_set (OflChoices *self, const char *name, const char *value)
{
  if (value == NULL)
    g_hash_table_remove (self->values, name);
  else
    g_hash_table_replace (self->values, g_strdup (name), g_strdup (value));
}

/**
 * ofl_choices_get:
 * @self: (nullable): choices
 * @name: which choice
 *
 * Returns: (transfer none) (nullable): what is chosen, or %NULL for the default
 */
const char *
ofl_choices_get (const OflChoices *self, const char *name)
{
  return self != NULL ? g_hash_table_lookup (self->values, name) : NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * ofl_choices_list_names:
 * @self: (nullable): choices
 *
 * Returns: (transfer container) (element-type utf8): the names that are set, sorted; the strings
 *   belong to @self
 */
GPtrArray *
ofl_choices_list_names (const OflChoices *self)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  if (self == NULL)
    return names;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}
