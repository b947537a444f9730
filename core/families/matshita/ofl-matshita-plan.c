/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panasonic's slim drives: the steps that write. matshita 2. */
#include "families/matshita/ofl-matshita.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define OP_COMPARE 0xe8
#define OP_PIECE 0xea
#define OP_UNLOCK 0xed
#define OP_BURN 0xf5

#define UNLOCK_LEN 0x1000
#define PIECE 0x400
#define COMMAND_MS 20
#define PIECE_MS 3
#define READY_EVERY_MS 1000

/* A piece, and what must stand in the drive's buffer for it; a plan owns an array of them. */
typedef struct {
  const guint8 *want;
  guint32 at;
  guint32 length;
} Piece;

typedef struct {
  const OflFamily *family;
  OflPlan *plan;
  int buffer;
  int capture;
} Writer;

/**
 * ofl_matshita_unlock:
 * @cdb: (out caller-allocates) (array fixed-size=12): the command
 * @minute: of a clock, 0 to 59
 * @second: likewise
 *
 * What lets the drive take pieces (matshita 2.2). A plan takes the time from the family's table, so
 * that it is the same plan whenever it is made.
 */
void
ofl_matshita_unlock (guint8 cdb[OFL_MATSHITA_CDB], guint minute, guint second)
{
  memset (cdb, 0, OFL_MATSHITA_CDB);
  cdb[0] = OP_UNLOCK;
  cdb[2] = (guint8) ~second;
  cdb[3] = (guint8) ~minute;
  cdb[4] = (guint8) (89 - second);
  cdb[5] = (guint8) (0 - minute - 92);
  cdb[6] = 0x10;
  cdb[7] = (guint8) (118 - second);
  cdb[8] = (guint8) (101 - minute);
  cdb[9] = 0x10;
  cdb[11] = 0x3c;
}

static void
add_unlock (const Writer *w)
{
  static const guint8 enter[OFL_MATSHITA_CDB] = { OP_UNLOCK, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x3c };
  guint8 unlock[OFL_MATSHITA_CDB];
  OflStep *step;

  ofl_matshita_unlock (unlock, ofl_family_number (w->family, "unlock", "minute"),
                       ofl_family_number (w->family, "unlock", "second"));
  step = ofl_plan_command (w->plan, OFL_STAGE_SEND, N_ ("Unlock the drive"),
                           ofl_command_raw (unlock, sizeof unlock, OFL_DIR_IN, UNLOCK_LEN,
                                            OFL_TIMEOUT_TRANSFER),
                           OFL_EXPECT_OK, COMMAND_MS);
  step->residual_ok = TRUE; /* nothing of what comes back is needed */
  step->source = "matshita 2.2";
  ofl_plan_command (w->plan, OFL_STAGE_SEND, N_ ("Let the drive enter its update"),
                    ofl_command_raw (enter, sizeof enter, OFL_DIR_NONE, 0, OFL_TIMEOUT_TRANSFER),
                    OFL_EXPECT_IGNORE, COMMAND_MS)
      ->source
      = "matshita 2.3";
  ofl_plan_settle (w->plan, OFL_STAGE_SEND, N_ ("Wait while the drive enters its update"),
                   ofl_family_number (w->family, "timing", "enter-settle-ms"))
      ->source
      = "matshita 2.3";
  ofl_family_add_pending (w->plan, OFL_STAGE_SEND, COMMAND_MS)->source = "matshita 2.3";
}

static gboolean
buffer_equals (const OflRunData *data, gconstpointer arg, GError **error)
{
  const Piece *piece = arg;
  const GByteArray *got = g_ptr_array_index (data->captures, 0);

  if (got->len >= OFL_MATSHITA_HEADER + piece->length
      && memcmp (got->data + OFL_MATSHITA_HEADER, piece->want, piece->length) == 0)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_MISMATCH,
                 _ ("The drive's buffer does not hold what was sent to it: the piece at byte %u "
                    "differs. The drive was not told to burn it."),
                 piece->at);
  return FALSE;
}

static OflCommand
make_transfer (guint8 opcode, OflDirection dir, const Piece *piece)
{
  guint8 cdb[OFL_MATSHITA_CDB] = { opcode };
  guint32 length = OFL_MATSHITA_HEADER + piece->length;

  ofl_put_be (cdb + 3, 3, piece->at);
  ofl_put_be (cdb + 6, 3, length);
  return ofl_command_raw (cdb, sizeof cdb, dir, length, OFL_TIMEOUT_TRANSFER);
}

