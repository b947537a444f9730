/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive tells of itself what its model can do: what udev's cdrom_id makes of its answers
 * is what udev.txt says. Here that program's way from answers to words is written down once more, as
 * its source has it (systemd 252, src/udev/cdrom_id); the kernel suite asks udev itself. */
#include <string.h>

#include "kit/wire.h"

#define NO_DISC 0x023a01u

/* cdrom_id's words for profiles. */
static const struct {
  guint profile;
  const char *word;
  const char *also;
} words[] = {
  { 0x02, "RW_REMOVABLE", NULL },
  { 0x08, "CD", NULL },
  { 0x09, "CD_R", NULL },
  { 0x0a, "CD_RW", NULL },
  { 0x10, "DVD", NULL },
  { 0x11, "DVD_R", NULL },
  { 0x12, "DVD_RAM", NULL },
  { 0x13, "DVD_RW_RO", "DVD_RW" },
  { 0x14, "DVD_RW_SEQ", "DVD_RW" },
  { 0x15, "DVD_R_DL_SEQ", "DVD_R_DL" },
  { 0x16, "DVD_R_DL_JR", "DVD_R_DL" },
  { 0x1a, "DVD_PLUS_RW", NULL },
  { 0x1b, "DVD_PLUS_R", NULL },
  { 0x2b, "DVD_PLUS_R_DL", NULL },
  { 0x40, "BD", NULL },
  { 0x41, "BD_R_SRM", "BD_R" },
  { 0x42, "BD_R_RRM", "BD_R" },
  { 0x43, "BD_RE", NULL },
};

static void
add_profile (GHashTable *set, guint profile)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].profile == profile)
      {
        g_hash_table_add (set, g_strdup (words[i].word));
        if (words[i].also != NULL)
          g_hash_table_add (set, g_strdup (words[i].also));
        return;
      }
  g_error ("profile %04x is none that a practice drive should have", profile);
}

/* The kernel's sr reads page 2A and cdrom_id asks sr: CD-R, CD-RW, DVD, DVD-R, DVD-RAM. */
static void
add_capabilities (GHashTable *set, Wire *wire)
{
  const guint8 *page = wire->in + 8;

  g_assert_cmphex (wire_in (wire, 128, "5a 00 2a 00 00 00 00 00 80 00"), ==, 0);
  g_assert_cmphex (page[0], ==, 0x2a);
  g_assert_cmpuint (fact_be (wire->in, 2) + 2, ==, wire->answer.in_len);
  g_assert_cmpuint (page[1] + 2u + 8u, ==, wire->answer.in_len);
  if (page[3] & 0x01)
    add_profile (set, 0x09);
  if (page[3] & 0x02)
    add_profile (set, 0x0a);
  if (page[2] & 0x08)
    add_profile (set, 0x10);
  if (page[3] & 0x10)
    add_profile (set, 0x11);
  if (page[3] & 0x20)
    add_profile (set, 0x12);
}

/* As cdrom_id does: it asks for as much as the length says, without the length's own four bytes. */
static void
add_profiles (GHashTable *set, Wire *wire)
{
  guint length;

  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  length = fact_be (wire->in, 4);
  g_assert_cmphex (wire_in (wire, length, "46 00 00 00 00 00 00 %02x %02x 00", length >> 8,
                            length & 0xff),
                   ==, 0);
  for (guint i = 8; i + 4 < length; i += 4 + wire->in[i + 3])
    if (fact_be (wire->in + i, 2) == 0)
      for (guint k = 0; k + 4 <= wire->in[i + 3]; k += 4)
        add_profile (set, fact_be (wire->in + i + 4 + k, 2));
}

static char *
join_sorted (GHashTable *set)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (set), (GCompareFunc) g_strcmp0);
  GString *text = g_string_new (NULL);

  for (GList *at = keys; at != NULL; at = at->next)
    g_string_append_printf (text, "%s%s", at == keys ? "" : " ", (const char *) at->data);
  return g_string_free (text, FALSE);
}

static char *
what_udev_says (Wire *wire)
{
  g_autoptr (GHashTable) set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_capabilities (set, wire);
  add_profiles (set, wire);
  return join_sorted (set);
}

