/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl doctor: is my drive broken? Only commands that read are sent. */
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "ctl-chart.h"
#include "ctl-signals.h"
#include "flash/ofl-backup-place.h"

static gboolean
parse_extent (const OflCtl *ctl, OflReadExtent *extent, GError **error)
{
  static const struct {
    const char *word;
    OflReadExtent extent;
  } words[] = {
    { "quick", OFL_READ_QUICK },
    { "full", OFL_READ_FULL },
    { "none", OFL_READ_NOTHING },
  };
  const char *word = ctl->read;

  if (word == NULL)
    {
      *extent = ctl->deep ? OFL_READ_FULL : OFL_READ_QUICK;
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, word) == 0)
      {
        *extent = words[i].extent;
        return TRUE;
      }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no way to read a disc. There are quick, full and none."), word);
  return FALSE;
}

static gboolean
on_stop (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/* On the main loop; the drive's worker sends. Signals break it off between two commands. */
static OflExamination *
examine (OflCtl *ctl, OflDrive *drive, OflReadExtent extent, const char *backup_dir, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  guint sources[OFL_CTL_N_SIGNALS];

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    sources[i] = ofl_ctl_signal_add (i, on_stop, cancellable);
  ofl_drive_set_job_running (drive, TRUE);
  if (ctl->deep)
    ofl_doctor_examine_deep_async (drive, extent, ctl->choices, backup_dir, NULL, cancellable,
                                   on_done, &result);
  else
    ofl_doctor_examine_async (drive, extent, backup_dir, NULL, cancellable, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ofl_drive_set_job_running (drive, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return ofl_doctor_examine_finish (drive, result, error);
}

/* As README and man page promise */
static int
exit_status_of (const OflExamination *found)
{
  if (found->state == OFL_DRIVE_STATE_BOOT)
    return OFL_EXIT_RECOVERY;
  if (found->cancelled || found->silenced || found->state == OFL_DRIVE_STATE_SILENT)
    return OFL_EXIT_UNKNOWN;
  return ofl_examination_worst (found) >= OFL_FINDING_DOUBTFUL ? OFL_EXIT_FAILED : OFL_EXIT_DONE;
}

static const char *
level_mark (OflFindingLevel level)
{
  gboolean unicode = ofl_ctl_unicode ();

  switch (level)
    {
    case OFL_FINDING_GOOD:
      return unicode ? "✓" : "ok";
    case OFL_FINDING_REMARK:
      return unicode ? "·" : "-";
    case OFL_FINDING_DOUBTFUL:
      return "!";
    case OFL_FINDING_BAD:
    default:
      return unicode ? "✗" : "NO";
    }
}

static void
print_finding (const OflFinding *finding)
{
  g_autofree char *sentence = ofl_ctl_words (finding->sentence);
  g_autofree char *next = ofl_ctl_words (finding->next);

  g_print ("  %s %s\n", level_mark (finding->level), sentence);
  if (next != NULL)
    g_print ("    %s\n", next);
  if (finding->technical != NULL && finding->level != OFL_FINDING_GOOD)
    g_print ("    (%s)\n", finding->technical);
}

static void
print_chart (const OflExamination *found)
{
  g_autofree char *chart = ofl_ctl_chart (found->stretches, found->blocks,
                                          ofl_ctl_columns (STDOUT_FILENO), ofl_ctl_unicode ());

  if (chart != NULL)
    g_print ("\n%s\n", chart);
}

static gboolean
is_cd (const OflExamination *found)
{
  return found->way != NULL && strcmp (found->way->disc, "CD") == 0;
}

static void
print_errors_chart (const OflExamination *found)
{
  g_autofree char *chart = ofl_ctl_chart_errors (found->errors, found->blocks,
                                                 is_cd (found) ? _ ("C1") : _ ("PI errors"),
                                                 ofl_ctl_columns (STDOUT_FILENO),
                                                 ofl_ctl_unicode ());

  if (chart != NULL)
    g_print ("\n%s\n", chart);
}

static void
print_text (OflDrive *drive, const OflExamination *found)
{
  gboolean charted = FALSE, errors_charted = FALSE;

  g_print ("%s\n", ofl_drive_get_name (drive));
  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *finding = g_ptr_array_index (found->findings, i);

      print_finding (finding);
      if (strcmp (finding->id, "errors") == 0 && !errors_charted)
        {
          print_errors_chart (found);
          errors_charted = TRUE;
        }
      if (strcmp (finding->id, "read") != 0 || charted)
        continue;
      print_chart (found);
      charted = TRUE;
    }
  if (!charted)
    print_chart (found);
}

static void
print_stretches (const OflExamination *found)
{
  for (guint i = 0; i < found->stretches->len; i++)
    {
      const OflStretch *stretch = &g_array_index (found->stretches, OflStretch, i);
      JsonBuilder *builder = ofl_ctl_json_begin ("stretch");

      ofl_ctl_json_int (builder, "first", stretch->first);
      ofl_ctl_json_int (builder, "blocks", stretch->blocks);
      ofl_ctl_json_string (builder, "state", ofl_stretch_state_id (stretch->state));
      ofl_ctl_json_int (builder, "speed", ofl_stretch_speed (stretch));
      ofl_ctl_json_end (builder);
    }
}

/* Names of a count's members are those of what is counted. */
static void
print_errors (const OflExamination *found)
{
  gboolean cd = is_cd (found);

  for (guint i = 0; i < found->errors->len; i++)
    {
      const OflErrorCount *count = &g_array_index (found->errors, OflErrorCount, i);
      JsonBuilder *builder = ofl_ctl_json_begin ("errors");

      ofl_ctl_json_int (builder, "position", count->position);
      ofl_ctl_json_int (builder, cd ? "c1" : "pi_errors", count->first);
      ofl_ctl_json_int (builder, cd ? "c2" : "pi_failures", count->second);
      if (found->way->tells_uncorrected)
        ofl_ctl_json_int (builder, "uncorrected", count->uncorrected);
      ofl_ctl_json_end (builder);
    }
}

static void
print_json (OflDrive *drive, const OflExamination *found)
{
  JsonBuilder *builder;

  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *finding = g_ptr_array_index (found->findings, i);

      builder = ofl_ctl_json_begin ("finding");
      ofl_ctl_json_string (builder, "id", finding->id);
      ofl_ctl_json_string (builder, "level", ofl_finding_level_id (finding->level));
      ofl_ctl_json_string (builder, "sentence", finding->sentence);
      ofl_ctl_json_string (builder, "next", finding->next);
      ofl_ctl_json_string (builder, "technical", finding->technical);
      ofl_ctl_json_end (builder);
    }
  print_stretches (found);
  print_errors (found);
  builder = ofl_ctl_json_begin ("examination");
  ofl_ctl_json_string (builder, "drive", ofl_drive_get_id (drive));
  ofl_ctl_json_string (builder, "state", ofl_drive_state_id (found->state));
  ofl_ctl_json_string (builder, "worst", ofl_finding_level_id (ofl_examination_worst (found)));
  ofl_ctl_json_int (builder, "blocks", found->blocks);
  ofl_ctl_json_bool (builder, "cancelled", found->cancelled);
  ofl_ctl_json_int (builder, "exit", exit_status_of (found));
  ofl_ctl_json_end (builder);
}

/* A read pass takes a while. */
static void
announce (OflCtl *ctl, OflDrive *drive, OflReadExtent extent)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  if (ctl->json || extent == OFL_READ_NOTHING || snapshot == NULL
      || !ofl_snapshot_identity (snapshot)->medium || !ofl_ctl_is_terminal (STDERR_FILENO))
    return;
  g_printerr ("%s\n", extent == OFL_READ_FULL
                          ? _ ("The whole disc is read; Ctrl-C breaks it off.")
                          : _ ("The disc is read here and there, which takes a while; Ctrl-C "
                               "breaks it off."));
}

