/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way to a drive that also writes down what goes over it. */
#include "updater/ofl-tape-recorder.h"

static void
write_down (gint64 sent_us, const OflCommand *command, const guint8 *data, const OflReply *reply,
            gpointer writer)
{
  ofl_tape_writer_add (writer, sent_us, command, data, reply);
}

/**
 * ofl_tape_recorder_new:
 * @real: the way to the drive
 * @writer: where what goes over it is written down; several recorders of one drive, one after the
 *   other, may share it
 *
 * As @real in everything, and used by the same thread.
 *
 * Returns: (transfer full): the way to the same drive, recorded
 */
OflTransport *
ofl_tape_recorder_new (OflTransport *real, OflTapeWriter *writer)
{
  return ofl_transport_watch (real, "recorded", write_down, ofl_tape_writer_ref (writer),
                              (GDestroyNotify) ofl_tape_writer_unref);
}
