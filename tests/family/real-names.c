/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads tests/family/real/real-inquiry.csv. By itself it knows nothing of how the program compares
 * names. */
#include "real-names.h"

#include <string.h>

#define N_FIELDS 5
#define SHORTEST_OWN 5 /* letters and digits of a model's own word by which a row is contradicted */

static void
real_name_free (gpointer data)
{
  RealName *name = data;

  g_free (name->vendor);
  g_free (name->product);
  g_free (name->revision);
  g_free (name->source);
  g_free (name->words);
  g_free (name->own);
  g_free (name->blanks);
  g_free (name);
}

/* A line of RFC 4180 without line breaks in its fields. */
static GPtrArray *
split_line (const char *line)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  GString *field = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (const char *p = line;; p++)
    {
      if (*p == '"' && quoted && p[1] == '"')
        g_string_append_c (field, *++p);
      else if (*p == '"')
        quoted = !quoted;
      else if (*p == '\0' || (*p == ',' && !quoted))
        {
          g_ptr_array_add (fields, g_string_free (field, FALSE));
          if (*p == '\0')
            return fields;
          field = g_string_new (NULL);
        }
      else
        g_string_append_c (field, *p);
    }
}

/**
 * real_name_words:
 * @vendor: of a row
 * @product: likewise
 *
 * Returns: (transfer full): both in words; the maker without case, as families compare it
 */
