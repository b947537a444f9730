/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job on the SOHW-812S twin, whose download is assumed, and on "standard": programs with makers' manners,
 * one that wants more than its drive, and one that nobody here wrote. In each case the verdict is what the flash
 * really holds, and a second drive, and a file that lies beside it, are what they were. */
#include <string.h>

#include "cage-missing.h"
#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "kit/ran.h"
#include "kit/scratch.h"
#include "ofl-core.h"
#include "updater/ofl-updater-job.h"

#define TWIN "sohw812s"
#define TWIN_NEWER "US0Q"
#define ASSUMED "How a real drive of this kind is written is not public."
#define PRECIOUS "nobody else's\n"

/* How the flash is found after it */
typedef enum {
  HOLDS_OLD,
  HOLDS_NEW,
  HOLDS_HALF,
} Holds;

typedef struct {
  const char *name;
  const char *id;
  const char *what;      /* the program's manner */
  gboolean experimental; /* the twin may be read, by the experimental way */
  const char *fault;
  const char *verdict;
  const char *says; /* a part of what happened */
  Holds holds;
} Case;

static const Case cases[] = {
  { "twin/flash", TWIN, "flash", FALSE, NULL, "confirmed", "US0Q (before: US0N)", HOLDS_NEW },
  { "twin/flash-read", TWIN, "flash", TRUE, NULL, "verified", "", HOLDS_NEW },
  { "twin/jump", TWIN, "jump", TRUE, NULL, "verified", "", HOLDS_NEW },
  { "twin/child", TWIN, "child", TRUE, NULL, "verified", "", HOLDS_NEW },
  { "twin/silent", TWIN, "jump", FALSE, "silent", "unknown", "as before", HOLDS_OLD },
  { "twin/silent-read", TWIN, "jump", TRUE, "silent", "unchanged", "held before", HOLDS_OLD },
  { "twin/crash", TWIN, "crash", FALSE, NULL, "unknown", "crashed", HOLDS_OLD },
  { "twin/crash-read", TWIN, "crash", TRUE, NULL, "unchanged", "crashed", HOLDS_OLD },
  { "twin/hang", TWIN, "hang", FALSE, NULL, "unknown", "was ended", HOLDS_OLD },
  { "twin/power", TWIN, "flash", TRUE, "power-loss-burn 400", "unknown", "", HOLDS_HALF },
  { "twin/greedy", TWIN, "greedy", TRUE, NULL, "verified", "", HOLDS_NEW },
  { "standard/greedy", "standard", "greedy", FALSE, NULL, "confirmed", "1.01 (before: 1.00)",
    HOLDS_NEW },
};

static const Case foreign[] = {
  { "twin/sg3", TWIN, NULL, TRUE, NULL, "verified", "", HOLDS_NEW },
  { "standard/sg3", "standard", NULL, FALSE, NULL, "confirmed", "1.01 (before: 1.00)", HOLDS_NEW },
};

typedef struct {
  const Case *which;
  Scratch *folder;
  OflDrive *drive, *second;
  GBytes *bytes, *factory;
  OflImage *image;
  char *image_path, *precious;
  GSocket *listener; /* on this computer's own address, for every program outside */
  char *port;
  OflJob *job;
  GCancellable *cancellable;
  guint look; /* the source that answers */
  guint n_asked;
  char *asked;
} Bench;

static Scratch *scratch;
static char *cache; /* of Wine's prefix, made once for all tests */

static OflPracticeDrive *
device_of (OflDrive *drive)
{
  return ofl_practice_port_get_drive (ofl_core_get_practice_port (drive));
}

static OflDrive *
plug_in (const char *id)
{
  g_autoptr (GError) error = NULL;
  OflDrive *drive = ofl_core_new_practice_drive (id, 0, NULL, &error);

  g_assert_no_error (error);
  return drive;
}

static void
make_image (Bench *self)
{
  const char *revision = strcmp (self->which->id, TWIN) == 0 ? TWIN_NEWER : "1.01";
  g_autoptr (OflFirmware) firmware = NULL;
  g_autoptr (GError) error = NULL;

  self->bytes = ofl_practice_make_image (self->which->id, revision, NULL, &error);
  g_assert_no_error (error);
  self->image_path = g_build_filename (self->folder, "image.bin", NULL);
  g_file_set_contents (self->image_path, g_bytes_get_data (self->bytes, NULL),
                       (gssize) g_bytes_get_size (self->bytes), &error);
  g_assert_no_error (error);
  firmware = ofl_firmware_new_from_bytes ("image.bin", self->bytes);
  g_assert_true (ofl_families_recognise (firmware, NULL));
  self->image = ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static void
listen_here (Bench *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  self->listener
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->listener, any, TRUE, NULL)
                 && g_socket_listen (self->listener, NULL));
  got = g_socket_get_local_address (self->listener, NULL);
  self->port = g_strdup_printf ("%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
}

