/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for the Pioneer DVD practice drives, made by code: the documented text header, where it is
 * documented the sum and the scrambling, and around them bytes that mean nothing. Source:
 * pioneer 3. */
#include "families/pioneer/ofl-practice-pioneer.h"

#include <string.h>

#define BODY 0x200u
#define SPOILT_NORMAL 0x20000u
#define SPOILT_KERNEL 0xd000u

/* For another body than that of a Normal of the same revision */
#define KERNEL_MIX_START 0x9e3779b9u

/* Product, hardware and descriptor as in pioneer 1.2, 2.6 */
static const PioneerModel models[] = {
  { .id = "dvr104",
    .product = "DVD-RW  DVR-104 ",
    .hardware = "ATA 0003",
    .kernel_revision = "0000",
    .descriptor = "PIONEER DVD-R104",
    .arms = TRUE,
    .kernel_size = 0x10000,
    .normal_size = 0x100000 },
  { .id = "dvr107",
    .product = "DVD-RW  DVR-107 ",
    .hardware = "ATA 0007",
    .kernel_revision = "0000",
    .descriptor = "PIONEER  DVR-107",
    .key = 0x9a782361,
    .scrambled = TRUE,
    .kernel_size = 0x10000,
    .normal_size = 0x100000 },
  { .id = "dvr109",
    .product = "DVD-RW  DVR-109 ",
    .hardware = "ATA 0009",
    .kernel_revision = "0000",
    .descriptor = "PIONEER  DVR-109",
    .key = 0x5c6a8fe9,
    .kernel_size = 0x20000,
    .normal_size = 0x128000 },
};

/* What "wrong-family" is made for: the generation after it, another one for each. */
static const struct {
  const char *id;
  const char *product;
  const char *hardware;
} others[] = {
  { "dvr104", "DVD-RW  DVR-105 ", "ATA 0004" },
  { "dvr107", "DVD-RW  DVR-108 ", "ATA 0008" },
  { "dvr109", "DVD-RW  DVR-110 ", "ATA 0010" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (others) == G_N_ELEMENTS (models));

/* What a file is made of, apart from its revision */
typedef struct {
  const PioneerModel *model;
  const char *product;
  const char *hardware;
  const char *kernel_type;
  const char *spoil; /* NULL, or the variant that damages a good file */
} Recipe;

/**
 * ofl_practice_pioneer_model: (skip)
 * @id: a name in the catalogue
 *
 * Returns: (transfer none): what is particular to the drive
 */
const PioneerModel *
ofl_practice_pioneer_model (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (models[i].id, id))
      return &models[i];
  g_return_val_if_reached (NULL);
}

/* Text, blanks up to the width of its field, and the NUL behind the field. */
static void
put_field (guint8 *header, guint32 offset, guint width, const char *text)
{
  memset (header + offset, ' ', width);
  memcpy (header + offset, text, MIN (strlen (text), (gsize) width));
  header[offset + width] = '\0';
}

/* The separator that ends where a field begins. */
static void
put_label (guint8 *header, guint32 field, const char *label)
{
  memcpy (header + field - strlen (label), label, strlen (label));
}

static char *
date_of (const char *revision)
{
  guint number = ofl_practice_revision_number (revision);

  return g_strdup_printf ("%04u/%02u/15", 2003 + number / 12 % 90, number % 12 + 1);
}

