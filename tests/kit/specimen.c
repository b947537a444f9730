/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "specimen.h"

#include <nettle/cmac.h>
#include <string.h>

#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

/* An MT1959 drive (mt1959 1.1, 3.1) */
#define BLOB_BANNER "banner"
#define BLOB_DESCRIPTOR "descriptor"
#define BLOB_SVC "svc"
#define SIZE 0x200000

#define TABLE 0x10400
#define ENTRY 0x1c

guint8 *
specimen_noise (guint32 seed, gsize length)
{
  guint8 *out = g_malloc (length);
  guint32 x = seed;

  for (gsize i = 0; i < length; i++)
    {
      x = x * 0x41c64e6du + 0x3039u;
      out[i] = (guint8) (x >> 16);
    }
  return out;
}

void
specimen_set_entry (guint8 *image, guint index, guint32 start, guint32 last)
{
  guint8 *entry = image + TABLE + index * ENTRY;

  memset (entry, 0, ENTRY);
  ofl_put_le (entry, 4, 1);
  ofl_put_le (entry + 4, 4, start);
  ofl_put_le (entry + 8, 4, last);
}

/* mt1959 3.2: AES-128-CMAC with the bytes of each group of 16, and those of the code, reversed. The
 * tests' own: the family's must agree with it. */
static void
get_code (const guint8 *data, gsize length, guint8 code[16])
{
  static const guint8 key[16] = { 0xbd, 0x20, 0x94, 0x08, 0xe3, 0x5e, 0x52, 0x6a,
                                  0x36, 0x23, 0x52, 0x34, 0x43, 0x4f, 0xe8, 0xab };
  struct cmac_aes128_ctx context;
  guint8 mac[16];

  cmac_aes128_set_key (&context, key);
  for (gsize at = 0; at < length; at += 16)
    {
      gsize n = MIN (length - at, 16);
      guint8 group[16];

      for (gsize i = 0; i < n; i++)
        group[i] = data[at + n - 1 - i];
      cmac_aes128_update (&context, n, group);
    }
  cmac_aes128_digest (&context, sizeof mac, mac);
  for (guint i = 0; i < 16; i++)
    code[i] = mac[15 - i];
}

void
specimen_seal (guint8 *image)
{
  for (guint i = 0; i < 16; i++)
    {
      guint8 *entry = image + TABLE + i * ENTRY;
      guint32 start = ofl_get_le (entry + 4, 4), last = ofl_get_le (entry + 8, 4);

      if (ofl_get_le (entry, 4) != 0xffffffff)
        get_code (image + start, last + 1 - start, entry + 0xc);
    }
}

static void
fill_descriptor (guint8 *descriptor, const Specimen *specimen)
{
  memset (descriptor, 0, 0x100);
  memset (descriptor, ' ', 0x30);
  memcpy (descriptor, specimen->vendor, strlen (specimen->vendor));
  memcpy (descriptor + 8, specimen->product, strlen (specimen->product));
  memcpy (descriptor + 0x18, specimen->revision, 4);
  memcpy (descriptor + 0x34, specimen->chip, strlen (specimen->chip));
  memcpy (descriptor + 0x4c, specimen->svc != NULL ? specimen->svc : "    ", 4);
  if (specimen->date != NULL)
    memcpy (descriptor + 0x2a, specimen->date, 10);
  if (specimen->downgrade)
    memcpy (descriptor + 0x56, "DE", 2);
}

guint8 *
specimen_image (const Specimen *specimen, guint32 seed)
{
  guint8 *image = specimen_noise (seed, SIZE);

  memcpy (image + 0x3000, specimen->banner, 16);
  fill_descriptor (image + 0x1ec000, specimen);
  memcpy (image + 0x1ff000, image + 0x10ff0, 16);
  memset (image + TABLE, 0xff, 16 * ENTRY);
  specimen_set_entry (image, 0, 0x11000, 0x16fff);
  specimen_set_entry (image, 1, 0x17000, 0x1817ff);
  specimen_set_entry (image, 2, 0x1d0000, 0x1dffff);
  specimen_set_entry (image, 3, 0x1f0000, 0x1f0008);
  specimen_seal (image);
  return image;
}

