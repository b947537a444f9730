/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of every family's table, and every practice drive's own name, against what real drives
 * call themselves. Prints the table of rows and evidence: the program with SOURCE_ROOT set. */
#include <string.h>

#include "families/ofl-families.h"
#include "families/ofl-practice-catalog.h"
#include "family/ofl-family-private.h"
#include "kit/wire.h"
#include "real-names.h"

#define N_ROWS 5661

static const char *const evidence_names[N_EVIDENCE]
    = { "confirmed", "in words", "other blanks", "not confirmed", "contradicted" };

static GPtrArray *
get_real (void)
{
  static GPtrArray *names;

  if (names == NULL)
    names = real_names_load ();
  return names;
}

/* The data itself: all of it is there, and it is read as it stands. */
static void
test_data (void)
{
  GPtrArray *names = get_real ();
  const RealName *witness;

  g_assert_cmpuint (names->len, ==, N_ROWS);
  g_assert_cmpint (real_names_judge (names, "DVDRW", "IDE1008", FALSE, &witness), ==,
                   EVIDENCE_BLANKS);
  g_assert_cmpstr (witness->vendor, ==, "DVDRW");
  g_assert_true (real_names_have_title (names, "ND-3x00A/ND3450A"));
  g_assert_false (real_names_have_title (names, "ND-9x00A"));
}

/* The rows that were found wrong once: the check finds each of them. The three of BTC have a name
 * that no drive answers; what they answer has another word, so that nothing contradicts them. */
static void
test_once_wrong (void)
{
  static const struct {
    const char *vendor, *product;
    gboolean prefix;
    Evidence evidence;
  } rows[] = {
    { "BTC", "DRW1008", FALSE, EVIDENCE_NONE },
    { "BTC", "DRW1004", FALSE, EVIDENCE_NONE },
    { "HL-DT-ST", "BP50NB40", FALSE, EVIDENCE_CONTRADICTED },
    { "HL-DT-ST", "WP50NB40", FALSE, EVIDENCE_CONTRADICTED },
    { "PLEXTOR", "DVR   PX-806", TRUE, EVIDENCE_CONTRADICTED },
    { "PLEXTOR", "DVR   PX-850", TRUE, EVIDENCE_CONTRADICTED },
    { "LITE-ON", "DVDRW DH-20A3", TRUE, EVIDENCE_CONTRADICTED },
    { "LITE-ON", "DVDRW DH-20A4", TRUE, EVIDENCE_CONTRADICTED },
    { "HL-DT-ST", "GSA-T21N", FALSE, EVIDENCE_CONTRADICTED },
    { "HL-DT-ST", "GMA-4082N", FALSE, EVIDENCE_CONTRADICTED },
    /* and what is none: the same product of another maker, other blanks, an older list */
    { "hp", "DVD-ROM SH-D163A", FALSE, EVIDENCE_NONE },
    { "PIONEER", "BD-RW BDR-209D", FALSE, EVIDENCE_OTHER_BLANKS },
    { "PIONEER", "BD-RW   BDR-209D", FALSE, EVIDENCE_BLANKS },
    { "HP", "DVD Writer 420n", FALSE, EVIDENCE_WORDS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const RealName *witness;

      g_test_message ("%s %s", rows[i].vendor, rows[i].product);
      g_assert_cmpint (real_names_judge (get_real (), rows[i].vendor, rows[i].product,
                                         rows[i].prefix, &witness),
                       ==, rows[i].evidence);
    }
}

static gboolean
says (const OflFamily *family, const char *group, const char *key, const char *value)
{
  g_autofree char *word = ofl_family_word (family, group, key);

  return g_strcmp0 (word, value) == 0;
}

/* A revision that a table has was seen on such a drive. */
static gboolean
revision_was_seen (const OflModel *model, const char *revision, gboolean prefix)
{
  g_autofree char *words = real_name_words (model->vendor, model->product);

  for (guint i = 0; i < get_real ()->len; i++)
    {
      const RealName *real = g_ptr_array_index (get_real (), i);

      if (g_str_equal (real->revision, revision) && real_name_is (real, words, prefix))
        return TRUE;
    }
  return FALSE;
}

static guint
count_unseen_revisions (const OflFamily *family, const OflModel *model, gboolean prefix)
{
  g_auto (GStrv) revisions = g_key_file_get_string_list (ofl_family_table (family), model->group,
                                                         "revisions", NULL, NULL);
  guint wrong = 0;

  for (guint i = 0; revisions != NULL && revisions[i] != NULL; i++)
    if (!revision_was_seen (model, revisions[i], prefix))
      {
        g_test_message ("%s: [%s] has the revision %s, which no real drive showed",
                        ofl_family_id (family), model->group, revisions[i]);
        wrong++;
      }
  return wrong;
}

/* chip=offset: all that is known of such a drive is the list of offsets of CD audio, with NEC's. */
static gboolean
known_by_offset_alone (const OflModel *model)
{
  g_autofree char *words = real_name_words (model->vendor, model->product);
  gboolean seen = FALSE;

  for (guint i = 0; i < get_real ()->len; i++)
    {
      const RealName *real = g_ptr_array_index (get_real (), i);

      if (!real_name_is (real, words, FALSE))
        continue;
      if (strstr (real->source, "offset +48)") == NULL)
        return FALSE;
      seen = TRUE;
    }
  return seen;
}

/* What is wrong with a row, %NULL when nothing is. */
static const char *
find_fault (const OflFamily *family, const OflModel *model, Evidence evidence)
{
  gboolean marked = says (family, model->group, "confirmed", "no");

  if (evidence == EVIDENCE_CONTRADICTED)
    return "is contradicted; put right vendor and product";
  if (evidence == EVIDENCE_NONE && !marked)
    return "is not confirmed; mark it confirmed=no";
  if (evidence != EVIDENCE_NONE && marked)
    return "is marked confirmed=no and is confirmed by now; take the mark away";
  if (says (family, model->group, "chip", "offset") && !known_by_offset_alone (model))
    return "is marked chip=offset and more is known by now, or nothing";
  return NULL;
}

static guint
judge_model (const OflFamily *family, const OflModel *model, guint *counts)
{
  gboolean prefix
      = g_key_file_get_boolean (ofl_family_table (family), model->group, "prefix", NULL);
  const RealName *witness;
  Evidence evidence
      = real_names_judge (get_real (), model->vendor, model->product, prefix, &witness);
  const char *fault = find_fault (family, model, evidence);

  counts[evidence]++;
  if (fault != NULL)
    g_test_message ("%s: [%s] %s%s%s", ofl_family_id (family), model->group, fault,
                    witness != NULL ? ": " : "", witness != NULL ? witness->words : "");
  return (fault != NULL ? 1 : 0) + count_unseen_revisions (family, model, prefix);
}

static guint
judge_family (const OflFamily *family, guint *counts)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (family);
  guint wrong = 0;

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);

      /* a drive that exists as a practice drive only */
      if (says (family, model->group, "practice", "true"))
        continue;
      wrong += judge_model (family, model, counts);
    }
  return wrong;
}

