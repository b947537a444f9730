/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's verbs about files and tables: families, report, inspect --extract, known
 * images, and a Lite-On file on drives that cannot take it. As a user runs them. */
#include <archive.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "firmware-encoders/encode.h"
#include "kit/scratch.h"
#include "run-ctl.h"

#define FULL 0x100000

typedef struct {
  char *dir;
  char *data_home;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = scratch_new ();
  fixture->data_home = ctl_path (fixture->dir, "data");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  scratch_free (fixture->dir);
  g_free (fixture->data_home);
}

static const char *
member (GPtrArray *objects, guint index, const char *name)
{
  g_assert_cmpuint (index, <, objects->len);
  return json_object_get_string_member (g_ptr_array_index (objects, index), name);
}

/* A Lite-On image: jumps at its banks, INQUIRY's template, a bank call and a revision in code. */
static GBytes *
new_liteon (const char *id, const char *internal)
{
  static const guint8 header[8] = { 0x05, 0x80, 0, 0x32, 0x5b },
                      call[6] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0 };
  guint8 *data = encode_noise (7, FULL);

  for (gsize at = 0; at < FULL; at += 0x10000)
    data[at] = 0x02;
  memcpy (data + 0x5678, header, 8);
  memcpy (data + 0x5680, id, 44);
  memcpy (data + 0x6000, call, 6);
  for (guint i = 0; i < 16; i++)
    {
      guint8 *load = data + 0x8000 + i * 23;

      load[0] = 0x7d;
      load[1] = (guint8) (i < strlen (internal) ? internal[i] : ' ');
      load[2] = 0x90;
      memset (load + 3, 0x11, 20);
    }
  return g_bytes_new_take (data, FULL);
}