OflImage *
specimen_parse (const char *family, const guint8 *data, gsize length)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  const OflFamily *self = ofl_families_find (family);

  g_assert_nonnull (self);
  ofl_family_parse (self, bytes, images);
  g_assert_cmpuint (images->len, <=, 1);
  return images->len == 1 ? ofl_image_ref (g_ptr_array_index (images, 0)) : NULL;
}

void
specimen_identity (OflIdentity *identity, const Specimen *specimen)
{
  guint8 inquiry[96] = { 5, 0x80, 0, 0x32, 91 };

  memset (inquiry + 8, ' ', 28);
  memcpy (inquiry + 8, specimen->vendor, strlen (specimen->vendor));
  memcpy (inquiry + 16, specimen->product, strlen (specimen->product));
  memcpy (inquiry + 32, specimen->revision, strlen (specimen->revision));
  memset (identity, 0, sizeof *identity);
  ofl_identity_parse_inquiry (identity, inquiry, sizeof inquiry);
  identity->reads = 3;
  g_strlcpy (identity->serial, "K9JF41A3139", sizeof identity->serial);
  g_strlcpy (identity->firmware_date, "20190101120000", sizeof identity->firmware_date);
}

OflSnapshot *
specimen_drive (const Specimen *specimen, OflDriveState state, gboolean readable)
{
  OflCaps caps = OFL_CAP_WRITE | OFL_CAP_RECOVER;
  guint8 banner[32] = { 0 }, descriptor[0x100];
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, specimen);
  if (state == OFL_DRIVE_STATE_BOOT)
    g_strlcpy (identity.revision, "BOOT", sizeof identity.revision);
  drive = ofl_snapshot_new (&identity);
  memcpy (banner, specimen->banner, 16);
  memset (banner + 16, 0xb5, 16);
  ofl_snapshot_set_blob (drive, BLOB_BANNER, banner, sizeof banner);
  ofl_snapshot_set_fact (drive, "banner", specimen->banner);
  if (readable)
    {
      caps |= OFL_CAP_READ | OFL_CAP_READ_EEPROM | OFL_CAP_VERIFY;
      fill_descriptor (descriptor, specimen);
      ofl_snapshot_set_blob (drive, BLOB_DESCRIPTOR, descriptor, sizeof descriptor);
      ofl_snapshot_set_blob (drive, BLOB_SVC, descriptor + 0x4c, 4);
      if (*specimen->chip != '\0')
        ofl_snapshot_set_fact (drive, "chip", specimen->chip);
    }
  ofl_snapshot_set_state (drive, state);
  ofl_snapshot_set_family (drive, "mt1959", caps);
  return drive;
}

const OflReason *
specimen_reason (const OflJudgement *judgement, const char *check)
{
  const OflReason *worst = NULL;

  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (judgement, i);

      if (g_str_equal (reason->check, check) && (worst == NULL || reason->level > worst->level))
        worst = reason;
    }
  return worst;
}

char *
specimen_hex (const guint8 *data, gsize length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

void
specimen_assert_sha256 (const guint8 *data, gsize length, const char *want)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);

  g_assert_cmpstr (sum, ==, want);
}

guint64
specimen_compare (const OflFamily *family, const OflImage *image, GBytes *dump, guint64 *compared)
{
  g_auto (OflComparison) comparison = { 0 };

  ofl_family_compare_read (family, image, dump, NULL, &comparison);
  *compared = comparison.settled.compared;
  return comparison.settled.different;
}

OflPlan *
specimen_plan_write (const OflFamily *family, const OflSnapshot *drive, const OflImage *image,
                     const OflChoices *choices, GError **error)
{
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);

  return ofl_family_plan_write (family, judgement, error);
}

void
specimen_assert_judged (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices,
                        const char *check, OflLevel level, OflLevel whole)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);
  const OflReason *reason = specimen_reason (judgement, check);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reason);
  g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (level));
  g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==, ofl_level_id (whole));
  if (image == NULL || whole != OFL_LEVEL_RED)
    return;
  g_assert_null (specimen_plan_write (family, drive, image, choices, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
}
