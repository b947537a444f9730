/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every state of the core in an icon, a colour and a word: never by colour alone. */
#include "ofl-ui-looks.h"

#include <glib/gi18n.h>

static const char *const colours[] = { "success", "warning", "error", "accent", "dim-label" };

/**
 * ofl_ui_look_of_level:
 * @level: how much a reason weighs
 *
 * Returns: how it looks; the word is translated
 */
OflUiLook
ofl_ui_look_of_level (OflLevel level)
{
  switch (level)
    {
    case OFL_LEVEL_GREEN:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Fits") };
    case OFL_LEVEL_YELLOW:
      return (OflUiLook){ "dialog-information-symbolic", "warning", _ ("Good to know") };
    case OFL_LEVEL_RED_SOFT:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Needs your consent") };
    case OFL_LEVEL_RED:
    default:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Refused") };
    }
}

/**
 * ofl_ui_look_of_check:
 * @result: result of one check of an image
 *
 * Returns: how it looks
 */
OflUiLook
ofl_ui_look_of_check (OflImageCheckResult result)
{
  switch (result)
    {
    case OFL_IMAGE_CHECK_OK:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Passed") };
    case OFL_IMAGE_CHECK_CHANGED:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Failed") };
    case OFL_IMAGE_CHECK_WARNING:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Good to know") };
    case OFL_IMAGE_CHECK_ABSENT:
    default:
      return (OflUiLook){ "action-unavailable-symbolic", "dim-label", _ ("Not in this file") };
    }
}

/**
 * ofl_ui_look_of_preflight:
 * @level: how serious something is that was looked at before a write
 *
 * Returns: how it looks
 */
OflUiLook
ofl_ui_look_of_preflight (OflCheckLevel level)
{
  switch (level)
    {
    case OFL_CHECK_OK:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Fine") };
    case OFL_CHECK_NOTE:
      return (OflUiLook){ "dialog-information-symbolic", "dim-label", _ ("Good to know") };
    case OFL_CHECK_CAUTION:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Better mended first") };
    case OFL_CHECK_BLOCKS:
    case OFL_N_CHECK_LEVELS:
    default:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("A write is refused") };
    }
}

/**
 * ofl_ui_look_of_stage:
 * @state: where a stage is
 *
 * Returns: how it looks
 */
OflUiLook
ofl_ui_look_of_stage (OflStageState state)
{
  switch (state)
    {
    case OFL_STAGE_STATE_RUNNING:
      return (OflUiLook){ "media-playback-start-symbolic", "accent", _ ("Running") };
    case OFL_STAGE_STATE_DONE:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Done") };
    case OFL_STAGE_STATE_FAILED:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Failed") };
    case OFL_STAGE_STATE_SKIPPED:
      return (OflUiLook){ "action-unavailable-symbolic", "dim-label", _ ("Not needed") };
    case OFL_STAGE_STATE_PENDING:
    default:
      return (OflUiLook){ "content-loading-symbolic", "dim-label", _ ("Waiting") };
    }
}

/**
 * ofl_ui_look_of_log:
 * @level: how loud a line of the log is
 *
 * Returns: how it looks
 */
OflUiLook
ofl_ui_look_of_log (OflLogLevel level)
{
  switch (level)
    {
    case OFL_LOG_ERROR:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("Error") };
    case OFL_LOG_WARNING:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Warning") };
    case OFL_LOG_INFO:
      return (OflUiLook){ "dialog-information-symbolic", "accent", _ ("Note") };
    case OFL_LOG_COMMAND:
    default:
      return (OflUiLook){ "utilities-terminal-symbolic", "", _ ("Command") };
    }
}

static OflUiLook
look_of_state (OflDriveState state)
{
  switch (state)
    {
    case OFL_DRIVE_STATE_NORMAL:
      return (OflUiLook){ "emblem-ok-symbolic", "success", _ ("Ready") };
    case OFL_DRIVE_STATE_BOOT:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Needs recovery") };
    case OFL_DRIVE_STATE_GARBLED:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("Garbled answers") };
    case OFL_DRIVE_STATE_SILENT:
      return (OflUiLook){ "dialog-error-symbolic", "error", _ ("No answer") };
    case OFL_DRIVE_STATE_BUSY:
      return (OflUiLook){ "changes-prevent-symbolic", "warning", _ ("In use") };
    case OFL_DRIVE_STATE_UNKNOWN:
    default:
      return (OflUiLook){ "content-loading-symbolic", "dim-label", _ ("Looking…") };
    }
}