char *
real_name_words (const char *vendor, const char *product)
{
  g_autofree char *maker = g_ascii_strup (vendor, -1);
  g_autofree char *both = g_strdup_printf ("%s %s", maker, product);
  GString *words = g_string_new (NULL);

  for (const char *p = both; *p != '\0'; p++)
    {
      if (*p != ' ' && *p != '_')
        g_string_append_c (words, *p == '/' ? '-' : *p);
      else if (words->len > 0 && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
    }
  return g_strchomp (g_string_free (words, FALSE));
}

static char *
blanks_of (const char *vendor, const char *product)
{
  g_autofree char *left = g_strchomp (g_strdup (vendor));
  g_autofree char *right = g_strchomp (g_strdup (product));

  return g_strdup_printf ("%s\t%s", left, right);
}

/* The model's own word: letters and digits from the first word with a digit on. */
static char *
own_word (const char *product)
{
  g_auto (GStrv) words = g_strsplit_set (product, " _", -1);
  GString *own = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (own->len > 0 || strpbrk (words[i], "0123456789") != NULL)
      for (const char *p = words[i]; *p != '\0'; p++)
        if (g_ascii_isalnum (*p))
          g_string_append_c (own, g_ascii_toupper (*p));
  return g_string_free (own, FALSE);
}

static RealName *
make_name (GPtrArray *fields)
{
  RealName *name = g_new0 (RealName, 1);
  const char *kind = g_ptr_array_index (fields, 4);
  const char *source = g_ptr_array_index (fields, 3);

  name->vendor = g_strdup (g_ptr_array_index (fields, 0));
  name->product = g_strdup (g_ptr_array_index (fields, 1));
  name->revision = g_strstrip (g_strdup (g_ptr_array_index (fields, 2)));
  name->source = g_strdup (source);
  name->words = real_name_words (name->vendor, name->product);
  name->own = own_word (name->product);
  name->blanks = blanks_of (name->vendor, name->product);
  name->blanks_sent = g_str_equal (kind, "dmesg") || g_str_equal (kind, "capture");
  name->blanks_listed = g_str_equal (kind, "list");
  /* ATA's IDENTIFY has vendor and product in one text, some lists have the model's word alone */
  name->bare = strstr (source, "without its type word") != NULL;
  name->whole = !name->bare && strstr (source, "not INQUIRY") == NULL;
  return name;
}

/**
 * real_names_load:
 *
 * Returns: (transfer full) (element-type RealName): all rows; a line that is none stops the test
 */
GPtrArray *
real_names_load (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (real_name_free);
  g_autofree char *path = g_build_filename (g_getenv ("SOURCE_ROOT"), "tests", "family", "real",
                                            "real-inquiry.csv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) fields = split_line (g_strchomp (lines[i]));

      if (lines[i][0] == '\0')
        continue;
      g_assert_cmpuint (fields->len, ==, N_FIELDS);
      g_ptr_array_add (names, make_name (fields));
    }
  return names;
}

/**
 * real_name_is:
 * @self: a row of what real drives say
 * @words: of a row of ours, by real_name_words()
 * @prefix: every product that begins so is meant
 *
 * Returns: whether it is the same name in words
 */
gboolean
real_name_is (const RealName *self, const char *words, gboolean prefix)
{
  return prefix ? g_str_has_prefix (self->words, words) : g_str_equal (self->words, words);
}

static gboolean
has_type_word (const char *product)
{
  return strpbrk (product, "0123456789") != NULL && strchr (product, ' ') != NULL
         && strchr (product, ' ') < strpbrk (product, "0123456789");
}

/* The same own word in another product: of the same maker always, of another one only where a word
 * stands before ours that may be wrong. */
static gboolean
contradicts (const RealName *real, const char *own, const char *vendor, const char *product)
{
  return real->whole && strlen (own) >= SHORTEST_OWN && g_str_has_prefix (real->own, own)
         && (g_ascii_strcasecmp (real->vendor, vendor) == 0 || has_type_word (product));
}

/* Another maker's drive has this very product: then ours may be a twin that nobody has seen. */
static gboolean
has_same_product (const RealName *real, const char *product)
{
  g_autofree char *theirs = real_name_words ("", real->product);
  g_autofree char *ours = real_name_words ("", product);

  return g_str_has_prefix (theirs, ours);
}

static gboolean
has_same_blanks (const RealName *real, const char *blanks, gboolean prefix)
{
  return prefix ? g_str_has_prefix (real->blanks, blanks) : g_str_equal (real->blanks, blanks);
}

/* What one name in the same words is worth, the least first: words, blanks of a list, other blanks
 * than a drive sent, the blanks that it sent. */
static guint
rank_of (const RealName *real, const char *blanks, gboolean prefix)
{
  gboolean same = has_same_blanks (real, blanks, prefix);

  if (real->blanks_sent)
    return same ? 4 : 3;
  return real->blanks_listed && same ? 2 : 1;
}

/**
 * real_names_judge:
 * @names: what real drives say
 * @vendor: of a row of ours
 * @product: likewise
 * @prefix: every product that begins so is meant
 * @witness: (out) (nullable): a row that says so, where there is one
 *
 * Returns: what real drives say of the row
 */
Evidence
real_names_judge (GPtrArray *names, const char *vendor, const char *product, gboolean prefix,
                  const RealName **witness)
{
  static const Evidence of_rank[]
      = { EVIDENCE_NONE, EVIDENCE_WORDS, EVIDENCE_BLANKS, EVIDENCE_OTHER_BLANKS, EVIDENCE_BLANKS };
  g_autofree char *blanks = blanks_of (vendor, product);
  g_autofree char *words = real_name_words (vendor, product);
  g_autofree char *own = own_word (product);
  const RealName *against = NULL;
  gboolean twin = FALSE;
  guint best = 0;

  *witness = NULL;
  for (guint i = 0; i < names->len; i++)
    {
      const RealName *real = g_ptr_array_index (names, i);
      guint rank;

      if (real->bare)
        continue;
      if (!real_name_is (real, words, prefix))
        {
          if (!contradicts (real, own, vendor, product))
            continue;
          twin = twin || has_same_product (real, product);
          against = against == NULL ? real : against;
          continue;
        }
      rank = rank_of (real, blanks, prefix);
      *witness = rank > best ? real : *witness;
      best = MAX (best, rank);
    }
  if (best > 0 || against == NULL || twin)
    return of_rank[best];
  *witness = against;
  return EVIDENCE_CONTRADICTED;
}

/* A title's small x stands for a digit. */
static gboolean
begins_with_title (const char *own, const char *title)
{
  for (; *title != '\0'; title++)
    {
      if (!g_ascii_isalnum (*title))
        continue;
      if (*title == 'x' ? !g_ascii_isdigit (*own) : *own != g_ascii_toupper (*title))
        return FALSE;
      own++;
    }
  return strlen (own) <= 2;
}

/**
 * real_names_have_title:
 * @names: what real drives say
 * @title: a title that a family has for a type, one or several with "/" between
 *
 * Returns: whether the product of a real drive has it for its own word
 */
gboolean
real_names_have_title (GPtrArray *names, const char *title)
{
  g_auto (GStrv) titles = g_strsplit (title, "/", -1);

  for (guint i = 0; i < names->len; i++)
    {
      const RealName *real = g_ptr_array_index (names, i);

      for (guint k = 0; titles[k] != NULL; k++)
        if (begins_with_title (real->own, titles[k]))
          return TRUE;
    }
  return FALSE;
}
