/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for a drive by its name. Names are compared by their letters and digits alone: nobody
 * types the blanks, dashes and underscores as a drive has them. A name's own word is what stands from
 * the first part with a digit on ("iHAS124Y", "SOHW812S"). */
#include "families/ofl-families-search.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "families/ofl-families.h"
#include "family/ofl-family-private.h"

#define SHORTEST_WORD 4 /* of a word that is taken for a model's own */
#define LONGEST_TAIL 2  /* letters that a drive may have behind a title ("ND-3500AG") */
#define NOT_SERVED "not-served "

typedef struct {
  char *all;   /* letters and digits of the whole text, upper case */
  char *own;   /* its own word, likewise */
  GStrv words; /* each word of it, likewise */
  GPtrArray *found;
} Search;

static char *
squeeze (const char *text)
{
  GString *squeezed = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isalnum (*text))
      g_string_append_c (squeezed, g_ascii_toupper (*text));
  return g_string_free (squeezed, FALSE);
}

static gboolean
has_digit (const char *text)
{
  return strpbrk (text, "0123456789") != NULL;
}

/* From the first word with a digit on; all of a text that has no digit. */
static char *
own_word (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " _", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (has_digit (words[i]))
      {
        g_autofree char *rest = g_strjoinv (" ", words + i);

        return squeeze (rest);
      }
  return squeeze (text);
}

static GStrv
squeezed_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " _", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *squeezed = squeeze (words[i]);

      if (*squeezed != '\0')
        g_strv_builder_add (builder, squeezed);
    }
  return g_strv_builder_end (builder);
}

static gboolean
has_word (const Search *search, const char *word)
{
  return g_strv_contains ((const char *const *) search->words, word);
}

static void
found_free (gpointer data)
{
  OflFound *found = data;

  g_free (found->name);
  g_free (found->why);
  g_free (found);
}

static OflFound *
add (Search *search, const OflFamily *family, OflFoundBy by, const char *name)
{
  OflFound *found;

  for (guint i = 0; i < search->found->len; i++)
    {
      found = g_ptr_array_index (search->found, i);
      if (found->family == family && g_strcmp0 (found->name, name) == 0)
        return found;
    }
  found = g_new0 (OflFound, 1);
  found->family = family;
  found->by = by;
  found->name = g_strdup (name);
  g_ptr_array_add (search->found, found);
  return found;
}

/* What the table says of it. */
static void
note (OflFound *found, const char *group)
{
  found->writes = ofl_family_writes_model (found->family, group);
  found->doubt = ofl_family_doubt (found->family, group);
}

static gboolean
is_word_of (const Search *search, const char *word)
{
  return strlen (word) >= SHORTEST_WORD
         && (g_str_equal (search->own, word) || has_word (search, word));
}

/* What it is sold as, where that is no name that a drive answers. */
static gboolean
is_sold_as (const Search *search, const OflFamily *family, const char *group)
{
  g_auto (GStrv) names
      = g_key_file_get_string_list (ofl_family_table (family), group, "sold-as", NULL, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *whole = squeeze (names[i]);
      g_autofree char *word = own_word (names[i]);

      if (g_str_equal (search->all, whole) || is_word_of (search, word))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_model (const Search *search, const OflFamily *family, const OflModel *model)
{
  g_autofree char *product = squeeze (model->product);
  g_autofree char *word = own_word (model->product);
  gboolean prefix
      = g_key_file_get_boolean (ofl_family_table (family), model->group, "prefix", NULL);

  return g_str_equal (search->all, product) || is_word_of (search, word)
         || (prefix && strlen (word) >= SHORTEST_WORD && g_str_has_prefix (search->own, word));
}

static gboolean
has_revision (const Search *search, const OflFamily *family, const char *group)
{
  g_auto (GStrv) revisions
      = g_key_file_get_string_list (ofl_family_table (family), group, "revisions", NULL, NULL);

  for (guint i = 0; revisions != NULL && revisions[i] != NULL; i++)
    {
      g_autofree char *squeezed = squeeze (revisions[i]);

      if (has_word (search, squeezed))
        return TRUE;
    }
  return FALSE;
}

/* Whether @model is what @by asks for. */
static gboolean
model_fits (const Search *search, const OflFamily *family, const OflModel *model, const char *name,
            OflFoundBy by)
{
  g_autofree char *whole = squeeze (name);

  switch (by)
    {
    case OFL_FOUND_NAME:
      return g_str_equal (search->all, whole) || is_model (search, family, model)
             || is_sold_as (search, family, model->group);
    case OFL_FOUND_PART:
      return strstr (whole, search->all) != NULL;
    case OFL_FOUND_REVISION:
      return has_revision (search, family, model->group);
    default:
      return TRUE;
    }
}

static void
find_models (Search *search, const OflFamily *family, OflFoundBy by)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (family);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      g_autofree char *name = g_strdup_printf ("%s %s", model->vendor, model->product);

      if (!g_key_file_get_boolean (ofl_family_table (family), model->group, "practice", NULL)
          && model_fits (search, family, model, name, by))
        note (add (search, family, by, name), model->group);
    }
}

