/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps that write a BD writer's Normal, and nothing else. pioneer 2.8, in whose rows the steps
 * are numbered. */
#include "families/pioneer/ofl-pioneer-bd.h"
#include "families/pioneer/ofl-pioneer-steps.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define KERNEL_REVISION "000"
#define KEY_AT 0x10

#define ENTER_WAIT_MS 1000
#define FINISH_WAIT_MS 2000
#define READY_EVERY_MS 500
#define READY_LIMIT_MS 90000

/* As it stands on the wire. */
static const guint8 universal_key[4] = { 0x9a, 0x78, 0x23, 0x61 };

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  OflPlan *plan;
  gboolean boot;
  guint limit_ms; /* of each command that sends */
  int control;    /* buffers */
  int file;
  int plain;
} Writer;

static OflStep *
add_memory_read (const Writer *w, OflStage stage, const char *label, guint32 at, guint32 length)
{
  OflStep *step = ofl_plan_read (w->plan, stage, label, ofl_pioneer_bd_read_memory (at, length), -1,
                                 0, OFL_PIONEER_CHUNK_MS);

  step->ahead = ofl_pioneer_bd_knock ();
  step->repeat_short = OFL_PIONEER_BD_REPEATS;
  return step;
}

static void
add_gates (const Writer *w)
{
  GBytes *descriptor = ofl_snapshot_get_blob (w->drive, OFL_PIONEER_BD_BLOB_DESCRIPTOR);

  ofl_pioneer_add_same_drive (w->plan, w->drive, "pioneer 2.8 row 1", "pioneer 2.8 row 1");
  for (guint i = 0; !w->boot && i < 2; i++)
    ofl_family_gate (w->plan,
                     add_memory_read (w, OFL_STAGE_CHECK, N_ ("Read the drive's descriptor"),
                                      OFL_PIONEER_BD_NORMAL_AT, OFL_PIONEER_BD_DESCRIPTOR_LEN),
                     "descriptor", descriptor, "pioneer 2.8 row 1");
}

static OflStep *
add_write (const Writer *w, OflStage stage, const char *label, guint8 mode, guint8 id, int buffer,
           guint32 at, guint32 length)
{
  OflCommand command = ofl_command_write_buffer ((OflBufferMode) mode, id, at, length);

  command.timeout_ms = w->limit_ms;
  return ofl_plan_send (w->plan, stage, label, command, buffer, at, OFL_PIONEER_CHUNK_MS);
}

/* A drive in its kernel mode listens already. */
static void
add_enter (const Writer *w)
{
  if (!w->boot)
    {
      add_write (w, OFL_STAGE_SEND, N_ ("Enter the kernel mode"), 4, 0xff, w->control, 0,
                 OFL_PIONEER_CONTROL_LEN)
          ->source
          = "pioneer 2.8 row 2";
      ofl_plan_settle (w->plan, OFL_STAGE_SEND, N_ ("The drive restarts"), ENTER_WAIT_MS)->source
          = "pioneer 2.8 row 3";
    }
  ofl_pioneer_add_kernel_look (w->plan, KERNEL_REVISION, "pioneer 2.8 row 4");
}

static void
add_pieces (const Writer *w)
{
  guint32 whole = (guint32) g_bytes_get_size (ofl_plan_get_buffer (w->plan, w->file));

  ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, N_ ("The first piece is stored"))
      ->source
      = "pioneer 2.8 row 5";
  for (guint32 at = 0; at < whole; at += OFL_PIONEER_CHUNK)
    add_write (w, OFL_STAGE_SEND, N_ ("Send the firmware"), 7, 0xf0, w->file, at,
               MIN (OFL_PIONEER_CHUNK, whole - at))
        ->source
        = "pioneer 2.8 row 5";
}

