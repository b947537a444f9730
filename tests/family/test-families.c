/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry: who is asked what while drives are recognised; tables, choices, files. */
#include <glib/gstdio.h>
#include <string.h>

#include "families/ofl-families.h"
#include "family/ofl-family-private.h"
#include "kit/fake-transport.h"
#include "kit/scratch.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define DESCRIPTOR_AT 0x1ec000 /* of an MT1959 drive: mt1959 1.1 */

#define SIZE 0x200000

/* A drive that answers the reads of the MT1959 family out of a flash. */
typedef struct {
  const guint8 *flash;
  gboolean no_feature;
  gboolean no_descriptor;
  gboolean attention; /* the next command gets a unit attention */
  gboolean short_reads;
  GString *reads;
} Answers;

static void
answer_feature (const Answers *answers, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint8 feature[28] = { 0, 0, 0, 24, 0, 0, 0, 0, 1, 0x0c, 3, 14 };

  memcpy (feature + 12, "20190101120000", 14);
  if (answers->no_feature)
    {
      memset (data, 0, command->length);
      reply->transferred = 8;
      return;
    }
  memcpy (data, feature, MIN (command->length, sizeof feature));
  reply->transferred = 26;
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  Answers *answers = user_data;
  guint32 offset = ofl_get_be (command->cdb + 3, 3);

  g_assert_true (ofl_command_is_read_only (command));
  if (answers->attention)
    {
      answers->attention = FALSE;
      fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0);
    }
  else if (command->cdb[0] == 0x46)
    answer_feature (answers, command, data, reply);
  else if (command->cdb[0] == 0x3c && command->cdb[1] == 6 && answers->flash != NULL
           && !(answers->no_descriptor && offset == DESCRIPTOR_AT)
           && offset + command->length <= SIZE)
    {
      memcpy (data, answers->flash + offset, command->length);
      if (answers->short_reads)
        reply->transferred = command->length - 1;
    }
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
  if (command->cdb[0] == 0x3c)
    g_string_append_printf (answers->reads, "%02x/%06x+%x ", command->cdb[1], offset,
                            command->length);
}

static OflSnapshot *
probe (Answers *answers, const OflIdentity *identity, const char *wanted, guint *asked)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, answers);
  OflSnapshot *snapshot;

  answers->reads = g_string_new (NULL);
  snapshot = ofl_families_probe (OFL_TRANSPORT (transport), identity, (gpointer) wanted);
  if (asked != NULL)
    *asked = fake_transport_get_count (transport);
  return snapshot;
}

static void
clear (Answers *answers)
{
  g_string_free (answers->reads, TRUE);
  answers->reads = NULL;
}

static void
test_mt1959 (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&bu40n, 5);
  Answers answers = { .flash = flash, .attention = TRUE };
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  specimen_identity (&identity, &bu40n);
  drive = probe (&answers, &identity, NULL, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "mt1959");
  g_assert_cmpstr (answers.reads->str, ==, "06/003000+20 06/1ec000+100 06/1ec04c+4 06/010000+400 ");
  g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, "MTEKMT1959 / MT1959 Boot BU5");
  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, SIZE);
  g_assert_cmphex (ofl_snapshot_get_caps (drive), ==,
                   OFL_CAP_READ | OFL_CAP_READ_EEPROM | OFL_CAP_WRITE | OFL_CAP_VERIFY
                       | OFL_CAP_RECOVER);
  g_assert_cmpmem (g_bytes_get_data (ofl_snapshot_get_blob (drive, "banner"), NULL),
                   g_bytes_get_size (ofl_snapshot_get_blob (drive, "banner")), flash + 0x3000, 32);
  g_assert_cmpmem (g_bytes_get_data (ofl_snapshot_get_blob (drive, "descriptor"), NULL),
                   g_bytes_get_size (ofl_snapshot_get_blob (drive, "descriptor")), flash + 0x1ec000,
                   256);
  g_assert_cmpuint (g_bytes_get_size (ofl_snapshot_get_blob (drive, "page10000")), ==, 0x400);
  clear (&answers);
}

/* Who is no such drive is left alone after the first answer that says so. */
static void
test_mt1959_not (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&bu40n, 5);
  Answers rows[] = { { .flash = flash, .no_feature = TRUE },
                     { .flash = NULL },
                     { .flash = flash, .short_reads = TRUE } };
  /* what is cut short is asked for once more, and is no answer then either */
  static const char *const reads[] = { "", "06/003000+20 ", "06/003000+20 06/003000+20 " };
  OflIdentity identity;

  specimen_identity (&identity, &bu40n);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = probe (&rows[i], &identity, NULL, NULL);

      g_assert_null (ofl_snapshot_get_family (drive));
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, OFL_CAP_NONE);
      g_assert_nonnull (strstr (ofl_snapshot_get_reason (drive), "BU40N"));
      g_assert_cmpint (ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_GARBLED, ==,
                       rows[i].short_reads);
      g_assert_cmpstr (rows[i].reads->str, ==, reads[i]);
      clear (&rows[i]);
    }
}

