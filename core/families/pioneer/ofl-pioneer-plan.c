/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer DVR: the steps that write. pioneer 2, in whose rows the steps are numbered. */
#include "families/pioneer/ofl-pioneer-bd.h"
#include "families/pioneer/ofl-pioneer-steps.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define INQUIRY_LEN 0x60
#define KERNEL_REVISION "0000"
#define WAKE_INTERVAL_MS 100
#define WAKE_TRIES 20
#define KERNEL_CHUNK_WAIT_MS 250
#define KERNEL_WAIT_MS (100 + 10000)
#define NORMAL_CHUNK_WAIT_MS 100
#define COMMIT_WAIT_MS 10000

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  OflPlan *plan;
  const OflPioneerHardware *hardware;
  const OflPioneerParts *parts;
  gboolean boot;
  guint limit_ms; /* of each command that sends */
  int control;    /* buffers */
  int fallback;   /* -1: the key is the fallback itself */
} Writer;

static OflCommand
make_write (const Writer *w, guint8 mode, guint8 id, guint32 offset, guint32 length)
{
  OflCommand command = ofl_command_write_buffer ((OflBufferMode) mode, id, offset, length);

  command.timeout_ms = w->limit_ms;
  return command;
}

static void
add_gates (const Writer *w)
{
  gboolean disc_may_stay = g_key_file_get_boolean (ofl_family_table (w->family), w->hardware->group,
                                                   "disc-may-stay", NULL);
  OflStep *step;

  ofl_pioneer_add_same_drive (w->plan, w->drive, "pioneer 2.1 row 3", "pioneer 2.1 row 4");
  if (w->boot || disc_may_stay)
    return;
  step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("See that no disc is in"),
                           ofl_command_test_unit_ready (), OFL_EXPECT_NO_MEDIUM,
                           OFL_PIONEER_COMMAND_MS);
  step->source = "pioneer 2.1 row 6";
}

/* INQUIRY until it is answered; that it never is, is no failure. */
static void
add_wake (const Writer *w, const char *source)
{
  OflStep *step = ofl_plan_poll (w->plan, OFL_STAGE_CHECK, N_ ("Wake the drive"),
                                 ofl_command_inquiry (INQUIRY_LEN), OFL_EXPECT_OK, WAKE_INTERVAL_MS,
                                 WAKE_INTERVAL_MS * WAKE_TRIES, 1);

  step->poll_limit_ok = TRUE;
  step->source = source;
}

/* The challenge's answer, as many times as the step sends bytes. A challenge that no seed explains
 * has none: nothing is sent, as row c says. */
static GBytes *
answer_challenge (const OflRunData *data, guint capture, gsize length)
{
  const GByteArray *challenge = g_ptr_array_index (data->captures, capture);
  guint8 *bytes;
  guint8 answer;

  if (challenge->len < 4 || !ofl_pioneer_answer (challenge->data, &answer))
    return NULL;
  bytes = g_malloc (length);
  memset (bytes, answer, length);
  return g_bytes_new_take (bytes, length);
}

static GBytes *
answer_short (const OflRunData *data, gconstpointer arg, GError **error)
{
  return answer_challenge (data, GPOINTER_TO_UINT (arg), OFL_PIONEER_CONTROL_LEN);
}

static GBytes *
answer_long (const OflRunData *data, gconstpointer arg, GError **error)
{
  return answer_challenge (data, GPOINTER_TO_UINT (arg), OFL_PIONEER_CHALLENGE_LEN);
}

static OflStep *
add_answer (const Writer *w, guint32 length, OflExchangeFunc exchange, guint capture)
{
  OflStep *step = ofl_plan_add (w->plan, OFL_STEP_EXCHANGE, OFL_STAGE_CHECK,
                                N_ ("Answer the drive's challenge"), OFL_PIONEER_COMMAND_MS);

  step->command = make_write (w, 1, 0xf2, 0, length);
  step->expect = OFL_EXPECT_IGNORE;
  step->exchange = exchange;
  step->arg = GUINT_TO_POINTER (capture);
  return step;
}

