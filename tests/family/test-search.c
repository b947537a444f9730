/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Is my drive served?": the search by name, the name that an adapter has changed, and what is said
 * of a model whose name is not confirmed. */
#include <string.h>

#include "drive/ofl-snapshot.h"
#include "families/ofl-families-search.h"
#include "families/ofl-families.h"

static const OflFound *
get (GPtrArray *found, guint i)
{
  return g_ptr_array_index (found, i);
}

/* The first answer; by: what ofl_found_by_id() calls it, NULL when nothing is found. */
static void
test_first (void)
{
  static const struct {
    const char *text, *by, *family, *name;
  } rows[] = {
    { "SOHW-812S", "name", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "sohw812s", "name", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "LITE-ON  DVDRW SOHW-812S", "name", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "LITE-ON DVDRW SOHW-812S US0Q", "name", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "SOHW-81", "part", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "US0Q", "revision", "liteon", "LITE-ON DVDRW SOHW-812S" },
    { "DH20A4P", "name", "liteon", "ATAPI DVD A  DH20A4" },
    { "PX-850SA", "name", "liteon", "PLEXTOR DVDR   PX-850" },
    { "AW-G170A", "name", "nec", "SONY DVD RW AW-G170A" },
    { "_NEC DVD_RW ND-3500AG", "name", "nec", "ND-3x00A/ND3450A" },
    { "Optiarc DVD RW AD-7999Z", "maker", "nec", "Optiarc" },
    { "DVDRAM GSA-T20N", "name", "renesas", "HL-DT-ST DVDRAM_GSA-T20N" },
    { "GSA-H42N", "maker", "renesas", "GSA-" },
    { "GDR-8164B", "not-served", "renesas", "HL-DT-ST DVD-ROM GDR…" },
    { "BTC DRW1008", "name", "btc", "DVDRW IDE1008" },
    { "IDE1008", "name", "btc", "DVDRW IDE1008" },
    { "PX-708A", "name", "plextor", "PLEXTOR DVDR   PX-708A" },
    { "DVDRW840G", "name", "plextor", "TDK DVDRW840G" },
    { "DVR-108", "name", "pioneer", "DVR-108" },
    { "BDR-209D", "maker", "pioneer", "BDR-" },
    { "DRW-1608P2", "name", "pioneer", "ASUS DRW-1608P2" },
    { "btc", "family", "btc", "DVDRW IDE1008" },
    { "Lite-On / PLDS", "family", "liteon", "LITE-ON DVDRW SOHW-1613S" },
    { "Frobnicator 2000", NULL, NULL, NULL },
    { "OPTIFLSH PRACTICE STD", NULL, NULL, NULL },
    { "GCC-4244N", NULL, NULL, NULL },
    { "a", NULL, NULL, NULL },
    { " ", NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) found = ofl_families_search (rows[i].text);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (found->len > 0, ==, rows[i].by != NULL);
      if (rows[i].by == NULL)
        continue;
      g_assert_cmpstr (ofl_found_by_id (get (found, 0)->by), ==, rows[i].by);
      g_assert_cmpstr (ofl_family_id (get (found, 0)->family), ==, rows[i].family);
      g_assert_cmpstr (get (found, 0)->name, ==, rows[i].name);
    }
}

/* A maker's name alone: another family's model that has it in its name does not hide the family that
 * asks all drives of this maker. */
static void
test_maker (void)
{
  g_autoptr (GPtrArray) found = ofl_families_search ("optiarc");
  g_autoptr (GPtrArray) model = ofl_families_search ("Optiarc AD-7191");
  gboolean nec = FALSE, liteon = FALSE;

  for (guint i = 0; i < found->len; i++)
    {
      nec = nec
            || (get (found, i)->by == OFL_FOUND_MAKER
                && g_str_equal (ofl_family_id (get (found, i)->family), "nec"));
      liteon = liteon || g_str_equal (get (found, i)->name, "Optiarc DVD RW AD-7191");
    }
  g_assert_true (nec);
  g_assert_true (liteon);
  for (guint i = 0; i < model->len; i++)
    g_assert_cmpint (get (model, i)->by, !=, OFL_FOUND_MAKER);
}

/* Every model of every table is found by its own name, and comes before what only has it in it. */
static void
test_every_name (void)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autoptr (GPtrArray) names = ofl_family_list_model_names (family);

      for (guint k = 0; k < names->len; k++)
        {
          const char *name = g_ptr_array_index (names, k);
          g_autoptr (GPtrArray) found = ofl_families_search (name);
          gboolean there = FALSE;

          for (guint n = 0; n < found->len; n++)
            there = there
                    || (get (found, n)->family == family && g_str_equal (get (found, n)->name, name)
                        && get (found, n)->by == OFL_FOUND_NAME);
          if (!there && strstr (name, "PRACTICE STD") == NULL)
            g_error ("%s is not found", name);
        }
    }
}

static char *
describe_first (const char *text)
{
  g_autoptr (GPtrArray) found = ofl_families_search (text);

  g_assert_cmpuint (found->len, >, 0);
  return ofl_found_describe (get (found, 0));
}