/* The line of udev.txt, sorted; NULL when the drive has none. */
static char *
what_it_can_do (const char *id)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("SOURCE_ROOT"), "tests", "practice", "udev.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) line = g_strsplit (lines[i], " ", -1);
      g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);

      if (g_strcmp0 (line[0], id) != 0)
        continue;
      for (guint k = 1; line[k] != NULL; k++)
        if (line[k][0] != '\0')
          g_hash_table_add (set, line[k]);
      return join_sorted (set);
    }
  return NULL;
}

static void
test_udev (gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new (data);
  g_autofree char *says = what_udev_says (wire);
  g_autofree char *can = what_it_can_do (data);

  g_assert_cmpstr (says, ==, can);
}

static gboolean
reads_dvds (const char *id)
{
  g_autofree char *can = what_it_can_do (id);
  g_auto (GStrv) all = g_strsplit (can, " ", -1);

  return g_strv_contains ((const char *const *) all, "DVD");
}

/* A player's questions, without a disc and with one. */
static void
test_disc (gconstpointer data)
{
  gboolean dvd = reads_dvds (data);
  guint32 without = dvd ? NO_DISC : SENSE_BAD_OPCODE;
  guint32 with = dvd ? 0 : SENSE_BAD_OPCODE;
  g_autoptr (Wire) wire = wire_new (data);

  g_assert_cmphex (wire_in (wire, 8, "a4 00 00 00 00 00 00 00 00 08 08 00"), ==, with);
  if (dvd)
    {
      g_assert_cmpuint (wire->answer.in_len, ==, 8);
      g_assert_cmphex (fact_be (wire->in, 4), ==, 0x00060000);
      g_assert_cmphex (wire->in[6], ==, 0x01); /* RPC phase II */
    }
  g_assert_cmphex (wire_in (wire, 2052, "ad 00 00 00 00 00 00 00 08 04 00 00"), ==, without);
  g_assert_cmphex (wire_in (wire, 8, "ad 00 00 00 00 00 00 01 00 08 00 00"), ==, without);
  g_assert_cmphex (wire_in (wire, 8, "a4 00 00 00 00 00 00 00 00 08 00 00"), ==, without);
  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 6, 2), ==, 0);

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  wire_ready (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 6, 2), ==, dvd ? 0x10 : 0x08);
  g_assert_cmphex (wire_in (wire, 2052, "ad 00 00 00 00 00 00 00 08 04 00 00"), ==, with);
  g_assert_cmphex (wire_in (wire, 8, "ad 00 00 00 00 00 00 01 00 08 00 00"), ==, with);
  if (dvd)
    g_assert_cmphex (wire->in[4], ==, 0); /* not protected: */
  g_assert_cmphex (wire_in (wire, 8, "a4 00 00 00 00 00 00 00 00 08 00 00"), ==,
                   dvd ? SENSE_BAD_FIELD : SENSE_BAD_OPCODE); /* so there is no key */
}

/* Only one profile is marked as the disc's, and reading such discs is current with it (RT 1). */
static void
test_current (gconstpointer data)
{
  guint profile = reads_dvds (data) ? 0x10 : 0x08;
  guint wanted = profile == 0x10 ? 0x1f : 0x1e;
  g_autoptr (Wire) wire = wire_new (data);
  guint marked = 0, reading = 0;

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  wire_ready (wire);
  g_assert_cmphex (wire_in (wire, 512, "46 01 00 00 00 00 00 02 00 00"), ==, 0);
  for (guint i = 8; i + 4 <= wire->answer.in_len; i += 4 + wire->in[i + 3])
    {
      g_assert_cmphex (wire->in[i + 2] & 0x01, ==, 0x01);
      reading += fact_be (wire->in + i, 2) == wanted;
      if (fact_be (wire->in + i, 2) != 0)
        continue;
      for (guint k = 0; k < wire->in[i + 3]; k += 4)
        if (wire->in[i + 4 + k + 2] != 0)
          {
            g_assert_cmphex (fact_be (wire->in + i + 4 + k, 2), ==, profile);
            marked++;
          }
    }
  g_assert_cmpuint (marked, ==, 1);
  g_assert_cmpuint (reading, ==, 1);
}

