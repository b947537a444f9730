/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Lite-On family: who is recognised by name alone, every command of the experimental reads,
 * what they refuse to keep, the judgement, and that nothing is ever written. The commands are
 * written out here from liteon 2.1, 2.2. */
#include <string.h>

#include "families/liteon/ofl-liteon.h"
#include "flash/ofl-backup.h"
#include "flash/ofl-executor.h"
#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define FULL 0x100000
#define N_READS 8192
#define N_EEPROM_READS 8

static const Specimen drive_812s = { "LITE-ON", "DVDRW SOHW-812S", "US0J", "", "" };

static const OflFamily *
family (void)
{
  return ofl_families_find ("liteon");
}

static void
refuse_all (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
            gpointer user_data)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static OflSnapshot *
probe_as (const char *vendor, const char *product, const char *revision, guint *asked)
{
  Specimen specimen = { vendor, product, revision, "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (refuse_all, NULL);
  OflSnapshot *drive;
  OflIdentity identity;

  specimen_identity (&identity, &specimen);
  g_strlcpy (identity.extra, "2004/02/11 09:10", sizeof identity.extra);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  if (asked != NULL)
    *asked = fake_transport_get_count (transport);
  return drive;
}

static OflSnapshot *
probe_812s (void)
{
  return probe_as (drive_812s.vendor, drive_812s.product, drive_812s.revision, NULL);
}

/* By name alone: not one command is sent. */
static void
test_probe (void)
{
#define BOTH (OFL_CAP_READ | OFL_CAP_READ_EEPROM | OFL_CAP_EXPERIMENTAL)
#define EEPROM (OFL_CAP_READ_EEPROM | OFL_CAP_EXPERIMENTAL)
  static const struct {
    const char *vendor, *product, *revision, *mark;
    guint32 size;
    OflCaps caps;
  } rows[] = {
    { "LITE-ON", "DVDRW SOHW-812S", "US0J", "U / SOHW-812S/802S", FULL, BOTH },
    { "LITE-ON", "DVD+RW SOHW-802S", "US0N", "U / SOHW-812S/802S", FULL, BOTH },
    { "DVDRW", "DRW-2S81", "US0N", "U / SOHW-812S/802S", FULL, BOTH },
    { "SONY", "DVD RW DW-U18A", "UY02", "U / SOHW-812S/802S", FULL, BOTH },
    { "FREECOM_", "DVD+/-RW8J1", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "GIGABYTE", "GO-W0808A", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "HIVISION", "DRW2S81", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "IOMEGA", "DVDRW8440E2D-B", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "Memorex", "DVD+/-RW True8XI", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "TEAC", "DV-W58G-A", "US0A", "U / SOHW-812S/802S", FULL, BOTH },
    { "TEAC", "DV-W58G", "HS0P", "H / LDW-811S", FULL, BOTH },
    { "SONY", "DVD RW DRU-710A", "BYX3", "b / SOHW-1633S-Enh.", FULL, BOTH },
    { "SONY", "DVD RW DRU-710A", "BY02", "B / SOHW-1633S", FULL, BOTH },
    { "SONY", "DVD RW DRU-710A", "CY01", "C / SOHW-1653S", FULL, BOTH },
    { "LITE-ON", "DVDRW LDW-451S", "GSB6", "g / LDW-451S", FULL, BOTH },
    { "LITE-ON", "DVDRW LDW-851S", "GS0C", "G / LDW-851S", FULL, BOTH },
    { "Slimtype", "DVDRW SOSW-852S", "6SB5", "P / SOSW-852S", FULL, BOTH },
    { "Slimtype", "DVDRW SOSW-813S", "US0N", "u / SOSW-813S (?)", FULL, EEPROM },
    { "LITE-ON", "COMBO LTC-48161H", "KH0M", "K / LTC-48161H", 0x80000, BOTH },
    { "SONY", "CD-RW  CRX300E", "KYS2", "K / LTC-48161H", 0x80000, BOTH },
    { "LITE-ON", "COMBO SOHC-5236V", "R.07", "r / SOHC-5236V", 0x80000, BOTH },
    { "LITEON", "DVD-ROM LTD163", "GH5R", "G / LTD-163(D)/SHD-16P1S", 0, EEPROM },
    { "LITE-ON", "DVDRW SOHW-812S", "VS0N", NULL, 0, OFL_CAP_NONE },
    { "LITE-ON", "DVDRW SHM-165P6S", "MS0R", NULL, 0, EEPROM },
    { "LITE-ON", "DVDRW LH-20A1P", "KL0N", NULL, 0, OFL_CAP_NONE },
    { "ATAPI", "iHBS112   2", "CL0K", NULL, 0, OFL_CAP_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint asked;
      g_autoptr (OflSnapshot) drive
          = probe_as (rows[i].vendor, rows[i].product, rows[i].revision, &asked);

      g_test_message ("%s %s %s", rows[i].vendor, rows[i].product, rows[i].revision);
      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "liteon");
      g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, rows[i].mark);
      g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, rows[i].size);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].caps);
      g_assert_cmpstr (ofl_snapshot_get_fact (drive, "built"), ==, "2004-02-11");
      g_assert_nonnull (strstr (ofl_snapshot_get_reason (drive), "not publicly known"));
      g_assert_cmpuint (asked, ==, 0);
    }
}

