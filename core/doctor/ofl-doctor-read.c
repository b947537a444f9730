/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass over a disc: some stretches across it, how fast they come and which do not: doctor 2 */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "drive/ofl-tally.h"

#define STRETCHES 200u
#define CHUNK 32u      /* blocks, 64 KiB */
#define QUICK_CHUNKS 4 /* the first finds the place, the others are timed */
#define MOST_FAILED 40u
#define READY_EVERY_MS 1000
#define READY_MOST 30

/* At the end of a CD that was burned track at once are blocks that nobody can read, and a drive
 * counts them as part of the disc. */
#define CD_END 152u
#define CD_LEAST 1000u

#define ASC_ILLEGAL_MODE 0x64 /* no data track */
#define ASC_COPY_PROTECTION 0x6f

typedef struct {
  OflDoctor *doctor;
  OflReadExtent extent;
  guint32 chunk; /* blocks that one command asks for */
  guint8 *data;
  OflDoctorAnswer answer; /* to the last command */
  char *why;              /* the pass cannot go on, and neither drive nor disc is the reason */
  guint link_failed;      /* commands that were repeated because the way to the drive failed */
  char *link_why;         /* the first of them, */
  char *link_technical;
} Reader;

static void
reader_clear (Reader *reader)
{
  g_free (reader->why);
  g_free (reader->link_why);
  g_free (reader->link_technical);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
is_not_for_reading (const OflReply *reply)
{
  return ofl_reply_has_key (reply, OFL_KEY_ILLEGAL_REQUEST)
         && (reply->sense.asc == ASC_ILLEGAL_MODE || reply->sense.asc == ASC_COPY_PROTECTION);
}

static OflStretchState
read_once (Reader *reader, guint32 first, guint32 count)
{
  guint8 cdb[10] = { 0x28 };
  guint32 length = count * OFL_DOCTOR_BLOCK;
  OflDoctor *doctor = reader->doctor;
  OflCommand command;

  ofl_put_be (cdb + 2, 4, first);
  ofl_put_be (cdb + 7, 2, count);
  command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, length, OFL_TIMEOUT_TRANSFER);
  reader->answer = ofl_doctor_send (doctor, &command, reader->data);
  g_clear_pointer (&reader->why, g_free);
  if (reader->answer == OFL_DOCTOR_LINK || ofl_doctor_was_interrupted (doctor))
    reader->why = ofl_doctor_explain (doctor, &command);
  if (reader->answer == OFL_DOCTOR_ANSWERED && doctor->reply.transferred == length)
    return ofl_reply_ok (&doctor->reply) ? OFL_STRETCH_READ : OFL_STRETCH_SECOND_TRY;
  return is_not_for_reading (&doctor->reply) ? OFL_STRETCH_SKIPPED : OFL_STRETCH_FAILED;
}

/* A drive that let its disc stand still is given the time to turn it again. */
static OflStretchState
read_ready (Reader *reader, guint32 first, guint32 count)
{
  OflDoctor *doctor = reader->doctor;
  OflStretchState state = read_once (reader, first, count);

  for (guint i = 0;
       i < READY_MOST && ofl_reply_getting_ready (&doctor->reply) && ofl_doctor_may_go_on (doctor);
       i++)
    {
      ofl_transport_sleep_ms (doctor->transport, READY_EVERY_MS, doctor->cancellable);
      state = read_once (reader, first, count);
    }
  return state;
}

static gboolean
failed_on_link (const Reader *reader)
{
  return reader->answer == OFL_DOCTOR_LINK && !ofl_doctor_was_interrupted (reader->doctor);
}

static void
note_link (Reader *reader, const char *why, const char *technical)
{
  if (reader->link_failed++ > 0)
    return;
  reader->link_why = g_strdup (why);
  reader->link_technical = g_strdup (technical);
}

/* A read may be repeated once. That the first failed is not the disc's doing where the way to the drive
 * failed, or nobody; the repeat would hide it. A way that fails twice ends the pass, and is told then. */
static OflStretchState
read_chunk (Reader *reader, guint32 first, guint32 count)
{
  OflDoctor *doctor = reader->doctor;
  OflStretchState state = read_ready (reader, first, count);
  gboolean interrupted = ofl_doctor_was_interrupted (doctor);
  gboolean link = failed_on_link (reader);
  g_autofree char *technical = NULL;
  g_autofree char *why = NULL;

  if (state != OFL_STRETCH_FAILED || !ofl_doctor_may_go_on (doctor))
    return state;
  why = g_strdup (reader->why);
  technical = g_strdup (doctor->technical);
  state = read_once (reader, first, count);
  doctor->interrupted |= interrupted;
  if (link && !failed_on_link (reader))
    note_link (reader, why, technical);
  return state == OFL_STRETCH_READ && !link && !interrupted ? OFL_STRETCH_SECOND_TRY : state;
}

