/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the session service. */
#include "ctl.h"

#include <string.h>

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

/**
 * ofl_ctl_connect:
 * @ctl: the command line
 * @error: return location
 *
 * Looks for the service once, and starts it where there is a session bus. Without one, or without
 * the service, jobs run in this process; a note on stderr says so when that was not asked for.
 *
 * Returns: (transfer none): the client
 */
OflClient *
ofl_ctl_connect (OflCtl *ctl, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (ctl->client != NULL)
    return ctl->client;
  ofl_client_connect_async (must_stay_here (ctl), NULL, on_answer, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ctl->client = ofl_client_connect_finish (result, error);
  if (ctl->client != NULL && ofl_client_get_note (ctl->client) != NULL && !ctl->json)
    g_printerr ("optiflashctl: %s\n", ofl_client_get_note (ctl->client));
  return ctl->client;
}
