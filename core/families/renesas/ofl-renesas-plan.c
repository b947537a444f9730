/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG Renesas: the steps that read and write. renesas 2, in whose rows the steps
 * are numbered. */
#include "families/renesas/ofl-renesas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define INQUIRY_LEN 0x24
#define INQUIRY_REVISION 32
#define DEVICE_TYPE_MASK 0x1f
#define DEVICE_TYPE_OPTICAL 5
#define READY_TRIES 4
#define VERIFY_WAIT_MS 1000

/* A file that is put together from what was read; for a CHECK step's arg. */
typedef struct {
  OflRenesasKind kind;
  guint capture;
  guint inquiry;
  guint32 size;
} Assembly;

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  OflPlan *plan;
  GBytes *image;
  int buffer;
  guint limit_ms;
} Writer;

static OflStep *
add_memory_read (OflPlan *plan, OflStage stage, const char *label, guint32 address, guint16 length,
                 int capture, guint32 offset)
{
  return ofl_plan_read (plan, stage, label, ofl_renesas_read (OFL_RENESAS_MEMORY, address, length),
                        capture, offset, OFL_RENESAS_CHUNK_MS);
}

static guint
add_inquiry (OflPlan *plan, OflStage stage, const char *source)
{
  int capture = ofl_plan_add_capture (plan, "inquiry", INQUIRY_LEN);

  ofl_plan_read (plan, stage, N_ ("Read who the drive is"), ofl_command_inquiry (INQUIRY_LEN),
                 capture, 0, OFL_RENESAS_COMMAND_MS)
      ->source
      = source;
  return (guint) capture;
}

/* Row 4 of 2.4: what in the memory is not yet as it is in a file. */
static void
finish_header (guint8 *file, gsize length, const Assembly *assembly, const guint8 *inquiry)
{
  memset (file, 0, 4);
  if (assembly->kind == OFL_RENESAS_MAIN)
    memcpy (file + OFL_RENESAS_REVISION_AT, inquiry + INQUIRY_REVISION, OFL_RENESAS_REVISION_LEN);
  ofl_put_be (file + OFL_RENESAS_SIZE_AT, 4, assembly->size);
  ofl_put_be (file, 2, 0xffffu - ofl_renesas_sum (file, length));
}

/* Completes what was read, in its capture, to the file that the maker gives out, and sees that it
 * is one. */
static gboolean
assemble (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Assembly *assembly = arg;
  GByteArray *file = g_ptr_array_index (data->captures, assembly->capture);
  const GByteArray *inquiry = g_ptr_array_index (data->captures, assembly->inquiry);

  if (file->len == OFL_RENESAS_HEADER_LEN + assembly->size && inquiry->len >= INQUIRY_LEN)
    {
      finish_header (file->data, file->len, assembly, inquiry->data);
      if (ofl_renesas_image_kind (file->data, file->len) == assembly->kind
          && (assembly->kind == OFL_RENESAS_CORE
              || ofl_renesas_tail_is_right (file->data, file->len)))
        return TRUE;
    }
  ofl_set_error (
      error, OFL_ERROR_MISMATCH,
      _ ("What the drive's memory holds is not a whole %s component. Nothing was written."),
      ofl_renesas_kind_name (assembly->kind));
  return FALSE;
}

/* renesas 2.4 rows 2 to 4: header and code into one capture, laid out as a file. */
static void
add_component (OflPlan *plan, OflRenesasKind kind, const OflRenesasComponent *component,
               int capture, guint inquiry)
{
  Assembly *assembly = g_new0 (Assembly, 1);
  OflStep *step;

  *assembly = (Assembly){ kind, (guint) capture, inquiry, component->size };
  ofl_plan_own (plan, assembly, g_free);
  step = add_memory_read (plan, OFL_STAGE_BACKUP, N_ ("Read the header"), component->at,
                          OFL_RENESAS_PATTERN_LEN, capture, 0);
  step->source = "renesas 2.4 row 2";
  for (guint32 at = 0; at < component->size; at += OFL_RENESAS_CHUNK)
    {
      guint16 length = (guint16) MIN (OFL_RENESAS_CHUNK, component->size - at);

      step = add_memory_read (plan, OFL_STAGE_BACKUP, N_ ("Read the firmware"),
                              component->load + at, length, capture, OFL_RENESAS_HEADER_LEN + at);
      step->source = "renesas 2.4 row 3";
    }
  ofl_family_add_check (plan, OFL_STAGE_BACKUP, N_ ("Complete the file"), assemble, assembly,
                        "renesas 2.4 row 4");
}