static void
up (Bench *self, gconstpointer data)
{
  const Case *which = data;
  g_autofree char *other = g_strconcat (which->id, "-2", NULL);
  g_autoptr (GError) error = NULL;

  self->which = which;
  self->folder = scratch_new ();
  self->drive = plug_in (which->id);
  self->second = plug_in (other);
  self->factory = ofl_practice_drive_get_flash (device_of (self->drive));
  if (which->fault != NULL)
    ofl_practice_drive_add_fault (device_of (self->drive), which->fault, &error);
  g_assert_no_error (error);
  scratch_put (self->folder, "precious", PRECIOUS);
  self->precious = g_build_filename (self->folder, "precious", NULL);
  self->cancellable = g_cancellable_new ();
  make_image (self);
  listen_here (self);
}

static void
down (Bench *self, gconstpointer data)
{
  g_clear_object (&self->job);
  g_object_unref (self->cancellable);
  g_object_unref (self->listener);
  g_object_unref (self->drive);
  g_object_unref (self->second);
  ofl_image_unref (self->image);
  g_bytes_unref (self->bytes);
  g_bytes_unref (self->factory);
  g_free (self->image_path);
  g_free (self->precious);
  g_free (self->port);
  g_free (self->asked);
  scratch_free (self->folder);
}

/* As somebody would who watches the job and agrees. */
static gboolean
on_look (gpointer data)
{
  Bench *bench = data;
  g_autoptr (OflQuestion) question = ofl_job_dup_question (bench->job);

  if (question == NULL || question->number == bench->n_asked)
    return G_SOURCE_CONTINUE;
  bench->n_asked = question->number;
  g_free (bench->asked);
  bench->asked = g_strdup (question->text);
  ofl_job_answer (bench->job, question->number, TRUE);
  return G_SOURCE_CONTINUE;
}

static OflUpdaterOptions *
make_run (Bench *self, const char *program, const char *const *arguments)
{
  const char *const files[] = { program, self->image_path, NULL };
  OflUpdaterOptions *run = ofl_updater_options_new (files);

  g_strfreev (run->arguments);
  run->arguments = g_strdupv ((char **) arguments);
  g_free (run->cache);
  run->cache = g_strdup (cache);
  g_free (run->libdir);
  run->libdir = g_strdup (g_getenv ("UPDATER_LIBDIR"));
  run->quiet_ms = 500;
  return run;
}

static void
start (Bench *self, const char *program, const char *const *arguments, GAsyncResult **result)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();

  options->state_dir = g_strdup (self->folder);
  options->backup_dir = g_build_filename (self->folder, "backups", NULL);
  options->accept_no_backup = TRUE;
  options->choices = ofl_choices_new ();
  ofl_choices_set (options->choices, "experimental", self->which->experimental ? "yes" : NULL);
  self->job = ofl_updater_job_new (ofl_drive_get_target (self->drive), NULL, self->image, options,
                                   make_run (self, program, arguments));
  ofl_job_run_async (self->job, self->cancellable, await_keep, result);
  self->look = g_timeout_add (10, on_look, self);
}

/* One that never ends by itself is ended as soon as that is offered. */
static void
end_hanging (Bench *self, GAsyncResult **result)
{
  OflProgressView view = { 0 };

  while (*result == NULL && !(view.danger && view.cancelable))
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
      ofl_job_read_progress (self->job, &view);
    }
  g_cancellable_cancel (self->cancellable);
}

static void
assert_drive (Bench *self)
{
  OflPracticeDrive *device = device_of (self->drive);
  g_autoptr (GBytes) flash = ofl_practice_drive_get_flash (device);
  gboolean old = g_bytes_equal (flash, self->factory);
  gboolean new = ofl_practice_drive_holds (device, self->bytes);

  g_assert_cmpint (old, ==, self->which->holds == HOLDS_OLD);
  g_assert_cmpint (new, ==, self->which->holds == HOLDS_NEW);
}

/* Nobody has reached anything but the drive. */
static void
assert_untouched (Bench *self)
{
  g_autofree char *text = NULL;

  g_assert_cmpuint (ofl_practice_drive_get_n_writes (device_of (self->second)), ==, 0);
  g_assert_true (g_file_get_contents (self->precious, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, PRECIOUS);
  g_assert_cmpint (g_socket_condition_check (self->listener, G_IO_IN), ==, 0);
}

/* What the program has printed, too, for whoever looks for a fault. */
static void
tell_end (const char *journal)
{
  const char *end = strstr (journal, "\"updater-ended\"");

  if (end != NULL)
    g_test_message ("%.*s", (int) strcspn (end, "\n"), end);
}

static char *
finish (Bench *self, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflResult) end = NULL;
  char *journal = NULL;

  if (g_strcmp0 (self->which->what, "hang") == 0)
    end_hanging (self, result);
  await_result (result);
  g_clear_handle_id (&self->look, g_source_remove);
  end = ofl_job_run_finish (self->job, *result, &error);
  g_assert_no_error (error);
  g_clear_object (result);
  g_assert_true (g_file_get_contents (end->journal_path, &journal, NULL, NULL));
  g_test_message ("%s: %s | %s", ofl_verdict_id (end->verdict), end->what, end->next);
  tell_end (journal);
  g_assert_cmpstr (ofl_verdict_id (end->verdict), ==, self->which->verdict);
  g_assert_nonnull (strstr (end->what, self->which->says));
  g_assert_cmpint (end->backup_path != NULL, ==, self->which->experimental);
  assert_drive (self);
  assert_untouched (self);
  return journal;
}

