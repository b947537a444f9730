/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl plan: what a write would do, step by step. Nothing is written. */
#include "ctl-output.h"

#include <glib/gi18n.h>

static char *
describe_stage (OflStage stage, const OflStagePlan *plan)
{
  g_autofree char *size = g_format_size (plan->bytes);
  double usual = plan->usual_ms / 1000.0;
  double max = MAX (plan->max_ms, plan->usual_ms) / 1000.0;

  if (plan->bytes > 0)
    return g_strdup_printf (_ ("%u steps, %s, usually %.1f to %.1f s"), plan->steps, size, usual,
                            max);
  return g_strdup_printf (_ ("%u steps, usually %.1f to %.1f s"), plan->steps, usual, max);
}

static void
print_plan (OflCtl *ctl, const OflPlan *plan)
{
  OflStagePlan stages[OFL_N_STAGES];
  g_autofree char *steps = ofl_plan_print (plan, ctl->every_step);
  g_autofree char *digest = ofl_plan_digest (plan);

  g_print ("\n%s\n", _ (ofl_plan_get_title (plan)));
  ofl_plan_measure (plan, stages);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (stages[i].steps > 0)
      {
        g_autofree char *line = describe_stage (i, &stages[i]);

        ofl_ctl_print_field (ofl_stage_title (i), line);
      }
  ofl_ctl_print_field (_ ("Digest"), digest);
  g_print ("\n%s", steps);
}

static void
print_plan_json (const OflPlan *plan)
{
  g_autofree char *digest = ofl_plan_digest (plan);
  JsonBuilder *builder = ofl_ctl_json_begin ("plan");

  ofl_ctl_json_string (builder, "title", ofl_plan_get_title (plan));
  ofl_ctl_json_string (builder, "digest", digest);
  ofl_ctl_json_int (builder, "steps", ofl_plan_get_n_steps (plan));
  ofl_ctl_json_end (builder);
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      g_autofree char *text = ofl_plan_step_format (plan, i);
      g_autofree char *cdb = step->command.cdb_len > 0 ? ofl_command_format (&step->command) : NULL;

      builder = ofl_ctl_json_begin ("step");
      ofl_ctl_json_int (builder, "number", i + 1);
      ofl_ctl_json_string (builder, "stage", ofl_stage_id (step->stage));
      ofl_ctl_json_string (builder, "kind", ofl_step_kind_id (step->kind));
      ofl_ctl_json_string (builder, "label", step->label);
      ofl_ctl_json_string (builder, "cdb", cdb);
      ofl_ctl_json_string (builder, "text", text);
      ofl_ctl_json_end (builder);
    }
}

static int
refuse (OflCtl *ctl, const OflJudgement *judgement)
{
  /* why, and what to do, stands in the lines above */
  if (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED_SOFT)
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, _ ("Refused by the checks above."),
                         OFL_DO ("accept-warnings") ".");
  return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, _ ("Refused by the checks above."), NULL);
}

static int
make_plan (OflCtl *ctl, OflDrive *drive, const OflImage *image)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (snapshot));
  g_autoptr (OflJudgement) judgement = ofl_families_judge (snapshot, image, ctl->choices);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  if (ctl->json)
    ofl_ctl_json_judgement (judgement);
  else
    {
      ofl_ctl_print_image (image, 0);
      g_print (_ ("\nOn %s\n"), ofl_drive_get_name (drive));
      ofl_ctl_print_judgement (judgement);
    }
  if (family == NULL || !ofl_judgement_allows (judgement, ctl->accept_warnings))
    return refuse (ctl, judgement);
  plan = ofl_family_plan_write (family, judgement, &error);
  if (plan == NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, error->message, NULL);
  if (ctl->json)
    print_plan_json (plan);
  else
    print_plan (ctl, plan);
  return OFL_EXIT_DONE;
}

/**
 * ofl_ctl_plan:
 * @ctl: the command line
 * @args: the drive and the file
 *
 * Returns: exit status
 */
int
ofl_ctl_plan (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_ctl_check_order (args[0], args[1], &error)
                                         ? ofl_ctl_open_firmware (ctl, args[1], &error)
                                         : NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  int exit_status;

  if (firmware != NULL)
    drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  image = ofl_ctl_choose_image (ctl, drive, firmware, &error);
  if (image == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return make_plan (ctl, drive, image);
}
