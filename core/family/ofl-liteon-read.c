/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On: the experimental reads of firmware and EEPROM, and what was read compared with an image.
 * protocols.md 2.2 a, b; known from one author only. */
#include "family/ofl-liteon.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define OPCODE 0xdf
#define READ_MEMORY 0x83
#define READ_EEPROM 0x89
#define CDB_LEN 12
#define LIMIT_MS 10000 /* as the probe programs (protocols.md 1.4) */

/* What must stand in a dump: vendor, product and revision as INQUIRY has them. */
typedef struct {
  guint8 name[28];
  int capture;
} Expected;

/* DF 83 00 00 mm 00 bb hh ll 00 00 00: bank and address in it are the image's offset. */
static OflCommand
read_memory (guint8 type, guint32 offset, guint32 length)
{
  guint8 cdb[CDB_LEN] = { OPCODE, READ_MEMORY, 0, 0, type };

  ofl_put_be (cdb + 6, 3, offset);
  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, LIMIT_MS);
}

/* DF 89 00 00 00 00 00 hh ll 00 00 00 */
static OflCommand
read_eeprom (guint32 offset, guint32 length)
{
  guint8 cdb[CDB_LEN] = { OPCODE, READ_EEPROM };

  ofl_put_be (cdb + 7, 2, offset);
  return ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, LIMIT_MS);
}

static const GByteArray *
captured (const OflRunData *data, int capture)
{
  return g_ptr_array_index (data->captures, (guint) capture);
}

static gboolean
is_one_byte_over (const guint8 *data, gsize length)
{
  return length > 1 && memcmp (data, data + 1, length - 1) == 0;
}

/* A drive that does not know the bank sends the same 64 KiB again and again. */
static gboolean
banks_repeat (const GByteArray *dump)
{
  for (guint at = OFL_LITEON_BANK; at + OFL_LITEON_BANK <= dump->len; at += OFL_LITEON_BANK)
    if (memcmp (dump->data, dump->data + at, OFL_LITEON_BANK) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
check_flash (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Expected *expected = arg;
  const GByteArray *dump = captured (data, expected->capture);

  if (memmem (dump->data, dump->len, expected->name, sizeof expected->name) == NULL)
    g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH,
                 "What the drive sent is not its firmware: the drive's own name does not stand in "
                 "it. It seems not to know this way of reading. Nothing is kept.");
  else if (banks_repeat (dump))
    g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH,
                 "What the drive sent is not its firmware: every 64 KiB of it are the same. It "
                 "seems not to know this way of reading. Nothing is kept.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_eeprom (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Expected *expected = arg;
  const GByteArray *dump = captured (data, expected->capture);

  if (!is_one_byte_over (dump->data, dump->len))
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH,
               "What the drive sent is not its EEPROM: all of it is the same byte, %02X. It seems "
               "not to know this way of reading. Nothing is kept.",
               dump->data[0]);
  return FALSE;
}

static void
add_check (OflPlan *plan,
           const OflSnapshot *drive,
           const char *label,
           OflCheckFunc check,
           int capture)
{
  Expected *expected = g_new0 (Expected, 1);
  OflStep *step = ofl_plan_add (plan, OFL_STEP_CHECK, OFL_STAGE_BACKUP, label, 1);

  memcpy (expected->name, ofl_snapshot_identity (drive)->inquiry + 8, sizeof expected->name);
  expected->capture = capture;
  ofl_plan_own (plan, expected, g_free);
  step->check = check;
  step->arg = expected;
  step->source = "protocols.md, design consequences";
}

static void
add_flash (const OflFamily *self, OflPlan *plan, const OflSnapshot *drive, guint32 size)
{
  guint32 granule = ofl_family_number (self, "read", "granule");
  guint8 type = (guint8) ofl_family_number (self, "read", "memory-type");
  guint usual_ms = ofl_family_number (self, "read", "usual-ms");
  int capture = ofl_plan_add_capture (plan, "flash", size);

  for (guint32 at = 0; at < size; at += granule)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, "Read the firmware (experimental)",
                   read_memory (type, at, granule), capture, at, usual_ms)
        ->source = "protocols.md 2.2 a";
  add_check (plan, drive, "Look for the drive's own name in it", check_flash, capture);
}

