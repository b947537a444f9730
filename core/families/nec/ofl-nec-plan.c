/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: what a write plan has around the flash sequence: gates before it, reading back
 * after it. nec 2.2, 2.14. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-error.h"

#define UNIT_PADDING 4

/* What a check step looks for. */
typedef struct {
  const OflFamily *family;
  int capture;
  guint16 bootcode;
  guint8 byte;
  char other[16];
} Wanted;

static Wanted *
new_wanted (const OflNecWriter *w, int capture)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->family = w->family;
  wanted->capture = capture;
  ofl_plan_own (w->plan, wanted, g_free);
  return wanted;
}

static void
parse_inquiry (const OflRunData *data, const Wanted *wanted, OflIdentity *identity)
{
  const GByteArray *inquiry = g_ptr_array_index (data->captures, (guint) wanted->capture);

  memset (identity, 0, sizeof *identity);
  ofl_identity_parse_inquiry (identity, inquiry->data, inquiry->len);
}

static gboolean
has_bootcode (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Wanted *wanted = arg;
  g_autofree char *wants = ofl_nec_bootcode_text (wanted->bootcode);
  g_autofree char *has = NULL;
  OflIdentity identity;
  guint16 bootcode;

  parse_inquiry (data, wanted, &identity);
  bootcode = ofl_nec_bootcode (wanted->family, &identity);
  if (bootcode == wanted->bootcode)
    return TRUE;
  has = ofl_nec_bootcode_text (bootcode);
  if (has != NULL)
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("The file needs boot code %s; the drive has %s. Nothing was written. Choose a "
                      "firmware for the drive's boot code."),
                   wants, has);
  else
    ofl_set_error (error, OFL_ERROR_MISMATCH,
                   _ ("The file needs boot code %s; the drive does not tell its own. Nothing was "
                      "written. Choose a firmware for the drive's boot code."),
                   wants);
  return FALSE;
}

static gboolean
not_the_twin (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Wanted *wanted = arg;
  OflIdentity identity;

  parse_inquiry (data, wanted, &identity);
  if (identity.revision[0] != '0')
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 _ ("The drive is really of the type %s. Nothing was written. Choose a firmware for "
                    "that type."),
                 wanted->other);
  return FALSE;
}

static gboolean
starts_with_byte (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Wanted *wanted = arg;
  const GByteArray *read = g_ptr_array_index (data->captures, (guint) wanted->capture);

  if (read->len > 0 && read->data[0] == wanted->byte)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 _ ("The firmware in the drive does not begin as the file does, and cannot be read "
                    "back."));
  return FALSE;
}

/* The ID must be what it was when drive and image were judged. */
static void
add_id_gate (const OflNecWriter *w)
{
  GBytes *id = ofl_snapshot_get_blob (w->drive, OFL_NEC_BLOB_ID);
  const char *text = ofl_snapshot_get_fact (w->drive, OFL_NEC_FACT_ADDRESS);
  guint32 address = text != NULL ? (guint32) g_ascii_strtoull (text, NULL, 16) : 0;
  OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_CHECK, N_ ("See that the drive is the same"),
                                 ofl_nec_command_read (0, address, OFL_NEC_ID_READ, 0),
                                 ofl_plan_add_capture (w->plan, "id", OFL_NEC_ID_READ), 0,
                                 OFL_NEC_COMMAND_MS);

  ofl_family_gate (w->plan, step, "the drive's id", id, "nec 1.1");
}

/* A drive that takes the other type's ID is of the other type (nec 1.2 rule 4). One that
 * is in safe mode already shows no difference. */
static void
add_twin_gate (const OflNecWriter *w)
{
  g_autofree char *name = ofl_nec_twin (w->family, w->of_drive);
  g_autoptr (OflNecModel) twin = ofl_nec_model_by_name (w->family, name);
  Wanted *wanted;
  OflStep *step;
  guint on;

  if (twin == NULL || w->boot || !g_str_equal (w->of_drive->name, w->model->name))
    return;
  step = ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("Try safe mode as the other type"),
                           ofl_nec_command_safe (0, twin->id, TRUE), OFL_EXPECT_IGNORE,
                           OFL_NEC_COMMAND_MS);
  step->source = "nec 1.2";
  on = ofl_plan_get_n_steps (w->plan);
  wanted = new_wanted (w, ofl_nec_add_inquiry (w->plan, OFL_STAGE_CHECK,
                                               N_ ("Ask whether it entered safe mode")));
  g_strlcpy (wanted->other, twin->name, sizeof wanted->other);
  ofl_family_add_check (w->plan, OFL_STAGE_CHECK, N_ ("It must have refused"), not_the_twin, wanted,
                        "nec 1.2");
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_CHECK, 0, twin->id, on)->cleanup_only = TRUE;
}

/* nec 1.4: only safe mode tells. The drive stays in it, and is flashed as one that came up in it. */
static void
add_bootcode_gate (OflNecWriter *w)
{
  guint16 bootcode = ofl_nec_wanted_bootcode (w->family, w->drive, w->image);
  Wanted *wanted;

  if (bootcode == OFL_NEC_BOOTCODE_NONE || bootcode == OFL_NEC_BOOTCODE_UNKNOWN)
    return;
  if (!w->boot)
    w->on = ofl_nec_add_safe_on (w->plan, OFL_STAGE_CHECK, 0, w->model->id);
  wanted = new_wanted (w, ofl_nec_add_inquiry (w->plan, OFL_STAGE_CHECK,
                                               N_ ("Ask for the boot code's version")));
  wanted->bootcode = bootcode;
  ofl_family_add_check (w->plan, OFL_STAGE_CHECK, N_ ("See that the file is for this boot code"),
                        has_bootcode, wanted, "nec 2.2 row 6c");
}