/* A title's small x stands for any digit: "ND-3x00A". */
static gboolean
begins_with_title (const char *text, const char *title)
{
  for (; *title != '\0'; title++)
    {
      if (!g_ascii_isalnum (*title))
        continue;
      if (*title == 'x' ? !g_ascii_isdigit (*text) : *text != g_ascii_toupper (*title))
        return FALSE;
      text++;
    }
  return strlen (text) <= LONGEST_TAIL;
}

/* Titles are of drives that a family knows by a number of theirs; several may be in one. */
static gboolean
title_fits (const Search *search, const char *title, OflFoundBy by)
{
  g_auto (GStrv) titles = g_strsplit (title, "/", -1);
  g_autofree char *whole = squeeze (title);

  if (by == OFL_FOUND_PART)
    return strstr (whole, search->all) != NULL;
  if (by == OFL_FOUND_NAME && g_str_equal (search->all, whole))
    return TRUE;
  for (guint i = 0; titles[i] != NULL && by == OFL_FOUND_NAME; i++)
    {
      if (begins_with_title (search->own, titles[i]))
        return TRUE;
      for (guint k = 0; search->words[k] != NULL; k++)
        if (begins_with_title (search->words[k], titles[i]))
          return TRUE;
    }
  return by == OFL_FOUND_FAMILY;
}

static void
find_titles (Search *search, const OflFamily *family, OflFoundBy by)
{
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (family), NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *title = ofl_family_word (family, groups[i], "model");

      if (title != NULL && title_fits (search, title, by))
        note (add (search, family, by, title), groups[i]);
    }
}

static void
find_in_all (Search *search, OflFoundBy by)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      find_models (search, ofl_families_get (i), by);
      find_titles (search, ofl_families_get (i), by);
    }
}

/* Named by its id, or by the name that people know it by. */
static void
find_named_families (Search *search)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *id = squeeze (ofl_family_id (family));
      g_autofree char *name = squeeze (ofl_family_name (family));

      if (!g_str_equal (search->all, id) && !g_str_equal (search->all, name))
        continue;
      find_models (search, family, OFL_FOUND_FAMILY);
      find_titles (search, family, OFL_FOUND_FAMILY);
    }
}

/* The first of a family's list that a word of the text is, or begins with. */
static char *
find_listed (const Search *search, const OflFamily *family, const char *key, gboolean begins)
{
  g_auto (GStrv) list
      = g_key_file_get_string_list (ofl_family_table (family), "family", key, NULL, NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    {
      g_autofree char *squeezed = squeeze (list[i]);

      for (guint k = 0; search->words[k] != NULL; k++)
        if (begins ? g_str_has_prefix (search->words[k], squeezed)
                   : g_str_equal (search->words[k], squeezed))
          return g_strdup (list[i]);
    }
  return NULL;
}

/* Whose drives are asked, where no model has the name. A family that asks only some classes of a
 * maker's drives is asked for those. */
static void
find_makers (Search *search)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      gboolean classes = g_key_file_has_key (ofl_family_table (family), "family", "classes", NULL);
      g_autofree char *listed
          = find_listed (search, family, classes ? "classes" : "vendors", classes);

      if (listed == NULL)
        listed = find_listed (search, family, "searched", TRUE);
      if (listed != NULL)
        add (search, family, OFL_FOUND_MAKER, listed);
    }
}

/* The text is a maker's name and nothing else: families that ask all of this maker's drives, whatever
 * models of theirs or of others have it in their name. */
static void
find_maker_alone (Search *search)
{
  for (guint i = 0; i < ofl_families_count () && search->words[1] == NULL; i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *listed = find_listed (search, family, "vendors", FALSE);

      if (listed != NULL
          && !g_key_file_has_key (ofl_family_table (family), "family", "classes", NULL))
        add (search, family, OFL_FOUND_MAKER, listed);
    }
}

static void
find_not_served (Search *search, const OflFamily *family, const char *group)
{
  g_autofree char *vendor = ofl_family_word (family, group, "vendor");
  g_autofree char *product = ofl_family_word (family, group, "product");
  g_autofree char *why = ofl_family_word (family, group, "why");
  const char *last = product != NULL ? strrchr (product, ' ') : NULL;
  g_autofree char *word = last != NULL ? squeeze (last) : g_strdup ("");
  OflFound *found;

  for (guint i = 0; *word != '\0' && why != NULL && search->words[i] != NULL; i++)
    if (g_str_has_prefix (search->words[i], word))
      {
        g_autofree char *name = g_strdup_printf ("%s %s…", vendor, product);

        found = add (search, family, OFL_FOUND_NOT_SERVED, name);
        g_free (found->why);
        found->why = g_strdup (_ (why));
      }
}

static void
find_all_not_served (Search *search)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (family), NULL);

      for (guint k = 0; groups[k] != NULL; k++)
        if (g_str_has_prefix (groups[k], NOT_SERVED))
          find_not_served (search, family, groups[k]);
    }
}