static void
add_eeprom (const OflFamily *self, OflPlan *plan, const OflSnapshot *drive, guint32 size)
{
  guint32 granule = ofl_family_number (self, "read", "granule");
  guint usual_ms = ofl_family_number (self, "read", "usual-ms");
  int capture = ofl_plan_add_capture (plan, "eeprom", size);

  for (guint32 at = 0; at < size; at += granule)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, "Read the EEPROM (experimental)",
                   read_eeprom (at, granule), capture, at, usual_ms)
        ->source = "protocols.md 2.2 b";
  add_check (plan, drive, "Look whether the EEPROM holds anything", check_eeprom, capture);
}

static guint32
size_of (const OflFamily *self, const OflSnapshot *drive, const char *key)
{
  const char *hardware = ofl_snapshot_get_fact (drive, OFL_LITEON_FACT_HARDWARE);
  const char *model = ofl_snapshot_get_fact (drive, OFL_LITEON_FACT_MODEL);
  guint32 size = hardware != NULL ? ofl_family_number (self, hardware, key) : 0;

  return size > 0 || model == NULL ? size : ofl_family_number (self, model, key);
}

/* The table may be the user's own: what cannot be read in whole pieces of a command is refused. */
static gboolean
check_sizes (const OflFamily *self, guint32 flash, guint32 eeprom, GError **error)
{
  guint32 granule = ofl_family_number (self, "read", "granule");

  if (granule > 0 && granule <= 0x10000 && flash % granule == 0 && eeprom % granule == 0
      && flash <= 0x1000000 && eeprom <= 0x10000)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
               "The table of %s drives has sizes that do not fit the commands. Mend it or remove "
               "your own copy.",
               ofl_family_name (self));
  return FALSE;
}

/**
 * ofl_liteon_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): "experimental" must be "yes"
 * @error: return location
 *
 * Reads firmware and EEPROM, each into a capture of its own, as far as their sizes are known, and
 * looks whether what came can be what it should be (protocols.md 2.2 a, b).
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when it was not
 *   chosen or this model is not offered
 */
OflPlan *
ofl_liteon_plan_read (const OflFamily *self,
                      const OflSnapshot *drive,
                      const OflChoices *choices,
                      GError **error)
{
  guint32 flash = size_of (self, drive, "flash");
  guint32 eeprom = size_of (self, drive, "eeprom");
  g_autoptr (OflPlan) plan = NULL;
  OflStep *step;

  if (!ofl_family_chose (self, choices, "experimental", "yes"))
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "Reading this drive is experimental and switched off. Choose "
                   "“experimental=yes” if you want to try it; it only reads.");
      return NULL;
    }
  if (flash == 0 && eeprom == 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
                   "How much firmware or EEPROM this drive has is not known, so it is not read.");
      return NULL;
    }
  if (!check_sizes (self, flash, eeprom, error))
    return NULL;
  plan = ofl_plan_new ("Read firmware and EEPROM (Lite-On, experimental)");
  step = ofl_plan_command (plan, OFL_STAGE_BACKUP, "Let the drive report what is pending",
                           ofl_command_test_unit_ready (), OFL_EXPECT_IGNORE, 1);
  step->source = "protocols.md 1.3";
  if (flash > 0)
    add_flash (self, plan, drive, flash);
  if (eeprom > 0)
    add_eeprom (self, plan, drive, eeprom);
  return g_steal_pointer (&plan);
}

/**
 * ofl_liteon_compare_read:
 * @self: the family
 * @image: an image of it
 * @dump: capture 0 of ofl_liteon_plan_read()
 * @choices: (nullable): not used
 * @compared: (out): number of bytes compared; 0 when the two cannot be compared
 *
 * The boot code is left out: normal updaters leave the drive's own (protocols.md 2.4). A rebanked
 * image cannot be compared, for how its banks lie in the drive is not public.
 *
 * Returns: number of bytes that differ
 */
guint64
ofl_liteon_compare_read (const OflFamily *self,
                         const OflImage *image,
                         GBytes *dump,
                         const OflChoices *choices,
                         guint64 *compared)
{
  gsize want_length, have_length;
  const guint8 *want = ofl_image_get_data (image, &want_length);
  const guint8 *have = g_bytes_get_data (dump, &have_length);
  guint64 different = 0;

  *compared = 0;
  if (want_length != have_length || want_length <= OFL_LITEON_BOOTCODE
      || g_strcmp0 (ofl_image_get_fact (image, "layout"), "straight") != 0)
    return 0;
  for (gsize i = OFL_LITEON_BOOTCODE; i < want_length; i++)
    different += want[i] != have[i];
  *compared = want_length - OFL_LITEON_BOOTCODE;
  return different;
}
