/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A family's table, core/families/ID/ID.ini: read once, kept for the life of the program. */
#include "family/ofl-family-private.h"
#include "ofl-core-resources.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define RESOURCE_FOLDER "/org/optiflash/Optiflash/drives/"

typedef struct {
  GKeyFile *file;
  char *name;
  char *evidence;
  char *own; /* the user's own file, NULL for the table that is compiled in */
  GPtrArray *models;
} Table;

static char *
own_path (const char *id)
{
  g_autofree char *base = g_strconcat (id, ".ini", NULL);

  return g_build_filename (g_get_user_data_dir (), "optiflash", "drives", base, NULL);
}

static GKeyFile *
load_users_own (const char *id)
{
  g_autofree char *path = own_path (id);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    return g_steal_pointer (&file);
  if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_warning ("%s is not used: %s", path, error->message);
  return NULL;
}

static GKeyFile *
load_compiled_in (const char *id)
{
  g_autofree char *path = g_strconcat (RESOURCE_FOLDER, id, ".ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (ofl_core_get_resource (), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  GKeyFile *file = g_key_file_new ();

  if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, &error))
    g_critical ("The table of %s drives is missing: %s", id, error->message);
  return file;
}

/**
 * ofl_family_load_table:
 * @id: name of a table, without ".ini"
 *
 * Returns: (transfer full): the user's own table of this name, or the one that is compiled in
 */
GKeyFile *
ofl_family_load_table (const char *id)
{
  GKeyFile *file = load_users_own (id);

  return file != NULL ? file : load_compiled_in (id);
}

static char *
get_text (GKeyFile *file, const char *group, const char *key, const char *otherwise)
{
  char *text = g_key_file_get_string (file, group, key, NULL);

  return text != NULL ? text : g_strdup (otherwise);
}

static void
model_free (gpointer data)
{
  OflModel *model = data;

  g_free (model->group);
  g_free (model->vendor);
  g_free (model->product);
  g_free (model);
}

static GPtrArray *
load_models (GKeyFile *file)
{
  GPtrArray *models = g_ptr_array_new_with_free_func (model_free);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      OflModel *model;

      if (!g_str_has_prefix (groups[i], "model "))
        continue;
      model = g_new0 (OflModel, 1);
      model->group = g_strdup (groups[i]);
      model->vendor = get_text (file, groups[i], "vendor", "");
      model->product = get_text (file, groups[i], "product", "");
      g_ptr_array_add (models, model);
    }
  return models;
}

static Table *
load_table (const char *id)
{
  Table *table = g_new0 (Table, 1);

  table->file = load_users_own (id);
  if (table->file != NULL)
    table->own = own_path (id);
  else
    table->file = load_compiled_in (id);
  table->name = get_text (table->file, "family", "name", id);
  table->evidence = get_text (table->file, "family", "evidence", N_ ("not stated"));
  table->models = load_models (table->file);
  return table;
}

/* Tables are never changed nor freed once they are loaded, so only finding them needs a lock. */
static const Table *
find_table (const OflFamily *self)
{
  static GMutex lock;
  static GHashTable *tables;
  Table *table;

  g_mutex_lock (&lock);
  if (tables == NULL)
    tables = g_hash_table_new (g_str_hash, g_str_equal);
  table = g_hash_table_lookup (tables, self->id);
  if (table == NULL)
    {
      table = load_table (self->id);
      g_hash_table_insert (tables, (gpointer) g_intern_string (self->id), table);
    }
  g_mutex_unlock (&lock);
  return table;
}

/**
 * ofl_family_table:
 * @self: a family
 *
 * The user's own $XDG_DATA_HOME/optiflash/drives/ID.ini stands in for the whole table that is
 * compiled in. Read at the first call; any thread.
 *
 * Returns: (transfer none): the table, not to be changed
 */
GKeyFile *
ofl_family_table (const OflFamily *self)
{
  return find_table (self)->file;
}