/**
 * ofl_families_search:
 * @text: what a user knows of a drive: model, maker and model, what it is sold as elsewhere, a
 *   revision, a part of one of them, a family
 *
 * Pure: only the tables are looked at. Any thread.
 *
 * Returns: (transfer full) (element-type OflFound): what was found, the models themselves first;
 *   empty when no table has anything of it
 */
GPtrArray *
ofl_families_search (const char *text)
{
  g_autofree char *all = squeeze (text);
  g_autofree char *own = own_word (text);
  g_auto (GStrv) words = squeezed_words (text);
  Search search = { all, own, words, g_ptr_array_new_with_free_func (found_free) };

  if (strlen (all) < OFL_SEARCH_SHORTEST)
    return search.found;
  find_named_families (&search);
  if (search.found->len > 0)
    return search.found;
  find_in_all (&search, OFL_FOUND_NAME);
  find_in_all (&search, OFL_FOUND_PART);
  find_maker_alone (&search);
  find_all_not_served (&search);
  if (search.found->len == 0)
    find_in_all (&search, OFL_FOUND_REVISION);
  if (search.found->len == 0)
    find_makers (&search);
  return search.found;
}

/**
 * ofl_found_by_id:
 * @by: how something was found
 *
 * Returns: its name for programs
 */
const char *
ofl_found_by_id (OflFoundBy by)
{
  static const char *const ids[] = { "name", "part", "revision", "family", "maker", "not-served" };

  g_return_val_if_fail (by < G_N_ELEMENTS (ids), "");
  return ids[by];
}

/**
 * ofl_family_describe_served:
 * @family: a family
 *
 * Returns: (transfer full): whether its drives are served, in sentences for people
 */
char *
ofl_family_describe_served (const OflFamily *family)
{
  g_autofree char *why = NULL;
  g_autofree char *how = NULL;
  g_autofree char *elsewhere = ofl_family_word (family, "family", "elsewhere");
  const char *writes = ofl_family_ability (family, "writes", &why);
  const char *reads = ofl_family_ability (family, "reads", &how);

  if (g_str_equal (writes, "yes"))
    return g_strdup (
        g_str_equal (ofl_family_ability (family, "matches", NULL), "yes")
            ? _ (
                "Served: its firmware can be written here, once the drive's own answers show that it "
                "is of this family.")
            : _ (
                "Served: its firmware can be written here. The drive is known by its name alone."));
  if (g_str_equal (reads, "no"))
    /* Translators: why a drive cannot be written */
    return g_strdup_printf (_ ("Known, but not written here: %s."), why != NULL ? why : writes);
  if (elsewhere != NULL)
    /* Translators: why a drive cannot be written; how it is read; what else there is */
    return g_strdup_printf (_ ("Known, but not written here: %s. It can be read: %s. What exists "
                               "elsewhere: %s."),
                            why != NULL ? why : writes, how != NULL ? how : reads, _ (elsewhere));
  /* Translators: why a drive cannot be written; how it is read */
  return g_strdup_printf (_ ("Known, but not written here: %s. It can be read: %s."),
                          why != NULL ? why : writes, how != NULL ? how : reads);
}

/**
 * ofl_found_describe:
 * @self: an answer of a search
 *
 * Returns: (transfer full): whether such a drive is served, in sentences for people
 */
char *
ofl_found_describe (const OflFound *self)
{
  g_autofree char *served = NULL;

  if (self->by == OFL_FOUND_NOT_SERVED)
    return g_strdup_printf (_ ("Not served. %s"), self->why);
  if (self->by == OFL_FOUND_MAKER)
    /* Translators: how a drive's name begins, a family */
    return g_strdup_printf (
        _ ("No model of this name stands in the tables. Drives with %s in their name are asked with "
           "commands that only read; the answer tells whether this one is of the family %s."),
        self->name, ofl_family_name (self->family));
  if (!self->writes && self->doubt != NULL
      && g_str_equal (ofl_family_ability (self->family, "writes", NULL), "yes"))
    /* Translators: what is not known of it */
    return g_strdup_printf (_ ("Known, but not written here: %s."), self->doubt);
  served = ofl_family_describe_served (self->family);
  if (self->doubt == NULL)
    return g_steal_pointer (&served);
  return g_strdup_printf ("%s (%s)", served, self->doubt);
}

/**
 * ofl_families_say_not_found:
 * @text: what was looked for and not found
 *
 * Returns: (transfer full): that it is not known here
 */
char *
ofl_families_say_not_found (const char *text)
{
  return g_strdup_printf (
      _ ("No drive of this name stands in the tables. “%s” is not known to us, so "
         "nothing is written to such a drive."),
      text);
}

/**
 * ofl_families_say_instead:
 *
 * Returns: what can still be done with a drive that is not known, for people
 */
const char *
ofl_families_say_instead (void)
{
  return _ (
      "A drive may still be recognised by what it answers, or called otherwise in the tables: "
      "connect it and look with “optiflashctl info DRIVE”, which only reads. “optiflashctl "
      "report DRIVE” writes down what can be read of it; send that, so that it can be added.");
}
