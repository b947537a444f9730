/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at before a write, in a /proc, a /sys and folders of the test's own. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "flash/ofl-journal.h"
#include "flash/ofl-preflight.h"
#include "journal-folder.h"
#include "kit/scratch.h"
#include "kit/specimen.h"
#include "kit/upower.h"

#define HUB "devices/pci0000:00/usb1/1-2"
#define DIRECT "devices/pci0000:00/usb1/1-3"
#define BEHIND HUB "/1-2.4"
#define EARLY_2020 1577836800

/* A bus of the test's own: what the machine's says, and whether its sleep can be blocked, is nobody's
 * business here. */
static Upower *upower;
static OflSystemBus *bus;

static const Specimen bu40n = SPECIMEN_BU40N;

typedef struct {
  char *dir;
  char *proc, *sys, *sr;
  OflPreflightSources sources;
  OflTopology topology;
  OflJobOptions *options;
} Fixture;

/* A USB device as sysfs shows it. */
static void
put_usb (Fixture *f, const char *device, const char *class, const char *attributes)
{
  g_autofree char *path = g_build_filename (f->sys, device, NULL);

  scratch_put (path, "bDeviceClass", class);
  scratch_put (path, "bMaxPower", "500mA\n");
  if (attributes != NULL)
    scratch_put (path, "bmAttributes", attributes);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->sources.bus = bus;
  f->dir = scratch_new ();
  f->proc = g_build_filename (f->dir, "proc", NULL);
  f->sys = g_build_filename (f->dir, "sys", NULL);
  f->sr = g_build_filename (f->dir, "dev/sr0", NULL);
  f->sources.roots = (OflHolderRoots){ f->proc, f->sys };
  f->topology.bus = OFL_BUS_SATA;
  f->options = ofl_job_options_new ();
  f->options->state_dir = g_build_filename (f->dir, "state", NULL);
  f->options->backup_dir = g_build_filename (f->dir, "backups", NULL);
  scratch_put (f->dir, "dev/sr0", "");
  scratch_put (f->proc, "self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  scratch_put (f->sys, "class/block/sr0/events_poll_msecs", "-1\n");
  scratch_put (f->sys, "class/block/sda/events_poll_msecs", "-1\n");
  put_usb (f, "devices/pci0000:00/usb1", "09\n", "e0\n");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->proc);
  g_free (f->sys);
  g_free (f->sr);
  ofl_job_options_free (f->options);
}

static GPtrArray *
look_by (Fixture *f, OflSnapshot *drive, OflImage *image, OflPreflightScope scope)
{
  g_autoptr (OflTarget) target
      = ofl_target_new ("/dev/sr0", f->sr, NULL, &f->topology, NULL, NULL, NULL);
  g_autoptr (OflPreflight) preflight = ofl_preflight_new (target, drive, image, f->options);

  preflight->sources = &f->sources;
  return ofl_preflight_run (preflight, scope);
}

static GPtrArray *
look_at (Fixture *f, OflSnapshot *drive, OflImage *image)
{
  return look_by (f, drive, image, OFL_PREFLIGHT_ALL);
}

static GPtrArray *
look (Fixture *f)
{
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);

  return look_at (f, drive, NULL);
}

/* It has this level, says this, and says what to do unless all is well. */
static const OflCheck *
assert_check (const GPtrArray *checks, const char *id, OflCheckLevel level, const char *words)
{
  const OflCheck *check = ofl_checks_find (checks, id);

  if (check == NULL)
    g_error ("nothing is said of “%s”", id);
  g_test_message ("%s: %s (%s)", ofl_check_level_id (check->level), check->sentence.shown,
                  check->technical != NULL ? check->technical : "");
  g_assert_cmpstr (ofl_check_level_id (check->level), ==, ofl_check_level_id (level));
  if (strstr (check->sentence.shown, words) == NULL)
    g_error ("“%s” is not in: %s", words, check->sentence.shown);
  return check;
}

