/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images changed at random, and drives whose every answer is changed at random: families parse,
 * judge and plan them within their bounds, which the sanitizers see. Always in the same way;
 * OFL_FUZZ_ROUNDS says how often each kind. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "tests/family/workbench.h"

static guint
rounds (void)
{
  const char *text = g_getenv ("OFL_FUZZ_ROUNDS");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 60;
}

/* Some bytes anywhere, more of them where headers are, and sometimes another length. */
static gsize
change (GRand *rand, guint8 *data, gsize length)
{
  for (int n = g_rand_int_range (rand, 1, 20); n > 0; n--)
    {
      gsize room = g_rand_boolean (rand) ? MIN (length, 0x400) : length;

      data[g_rand_int (rand) % room] = (guint8) g_rand_int (rand);
    }
  return g_rand_int_range (rand, 0, 4) == 0 ? 1 + g_rand_int (rand) % length : length;
}

/* What a program does with every image that a family recognises. */
static void
use_image (const OflSnapshot *drive, OflImage *image)
{
  const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  g_autofree char *title = ofl_image_describe (image);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = NULL;

  g_assert_nonnull (family);
  g_assert_true (g_utf8_validate (title, -1, NULL));
  g_assert_cmpuint (ofl_judgement_get_n_reasons (judgement), >, 0);
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    g_assert_true (g_utf8_validate (ofl_judgement_get_reason (judgement, i)->sentence, -1, NULL));
  if (g_strcmp0 (ofl_snapshot_get_family (drive), ofl_family_id (family)) != 0
      || !ofl_family_can_write (family))
    return;
  plan = ofl_family_plan_write (family, judgement, &error);
  g_assert_true ((plan != NULL) == (error == NULL));
  /* a plan that nothing may override is never made */
  if (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED)
    g_assert_null (plan);
}

static void
parse_and_use (const OflSnapshot *drive, GBytes *bytes)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);

  ofl_families_parse (bytes, images);
  ofl_families_combine (images);
  for (guint i = 0; i < images->len; i++)
    use_image (drive, g_ptr_array_index (images, i));
}

static void
test_images (gconstpointer data)
{
  const char *id = data;
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  g_autoptr (GBytes) good = ofl_practice_make_image (id, "1.03", NULL, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (id));
  gsize length;
  const guint8 *original = g_bytes_get_data (good, &length);

  for (guint i = 0; i < rounds (); i++)
    {
      guint8 *copy = g_memdup2 (original, length);
      gsize n = change (rand, copy, length);
      g_autoptr (GBytes) bytes = NULL;

      /* to its own length, so that a sanitizer sees the first byte behind it */
      bytes = g_bytes_new_take (g_realloc (copy, n), n);
      parse_and_use (drive, bytes);
    }
}

/* Every answer of the drive has a bit changed: it is refused, or known as what it says. */
static void
test_replies (gconstpointer data)
{
  const char *id = data;
  g_autoptr (GBytes) good = ofl_practice_make_image (id, "1.03", NULL, NULL);

  for (guint i = 0; i < rounds (); i++)
    {
      g_autoptr (Workbench) bench = workbench_new (id);
      g_autofree char *fault = g_strdup_printf ("flip %u 1", i + 1);
      g_autoptr (OflSnapshot) drive = NULL;

      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
      drive = workbench_look (bench);
      if (drive != NULL)
        parse_and_use (drive, good);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      g_autofree char *images = g_strdup_printf ("/fuzz/images/%s", id);
      g_autofree char *replies = g_strdup_printf ("/fuzz/replies/%s", id);

      g_test_add_data_func (images, id, test_images);
      g_test_add_data_func (replies, id, test_replies);
    }
  return g_test_run ();
}