/**
 * ofl_family_own_table:
 * @self: a family
 *
 * Returns: (nullable): the file of the user's that stands in for the table that is compiled in:
 *   wherever a drive is shown or written, it is said
 */
const char *
ofl_family_own_table (const OflFamily *self)
{
  return find_table (self)->own;
}

/**
 * ofl_family_name:
 * @self: a family
 *
 * Returns: its name for people, in the language that is spoken just now
 */
const char *
ofl_family_name (const OflFamily *self)
{
  return _ (find_table (self)->name);
}

/**
 * ofl_family_evidence:
 * @self: a family
 *
 * Returns: how well its protocol is known, for people ("two independent sources")
 */
const char *
ofl_family_evidence (const OflFamily *self)
{
  return _ (find_table (self)->evidence);
}

/**
 * ofl_family_keeps_backups:
 * @self: a family
 *
 * Returns: whether what is read from its drives is to be kept only: they take the maker's signed files
 *   and nothing else
 */
gboolean
ofl_family_keeps_backups (const OflFamily *self)
{
  return g_key_file_get_boolean (ofl_family_table (self), "family", "keeps-backups", NULL);
}

/**
 * ofl_family_choice:
 * @self: a family
 * @choices: (nullable): what the user chose
 * @name: which choice
 *
 * Returns: (transfer none): what is chosen, or the table's default; "" when there is neither.
 *   It lives as long as @choices
 */
const char *
ofl_family_choice (const OflFamily *self, const OflChoices *choices, const char *name)
{
  const char *chosen = ofl_choices_get (choices, name);
  g_autofree char *group = g_strconcat ("choice ", name, NULL);
  g_autofree char *preset = NULL;

  if (chosen != NULL)
    return chosen;
  preset = get_text (ofl_family_table (self), group, "default", "");
  return g_intern_string (preset);
}

/**
 * ofl_family_chose:
 * @self: a family
 * @choices: (nullable): what the user chose
 * @name: which choice
 * @value: one of its values
 *
 * Returns: whether @value is chosen, or is the default and nothing else is chosen
 */
gboolean
ofl_family_chose (const OflFamily *self, const OflChoices *choices, const char *name,
                  const char *value)
{
  return g_str_equal (ofl_family_choice (self, choices, name), value);
}

/**
 * ofl_family_check_choices:
 * @self: a family
 * @choices: (nullable): what the user chose
 * @error: return location
 *
 * Returns: %TRUE when every name and every value stands in the table; else %FALSE with
 *   %OFL_ERROR_NOT_SUPPORTED
 */
gboolean
ofl_family_check_choices (const OflFamily *self, const OflChoices *choices, GError **error)
{
  g_autoptr (GPtrArray) names = ofl_choices_list_names (choices);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const char *value = ofl_choices_get (choices, name);
      g_autofree char *group = g_strconcat ("choice ", name, NULL);
      g_auto (GStrv) values
          = g_key_file_get_string_list (ofl_family_table (self), group, "values", NULL, NULL);
      g_autofree char *known = values != NULL ? g_strjoinv (", ", values) : NULL;

      if (values == NULL)
        ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                       _ ("%s drives have no choice named “%s”. Leave it out."),
                       ofl_family_name (self), name);
      else if (!g_strv_contains ((const char *const *) values, value))
        ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                       _ ("“%s” is no value of the choice “%s”. Choose one of: %s."), value, name,
                       known);
      else
        continue;
      return FALSE;
    }
  return TRUE;
}

/**
 * ofl_family_number:
 * @self: a family
 * @group: a group of its table
 * @key: a key whose value is a number, decimal or 0x…
 *
 * Returns: the number, 0 when it is missing
 */
guint32
ofl_family_number (const OflFamily *self, const char *group, const char *key)
{
  g_autofree char *text = get_text (ofl_family_table (self), group, key, "0");

  return (guint32) g_ascii_strtoull (text, NULL, 0);
}

/**
 * ofl_family_lists:
 * @self: a family
 * @group: a group of its table
 * @key: a key whose value is a list
 * @text: what to look for; case does not matter
 *
 * Returns: whether @text is one of the list
 */