static void
put_header (guint8 *header, const Recipe *recipe, const char *revision, gboolean kernel)
{
  static const char start[] = PIONEER_MAGIC "\r\nThis is microcode file.  \r\nID : ";
  g_autofree char *description = g_strconcat (PIONEER_VENDOR_NAME, recipe->product, NULL);
  g_autofree char *date = date_of (revision);
  g_autofree char *shown = g_strndup (revision, 4);

  memset (header, ' ', PIONEER_HEADER_SIZE);
  memcpy (header, start, sizeof start - 1);
  put_field (header, PIONEER_DESCRIPTION, PIONEER_DESCRIPTION_SIZE, description);
  put_field (header, PIONEER_REVISION, PIONEER_REVISION_SIZE, shown);
  put_field (header, PIONEER_HARDWARE, PIONEER_HARDWARE_SIZE, recipe->hardware);
  put_field (header, PIONEER_KERNEL_TYPE, PIONEER_KERNEL_TYPE_SIZE, recipe->kernel_type);
  put_field (header, PIONEER_DESTINATION, PIONEER_DESTINATION_SIZE, PIONEER_KERNEL_TYPE_NAME);
  put_field (header, PIONEER_FILE_TYPE, PIONEER_FILE_TYPE_SIZE, kernel ? "Kernel" : "Normal");
  put_field (header, PIONEER_DATE, PIONEER_DATE_SIZE, date);
  put_field (header, PIONEER_KERNEL_VERSION_2, PIONEER_KERNEL_VERSION_2_SIZE, shown);
  put_label (header, PIONEER_REVISION, "\r\nRevision Level : ");
  put_label (header, PIONEER_HARDWARE, "\r\nHardware Version : ");
  put_label (header, PIONEER_KERNEL_TYPE, "\r\nKernel Version : ");
  put_label (header, PIONEER_DESTINATION, "\r\nDestination : ");
  put_label (header, PIONEER_FILE_TYPE, "\r\nFile Type : ");
  put_label (header, PIONEER_DATE, "\r\nGenerated Date : ");
  put_label (header, PIONEER_KERNEL_VERSION_2, "\r\nKernel Version2 : ");
  memcpy (header + PIONEER_HEADER_SIZE - 3, "\r\n\x1a", 3);
}

/* FNV-1a over all bytes but the check itself */
static guint32
check_of (const guint8 *file, guint32 size)
{
  guint32 hash = OFL_PRACTICE_MIX_START;

  for (guint32 i = 0; i < size; i++)
    if (i < PIONEER_PRACTICE_CHECK || i >= PIONEER_PRACTICE_CHECK + PIONEER_PRACTICE_CHECK_SIZE)
      hash = (hash ^ file[i]) * 0x01000193u;
  return hash;
}

static void
append_part (GByteArray *file, const Recipe *recipe, const char *revision, gboolean kernel)
{
  const PioneerModel *model = recipe->model;
  guint32 size = kernel ? model->kernel_size : model->normal_size;
  g_autofree guint8 *part = g_malloc (size);
  guint32 start = kernel ? KERNEL_MIX_START : OFL_PRACTICE_MIX_START;
  guint32 random = ofl_practice_mix (ofl_practice_mix (start, revision), model->id);

  put_header (part, recipe, revision, kernel);
  memset (part + PIONEER_HEADER_SIZE, 0xff, BODY - PIONEER_HEADER_SIZE);
  ofl_practice_random_fill (&random, part + BODY, size - BODY);
  if (!kernel && model->scrambled)
    memcpy (part + PIONEER_CODE, model->descriptor, strlen (model->descriptor));
  if (model->scrambled)
    ofl_practice_pioneer_seal (part, kernel);
  ofl_put_be (part + PIONEER_PRACTICE_CHECK, PIONEER_PRACTICE_CHECK_SIZE, check_of (part, size));
  if (g_strcmp0 (recipe->spoil, "bad-sum") == 0)
    part[kernel ? SPOILT_KERNEL : SPOILT_NORMAL] ^= 0x01;
  if (g_strcmp0 (recipe->spoil, "truncated") == 0)
    size -= PIONEER_CHUNK;
  g_byte_array_append (file, part, size);
}

/* Takes what is said of the content of a variant; what is left of it says which parts. */
static gboolean
read_variant (const PioneerModel *model, const char *variant, Recipe *recipe)
{
  *recipe = (Recipe){ .model = model,
                      .product = model->product,
                      .hardware = model->hardware,
                      .kernel_type = PIONEER_KERNEL_TYPE_NAME };
  if (g_str_equal (variant, "") || g_str_equal (variant, "kernel") || g_str_equal (variant, "set"))
    return TRUE;
  if (g_str_equal (variant, "truncated") || g_str_equal (variant, "bad-sum"))
    recipe->spoil = variant;
  else if (g_str_equal (variant, "other-type"))
    recipe->kernel_type = "ASUS    ";
  else if (g_str_equal (variant, "wrong-family"))
    {
      recipe->product = others[model - models].product;
      recipe->hardware = others[model - models].hardware;
    }
  else
    return FALSE;
  return TRUE;
}