static void
test_probe_not (void)
{
  static const struct {
    const char *vendor, *product;
  } rows[] = {
    { "LITE-ON", "DVDRW SOHW-812" }, { "LITE-ON", "DVDRW SOHW-812SX" },
    { "SONY", "DVDRW SOHW-812S" },   { "_NEC", "DVD_RW ND-3520A" },
    { "TEAC", "CD-W552E" },          { "QEMU", "QEMU DVD-ROM" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = probe_as (rows[i].vendor, rows[i].product, "US0N", NULL);

      g_assert_cmpstr (ofl_snapshot_get_family (drive), !=, "liteon");
    }
}

/* A model that can count errors names a generation that the table has, with its discs. */
static guint
count_scans (GKeyFile *table, const char *model)
{
  g_autofree char *scan = g_key_file_get_string (table, model, "scan", NULL);
  g_autofree char *group = scan != NULL ? g_strconcat ("scan ", scan, NULL) : NULL;
  g_auto (GStrv) discs = NULL;

  if (group == NULL)
    return 0;
  discs = g_key_file_get_string_list (table, group, "discs", NULL, NULL);
  g_assert_true (discs != NULL && g_strv_contains ((const char *const *) discs, "CD"));
  return 1;
}

/* Every row of the table names hardware that the table has. */
static void
test_table (void)
{
  GKeyFile *table = ofl_family_table (family ());
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  guint models = 0, pairs = 0, hardware = 0, names_alone = 0, scans = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) list = g_key_file_get_string_list (table, groups[i], "hardware", NULL, NULL);

      hardware += g_str_has_prefix (groups[i], "hardware ");
      if (!g_str_has_prefix (groups[i], "model "))
        continue;
      models++;
      scans += count_scans (table, groups[i]);
      names_alone += list == NULL && !g_key_file_get_boolean (table, groups[i], "prefix", NULL);
      for (guint j = 0; list != NULL && list[j] != NULL; j++)
        {
          g_autofree char *group = g_strconcat ("hardware ", list[j], NULL);

          g_assert_true (g_key_file_has_group (table, group));
          pairs++;
        }
    }
  /* liteon 1.1: 164 rows of 33 letters, with 13 names under b as under B and DRU-710A
   * under C as well; two more, and 8 without any, of the names that only real drives give */
  g_assert_cmpuint (hardware, ==, 33);
  g_assert_cmpuint (pairs, ==, 166);
  g_assert_cmpuint (models, ==, 185);
  g_assert_cmpuint (names_alone, ==, 8);
  /* 68 of qpxtool's list, less the two that it has commented out */
  g_assert_cmpuint (scans, ==, 66);
}