/* What the greedy one has reached, by its own words; assert_untouched() has asked the others. */
static void
assert_has_found_nothing (const char *journal)
{
  static const char *const said[] = { "others 0, on the bus 1", "network none", "overwritten 0",
                                      "home read 0, system written 0", "processes seen, " };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (strstr (journal, said[i]) == NULL)
      g_test_fail_printf ("not said: %s", said[i]);
  g_assert_null (strstr (journal, "took it"));
}

static void
test_case (Bench *self, gconstpointer data)
{
  g_autofree char *comm = NULL;
  g_autofree char *journal = NULL;
  GAsyncResult *result = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/comm", &comm, NULL, NULL));
  g_strstrip (comm);
  {
    const char *const arguments[]
        = { "direct", self->which->what, self->port, self->precious, comm, NULL };

    start (self, g_getenv ("UPDATER_EXE_X86_64"), arguments, &result);
  }
  journal = finish (self, &result);
  if (strcmp (self->which->what, "greedy") == 0)
    {
      g_autofree char *none = g_strdup_printf ("processes seen, %s not", comm);

      assert_has_found_nothing (journal);
      g_assert_nonnull (strstr (journal, none));
    }
}

/* Debian's sg3_utils, built for Windows: build-sg3.sh. */
static void
test_foreign (Bench *self, gconstpointer data)
{
  const char *const arguments[] = { "--mode=7", "--bpw=32768", "--in=image.bin", "D:", NULL };
  const char *folder = g_getenv ("OFL_UPDATER_SG3");
  g_autofree char *program = NULL;
  g_autofree char *journal = NULL;
  GAsyncResult *result = NULL;

  if (folder == NULL)
    {
      g_test_skip (
          "OFL_UPDATER_SG3 names no folder with sg_write_buffer.exe (build-sg3.sh makes one).");
      return;
    }
  program = g_build_filename (folder, "sg_write_buffer.exe", NULL);
  start (self, program, arguments, &result);
  journal = finish (self, &result);
  g_assert_nonnull (strstr (self->asked, "WRITE BUFFER"));
}

/* Whoever lets a program write the twin reads first that its way of being written is made up. */
static void
test_said (void)
{
  const char *exe = g_getenv ("UPDATER_EXE_X86_64");
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *state = g_strconcat ("--state-dir=", folder, NULL);
  g_autoptr (OflDrive) drive = plug_in (TWIN);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  const char *const argv[] = { g_getenv ("OPTIFLASHCTL"),
                               "--finder=none",
                               "--practice-speed=0",
                               state,
                               "updater",
                               "practice:" TWIN,
                               exe,
                               "--argument=direct",
                               "--argument=inquiry",
                               "--yes",
                               "--accept-no-backup",
                               NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Ran) ran = { 0 };

  g_assert_true (g_str_has_prefix (ofl_core_get_practice_assumptions (drive), ASSUMED));
  g_subprocess_launcher_setenv (launcher, "OFL_UPDATER_LIBDIR", g_getenv ("UPDATER_LIBDIR"), TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CACHE_HOME", scratch, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  ran_wait (&ran, process);
  g_assert_cmpint (ran.status, ==, 1);
  g_assert_nonnull (strstr (ran.out, ASSUMED));
  g_assert_true (strstr (ran.out, ASSUMED) < strstr (ran.out, "The maker's program: "));
}

static void
add (const Case *which, void (*test) (Bench *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/updater/job/", which->name, NULL);

  g_test_add_vtable (path, sizeof (Bench), which, (GTestFixtureFunc) up, (GTestFixtureFunc) test,
                     (GTestFixtureFunc) down);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (cage_skip_all ())
    return 0;
  scratch = scratch_new ();
  cache = g_build_filename (scratch, "optiflash", "wine", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    add (&cases[i], test_case);
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    add (&foreign[i], test_foreign);
  g_test_add_func ("/updater/job/twin/said", test_said);
  status = g_test_run ();
  g_free (cache);
  scratch_free (scratch);
  return status;
}
