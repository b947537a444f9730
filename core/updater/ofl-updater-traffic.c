/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-traffic.h"

#include "firmware/ofl-hashes.h"

#define TEST_UNIT_READY 0x00
#define ASC_AT_WORK 0x04
/* So many questions in a row, and nothing sent between them, are no part of the sending. */
#define WAITING_ASKS 3
/* A program that sends nothing for so long is shown as silent. */
#define SILENT_US (3 * G_USEC_PER_SEC)
/* A drive that has a command for so long is spoken of. */
#define LONG_US (30 * G_USEC_PER_SEC)

struct _OflUpdaterTraffic {
  GObject parent_instance;

  OflWork *work;
  GMainContext *context;
  OflUpdaterHeldFunc held;
  gpointer held_data;

  GMutex lock; /* of all below */
  gboolean open;
  OflUpdaterState state;
  gint64 sent_us; /* when the command that the drive has was sent, by its clock */
  gint64 last_us; /* real time: the last answer */
  gint64 data_us; /* real time: the last data that were sent */
  char last[64];  /* the last command, in words */
  OflStage stage;
  guint asks;
  gboolean silent;
};

static void handler_iface (OflUpdaterHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUpdaterTraffic, ofl_updater_traffic, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OFL_TYPE_UPDATER_HANDLER, handler_iface))

typedef struct {
  OflUpdaterTraffic *self;
  guint64 serial;
  char *what;
} Held;

static void
held_free (Held *held)
{
  g_object_unref (held->self);
  g_free (held->what);
  g_free (held);
}

static gboolean
tell_held (gpointer data)
{
  Held *held = data;

  held->self->held (held->serial, held->what, held->self->held_data);
  return G_SOURCE_REMOVE;
}

static void
post_held (OflUpdaterTraffic *self, const OflUpdaterRequest *request)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Held *held = g_new0 (Held, 1);
  g_autofree char *words = ofl_family_describe_command (self->work->family, &request->command);
  g_autofree char *cdb = ofl_command_format (&request->command);

  held->self = g_object_ref (self);
  held->serial = request->serial;
  held->what = g_strdup_printf ("%s  [%s]", words, cdb);
  g_source_set_callback (source, tell_held, held, (GDestroyNotify) held_free);
  g_source_attach (source, self->context);
}

static void
go_to_stage (OflUpdaterTraffic *self, OflStage stage, gint64 now_us)
{
  if (self->stage == stage)
    return;
  ofl_progress_end_stage (self->work->progress, self->stage, OFL_STAGE_STATE_DONE, now_us);
  ofl_progress_begin_stage (self->work->progress, stage, now_us);
  self->stage = stage;
}

static OflUpdaterDecision
decide (OflUpdaterHandler *handler, OflUpdaterRequest *request, OflUpdaterRefusal *refusal)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  OflProgress *progress = self->work->progress;
  g_autofree char *words = ofl_family_describe_command (self->work->family, &request->command);
  gint64 now_us = ofl_transport_now_us (self->work->transport);
  gboolean runs;

  g_mutex_lock (&self->lock);
  runs = self->open || request->harmless;
  self->state.at_drive = runs;
  self->sent_us = now_us;
  self->silent = FALSE;
  g_strlcpy (self->last, words, sizeof self->last);
  self->last_us = g_get_monotonic_time ();
  ofl_progress_set_idle (progress, 0);
  if (runs)
    ofl_progress_begin_command (progress, words, request->command.timeout_ms,
                                request->command.timeout_ms, now_us);
  g_mutex_unlock (&self->lock);
  if (!runs)
    post_held (self, request);
  return runs ? OFL_UPDATER_RUN : OFL_UPDATER_HOLD;
}

/* What the drive was sent is a stranger's firmware: its hash tells which. */
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
note (OflUpdaterTraffic *self, const OflUpdaterRequest *request, const OflReply *reply)
{
  g_autofree char *words = ofl_family_describe_command (self->work->family, &request->command);
  g_autofree char *cdb = ofl_command_format (&request->command);
  g_autofree char *answer = ofl_reply_format (reply);

  ofl_journal_command (self->work->journal, (guint) request->serial, self->sent_us,
                       &request->command, reply);
  if (request->command.dir == OFL_DIR_OUT && request->command.length > 0)
    note_data (self, request);
  ofl_progress_log (self->work->progress, OFL_LOG_COMMAND, "%s: %s, %.1f ms  [%s]", words, answer,
                    (double) reply->duration_us / 1000, cdb);
}

/* The stage, as far as the traffic tells it. */
static void
follow (OflUpdaterTraffic *self, const OflUpdaterRequest *request, gboolean ok, gint64 now_us)
{
  OflProgress *progress = self->work->progress;

  if (!self->open)
    return;
  if (!request->harmless)
    {
      self->state.n_sent++;
      self->state.failed += !ok;
    }
  if (request->command.dir == OFL_DIR_OUT && request->command.length > 0)
    {
      self->asks = 0;
      go_to_stage (self, OFL_STAGE_SEND, now_us);
      if (ok)
        {
          self->state.sent += request->command.length;
          self->data_us = g_get_monotonic_time ();
          ofl_progress_add_bytes (progress, OFL_STAGE_SEND, request->command.length, now_us);
        }
    }
  else if (self->stage == OFL_STAGE_SEND && ++self->asks >= WAITING_ASKS)
    go_to_stage (self, OFL_STAGE_PROGRAM, now_us);
}