/* The byte that reading needs is the first of the firmware itself (nec 2.14 row 2). */
static guint8
add_dump_id (const OflNecWriter *w)
{
  guint32 address = ofl_family_number (w->family, w->model->group, "dump-id");
  Wanted *wanted;
  OflStep *step;
  int capture;

  if (address == 0)
    return 0;
  capture = ofl_plan_add_capture (w->plan, "first byte", 4);
  step = ofl_plan_read (w->plan, OFL_STAGE_VERIFY, N_ ("Read the first byte"),
                        ofl_nec_command_read (0, address, 1, 0), capture, 0, OFL_NEC_COMMAND_MS);
  step->residual_ok = TRUE;
  step->source = "nec 2.14";
  wanted = new_wanted (w, capture);
  wanted->byte = w->data[0];
  ofl_family_add_check (w->plan, OFL_STAGE_VERIFY,
                        N_ ("See that the drive has a firmware that can be read"), starts_with_byte,
                        wanted, "nec 2.14");
  return w->data[0];
}

static void
add_compares (const OflNecWriter *w, guint8 dump_id)
{
  int capture = ofl_plan_add_capture (w->plan, "read back", w->model->layout->length);
  guint n;
  const OflNecRange *ranges = ofl_nec_ranges (w->model->layout, &n);

  for (guint i = 0; i < n; i++)
    for (guint32 at = 0; at < ranges[i].length; at += OFL_NEC_UNIT)
      {
        OflStep *step = ofl_plan_read (w->plan, OFL_STAGE_VERIFY, N_ ("Read back and compare"),
                                       ofl_nec_command_read (ranges[i].bank, ranges[i].address + at,
                                                             OFL_NEC_UNIT, dump_id),
                                       capture, ranges[i].at + at, OFL_NEC_COMMAND_MS);

        ofl_family_compare_with (step, TRUE, w->buffer, ranges[i].at + at, "nec 2.14");
      }
}

static void
add_verify (const OflNecWriter *w)
{
  guint8 dump_id;
  guint on = 0;

  ofl_nec_add_ready (w->plan, OFL_STAGE_VERIFY, OFL_EXPECT_OK_OR_NO_MEDIUM);
  dump_id = add_dump_id (w);
  if (dump_id != 0)
    on = ofl_nec_add_safe_on (w->plan, OFL_STAGE_VERIFY, 0, w->model->id);
  add_compares (w, dump_id);
  if (dump_id == 0)
    return;
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_VERIFY, 0, w->model->id, on);
  ofl_nec_add_ready (w->plan, OFL_STAGE_VERIFY, OFL_EXPECT_OK_OR_NO_MEDIUM);
}

static gboolean
can_verify (const OflNecWriter *w)
{
  gboolean needs_byte = ofl_family_number (w->family, w->model->group, "dump-id") != 0;

  return w->model->layout->reads && !(needs_byte && w->data[0] == OFL_NEC_NO_DUMP_ID);
}

/* 2MOpti: the zeros that each write has behind its data (nec 2.1 WP). */
static GBytes *
pad (const guint8 *data, gsize length)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 zeros[OFL_NEC_CHUNK / OFL_NEC_UNIT * UNIT_PADDING] = { 0 };

  for (gsize at = 0; at < length; at += OFL_NEC_CHUNK)
    {
      g_byte_array_append (out, data + at, OFL_NEC_CHUNK);
      g_byte_array_append (out, zeros, sizeof zeros);
    }
  return g_byte_array_free_to_bytes (out);
}

static void
add_buffers (OflNecWriter *w)
{
  g_autoptr (GBytes) padded = NULL;

  w->data = ofl_image_get_data (w->image, NULL);
  w->buffer = ofl_plan_add_buffer (w->plan, "image", ofl_image_get_bytes (w->image));
  w->padded = -1;
  if (w->model->layout->kind != OFL_NEC_OPTI)
    return;
  padded = pad (w->data, w->model->layout->payload);
  w->padded = ofl_plan_add_buffer (w->plan, "image with padding", padded);
}

/**
 * ofl_nec_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): none matters here
 * @error: return location
 *
 * nec 2.2 and 2.3 to 2.12. Neither the boot code nor what belongs to this very drive is touched.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_nec_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                    const OflChoices *choices, GError **error)
{
  g_autoptr (OflNecModel) of_drive = NULL;
  g_autoptr (OflNecModel) model = NULL;
  g_autoptr (OflPlan) plan = NULL;
  OflNecWriter w = { .family = self, .drive = drive, .image = image };
  gboolean verify;

  w.of_drive = of_drive = ofl_nec_model_of_drive (self, drive);
  w.model = model = ofl_nec_model_of_image (self, image);
  w.plan = plan = ofl_plan_new (N_ ("Write the firmware (NEC / Optiarc)"));
  w.boot = ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT;
  add_buffers (&w);
  if (!w.boot)
    ofl_family_add_disc_gate (plan, OFL_NEC_COMMAND_MS, "nec 2.2 row 8");
  add_id_gate (&w);
  add_twin_gate (&w);
  add_bootcode_gate (&w);
  ofl_nec_add_flash (&w);
  verify = can_verify (&w);
  if (verify)
    add_verify (&w);
  else
    ofl_nec_add_ready (plan, OFL_STAGE_RESTART, OFL_EXPECT_OK_OR_NO_MEDIUM);
  ofl_plan_mark (plan, verify ? OFL_STAGE_VERIFY : OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN,
                 N_ ("The firmware is complete"));
  return g_steal_pointer (&plan);
}