/* A CD in a drive that reads DVDs, too, is a CD. */
static void
test_cd (gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new (data);

  g_assert_true (ofl_practice_drive_put_disc (wire->drive, "cd-rom", NULL));
  wire_ready (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 6, 2), ==, 0x08);
  g_assert_cmphex (wire_in (wire, 20, "ad 00 00 00 00 00 00 00 00 14 00 00"), ==,
                   reads_dvds (data) ? 0x053002 : SENSE_BAD_OPCODE);
  g_assert_cmphex (wire_in (wire, 34, "51 00 00 00 00 00 00 00 22 00"), ==, 0);
  g_assert_cmphex (wire->in[2], ==, 0x0e);
  g_assert_cmphex (wire_in (wire, 28, "43 02 04 00 00 00 00 00 1c 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 4096, "28 00 00 00 10 00 00 00 02 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 4096);
}

static gboolean
writes_cds (const char *id)
{
  g_autoptr (Wire) wire = wire_new (id);

  g_assert_cmphex (wire_in (wire, 512, "46 02 00 00 00 00 00 02 00 00"), ==, 0);
  for (guint i = 0; i < wire->in[11]; i += 4)
    if (fact_be (wire->in + 12 + i, 2) == 0x09)
      return TRUE;
  return FALSE;
}

/* A blank CD-R has an ATIP and no tracks, can be written, not read; a drive that does not know them
 * takes none. */
static void
test_blank (gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new (data);

  g_assert_false (ofl_practice_drive_put_disc (wire->drive, "blank", NULL));
  g_assert_cmpint (ofl_practice_drive_put_disc (wire->drive, "blank-cd-r", NULL), ==,
                   writes_cds (data));
  if (!writes_cds (data))
    {
      g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
      return;
    }
  wire_ready (wire);
  g_assert_cmphex (wire_ready (wire), ==, 0);
  g_assert_cmphex (wire_in (wire, 8, "46 00 00 00 00 00 00 00 08 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 6, 2), ==, 0x09);
  g_assert_cmphex (wire_in (wire, 34, "51 00 00 00 00 00 00 00 22 00"), ==, 0);
  g_assert_cmphex (wire->in[2] & 0x0f, ==, 0);
  g_assert_cmphex (wire_in (wire, 28, "43 02 04 00 00 00 00 00 1c 00"), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 28);
  g_assert_cmphex (fact_be (wire->in + 12, 3), ==, 0x4f3b4a); /* 79:59:74 */
  g_assert_cmphex (wire_in (wire, 20, "43 00 00 00 00 00 00 00 14 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, 36, "52 01 00 00 00 01 00 00 24 00"), ==, 0);
  g_assert_cmphex (wire->in[6] & 0x40, ==, 0x40);
  g_assert_cmphex (wire_in (wire, 2048, "28 00 00 00 00 00 00 00 01 00"), ==, 0x052100);
  g_assert_cmphex (wire_out (wire, wire->in, 2048, "2a 00 00 00 00 00 00 00 01 00"), ==,
                   SENSE_BAD_OPCODE);
}

/* Speeds of writing fill the page to its end, fastest first; a drive that writes nothing has none. */
static void
test_speeds (gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new (data);
  const guint8 *page = wire->in + 8;
  guint last = G_MAXUINT;
  guint n;

  g_assert_cmphex (wire_in (wire, 255, "1a 00 2a 00 ff 00"), ==, 0);
  g_assert_cmpuint (wire->in[0] + 1u, ==, wire->answer.in_len);
  g_assert_cmphex (wire_in (wire, 255, "5a 00 2a 00 00 00 00 00 ff 00"), ==, 0);
  n = fact_be (page + 30, 2);
  g_assert_cmpuint (32 + 4 * n, <=, page[1] + 2u);
  if (page[3] == 0)
    g_assert_cmpuint (n, ==, 0);
  for (guint i = 0; i < n; i++)
    {
      guint speed = fact_be (page + 32 + 4 * i + 2, 2);

      g_assert_cmpuint (speed, >, 0);
      g_assert_cmpuint (speed, <, last);
      last = speed;
    }
}

static void
add (const char *what, const char *id, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/practice-kinds/%s/%s", what, id);

  g_test_add_data_func (path, id, test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      add ("udev", ofl_practice_get_id (i), test_udev);
      add ("disc", ofl_practice_get_id (i), test_disc);
      add ("current", ofl_practice_get_id (i), test_current);
      add ("cd", ofl_practice_get_id (i), test_cd);
      add ("blank", ofl_practice_get_id (i), test_blank);
      add ("speeds", ofl_practice_get_id (i), test_speeds);
    }
  return g_test_run ();
}