/**
 * ofl_ctl_doctor:
 * @ctl: the command line
 * @args: the drive
 *
 * Returns: exit status: 0 nothing doubtful was found, 1 something was, 4 only the boot code
 *   answers, 5 the drive is silent or it was broken off; otherwise as ofl_ctl_info()
 */
int
ofl_ctl_doctor (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflExamination) found = NULL;
  g_autofree char *backup_dir = NULL;
  OflReadExtent extent;
  int exit_status;

  if (!parse_extent (ctl, &extent, &error))
    return ofl_ctl_fail_error (ctl, error);
  if (ctl->sets != NULL && !ctl->deep)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                         _ ("A choice matters to the doctor only when it looks deep."),
                         _ ("Say --deep as well."));
  drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (ofl_drive_get_state (drive) != OFL_DRIVE_STATE_SILENT
      && !ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  backup_dir = ctl->backup_dir != NULL
                   ? g_strdup (ctl->backup_dir)
                   : ofl_backup_default_dir (ofl_target_is_practice (ofl_drive_get_target (drive)));
  announce (ctl, drive, extent);
  found = examine (ctl, drive, extent, backup_dir, &error);
  if (found == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (ctl->json)
    print_json (drive, found);
  else
    print_text (drive, found);
  return exit_status_of (found);
}