static void
test_boot (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&bu40n, 5);
  Answers blind = { .flash = flash, .no_feature = TRUE, .no_descriptor = TRUE };
  Answers seeing = { .flash = flash, .no_feature = TRUE };
  g_autoptr (OflSnapshot) first = NULL, second = NULL;
  OflIdentity identity;

  bu40n.revision = "BOOT";
  specimen_identity (&identity, &bu40n);
  first = probe (&blind, &identity, NULL, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (first), ==, "mt1959");
  g_assert_cmpint (ofl_snapshot_get_state (first), ==, OFL_DRIVE_STATE_BOOT);
  g_assert_cmphex (ofl_snapshot_get_caps (first), ==, OFL_CAP_WRITE | OFL_CAP_RECOVER);
  g_assert_cmpstr (ofl_snapshot_get_mark (first), ==, "MT1959 Boot BU5");
  second = probe (&seeing, &identity, NULL, NULL);
  g_assert_cmpint (ofl_snapshot_get_state (second), ==, OFL_DRIVE_STATE_BOOT);
  g_assert_true ((ofl_snapshot_get_caps (second) & OFL_CAP_VERIFY) != 0);
  clear (&blind);
  clear (&seeing);
}

/* A drive of a maker's name that says nothing is asked for the feature, and only then for the
 * banner; whatever else it answers is no news (mt1959 1.6). */
static void
test_stranger (void)
{
  static const char *const vendors[] = { "BUFFALO", "hp HLDS", "JMicron", "QEMU", "PIONEER" };
  Specimen specimen = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&specimen, 5);

  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    {
      Answers rows[] = { { .flash = flash, .attention = TRUE },
                         { .flash = flash, .no_feature = TRUE },
                         { .flash = NULL },
                         { .flash = flash, .short_reads = TRUE } };
      static const char *const reads[]
          = { "06/003000+20 06/003000+20 06/1ec000+100 06/1ec04c+4 06/010000+400 ", "",
              "06/003000+20 ", "06/003000+20 " };
      gboolean never = g_str_equal (vendors[i], "PIONEER");
      OflIdentity identity;

      specimen.vendor = vendors[i];
      specimen_identity (&identity, &specimen);
      for (guint k = 0; k < G_N_ELEMENTS (rows); k++)
        {
          g_autoptr (OflSnapshot) drive = probe (&rows[k], &identity, NULL, NULL);

          g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, k == 0 && !never ? "mt1959" : NULL);
          g_assert_cmpint (ofl_snapshot_get_state (drive), !=, OFL_DRIVE_STATE_GARBLED);
          if (never)
            g_assert_null (strstr (rows[k].reads->str, "06/"));
          else
            g_assert_cmpstr (rows[k].reads->str, ==, reads[k]);
          clear (&rows[k]);
        }
    }
}

/* Other makers' drives get no vendor command but that of MT1959 drives, which tells them, and
 * PIONEER's not even when the user insists; it is asked the one question of its own family. */
static void
test_vendor_gate (void)
{
  static const struct {
    const char *vendor, *wanted, *family;
    gboolean asked;
  } rows[] = {
    { "QEMU", NULL, "mt1959", TRUE },         { "PIONEER", NULL, NULL, TRUE },
    { "PIONEER", "mt1959", NULL, FALSE },     { "QEMU", "mt1959", "mt1959", TRUE },
    { "hp", NULL, "mt1959", TRUE },           { "DELL", NULL, "mt1959", TRUE },
    { "ASUS", NULL, "mt1959", TRUE },         { "HL-DT-ST", "standard", "standard", TRUE },
    { "QEMU", "standard", "standard", TRUE }, { "QEMU", "nonsense", NULL, FALSE },
  };
  Specimen specimen = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&specimen, 5);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Answers answers = { .flash = flash };
      g_autoptr (OflSnapshot) drive = NULL;
      OflIdentity identity;
      guint asked;

      specimen.vendor = rows[i].vendor;
      specimen_identity (&identity, &specimen);
      drive = probe (&answers, &identity, rows[i].wanted, &asked);
      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, rows[i].family);
      g_assert_cmpint (asked > 0, ==, rows[i].asked);
      g_assert_cmpint (ofl_snapshot_get_reason (drive) == NULL, ==, rows[i].family != NULL);
      clear (&answers);
    }
}

