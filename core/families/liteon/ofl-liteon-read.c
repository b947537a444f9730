/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On: the experimental reads of firmware and EEPROM, and what was read compared with an image.
 * liteon 2.1, 2.2; known from one author only. */
#include "families/liteon/ofl-liteon.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define OPCODE 0xdf
#define READ_MEMORY 0x83
#define READ_EEPROM 0x89
#define CDB_LEN 12
#define LIMIT_MS 10000 /* as the probe programs (liteon 2.1) */

/* What must stand in a dump: vendor, product and revision as INQUIRY has them; and how an EEPROM is
 * told from what else might come. */
typedef struct {
  guint8 name[28];
  int capture;
  int flash;       /* the capture of the firmware; -1: not read */
  guint32 granule; /* bytes of one command */
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

/* The shortest stretch that comes again and again, of one command's bytes or more; 0: none does. A
 * drive that looks past the address sends the same each time, and a smaller EEPROM shows itself
 * several times. */
static guint
find_period (const GByteArray *dump, guint32 granule)
{
  for (guint period = granule; period <= dump->len / 2; period *= 2)
    if (memcmp (dump->data, dump->data + period, dump->len - period) == 0)
      return period;
  return 0;
}

static gboolean
check_flash (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Expected *expected = arg;
  const GByteArray *dump = captured (data, expected->capture);

  if (memmem (dump->data, dump->len, expected->name, sizeof expected->name) == NULL)
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("What the drive sent is not its firmware: the drive's own name does not stand "
                      "in it. It seems not to know this way of reading. Nothing is kept."));
  else if (banks_repeat (dump))
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("What the drive sent is not its firmware: every 64 KiB of it are the same. It "
                      "seems not to know this way of reading. Nothing is kept."));
  else
    return TRUE;
  return FALSE;
}

/* liteon 2.3: a wrong command may be answered, too, with something else. */
static gboolean
check_eeprom (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Expected *expected = arg;
  const GByteArray *dump = captured (data, expected->capture);
  const GByteArray *flash = expected->flash >= 0 ? captured (data, expected->flash) : NULL;
  const guint8 *copy = flash != NULL ? memmem (flash->data, flash->len, dump->data, dump->len)
                                     : NULL;
  guint period = find_period (dump, expected->granule);

  if (is_one_byte_over (dump->data, dump->len))
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("What the drive sent is not its EEPROM: all of it is the same byte, %02X. It "
                      "seems not to know this way of reading. Nothing is kept."),
                   dump->data[0]);
  else if (period > 0)
    ofl_set_error (
        error, OFL_ERROR_MISMATCH,
        _ ("What the drive sent is not its whole EEPROM: from %Xh on the same comes again "
           "and again. Either it does not look at the address, or its EEPROM is smaller "
           "than the table of its family tells. Nothing is kept."),
        period);
  else if (copy != NULL)
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("What the drive sent is not its EEPROM: the same bytes stand in its firmware, "
                      "at %Xh. It seems not to know this way of reading. Nothing is kept."),
                   (guint) (copy - flash->data));
  else
    return TRUE;
  return FALSE;
}

static void
add_check (OflPlan *plan, const OflSnapshot *drive, const char *label, OflCheckFunc check,
           const Expected *about)
{
  Expected *expected = g_memdup2 (about, sizeof *about);

  memcpy (expected->name, ofl_snapshot_identity (drive)->inquiry + 8, sizeof expected->name);
  ofl_plan_own (plan, expected, g_free);
  ofl_family_add_check (plan, OFL_STAGE_BACKUP, label, check, expected, "liteon 2.3")->usual_ms = 1;
}

/* Returns its capture. */
static int
add_flash (const OflFamily *self, OflPlan *plan, const OflSnapshot *drive, guint32 size)
{
  guint32 granule = ofl_family_number (self, "read", "granule");
  guint8 type = (guint8) ofl_family_number (self, "read", "memory-type");
  guint usual_ms = ofl_family_number (self, "read", "usual-ms");
  const Expected expected = { .capture = ofl_plan_add_capture (plan, "flash", size) };

  for (guint32 at = 0; at < size; at += granule)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the firmware (experimental)"),
                   read_memory (type, at, granule), expected.capture, at, usual_ms)
        ->source
        = "liteon 2.1";
  add_check (plan, drive, N_ ("Look for the drive's own name in it"), check_flash, &expected);
  return expected.capture;
}

