/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: the steps that read, and what was read compared with an image. protocols.md 3.2,
 * annex-sequences.md 7.3. */
#include "family/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define FEATURE_SERIAL 0x0108
#define FEATURE_FIRMWARE_DATE 0x010c
#define FEATURE_LEN 0x1c    /* allocation length of the first try */
#define FEATURE_TEXT 0x0c   /* where a feature's text begins in the reply */
#define INQUIRY_LEN 0x60

/**
 * ofl_mt1959_read_flash:
 * @offset: first byte of the flash
 * @length: number of bytes
 *
 * Returns: the command that reads them (protocols.md 3.2)
 */
OflCommand
ofl_mt1959_read_flash (guint32 offset, guint32 length)
{
  return ofl_command_read_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, offset, length);
}

/**
 * ofl_mt1959_next_read:
 * @self: the family; its table has the size of a chunk
 * @at: where the next read begins
 * @end: where reading ends
 *
 * Returns: number of bytes to read at @at: a chunk, what is left, or the banner alone, for a read
 *   that begins there may not go beyond it (protocols.md 3.1)
 */
guint32
ofl_mt1959_next_read (const OflFamily *self, guint32 at, guint32 end)
{
  guint32 chunk = CLAMP (ofl_family_number (self, "read", "chunk"), 0x20, 0x10000);
  guint32 most = at == OFL_MT1959_BANNER_AT ? OFL_MT1959_BANNER_LEN : chunk;

  return MIN (most, end - at);
}

/* Steps that read a stretch of the flash into @capture. */
static void
add_reads (OflPlan *plan,
           const OflFamily *family,
           const char *label,
           OflMt1959Range range,
           int capture)
{
  for (guint32 at = range.start; at < range.end;)
    {
      guint32 length = ofl_mt1959_next_read (family, at, range.end);
      OflStep *step = ofl_plan_read (plan, OFL_STAGE_BACKUP, label,
                                     ofl_mt1959_read_flash (at, length), capture,
                                     at - range.start, OFL_MT1959_CHUNK_MS);

      step->source = "protocols.md 3.2";
      at += length;
    }
}

static void
add_region (OflPlan *plan, const OflFamily *family, const char *name, guint32 start, guint32 length)
{
  int capture = ofl_plan_add_capture (plan, name, length);
  OflMt1959Range range = { start, start + length };

  add_reads (plan, family, "Read a part of this drive's own", range, capture);
}

/* INQUIRY and features are asked again with their own length when they are longer. */
static void
add_identity (OflPlan *plan, const char *name, OflCommand first, OflCommand longer)
{
  const OflCommand commands[] = { first, longer };
  guint n = longer.length > first.length ? 2 : 1;
  int capture = ofl_plan_add_capture (plan, name, commands[n - 1].length);

  for (guint i = 0; i < n; i++)
    {
      OflStep *step = ofl_plan_read (plan, OFL_STAGE_BACKUP, "Read who the drive is", commands[i],
                                     capture, 0, OFL_MT1959_COMMAND_MS);

      step->expect = OFL_EXPECT_IGNORE;
      step->residual_ok = TRUE;
      step->source = "annex-sequences.md 7.3";
    }
}

static void
add_feature (OflPlan *plan, const char *name, guint16 feature, const char *known_text)
{
  guint16 needed = (guint16) (FEATURE_TEXT + ((strlen (known_text) + 3) & ~(gsize) 3));

  add_identity (plan, name, ofl_command_get_configuration (feature, FEATURE_LEN),
                ofl_command_get_configuration (feature, needed));
}

/**
 * ofl_mt1959_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): not used: reading has no dialects
 * @error: return location
 *
 * Reads the whole flash into capture 0, and into captures of their own the parts that belong to
 * this very drive (annex-sequences.md 7.3).
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this drive cannot
 *   be read in its present state
 */
OflPlan *
ofl_mt1959_plan_read (const OflFamily *self,
                      const OflSnapshot *drive,
                      const OflChoices *choices,
                      GError **error)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autoptr (OflPlan) plan = NULL;
  OflMt1959Range all = { 0, OFL_MT1959_SIZE };
  guint8 inquiry_len = MAX (INQUIRY_LEN, (guint8) MIN (0xff, identity->inquiry[4] + 5));

  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "The drive cannot be read while only its boot code runs. Write a firmware that "
                   "fits; that brings the drive back.");
      return NULL;
    }
  plan = ofl_plan_new ("Read the firmware (MT1959)");
  add_reads (plan, self, "Read the firmware", all,
             ofl_plan_add_capture (plan, "flash", OFL_MT1959_SIZE));
  add_region (plan, self, "003000", OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_LEN);
  add_region (plan, self, "1EC000", OFL_MT1959_DESCRIPTOR_AT, OFL_MT1959_DESCRIPTOR_LEN);
  add_region (plan, self, "1F0000", OFL_MT1959_UNIT_AT, OFL_MT1959_UNIT_LEN);
  add_identity (plan, "inquiry", ofl_command_inquiry (INQUIRY_LEN),
                ofl_command_inquiry (inquiry_len));
  add_feature (plan, "feature-010C", FEATURE_FIRMWARE_DATE, identity->firmware_date);
  add_feature (plan, "feature-0108", FEATURE_SERIAL, identity->serial);
  return g_steal_pointer (&plan);
}

/**
 * ofl_mt1959_compare_read:
 * @self: the family
 * @image: an image of it
 * @dump: capture 0 of ofl_mt1959_plan_read()
 * @choices: (nullable): what the user chose
 * @compared: (out): number of bytes compared; 0 when @image or @dump is not of full size
 *
 * Returns: number of bytes that differ within ofl_mt1959_verify_ranges()
 */
guint64
ofl_mt1959_compare_read (const OflFamily *self,
                         const OflImage *image,
                         GBytes *dump,
                         const OflChoices *choices,
                         guint64 *compared)
{
  gboolean redumper = ofl_family_chose (self, choices, "dialect", "redumper");
  g_autoptr (GArray) ranges = NULL;
  guint64 different = 0;
  gsize want_length, have_length;
  const guint8 *want = ofl_image_get_data (image, &want_length);
  const guint8 *have = g_bytes_get_data (dump, &have_length);

  *compared = 0;
  if (want_length != OFL_MT1959_SIZE || have_length != OFL_MT1959_SIZE)
    return 0;
  ranges = ofl_mt1959_verify_ranges (image, redumper);
  for (guint i = 0; i < ranges->len; i++)
    {
      OflMt1959Range range = g_array_index (ranges, OflMt1959Range, i);

      *compared += range.end - range.start;
      for (guint32 at = range.start; at < range.end; at++)
        different += want[at] != have[at];
    }
  return different;
}