/* A drive that refuses any of these is not protected in this way, and the plan goes on (2.2). */
static void
add_arm (const Writer *w)
{
  static const guint8 challenge[10] = { 0x3c, 0x01, 0xf2, 0, 0, 0, 0, 0x04, 0, 0 };
  guint capture = (guint) ofl_plan_add_capture (w->plan, "challenge", OFL_PIONEER_CHALLENGE_LEN);
  OflStep *step;

  step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("Ask for a challenge"),
                           make_write (w, 1, 0xf3, 0, 0), OFL_EXPECT_IGNORE,
                           OFL_PIONEER_COMMAND_MS);
  step->skip_if_refused = 3;
  step->source = "pioneer 2.2 row a";
  step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, N_ ("Read the challenge"),
                        ofl_command_raw (challenge, sizeof challenge, OFL_DIR_IN,
                                         OFL_PIONEER_CHALLENGE_LEN, w->limit_ms),
                        (int) capture, 0, OFL_PIONEER_COMMAND_MS);
  step->expect = OFL_EXPECT_IGNORE;
  step->residual_ok = TRUE;
  step->skip_if_refused = 2;
  step->source = "pioneer 2.2 row b";
  step = add_answer (w, OFL_PIONEER_CONTROL_LEN, answer_short, capture);
  step->skip_if_refused = 1;
  step->source = "pioneer 2.2 row d";
  step = add_answer (w, OFL_PIONEER_CHALLENGE_LEN, answer_long, capture);
  step->source = "pioneer 2.2 row e";
}

static OflStep *
add_control (const Writer *w, OflStage stage, const char *label, guint8 mode, int buffer)
{
  return ofl_plan_send (w->plan, stage, label,
                        make_write (w, mode, 0xff, 0, OFL_PIONEER_CONTROL_LEN), buffer, 0,
                        OFL_PIONEER_COMMAND_MS);
}

/* Row 2's second try has another key and is left out when the first was taken. Where the key is
 * the fallback itself it would be the same command again, and no write is ever sent twice. */
static void
add_enter (const Writer *w)
{
  guint settle = ofl_family_number (w->family, w->hardware->group, "enter-settle-ms");
  OflStep *step;

  if (w->fallback >= 0)
    {
      step = add_control (w, OFL_STAGE_SEND, N_ ("Enter the kernel mode"), 4, w->control);
      step->expect = OFL_EXPECT_IGNORE;
      step->skip_if_good = 1;
      step->source = "pioneer 2.3 row 2";
    }
  step = add_control (w, OFL_STAGE_SEND,
                      w->fallback >= 0 ? N_ ("Enter the kernel mode with the other key")
                                       : N_ ("Enter the kernel mode"),
                      4, w->fallback >= 0 ? w->fallback : w->control);
  step->source = "pioneer 2.3 row 2";
  if (settle > 0)
    ofl_plan_settle (w->plan, OFL_STAGE_SEND, N_ ("The drive restarts"), settle)->source
        = "pioneer 2.3 row 3";
  ofl_pioneer_add_kernel_look (w->plan, KERNEL_REVISION, "pioneer 2.3 row 4");
}

/* A last chunk that the part does not fill is filled with zeros. */
static GBytes *
pad (const guint8 *data, gsize length)
{
  gsize whole = (length + OFL_PIONEER_CHUNK - 1) / OFL_PIONEER_CHUNK * OFL_PIONEER_CHUNK;
  guint8 *copy = g_malloc0 (whole);

  memcpy (copy, data, length);
  return g_bytes_new_take (copy, whole);
}

typedef struct {
  const char *name;
  const char *label;
  const char *wait;
  guint8 id;
  guint wait_ms;
  const char *source;
} PartKind;

static const PartKind kernel_part
    = { "kernel part", N_ ("Send the kernel"), N_ ("The drive stores it"),
        0xfe,          KERNEL_CHUNK_WAIT_MS,   "pioneer 2.4 row 1" };
static const PartKind normal_part
    = { "normal part", N_ ("Send the firmware"), N_ ("The drive stores it"),
        0xf0,          NORMAL_CHUNK_WAIT_MS,     "pioneer 2.4 row 3" };

static void
add_part (const Writer *w, const PartKind *kind, const guint8 *data, gsize length)
{
  g_autoptr (GBytes) padded = pad (data, length);
  int buffer = ofl_plan_add_buffer (w->plan, kind->name, padded);
  guint32 whole = (guint32) g_bytes_get_size (padded);

  for (guint32 at = 0; at < whole; at += OFL_PIONEER_CHUNK)
    {
      OflStep *step = ofl_plan_send (w->plan, OFL_STAGE_SEND, kind->label,
                                     make_write (w, 7, kind->id, at, OFL_PIONEER_CHUNK), buffer, at,
                                     OFL_PIONEER_CHUNK_MS);

      step->source = kind->source;
      ofl_plan_settle (w->plan, OFL_STAGE_SEND, kind->wait, kind->wait_ms)->source = kind->source;
    }
}

