/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renesas components: what is recognised in a file and what fails its checks, against the vectors
 * of renesas 3.1; how files and drives match; comparing with a dump. */
#include <string.h>

#include "families/renesas/ofl-renesas.h"
#include "kit/specimen.h"
#include "renesas-specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define MAIN_LEN 0x4400
#define CORE_LEN 0x2400

static OflImageCheckResult
result_of (const OflImage *image, const char *name)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    if (g_str_equal (ofl_image_get_check (image, i)->name, name))
      return ofl_image_get_check (image, i)->result;
  return OFL_IMAGE_CHECK_ABSENT;
}

static void
test_vectors (void)
{
  static const struct {
    const char *kind;
    guint32 seed, n;
    guint16 word;
    const char *sha256, *mark;
  } rows[] = {
    { "MAIN", 0x4d, 0x4000, 0x89f6,
      "bc9d986d19d8ed5b4a7c8173d6b649bc69a2781f6029e0dba0d6f1c72acfee9c", "MAIN 00400000" },
    { "CORE", 0x43, 0x2000, 0xb32f,
      "b3fda53793f7b5213e4f09f5754819ab8707a01c552457fbb5bd7cfbe7e670c1", "CORE 00300000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *file = renesas_component (rows[i].kind, rows[i].seed, rows[i].n);
      g_autofree char *sum
          = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file, 0x400 + rows[i].n);
      g_autoptr (OflImage) image = specimen_parse ("renesas", file, 0x400 + rows[i].n);

      g_assert_cmpstr (sum, ==, rows[i].sha256);
      g_assert_cmphex (ofl_get_be (file, 2), ==, rows[i].word);
      g_assert_cmphex (ofl_renesas_sum (file, 0x400 + rows[i].n), ==, 0xffff);
      g_assert_cmpstr (ofl_image_get_fact (image, "component"), ==, rows[i].kind);
      g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "1.00");
      g_assert_cmpstr (ofl_image_get_mark (image), ==, rows[i].mark);
      g_assert_false (ofl_image_is_changed (image));
      g_assert_cmpint (result_of (image, "size"), ==, OFL_IMAGE_CHECK_OK);
      g_assert_cmpint (result_of (image, "integrity"), ==, OFL_IMAGE_CHECK_OK);
      g_assert_cmpint (result_of (image, "end"), ==,
                       i == 0 ? OFL_IMAGE_CHECK_OK : OFL_IMAGE_CHECK_ABSENT);
    }
}

static void
test_not_mine (void)
{
  g_autofree guint8 *file = renesas_component ("MAIN", 0x4d, 0x4000);
  static const gsize spoiled[] = { 0x20, 0x27, 0x30, 0x37, 0x18 };

  for (guint i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      g_autoptr (OflImage) image = NULL;

      file[spoiled[i]] ^= 1;
      image = specimen_parse ("renesas", file, MAIN_LEN);
      g_assert_null (image);
      file[spoiled[i]] ^= 1;
    }
  g_assert_null (specimen_parse ("renesas", file, 0x3ff));
}

/* "MAIN" and "CORE" both in the header: the lower one counts. */
static void
test_kind (void)
{
  g_autofree guint8 *file = renesas_component ("MAIN", 0x4d, 0x4000);

  memcpy (file + 0x3fc, "CORE", 4);
  g_assert_cmpint (ofl_renesas_image_kind (file, MAIN_LEN), ==, OFL_RENESAS_MAIN);
  memcpy (file + 0x08, "CORE", 4);
  g_assert_cmpint (ofl_renesas_image_kind (file, MAIN_LEN), ==, OFL_RENESAS_CORE);
}

static void
spoil_word (guint8 *file)
{
  file[0x1234] ^= 0x10;
}

static void
spoil_size (guint8 *file)
{
  ofl_put_be (file + 0x44, 4, 0x4002);
  renesas_seal (file, MAIN_LEN);
}