static void
test_well (Fixture *f, gconstpointer data)
{
  static const char *const ids[]
      = { "disc", "backup", "room", "journal", "unfinished", "others", "clock", "sleep" };
  guint blocks = upower_count_blocks (upower);
  g_autoptr (GPtrArray) checks = look (f);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_null (assert_check (checks, ids[i], OFL_CHECK_OK, "")->remedy);
  /* the most serious first */
  for (guint i = 1; i < checks->len; i++)
    g_assert_cmpint (((const OflCheck *) checks->pdata[i - 1])->level, >=,
                     ((const OflCheck *) checks->pdata[i])->level);
  /* not on USB, nothing to say of it; no file, nothing to judge */
  g_assert_null (ofl_checks_find (checks, "usb"));
  g_assert_null (ofl_checks_find (checks, "image"));
  /* and it was asked on the test's own bus */
  assert_check (checks, "power", OFL_CHECK_NOTE, "77 % left");
  g_assert_cmpuint (upower_count_blocks (upower), ==, blocks + 1);
  /* what was looked at is as it was: nothing is made */
  g_assert_false (g_file_test (f->options->state_dir, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (f->options->backup_dir, G_FILE_TEST_EXISTS));
}

typedef struct {
  const char *path;
  const char *device;
  const char *own, *hub; /* bmAttributes; NULL: there is none */
  OflCheckLevel level;
  const char *words;
  const char *technical;
} Usb;

static const Usb ports[] = {
  { "/preflight/usb/direct", DIRECT, "c0\n", NULL, OFL_CHECK_OK,
    "a USB port of the computer itself", "drive: bmAttributes c0, bMaxPower 500mA" },
  { "/preflight/usb/bus-powered", DIRECT, "80\n", NULL, OFL_CHECK_NOTE, "up to 500mA",
    "drive: bmAttributes 80, bMaxPower 500mA" },
  { "/preflight/usb/hub-bus-powered", BEHIND, "80\n", "a0\n", OFL_CHECK_CAUTION,
    "has no power supply of its own",
    "drive: bmAttributes 80, bMaxPower 500mA; hub 1-2: bmAttributes a0" },
  { "/preflight/usb/hub-self-powered", BEHIND, "c0\n", "e0\n", OFL_CHECK_NOTE,
    "has a power supply of its own",
    "drive: bmAttributes c0, bMaxPower 500mA; hub 1-2: bmAttributes e0" },
  { "/preflight/usb/hub-silent", BEHIND, "c0\n", NULL, OFL_CHECK_NOTE, "does not say whether",
    "drive: bmAttributes c0, bMaxPower 500mA; hub 1-2: bmAttributes unknown" },
};

static void
test_usb (Fixture *f, gconstpointer data)
{
  const Usb *port = data;
  g_autofree char *path = g_build_filename (f->sys, port->device, NULL);
  g_autoptr (GPtrArray) checks = NULL;

  put_usb (f, HUB, "09\n", port->hub);
  put_usb (f, port->device, "00\n", port->own);
  f->topology.bus = OFL_BUS_USB;
  g_assert_cmpuint (strlen (path), <, sizeof f->topology.device_path);
  g_strlcpy (f->topology.device_path, path, sizeof f->topology.device_path);
  checks = look (f);
  g_assert_cmpstr (assert_check (checks, "usb", port->level, port->words)->technical, ==,
                   port->technical);
}

static void
test_two_drives (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = NULL;

  scratch_put (f->sys, "class/block/sr1/events_poll_msecs", "-1\n");
  checks = look (f);
  assert_check (checks, "others", OFL_CHECK_NOTE, "1 other optical drive is attached: /dev/sr1.");
}

static void
test_clock (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) old = NULL, early = NULL;

  f->sources.now = 1;
  old = look (f);
  assert_check (old, "clock", OFL_CHECK_CAUTION, "it says 1970-01-01");
  /* before this very program was built */
  f->sources.now = EARLY_2020;
  early = look (f);
  assert_check (early, "clock", OFL_CHECK_CAUTION, "it says 2020-01-01");
}