/* An empty tray, a disc that was changed: all but a drive that is at work (02/04, SPC). */
static gboolean
says_idle (const OflReply *reply)
{
  return reply->outcome == OFL_OUTCOME_SENSE
         && !(ofl_reply_has_key (reply, OFL_KEY_NOT_READY) && reply->sense.asc == ASC_AT_WORK);
}

static void
answered (OflUpdaterHandler *handler, OflUpdaterRequest *request, const OflReply *reply)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (handler);
  gint64 now_us = ofl_transport_now_us (self->work->transport);
  gboolean ok = ofl_reply_ok (reply);

  g_mutex_lock (&self->lock);
  ofl_progress_end_command (self->work->progress, now_us);
  note (self, request, reply);
  follow (self, request, ok, now_us);
  if (request->command.cdb[0] == TEST_UNIT_READY)
    self->state.ready = ok || says_idle (reply);
  self->state.at_drive = FALSE;
  self->silent = FALSE;
  self->last_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

static void
handler_iface (OflUpdaterHandlerInterface *iface)
{
  iface->decide = decide;
  iface->answered = answered;
}

static void
ofl_updater_traffic_finalize (GObject *object)
{
  OflUpdaterTraffic *self = OFL_UPDATER_TRAFFIC (object);

  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
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
  self->last_us = self->data_us = g_get_monotonic_time ();
}

/**
 * ofl_updater_traffic_new:
 * @work: the job; it outlives this, and while the broker runs nobody else writes into its journal but while a
 *   request is held
 * @context: where @held is called
 * @held: told of each request that could change the drive, until ofl_updater_traffic_open()
 * @data: for @held
 *
 * Begins the stage in which the program looks.
 *
 * Returns: (transfer full): a handler for a broker
 */
OflUpdaterTraffic *
ofl_updater_traffic_new (OflWork *work, GMainContext *context, OflUpdaterHeldFunc held,
                         gpointer data)
{
  OflUpdaterTraffic *self = g_object_new (OFL_TYPE_UPDATER_TRAFFIC, NULL);
  gsize bytes = 0;

  self->work = work;
  self->context = g_main_context_ref (context);
  self->held = held;
  self->held_data = data;
  if (work->image != NULL)
    ofl_image_get_data (work->image, &bytes);
  ofl_progress_set_by_other (work->progress);
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
  gint64 now_us = ofl_transport_now_us (self->work->transport);

  g_mutex_lock (&self->lock);
  self->open = TRUE;
  self->data_us = self->last_us = g_get_monotonic_time ();
  go_to_stage (self, OFL_STAGE_SEND, now_us);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_updater_traffic_read:
 * @self: traffic
 * @state: (out caller-allocates): how far the program is
 */
void
ofl_updater_traffic_read (OflUpdaterTraffic *self, OflUpdaterState *state)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  *state = self->state;
  state->idle_us = state->at_drive ? 0 : now - self->last_us;
  state->no_data_us = now - self->data_us;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_updater_traffic_tick:
 * @self: traffic
 * @running: the program has been started
 *
 * To be called now and then: shows a program that is silent as silent, with what it sent last.
 */
void
ofl_updater_traffic_tick (OflUpdaterTraffic *self, gboolean running)
{
  gint64 since;

  g_mutex_lock (&self->lock);
  if (!running)
    self->last_us = g_get_monotonic_time ();
  since = g_get_monotonic_time () - self->last_us;
  if (!self->silent && since > (self->state.at_drive ? LONG_US : SILENT_US))
    {
      self->silent = TRUE;
      if (!self->state.at_drive)
        ofl_progress_set_idle (self->work->progress, self->last_us);
      ofl_progress_log (
          self->work->progress, OFL_LOG_INFO,
          self->state.at_drive
              ? "The drive has been at this for %.0f s: %s"
              : "The maker's program has sent nothing for %.0f s. Its last command: %s",
          (double) since / G_USEC_PER_SEC, *self->last != '\0' ? self->last : "none");
    }
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_updater_traffic_end:
 * @self: traffic; nothing comes any more
 *
 * The stage in which the program was is over, whatever came of it.
 */
void
ofl_updater_traffic_end (OflUpdaterTraffic *self)
{
  gint64 now_us = ofl_transport_now_us (self->work->transport);

  g_mutex_lock (&self->lock);
  ofl_progress_set_idle (self->work->progress, 0);
  ofl_progress_end_command (self->work->progress, now_us);
  ofl_progress_end_stage (self->work->progress, self->stage, OFL_STAGE_STATE_DONE, now_us);
  g_mutex_unlock (&self->lock);
}