static void
spoil_end (guint8 *file)
{
  file[MAIN_LEN - 1] ^= 0x10;
  renesas_seal (file, MAIN_LEN);
}

static void
hide_size (guint8 *file, gsize at, guint32 load, guint32 size)
{
  ofl_put_be (file + 0x44, 4, 0xffffffff);
  ofl_put_be (file + at, 4, load);
  ofl_put_be (file + at + 4, 4, size);
  renesas_seal (file, MAIN_LEN);
}

static void
size_at_4a0 (guint8 *file)
{
  hide_size (file, 0x4a0, 0x400000, 0x4000);
}

static void
size_at_9a0 (guint8 *file)
{
  hide_size (file, 0x9a0, 0x400000, 0x4000);
}

static void
size_nowhere (guint8 *file)
{
  hide_size (file, 0x9a0, 0x400004, 0x4000);
}

static void
wrong_size_at_4a0 (guint8 *file)
{
  hide_size (file, 0x4a0, 0x400000, 0x4004);
}

/* compared as strings: equal up to a NUL is equal */
static void
end_behind_nul (guint8 *file)
{
  file[0x403] = file[MAIN_LEN - 13] = 0;
  file[MAIN_LEN - 1] ^= 0x10;
  renesas_seal (file, MAIN_LEN);
}

static void
test_checks (void)
{
  static const struct {
    void (*spoil) (guint8 *file);
    const char *changed;
  } rows[] = {
    { spoil_word, "integrity" },   { spoil_size, "size" },   { spoil_end, "end" },
    { size_at_4a0, NULL },         { size_at_9a0, NULL },    { size_nowhere, "size" },
    { wrong_size_at_4a0, "size" }, { end_behind_nul, NULL },
  };
  static const char *const names[] = { "integrity", "size", "end" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *file = renesas_component ("MAIN", 0x4d, 0x4000);
      g_autoptr (OflImage) image = NULL;

      rows[i].spoil (file);
      image = specimen_parse ("renesas", file, MAIN_LEN);
      for (guint n = 0; n < G_N_ELEMENTS (names); n++)
        g_assert_cmpint (result_of (image, names[n]), ==,
                         g_strcmp0 (rows[i].changed, names[n]) == 0 ? OFL_IMAGE_CHECK_CHANGED
                                                                    : OFL_IMAGE_CHECK_OK);
    }
}

/* A row of the judgement's table changes one thing of file or drive. */
typedef struct {
  const char *name;
  const char *kind;
  const char *check;
  OflLevel level;
  OflLevel worst;
  void (*spoil) (guint8 *file);
  const char *of_drive; /* the device that the drive's headers name */
  const char *of_file;
  const char *revision;
  gboolean no_core;
} Row;

static void
move_load (guint8 *file)
{
  ofl_put_be (file + 0x40, 4, 0x410000);
}