static void
test_no_room (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = NULL;
  const OflCheck *room;

  f->sources.taken = G_GUINT64_CONSTANT (1) << 60;
  checks = look (f);
  room = assert_check (checks, "room", OFL_CHECK_BLOCKS, "only;");
  g_assert_nonnull (strstr (room->remedy, OFL_DO ("backup-dir")));
  g_assert_cmpint (ofl_checks_get_worst (checks), ==, OFL_CHECK_BLOCKS);
  /* a journal can begin, and perhaps not end */
  assert_check (checks, "journal", OFL_CHECK_CAUTION, "only;");
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* A disk, or a quota, that still takes names and not a byte. */
static void
test_full (Fixture *f, gconstpointer data)
{
  void (*before) (int) = signal (SIGXFSZ, SIG_IGN);
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (OflJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  limit_file_size (0);
  checks = look (f);
  journal = ofl_journal_open (f->options->state_dir, &error);
  limit_file_size (RLIM_INFINITY);
  signal (SIGXFSZ, before);
  assert_check (checks, "journal", OFL_CHECK_BLOCKS, "File too large");
  assert_check (checks, "room", OFL_CHECK_BLOCKS, "File too large");
  /* and so it is */
  g_assert_null (journal);
}

/* Root may write into a folder that is closed, but not into what is no folder. */
static void
test_no_journal (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (OflJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  scratch_put (f->dir, "state", "");
  checks = look (f);
  assert_check (checks, "journal", OFL_CHECK_BLOCKS,
                "Nothing is written to a drive without a journal.");
  /* and so it is */
  journal = ofl_journal_open (f->options->state_dir, &error);
  g_assert_null (journal);
}

static void
test_closed_journal (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }
  g_assert_cmpint (g_mkdir (f->options->state_dir, 0555), ==, 0);
  checks = look (f);
  assert_check (checks, "journal", OFL_CHECK_BLOCKS, "Permission denied");
}

static void
test_unfinished (Fixture *f, gconstpointer data)
{
  g_autofree char *journals = g_build_filename (f->options->state_dir, "journal", NULL);
  g_autoptr (GPtrArray) checks = NULL, of_another = NULL;

  scratch_put (journals, "20261126T112004-1-0.jsonl", JOB BACKUP BEGINS DANGER);
  of_another = look (f);
  assert_check (of_another, "unfinished", OFL_CHECK_OK, "");
  /* a drive that does not answer is known by its place */
  checks = look_at (f, NULL, NULL);
  g_assert_true (g_str_has_suffix (
      assert_check (checks, "unfinished", OFL_CHECK_CAUTION, "may need recovery")->technical,
      "20261126T112004-1-0.jsonl"));
}

/* A snapshot with these words about a disc. */
static OflSnapshot *
drive_with (gboolean medium, gboolean getting_ready, gboolean tray_open, OflDriveState state)
{
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, &bu40n);
  identity.medium = medium;
  identity.getting_ready = getting_ready;
  identity.tray_open = tray_open;
  drive = ofl_snapshot_new (&identity);
  ofl_snapshot_set_family (drive, "mt1959", OFL_CAP_READ | OFL_CAP_WRITE);
  ofl_snapshot_set_state (drive, state);
  return drive;
}

static void
test_disc (Fixture *f, gconstpointer data)
{
  g_autoptr (OflSnapshot) disc = drive_with (TRUE, FALSE, FALSE, OFL_DRIVE_STATE_NORMAL);
  g_autoptr (OflSnapshot) busy = drive_with (FALSE, TRUE, FALSE, OFL_DRIVE_STATE_NORMAL);
  g_autoptr (OflSnapshot) boot = drive_with (TRUE, FALSE, FALSE, OFL_DRIVE_STATE_BOOT);
  g_autoptr (OflSnapshot) tray = drive_with (FALSE, FALSE, TRUE, OFL_DRIVE_STATE_NORMAL);
  OflSnapshot *drives[] = { disc, busy, boot, tray };
  const OflCheckLevel levels[]
      = { OFL_CHECK_BLOCKS, OFL_CHECK_BLOCKS, OFL_CHECK_NOTE, OFL_CHECK_NOTE };
  const char *const words[] = { "The drive says that a disc is in it.", "is getting ready",
                                "Only the drive's boot code", "its tray is open" };

  for (guint i = 0; i < G_N_ELEMENTS (drives); i++)
    {
      OflSentence sentence;
      const char *remedy;
      OflCheckLevel level = ofl_preflight_disc (drives[i], FALSE, &sentence, &remedy);

      g_assert_cmpint (level, ==, levels[i]);
      g_assert_nonnull (strstr (sentence.shown, words[i]));
      g_assert_cmpint (remedy != NULL, ==, drives[i] != boot);
      ofl_sentence_clear (&sentence);
    }
}

/* The image of another chip: what the judgement says is what the list says. */
static void
test_image (Fixture *f, gconstpointer data)
{
  const Specimen other = { "HL-DT-ST", "BD-RE BU40N", "1.03", "MTEKMT1939", "MT1959 Boot BU5 " };
  g_autofree guint8 *bytes = specimen_image (&other, 1);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", bytes, 0x200000);
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, NULL);
  g_autoptr (GPtrArray) checks = look_at (f, drive, image);
  const OflCheck *check = assert_check (checks, "image", OFL_CHECK_BLOCKS, "");

  g_assert_cmpstr (check->sentence.shown, ==, ofl_judgement_get_worst (judgement)->sentence);
}

