/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On: models and hardware families of the table. liteon 1.1, 3.4
 * (letter rules). */
#include "families/liteon/ofl-liteon.h"

#include <string.h>

#include "family/ofl-family-private.h"

#define HARDWARE "hardware "

/**
 * ofl_liteon_find_model:
 * @self: the family
 * @vendor: as INQUIRY has it, trailing blanks cut
 * @product: likewise
 *
 * Returns: (transfer full) (nullable): the model's group in the table; %NULL when it has none
 */
char *
ofl_liteon_find_model (const OflFamily *self, const char *vendor, const char *product)
{
  return ofl_family_model_of (self, vendor, product);
}

/**
 * ofl_liteon_model_has:
 * @self: the family
 * @model: a model's group
 * @hardware: a hardware family's group
 *
 * Returns: whether the table says that the model exists with this hardware
 */
gboolean
ofl_liteon_model_has (const OflFamily *self, const char *model, const char *hardware)
{
  g_auto (GStrv) list
      = g_key_file_get_string_list (ofl_family_table (self), model, "hardware", NULL, NULL);

  return list != NULL && g_strv_contains ((const char *const *) list, hardware + strlen (HARDWARE));
}

/**
 * ofl_liteon_model_class:
 * @self: the family
 * @model: (nullable): a model's group
 *
 * Returns: (nullable): "dvd", "combo" or "dvdrom", as its hardware in the table is
 */
const char *
ofl_liteon_model_class (const OflFamily *self, const char *model)
{
  g_auto (GStrv) list = NULL;
  const char *blank;
  g_autofree char *class_id = NULL;

  if (model == NULL)
    return NULL;
  list = g_key_file_get_string_list (ofl_family_table (self), model, "hardware", NULL, NULL);
  if (list == NULL || list[0] == NULL || (blank = strchr (list[0], ' ')) == NULL)
    return NULL;
  class_id = g_strndup (list[0], (gsize) (blank - list[0]));
  return g_intern_string (class_id);
}

static gboolean
first_character_fits (GKeyFile *table, const char *group, char first)
{
  g_autofree char *letter = g_key_file_get_string (table, group, "letter", NULL);
  g_autofree char *also = g_key_file_get_string (table, group, "also", NULL);

  return first != '\0'
         && ((letter != NULL && g_ascii_toupper (letter[0]) == first)
             || (also != NULL && also[0] == first));
}

static gboolean
begins_with_one (GKeyFile *table, const char *group, const char *revision)
{
  g_auto (GStrv) prefixes = g_key_file_get_string_list (table, group, "prefixes", NULL, NULL);

  for (guint i = 0; prefixes != NULL && prefixes[i] != NULL; i++)
    if (g_str_has_prefix (revision, prefixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_odd (const char *revision)
{
  for (guint i = 1; i < 4; i++)
    if (!g_ascii_isdigit (revision[i]) && !g_ascii_isupper (revision[i]))
      return TRUE;
  return FALSE;
}

static gboolean
image_contains (const OflLiteonTraits *traits, const char *text)
{
  return memmem (traits->data, traits->length, text, strlen (text)) != NULL;
}

/* A rule beyond the letter: TRUE and FALSE in @holds. Returns FALSE when the group has none. Of a
 * drive only its revision is known; there its model decides instead of what an image holds. */
static gboolean
extra_rule (GKeyFile *table, const char *group, const OflLiteonTraits *traits, gboolean *holds)
{
  g_autofree char *text = g_key_file_get_string (table, group, "contains", NULL);

  if (text != NULL)
    *holds = traits->data == NULL || image_contains (traits, text);
  else if (g_key_file_has_key (table, group, "rebanked", NULL))
    *holds = traits->data == NULL || traits->rebanked;
  else if (g_key_file_has_key (table, group, "prefixes", NULL))
    *holds = begins_with_one (table, group, traits->revision);
  else if (g_key_file_has_key (table, group, "odd", NULL))
    *holds = strlen (traits->revision) >= 4 && is_odd (traits->revision);
  else
    return FALSE;
  return TRUE;
}

/**
 * ofl_liteon_find_hardware:
 * @self: the family
 * @model: (nullable): only hardware that the table gives to this model
 * @class_id: (nullable): only hardware of this class
 * @traits: what is known of drive or image
 *
 * Returns: (transfer full) (nullable): the group of the hardware family to which the letter
 *   belongs; one with a further rule that holds comes before one without
 */
char *
ofl_liteon_find_hardware (const OflFamily *self, const char *model, const char *class_id,
                          const OflLiteonTraits *traits)
{
  GKeyFile *table = ofl_family_table (self);
  g_autofree char *prefix = g_strdup_printf (HARDWARE "%s", class_id != NULL ? class_id : "");
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  const char *plain = NULL;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean holds = FALSE;

      /* "dvd" is no prefix of "dvdrom" here: the class ends with a blank */
      if (!g_str_has_prefix (groups[i], prefix)
          || (class_id != NULL && groups[i][strlen (prefix)] != ' ')
          || !first_character_fits (table, groups[i], traits->revision[0])
          || (model != NULL && !ofl_liteon_model_has (self, model, groups[i])))
        continue;
      if (!extra_rule (table, groups[i], traits, &holds))
        plain = plain != NULL ? plain : groups[i];
      else if (holds)
        return g_strdup (groups[i]);
    }
  return g_strdup (plain);
}

/**
 * ofl_liteon_mark:
 * @self: the family
 * @hardware: a hardware family's group
 *
 * Returns: (transfer full): the hardware mark of drives and images: letter and name
 */
char *
ofl_liteon_mark (const OflFamily *self, const char *hardware)
{
  GKeyFile *table = ofl_family_table (self);
  g_autofree char *letter = g_key_file_get_string (table, hardware, "letter", NULL);
  g_autofree char *name = g_key_file_get_string (table, hardware, "name", NULL);

  return g_strdup_printf ("%s / %s", letter != NULL ? letter : "?", name != NULL ? name : hardware);
}

/**
 * ofl_liteon_hardware_takes:
 * @self: the family
 * @hardware: a hardware family's group
 * @length: length of an image
 *
 * Returns: whether images of this hardware have that length
 */
gboolean
ofl_liteon_hardware_takes (const OflFamily *self, const char *hardware, gsize length)
{
  g_auto (GStrv) sizes
      = g_key_file_get_string_list (ofl_family_table (self), hardware, "image-sizes", NULL, NULL);

  for (guint i = 0; sizes != NULL && sizes[i] != NULL; i++)
    if (g_ascii_strtoull (sizes[i], NULL, 0) == length)
      return TRUE;
  return FALSE;
}