static char *
put_file (Fixture *fixture, const char *name, GBytes *bytes)
{
  char *path = ctl_path (fixture->dir, name);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_file_set_contents (path, data, (gssize) length, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_holds (const char *path, GBytes *bytes)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpmem (content, length, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

#define ID_812S "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34"

/* Two images in an archive, one of them with a name that would lead out of the folder. */
static void
test_extract (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = new_liteon (ID_812S, "US0N");
  g_autoptr (GBytes) evil = new_liteon ("../../..//../../..     /US0N2004/04/14 12:34", "US0N");
  g_autoptr (GBytes) zip = encode_archive (ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL, "a.bin",
                                           good, "b.bin", evil, NULL);
  g_autofree char *file = put_file (fixture, "both.zip", zip);
  g_autofree char *out = ctl_path (fixture->dir, "deep/out");
  g_autofree char *first = ctl_path (fixture->dir, "deep/out/1-LITE-ON_DVDRW_SOHW-812S_US0N.bin");
  g_autoptr (GPtrArray) written = NULL;
  g_auto (Ran) ran = { 0 };

  ctl_run (fixture->dir, &ran, "--json", "inspect", file, "--extract", out, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  written = ctl_events (ran.out, "extracted");
  g_assert_cmpuint (written->len, ==, 2);
  g_assert_cmpstr (member (written, 0, "path"), ==, first);
  g_assert_true (g_str_has_prefix (member (written, 1, "path"), out));
  g_assert_null (strchr (member (written, 1, "path") + strlen (out) + 1, '/'));
  g_assert_cmpuint (count_files (out), ==, 2);
  assert_holds (first, good);
  assert_holds (member (written, 1, "path"), evil);
}

/* What is there stays, a link's target too, until --overwrite is said; and then the link goes. */
static void
test_extract_in_the_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = new_liteon (ID_812S, "US0N");
  g_autoptr (GBytes) other = g_bytes_new_static ("precious", 8);
  g_autofree char *file = put_file (fixture, "a.bin", good);
  g_autofree char *precious = put_file (fixture, "precious", other);
  g_autofree char *out = ctl_path (fixture->dir, "out");
  g_autofree char *path = ctl_path (fixture->dir, "out/1-LITE-ON_DVDRW_SOHW-812S_US0N.bin");
  g_auto (Ran) refused = { 0 }, allowed = { 0 }, again = { 0 };

  g_assert_cmpint (g_mkdir (out, 0700), ==, 0);
  g_assert_cmpint (symlink (precious, path), ==, 0);
  ctl_run (fixture->dir, &refused, "inspect", file, "--extract", out, NULL);
  g_assert_cmpint (refused.status, ==, 2);
  g_assert_nonnull (strstr (refused.err, "exists already"));
  g_assert_nonnull (strstr (refused.err, "--overwrite"));
  assert_holds (precious, other);
  ctl_run (fixture->dir, &allowed, "inspect", file, "--extract", out, "--overwrite", NULL);
  g_assert_cmpint (allowed.status, ==, 0);
  assert_holds (precious, other);
  assert_holds (path, good);
  ctl_run (fixture->dir, &again, "inspect", file, "--extract", out, NULL);
  g_assert_cmpint (again.status, ==, 2);
}

static void
test_extract_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) noise = encode_noise_bytes (3, 5000);
  g_autofree char *file = put_file (fixture, "noise.bin", noise);
  g_autofree char *out = ctl_path (fixture->dir, "out");
  g_auto (Ran) ran = { 0 };

  ctl_run (fixture->dir, &ran, "inspect", file, "--extract", out, NULL);
  g_assert_cmpint (ran.status, ==, 3);
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
}

/* families */

static void
test_families (Fixture *fixture, gconstpointer data)
{
  static const char *const abilities[] = { "reads", "eeprom", "writes", "verifies" };
  g_auto (Ran) json = { 0 }, text = { 0 };
  g_autoptr (GPtrArray) families = NULL;
  gboolean liteon = FALSE;

  ctl_run (fixture->dir, &json, "--json", "families", NULL);
  g_assert_cmpint (json.status, ==, 0);
  families = ctl_events (json.out, "family");
  g_assert_cmpuint (families->len, >=, 3);
  for (guint i = 0; i < families->len; i++)
    {
      JsonObject *object = g_ptr_array_index (families, i);

      for (guint j = 0; j < G_N_ELEMENTS (abilities); j++)
        {
          g_assert_cmpstr (member (families, i, abilities[j]), !=, "");
          g_assert_cmpstr (member (families, i, abilities[j]), !=, "unknown");
        }
      g_assert_cmpint (json_object_get_int_member (object, "n_models"), ==,
                       json_array_get_length (json_object_get_array_member (object, "models")));
      if (strcmp (member (families, i, "id"), "liteon") != 0)
        continue;
      liteon = TRUE;
      g_assert_cmpstr (member (families, i, "reads"), ==, "experimental");
      g_assert_cmpstr (member (families, i, "writes"), ==, "no");
      g_assert_cmpstr (member (families, i, "writes_reason"), !=, "");
      g_assert_cmpint (json_object_get_int_member (object, "n_models"), ==, 185);
    }
  g_assert_true (liteon);
  ctl_run (fixture->dir, &text, "families", NULL);
  g_assert_cmpint (text.status, ==, 0);
  g_assert_nonnull (strstr (text.out, "and 182 more"));
}

/* Is my drive served? As events: what was found, and the families that it is of. */
static void
test_families_found (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) json = { 0 }, part = { 0 }, doubt = { 0 }, not_served = { 0 }, nothing = { 0 };
  g_autoptr (GPtrArray) found = NULL, families = NULL;

  ctl_run (fixture->dir, &json, "--json", "families", "dh20a4p", NULL);
  g_assert_cmpint (json.status, ==, 0);
  found = ctl_events (json.out, "found");
  families = ctl_events (json.out, "family");
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (families->len, ==, 1);
  g_assert_cmpstr (member (found, 0, "by"), ==, "name");
  g_assert_cmpstr (member (found, 0, "name"), ==, "ATAPI DVD A  DH20A4");
  g_assert_cmpstr (member (found, 0, "family"), ==, "liteon");
  g_assert_false (json_object_get_boolean_member (g_ptr_array_index (found, 0), "writes"));
  g_assert_nonnull (strstr (member (found, 0, "text"), "not written here"));
  g_assert_cmpint (json_object_get_int_member (g_ptr_array_index (families, 0), "n_models"), ==, 1);
  ctl_run (fixture->dir, &part, "families", "LITE-ON DVDRW SOHW-81", NULL);
  g_assert_nonnull (strstr (part.out, "LITE-ON DVDRW SOHW-812S\n"));
  g_assert_nonnull (strstr (part.out, "What exists elsewhere: the maker's own updater"));
  ctl_run (fixture->dir, &doubt, "families", "SH-D163A", NULL);
  g_assert_nonnull (strstr (doubt.out, "TSSTcorp DVD-ROM SH-D163A\nhp DVD-ROM SH-D163A\n"));
  g_assert_nonnull (strstr (doubt.out, "name not confirmed"));
  ctl_run (fixture->dir, &not_served, "families", "GDR8164B", NULL);
  g_assert_cmpint (not_served.status, ==, 0);
  g_assert_nonnull (strstr (not_served.out, "Not served."));
  g_assert_null (strstr (not_served.out, "Write "));
  ctl_run (fixture->dir, &nothing, "--json", "families", "XYZ-1", NULL);
  g_assert_cmpint (nothing.status, ==, 1);
  g_assert_nonnull (strstr (nothing.out, "is not known to us"));
}