static void
add_finish (const Writer *w)
{
  static const guint8 event[10] = { 0x4a, 0, 0, 0, 0x10, 0, 0, 0, 0x08, 0 };
  OflStep *step = add_write (w, OFL_STAGE_PROGRAM, N_ ("Finish"), 5, 0xff, w->control, 0,
                             OFL_PIONEER_CONTROL_LEN);

  step->usual_ms = step->max_ms = ofl_family_number (w->family, "timing", "commit-usual-ms");
  step->source = "pioneer 2.8 row 6";
  ofl_plan_settle (w->plan, OFL_STAGE_PROGRAM, N_ ("The drive restarts"), FINISH_WAIT_MS)->source
      = "pioneer 2.8 row 7";
  step = ofl_family_add_wait (w->plan, OFL_STAGE_PROGRAM, 0, READY_EVERY_MS, READY_LIMIT_MS,
                              "pioneer 2.8 row 7");
  step->ahead = ofl_command_raw (event, sizeof event, OFL_DIR_IN, 8, OFL_TIMEOUT_PROBE);
  ofl_pioneer_add_firmware_look (w->plan, OFL_STAGE_PROGRAM, KERNEL_REVISION, "pioneer 2.8 row 8");
}

static void
add_verify (const Writer *w)
{
  guint32 whole = (guint32) g_bytes_get_size (ofl_plan_get_buffer (w->plan, w->plain));

  for (guint32 at = 0; at < whole; at += OFL_PIONEER_CHUNK)
    ofl_family_compare_with (add_memory_read (w, OFL_STAGE_VERIFY, N_ ("Read back and compare"),
                                              OFL_PIONEER_BD_NORMAL_AT + at,
                                              MIN (OFL_PIONEER_CHUNK, whole - at)),
                             TRUE, w->plain, at, "pioneer 2.8 row 9");
  ofl_plan_mark (w->plan, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN, N_ ("The firmware is complete"));
}

/* The drive's own descriptor; where it is not asked for it, the one of the firmware that is for the
 * same hardware and kernel. */
static GBytes *
make_control (const Writer *w, GBytes *plain)
{
  GBytes *own = ofl_snapshot_get_blob (w->drive, OFL_PIONEER_BD_BLOB_DESCRIPTOR);
  const guint8 *descriptor = g_bytes_get_data (w->boot ? plain : own, NULL);
  guint8 control[OFL_PIONEER_CONTROL_LEN] = { 0 };

  memcpy (control, descriptor, OFL_PIONEER_BD_DESCRIPTOR_LEN);
  memcpy (control + KEY_AT, universal_key, sizeof universal_key);
  return g_bytes_new (control, sizeof control);
}

static gboolean
has_all (const Writer *w, GBytes *plain)
{
  return plain != NULL && g_bytes_get_size (plain) >= OFL_PIONEER_BD_DESCRIPTOR_LEN
         && ofl_snapshot_get_blob (w->drive, OFL_PIONEER_BLOB_IDENTITY) != NULL
         && (w->boot || ofl_snapshot_get_blob (w->drive, OFL_PIONEER_BD_BLOB_DESCRIPTOR) != NULL);
}

/**
 * ofl_pioneer_bd_plan_write:
 * @self: the family
 * @drive: a BD writer
 * @image: a Normal that was judged to fit
 * @error: return location
 *
 * pioneer 2.8. A drive that is in its kernel mode already need not enter it.
 *
 * Returns: (transfer full): the plan; %NULL with %OFL_ERROR_WRONG_IMAGE when the drive's descriptor or
 *   the file's plain part is not known
 */
OflPlan *
ofl_pioneer_bd_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                           GError **error)
{
  g_autoptr (GBytes) plain = ofl_pioneer_bd_plain (image);
  g_autoptr (GBytes) control = NULL;
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self, .drive = drive };

  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  if (!has_all (&w, plain))
    {
      ofl_set_error (error, OFL_ERROR_WRONG_IMAGE,
                     _ ("What the drive must be told before it takes a firmware is not known. Look "
                        "at the drive again, and choose the maker's own file."));
      return NULL;
    }
  w.plan = plan = ofl_plan_new (N_ ("Write the firmware (Pioneer BD)"));
  w.limit_ms = ofl_family_number (self, "timing", "command-limit-ms");
  control = make_control (&w, plain);
  w.control = ofl_plan_add_buffer (plan, "control data", control);
  w.file = ofl_plan_add_buffer (plan, "file", ofl_image_get_bytes (image));
  w.plain = ofl_plan_add_buffer (plan, "firmware as the drive holds it", plain);
  add_gates (&w);
  add_enter (&w);
  add_pieces (&w);
  add_finish (&w);
  add_verify (&w);
  return g_steal_pointer (&plan);
}