static OflChoices *
choose (const char *experimental)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "experimental", experimental);
  return choices;
}

static OflPlan *
plan_read (const OflSnapshot *drive)
{
  g_autoptr (OflChoices) choices = choose ("yes");
  g_autoptr (GError) error = NULL;
  OflPlan *plan = ofl_family_plan_read (family (), drive, choices, &error);

  g_assert_no_error (error);
  return plan;
}

static void
assert_read (const OflPlan *plan, guint index, const char *hex, int capture, guint32 offset)
{
  const OflStep *step = ofl_plan_get_step (plan, index);
  g_autofree char *cdb = specimen_hex (step->command.cdb, step->command.cdb_len);

  g_assert_cmpint (step->kind, ==, OFL_STEP_COMMAND);
  g_assert_cmpstr (cdb, ==, hex);
  g_assert_cmpint (step->command.dir, ==, OFL_DIR_IN);
  g_assert_cmphex (step->command.length, ==, 0x80);
  g_assert_cmpuint (step->command.timeout_ms, ==, 10000);
  g_assert_cmpint (step->expect, ==, OFL_EXPECT_OK);
  g_assert_false (step->residual_ok);
  g_assert_cmpint (step->capture, ==, capture);
  g_assert_cmphex (step->capture_offset, ==, offset);
  g_assert_nonnull (step->source);
}

/* liteon 2.1, 2.2: DF 83 00 00 mm 00 bb hh ll 00 00 00 and DF 89 00 00 00 00 00 hh ll 00 00 00 */
static void
test_plan (void)
{
  g_autoptr (OflSnapshot) drive = probe_812s ();
  g_autoptr (OflPlan) plan = plan_read (drive);
  const OflStep *first = ofl_plan_get_step (plan, 0);

  g_assert_cmpuint (ofl_plan_get_n_steps (plan), ==, 1 + N_READS + 1 + N_EEPROM_READS + 1);
  g_assert_cmphex (first->command.cdb[0], ==, 0x00);
  g_assert_cmpint (first->expect, ==, OFL_EXPECT_IGNORE);
  assert_read (plan, 1, "df830000ff00000000000000", 0, 0);
  assert_read (plan, 2, "df830000ff00000080000000", 0, 0x80);
  assert_read (plan, 512, "df830000ff0000ff80000000", 0, 0xff80);
  assert_read (plan, 513, "df830000ff00010000000000", 0, 0x10000);
  assert_read (plan, 8192, "df830000ff000fff80000000", 0, 0xfff80);
  for (guint i = 0; i < N_READS; i++)
    {
      guint at = i * 128;
      g_autofree char *hex = g_strdup_printf ("df830000ff00%02x%02x%02x000000", at / 65536,
                                              at / 256 % 256, at % 256);

      assert_read (plan, 1 + i, hex, 0, at);
    }
  g_assert_cmpint (ofl_plan_get_step (plan, 8193)->kind, ==, OFL_STEP_CHECK);
  assert_read (plan, 8194, "df8900000000000000000000", 1, 0);
  assert_read (plan, 8195, "df8900000000000080000000", 1, 0x80);
  assert_read (plan, 8201, "df8900000000000380000000", 1, 0x380);
  g_assert_cmpint (ofl_plan_get_step (plan, 8202)->kind, ==, OFL_STEP_CHECK);
  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 2);
  g_assert_cmphex (ofl_plan_get_capture_size (plan, 0), ==, FULL);
  g_assert_cmphex (ofl_plan_get_capture_size (plan, 1), ==, 0x400);
}

/* Where only the EEPROM's size is known, only that is read: 4 KiB on a 6S drive. */
static void
test_plan_eeprom (void)
{
  g_autoptr (OflSnapshot) drive = probe_as ("LITE-ON", "DVDRW SHM-165P6S", "MS0R", NULL);
  g_autoptr (OflPlan) plan = plan_read (drive);

  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 1);
  g_assert_cmpstr (ofl_plan_get_capture_name (plan, 0), ==, "eeprom");
  g_assert_cmpuint (ofl_plan_get_n_steps (plan), ==, 1 + 32 + 1);
  assert_read (plan, 32,
               "df890000000000"
               "0f80"
               "000000",
               0, 0xf80);
}

