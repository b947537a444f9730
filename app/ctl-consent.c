/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before a write: all that is known first, then a question for each consent, then the last one
 * (A8). */
#include "ctl-consent.h"

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ctl-preflight.h"
#include "ctl-run.h"

typedef struct {
  OflCtl *ctl;
  OflDrive *drive;
  OflSnapshot *snapshot;
  OflImage *image;
  OflJobOptions *options;
  OflJudgement *judgement;
  OflBackupOutlook backup;
  GPtrArray *checks; /* but for the judgement */
} Consent;

/* The file's judgement is printed by itself, and an earlier job was told of when the drive was found.
 * What is agreed to is not known yet, so what may be agreed to refuses nothing here. */
static void
look_around (Consent *c)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_copy (c->options);

  options->accept_warnings = TRUE;
  c->checks = ofl_ctl_look_around (c->drive, NULL, options);
}

static gboolean
is_told_elsewhere (const OflCheck *check)
{
  return g_str_equal (check->id, "unfinished") || g_str_equal (check->id, "backup");
}

static void
print_json (const Consent *c)
{
  JsonBuilder *builder;

  ofl_ctl_json_judgement (c->judgement);
  builder = ofl_ctl_json_begin ("preflight");
  ofl_ctl_json_string (builder, "id", ofl_drive_get_id (c->drive));
  ofl_ctl_json_checks (builder, c->checks);
  ofl_ctl_json_end (builder);
}

static void
print_checks (const Consent *c)
{
  g_autofree char *title = ofl_image_describe (c->image);
  OflClient *client = ofl_ctl_connect (c->ctl, NULL);

  g_print ("%s\n", ofl_drive_get_name (c->drive));
  ofl_ctl_print_field (_ ("Image"), title);
  ofl_ctl_print_judgement (c->judgement);
  if (!ofl_judgement_allows (c->judgement, TRUE))
    return;
  g_print ("  %s %s\n", c->backup == OFL_BACKUP_FULL ? "-" : "!",
           ofl_preflight_backup_sentence (c->backup));
  for (guint i = 0; i < c->checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (c->checks, i);

      if (check->level >= OFL_CHECK_CAUTION && !is_told_elsewhere (check))
        ofl_ctl_print_check (check);
    }
  if (client != NULL)
    g_print ("  - %s\n", ofl_ctl_describe_place (client));
}

/* Over ssh, or on a console: what the terminal's end would mean, and the way round it. */
static gboolean
ask_service (const Consent *c, int *exit_status)
{
  g_autoptr (GError) error = NULL;
  OflClient *client = ofl_ctl_connect (c->ctl, &error);

  if (client == NULL)
    {
      *exit_status = ofl_ctl_fail_error (c->ctl, error);
      return FALSE;
    }
  if (c->ctl->yes || !ofl_client_can_start_service (client)
      || !ofl_ctl_ask_yes (
          _ ("\nThere is no session bus here, so the job would live in this terminal: closing it "
             "before the drive is changed cancels the write, and after that nobody sees how the "
             "write goes on. Start the Optiflash service for you instead? The job then goes on when "
             "the terminal is closed or the connection is lost. (--start-service) Type yes: "),
          NULL))
    return TRUE;
  if (!ofl_ctl_start_service (c->ctl, &error))
    {
      *exit_status = ofl_ctl_fail_error (c->ctl, error);
      return FALSE;
    }
  g_print ("  - %s\n", ofl_ctl_describe_place (c->ctl->client));
  return TRUE;
}