/* The README's table is what the program prints, to the letter. */
static void
test_families_readme (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("SOURCE_ROOT"), "README.md", NULL);
  g_autofree char *readme = NULL;
  g_auto (Ran) ran = { 0 };

  g_assert_true (g_file_get_contents (path, &readme, NULL, NULL));
  ctl_run (fixture->dir, &ran, "families", "--markdown", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_nonnull (strstr (ran.out, "families:begin"));
  g_assert_nonnull (strstr (readme, ran.out));
}

/* A table between its marks, every row as wide as the head; a family's table may say nothing. */
static void
test_families_markdown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (fixture->data_home, "optiflash", "drives", NULL);
  g_autofree char *own = g_build_filename (dir, "standard.ini", NULL);
  g_auto (GStrv) lines = NULL;
  g_auto (Ran) ran = { 0 }, both = { 0 };
  guint n;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (own, "[family]\nname=A|B\nwrites=perhaps\n", -1, NULL));
  ctl_run (fixture->dir, &ran, "families", "--markdown", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  lines = g_strsplit (g_strstrip (ran.out), "\n", -1);
  n = g_strv_length (lines);
  g_assert_cmpuint (n, >=, 7);
  g_assert_cmpstr (lines[0], ==, "<!-- families:begin -->");
  g_assert_cmpstr (lines[n - 1], ==, "<!-- families:end -->");
  for (guint i = 1; i + 1 < n; i++)
    {
      guint bars = 0;

      for (const char *p = lines[i]; *p != '\0'; p++)
        bars += *p == '|' && (p == lines[i] || p[-1] != '\\');
      g_assert_cmpuint (bars, ==, 10);
    }
  g_assert_cmpstr (
      lines[n - 2], ==,
      "| A\\|B | none by name | not stated | unknown | unknown | unknown | unknown | unknown | "
      "unknown |");
  ctl_run (fixture->dir, &both, "--json", "families", "--markdown", NULL);
  g_assert_cmpint (both.status, ==, 2);
}

/* known images */

static void
test_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) image = new_liteon (ID_812S, "US0N");
  g_autofree char *file = put_file (fixture, "a.bin", image);
  g_autofree char *sha1 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, image);
  g_autofree char *table
      = g_strdup_printf ("[image A test image]\nsha1=%s\nsource=this test\n", sha1);
  g_autofree char *dir = g_build_filename (fixture->data_home, "optiflash", "drives", NULL);
  g_autofree char *own = g_build_filename (dir, "known-images.ini", NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL;
  g_auto (Ran) unknown = { 0 }, known = { 0 }, text = { 0 };

  ctl_run (fixture->dir, &unknown, "--json", "inspect", file, NULL);
  before = ctl_events (unknown.out, "image");
  g_assert_cmpstr (member (before, 0, "known"), ==, "");
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (own, table, -1, NULL));
  ctl_run (fixture->dir, &known, "--json", "inspect", file, NULL);
  after = ctl_events (known.out, "image");
  g_assert_cmpstr (member (after, 0, "known"), ==, "A test image, as this test says");
  ctl_run (fixture->dir, &text, "inspect", file, NULL);
  g_assert_nonnull (strstr (text.out, "Known as      A test image, as this test says"));
}