/* A drive that nobody knows how to write, and one that says nothing. */
static void
test_hopeless (Fixture *f, gconstpointer data)
{
  g_autoptr (OflSnapshot) drive = drive_with (FALSE, FALSE, FALSE, OFL_DRIVE_STATE_NORMAL);
  g_autoptr (GPtrArray) unknown = NULL, silent = look_at (f, NULL, NULL);

  ofl_snapshot_set_family (drive, "mt1959", OFL_CAP_READ);
  unknown = look_at (f, drive, NULL);
  assert_check (unknown, "drive", OFL_CHECK_BLOCKS, "cannot be flashed");
  g_assert_null (ofl_checks_find (unknown, "backup"));
  assert_check (silent, "drive", OFL_CHECK_BLOCKS, "has not said who it is");
  assert_check (silent, "journal", OFL_CHECK_OK, "");
}

static gboolean
is_told (const GPtrArray *checks, const char *words)
{
  for (guint i = 0; i < checks->len; i++)
    if (strstr (((const OflCheck *) checks->pdata[i])->sentence.shown, words) != NULL)
      return TRUE;
  return FALSE;
}

/* A disc that is mounted is somebody's; of what holds a drive the list has all. */
static void
test_holder (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) checks = NULL;

  /* a file that stands in for a node has the number 0:0 */
  scratch_put (
      f->proc, "self/mountinfo",
      "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 22 0:0 / /media/disc ro - iso9660 /dev/sr0 ro\n");
  checks = look (f);
  g_assert_cmpstr (assert_check (checks, "holder", OFL_CHECK_BLOCKS, "")->id, ==, "holder");
  g_assert_true (is_told (checks, "/media/disc"));
}

/* A job keeps its drive by a process of its own, which is not in its way; others are. */
static void
test_own_hold (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL, within = NULL;
  g_autofree char *fd = g_build_filename (f->proc, "4711/fd/7", NULL);
  g_autofree char *other = g_build_filename (f->proc, "4712/fd/7", NULL);

  scratch_put (f->proc, "4711/comm", "optiflash-hold\n");
  scratch_put (f->proc, "4711/cmdline", "optiflash-hold");
  scratch_put (f->proc, "4711/fdinfo/7", "flags:\t0100000\n");
  scratch_put (f->proc, "4711/fd/0", "");
  g_assert_cmpint (symlink (f->sr, fd), ==, 0);
  scratch_put (f->proc, "4712/comm", "vlc\n");
  scratch_put (f->proc, "4712/cmdline", "vlc");
  scratch_put (f->proc, "4712/fdinfo/7", "flags:\t0100000\n");
  scratch_put (f->proc, "4712/fd/0", "");
  g_assert_cmpint (symlink (f->sr, other), ==, 0);
  before = look (f);
  within = look_by (f, NULL, NULL, OFL_PREFLIGHT_AROUND);
  g_assert_true (is_told (before, "optiflash-hold (process 4711)"));
  g_assert_false (is_told (within, "optiflash-hold (process 4711)"));
  g_assert_true (is_told (within, "vlc (process 4712)"));
  /* and of what the job tells by itself there is nothing */
  g_assert_null (ofl_checks_find (within, "journal"));
  g_assert_null (ofl_checks_find (within, "sleep"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

static GDBusConnection *
connect_to_bus (void)
{
  const UpowerSays says = { .on_battery = TRUE, .percent = 77, .logind = TRUE };
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  upower = upower_new (&says);
  connection = g_dbus_connection_new_for_address_sync (
      upower_get_address (upower),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  bus = ofl_system_bus_new_for (connection);
  return connection;
}

static int
run_tests (void)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  int status = g_test_run ();

  ofl_system_bus_unref (bus);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  upower_free (upower);
  return status;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/preflight/well", test_well);
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    g_test_add (ports[i].path, Fixture, &ports[i], set_up, test_usb, tear_down);
  ADD ("/preflight/two-drives", test_two_drives);
  ADD ("/preflight/clock", test_clock);
  ADD ("/preflight/no-room", test_no_room);
  ADD ("/preflight/full", test_full);
  ADD ("/preflight/no-journal", test_no_journal);
  ADD ("/preflight/closed-journal", test_closed_journal);
  ADD ("/preflight/unfinished", test_unfinished);
  ADD ("/preflight/disc", test_disc);
  ADD ("/preflight/image", test_image);
  ADD ("/preflight/hopeless", test_hopeless);
  ADD ("/preflight/holder", test_holder);
  ADD ("/preflight/own-hold", test_own_hold);
  return run_tests ();
}