gboolean
ofl_family_lists (const OflFamily *self, const char *group, const char *key, const char *text)
{
  g_auto (GStrv) list
      = g_key_file_get_string_list (ofl_family_table (self), group, key, NULL, NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    if (g_ascii_strcasecmp (list[i], text) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ofl_family_list_models:
 * @self: a family
 *
 * Returns: (transfer full) (element-type OflModel): the models of its table, in its order; the list
 *   is the table's own and not to be changed
 */
GPtrArray *
ofl_family_list_models (const OflFamily *self)
{
  return g_ptr_array_ref (find_table (self)->models);
}

static gboolean
is_set (const OflFamily *self, const char *group, const char *key)
{
  return g_key_file_get_boolean (ofl_family_table (self), group, key, NULL);
}

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *one = ofl_family_text ((const guint8 *) a, strlen (a));
  g_autofree char *other = ofl_family_text ((const guint8 *) b, strlen (b));

  return g_str_equal (one, other);
}

/**
 * ofl_family_model_of:
 * @self: a family
 * @vendor: (nullable): a maker as INQUIRY has it; %NULL: any
 * @product: a product as INQUIRY has it
 *
 * Blanks in a row count as one. A model with the key prefix=true is met by every product that
 * begins with its own.
 *
 * Returns: (transfer full) (nullable): the group of that model in the family's table
 */
char *
ofl_family_model_of (const OflFamily *self, const char *vendor, const char *product)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);

      if ((vendor == NULL || same_words (vendor, model->vendor))
          && (same_words (product, model->product)
              || (is_set (self, model->group, "prefix")
                  && g_str_has_prefix (product, model->product))))
        return g_strdup (model->group);
    }
  return NULL;
}

static gboolean
has_value (const OflFamily *self, const char *group, const char *key, const char *wanted)
{
  g_autofree char *value = ofl_family_word (self, group, key);

  return g_strcmp0 (value, wanted) == 0;
}

/**
 * ofl_family_writes_model:
 * @self: a family
 * @group: a model's group of its table
 *
 * Returns: whether drives of the model can be written: the family writes, and the model is none of
 *   those that nobody knows how to write (written=no) or to recognise (seen=no)
 */
gboolean
ofl_family_writes_model (const OflFamily *self, const char *group)
{
  return g_str_equal (ofl_family_ability (self, "writes", NULL), "yes")
         && !has_value (self, group, "seen", "no") && !has_value (self, group, "written", "no");
}

/**
 * ofl_family_doubt:
 * @self: a family
 * @group: (nullable): a model's group of its table
 *
 * confirmed=no: no public record of a real drive has the model's name. chip=offset: that it has the
 * family's chip is known by the offset of its CD audio alone. tests/family/real holds both against
 * what real drives call themselves. seen=no and written=no: a type that no answer of a drive shows,
 * and one that nobody knows how to write.
 *
 * Returns: (nullable): what is not confirmed or not known of the model, for people
 */
const char *
ofl_family_doubt (const OflFamily *self, const char *group)
{
  if (group == NULL)
    return NULL;
  if (has_value (self, group, "confirmed", "no"))
    return _ ("name not confirmed: a source of this family has it, no public record of a real "
              "drive does");
  if (has_value (self, group, "chip", "offset"))
    return _ ("not confirmed: that it has this family's chip is known from the offset of its CD "
              "audio alone");
  if (has_value (self, group, "seen", "no"))
    return _ ("known by name only: nothing that is public tells how such a drive shows itself");
  if (has_value (self, group, "written", "no"))
    return _ ("how drives of this type are written is not publicly known, so nothing is written to "
              "them");
  return NULL;
}

/**
 * ofl_family_word:
 * @self: a family
 * @group: a group of its table
 * @key: a key of text
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when it is missing
 */
char *
ofl_family_word (const OflFamily *self, const char *group, const char *key)
{
  return g_key_file_get_string (ofl_family_table (self), group, key, NULL);
}