/* What can be done, what cannot and why, what is not sure. */
static void
test_sentences (void)
{
  static const struct {
    const char *text, *says;
  } rows[] = {
    { "BU40N", "Served: its firmware can be written here, once the drive's own answers" },
    { "IDE1008", "The drive is known by its name alone." },
    { "SOHW-812S", "Known, but not written here: how these drives are unlocked" },
    { "SOHW-812S", "It can be read: DF 83" },
    { "SOHW-812S", "What exists elsewhere: the maker's own updater" },
    { "GDR8164B", "Not served. The source" },
    { "DRW-3S161", "name not confirmed" },
    { "iHAS122   W", "offset of its CD audio alone" },
    { "AD-5710H", "Known, but not written here: known by name only" },
    { "BD-5730A",
      "Known, but not written here: how drives of this type are written is not publicly known" },
    { "GSA-H42N", "the answer tells whether this one is of the family HL-DT-ST Renesas" },
  };
  g_autofree char *nothing = ofl_families_say_not_found ("XYZ-1");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = describe_first (rows[i].text);

      g_test_message ("%s: %s", rows[i].text, text);
      g_assert_nonnull (strstr (text, rows[i].says));
    }
  g_assert_nonnull (strstr (nothing, "“XYZ-1” is not known to us"));
  g_assert_nonnull (strstr (ofl_families_say_instead (), "optiflashctl report DRIVE"));
}

static OflIdentity
make_identity (const char *vendor, const char *product)
{
  OflIdentity identity = { 0 };

  g_strlcpy (identity.vendor, vendor, sizeof identity.vendor);
  g_strlcpy (identity.product, product, sizeof identity.product);
  g_strlcpy (identity.revision, "1.00", sizeof identity.revision);
  return identity;
}

/* Names as real adapters gave them, and names that only look so. */
static void
test_shifted (void)
{
  static const struct {
    const char *vendor, *product, *says;
  } rows[] = {
    { "SATA", "HL-DT-STDVDRAM G", "the maker's name HL-DT-ST" },
    { "SATA", "ATAPI   iHAS124", "the maker's name ATAPI" },
    { "", "TSSTcorp CDDVDW", "the maker's name TSSTcorp" },
    { "", "LG Electronics DVD+--R", "the maker's name LG Electronics" },
    { "SATA", "DVD RW AW-G170S", NULL },
    { "", "DVDRAM", NULL },
    { "ASUS", "ASUS DRW-24F1", NULL },
    { "HL-DT-ST", "BD-RE BU40N", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflIdentity identity = make_identity (rows[i].vendor, rows[i].product);
      g_autofree char *text = ofl_families_shifted_name (&identity);

      g_test_message ("%s|%s", rows[i].vendor, rows[i].product);
      g_assert_cmpint (text != NULL, ==, rows[i].says != NULL);
      if (text != NULL)
        g_assert_nonnull (strstr (text, rows[i].says));
    }
}

static gboolean
has_reason (const OflJudgement *judgement, const char *check, const char *text)
{
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (judgement, i);

      if (g_str_equal (reason->check, check) && strstr (reason->sentence, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Whoever looks at such a drive is told: a yellow reason, in “info” and in the window. */
static void
test_judged (void)
{
  static const struct {
    const char *family, *vendor, *product, *check, *text;
    gboolean there;
  } rows[] = {
    { "tsst", "hp", "DVD-ROM SH-D163A", "name", "name not confirmed", TRUE },
    { "tsst", "hp", "DVD-ROM TS-H353B", "name", "name not confirmed", FALSE },
    { "nec", "ATAPI", "iHAS122   W", "name", "offset of its CD audio", TRUE },
    { "nec", "SONY", "DVD RW AW-G170A", "name", "", FALSE },
    { "mt1959", "SATA", "HL-DT-STBD-RE B", "adapter", "whose end is cut off", TRUE },
    { "mt1959", "HL-DT-ST", "BD-RE BU40N", "adapter", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      OflIdentity identity = make_identity (rows[i].vendor, rows[i].product);
      g_autoptr (OflSnapshot) drive = ofl_snapshot_new (&identity);
      g_autoptr (OflJudgement) judgement = NULL;

      ofl_snapshot_set_state (drive, OFL_DRIVE_STATE_NORMAL);
      ofl_snapshot_set_family (drive, rows[i].family, OFL_CAP_WRITE);
      judgement = ofl_families_judge (drive, NULL, NULL);
      g_test_message ("%s %s", rows[i].vendor, rows[i].product);
      g_assert_cmpint (has_reason (judgement, rows[i].check, rows[i].text), ==, rows[i].there);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/first", test_first);
  g_test_add_func ("/search/maker", test_maker);
  g_test_add_func ("/search/every-name", test_every_name);
  g_test_add_func ("/search/sentences", test_sentences);
  g_test_add_func ("/search/shifted", test_shifted);
  g_test_add_func ("/search/judged", test_judged);
  return g_test_run ();
}