static void
add_eeprom (const OflFamily *self, OflPlan *plan, const OflSnapshot *drive, guint32 size, int flash)
{
  guint32 granule = ofl_family_number (self, "read", "granule");
  guint usual_ms = ofl_family_number (self, "read", "usual-ms");
  const Expected expected = { .capture = ofl_plan_add_capture (plan, "eeprom", size),
                              .flash = flash,
                              .granule = granule };

  for (guint32 at = 0; at < size; at += granule)
    ofl_plan_read (plan, OFL_STAGE_BACKUP, N_ ("Read the EEPROM (experimental)"),
                   read_eeprom (at, granule), expected.capture, at, usual_ms)
        ->source
        = "liteon 2.2";
  add_check (plan, drive, N_ ("Look whether the EEPROM holds anything"), check_eeprom, &expected);
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
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("The table of %s drives has sizes that do not fit the commands. Mend it or "
                    "remove your own copy."),
                 ofl_family_name (self));
  return FALSE;
}

static OflPlan *
make_plan (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
           guint32 flash, GError **error)
{
  guint32 eeprom = size_of (self, drive, "eeprom");
  g_autoptr (OflPlan) plan = NULL;
  int capture = -1;

  if (!ofl_family_chose (self, choices, "experimental", "yes"))
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("Reading this drive is experimental and switched off by the choice "
                        "“experimental”."));
      return NULL;
    }
  if (flash == 0 && eeprom == 0)
    {
      ofl_set_error (
          error, OFL_ERROR_NOT_SUPPORTED,
          _ ("How much firmware or EEPROM this drive has is not known, so it is not read."));
      return NULL;
    }
  if (!check_sizes (self, flash, eeprom, error))
    return NULL;
  plan = ofl_plan_new (flash > 0 ? N_ ("Read firmware and EEPROM (Lite-On, experimental)")
                                 : N_ ("Read the EEPROM (Lite-On, experimental)"));
  ofl_family_add_pending (plan, OFL_STAGE_BACKUP, 1);
  if (flash > 0)
    capture = add_flash (self, plan, drive, flash);
  if (eeprom > 0)
    add_eeprom (self, plan, drive, eeprom, capture);
  return g_steal_pointer (&plan);
}

/**
 * ofl_liteon_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): "experimental" must be "yes"
 * @error: return location
 *
 * Reads firmware and EEPROM, each into a capture of its own, as far as their sizes are known, and
 * looks whether what came can be what it should be (liteon 2.1, 2.2).
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when it was not
 *   chosen or this model is not offered
 */
OflPlan *
ofl_liteon_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                      GError **error)
{
  return make_plan (self, drive, choices, size_of (self, drive, "flash"), error);
}

/**
 * ofl_liteon_plan_unit:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): "experimental" must be "yes"
 * @error: return location
 *
 * Reads the EEPROM alone, and looks whether what came can be one (liteon 2.2, 2.3).
 *
 * Returns: (transfer full): the plan, or %NULL as ofl_liteon_plan_read()
 */
OflPlan *
ofl_liteon_plan_unit (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                      GError **error)
{
  return make_plan (self, drive, choices, 0, error);
}

/**
 * ofl_liteon_compare_read:
 * @self: the family
 * @image: an image of it
 * @dump: capture 0 of ofl_liteon_plan_read()
 * @choices: (nullable): not used
 * @comparison: where to count; nothing is compared when the two cannot be
 *
 * The boot code is left out: normal updaters leave the drive's own (liteon 3.1). A rebanked
 * image cannot be compared, for how its banks lie in the drive is not public.
 */
void
ofl_liteon_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                         const OflChoices *choices, OflComparison *comparison)
{
  gsize length = g_bytes_get_size (dump);
  const OflStretch parts[] = {
    { 0, OFL_LITEON_BOOTCODE, OFL_CLAIM_LEFT_OUT,
      N_ ("the boot code, of which updaters leave the drive its own") },
    { OFL_LITEON_BOOTCODE, (guint32) length, OFL_CLAIM_MUST, NULL },
  };

  if (ofl_family_have_size (image, dump, length) && length > OFL_LITEON_BOOTCODE
      && g_strcmp0 (ofl_image_get_fact (image, "layout"), "straight") == 0)
    ofl_family_compare_parts (parts, G_N_ELEMENTS (parts), image, dump, comparison);
}