static void
test_plan_refused (void)
{
  g_autoptr (OflSnapshot) drive = probe_812s ();
  g_autoptr (OflSnapshot) newer = probe_as ("LITE-ON", "DVDRW LH-20A1P", "KL0N", NULL);
  g_autoptr (OflChoices) no = choose ("no");
  g_autoptr (OflChoices) yes = choose ("yes");
  const struct {
    const OflSnapshot *drive;
    const OflChoices *choices;
  } rows[] = { { drive, NULL }, { drive, no }, { newer, yes } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ofl_family_plan_read (family (), rows[i].drive, rows[i].choices, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
    }
  g_assert_false (ofl_family_can_write (family ()));
}

/* A drive that answers the reads out of a flash and an EEPROM. */
typedef struct {
  guint8 *flash;
  guint8 *eeprom;
  gboolean ignores_bank;
  guint lies_at; /* which command gets a flipped bit; 0: none */
} Memory;

static void
answer_memory (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
               gpointer user_data)
{
  const Memory *memory = user_data;
  const guint8 *cdb = command->cdb;

  if (cdb[0] == 0xdf && cdb[1] == 0x83)
    memcpy (data,
            memory->flash + (memory->ignores_bank ? 0 : cdb[6] * 65536) + ofl_get_be (cdb + 7, 2),
            0x80);
  else if (cdb[0] == 0xdf && cdb[1] == 0x89)
    memcpy (data, memory->eeprom + ofl_get_be (cdb + 7, 2), 0x80);
  else if (cdb[0] == 0)
    fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0);
  else
    g_assert_not_reached ();
  if (memory->lies_at != 0 && index == memory->lies_at)
    data[5] ^= 1;
}

static GPtrArray *
read_twice (Memory *memory, GError **error)
{
  g_autoptr (OflSnapshot) drive = probe_812s ();
  g_autoptr (OflPlan) plan = plan_read (drive);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer_memory, memory);
  OflProgress *progress = ofl_progress_new ();
  g_auto (OflRun) run = { OFL_TRANSPORT (transport), progress, NULL, NULL, OFL_STAGE_BACKUP };
  GPtrArray *parts = ofl_backup_read_twice (&run, plan, error);

  ofl_progress_unref (progress);
  return parts;
}

#define NAME "LITE-ON DVDRW SOHW-812S US0J"

static void
test_read (void)
{
  g_autofree guint8 *flash = specimen_noise (9, FULL);
  g_autofree guint8 *eeprom = specimen_noise (10, 0x400);
  Memory memory = { flash, eeprom };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  const GByteArray *part;

  memcpy (flash + 0x2345f, NAME, strlen (NAME));
  parts = read_twice (&memory, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 2);
  part = g_ptr_array_index (parts, 0);
  g_assert_cmpmem (part->data, part->len, flash, FULL);
  part = g_ptr_array_index (parts, 1);
  g_assert_cmpmem (part->data, part->len, eeprom, 0x400);
}