/* A drive of a known name whose bridge refuses the question, and names that may be an enclosure's. */
static void
test_unknown_words (void)
{
  static const struct {
    const char *vendor, *product, *bus, *words;
  } rows[] = {
    { "HL-DT-ST", "BD-RE BU40N", "usb", "is a model that is known here" },
    { "HL-DT-ST", "BD-RE BU40N", "usb", "the USB bridge in front of it refused to give" },
    { "HL-DT-ST", "BD-RE BU40N", NULL, "05/20/00" },
    { "BUFFALO", "Optical Drive", NULL, "name of the enclosure" },
    { "JMicron", "Generic", NULL, "family mt1959" },
    { "JMicron", "Tech", NULL, "name of the enclosure" }, /* by either name */
    { "ACME", "Generic", NULL, "name of the enclosure" },
    { "ACME", "Writer", "usb", "name of the enclosure" },
    { "ACME", "Writer", "ata", "not publicly known" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Specimen specimen = SPECIMEN_BU40N;
      Answers answers = { .flash = NULL, .reads = g_string_new (NULL) };
      g_autoptr (FakeTransport) transport = fake_transport_new (answer, &answers);
      g_autoptr (OflSnapshot) drive = NULL;
      OflIdentity identity;

      specimen.vendor = rows[i].vendor;
      specimen.product = rows[i].product;
      specimen_identity (&identity, &specimen);
      g_object_set_data (G_OBJECT (transport), OFL_TRANSPORT_BUS, (gpointer) rows[i].bus);
      drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
      g_assert_null (ofl_snapshot_get_family (drive));
      g_assert_nonnull (strstr (ofl_snapshot_get_reason (drive), rows[i].words));
      clear (&answers);
    }
}

static void
test_garbled (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *flash = specimen_image (&bu40n, 5);
  Answers answers = { .flash = flash };
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflJudgement) judgement = NULL;
  OflIdentity identity;
  guint asked;

  specimen_identity (&identity, &bu40n);
  identity.different = 1;
  drive = probe (&answers, &identity, NULL, &asked);
  g_assert_cmpuint (asked, ==, 0);
  g_assert_null (ofl_snapshot_get_family (drive));
  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_GARBLED);
  judgement = ofl_families_judge (drive, NULL, NULL);
  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
  g_assert_cmpstr (ofl_judgement_get_worst (judgement)->sentence, ==,
                   ofl_snapshot_get_reason (drive));
  clear (&answers);
}

/* A table of the user's own stands in for the compiled one; main() put it there. */
static void
test_own_table (void)
{
  const OflFamily *mt1959 = ofl_families_find ("mt1959");
  OflFamily own = *mt1959;

  own.id = "test-own";
  g_assert_cmpstr (ofl_family_name (&own), ==, "Mine");
  g_assert_cmpstr (ofl_family_evidence (&own), ==, "not stated");
  g_assert_cmpuint (ofl_family_number (&own, "numbers", "hex"), ==, 0x4000);
  g_assert_cmpuint (ofl_family_number (&own, "numbers", "dec"), ==, 12);
  g_assert_cmpuint (ofl_family_number (&own, "numbers", "none"), ==, 0);
  g_assert_true (ofl_family_table (&own) == ofl_family_table (&own));
  /* f14: it is never used without a word */
  g_assert_true (g_str_has_suffix (ofl_family_own_table (&own),
                                   G_DIR_SEPARATOR_S "optiflash" G_DIR_SEPARATOR_S
                                                     "drives" G_DIR_SEPARATOR_S "test-own.ini"));
  g_assert_null (ofl_family_own_table (mt1959));
}

static void
test_tables (void)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (family), NULL);

      g_assert_true (ofl_families_find (family->id) == family);
      g_assert_cmpstr (ofl_family_name (family), !=, family->id);
      g_assert_cmpstr (ofl_family_evidence (family), !=, "not stated");
      for (guint k = 0; groups[k] != NULL; k++)
        {
          GKeyFile *table = ofl_family_table (family);
          g_auto (GStrv) values = NULL;
          g_autofree char *preset = NULL, *title = NULL, *explanation = NULL;

          if (!g_str_has_prefix (groups[k], "choice "))
            continue;
          values = g_key_file_get_string_list (table, groups[k], "values", NULL, NULL);
          preset = g_key_file_get_string (table, groups[k], "default", NULL);
          title = g_key_file_get_string (table, groups[k], "title", NULL);
          explanation = g_key_file_get_string (table, groups[k], "explanation", NULL);
          g_assert_true (g_strv_contains ((const char *const *) values, preset));
          g_assert_nonnull (title);
          g_assert_nonnull (explanation);
          g_assert_cmpstr (ofl_family_choice (family, NULL, groups[k] + strlen ("choice ")), ==,
                           preset);
        }
    }
}

