/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a family says of itself in its table, for the table of families: what can be done with its
 * drives, and which drives they are. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>

static const char *const values[] = { "yes", "no", "experimental" };

/**
 * ofl_family_ability:
 * @self: a family
 * @what: "reads", "eeprom", "writes" or "verifies"; "restart": whether a new firmware
 *   shows only when the drive was switched off and on
 * @reason: (out) (optional) (nullable) (transfer full): how or why, for people; %NULL when the
 *   table does not say
 *
 * The keys WHAT and WHAT-reason in the group "family" of the table.
 *
 * Returns: "yes", "no", "experimental", or "unknown" when the table says none of them
 */
const char *
ofl_family_ability (const OflFamily *self, const char *what, char **reason)
{
  GKeyFile *table = ofl_family_table (self);
  g_autofree char *reason_key = g_strconcat (what, "-reason", NULL);
  g_autofree char *value = g_key_file_get_string (table, "family", what, NULL);
  g_autofree char *words = g_key_file_get_string (table, "family", reason_key, NULL);

  if (reason != NULL)
    *reason = words != NULL ? g_strdup (_ (words)) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_strcmp0 (values[i], value) == 0)
      return values[i];
  return "unknown";
}

/**
 * ofl_family_recovery:
 * @self: a family
 * @what: "recovery": how a drive whose write broke off is brought back; "recovery-elsewhere": what
 *   there is besides this program; "recovery-never": what not to do
 *
 * Returns: (transfer full) (nullable): the table's words, for people; %NULL when it has none
 */
char *
ofl_family_recovery (const OflFamily *self, const char *what)
{
  g_autofree char *words = ofl_family_word (self, "family", what);

  return words != NULL ? g_strdup (_ (words)) : NULL;
}

/**
 * ofl_family_warning:
 * @self: a family
 * @what: "reads" or "eeprom": what a backup is kept with whose way of reading is not proven;
 *   "eeprom-damaged": how a damaged EEPROM shows
 *
 * The key WHAT-warning in the group "family" of the table.
 *
 * Returns: (transfer full) (nullable): sentences in English, to be shown through _(); %NULL where no
 *   warning is due
 */
char *
ofl_family_warning (const OflFamily *self, const char *what)
{
  g_autofree char *key = g_strconcat (what, "-warning", NULL);

  return ofl_family_word (self, "family", key);
}

/**
 * ofl_family_list_model_names:
 * @self: a family
 *
 * Returns: (transfer full) (element-type utf8): the models of its table, "VENDOR PRODUCT" each, in
 *   its order; then those that it knows by a number of theirs and not by INQUIRY's text, whose
 *   groups name them by a key "model"
 */
GPtrArray *
ofl_family_list_model_names (const OflFamily *self)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (self), NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);

      g_ptr_array_add (names, g_strdup_printf ("%s %s", model->vendor, model->product));
    }
  for (guint i = 0; groups[i] != NULL; i++)
    {
      char *name = g_key_file_get_string (ofl_family_table (self), groups[i], "model", NULL);

      if (name != NULL)
        g_ptr_array_add (names, name);
    }
  return names;
}