/* What a drive that does not know the commands might send is not kept as a backup. */
static void
test_read_refused (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autofree guint8 *flash = specimen_noise (9, FULL);
      g_autofree guint8 *eeprom = specimen_noise (10, 0x400);
      Memory memory = { flash, eeprom };
      g_autoptr (GError) error = NULL;

      memcpy (flash + 0x345f, NAME, strlen (NAME));
      if (i == 0)
        flash[0x345f + 24] = 'V'; /* another revision */
      else if (i == 1)
        memset (flash, 0, FULL);
      else if (i == 2)
        memory.ignores_bank = TRUE;
      else if (i == 3)
        memset (eeprom, 0xff, 0x400);
      else
        memory.lies_at = 9000; /* of 8201 commands a pass: in the second one */
      g_assert_null (read_twice (&memory, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
    }
}

/* liteon 2.3: what may come instead of an EEPROM, each told from one by what it is. */
static void
test_eeprom_refused (void)
{
  g_autofree guint8 *flash = specimen_noise (9, FULL);
  static const struct {
    guint period; /* how much of it is there; all else repeats it */
    gsize copied; /* from where in the flash; 0: from nowhere */
    const char *says;
  } rows[] = {
    { 1, 0, "all of it is the same byte" },
    { 0x80, 0, "from 80h on the same comes again" },
    { 0x100, 0, "from 100h on" },
    { 0x200, 0, "from 200h on" },
    { 0x400, 0x1230, "at 1230h" },
    { 0x400, FULL - 0x400, "at FFC00h" },
    { 0x400, 0, NULL },
  };

  memcpy (flash + 0x345f, NAME, strlen (NAME));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *eeprom = specimen_noise (10, 0x400);
      Memory memory = { flash, eeprom };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = NULL;

      if (rows[i].copied != 0)
        memcpy (eeprom, flash + rows[i].copied, 0x400);
      for (guint at = rows[i].period; at < 0x400; at++)
        eeprom[at] = eeprom[at - rows[i].period];
      parts = read_twice (&memory, &error);
      g_assert_true ((parts == NULL) == (rows[i].says != NULL));
      if (rows[i].says == NULL)
        continue;
      g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
      g_assert_nonnull (strstr (error->message, rows[i].says));
    }
}

static OflImage *
make_image (const char *id, guint8 bank, gsize size)
{
  static const guint8 header[8] = { 0x05, 0x80, 0, 0x32, 0x5b },
                      call[6] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0 };
  g_autofree guint8 *data = specimen_noise (7, size);

  for (gsize at = 0; at < size; at += 0x10000)
    data[at] = 0x02;
  data[0x10000] = bank;
  memcpy (data + 0x5678, header, 8);
  memcpy (data + 0x5680, id, strlen (id));
  memcpy (data + 0x6000, call, 6);
  return specimen_parse ("liteon", data, size);
}

static void
test_judge (void)
{
  static const struct {
    const char *id;
    guint8 bank;
    gsize size;
    const char *check;
    OflLevel level;
  } rows[] = {
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL, "brand", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL, "letter", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL, "size", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL, "integrity", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL, "revision", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-812S US0J2004/04/14 12:34", 2, FULL, "revision", OFL_LEVEL_YELLOW },
    { "SONY    DVD RW DW-U18A  UY02Apr14 ,2004     ", 2, FULL, "brand", OFL_LEVEL_YELLOW },
    { "SONY    DVD RW DW-U18A  UY02Apr14 ,2004     ", 2, FULL, "letter", OFL_LEVEL_GREEN },
    { "LITE-ON DVDRW SOHW-832S VS0N2004/04/14 12:34", 2, FULL, "letter", OFL_LEVEL_RED },
    { "LITE-ON DVDRW SOHW-832S US0N2004/04/14 12:34", 2, FULL, "brand", OFL_LEVEL_RED_SOFT },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 0x80, FULL, "banks", OFL_LEVEL_YELLOW },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 3, FULL, "integrity", OFL_LEVEL_RED },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, 0x80000, "size", OFL_LEVEL_RED },
    { "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, 0x7ffff, "size", OFL_LEVEL_RED },
  };
  g_autoptr (OflSnapshot) drive = probe_812s ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflImage) image = make_image (rows[i].id, rows[i].bank, rows[i].size);
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
      const OflReason *reason = specimen_reason (judgement, rows[i].check);

      g_test_message ("%s: %s", rows[i].id, rows[i].check);
      g_assert_nonnull (reason);
      g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (rows[i].level));
      /* however well they match: nothing is written */
      g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
      g_assert_cmpstr (specimen_reason (judgement, "family")->sentence, ==,
                       ofl_snapshot_get_reason (drive));
    }
}

