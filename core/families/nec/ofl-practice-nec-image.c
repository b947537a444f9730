/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for the practice NEC and Optiarc drives: the layout and the tail of nec 2.14 and
 * 3.1, the strings of 3.4, around bytes that mean nothing. */
#include "families/nec/ofl-practice-nec.h"

#include <string.h>

/* Where the strings are found, counted from the start of what announces them (3.6); where that
 * stands is our own. */
#define STRINGS 0x1000u
#define STRINGS_IDENTITY 0x18au
#define EXTRA "PRACTICE            "

/* Real images have unused space too; it makes a flash chip's pages of ones part of every test. */
#define UNUSED_START 0x10000u
#define UNUSED_SIZE 0x4000u

static const guint8 announcement[10]
    = { 0x07, 0x00, 0x03, 0x00, 0x78, 0x00, 0x78, 0x00, 0x78, 0x00 };

/**
 * ofl_practice_nec_identity: (skip)
 * @firmware: what the first bank holds
 *
 * Finds the strings that INQUIRY shows: vendor, product, revision, and 20 characters more.
 *
 * Returns: (nullable): them; NULL when this is no practice firmware
 */
const guint8 *
ofl_practice_nec_identity (const guint8 *firmware)
{
  if (memcmp (firmware + STRINGS, announcement, sizeof announcement) != 0)
    return NULL;
  return firmware + STRINGS + STRINGS_IDENTITY;
}

/**
 * ofl_practice_nec_put_identity: (skip)
 * @identity: (array fixed-size=48) (out caller-allocates): where to put it
 * @model: a drive
 * @revision: 4 characters
 *
 * Writes the strings that ofl_practice_nec_identity() finds.
 */
void
ofl_practice_nec_put_identity (guint8 *identity, const NecModel *model, const char *revision)
{
  memcpy (identity + NEC_IDENTITY_VENDOR, model->vendor, 8);
  memcpy (identity + NEC_IDENTITY_PRODUCT, model->product, 16);
  memcpy (identity + NEC_IDENTITY_REVISION, revision, 4);
  memcpy (identity + NEC_IDENTITY_EXTRA, EXTRA, 20);
}

static void
put_strings (guint8 *firmware, const NecModel *model, const char *revision)
{
  memcpy (firmware + STRINGS, announcement, sizeof announcement);
  ofl_practice_nec_put_identity (firmware + STRINGS + STRINGS_IDENTITY, model, revision);
}

/* The sums inside, as ofl_practice_nec_is_whole() looks for them. */
static void
seal_bank (const NecBank *bank, guint8 *firmware)
{
  for (guint i = 0; i < bank->n_sums; i++)
    {
      guint32 from = bank->sums[i].from;
      guint32 to = MIN (bank->sums[i].to, bank->size - 2);

      ofl_put_be (firmware + to, 2, ofl_practice_sum_words (firmware + from, to - from));
    }
}

static void
put_firmware (guint8 *image, const NecModel *model, const char *revision, guint16 boot_word)
{
  guint8 *first = image + model->banks[0].source;

  for (guint i = 0; i < model->n_banks; i++)
    memset (image + model->banks[i].source + UNUSED_START, 0xff, UNUSED_SIZE);
  put_strings (first, model, revision);
  first[model->dump_id_at] = model->dump_id;
  if (model->checking == NEC_SUM_LAST)
    ofl_put_be (first + NEC_IMAGE_BOOT_WORD, 2, boot_word);
  for (guint i = 0; i < model->n_banks; i++)
    seal_bank (&model->banks[i], image + model->banks[i].source);
}

/* What stands behind the firmware, and the sum over all that is before it. */
static void
put_tail (guint8 *image, const NecModel *model, const char *id4, const char *bootcode)
{
  memcpy (image + model->image_id_at, id4, NEC_ID_SIZE);
  if (model->image_id_also_at != 0)
    memcpy (image + model->image_id_also_at, id4, NEC_ID_SIZE);
  if (model->bootcode)
    memcpy (image + model->image_size - 2, bootcode, 2);
  if (model->sum_at != 0)
    ofl_put_be (image + model->sum_at, 2, ofl_practice_sum_words (image, model->sum_at));
}

static guint32
body_seed (const char *id4, const char *revision)
{
  return ofl_practice_mix (ofl_practice_mix (OFL_PRACTICE_MIX_START, id4), revision);
}

static guint8 *
make_image (const NecModel *model, const char *revision, const char *variant)
{
  gboolean other = g_strcmp0 (variant, "wrong-family") == 0;
  gboolean old = g_strcmp0 (variant, "wrong-bootcode") == 0;
  const char *id4 = other ? model->other : model->id4;
  guint16 boot_word = ofl_practice_nec_boot_word (model);
  guint8 *image = g_malloc (model->image_size);
  guint32 random = body_seed (id4, revision);

  ofl_practice_random_fill (&random, image, model->image_size);
  put_firmware (image, model, revision, old ? boot_word ^ 1u : boot_word);
  put_tail (image, model, id4, old ? "07" : model->boot_revision + 2);
  return image;
}

static gboolean
is_known (const NecModel *model, const char *variant)
{
  static const char *const always[] = { "", "truncated", "wrong-family", "bad-sum", NULL };

  if (variant == NULL || g_strv_contains (always, variant))
    return TRUE;
  return model->bootcode
         && (strcmp (variant, "wrong-bootcode") == 0 || strcmp (variant, "no-bootcode") == 0);
}

/**
 * ofl_practice_nec_image: (skip)
 * @entry: a drive
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image; "truncated"; "wrong-family", for another drive
 *   whose images have the same size; "bad-sum", with a bit changed that a sum covers; and, where
 *   images name a version of the boot code, "no-bootcode" and "wrong-bootcode"
 *
 * Makes an image for a practice drive.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_nec_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  const NecModel *model = ofl_practice_nec_model (entry->id);
  g_autofree guint8 *image = NULL;
  gsize size = model->image_size;

  if (!is_known (model, variant))
    return NULL;
  image = make_image (model, revision, variant);
  if (g_strcmp0 (variant, "bad-sum") == 0)
    image[model->banks[0].source + 0x20000] ^= 0x01;
  else if (g_strcmp0 (variant, "truncated") == 0)
    size = model->image_size / 2;
  else if (g_strcmp0 (variant, "no-bootcode") == 0)
    size -= 2;
  return g_bytes_new (image, size);
}

/**
 * ofl_practice_nec_peek: (skip)
 * @entry: a drive
 * @data: (array length=length) (out caller-allocates): where to put them
 * @length: bytes
 *
 * The bytes of the factory's firmware from the one on that tells models apart, without the rest
 * of it.
 */
void
ofl_practice_nec_peek (const OflPracticeEntry *entry, guint8 *data, gsize length)
{
  const NecModel *model = ofl_practice_nec_model (entry->id);
  guint32 random = body_seed (model->id4, entry->revision);

  for (gsize i = 0; i < model->banks[0].source + model->dump_id_at; i++)
    ofl_practice_random (&random);
  ofl_practice_random_fill (&random, data, length);
  data[0] = model->dump_id;
}