/**
 * ofl_renesas_plan_read:
 * @self: the family
 * @drive: a drive of it
 * @choices: (nullable): not used: this family has none
 * @error: return location
 *
 * Reads the MAIN component into capture 0 and, when the drive shows one, the CORE component into
 * a capture of its own, each as a file that can be written again; a drive that shows a CORE alone
 * has it in capture 0. The last capture is INQUIRY. renesas 2.4.
 *
 * Returns: (transfer full): the plan, or %NULL with %OFL_ERROR_NOT_SUPPORTED when the drive shows
 *   no component
 */
OflPlan *
ofl_renesas_plan_read (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                       GError **error)
{
  OflRenesasComponent components[OFL_RENESAS_NONE];
  int captures[OFL_RENESAS_NONE] = { -1, -1 };
  g_autoptr (OflPlan) plan = ofl_plan_new (N_ ("Read the firmware (HL-DT-ST Renesas)"));
  guint inquiry;

  for (OflRenesasKind kind = OFL_RENESAS_MAIN; kind < OFL_RENESAS_NONE; kind++)
    if (ofl_renesas_component (drive, kind, &components[kind]))
      captures[kind] = ofl_plan_add_capture (plan, ofl_renesas_kind_name (kind),
                                             OFL_RENESAS_HEADER_LEN + components[kind].size);
  if (ofl_plan_get_n_captures (plan) == 0)
    {
      ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                     _ ("The drive shows no firmware component that could be read."));
      return NULL;
    }
  inquiry = add_inquiry (plan, OFL_STAGE_BACKUP, "renesas 2.4 row 4");
  for (OflRenesasKind kind = OFL_RENESAS_MAIN; kind < OFL_RENESAS_NONE; kind++)
    if (captures[kind] >= 0)
      add_component (plan, kind, &components[kind], captures[kind], inquiry);
  return g_steal_pointer (&plan);
}

static gboolean
is_optical (const OflRunData *data, gconstpointer arg, GError **error)
{
  const GByteArray *inquiry = g_ptr_array_index (data->captures, GPOINTER_TO_UINT (arg));

  if (inquiry->len > 0 && (inquiry->data[0] & DEVICE_TYPE_MASK) == DEVICE_TYPE_OPTICAL)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH, _ ("The device is no optical drive."));
  return FALSE;
}

/* That the firmware which runs is the one that was judged. */
static void
add_same_header (const Writer *w)
{
  OflRenesasComponent component;
  g_autoptr (GBytes) header = NULL;
  OflStep *step;

  if (!ofl_renesas_component (w->drive, OFL_RENESAS_MAIN, &component))
    ofl_renesas_component (w->drive, OFL_RENESAS_CORE, &component);
  header = g_bytes_new (component.header, sizeof component.header);
  step = add_memory_read (w->plan, OFL_STAGE_CHECK, N_ ("See that the drive is the same"),
                          component.at, OFL_RENESAS_PATTERN_LEN,
                          ofl_plan_add_capture (w->plan, "header", OFL_RENESAS_PATTERN_LEN), 0);
  ofl_family_gate (w->plan, step, "the drive's header", header, "renesas 2.4 row 2");
}

/* Row 3 of renesas 2.2 asks four times. A disc is left to the user: the source puts it out, this
 * plan stops. */
static void
add_gates (const Writer *w)
{
  guint inquiry = add_inquiry (w->plan, OFL_STAGE_CHECK, "renesas 2.2 row 1");

  ofl_family_add_check (w->plan, OFL_STAGE_CHECK, N_ ("See what device it is"), is_optical,
                        GUINT_TO_POINTER (inquiry), "renesas 2.2 row 1");
  add_same_header (w);
  for (guint i = 0; i < READY_TRIES; i++)
    ofl_plan_command (w->plan, OFL_STAGE_CHECK, N_ ("See that no disc is in"),
                      ofl_command_test_unit_ready (),
                      i + 1 < READY_TRIES ? OFL_EXPECT_IGNORE : OFL_EXPECT_NO_MEDIUM,
                      OFL_RENESAS_COMMAND_MS)
        ->source
        = "renesas 2.2 row 3";
}