static guint
commit_usual_ms (const Writer *w)
{
  gboolean own = g_key_file_has_key (ofl_family_table (w->family), w->hardware->group,
                                     "commit-usual-ms", NULL);
  guint ms = ofl_family_number (w->family, own ? w->hardware->group : "timing", "commit-usual-ms");

  return MAX (ms, OFL_PIONEER_COMMAND_MS);
}

static void
add_commit (const Writer *w)
{
  OflStep *step = add_control (w, OFL_STAGE_PROGRAM, N_ ("Commit"), 5, w->control);

  step->usual_ms = commit_usual_ms (w);
  step->max_ms = step->usual_ms;
  step->source = "pioneer 2.4 row 4";
  ofl_plan_settle (w->plan, OFL_STAGE_PROGRAM, N_ ("The drive restarts"), COMMIT_WAIT_MS)->source
      = "pioneer 2.4 row 4";
  ofl_pioneer_add_firmware_look (w->plan, OFL_STAGE_RESTART, KERNEL_REVISION, "pioneer 2.4 row 5");
  ofl_plan_mark (w->plan, OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN, N_ ("The firmware is complete"));
}

/* A kernel alone leaves the drive in its kernel mode: that is never "safe again". */
static void
add_parts (const Writer *w)
{
  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, N_ ("The first piece is stored"))
      ->source
      = "pioneer 2.4";
  if (w->parts->kernel != NULL)
    {
      add_part (w, &kernel_part, w->parts->kernel, w->parts->kernel_length);
      ofl_plan_settle (w->plan, OFL_STAGE_SEND, N_ ("The drive stores its kernel"), KERNEL_WAIT_MS)
          ->source
          = "pioneer 2.4 row 2";
    }
  if (w->parts->normal == NULL)
    return;
  add_part (w, &normal_part, w->parts->normal, w->parts->normal_length);
  add_commit (w);
}

static void
add_control_buffers (Writer *w, guint32 key)
{
  g_autoptr (GBytes) control = ofl_pioneer_control (w->family, w->hardware, key);
  g_autoptr (GBytes) other = ofl_pioneer_control (w->family, w->hardware, OFL_PIONEER_FALLBACK_KEY);

  w->control = ofl_plan_add_buffer (w->plan, "control data", control);
  w->fallback = -1;
  if (key != OFL_PIONEER_FALLBACK_KEY && !w->boot)
    w->fallback = ofl_plan_add_buffer (w->plan, "control data with the other key", other);
}

static void
add_steps (Writer *w)
{
  gboolean arm
      = g_key_file_get_boolean (ofl_family_table (w->family), w->hardware->group, "arm", NULL);

  add_gates (w);
  add_wake (w, "pioneer 2.1 row 7");
  if (!w->boot)
    {
      if (arm)
        add_arm (w);
      add_wake (w, "pioneer 2.3 row 1");
      add_enter (w);
    }
  add_parts (w);
}

/**
 * ofl_pioneer_plan_write:
 * @self: the family
 * @drive: a DVR of it
 * @image: what to write: a normal part, a kernel part, or a set of both
 * @choices: (nullable): not used: the only one decides whether, not how
 * @error: return location
 *
 * pioneer 2; a BD writer's steps are those of ofl_pioneer_bd_plan_write(). A drive that is in its
 * kernel mode already is neither armed nor asked about discs, and need not enter it.
 *
 * Returns: (transfer full): the plan; %NULL with that function's error
 */
OflPlan *
ofl_pioneer_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                        const OflChoices *choices, GError **error)
{
  g_auto (OflPioneerHardware) hardware = { 0 };
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self, .drive = drive };
  OflPioneerParts parts;
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);
  guint32 key;

  if (ofl_pioneer_class (self, drive) == OFL_PIONEER_BD)
    return ofl_pioneer_bd_plan_write (self, drive, image, error);
  ofl_pioneer_drive_hardware (self, drive, &hardware);
  ofl_pioneer_key (self, &hardware, &key);
  ofl_pioneer_split (self, data, length, &parts);
  plan = ofl_plan_new (parts.normal == NULL ? N_ ("Write the kernel (Pioneer)")
                                            : N_ ("Write the firmware (Pioneer)"));
  w.plan = plan;
  w.hardware = &hardware;
  w.parts = &parts;
  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  w.limit_ms = ofl_family_number (self, "timing", "command-limit-ms");
  add_control_buffers (&w, key);
  add_steps (&w);
  return g_steal_pointer (&plan);
}