/* report */

static char *
serial_of (Fixture *fixture, const char *drive)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) drives = NULL;

  ctl_run (fixture->dir, &ran, "--json", "info", drive, NULL);
  drives = ctl_events (ran.out, "drive");
  return g_strdup (member (drives, 0, "serial"));
}

/* How the bytes of a text look in a dump. */
static char *
as_hex (const char *text)
{
  GString *hex = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    g_string_append_printf (hex, "%s%02x", p == text ? "" : " ", (guint8) *p);
  return g_string_free (hex, FALSE);
}

static void
test_report (Fixture *fixture, gconstpointer data)
{
  const char *drive = data;
  g_autofree char *serial = serial_of (fixture, drive);
  g_autofree char *middle = g_strndup (serial + 2, 4);
  g_autofree char *hex = as_hex (middle);
  g_auto (Ran) masked = { 0 }, open = { 0 };

  g_assert_cmpuint (strlen (serial), >, 8);
  ctl_run (fixture->dir, &masked, "report", drive, NULL);
  g_assert_cmpint (masked.status, ==, 0);
  g_assert_nonnull (strstr (masked.out, "Optiflash "));
  g_assert_nonnull (strstr (masked.out, "\nINQUIRY\n  12 00 00 00 60 00  ok\n"));
  g_assert_nonnull (strstr (masked.out, "  12 01 80 00 fc 00"));
  g_assert_nonnull (strstr (masked.out, "  46 02 01 08 "));
  g_assert_nonnull (strstr (masked.out, "  46 02 01 0c "));
  g_assert_nonnull (strstr (masked.out, "a practice drive"));
  g_assert_null (strstr (masked.out, serial));
  g_assert_null (strstr (masked.out, middle));
  g_assert_null (strstr (masked.out, hex));
  ctl_run (fixture->dir, &open, "report", drive, "--with-serial", NULL);
  g_assert_cmpint (open.status, ==, 0);
  g_assert_nonnull (strstr (open.out, hex));
}

/* A family keeps its signatures, and the report shows them. */
static void
test_report_signatures (Fixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (fixture->dir, &ran, "report", "practice:bu40n", NULL);
  g_assert_nonnull (strstr (ran.out, "\nRead by its family: banner, 32 bytes\n"));
  g_assert_nonnull (strstr (ran.out, "4d 54 31 39 35 39 20 42 6f 6f 74 20 42 55 35 20"));
}

static void
test_report_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = ctl_path (fixture->dir, "report.txt");
  g_autofree char *content = NULL;
  g_auto (Ran) first = { 0 }, second = { 0 }, third = { 0 }, nobody = { 0 };

  ctl_run (fixture->dir, &first, "report", "practice:bu40n", "--output", path, NULL);
  g_assert_cmpint (first.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "BD-RE BU40N"));
  ctl_run (fixture->dir, &second, "report", "practice:bu40n", "--output", path, NULL);
  g_assert_cmpint (second.status, ==, 2);
  g_assert_nonnull (strstr (second.err, "--overwrite"));
  ctl_run (fixture->dir, &third, "report", "practice:bu40n", "--output", path, "--overwrite", NULL);
  g_assert_cmpint (third.status, ==, 0);
  ctl_run (fixture->dir, &nobody, "report", "/dev/nothing", NULL);
  g_assert_cmpint (nobody.status, ==, 2);
}

/* A drive that no family claims: its table is taken away. */
static void
test_report_unknown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (fixture->data_home, "optiflash", "drives", NULL);
  g_autofree char *own = g_build_filename (dir, "standard.ini", NULL);
  g_auto (Ran) report = { 0 }, info = { 0 };

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (own, "[family]\nname=Emptied\n", -1, NULL));
  ctl_run (fixture->dir, &report, "report", "practice:standard", NULL);
  g_assert_cmpint (report.status, ==, 0);
  g_assert_nonnull (strstr (report.out, "Family: none that is known; judged not flashable yet\n"));
  g_assert_nonnull (strstr (report.out, "50 52 41 43 54 49 43 45")); /* PRACTICE */
  ctl_run (fixture->dir, &info, "info", "practice:standard", NULL);
  g_assert_cmpint (info.status, ==, 0);
  g_assert_nonnull (strstr (info.out, "cannot be flashed yet"));
  g_assert_nonnull (strstr (info.out, "optiflashctl report"));
}

