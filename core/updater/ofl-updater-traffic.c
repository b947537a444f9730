/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-traffic.h"

#include "firmware/ofl-hashes.h"

#define TEST_UNIT_READY 0x00
#define ASC_MEDIUM_MAY_HAVE_CHANGED 0x28
/* So many questions in a row, and nothing sent between them, are no part of the sending. */
#define WAITING_ASKS 3
/* A program that sends nothing for so long is shown as silent. */
#define SILENT_US (3 * G_USEC_PER_SEC)
/* A drive that has a command for so long is spoken of. */
#define LONG_US (30 * G_USEC_PER_SEC)

struct _OflUpdaterTraffic {
  GObject parent_instance;

  OflWork *work;
  OflUpdaterHeldFunc held;
  gpointer held_data;

  GMutex lock;   /* of all below, and of the journal while the program runs */
  gboolean open; /* the user has agreed: nothing is held */
  gboolean shut; /* the program is being ended: nothing goes to the drive any more */
  OflUpdaterState state;
  gboolean at_drive; /* it has a command */
  gboolean idle;     /* nothing was sent since the drive last said that it is not at work */
  gint64 sent_us;    /* when the command that the drive has was sent, by its clock */
  gint64 last_us;    /* real time: the last command, or its answer */
  gint64 changed_us; /* real time: the last that could change the drive, or its answer */
  char last[64];     /* the last command, in words */
  OflStage stage;
  guint asks;
  gboolean told; /* that it is silent, or the drive long at it */
};

static void handler_iface (OflUpdaterHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUpdaterTraffic, ofl_updater_traffic, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OFL_TYPE_UPDATER_HANDLER, handler_iface))

static char *
describe (OflUpdaterTraffic *self, const OflUpdaterRequest *request)
{
  return ofl_family_describe_command (self->work->family, &request->command);
}

static OflUpdaterDecision
decide (OflUpdaterHandler *handler, OflUpdaterRequest *request, OflUpdaterRefusal *refusal)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  /* held for good: who is being ended takes it back */
  if (self->shut || (!self->open && !request->harmless))
    return OFL_UPDATER_HOLD;
  /* from here on nobody may end the program: it goes to the drive, a moment later */
  self->at_drive = TRUE;
  return OFL_UPDATER_RUN;
}

static void
tell_held (OflUpdaterHandler *handler, OflUpdaterRequest *request)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  g_autofree char *words = describe (self, request);
  g_autofree char *cdb = ofl_command_format (&request->command);
  g_autofree char *what = g_strdup_printf ("%s  [%s]", words, cdb);

  self->held (request->serial, what, self->held_data);
}

/* What the drive is sent is a stranger's firmware: its hash tells which. Before it is sent, for whoever is
 * killed while the drive has it writes nothing any more. */
static void
note_data (OflUpdaterTraffic *self, const OflUpdaterRequest *request)
{
  g_autofree char *serial = g_strdup_printf ("%" G_GUINT64_FORMAT, request->serial);
  g_autofree char *bytes = g_strdup_printf ("%u", request->command.length);
  char sha256[65];

  ofl_sha256_compute (request->data, request->command.length, sha256);
  ofl_journal_write (self->work->journal, "data-out", "step", serial, "bytes", bytes, "sha256",
                     sha256, NULL);
}

static void
sending (OflUpdaterHandler *handler, OflUpdaterRequest *request)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  g_autofree char *words = describe (self, request);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->at_drive = TRUE;
  self->told = FALSE;
  self->sent_us = ofl_transport_now_us (self->work->transport);
  self->last_us = g_get_monotonic_time ();
  if (!request->harmless)
    {
      self->idle = FALSE;
      self->changed_us = self->last_us;
    }
  if (request->command.dir == OFL_DIR_OUT && request->command.length > 0)
    note_data (self, request);
  g_strlcpy (self->last, words, sizeof self->last);
  ofl_progress_set_idle (self->work->progress, 0, "");
  ofl_progress_begin_command (self->work->progress, words, request->command.timeout_ms,
                              request->command.timeout_ms, self->sent_us);
}

