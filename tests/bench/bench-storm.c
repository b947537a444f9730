/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service with one job, made to be as hard on a window as can be: a flash of a practice drive with
 * the faults of OFL_PRACTICE_FAULTS, whose log gets 10 000 more lines a second. The window attaches
 * to it by itself. Prints "begun" and "ended". */
#include <stdio.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-progress-private.h"
#include "flash/ofl-work.h"
#include "ofl-core.h"
#include "service/ofl-dbus.h"
#include "service/ofl-wire.h"

#define LINES_A_SECOND 10000
#define LINES_AT_ONCE 100

typedef struct {
  OflDrive *drive;
  OflWork *work;
  OflProgress *progress;
  OflResult *result; /* the thread's until it is joined */
  OflDBusManager *manager;
  OflDBusJob *job;
  GMainLoop *loop;
  gint over;
  double speed;
} Storm;

static OflImage *
make_image (void)
{
  g_autoptr (GBytes) bytes = ofl_practice_make_image ("bu40n", "1.03", NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("storm.bin", bytes);

  if (!ofl_families_recognise (firmware, NULL))
    return NULL;
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static gpointer
shout (gpointer data)
{
  Storm *storm = data;
  guint64 n = 0;

  while (!g_atomic_int_get (&storm->over))
    {
      for (guint i = 0; i < LINES_AT_ONCE; i++)
        ofl_progress_log (storm->progress, OFL_LOG_INFO,
                          "Line %" G_GUINT64_FORMAT " of a log that is longer than anybody reads",
                          ++n);
      g_usleep (LINES_AT_ONCE * G_USEC_PER_SEC / LINES_A_SECOND);
    }
  return NULL;
}

static gboolean
on_ended (gpointer data)
{
  g_print ("ended %s\n", ofl_verdict_id (((Storm *) data)->result->verdict));
  return G_SOURCE_REMOVE;
}

static gpointer
write_firmware (gpointer data)
{
  Storm *storm = data;

  storm->result = ofl_work_execute (storm->work);
  g_atomic_int_set (&storm->over, 1);
  g_idle_add (on_ended, storm);
  return NULL;
}

static gboolean
on_list (OflDBusManager *manager, GDBusMethodInvocation *invocation, Storm *storm)
{
  static const char *const jobs[] = { OFL_SERVICE_PATH "/jobs/1", NULL };

  ofl_dbus_manager_complete_list_jobs (manager, invocation, jobs);
  return TRUE;
}

static gboolean
on_poll (OflDBusJob *job, GDBusMethodInvocation *invocation, guint64 after, guint most,
         Storm *storm)
{
  g_autoptr (GPtrArray) lines
      = ofl_progress_read_log (storm->progress, after, MIN (most, OFL_WIRE_MAX_LINES));
  OflProgressView view;

  ofl_progress_read (storm->progress, &view);
  ofl_dbus_job_complete_poll (
      job, invocation, ofl_wire_pack_view (&view, NULL), ofl_wire_pack_lines (lines),
      ofl_wire_pack_result (g_atomic_int_get (&storm->over) ? storm->result : NULL));
  return TRUE;
}

static gboolean
on_dismiss (OflDBusJob *job, GDBusMethodInvocation *invocation, Storm *storm)
{
  ofl_dbus_job_complete_dismiss (job, invocation);
  return TRUE;
}

static void
on_name (GDBusConnection *connection, const char *name, gpointer data)
{
  g_print ("begun\n");
}

static void
on_bus (GDBusConnection *connection, const char *name, gpointer data)
{
  Storm *storm = data;

  storm->manager = ofl_dbus_manager_skeleton_new ();
  g_signal_connect (storm->manager, "handle-list-jobs", G_CALLBACK (on_list), storm);
  storm->job = ofl_dbus_job_skeleton_new ();
  ofl_dbus_job_set_operation (storm->job, "flash");
  ofl_dbus_job_set_title (storm->job, "Storm");
  ofl_dbus_job_set_drive (storm->job, "practice:bu40n");
  ofl_dbus_job_set_verdict (storm->job, "none");
  g_signal_connect (storm->job, "handle-poll", G_CALLBACK (on_poll), storm);
  g_signal_connect (storm->job, "handle-dismiss", G_CALLBACK (on_dismiss), storm);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (storm->manager), connection,
                                    OFL_SERVICE_PATH, NULL);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (storm->job), connection,
                                    OFL_SERVICE_PATH "/jobs/1", NULL);
  g_thread_unref (g_thread_new ("shout", shout, storm));
  g_thread_unref (g_thread_new ("write", write_firmware, storm));
}

int
main (int argc, char **argv)
{
  Storm storm = { .speed = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 5 };
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (GError) error = NULL;

  setvbuf (stdout, NULL, _IOLBF, 0);
  storm.drive = ofl_core_new_practice_drive ("bu40n", storm.speed, NULL, &error);
  if (storm.drive == NULL)
    g_error ("%s", error->message);
  storm.work = ofl_work_new (OFL_JOB_FLASH, ofl_drive_get_target (storm.drive), NULL, make_image (),
                             options);
  storm.progress = storm.work->progress;
  storm.loop = g_main_loop_new (NULL, FALSE);
  g_bus_own_name (G_BUS_TYPE_SESSION, OFL_SERVICE_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, on_bus,
                  on_name, NULL, &storm, NULL);
  g_main_loop_run (storm.loop); /* until it is killed */
  return 0;
}