/* A drive whose letter is not that of its model is matched to nothing. */
static void
test_judge_unknown (void)
{
  g_autoptr (OflSnapshot) drive = probe_as ("LITE-ON", "DVDRW SOHW-812S", "VS0N", NULL);
  g_autoptr (OflImage) image = make_image ("LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL);
  g_autoptr (OflJudgement) alone = ofl_families_judge (drive, NULL, NULL);
  g_autoptr (OflJudgement) both = ofl_families_judge (drive, image, NULL);

  g_assert_cmpint (specimen_reason (alone, "letter")->level, ==, OFL_LEVEL_YELLOW);
  g_assert_cmpint (specimen_reason (both, "letter")->level, ==, OFL_LEVEL_RED);
}

/* Forced onto the standard download, a file of this family is an assumption and says so. */
static void
test_assumed (void)
{
  Specimen specimen = drive_812s;
  g_autoptr (FakeTransport) transport = fake_transport_new (refuse_all, NULL);
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, (gpointer) "standard");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (OflImage) image = make_image (i == 2
                                                   ? "LITE-ON DVDRW SOHW-832S VS0N2004/04/14 12:34"
                                                   : "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34",
                                               i == 1 ? 3 : 2, FULL);
      g_autoptr (OflImage) assumed = ofl_families_assume_image ("standard", image);
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, assumed, NULL);

      g_assert_cmpstr (ofl_image_get_family (assumed), ==, "standard");
      g_assert_true (ofl_image_get_bytes (assumed) == ofl_image_get_bytes (image));
      g_assert_cmpint (specimen_reason (judgement, "assumed")->level, ==, OFL_LEVEL_RED_SOFT);
      g_assert_cmpint (ofl_judgement_get_level (judgement), ==,
                       i == 0 ? OFL_LEVEL_RED_SOFT : OFL_LEVEL_RED);
      g_assert_cmpstr (ofl_image_get_fact (assumed, "revision"), ==, i == 2 ? "VS0N" : "US0N");
    }
}

static void
test_compare (void)
{
  g_autoptr (OflImage) image = make_image ("LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34", 2, FULL);
  g_autofree guint8 *flash = g_memdup2 (ofl_image_get_data (image, &(gsize){ 0 }), FULL);
  guint64 compared = 1;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GBytes) dump = NULL;

      if (i == 1)
        flash[0x3fff] ^= 1; /* the boot code, which is the drive's own */
      else if (i == 2)
        flash[0x4000] ^= 1;
      dump = g_bytes_new (flash, FULL);
      g_assert_cmpuint (specimen_compare (family (), image, dump, &compared), ==, i == 2 ? 1 : 0);
      g_assert_cmphex (compared, ==, 0xfc000);
      if (i == 2)
        {
          g_autoptr (GBytes) half = g_bytes_new (flash, 0x80000);

          g_assert_cmpuint (specimen_compare (family (), image, half, &compared), ==, 0);
          g_assert_cmpuint (compared, ==, 0);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon/probe", test_probe);
  g_test_add_func ("/liteon/probe-not", test_probe_not);
  g_test_add_func ("/liteon/table", test_table);
  g_test_add_func ("/liteon/plan", test_plan);
  g_test_add_func ("/liteon/plan-eeprom", test_plan_eeprom);
  g_test_add_func ("/liteon/plan-refused", test_plan_refused);
  g_test_add_func ("/liteon/read", test_read);
  g_test_add_func ("/liteon/read-refused", test_read_refused);
  g_test_add_func ("/liteon/eeprom-refused", test_eeprom_refused);
  g_test_add_func ("/liteon/judge", test_judge);
  g_test_add_func ("/liteon/judge-unknown", test_judge_unknown);
  g_test_add_func ("/liteon/assumed", test_assumed);
  g_test_add_func ("/liteon/compare", test_compare);
  return g_test_run ();
}