/* One that was broken off counts as not reached. */
static void
read_stretch (Reader *reader, OflStretch *stretch)
{
  OflDoctor *doctor = reader->doctor;
  OflStretchState worst = OFL_STRETCH_READ;

  for (guint32 at = 0; at < stretch->blocks; at += reader->chunk)
    {
      guint32 count = MIN (reader->chunk, stretch->blocks - at);
      OflStretchState state;

      if (!ofl_doctor_may_go_on (doctor))
        return;
      state = read_chunk (reader, stretch->first + at, count);
      if (doctor->found->silenced || reader->why != NULL)
        return;
      worst = MAX (worst, state);
      if (state == OFL_STRETCH_FAILED || state == OFL_STRETCH_SKIPPED)
        break;
      if (at == 0 && stretch->blocks > reader->chunk)
        continue;
      stretch->timed_bytes += count * (guint64) OFL_DOCTOR_BLOCK;
      stretch->timed_us += doctor->reply.duration_us;
    }
  stretch->state = worst;
}

static void
count_stretch (OflDoctorPass *pass, const OflStretch *stretch)
{
  pass->read += stretch->state == OFL_STRETCH_READ;
  pass->second_try += stretch->state == OFL_STRETCH_SECOND_TRY;
  pass->failed += stretch->state == OFL_STRETCH_FAILED;
  pass->skipped += stretch->state == OFL_STRETCH_SKIPPED;
}

static void
lay_out (Reader *reader, guint32 blocks)
{
  GArray *stretches = reader->doctor->found->stretches;
  guint32 n = CLAMP (blocks / reader->chunk, 1, STRETCHES);
  guint32 size = blocks / n;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 whole = i + 1 < n ? size : blocks - i * size;
      OflStretch stretch = { .first = i * size, .blocks = whole };

      if (reader->extent == OFL_READ_QUICK)
        stretch.blocks = MIN (whole, QUICK_CHUNKS * reader->chunk);
      g_array_append_val (stretches, stretch);
    }
}

static void
read_all (Reader *reader)
{
  OflDoctor *doctor = reader->doctor;
  GArray *stretches = doctor->found->stretches;

  ofl_tally_expect (doctor->transport, stretches->len + ofl_doctor_scan_parts (doctor));
  doctor->expected = TRUE;
  for (guint i = 0; i < stretches->len && !doctor->pass.stopped; i++)
    {
      OflStretch *stretch = &g_array_index (stretches, OflStretch, i);

      read_stretch (reader, stretch);
      if (stretch->state == OFL_STRETCH_UNREAD)
        return;
      count_stretch (&doctor->pass, stretch);
      ofl_tally_step (doctor->transport);
      doctor->pass.stopped = doctor->pass.failed >= MOST_FAILED;
    }
}

static char *
describe_figures (const OflDoctor *self)
{
  GArray *stretches = self->found->stretches;
  guint slowest = G_MAXUINT, fastest = 0;

  for (guint i = 0; i < stretches->len; i++)
    {
      guint speed = ofl_stretch_speed (&g_array_index (stretches, OflStretch, i));

      if (speed == 0)
        continue;
      slowest = MIN (slowest, speed);
      fastest = MAX (fastest, speed);
    }
  return g_strdup_printf ("READ(10): %u stretches, %u read, %u at the second try, %u failed, %u "
                          "skipped; %u to %u kB/s%s",
                          stretches->len, self->pass.read, self->pass.second_try, self->pass.failed,
                          self->pass.skipped, fastest > 0 ? slowest : 0, fastest,
                          self->pass.stopped ? "; stopped, enough had failed" : "");
}

static void
add_failures (OflDoctor *self)
{
  const OflDoctorPass *pass = &self->pass;
  guint reached = pass->read + pass->second_try + pass->failed;

  if (pass->failed == reached)
    ofl_doctor_add (self, OFL_FINDING_BAD, "read", TRUE,
                    _ ("Try another disc, if possible a pressed one without scratches."),
                    _ ("Nothing of the disc could be read, of %u stretches that were tried."),
                    reached);
  else
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "read", TRUE,
                    _ ("Clean the disc and try another one. Where another disc fails at other "
                       "places or not at all, it is the disc."),
                    ngettext ("%u of %u stretch of the disc that was tried could not be read, even "
                              "when it was asked for twice.",
                              "%u of %u stretches of the disc that were tried could not be read, "
                              "even when they were asked for twice.",
                              reached),
                    pass->failed, reached);
}