/**
 * ofl_practice_pioneer_image: (skip)
 * @entry: a drive
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good Normal; "kernel", a good Kernel; "set", a Kernel
 *   and a Normal, one behind the other; "bad-sum" and "kernel-bad-sum", with a byte changed that
 *   the checks cover; "truncated", a chunk too short; "wrong-family", a good Normal for another
 *   model; "other-type", one for a drive with another kernel type
 *
 * Makes a file for a practice drive. The DVR-107's is scrambled and has its sum; the DVR-104's is
 * not, because the key of this generation is not in the file; of the DVR-109's no sum is
 * public. Source: pioneer 3.1 and 3.3.
 *
 * Returns: (transfer full) (nullable): the file; NULL for an unknown variant
 */
GBytes *
ofl_practice_pioneer_image (const OflPracticeEntry *entry, const char *revision,
                            const char *variant)
{
  const PioneerModel *model = ofl_practice_pioneer_model (entry->id);
  g_autoptr (GByteArray) file = NULL;
  const char *words = variant != NULL ? variant : "";
  gboolean bad_kernel = g_str_equal (words, "kernel-bad-sum");
  gboolean kernel = bad_kernel || g_str_equal (words, "kernel") || g_str_equal (words, "set");
  Recipe recipe;

  g_return_val_if_fail (model != NULL, NULL);
  if (!read_variant (model, bad_kernel ? "bad-sum" : words, &recipe))
    return NULL;
  file = g_byte_array_new ();
  if (kernel)
    append_part (file, &recipe, revision, TRUE);
  if (!kernel || g_str_equal (words, "set"))
    append_part (file, &recipe, revision, FALSE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

/**
 * ofl_practice_pioneer_header: (skip)
 * @entry: a drive
 * @header: (array fixed-size=352) (out caller-allocates): the first bytes
 * @kernel: of the Kernel, or of the Normal
 *
 * What the factory writes at the begin of a part, without the rest of it.
 */
void
ofl_practice_pioneer_header (const OflPracticeEntry *entry, guint8 *header, gboolean kernel)
{
  const PioneerModel *model = ofl_practice_pioneer_model (entry->id);
  Recipe recipe;

  g_return_if_fail (model != NULL);
  read_variant (model, "", &recipe);
  put_header (header, &recipe, entry->revision, kernel);
}

/**
 * ofl_practice_pioneer_check_header: (skip)
 * @model: a drive
 * @header: (array): the first %PIONEER_HEADER_SIZE bytes of a file
 * @kernel: whether it must be a Kernel
 *
 * Compares a header with the drive, as the gates of the sources do on the host's side
 * (pioneer 2.5): description, interface and generation, kernel type, type of file.
 *
 * Returns: whether the file is for the drive
 */
gboolean
ofl_practice_pioneer_check_header (const PioneerModel *model, const guint8 *header, gboolean kernel)
{
  const guint8 *description = header + PIONEER_DESCRIPTION;

  return memcmp (header, PIONEER_MAGIC, strlen (PIONEER_MAGIC)) == 0
         && memcmp (description, PIONEER_VENDOR_NAME, 8) == 0
         && memcmp (description + 8, model->product, 16) == 0
         && memcmp (header + PIONEER_HARDWARE, model->hardware, PIONEER_HARDWARE_SIZE) == 0
         && memcmp (header + PIONEER_KERNEL_TYPE, PIONEER_KERNEL_TYPE_NAME,
                    PIONEER_KERNEL_TYPE_COMPARED)
                == 0
         && memcmp (header + PIONEER_FILE_TYPE, kernel ? "Kernel" : "Normal",
                    PIONEER_FILE_TYPE_COMPARED)
                == 0;
}

/**
 * ofl_practice_pioneer_check_file: (skip)
 * @model: a drive
 * @file: (array): a whole Kernel or Normal, as it came over the wire
 * @kernel: which of the two
 *
 * Checks a file as the drive does before it keeps it: our own check, and where its place is
 * public (pioneer 3.3) the sum.
 *
 * Returns: whether the file came through whole
 */
gboolean
ofl_practice_pioneer_check_file (const PioneerModel *model, const guint8 *file, gboolean kernel)
{
  guint32 size = kernel ? model->kernel_size : model->normal_size;
  guint32 check = ofl_get_be (file + PIONEER_PRACTICE_CHECK, PIONEER_PRACTICE_CHECK_SIZE);

  return check == check_of (file, size)
         && (!model->scrambled || ofl_practice_pioneer_check_sum (file, kernel));
}