static const Row rows[] = {
  { "fits", "MAIN", "integrity", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-address", "MAIN", "address", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "fits-device", "MAIN", "device", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW, NULL, "GSA-T21N",
    "GSA-T21N" },
  { "fits-core", "CORE", "address", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
  { "no-recovery", "MAIN", "recovery", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "nameless", "MAIN", "device", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "same-revision", "MAIN", "revision", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "new-revision", "MAIN", "revision", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW, NULL, NULL, NULL,
    "0.99" },
  { "core", "CORE", "component", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  { "no-core", "CORE", "component", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT, .no_core = TRUE },
  { "other-device", "MAIN", "device", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT, NULL, "GSA-T21N",
    "GMA4082N" },
  { "address", "MAIN", "address", OFL_LEVEL_RED, OFL_LEVEL_RED, move_load },
  { "sum", "MAIN", "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED, spoil_word },
  { "size", "MAIN", "size", OFL_LEVEL_RED, OFL_LEVEL_RED, spoil_size },
  { "end", "MAIN", "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED, spoil_end },
};

static OflSnapshot *
make_drive (const Row *row)
{
  RenesasDrive drive;
  OflSnapshot *snapshot;

  renesas_drive_init (&drive);
  if (row->revision != NULL)
    drive.revision = row->revision;
  if (row->of_drive != NULL)
    memcpy (drive.memory + RENESAS_MAIN_AT + 0x10, row->of_drive, 8);
  if (row->no_core)
    memset (drive.memory + RENESAS_CORE_AT, 0, 0x48);
  snapshot = renesas_probe (&drive, NULL);
  renesas_drive_clear (&drive);
  return snapshot;
}

static OflImage *
make_image (const Row *row)
{
  gboolean is_main = g_str_equal (row->kind, "MAIN");
  gsize length = is_main ? MAIN_LEN : CORE_LEN;
  g_autofree guint8 *file
      = renesas_component (row->kind, is_main ? 0x77 : 0x78, (guint32) length - 0x400);

  if (row->of_file != NULL)
    memcpy (file + 0x10, row->of_file, 8);
  renesas_seal (file, length);
  if (row->spoil != NULL)
    row->spoil (file);
  if (row->spoil == move_load)
    renesas_seal (file, length);
  return specimen_parse ("renesas", file, length);
}

static void
test_judge (gconstpointer arg)
{
  const Row *row = arg;
  g_autoptr (OflSnapshot) drive = make_drive (row);
  g_autoptr (OflImage) image = make_image (row);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  const OflReason *reason = specimen_reason (judgement, row->check);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reason);
  g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (row->level));
  g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                   ofl_level_id (row->worst));
  if (row->level >= OFL_LEVEL_RED_SOFT)
    g_assert_nonnull (reason->remedy);
  plan = specimen_plan_write (renesas_family (), drive, image, NULL, &error);
  if (row->worst == OFL_LEVEL_RED)
    g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
  else
    g_assert_no_error (error);
  g_assert_cmpint (plan == NULL, ==, row->worst == OFL_LEVEL_RED);
}

static void
test_compare_read (void)
{
  g_autofree guint8 *main_file = renesas_component ("MAIN", 0x4d, 0x4000);
  g_autofree guint8 *core_file = renesas_component ("CORE", 0x43, 0x2000);
  g_autoptr (OflImage) image = specimen_parse ("renesas", main_file, MAIN_LEN);
  g_autoptr (GBytes) core = g_bytes_new (core_file, CORE_LEN);
  g_autoptr (GBytes) equal = NULL, different = NULL, shorter = NULL;
  guint64 compared = 1;

  memcpy (main_file + 0x28, "9.99", 4); /* a header's difference is none of the firmware */
  equal = g_bytes_new (main_file, MAIN_LEN);
  g_assert_cmpuint (specimen_compare (renesas_family (), image, equal, &compared), ==, 0);
  g_assert_cmphex (compared, ==, 0x4000);
  main_file[0x400] ^= 1;
  main_file[MAIN_LEN - 1] ^= 1;
  different = g_bytes_new (main_file, MAIN_LEN);
  g_assert_cmpuint (specimen_compare (renesas_family (), image, different, &compared), ==, 2);
  shorter = g_bytes_new (main_file, MAIN_LEN - 0x100);
  g_assert_cmpuint (specimen_compare (renesas_family (), image, shorter, &compared), ==, 0x101);
  g_assert_cmphex (compared, ==, 0x4000);
  specimen_compare (renesas_family (), image, core, &compared);
  g_assert_cmpuint (compared, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/renesas/image/vectors", test_vectors);
  g_test_add_func ("/renesas/image/not-mine", test_not_mine);
  g_test_add_func ("/renesas/image/kind", test_kind);
  g_test_add_func ("/renesas/image/checks", test_checks);
  g_test_add_func ("/renesas/compare-read", test_compare_read);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/renesas/judge/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_judge);
    }
  return g_test_run ();
}