/* All but the last piece go to the drive's cache; the last goes elsewhere and lets it burn. */
static void
add_pieces (const Writer *w)
{
  guint32 length = (guint32) g_bytes_get_size (w->image);

  for (guint32 at = 0; at < length; at += OFL_RENESAS_CHUNK)
    {
      gboolean last = length - at <= OFL_RENESAS_CHUNK;
      guint16 piece = (guint16) MIN (OFL_RENESAS_CHUNK, length - at);
      OflCommand command
          = ofl_renesas_write (last ? OFL_RENESAS_MEMORY : OFL_RENESAS_CACHE, at, piece);
      OflStep *step;

      command.timeout_ms = w->limit_ms;
      if (last)
        ofl_plan_mark (w->plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS,
                       N_ ("The last piece lets the drive begin to program"))
            ->source
            = "renesas 2.2 row 5";
      step = ofl_plan_send (w->plan, OFL_STAGE_SEND, N_ ("Send the firmware"), command, w->buffer,
                            at, OFL_RENESAS_CHUNK_MS);
      step->source = last ? "renesas 2.2 row 5" : "renesas 2.2 row 4";
    }
}

/* renesas 2.3: four times a second's wait and a question. After it a caution of our own, so that a
 * drive which still programs is not asked for its memory: until it is ready, or for as long as the
 * slowest chip may take (renesas 4; the source gives no time). */
static void
add_program (const Writer *w)
{
  OflCommand ready = ofl_command_test_unit_ready ();
  guint waited = READY_TRIES * VERIFY_WAIT_MS;
  gsize length = g_bytes_get_size (w->image);
  guint usual = ofl_family_time_of (w->family, "usual-ms-per-64k", length);
  guint most = ofl_family_time_of (w->family, "max-ms-per-64k", length);
  OflStep *step;

  ready.timeout_ms = w->limit_ms;
  for (guint i = 0; i < READY_TRIES; i++)
    {
      ofl_plan_settle (w->plan, OFL_STAGE_PROGRAM, N_ ("The drive programs"), VERIFY_WAIT_MS)->source
          = "renesas 2.3";
      step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, N_ ("Ask whether the drive is ready"),
                               ready, OFL_EXPECT_IGNORE, OFL_RENESAS_COMMAND_MS);
      step->source = "renesas 2.3";
    }
  step = ofl_family_add_wait (w->plan, OFL_STAGE_PROGRAM, w->limit_ms, VERIFY_WAIT_MS,
                              MAX (most, waited), "renesas 4");
  step->usual_ms = usual - MIN (usual, waited);
}

static void
add_verify (const Writer *w)
{
  const guint8 *data = g_bytes_get_data (w->image, NULL);
  guint32 load = ofl_get_be (data + OFL_RENESAS_LOAD_AT, 4);
  guint32 size = (guint32) g_bytes_get_size (w->image) - OFL_RENESAS_HEADER_LEN;
  int capture = ofl_plan_add_capture (w->plan, "read back", size);

  ofl_plan_leave_out (w->plan, 0, OFL_RENESAS_HEADER_LEN, OFL_RENESAS_HEADER_WHY);
  for (guint32 at = 0; at < size; at += OFL_RENESAS_CHUNK)
    {
      guint16 length = (guint16) MIN (OFL_RENESAS_CHUNK, size - at);
      OflStep *step = add_memory_read (w->plan, OFL_STAGE_VERIFY, N_ ("Read back and compare"),
                                       load + at, length, capture, at);

      ofl_family_compare_with (step, TRUE, w->buffer, OFL_RENESAS_HEADER_LEN + at, "renesas 2.3");
    }
  ofl_plan_mark (w->plan, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN, N_ ("The firmware is complete"));
}

/**
 * ofl_renesas_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write: a MAIN or a CORE component
 * @choices: (nullable): not used: this family has none
 * @error: return location
 *
 * renesas 2.2 and 2.3.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_renesas_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                        const OflChoices *choices, GError **error)
{
  g_autoptr (OflPlan) plan = NULL;
  Writer w = { .family = self, .drive = drive, .image = ofl_image_get_bytes (image) };

  plan = ofl_plan_new (N_ ("Write the firmware (HL-DT-ST Renesas)"));
  w.plan = plan;
  w.limit_ms = ofl_family_number (self, "timing", "command-limit-ms");
  w.buffer = ofl_plan_add_buffer (plan, "image", w.image);
  add_gates (&w);
  add_pieces (&w);
  add_program (&w);
  add_verify (&w);
  return g_steal_pointer (&plan);
}
