/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-check.h"

static void
check_free (gpointer data)
{
  OflCheck *self = data;

  ofl_sentence_clear (&self->sentence);
  g_free (self->remedy);
  g_free (self->technical);
  g_free (self);
}

/**
 * ofl_checks_new:
 *
 * Returns: (transfer full) (element-type OflCheck): no checks yet
 */
GPtrArray *
ofl_checks_new (void)
{
  return g_ptr_array_new_with_free_func (check_free);
}

/**
 * ofl_checks_add:
 * @checks: (element-type OflCheck): the checks so far
 * @id: a word for machines, that lives as long as the program
 * @level: how serious it is
 * @sentence: (transfer full): what was found
 * @remedy: (nullable): what to do about it
 *
 * Returns: (transfer none): the new check
 */
OflCheck *
ofl_checks_add (GPtrArray *checks, const char *id, OflCheckLevel level, OflSentence sentence,
                const char *remedy)
{
  OflCheck *self = g_new0 (OflCheck, 1);

  self->id = id;
  self->level = level;
  self->sentence = sentence;
  self->remedy = g_strdup (remedy);
  g_ptr_array_add (checks, self);
  return self;
}

static int
compare_levels (gconstpointer a, gconstpointer b)
{
  const OflCheck *one = *(const OflCheck *const *) a, *other = *(const OflCheck *const *) b;

  return (int) other->level - (int) one->level;
}

/**
 * ofl_checks_sort:
 * @checks: (element-type OflCheck): checks
 *
 * The most serious first; those that are equally serious stay in their order.
 */
void
ofl_checks_sort (GPtrArray *checks)
{
  g_ptr_array_sort (checks, compare_levels);
}

/**
 * ofl_checks_get_worst:
 * @checks: (element-type OflCheck): checks
 *
 * Returns: how serious the most serious is; %OFL_CHECK_OK when there is none
 */
OflCheckLevel
ofl_checks_get_worst (const GPtrArray *checks)
{
  OflCheckLevel worst = OFL_CHECK_OK;

  for (guint i = 0; i < checks->len; i++)
    worst = MAX (worst, ((const OflCheck *) g_ptr_array_index (checks, i))->level);
  return worst;
}

/**
 * ofl_checks_find:
 * @checks: (element-type OflCheck): checks
 * @id: a word for machines
 *
 * Returns: (nullable): the first of this word
 */
const OflCheck *
ofl_checks_find (const GPtrArray *checks, const char *id)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (checks, i);

      if (g_str_equal (check->id, id))
        return check;
    }
  return NULL;
}

/**
 * ofl_check_level_id:
 * @level: how serious something is
 *
 * Returns: its word for machines
 */
const char *
ofl_check_level_id (OflCheckLevel level)
{
  static const char *const ids[] = {
    [OFL_CHECK_OK] = "ok",
    [OFL_CHECK_NOTE] = "note",
    [OFL_CHECK_CAUTION] = "caution",
    [OFL_CHECK_BLOCKS] = "blocks",
  };

  return (gsize) level < G_N_ELEMENTS (ids) ? ids[level] : "unknown";
}
