/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report is a fixture (tests/replies): the parser that reads the captured replies of real drives
 * reads the report of each practice drive, and the readers find in it what the drive says itself. */
#include <string.h>

#include "drive/ofl-abilities.h"
#include "drive/ofl-identity.h"
#include "families/ofl-families.h"
#include "kit/replies.h"
#include "kit/wire.h"
#include "run-ctl.h"

#define INQUIRY "12 00 00 00 60 00"
#define ALL_FEATURES "46 00 00 00 00 00 00 04 00 00"
#define PAGE_2A "5a 00 2a 00 00 00 00 00 fc 00"
#define REGION "a4 00 00 00 00 00 00 00 00 08 08 00"
#define STRUCTURE "ad 00 00 00 00 00 00 00 00 14 00 00"

static Replies *
report_of (CtlFixture *f, const char *id, Ran *ran)
{
  g_autofree char *drive = g_strconcat ("practice:", id, NULL);
  Replies *replies;

  ctl_run (f->dir, ran, "report", drive, NULL);
  g_assert_cmpint (ran->status, ==, 0);
  replies = replies_parse (ran->out);
  g_assert_nonnull (replies);
  return replies;
}

/* The first @most bytes, or all, of the reply are those of the drive itself. */
static void
assert_same (const Replies *replies, Wire *wire, const char *cdb, gsize most)
{
  gsize length = 0;
  const guint8 *data = replies_find (replies, cdb, &length);

  if (wire_in (wire, 0x400, "%s", cdb) != 0)
    {
      g_assert_null (data);
      return;
    }
  g_assert_nonnull (data);
  g_assert_cmpuint (length, ==, wire->answer.in_len);
  g_assert_cmpmem (data, MIN (length, most), wire->in, MIN (length, most));
}

static void
test_fixture (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (Replies) replies = report_of (f, data, &ran);
  g_autoptr (OflTransport) transport = replies_transport (replies);
  g_autoptr (Wire) wire = wire_new (data);
  OflIdentity identity, own = { 0 };
  OflProfiles profiles;
  gsize length = 0;
  const guint8 *features = replies_find (replies, ALL_FEATURES, &length);

  assert_same (replies, wire, INQUIRY, 36);
  assert_same (replies, wire, PAGE_2A, G_MAXSIZE);
  assert_same (replies, wire, REGION, G_MAXSIZE);
  assert_same (replies, wire, STRUCTURE, G_MAXSIZE);

  g_assert_true (ofl_identity_read (&identity, transport, NULL));
  g_assert_true (ofl_identity_is_trustworthy (&identity, NULL));
  g_assert_cmphex (wire_in (wire, 96, INQUIRY), ==, 0);
  ofl_identity_parse_inquiry (&own, wire->in, wire->answer.in_len);
  g_assert_cmpstr (identity.vendor, ==, own.vendor);
  g_assert_cmpstr (identity.product, ==, own.product);
  g_assert_cmpstr (identity.revision, ==, own.revision);
  g_assert_cmpuint (identity.inquiry_len, ==, own.inquiry_len);

  /* masked behind two characters, in every feature and in the name's text */
  g_assert_cmpuint (strlen (identity.serial), >, 8);
  g_assert_cmpuint (strspn (identity.serial + 2, "*"), ==, strlen (identity.serial) - 2);
  g_assert_nonnull (features);
  g_assert_nonnull (memmem (features, length, identity.serial, strlen (identity.serial)));

  g_assert_true (ofl_profiles_parse (&profiles, features, length));
  g_assert_nonnull (replies_field (replies, "Discs"));
  g_assert_nonnull (
      strstr (replies_field (replies, "Discs"), ofl_profile_name (profiles.profiles[0])));
  g_assert_cmphex (profiles.current, ==, 0);
  g_assert_null (replies_field (replies, "Disc in it"));
}

/* All that a family asked is in the report, so that it knows the drive again by the report alone. Of
 * a search through the firmware the report has but the beginnings: there nothing can be told. */
static void
test_family (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (Replies) replies = report_of (f, data, &ran);
  g_autoptr (OflTransport) transport = replies_transport (replies);
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  g_assert_true (ofl_identity_read (&identity, transport, NULL));
  if (strstr (ran.out, "Asked by its family; the first 1024 of ") != NULL)
    {
      g_assert_cmpstr (data, ==, "gma4082n");
      g_test_skip ("its family searches its firmware");
      return;
    }
  drive = ofl_families_probe (transport, &identity, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, replies_field (replies, "Family"));
  g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, replies_field (replies, "Hardware mark"));
}

/* The words above the replies, as a person reads them. */
static void
test_words (CtlFixture *f, gconstpointer data)
{
  g_auto (Ran) rom = { 0 }, cd = { 0 };
  g_autoptr (Replies) reader = report_of (f, "sd616", &rom);
  g_autoptr (Replies) writer = report_of (f, "premium", &cd);

  g_assert_cmpstr (replies_field (reader, "Discs"), ==, "DVD-ROM, CD-ROM");
  g_assert_null (replies_field (reader, "Writes at"));
  g_assert_cmpstr (replies_field (reader, "Region code"), ==,
                   "never set, mask FF, scheme 1, changes left: user 5, maker 4");
  g_assert_cmpstr (replies_field (writer, "Discs"), ==, "CD-RW, CD-R, CD-ROM");
  g_assert_cmpstr (replies_field (writer, "Writes at"), ==,
                   "8467, 7056, 5645, 4234, 2822, 1411 kB/s");
  g_assert_null (replies_field (writer, "Region code"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ctl-report/fixture/%s", ofl_practice_get_id (i));

      g_autofree char *family = g_strdup_printf ("/ctl-report/family/%s", ofl_practice_get_id (i));

      g_test_add (path, CtlFixture, ofl_practice_get_id (i), ctl_fixture_up, test_fixture,
                  ctl_fixture_down);
      g_test_add (family, CtlFixture, ofl_practice_get_id (i), ctl_fixture_up, test_family,
                  ctl_fixture_down);
    }
  g_test_add ("/ctl-report/words", CtlFixture, NULL, ctl_fixture_up, test_words, ctl_fixture_down);
  return g_test_run ();
}