/* Every product of the public list is in the table, each with a name and boards (mt1959 1.5). */
static void
test_models (void)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (ofl_families_find ("mt1959"));
  GKeyFile *table = ofl_family_table (ofl_families_find ("mt1959"));

  g_assert_cmpuint (models->len, ==, 36);
  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      g_autofree char *boards = g_key_file_get_string (table, model->group, "boards", NULL);

      g_assert_cmpstr (model->vendor, !=, "");
      g_assert_cmpstr (model->product, !=, "");
      g_assert_nonnull (boards);
    }
}

static void
test_choices (void)
{
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (OflChoices) choices = ofl_choices_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (ofl_family_choice (family, choices, "dialect"), ==, "oem");
  ofl_choices_set (choices, "enc", "yes");
  ofl_choices_set (choices, "dialect", "redumper");
  g_assert_cmpstr (ofl_family_choice (family, choices, "dialect"), ==, "redumper");
  names = ofl_choices_list_names (choices);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (names, 0), ==, "dialect");
  g_assert_true (ofl_family_check_choices (family, choices, NULL));
  ofl_choices_set (choices, "dialect", NULL);
  g_assert_cmpstr (ofl_family_choice (family, choices, "dialect"), ==, "oem");
  ofl_choices_set (choices, "colour", "red");
  g_assert_false (ofl_family_check_choices (family, choices, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "colour"));
}

static OflFirmware *
open_bytes (const void *data, gsize length)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  OflFirmware *firmware;
  int fd = g_file_open_tmp ("ofl-XXXXXX.bin", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
  file = g_file_new_for_path (path);
  firmware = ofl_families_open (file, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return firmware;
}

static void
test_open (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 9);
  g_autofree guint8 *noise = specimen_noise (1, 5000);
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflFirmware) firmware = open_bytes (data, SIZE);
  g_autoptr (OflFirmware) nothing = open_bytes (noise, 5000);
  g_autoptr (OflFirmware) other = open_bytes ("OPTIFLSHPRACTICE STD    1.01", 28);
  g_autoptr (OflFirmware) damaged = NULL;

  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 1);
  g_assert_cmpint (ofl_families_choose_image (drive, firmware, NULL), ==, 0);
  g_assert_cmpuint (ofl_firmware_get_n_images (nothing), ==, 0);
  g_assert_cmpint (ofl_families_choose_image (drive, nothing, NULL), ==, -1);
  g_assert_cmpuint (ofl_firmware_get_n_images (other), ==, 1);
  g_assert_cmpint (ofl_families_choose_image (drive, other, NULL), ==, -1);
  /* an image that will be refused is still chosen, so that the refusal can say why */
  data[0x12000] ^= 1;
  damaged = open_bytes (data, SIZE);
  g_assert_cmpint (ofl_families_choose_image (drive, damaged, NULL), ==, 0);
}

static void
test_text (void)
{
  static const guint8 bytes[] = "\0\1HL-DT-STBD-RE  BU40N   1.00\0\0ab\0MTEK";
  g_autofree char *text = ofl_family_text (bytes, sizeof bytes - 1);
  g_autofree char *runs = ofl_family_runs (bytes, sizeof bytes - 1, 3);

  g_assert_cmpstr (text, ==, "HL-DT-STBD-RE BU40N 1.00 ab MTEK");
  g_assert_cmpstr (runs, ==, "HL-DT-STBD-RE BU40N 1.00 | MTEK");
  g_assert_true (ofl_family_names (text, "HL-DT-ST"));
  g_assert_true (ofl_family_names (text, "BD-RE  BU40N"));
  g_assert_false (ofl_family_names (text, "BD-RE BU40"));
  g_assert_false (ofl_family_names (text, ""));
}

/* Makes @dir the test's own data folder, with a table in it. */
static void
use_data_dir (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "optiflash", "drives", "test-own.ini", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  static const char table[] = "[family]\nname=Mine\n[numbers]\nhex=0x4000\ndec=12\n";

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, table, -1, NULL));
  g_setenv ("XDG_DATA_HOME", dir, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (Scratch) dir = scratch_new ();

  use_data_dir (dir);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/families/probe/mt1959", test_mt1959);
  g_test_add_func ("/families/probe/mt1959-not", test_mt1959_not);
  g_test_add_func ("/families/probe/boot", test_boot);
  g_test_add_func ("/families/probe/stranger", test_stranger);
  g_test_add_func ("/families/probe/vendor-gate", test_vendor_gate);
  g_test_add_func ("/families/probe/case-08-09", test_unknown_words);
  g_test_add_func ("/families/probe/garbled", test_garbled);
  g_test_add_func ("/families/table/own", test_own_table);
  g_test_add_func ("/families/table/choices", test_tables);
  g_test_add_func ("/families/table/models", test_models);
  g_test_add_func ("/families/choices", test_choices);
  g_test_add_func ("/families/open", test_open);
  g_test_add_func ("/families/text", test_text);
  return g_test_run ();
}