/* One finding for all of them */
static void
add_link_failures (OflDoctor *self, Reader *reader)
{
  if (reader->link_failed == 0)
    return;
  self->link++;
  g_free (self->technical);
  self->technical = g_steal_pointer (&reader->link_technical);
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "read", TRUE, ofl_doctor_link_step (),
                  /* Translators: how often, and a sentence of why */
                  ngettext ("Reading the disc failed %u time on the way to the drive and not in it, "
                            "and was repeated: %s",
                            "Reading the disc failed %u times on the way to the drive and not in "
                            "it, and was repeated: %s",
                            reader->link_failed),
                  reader->link_failed, reader->link_why);
}

static void
take_figures (OflDoctor *self)
{
  g_free (self->technical);
  self->technical = describe_figures (self);
}

static void
add_result (OflDoctor *self, Reader *reader)
{
  const OflDoctorPass *pass = &self->pass;

  add_link_failures (self, reader);
  take_figures (self);
  if (pass->failed > 0)
    add_failures (self);
  else if (pass->read + pass->second_try == 0)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "read", TRUE, _ ("Put in a disc with plain data."),
                    _ ("Nothing of this disc is for reading this way: it holds sound, or is locked "
                       "against copying. So the pass says nothing."));
  else if (pass->second_try > 0)
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "read", TRUE,
                    _ ("Clean the disc and try another one."),
                    ngettext ("All that was tried of the disc was read, %u stretch of it only with "
                              "trouble.",
                              "All that was tried of the disc was read, %u stretches of it only "
                              "with trouble.",
                              pass->second_try),
                    pass->second_try);
  else if (reader->link_failed == 0)
    ofl_doctor_add (self, OFL_FINDING_GOOD, "read", TRUE, NULL,
                    ngettext ("%u stretch of the disc was read, without an error.",
                              "%u stretches of the disc were read, without an error.", pass->read),
                    pass->read);
}

/* What was found till then is told, too. */
static void
add_break (OflDoctor *self, Reader *reader)
{
  const OflDoctorPass *pass = &self->pass;
  guint reached = pass->read + pass->second_try + pass->failed + pass->skipped;
  gboolean link = reader->answer == OFL_DOCTOR_LINK && !ofl_doctor_was_interrupted (self);

  self->pass.ended = TRUE;
  if (link)
    {
      self->link++;
      ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "read", TRUE, ofl_doctor_link_step (),
                      /* Translators: two numbers of pieces of a disc, and a sentence */
                      _ ("Reading the disc ended behind %u of %u stretches, on the way to the drive "
                         "and not in it: %s"),
                      reached, self->found->stretches->len, reader->why);
    }
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "read", TRUE, ofl_doctor_again_step (),
                    /* Translators: two numbers of pieces of a disc, and a sentence */
                    _ ("Reading the disc ended behind %u of %u stretches: %s That by itself does "
                       "not speak against drive or disc."),
                    reached, self->found->stretches->len, reader->why);
  add_link_failures (self, reader);
  if (pass->failed == 0)
    return;
  take_figures (self);
  add_failures (self);
}

/* Whoever waits: what is not read is done with, too. */
static void
finish_tally (const OflDoctor *self)
{
  const OflDoctorPass *pass = &self->pass;
  guint reached = pass->read + pass->second_try + pass->failed + pass->skipped;

  for (guint i = reached; i < self->found->stretches->len; i++)
    ofl_tally_step (self->transport);
}

/* Between the sessions of a CD are blocks that nobody can read. */
static gboolean
has_gaps (const OflDoctor *self)
{
  return ofl_doctor_is_cd (self) && self->has_state && self->state.sessions > 1;
}

/**
 * ofl_doctor_read_pass: (skip)
 * @self: an examination of a drive with a disc that holds something
 * @extent: how much is read
 *
 * Reads, and adds the finding "read". A pass that was broken off has none.
 */
void
ofl_doctor_read_pass (OflDoctor *self, OflReadExtent extent)
{
  guint32 most = ofl_transport_max_transfer (self->transport) / OFL_DOCTOR_BLOCK;
  guint32 blocks = self->found->blocks;
  g_autofree guint8 *data = g_malloc0 ((gsize) CHUNK * OFL_DOCTOR_BLOCK);
  g_auto (Reader) reader
      = { .doctor = self, .extent = extent, .chunk = CLAMP (most, 1, CHUNK), .data = data };

  if (has_gaps (self))
    {
      ofl_doctor_add (self, OFL_FINDING_REMARK, "read", FALSE,
                      _ ("Put in a disc of one session, such as a pressed one."),
                      _ ("The disc was not read: it has several sessions, and between them blocks "
                         "that no drive can read."));
      return;
    }
  if (ofl_doctor_is_cd (self) && blocks > CD_LEAST)
    blocks -= CD_END;
  lay_out (&reader, blocks);
  read_all (&reader);
  if (!ofl_doctor_may_go_on (self))
    return;
  finish_tally (self);
  if (reader.why != NULL)
    add_break (self, &reader);
  else
    add_result (self, &reader);
  self->pass.made = reader.why == NULL;
}
