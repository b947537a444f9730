/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-notices.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "ofl-ui-settings.h"

static void
tell (GApplication *application, OflUiSession *session, const char *title, const char *body)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  const char *id = ofl_ui_session_get_id (session);

  if (body != NULL)
    g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-drive", "s", id);
  g_application_send_notification (application, id, notification);
}

/**
 * ofl_ui_notices_tell_end:
 * @application: the application
 * @session: a drive whose job has ended
 *
 * Says how, and rings where the user wants that.
 */
void
ofl_ui_notices_tell_end (GApplication *application, OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);
  const OflResult *result = ofl_ui_run_get_result (run);
  g_autofree char *title = g_strdup_printf ("%s: %s", ofl_ui_run_get_drive_name (run),
                                            result != NULL ? ofl_verdict_title (result->verdict)
                                                           : _ ("the job could not begin"));

  tell (application, session, title, result != NULL ? result->what : NULL);
  /* a notification has no sound of its own; the bell is the desktop's, and needs no other library */
  if (ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_SOUND))
    gdk_display_beep (gdk_display_get_default ());
}

/**
 * ofl_ui_notices_tell_question:
 * @application: the application
 * @session: a drive whose job may wait for an answer
 *
 * Says that, and what is asked, where it does.
 */
void
ofl_ui_notices_tell_question (GApplication *application, OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);
  g_autoptr (OflQuestion) question = ofl_ui_run_dup_question (run);
  g_autofree char *title = NULL;

  if (question == NULL)
    return;
  /* Translators: %s is a drive's name */
  title
      = g_strdup_printf (_ ("%s: the job waits for your answer"), ofl_ui_run_get_drive_name (run));
  tell (application, session, title, question->asked);
}

/**
 * ofl_ui_notices_withdraw:
 * @application: the application
 * @session: a drive
 *
 * What was told of it holds no longer.
 */
void
ofl_ui_notices_withdraw (GApplication *application, OflUiSession *session)
{
  g_application_withdraw_notification (application, ofl_ui_session_get_id (session));
}
