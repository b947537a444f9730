/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a firmware file from its container to the plan. The first byte says which practice
 * drive it is for, and with 80h whether the container is left out. */
#include "fuzz.h"

#include "families/ofl-practice-catalog.h"
#include "ofl-core.h"
#include "tests/firmware-encoders/encode.h"

#define MAX_DRIVES 64u
/* One file may hold many images; what is done with each is the same. */
#define MAX_IMAGES 4u

static OflSnapshot *drives[MAX_DRIVES];

static OflSnapshot *
look (const char *id)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive (id, 0, NULL, NULL);
  g_autoptr (OflTransport) transport
      = ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_READ_ONLY, NULL);
  OflSnapshot *snapshot = ofl_drive_take_snapshot (transport, ofl_families_probe, NULL, NULL);

  g_assert_nonnull (snapshot);
  ofl_transport_close (transport);
  return snapshot;
}

/* A leak checker finds the snapshots in the static array. */
static const OflSnapshot *
find_drive (guint index)
{
  index %= MIN (ofl_practice_count (), MAX_DRIVES);
  if (drives[index] == NULL)
    drives[index] = look (ofl_practice_get_id (index));
  return drives[index];
}

static void
check_judgement (const OflJudgement *judgement)
{
  g_assert_cmpuint (ofl_judgement_get_n_reasons (judgement), >, 0);
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    g_assert_true (g_utf8_validate (ofl_judgement_get_reason (judgement, i)->sentence, -1, NULL));
}

static void
use_image (const OflSnapshot *drive, OflImage *image)
{
  const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  g_autofree char *title = ofl_image_describe (image);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autofree char *digest = NULL;

  g_assert_nonnull (family);
  g_assert_true (g_utf8_validate (title, -1, NULL));
  check_judgement (judgement);
  if (g_strcmp0 (ofl_snapshot_get_family (drive), ofl_family_id (family)) != 0
      || !ofl_family_can_write (family))
    return;
  plan = ofl_family_plan_write (family, judgement, &error);
  g_assert_true ((plan != NULL) == (error == NULL));
  /* a plan that nothing may override is never made */
  if (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED)
    g_assert_null (plan);
  if (plan != NULL)
    digest = ofl_plan_digest (plan);
}

static void
use_images (const OflSnapshot *drive, GPtrArray *images)
{
  for (guint i = 0; i < MIN (images->len, MAX_IMAGES); i++)
    use_image (drive, g_ptr_array_index (images, i));
}

/* What it is compared with when it has been written: any bytes, here the file's own. */
static void
compare_first (GPtrArray *images, GBytes *dump)
{
  OflImage *image = images->len > 0 ? g_ptr_array_index (images, 0) : NULL;
  const OflFamily *family = image != NULL ? ofl_families_find (ofl_image_get_family (image)) : NULL;
  g_auto (OflComparison) comparison = { 0 };

  if (family != NULL && ofl_family_can_compare (family))
    ofl_family_compare_read (family, image, dump, NULL, &comparison);
}

static void
run_parsers (const OflSnapshot *drive, GBytes *bytes)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);

  ofl_families_parse (bytes, images);
  ofl_families_combine (images);
  use_images (drive, images);
  compare_first (images, bytes);
}

static void
run_file (const OflSnapshot *drive, GBytes *bytes)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("file", bytes);
  g_autoptr (GError) error = NULL;

  if (!ofl_families_recognise (firmware, &error))
    {
      g_assert_true (error != NULL && g_utf8_validate (error->message, -1, NULL));
      return;
    }
  ofl_families_choose_image (drive, firmware, NULL);
  use_images (drive, ofl_firmware_get_images (firmware));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  const OflSnapshot *drive;
  g_autoptr (GBytes) bytes = NULL;

  if (length < 2)
    return 0;
  drive = find_drive (data[0] & 0x7Fu);
  /* its own memory, so that a sanitizer sees the first byte behind it */
  bytes = g_bytes_new (data + 1, length - 1);
  if (data[0] & 0x80u)
    run_parsers (drive, bytes);
  else
    run_file (drive, bytes);
  return 0;
}

/* An image behind a program that nothing opens. */
static void
take_program (FuzzTake take, gpointer user)
{
  g_autoptr (GBytes) code = encode_noise_bytes (1, 0x800);
  g_autoptr (GBytes) program = encode_program (code, code);
  g_autoptr (GBytes) image = ofl_practice_make_image ("premium", "1.03", NULL, NULL);
  g_autoptr (GBytes) file = encode_join (program, image, code, NULL);

  fuzz_take_prefixed (take, user, "behind-program", 0, g_bytes_get_data (file, NULL),
                      g_bytes_get_size (file));
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  static const char *const variants[]
      = { "", "set", "kernel", "normal", "bad-cmac", "bad-sum", "truncated", "wrong-family" };

  take_program (take, user);
  for (guint i = 0; i < ofl_practice_count (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (variants); k++)
      {
        const char *id = ofl_practice_get_id (i);
        const char *revision = g_str_equal (id, "se506") ? "TS02" : "1.03";
        g_autoptr (GBytes) image = ofl_practice_make_image (id, revision, variants[k], NULL);
        g_autofree char *name = g_strdup_printf ("%s-%s", id, variants[k]);

        if (image != NULL)
          fuzz_take_prefixed (take, user, name, (guint8) (k % 2 == 0 ? i : 0x80u | i),
                              g_bytes_get_data (image, NULL), g_bytes_get_size (image));
      }
}