static void
note (OflUpdaterTraffic *self, const OflUpdaterRequest *request, const OflReply *reply)
{
  ofl_journal_command (self->work->journal, (guint) request->serial, self->sent_us,
                       &request->command, reply);
  /* a person may be asked something by the program, for as long as they like */
  ofl_journal_flush (self->work->journal);
  ofl_progress_log_command (self->work->progress, self->work->family, &request->command, reply);
}

/* The stages before stay as they are: a program may send again after it has waited. */
static void
go_to_stage (OflUpdaterTraffic *self, OflStage stage, gint64 now_us)
{
  if (self->stage == OFL_STAGE_CHECK && stage != OFL_STAGE_CHECK)
    ofl_progress_end_stage (self->work->progress, OFL_STAGE_CHECK, OFL_STAGE_STATE_DONE, now_us);
  if (self->stage != stage)
    ofl_progress_begin_stage (self->work->progress, stage, now_us);
  self->stage = stage;
}

/* The stage, as far as the traffic tells it. */
static void
follow (OflUpdaterTraffic *self, const OflUpdaterRequest *request, gboolean ok, gint64 now_us)
{
  if (!self->open)
    return;
  if (request->command.dir == OFL_DIR_OUT && request->command.length > 0)
    {
      self->asks = 0;
      go_to_stage (self, OFL_STAGE_SEND, now_us);
      if (ok)
        ofl_progress_add_bytes (self->work->progress, OFL_STAGE_SEND, request->command.length,
                                now_us);
    }
  else if (self->stage == OFL_STAGE_SEND && ++self->asks >= WAITING_ASKS)
    go_to_stage (self, OFL_STAGE_PROGRAM, now_us);
}

/* Ready, an empty tray, a disc that was changed. Another unit attention, as of a reset or of new microcode, is
 * reported before a drive says that it is getting ready, and tells nothing of that. */
static gboolean
says_idle (const OflReply *reply)
{
  if (reply->outcome != OFL_OUTCOME_SENSE)
    return ofl_reply_ok (reply);
  return (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION)
          && reply->sense.asc == ASC_MEDIUM_MAY_HAVE_CHANGED)
         || ofl_reply_no_medium (reply);
}

static void
answered (OflUpdaterHandler *handler, OflUpdaterRequest *request, const OflReply *reply)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  gint64 now_us = ofl_transport_now_us (self->work->transport);
  gboolean ok = ofl_reply_ok (reply);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_progress_end_command (self->work->progress, now_us);
  note (self, request, reply);
  follow (self, request, ok, now_us);
  self->at_drive = FALSE;
  self->told = FALSE;
  self->last_us = g_get_monotonic_time ();
  if (!request->harmless)
    {
      self->state.n_sent++;
      self->state.n_failed += !ok;
      self->changed_us = self->last_us;
    }
  if (request->command.cdb[0] == TEST_UNIT_READY)
    self->idle = says_idle (reply);
}

static void
handler_iface (OflUpdaterHandlerInterface *iface)
{
  iface->decide = decide;
  iface->held = tell_held;
  iface->sending = sending;
  iface->answered = answered;
}

static void
ofl_updater_traffic_finalize (GObject *object)
{
  g_mutex_clear (&OFL_UPDATER_TRAFFIC (object)->lock);
  G_OBJECT_CLASS (ofl_updater_traffic_parent_class)->finalize (object);
}

static void
ofl_updater_traffic_class_init (OflUpdaterTrafficClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_updater_traffic_finalize;
}

static void
ofl_updater_traffic_init (OflUpdaterTraffic *self)
{
  g_mutex_init (&self->lock);
  self->stage = OFL_STAGE_CHECK;
  self->last_us = self->changed_us = g_get_monotonic_time ();
}

/**
 * ofl_updater_traffic_new:
 * @work: the job; it outlives this, and nobody else writes into its journal but while a request is held, and
 *   when the broker is closed
 * @held: told of each request that is being held
 * @data: for @held
 *
 * Begins the stage in which the program looks.
 *
 * Returns: (transfer full): a handler for a broker
 */
