/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies of real drives (tests/replies) through our readers, and a report of a practice drive as one
 * more of them. What must come out is read from the bytes by hand. */
#include <string.h>

#include "drive/ofl-abilities.h"
#include "families/ofl-families.h"
#include "kit/replies.h"
#include "kit/wire.h"

#define PAGE_2A "5a 00 2a 00 00 00 00 00 fc 00"
#define REGION "a4 00 00 00 00 00 00 00 00 08 08 00"
#define PROFILES "46 02 00 00 00 00 00 00 80 00"

static void
read_identity (Replies *replies, OflIdentity *identity)
{
  g_autoptr (OflTransport) transport = replies_transport (replies);
  g_autoptr (GError) error = NULL;

  ofl_identity_read (identity, transport, &error);
  g_assert_no_error (error);
  g_assert_true (ofl_identity_is_trustworthy (identity, NULL));
  g_assert_false (identity->medium);
}

static void
assert_name (const OflIdentity *identity, const char *vendor, const char *product,
             const char *revision, const char *extra)
{
  g_assert_cmpstr (identity->vendor, ==, vendor);
  g_assert_cmpstr (identity->product, ==, product);
  g_assert_cmpstr (identity->revision, ==, revision);
  g_assert_cmpstr (identity->extra, ==, extra);
}

static void
read_profiles (const Replies *replies, OflProfiles *profiles)
{
  gsize length = 0;
  const guint8 *data = replies_find (replies, PROFILES, &length);

  g_assert_nonnull (data);
  g_assert_true (ofl_profiles_parse (profiles, data, length));
}

static void
read_page (const Replies *replies, OflCapabilities *capabilities)
{
  gsize length = 0;
  const guint8 *data = replies_find (replies, PAGE_2A, &length);

  g_assert_nonnull (data);
  g_assert_true (ofl_capabilities_parse (capabilities, data, length));
}

static void
read_region (const Replies *replies, OflRegion *region)
{
  gsize length = 0;
  const guint8 *data = replies_find (replies, REGION, &length);

  g_assert_nonnull (data);
  g_assert_true (ofl_region_parse (region, data, length));
}

/* Each fixture says where it is from, and each of its replies is a good one. */
static void
test_sources (gconstpointer data)
{
  g_autoptr (Replies) replies = replies_load (data);

  g_assert_nonnull (replies);
  g_assert_nonnull (replies_field (replies, "Source"));
  g_assert_nonnull (replies_field (replies, "Licence"));
  g_assert_cmpuint (replies_count (replies), >=, 2);
  g_assert_cmpuint (replies_count_good (replies), ==, replies_count (replies));
}

static void
test_bu40n (void)
{
  g_autoptr (Replies) replies = replies_load ("bu40n-1.03");
  OflIdentity identity;
  OflProfiles profiles;
  OflCapabilities capabilities;
  OflRegion region;

  read_identity (replies, &identity);
  assert_name (&identity, "HL-DT-ST", "BD-RE BU40N", "1.03", "NM00000XXXXXXXXXXX");
  g_assert_cmpuint (identity.inquiry_len, ==, 96);
  g_assert_cmpstr (identity.serial, ==, "XXXXXXXXXXX");
  /* of the century 21 */
  g_assert_cmpstr (identity.firmware_date, ==, "211810241934");

  read_profiles (replies, &profiles);
  g_assert_cmpuint (profiles.n, ==, 18);
  g_assert_cmphex (profiles.profiles[0], ==, 0x0043);
  g_assert_cmphex (profiles.profiles[17], ==, 0x0002);
  g_assert_cmphex (profiles.current, ==, 0x0040);
  g_assert_true (ofl_profiles_has (&profiles, 0x002b));
  g_assert_false (ofl_profiles_has (&profiles, 0x0050));

  read_page (replies, &capabilities);
  g_assert_cmphex (capabilities.reads, ==, 0x3f);
  g_assert_cmphex (capabilities.writes, ==, 0x37);
  g_assert_cmpuint (capabilities.read_speed, ==, 26976);
  g_assert_cmpuint (capabilities.buffer_kib, ==, 4064);
  g_assert_cmpuint (capabilities.n_speeds, ==, 0);

  read_region (replies, &region);
  g_assert_true (region.set);
  g_assert_cmpuint (region.maker_changes, ==, 4);
  g_assert_cmpuint (region.user_changes, ==, 4);
  g_assert_cmphex (region.mask, ==, 0x00);
  g_assert_cmpuint (region.scheme, ==, 1);
}

