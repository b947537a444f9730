/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the session service. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <string.h>

#include "scsi/ofl-error.h"

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/* The service has folders of its own and talks to drives itself; who wants other folders or another
 * transport gets them in this process. */
static gboolean
must_stay_here (const OflCtl *ctl)
{
  return ctl->in_process || ctl->state_dir != NULL || ctl->backup_dir != NULL
         || g_strcmp0 (ctl->transport, "cdio") == 0;
}

static OflClient *
wait_client (GAsyncResult **result, GError **error)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_client_connect_finish (*result, error);
}

/**
 * ofl_ctl_start_service:
 * @ctl: a command line whose jobs would run in this process for want of a session bus
 * @error: return location
 *
 * Starts the service with a bus of its own, which outlives this terminal.
 *
 * Returns: whether jobs run there now
 */
gboolean
ofl_ctl_start_service (OflCtl *ctl, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OflClient) client = NULL;

  ofl_client_start_service_async (NULL, on_answer, &result);
  client = wait_client (&result, error);
  if (client == NULL)
    return FALSE;
  if (!ofl_client_is_remote (client))
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
                   _ ("The Optiflash service could not be started. Nothing was sent to the drive."));
      return FALSE;
    }
  g_set_object (&ctl->client, client);
  return TRUE;
}

/* Asked for by option: then it is there, or nothing is done. */
static gboolean
start_as_asked (OflCtl *ctl, OflClient *client, GError **error)
{
  if (!ctl->start_service || must_stay_here (ctl) || ofl_client_is_remote (client))
    return TRUE;
  if (ofl_client_can_start_service (client))
    return ofl_ctl_start_service (ctl, error);
  g_set_error (
      error, OFL_ERROR, OFL_ERROR_FAILED,
      _ ("The Optiflash service does not answer and cannot be started: that takes optiflashd "
         "and dbus-daemon. Nothing was sent to the drive."));
  return FALSE;
}

/**
 * ofl_ctl_connect:
 * @ctl: the command line
 * @error: return location
 *
 * Looks for the service once, and starts it where it can. Without it jobs run in this process.
 *
 * Returns: (transfer none) (nullable): the client; %NULL when a service was asked for and is not to
 *   be had
 */
OflClient *
ofl_ctl_connect (OflCtl *ctl, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OflClient) client = NULL;

  if (ctl->client != NULL)
    return ctl->client;
  ofl_client_connect_async (must_stay_here (ctl), NULL, on_answer, &result);
  client = wait_client (&result, error);
  if (client == NULL || !start_as_asked (ctl, client, error))
    return NULL;
  if (ctl->client == NULL)
    ctl->client = g_steal_pointer (&client);
  return ctl->client;
}

/**
 * ofl_ctl_describe_place:
 * @client: where the job will run
 *
 * Returns: what that means for who sits at the terminal
 */
const char *
ofl_ctl_describe_place (OflClient *client)
{
  if (ofl_client_is_remote (client))
    return _ ("The job runs in the Optiflash service and goes on when this terminal is closed.");
  return _ (
      "The job runs in this program and lives in this terminal: leave it open until the job has "
      "ended. Closing it before the drive is changed cancels the job; after that a write goes on, "
      "but nothing here shows it.");
}

/**
 * ofl_ctl_list_jobs:
 * @ctl: the command line
 * @error: return location
 *
 * Returns: (transfer full) (element-type OflJob): the service's jobs; %NULL when it does not answer
 */
GPtrArray *
ofl_ctl_list_jobs (OflCtl *ctl, GError **error)
{
  OflClient *client = ofl_ctl_connect (ctl, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (client == NULL)
    return NULL;
  ofl_client_list_jobs_async (client, NULL, on_answer, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_client_list_jobs_finish (client, result, error);
}

/**
 * ofl_ctl_find_running_job:
 * @ctl: the command line
 * @drive_id: a drive
 *
 * Returns: (transfer full) (nullable): the job of the service that has the drive now
 */
OflJob *
ofl_ctl_find_running_job (OflCtl *ctl, const char *drive_id)
{
  g_autoptr (GPtrArray) jobs = ofl_ctl_list_jobs (ctl, NULL);

  for (guint i = 0; jobs != NULL && i < jobs->len; i++)
    {
      OflJob *job = g_ptr_array_index (jobs, i);

      if (strcmp (ofl_job_get_drive (job), drive_id) == 0
          && strcmp (ofl_job_get_verdict (job), ofl_verdict_id (OFL_VERDICT_NONE)) == 0)
        return g_object_ref (job);
    }
  return NULL;
}