static gboolean
is_flashable (OflDrive *drive)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  return snapshot != NULL && (ofl_snapshot_get_caps (snapshot) & OFL_CAP_WRITE) != 0;
}

/**
 * ofl_ui_look_of_drive:
 * @drive: (nullable): a drive; %NULL when it has gone
 *
 * Missing rights come first: with them every other state is only a consequence.
 *
 * Returns: how the drive's state looks
 */
OflUiLook
ofl_ui_look_of_drive (OflDrive *drive)
{
  OflDriveState state;

  if (drive == NULL)
    return (OflUiLook){ "action-unavailable-symbolic", "error", _ ("Unplugged") };

  state = ofl_drive_get_state (drive);
  if (ofl_drive_get_access (drive) != OFL_ACCESS_USABLE && state != OFL_DRIVE_STATE_BUSY)
    return (OflUiLook){ "changes-prevent-symbolic", "warning", _ ("No access") };
  if (!ofl_drive_get_ready (drive))
    state = OFL_DRIVE_STATE_UNKNOWN;
  else if (ofl_drive_get_error (drive) != NULL && state == OFL_DRIVE_STATE_UNKNOWN)
    state = OFL_DRIVE_STATE_SILENT;
  if (state == OFL_DRIVE_STATE_NORMAL && !is_flashable (drive))
    return (OflUiLook){ "action-unavailable-symbolic", "dim-label", _ ("Not flashable") };
  return look_of_state (state);
}

/**
 * ofl_ui_look_of_verdict:
 * @verdict: how a job ended
 *
 * Returns: how it looks; the word is the verdict's title
 */
OflUiLook
ofl_ui_look_of_verdict (OflVerdict verdict)
{
  const char *title = ofl_verdict_title (verdict);

  switch (verdict)
    {
    case OFL_VERDICT_VERIFIED:
    case OFL_VERDICT_CONFIRMED:
    case OFL_VERDICT_DONE:
      return (OflUiLook){ "emblem-ok-symbolic", "success", title };
    case OFL_VERDICT_IDENTICAL:
      return (OflUiLook){ "emblem-ok-symbolic", "accent", title };
    case OFL_VERDICT_CANCELLED:
      return (OflUiLook){ "process-stop-symbolic", "dim-label", title };
    case OFL_VERDICT_UNCHANGED:
    case OFL_VERDICT_REFUSED:
    case OFL_VERDICT_DIFFERENT:
      return (OflUiLook){ "dialog-warning-symbolic", "warning", title };
    case OFL_VERDICT_UNKNOWN:
      return (OflUiLook){ "dialog-question-symbolic", "warning", title };
    case OFL_VERDICT_NONE:
    case OFL_VERDICT_FAILED_UNTOUCHED:
    case OFL_VERDICT_FAILED_RECOVERY:
    case OFL_N_VERDICTS:
    default:
      return (OflUiLook){ "dialog-error-symbolic", "error", title };
    }
}

/**
 * ofl_ui_look_set_css:
 * @look: a look
 * @widget: any widget
 *
 * Gives @widget the look's colour and takes away the others.
 */
void
ofl_ui_look_set_css (const OflUiLook *look, GtkWidget *widget)
{
  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      if (g_strcmp0 (colours[i], look->css) == 0)
        gtk_widget_add_css_class (widget, colours[i]);
      else
        gtk_widget_remove_css_class (widget, colours[i]);
    }
}

/**
 * ofl_ui_look_apply:
 * @look: a look
 * @image: the image that shows it
 *
 * Sets icon, colour, tooltip and accessible name. What is so already is left alone: a tooltip that is set
 * asks the display where the pointer is, and waits for its answer, for each line of a log.
 */
void
ofl_ui_look_apply (const OflUiLook *look, GtkImage *image)
{
  if (g_strcmp0 (gtk_image_get_icon_name (image), look->icon) != 0)
    gtk_image_set_from_icon_name (image, look->icon);
  ofl_ui_look_set_css (look, GTK_WIDGET (image));
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (image)), look->word) == 0)
    return;
  gtk_widget_set_tooltip_text (GTK_WIDGET (image), look->word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, look->word,
                                  -1);
}
