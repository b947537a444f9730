/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959: the steps that read, and what was read compared with an image. mt1959 2.1, 2.10. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define FEATURE_SERIAL 0x0108
#define FEATURE_FIRMWARE_DATE 0x010c
#define FEATURE_LEN 0x1c  /* allocation length of the first try */
#define FEATURE_TEXT 0x0c /* where a feature's text begins in the reply */
#define INQUIRY_LEN 0x60
#define INQUIRY_LENGTH_AT 4
#define FEATURE_LENGTH_AT 0x0b
#define LONGEST 0xff /* what a length of one byte can ask for, at most */

/* A reply that tells its own length. */
typedef struct {
  int capture;
  guint length_at; /* one byte, which counts what is behind it */
} Reply;

/**
 * ofl_mt1959_read_flash:
 * @offset: first byte of the flash
 * @length: number of bytes
 *
 * Returns: the command that reads them (mt1959 2.1)
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
 *   that begins there may not go beyond it (mt1959 1.1)
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
add_reads (OflPlan *plan, const OflFamily *family, const char *label, OflMt1959Range range,
           int capture)
{
  for (guint32 at = range.start; at < range.end;)
    {
      guint32 length = ofl_mt1959_next_read (family, at, range.end);
      OflStep *step = ofl_plan_read (plan, OFL_STAGE_BACKUP, label,
                                     ofl_mt1959_read_flash (at, length), capture, at - range.start,
                                     OFL_MT1959_CHUNK_MS);

      step->source = "mt1959 2.1";
      at += length;
    }
}

static void
add_region (OflPlan *plan, const OflFamily *family, const char *name, guint32 start, guint32 length)
{
  int capture = ofl_plan_add_capture (plan, name, length);
  OflMt1959Range range = { start, start + length };

  add_reads (plan, family, N_ ("Read a part of this drive's own"), range, capture);
}

/* How much is asked for was planned by what the drive said when it was looked at; an answer that was
 * garbled then must not shorten the backup. */
static gboolean
is_whole (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Reply *reply = arg;
  const GByteArray *read = g_ptr_array_index (data->captures, (guint) reply->capture);
  guint needed;

  if (read->len <= reply->length_at)
    return TRUE;
  needed = MIN (read->data[reply->length_at] + reply->length_at + 1, LONGEST);
  if (needed <= read->len)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 g_dngettext (GETTEXT_PACKAGE,
                              "The drive tells more about itself now (%u byte) than when it was "
                              "looked at. Let Optiflash look at it again, and check its cable.",
                              "The drive tells more about itself now (%u bytes) than when it was "
                              "looked at. Let Optiflash look at it again, and check its cable.",
                              needed),
                 needed);
  return FALSE;
}

/* INQUIRY and features are asked again with their own length when they are longer; an answer that is
 * shorter than the first question leaves room is complete. */
static void
add_identity (OflPlan *plan, const char *name, guint length_at, OflCommand first, OflCommand longer)
{
  const OflCommand commands[] = { first, longer };
  guint n = longer.length > first.length ? 2 : 1;
  int capture = ofl_plan_add_capture (plan, name, longer.length);
  Reply *reply = g_new0 (Reply, 1);

  reply->capture = capture;
  reply->length_at = length_at;
  ofl_plan_own (plan, reply, g_free);
  for (guint i = 0; i < n; i++)
    {
      OflStep *step = ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read who the drive is"),
                                     commands[i], capture, 0, OFL_MT1959_COMMAND_MS);

      step->expect = OFL_EXPECT_IGNORE;
      step->residual_ok = TRUE;
      step->source = "mt1959 2.10";
    }
  ofl_family_add_check (plan, OFL_STAGE_BACKUP, N_ ("See that nothing of it is missing"), is_whole,
                        reply, "mt1959 2.10");
}

static void
add_feature (OflPlan *plan, const char *name, guint16 feature, const char *known_text)
{
  guint16 needed = (guint16) (FEATURE_TEXT + ((strlen (known_text) + 3) & ~(gsize) 3));

  add_identity (plan, name, FEATURE_LENGTH_AT, ofl_command_get_configuration (feature, FEATURE_LEN),
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
 * this very drive (mt1959 2.10).
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when this drive cannot
 *   be read in its present state
 */
OflPlan *
ofl_mt1959_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                      GError **error)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  g_autoptr (OflPlan) plan = NULL;
  OflMt1959Range all = { 0, OFL_MT1959_SIZE };
  guint8 inquiry_len = (guint8) MIN (0xff, identity->inquiry[INQUIRY_LENGTH_AT] + 5);

  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("The drive cannot be read while only its boot code runs. Write a firmware "
                        "that fits; that brings the drive back."));
      return NULL;
    }
  plan = ofl_plan_new (N_ ("Read the firmware (MT1959)"));
  add_reads (plan, self, N_ ("Read the firmware"), all,
             ofl_plan_add_capture (plan, "flash", OFL_MT1959_SIZE));
  add_region (plan, self, "003000", OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_LEN);
  add_region (plan, self, "1EC000", OFL_MT1959_DESCRIPTOR_AT, OFL_MT1959_DESCRIPTOR_LEN);
  add_region (plan, self, "1F0000", OFL_MT1959_UNIT_AT, OFL_MT1959_UNIT_LEN);
  add_identity (plan, "inquiry", INQUIRY_LENGTH_AT, ofl_command_inquiry (INQUIRY_LEN),
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
 * @comparison: where to count; nothing is compared when @image or @dump is not of full size
 *
 * Compares everything that ofl_mt1959_parts() does not leave out.
 */
void
ofl_mt1959_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                         const OflChoices *choices, OflComparison *comparison)
{
  const guint8 *have = g_bytes_get_data (dump, NULL);
  g_autoptr (GArray) parts = NULL;

  if (!ofl_family_have_size (image, dump, OFL_MT1959_SIZE))
    return;
  parts = ofl_mt1959_parts (
      image, ofl_mt1959_keeps_boot_area (self, image, have + OFL_MT1959_BANNER_AT, choices));
  ofl_family_compare_parts ((const OflStretch *) (gpointer) parts->data, parts->len, image, dump,
                            comparison);
}