static void
test_bdr_s09 (void)
{
  static const guint speeds[] = { 22160, 16620, 13850, 11080, 8310, 6925 };
  g_autoptr (Replies) replies = replies_load ("bdr-s09-1.34");
  OflIdentity identity;
  OflProfiles profiles;
  OflCapabilities capabilities;
  OflRegion region;

  read_identity (replies, &identity);
  assert_name (&identity, "PIONEER", "BD-RW   BDR-S09", "1.34", " 16/04/25  PIONEER");
  g_assert_cmpstr (identity.serial, ==, "XXXXXXXXXXXX");
  g_assert_cmpstr (identity.firmware_date, ==, "201604250000");

  read_profiles (replies, &profiles);
  g_assert_cmpuint (profiles.n, ==, 17);
  g_assert_false (ofl_profiles_has (&profiles, 0x002b));
  g_assert_true (ofl_profiles_has (&profiles, 0x001b));

  /* of the ten speeds that the page counts six came */
  read_page (replies, &capabilities);
  g_assert_cmpuint (capabilities.read_speed, ==, 22160);
  g_assert_cmpuint (capabilities.buffer_kib, ==, 4000);
  g_assert_cmpuint (capabilities.n_speeds, ==, G_N_ELEMENTS (speeds));
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    g_assert_cmpuint (capabilities.speeds[i], ==, speeds[i]);

  read_region (replies, &region);
  g_assert_false (region.set);
  g_assert_cmpuint (region.maker_changes, ==, 4);
  g_assert_cmpuint (region.user_changes, ==, 5);
  g_assert_cmphex (region.mask, ==, 0xff);
}

static OflSnapshot *
probe (Replies *replies)
{
  g_autoptr (OflTransport) transport = replies_transport (replies);
  OflIdentity identity;

  read_identity (replies, &identity);
  return ofl_families_probe (transport, &identity, NULL);
}

/* What reads F1: Pioneer's probe. */
static void
test_bdr_s09_family (void)
{
  g_autoptr (Replies) replies = replies_load ("bdr-s09-1.34");
  g_autoptr (OflSnapshot) drive = probe (replies);

  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "pioneer");
  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "drive serial"), ==, "XXXXXXXXXXXXXXXX");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "hardware"), ==, "SAT 8600");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "kernel type"), ==, "ID43");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "normal type"), ==, "ID43");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "kernel revision"), ==, "0000");
}

/* Its INQUIRY says 36 bytes and more came: what lies behind is not read. */
static void
test_se506 (void)
{
  g_autoptr (Replies) replies = replies_load ("se-506cb-ts01");
  g_autoptr (OflSnapshot) drive = probe (replies);
  const OflIdentity *identity = ofl_snapshot_identity (drive);

  assert_name (identity, "TSSTcorp", "BDDVDW SE-506CB", "TS01", "");
  g_assert_cmpuint (identity->inquiry_len, ==, 36);
  g_assert_cmpstr (identity->serial, ==, "");
  g_assert_cmpstr (identity->firmware_date, ==, "");
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "se506");
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "version"), ==, "00 06 01 01 54 53 20 00");
}

/* What a practice drive says to @cdb against the real one's reply, of which @most bytes are known;
 * @skip is a byte that says what was in the real drive, or in which state it was. */
static void
assert_like_real (Wire *wire, const Replies *replies, const char *cdb, gsize most, gsize skip)
{
  gsize length = 0;
  const guint8 *real = replies_find (replies, cdb, &length);

  g_assert_nonnull (real);
  g_assert_cmphex (wire_in (wire, 0x100, "%s", cdb), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, >=, MIN (length, most));
  for (gsize i = 0; i < MIN (length, most); i++)
    if (i != skip)
      g_assert_cmphex (wire->in[i], ==, real[i]);
}

/* A practice BU40N says a BU40N's words. In the real one a BD-ROM was in and the tray was locked. */
static void
test_like_bu40n (void)
{
  static const char *const same[]
      = { "46 02 00 1d 00 00 00 00 ff 00", "46 02 00 1e 00 00 00 00 ff 00",
          "46 02 00 1f 00 00 00 00 ff 00", "46 02 00 41 00 00 00 00 ff 00",
          "46 02 01 07 00 00 00 00 ff 00", "46 02 01 0d 00 00 00 00 ff 00" };
  g_autoptr (Replies) replies = replies_load ("bu40n-1.03");
  g_autoptr (Wire) wire = wire_new ("bu40n");
  gsize length = 0;
  const guint8 *real = replies_find (replies, PROFILES, &length);

  g_assert_cmphex (wire_in (wire, 0x100, PROFILES), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, length);
  for (gsize i = 8; i < length; i += 4)
    g_assert_cmphex (fact_be (wire->in + i, 2), ==, fact_be (real + i, 2));
  assert_like_real (wire, replies, PAGE_2A, G_MAXSIZE, 8 + 6);
  assert_like_real (wire, replies, REGION, G_MAXSIZE, G_MAXSIZE);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    assert_like_real (wire, replies, same[i], G_MAXSIZE, 7); /* 7: the disc's profile */
  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, 0);
  real = replies_find (replies, "12 00 00 00 60 00", &length);
  g_assert_cmpmem (wire->in + 8, 24, real + 8, 24);
}

