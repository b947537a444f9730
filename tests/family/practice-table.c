/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-table.h"

#include "families/ofl-practice-catalog.h"

static const PracticeCase rows[] = {
  { "bu40n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000, 0x11000, 0x180000 },
  { "wh16ns60", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200, 0x11000, 0x180000 },
  { "bp60nb10", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200, 0x11000, 0x180000 },
  { "bp60nb12", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200, 0x11000, 0x180000 },
  { "standard", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 1000 },
  { "px716", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "premium", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "shd163", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "sd616", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "se506", "TS02", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000 },
  { "drw1008", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "dvr104", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "dvr107", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 200 },
  { "dvr109", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "bdr", "1.50", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000, .not_back = TRUE },
  { "gma4082n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, FALSE, 1000 },
  { "nd1100", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd6500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd2500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd3500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000 },
  { "nd3550", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd3570", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7170", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7200", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7240", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7280", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "bc5500", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 200 },
  { "uj870", "1.03", NULL, OFL_VERDICT_UNKNOWN, FALSE, FALSE, 1000, .shown_later = TRUE },
};

static const PracticeCase *
find_row (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].id, id))
      return &rows[i];
  return NULL;
}

static gboolean
is_writable (const char *id)
{
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflSnapshot) snapshot = workbench_look (bench);

  return (ofl_snapshot_get_caps (snapshot) & OFL_CAP_WRITE) != 0;
}

const PracticeCase *
practice_find (const char *id)
{
  const PracticeCase *row = find_row (id);

  if (row == NULL && is_writable (id))
    g_error ("%s can be written, and practice-table.c does not say how that must end", id);
  return row;
}

/* Made once, of the program's own list. */
static GPtrArray *
all_cases (void)
{
  static GPtrArray *cases;

  if (cases != NULL)
    return cases;
  cases = g_ptr_array_new ();
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const PracticeCase *which = practice_find (ofl_practice_get_id (i));

      if (which != NULL)
        g_ptr_array_add (cases, (gpointer) which);
    }
  return cases;
}

guint
practice_n_cases (void)
{
  return all_cases ()->len;
}

const PracticeCase *
practice_case (guint index)
{
  return g_ptr_array_index (all_cases (), index);
}

guint
practice_n_rows (void)
{
  return G_N_ELEMENTS (rows);
}

void
practice_switch_on (Workbench *bench)
{
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  const char *id = drive != NULL ? ofl_snapshot_get_family (drive) : NULL;
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;

  if (family == NULL || *ofl_family_choice (family, NULL, "experimental") == '\0')
    return;
  bench->options->choices = ofl_choices_new ();
  ofl_choices_set (bench->options->choices, "experimental", "yes");
}

Workbench *
practice_bench (const PracticeCase *which)
{
  Workbench *bench = workbench_new (which->id);

  practice_switch_on (bench);
  bench->options->accept_no_backup = TRUE;
  bench->options->accept_warnings = TRUE;
  return bench;
}

gboolean
practice_proved (const PracticeCase *which, Workbench *bench, OflImage *image)
{
  if (which->proved_end > 0)
    return workbench_holds (bench, image, which->proved_start, which->proved_end);
  return ofl_practice_drive_holds (bench->device, ofl_image_get_bytes (image));
}

gboolean
practice_is_mended (const PracticeCase *which, Workbench *bench, OflImage *cure,
                    const OflResult *mended)
{
  gboolean told = ofl_verdict_is_success (mended->verdict)
                  || (!which->readable && mended->verdict == OFL_VERDICT_UNKNOWN
                      && g_strcmp0 (mended->revision_after, which->revision) == 0);

  return told && practice_proved (which, bench, cure);
}

void
practice_assert_not_writable (const char *id)
{
  g_autoptr (Workbench) bench = workbench_new (id);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (GBytes) bytes = ofl_practice_make_image (id, "1.03", NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_autoptr (OflResult) result = NULL;

  g_assert_nonnull (family);
  ofl_families_recognise (firmware, NULL);
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), >, 0);
  bench->options->accept_warnings = TRUE;
  bench->options->accept_no_backup = TRUE;
  result = workbench_run (bench, OFL_JOB_FLASH, ofl_firmware_get_image (firmware, 0));
  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_REFUSED);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

static void
test_not_writable (gconstpointer data)
{
  practice_assert_not_writable (data);
}

void
practice_add_for_all (const char *name, GTestDataFunc func)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      const PracticeCase *which = practice_find (id);
      g_autofree char *path = g_strdup_printf ("/%s/%s", name, id);

      if (which != NULL)
        g_test_add_data_func (path, which, func);
      else
        g_test_add_data_func (path, id, test_not_writable);
    }
}