/* Types that a family knows by a number of theirs have titles, no names of INQUIRY. */
static void
report_titles (const OflFamily *family)
{
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (family), NULL);
  guint n = 0, seen = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *title = ofl_family_word (family, groups[i], "model");

      if (title == NULL)
        continue;
      n++;
      seen += real_names_have_title (get_real (), title);
    }
  if (n > 0)
    g_test_message ("%-10s %u types have a title, %u of them in a real drive's name",
                    ofl_family_id (family), n, seen);
}

static void
report (const char *table, const guint *counts)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "%-10s", table);
  for (guint i = 0; i < N_EVIDENCE; i++)
    g_string_append_printf (line, " %13u", counts[i]);
  g_test_message ("%s", line->str);
}

static void
report_head (void)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "%-10s", "table");
  for (guint i = 0; i < N_EVIDENCE; i++)
    g_string_append_printf (line, " %13s", evidence_names[i]);
  g_test_message ("%s", line->str);
}

static void
test_tables (void)
{
  guint all[N_EVIDENCE] = { 0 };
  guint wrong = 0;

  report_head ();
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      guint counts[N_EVIDENCE] = { 0 };

      wrong += judge_family (family, counts);
      report (ofl_family_id (family), counts);
      report_titles (family);
      for (guint k = 0; k < N_EVIDENCE; k++)
        all[k] += counts[k];
    }
  report ("all", all);
  g_assert_cmpuint (all[EVIDENCE_CONTRADICTED], ==, 0);
  g_assert_cmpuint (wrong, ==, 0);
}

/* The name that a practice drive answers, from its INQUIRY. */
static void
test_practice (void)
{
  guint counts[N_EVIDENCE] = { 0 };

  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autoptr (Wire) wire = wire_new (ofl_practice_get_id (i));
      g_autofree char *vendor = NULL, *product = NULL;
      const RealName *witness;
      Evidence evidence;

      while (wire_in (wire, 0x24, "12 00 00 00 24 00") >> 16 == 6)
        ; /* UNIT ATTENTION */
      vendor = g_strchomp (g_strndup ((const char *) wire->in + 8, 8));
      product = g_strchomp (g_strndup ((const char *) wire->in + 16, 16));
      if (g_str_equal (vendor, "OPTIFLSH"))
        continue;
      evidence = real_names_judge (get_real (), vendor, product, FALSE, &witness);
      counts[evidence]++;
      g_test_message ("%s answers %s %s: %s", ofl_practice_get_id (i), vendor, product,
                      evidence_names[evidence]);
      g_assert_cmpint (evidence, <, EVIDENCE_NONE);
    }
  report ("practice", counts);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/data", test_data);
  g_test_add_func ("/rows/once-wrong", test_once_wrong);
  g_test_add_func ("/rows/tables", test_tables);
  g_test_add_func ("/rows/practice", test_practice);
  return g_test_run ();
}
