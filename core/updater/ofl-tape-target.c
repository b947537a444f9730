/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive made from a tape, as one of a list: whoever opens it to look finds it where the last job has left
 * it, and leaves no trace; each job begins at the tape's start (updater 6). */
#include "updater/ofl-tape-target.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"
#include "updater/ofl-tape-drive.h"

/* What stands behind a target; each way to the drive holds it. */
typedef struct {
  OflTape *tape;
  GMutex lock; /* guards all below */
  guint n_open;
  gboolean exclusive;
  OflTapePlayed played;
} Deck;

static void
deck_clear (gpointer data)
{
  Deck *deck = data;

  ofl_tape_unref (deck->tape);
  ofl_tape_played_clear (&deck->played);
  g_mutex_clear (&deck->lock);
}

static void
deck_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, deck_clear);
}

static void
on_looked (OflTapeDrive *drive, gpointer data)
{
  Deck *deck = data;

  g_mutex_lock (&deck->lock);
  deck->n_open--;
  g_mutex_unlock (&deck->lock);
  deck_unref (deck);
}

static void
on_job_closed (OflTapeDrive *drive, gpointer data)
{
  Deck *deck = data;

  g_mutex_lock (&deck->lock);
  deck->n_open--;
  deck->exclusive = FALSE;
  ofl_tape_played_clear (&deck->played);
  deck->played = (OflTapePlayed){
    .begun = TRUE,
    .commands = ofl_tape_get_n_entries (deck->tape),
    .position = ofl_tape_drive_get_position (drive),
    .complete = ofl_tape_drive_is_complete (drive),
    .differences = ofl_tape_drive_get_n_differences (drive),
    .difference = g_strdup (ofl_tape_drive_get_difference (drive)),
  };
  g_mutex_unlock (&deck->lock);
  deck_unref (deck);
}

/* Locked. As an sg node is opened: exclusively only when nobody has it open. */
static gboolean
attach (Deck *deck, gboolean exclusive)
{
  if (deck->exclusive || (exclusive && deck->n_open > 0))
    return FALSE;
  deck->n_open++;
  deck->exclusive = exclusive;
  return TRUE;
}

static OflTransport *
open_tape (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  Deck *deck = data;
  gboolean exclusive = (flags & OFL_OPEN_EXCLUSIVE) != 0;
  gboolean attached;
  guint position;

  g_mutex_lock (&deck->lock);
  attached = attach (deck, exclusive);
  position = exclusive ? 0 : deck->played.position;
  g_mutex_unlock (&deck->lock);
  if (!attached)
    {
      ofl_set_error (error, OFL_ERROR_BUSY,
                     _ ("Another program or window is using the practice drive. Wait until it has "
                        "finished."));
      return NULL;
    }
  /* that it can be played was seen when the target was made */
  return OFL_TRANSPORT (ofl_tape_drive_new_listed (deck->tape, position,
                                                   exclusive ? on_job_closed : on_looked,
                                                   g_atomic_rc_box_acquire (deck), error));
}

/**
 * ofl_tape_target_new:
 * @id: what the drive is called in lists
 * @tape: what it plays
 * @error: return location
 *
 * Makes a practice drive from a tape, for a list of drives: see ofl_tape_drive_new_listed(). It exists in this
 * program alone, and nothing of it is kept.
 *
 * Returns: (transfer full): where it is; %NULL with %OFL_ERROR_NOT_SUPPORTED when the tape has not what it takes
 */
OflTarget *
ofl_tape_target_new (const char *id, OflTape *tape, GError **error)
{
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, error);
  OflTopology topology = { OFL_BUS_PRACTICE };
  Deck *deck;

  if (drive == NULL)
    return NULL;
  deck = g_atomic_rc_box_new0 (Deck);
  deck->tape = ofl_tape_ref (tape);
  g_mutex_init (&deck->lock);
  g_strlcpy (topology.channel, "practice", sizeof topology.channel);
  return ofl_target_new (id, NULL, NULL, &topology, open_tape, deck, deck_unref);
}

/**
 * ofl_tape_target_is:
 * @target: a drive
 *
 * Returns: whether it is made from a tape
 */
gboolean
ofl_tape_target_is (const OflTarget *target)
{
  return ofl_target_get_data (target, open_tape) != NULL;
}

/**
 * ofl_tape_target_read:
 * @target: a drive
 * @played: (out caller-allocates): how far the last job came on its tape
 *
 * Returns: %FALSE when the drive is not made from a tape, or no job has had it yet
 */
gboolean
ofl_tape_target_read (const OflTarget *target, OflTapePlayed *played)
{
  Deck *deck = ofl_target_get_data (target, open_tape);

  *played = (OflTapePlayed){ 0 };
  if (deck == NULL)
    return FALSE;
  g_mutex_lock (&deck->lock);
  *played = deck->played;
  played->difference = g_strdup (deck->played.difference);
  g_mutex_unlock (&deck->lock);
  return played->begun;
}

/**
 * ofl_tape_played_clear:
 * @self: how far a job came
 *
 * Frees what it holds.
 */
void
ofl_tape_played_clear (OflTapePlayed *self)
{
  g_free (self->difference);
  *self = (OflTapePlayed){ 0 };
}
