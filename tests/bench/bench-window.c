/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window around as many practice drives as asked for, and what it costs. Prints one line:
 * "MODE N VALUES". Judges nothing.
 *
 *   bench-window frame N: how long after BENCH_BEGUN (CLOCK_MONOTONIC, microseconds) its first frame
 *     was drawn; CPU time until then; its memory when all drives have been looked at, now and at most
 *   bench-window row N: for each of 20 more drives, how long after the list of drives was told of it
 *     the frame was drawn that has its row
 */
#include <adwaita.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "families/ofl-practice-catalog.h"
#include "ofl-core.h"
#include "ofl-ui-session-list.h"
#include "ofl-ui-window.h"
#include "practice/ofl-practice-port.h"

#define ROWS 20
#define PAUSE_MS 150
#define REST_MS 1000 /* what still comes after the last look: icons, the frame with it */

typedef struct {
  OflDriveMonitor *monitor;
  OflUiSessionList *sessions;
  OflUiWindow *window;
  GMainLoop *loop;
  gboolean rows;
  guint n, added;
  gint64 begun_us, told_us;
  double frame_ms, cpu_ms;
} Bench;

static OflTransport *
open_port (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  return ofl_practice_port_open (data, flags, error);
}

/* A drive of its own id and serial; models come round again. */
static void
add_drive (Bench *bench)
{
  const char *model = ofl_practice_get_id (bench->added % ofl_practice_count ());
  g_autofree char *id = g_strdup_printf ("practice:%s-%u", model, bench->added);
  g_autoptr (OflPracticeDrive) device = ofl_practice_new (model, ++bench->added, NULL);
  OflTopology topology = { OFL_BUS_PRACTICE };
  g_autoptr (OflTarget) target
      = ofl_target_new (id, NULL, NULL, &topology, open_port,
                        ofl_practice_port_new (device, OFL_PRACTICE_REAL, 1), g_object_unref);
  g_autoptr (OflDrive) drive = ofl_drive_new (target, OFL_ACCESS_USABLE);

  ofl_drive_monitor_add (bench->monitor, drive);
}

static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* In MB; 0 when /proc does not tell. */
static double
memory_mb (const char *field)
{
  g_autofree char *status = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  at = strstr (status, field);
  return at != NULL ? (double) g_ascii_strtoull (at + strlen (field), NULL, 10) / 1000 : 0;
}

static gboolean
on_rest (gpointer data)
{
  Bench *bench = data;

  g_print ("frame %u %.1f %.1f %.1f %.1f\n", bench->n, bench->frame_ms, bench->cpu_ms,
           memory_mb ("VmRSS:"), memory_mb ("VmHWM:"));
  g_main_loop_quit (bench->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_pause (gpointer data)
{
  Bench *bench = data;

  if (bench->added == bench->n + ROWS)
    {
      g_main_loop_quit (bench->loop);
      return G_SOURCE_REMOVE;
    }
  bench->told_us = g_get_monotonic_time ();
  add_drive (bench);
  return G_SOURCE_REMOVE;
}

static gboolean
after_look (gpointer data)
{
  Bench *bench = data;

  if (!ofl_drive_monitor_is_settled (bench->monitor))
    return G_SOURCE_CONTINUE;
  g_timeout_add (bench->rows ? PAUSE_MS : REST_MS, bench->rows ? on_pause : on_rest, bench);
  return G_SOURCE_REMOVE;
}

static void
on_painted (GdkFrameClock *clock, Bench *bench)
{
  gint64 now = g_get_monotonic_time ();

  if (bench->frame_ms < 0)
    {
      bench->frame_ms = (double) (now - bench->begun_us) / 1000;
      bench->cpu_ms = cpu_ms ();
      g_timeout_add (20, after_look, bench);
    }
  else if (bench->told_us > 0)
    {
      g_print ("row %u %.1f\n", bench->n, (double) (now - bench->told_us) / 1000);
      bench->told_us = 0;
      g_timeout_add (PAUSE_MS, on_pause, bench);
    }
}

static void
on_realize (GtkWidget *window, Bench *bench)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted),
                    bench);
}

/* As ofl-ui-app.c begins, without a service and with the drives of this bench. */
static void
on_activate (GtkApplication *application, Bench *bench)
{
  bench->monitor = ofl_core_new_monitor ();
  bench->sessions = ofl_ui_session_list_new (bench->monitor);
  while (bench->added < bench->n)
    add_drive (bench);
  ofl_drive_monitor_start (bench->monitor, OFL_FINDER_NONE, NULL);
  bench->window = ofl_ui_window_new (application, bench->monitor, bench->sessions);
  g_signal_connect (bench->window, "realize", G_CALLBACK (on_realize), bench);
  gtk_window_present (GTK_WINDOW (bench->window));
}

int
main (int argc, char **argv)
{
  const char *begun = g_getenv ("BENCH_BEGUN");
  Bench bench = { .frame_ms = -1 };
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    return 2;
  bench.rows = g_str_equal (argv[1], "row");
  bench.n = (guint) atoi (argv[2]);
  bench.begun_us = begun != NULL ? g_ascii_strtoll (begun, NULL, 10) : g_get_monotonic_time ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  application = adw_application_new ("org.optiflash.Optiflash", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &bench);
  if (!g_application_register (G_APPLICATION (application), NULL, &error))
    g_error ("%s", error->message);
  g_application_activate (G_APPLICATION (application));
  g_main_loop_run (bench.loop);
  fflush (stdout);
  _exit (0); /* what is taken down is not measured */
}