/* @from: where in the plan's buffer the piece and the header before it stand */
static void
add_piece (const Writer *w, const Piece *piece, guint32 from)
{
  ofl_plan_send (w->plan, OFL_STAGE_SEND, N_ ("Send the firmware"),
                 make_transfer (OP_PIECE, OFL_DIR_OUT, piece), w->buffer, from, PIECE_MS)
      ->source
      = "matshita 2.4";
  ofl_plan_read (w->plan, OFL_STAGE_SEND, N_ ("Read the drive's buffer"),
                 make_transfer (OP_COMPARE, OFL_DIR_IN, piece), w->capture, 0, PIECE_MS)
      ->source
      = "matshita 2.5";
  ofl_family_add_check (w->plan, OFL_STAGE_SEND, N_ ("Compare the drive's buffer"), buffer_equals,
                        piece, "matshita 2.5");
}

/* The first piece is the odd one, so that all others are whole. */
static GArray *
cut (const guint8 *payload, guint32 length)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  guint32 odd = length % PIECE;

  for (guint32 at = 0; at < length;)
    {
      Piece piece = { payload + at, at, at == 0 && odd != 0 ? odd : PIECE };

      g_array_append_val (pieces, piece);
      at += piece.length;
    }
  return pieces;
}

static void
add_pieces (Writer *w, const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);
  GArray *pieces = cut (data + OFL_MATSHITA_HEADER, (guint32) length - OFL_MATSHITA_HEADER);
  GByteArray *all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  guint32 from = 0;

  ofl_plan_own (w->plan, g_bytes_ref (ofl_image_get_bytes (image)), (GDestroyNotify) g_bytes_unref);
  ofl_plan_own (w->plan, pieces, (GDestroyNotify) g_array_unref);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      g_byte_array_append (all, data, OFL_MATSHITA_HEADER);
      g_byte_array_append (all, piece->want, piece->length);
    }
  bytes = g_byte_array_free_to_bytes (all);
  w->buffer = ofl_plan_add_buffer (w->plan, "pieces", bytes);
  w->capture = ofl_plan_add_capture (w->plan, "buffer", OFL_MATSHITA_HEADER + PIECE);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      add_piece (w, piece, from);
      from += OFL_MATSHITA_HEADER + piece->length;
    }
}

static void
add_burn (const Writer *w)
{
  static const guint8 burn[OFL_MATSHITA_CDB] = { OP_BURN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 };
  guint ready_limit = ofl_family_number (w->family, "timing", "ready-limit-ms");
  OflStep *step;

  ofl_plan_mark (w->plan, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS,
                 N_ ("The drive burns the firmware into its flash"))
      ->source
      = "matshita 2.6";
  step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM, N_ ("Burn the firmware"),
                           ofl_command_raw (burn, sizeof burn, OFL_DIR_NONE, 0,
                                            ofl_family_number (w->family, "timing",
                                                               "burn-limit-ms")),
                           OFL_EXPECT_OK, ofl_family_number (w->family, "timing", "usual-ms"));
  step->max_ms = ofl_family_number (w->family, "timing", "max-ms");
  step->source = "matshita 2.6";
  /* what a drive answers before it was without power is not known: only one at work is waited for */
  ofl_family_add_wait (w->plan, OFL_STAGE_PROGRAM, 0, READY_EVERY_MS, ready_limit, "matshita 2.7")
      ->poll_limit_ok
      = TRUE;
  ofl_plan_mark (w->plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN,
                 N_ ("The drive had time to burn"));
}

/**
 * ofl_matshita_plan_write:
 * @self: the family
 * @drive: a drive of it
 * @image: what to write
 * @choices: (nullable): not used
 * @error: return location
 *
 * matshita 2, in the order of the maker's updater.
 *
 * Returns: (transfer full): the plan
 */
OflPlan *
ofl_matshita_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                         const OflChoices *choices, GError **error)
{
  Writer w = { .family = self };

  w.plan = ofl_plan_new (N_ ("Write the firmware (Panasonic)"));
  ofl_family_add_disc_gate (w.plan, COMMAND_MS, "matshita 2.1");
  add_unlock (&w);
  add_pieces (&w, image);
  add_burn (&w);
  return w.plan;
}