/* One question a refusal: whoever agrees to one has not agreed to the next. */
static gboolean
ask_warnings (const Consent *c)
{
  for (guint i = 0; i < ofl_judgement_get_n_reasons (c->judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (c->judgement, i);
      g_autofree char *sentence = ofl_ctl_words (reason->sentence);
      g_autofree char *remedy = ofl_ctl_words (reason->remedy);
      g_autofree char *question = NULL;

      if (reason->level != OFL_LEVEL_RED_SOFT)
        continue;
      question = g_strdup_printf (_ ("\nA check says no: %s %s\n"
                                     "Go on in spite of it? (--accept-warnings) Type yes: "),
                                  sentence, remedy != NULL ? remedy : "");
      if (!ofl_ctl_ask_yes (question, NULL))
        return FALSE;
    }
  return TRUE;
}

static gboolean
ask_no_backup (const Consent *c)
{
  g_autofree char *question
      = g_strdup_printf (_ ("\n%s %s\nGo on without a backup? (--accept-no-backup) Type yes: "),
                         ofl_preflight_backup_sentence (c->backup),
                         ofl_preflight_no_backup_meaning ());

  return ofl_ctl_ask_yes (question, NULL);
}

static gboolean
ask_last (const Consent *c)
{
  const OflIdentity *id = ofl_snapshot_identity (c->snapshot);
  gboolean practice = ofl_target_is_practice (ofl_drive_get_target (c->drive));
  g_autofree char *revision = ofl_families_image_revision (c->snapshot, c->image);
  g_autofree char *title = ofl_image_describe (c->image);
  g_autofree char *to = revision != NULL ? g_strdup_printf (_ ("%s, by %s"), revision, title)
                                         : g_strdup_printf (_ ("what %s holds"), title);
  const char *serial = id->serial[0] != '\0' ? id->serial : _ ("unknown");
  const char *name = ofl_drive_get_name (c->drive), *node = ofl_drive_get_id (c->drive);
  g_autofree char *what = NULL;
  g_autofree char *question = NULL;

  /* Translators: a drive, its node, its serial, its old and its new revision, of both */
  what = practice
             ? g_strdup_printf (_ ("Flash %s, %s (practice drive), serial %s, from revision %s "
                                   "to %s?"),
                                name, node, serial, id->revision, to)
             : g_strdup_printf (_ ("Flash %s, %s, serial %s, from revision %s to %s?"), name, node,
                                serial, id->revision, to);
  /* Translators: the first %s is the question whether to flash */
  question = g_strdup_printf (_ ("\n%s\nIt cannot be stopped once writing has begun.\n"
                                 "Type the model name, %s, or yes: "),
                              what, id->product);

  return ofl_ctl_ask_yes (question, id->product);
}

static gboolean
needs_warnings (const Consent *c)
{
  return !c->options->accept_warnings
         && ofl_judgement_get_level (c->judgement) == OFL_LEVEL_RED_SOFT;
}

static gboolean
needs_no_backup (const Consent *c)
{
  return !c->options->accept_no_backup && c->backup != OFL_BACKUP_FULL;
}

/* What surely keeps the job from writing, by the sentence that it would say: its folders, or a disc.
 * A drive that is only getting ready may be ready by then. */
static const OflCheck *
find_obstacle (const Consent *c)
{
  static const char *const ids[] = { "disc", "room", "journal" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const OflCheck *check = ofl_checks_find (c->checks, ids[i]);

      if (check != NULL && check->level == OFL_CHECK_BLOCKS
          && (i > 0 || !ofl_snapshot_identity (c->snapshot)->getting_ready))
        return check;
    }
  return NULL;
}

/* The exit status is the job's. */
static int
fail_obstacle (const Consent *c, const OflCheck *check)
{
  return ofl_ctl_fail (c->ctl, g_str_equal (check->id, "disc") ? OFL_EXIT_REFUSED : OFL_EXIT_FAILED,
                       check->sentence.shown, check->remedy);
}

/* What the job would refuse in the end is not asked for. */
static gboolean
check_possible (const Consent *c, int *exit_status)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (c->snapshot));
  const OflCheck *obstacle = find_obstacle (c);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  if (!ofl_judgement_allows (c->judgement, TRUE))
    *exit_status = ofl_ctl_fail (c->ctl, OFL_EXIT_REFUSED,
                                 ofl_judgement_get_worst (c->judgement)->sentence,
                                 ofl_judgement_get_worst (c->judgement)->remedy);
  else if (obstacle != NULL)
    *exit_status = fail_obstacle (c, obstacle);
  else if ((plan = ofl_family_plan_write (family, c->judgement, &error)) == NULL)
    *exit_status = ofl_ctl_fail (c->ctl, OFL_EXIT_REFUSED, error->message, NULL);
  else
    return TRUE;
  return FALSE;
}

/* Nobody is there to be asked: which options would say what has to be said. */
static int
fail_unasked (const Consent *c)
{
  g_autofree char *next = g_strdup_printf (_ ("Add --yes%s%s to write without being asked."),
                                           needs_warnings (c) ? " --accept-warnings" : "",
                                           needs_no_backup (c) ? " --accept-no-backup" : "");

  return ofl_ctl_fail (c->ctl, OFL_EXIT_USAGE,
                       _ ("Nobody can be asked here whether to write. Nothing was written."), next);
}

static gboolean
ask_all (const Consent *c, int *exit_status)
{
  gboolean warnings = needs_warnings (c);
  gboolean without = needs_no_backup (c);

  if ((!warnings || ask_warnings (c)) && (!without || ask_no_backup (c))
      && (c->ctl->yes || ask_last (c)))
    {
      c->options->accept_warnings |= warnings;
      c->options->accept_no_backup |= without;
      return TRUE;
    }
  *exit_status = ofl_ctl_fail (c->ctl, OFL_EXIT_FAILED,
                               _ ("Not confirmed. Nothing was written to the drive."), NULL);
  return FALSE;
}

static gboolean
consent (Consent *c, int *exit_status)
{
  /* the job checks it all again, writes that into its log, and refuses what nobody agreed to */
  if (c->ctl->yes && (!ofl_ctl_can_ask (c->ctl) || (!needs_warnings (c) && !needs_no_backup (c))))
    return TRUE;
  look_around (c);
  if (c->ctl->json)
    print_json (c);
  else
    print_checks (c);
  if (!check_possible (c, exit_status))
    return FALSE;
  if (ofl_ctl_can_ask (c->ctl))
    return ask_service (c, exit_status) && ask_all (c, exit_status);
  *exit_status = fail_unasked (c);
  return FALSE;
}

/**
 * ofl_ctl_consent:
 * @ctl: the command line
 * @drive: a drive that has been looked at
 * @image: what to write to it
 * @options: the job's options; what is agreed to here is set in them
 * @exit_status: (out): what to end with when it is not agreed to
 *
 * Prints every check, whether there will be a backup and where the job runs; refuses what the job
 * would refuse; asks for each consent that no option has given; then asks whether to write. --yes
 * answers the last question only.
 *
 * Returns: whether to go on
 */
gboolean
ofl_ctl_consent (OflCtl *ctl, OflDrive *drive, OflImage *image, OflJobOptions *options,
                 int *exit_status)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  g_autoptr (OflJudgement) judgement = ofl_families_judge (snapshot, image, ctl->choices);
  Consent c = {
    ctl, drive, snapshot, image, options, judgement, ofl_preflight_backup (snapshot, ctl->choices),
    NULL
  };
  gboolean agreed = consent (&c, exit_status);

  g_clear_pointer (&c.checks, g_ptr_array_unref);
  return agreed;
}