/* A Lite-On file on another family's drives: never taken, not even when the standard download is
 * forced, without words. */
static void
test_liteon_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) image = new_liteon (ID_812S, "US0N");
  g_autofree char *file = put_file (fixture, "a.bin", image);
  g_auto (Ran) other = { 0 }, forced = { 0 };
  g_autoptr (GPtrArray) reasons = NULL;
  gboolean assumed = FALSE;

  ctl_run (fixture->dir, &other, "plan", "practice:bu40n", file, NULL);
  g_assert_cmpint (other.status, ==, 3);
  ctl_run (fixture->dir, &forced, "--json", "plan", "practice:bu40n", file, "--family=standard",
           "--accept-warnings", NULL);
  g_assert_cmpint (forced.status, ==, 3);
  reasons = ctl_events (forced.out, "reason");
  for (guint i = 0; i < reasons->len; i++)
    assumed |= strcmp (member (reasons, i, "check"), "assumed") == 0
               && strcmp (member (reasons, i, "level"), "red-soft") == 0;
  g_assert_true (assumed);
}

/* Pioneer's updates have two files: the kernel is planned before the normal part only when both are
 * named, whichever comes first. */
static void
test_two_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kernel = ctl_path (fixture->dir, "kernel.bin");
  g_autofree char *normal = ctl_path (fixture->dir, "normal.bin");
  g_auto (Ran) k = { 0 }, n = { 0 }, one = { 0 }, two = { 0 }, turned = { 0 }, none = { 0 };

  ctl_run (fixture->dir, &k, "practice", "image", "dvr109", "1.03", kernel, "kernel", NULL);
  ctl_run (fixture->dir, &n, "practice", "image", "dvr109", "1.03", normal, NULL);
  ctl_run (fixture->dir, &one, "plan", "practice:dvr109", normal, "--steps", NULL);
  g_assert_cmpint (one.status, ==, 0);
  g_assert_null (strstr (one.out, "3b 07 fe"));
  g_assert_nonnull (strstr (one.out, "3b 07 f0"));
  ctl_run (fixture->dir, &two, "plan", "practice:dvr109", normal, "--with", kernel, "--steps",
           NULL);
  g_assert_cmpint (two.status, ==, 0);
  g_assert_nonnull (strstr (two.out, "3b 07 fe"));
  g_assert_true (strstr (two.out, "3b 07 fe") < strstr (two.out, "3b 07 f0"));
  ctl_run (fixture->dir, &turned, "plan", "practice:dvr109", kernel, "--with", normal, "--steps",
           NULL);
  g_assert_cmpstr (turned.out, ==, two.out);
  ctl_run (fixture->dir, &none, "plan", "practice:dvr109", normal, "--with", "/nowhere.bin", NULL);
  g_assert_cmpint (none.status, ==, 2);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl-files/extract/archive", NULL, test_extract);
  ADD ("/ctl-files/extract/in-the-way", NULL, test_extract_in_the_way);
  ADD ("/ctl-files/extract/nothing", NULL, test_extract_nothing);
  ADD ("/ctl-files/families", NULL, test_families);
  ADD ("/ctl-files/families/found", NULL, test_families_found);
  ADD ("/ctl-files/families/markdown", NULL, test_families_markdown);
  ADD ("/ctl-files/families/readme", NULL, test_families_readme);
  ADD ("/ctl-files/two-files", NULL, test_two_files);
  ADD ("/ctl-files/known", NULL, test_known);
  ADD ("/ctl-files/report/mt1959", "practice:bu40n", test_report);
  ADD ("/ctl-files/report/signatures", NULL, test_report_signatures);
  ADD ("/ctl-files/report/file", NULL, test_report_file);
  ADD ("/ctl-files/report/unknown", NULL, test_report_unknown);
  ADD ("/ctl-files/liteon-elsewhere", NULL, test_liteon_elsewhere);
  return g_test_run ();
}