OflUpdaterTraffic *
ofl_updater_traffic_new (OflWork *work, OflUpdaterHeldFunc held, gpointer data)
{
  OflUpdaterTraffic *self = g_object_new (OFL_TYPE_UPDATER_TRAFFIC, NULL);
  gsize bytes = 0;

  self->work = work;
  self->held = held;
  self->held_data = data;
  if (work->image != NULL)
    ofl_image_get_data (work->image, &bytes);
  ofl_progress_set_by_other (work->progress, FALSE);
  /* how long the maker's program takes nobody knows */
  ofl_progress_plan_stage (work->progress, OFL_STAGE_CHECK, 0, 0, 0);
  ofl_progress_plan_stage (work->progress, OFL_STAGE_SEND, bytes, 0, 0);
  ofl_progress_plan_stage (work->progress, OFL_STAGE_PROGRAM, 0, 0, 0);
  ofl_progress_begin_stage (work->progress, OFL_STAGE_CHECK,
                            ofl_transport_now_us (work->transport));
  return self;
}

/**
 * ofl_updater_traffic_open:
 * @self: traffic
 *
 * The user has agreed: from now on nothing is held, and nothing filtered.
 */
void
ofl_updater_traffic_open (OflUpdaterTraffic *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->open = TRUE;
  self->changed_us = self->last_us = g_get_monotonic_time ();
}

/**
 * ofl_updater_traffic_read:
 * @self: traffic
 * @state: (out caller-allocates): what the program has done
 */
void
ofl_updater_traffic_read (OflUpdaterTraffic *self, OflUpdaterState *state)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *state = self->state;
}

/**
 * ofl_updater_traffic_tick:
 * @self: traffic
 * @running: the program runs, and is not held
 *
 * To be called now and then: shows a program that is silent as silent, with what it sent last.
 */
void
ofl_updater_traffic_tick (OflUpdaterTraffic *self, gboolean running)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 since;

  if (!running)
    self->last_us = g_get_monotonic_time ();
  since = g_get_monotonic_time () - self->last_us;
  if (self->told || since <= (self->at_drive ? LONG_US : SILENT_US))
    return;
  self->told = TRUE;
  if (!self->at_drive)
    ofl_progress_set_idle (self->work->progress, self->last_us, self->last);
  ofl_progress_log (self->work->progress, OFL_LOG_INFO,
                    self->at_drive
                        ? "The drive has been at this for %.0f s: %s"
                        : "The maker's program has sent nothing for %.0f s. Its last command: %s",
                    (double) since / G_USEC_PER_SEC, *self->last != '\0' ? self->last : "none");
}

static gboolean
is_quiet (OflUpdaterTraffic *self, guint quiet_ms)
{
  return !self->at_drive && self->idle
         && g_get_monotonic_time () - self->changed_us >= (gint64) quiet_ms * 1000;
}

/**
 * ofl_updater_traffic_is_quiet:
 * @self: traffic
 * @quiet_ms: for so long
 *
 * Returns: whether the drive has no command, was for so long sent nothing that could change it, and has said
 *   since that it is not at work
 */
gboolean
ofl_updater_traffic_is_quiet (OflUpdaterTraffic *self, guint quiet_ms)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return is_quiet (self, quiet_ms);
}

/**
 * ofl_updater_traffic_try_end:
 * @self: traffic
 * @quiet_ms: as for ofl_updater_traffic_is_quiet()
 *
 * Before the user has agreed it always may be ended.
 *
 * Returns: whether the program may be ended; nothing of it goes to the drive from now on then
 */
gboolean
ofl_updater_traffic_try_end (OflUpdaterTraffic *self, guint quiet_ms)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!self->open || is_quiet (self, quiet_ms))
    self->shut = TRUE;
  return self->shut;
}

/**
 * ofl_updater_traffic_end:
 * @self: traffic; nothing comes any more
 * @clean: the program came to its end by itself
 *
 * The stages in which the program was are over.
 */
void
ofl_updater_traffic_end (OflUpdaterTraffic *self, gboolean clean)
{
  static const OflStage stages[] = { OFL_STAGE_SEND, OFL_STAGE_PROGRAM };
  gint64 now_us = ofl_transport_now_us (self->work->transport);
  OflProgressView view;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_progress_set_idle (self->work->progress, 0, "");
  ofl_progress_end_command (self->work->progress, now_us);
  ofl_progress_read (self->work->progress, &view);
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (view.stages[stages[i]].state == OFL_STAGE_STATE_RUNNING)
      ofl_progress_end_stage (self->work->progress, stages[i],
                              clean ? OFL_STAGE_STATE_DONE : OFL_STAGE_STATE_FAILED, now_us);
}