/* A practice Pioneer says a BDR-S09's; of page 2A the ends differ: six speeds are known. */
static void
test_like_bdr_s09 (void)
{
  static const char *const same[] = { "46 02 00 03 00 00 00 00 ff 00",
                                      "46 02 00 1f 00 00 00 00 ff 00",
                                      "46 02 00 40 00 00 00 00 ff 00",
                                      "46 02 00 41 00 00 00 00 ff 00",
                                      "46 02 01 07 00 00 00 00 ff 00",
                                      "46 02 01 0d 00 00 00 00 ff 00",
                                      PROFILES,
                                      REGION };
  g_autoptr (Replies) replies = replies_load ("bdr-s09-1.34");
  g_autoptr (Wire) wire = wire_new ("bdr");
  OflCapabilities real, practice;

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    assert_like_real (wire, replies, same[i], G_MAXSIZE, G_MAXSIZE);
  read_page (replies, &real);
  g_assert_cmphex (wire_in (wire, 0x100, PAGE_2A), ==, 0);
  g_assert_true (ofl_capabilities_parse (&practice, wire->in, wire->answer.in_len));
  g_assert_cmpmem (&practice, sizeof practice, &real, sizeof real);
}

/* A practice SE-506 says 36 bytes of INQUIRY and sends more, as the real one; revision and date are
 * those of another release. */
static void
test_like_se506 (void)
{
  g_autoptr (Replies) replies = replies_load ("se-506cb-ts01");
  g_autoptr (Wire) wire = wire_new ("se506");
  gsize length = 0;
  const guint8 *real = replies_find (replies, "12 00 00 00 60 00", &length);

  g_assert_cmphex (wire_in (wire, 96, "12 00 00 00 60 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, >=, length);
  g_assert_cmpmem (wire->in, 34, real, 34);
  g_assert_cmpmem (wire->in + 42, length - 43, real + 42, length - 43);
  assert_like_real (wire, replies, "ff 00 ff 00 00 00 00 00 00 00 00 aa", G_MAXSIZE, G_MAXSIZE);
}

/* Texts that are none. */
static void
test_damaged (void)
{
  static const char *const bad[] = {
    "A\n\nINQUIRY\n  12 00 00 00  ok\n  0000  05\n",
    "A\n\nINQUIRY\n  12 00 00 00 60 00\n  0000  05\n",
    "A\n\nINQUIRY\n  12 00 00 00 60 00  ok\n  0010  05  .\n",
    "A\n\nINQUIRY\n  12 00 00 00 60 00  ok\nnot a dump\n",
  };
  g_autoptr (Replies) good = replies_parse (
      "A: b\n\nX\n  12 00 00 00 60 00  02/04/01 Not ready\n\nBlob\n  0000  41  A\n");

  g_assert_nonnull (good);
  g_assert_cmpstr (replies_field (good, "A"), ==, "b");
  g_assert_cmpuint (replies_count (good), ==, 1);
  g_assert_cmpuint (replies_count_good (good), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (Replies) replies = replies_parse (bad[i]);

      g_assert_null (replies);
    }
}

/* Readers of answers that were cut anywhere: they read what came and no further. */
static void
test_cut (gconstpointer data)
{
  static const char *const cdbs[] = { PROFILES, PAGE_2A, REGION };
  g_autoptr (Replies) replies = replies_load (data);

  for (guint i = 0; i < G_N_ELEMENTS (cdbs); i++)
    {
      gsize length = 0;
      const guint8 *whole = replies_find (replies, cdbs[i], &length);

      for (gsize n = 0; n < length; n++)
        {
          g_autofree guint8 *cut = g_memdup2 (whole, n);
          OflProfiles profiles;
          OflCapabilities capabilities;
          OflRegion region;

          if (i == 0 && ofl_profiles_parse (&profiles, cut, n))
            g_assert_cmpuint (12 + 4 * profiles.n, <=, n);
          if (i == 1 && ofl_capabilities_parse (&capabilities, cut, n) && capabilities.n_speeds > 0)
            g_assert_cmpuint (40 + 4 * capabilities.n_speeds, <=, n);
          if (i == 2)
            g_assert_false (ofl_region_parse (&region, cut, n));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/replies/sources/bu40n", "bu40n-1.03", test_sources);
  g_test_add_data_func ("/replies/sources/bdr-s09", "bdr-s09-1.34", test_sources);
  g_test_add_data_func ("/replies/sources/se506", "se-506cb-ts01", test_sources);
  g_test_add_func ("/replies/bu40n", test_bu40n);
  g_test_add_func ("/replies/bdr-s09", test_bdr_s09);
  g_test_add_func ("/replies/bdr-s09/family", test_bdr_s09_family);
  g_test_add_func ("/replies/se506", test_se506);
  g_test_add_func ("/replies/like/bu40n", test_like_bu40n);
  g_test_add_func ("/replies/like/bdr-s09", test_like_bdr_s09);
  g_test_add_func ("/replies/like/se506", test_like_se506);
  g_test_add_func ("/replies/damaged", test_damaged);
  g_test_add_data_func ("/replies/cut/bu40n", "bu40n-1.03", test_cut);
  g_test_add_data_func ("/replies/cut/bdr-s09", "bdr-s09-1.34", test_cut);
  return g_test_run ();
}
