/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures whether the main loop stands still: a beat every 10 ms, and how late it came. Off, and
 * free of cost, unless OFL_HEARTBEAT is the number of a file that whoever started the program has
 * opened for it: the environment alone makes it write nothing. SIGUSR1 forgets what was measured so
 * far. */
#include "ofl-heartbeat.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <sys/stat.h>

#define BEAT_MS 10
/* Building the first window takes the main loop once; what counts is the time after. */
#define WARM_UP_US 500000

static GArray *gaps; /* of gint64, microseconds between two beats */
static gint64 begun;
static gint64 last;
static guint source;
static guint anew_source;
static int out = -1;

static gboolean
on_beat (gpointer data)
{
  gint64 now = g_get_monotonic_time ();
  gint64 gap = now - last;

  if (now - begun > WARM_UP_US)
    g_array_append_val (gaps, gap);
  last = now;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_begin_anew (gpointer data)
{
  g_array_set_size (gaps, 0);
  last = g_get_monotonic_time ();
  return G_SOURCE_CONTINUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a;
  gint64 second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static double
quantile_ms (double q)
{
  guint index = (guint) (gaps->len * q);

  if (gaps->len == 0)
    return 0;
  return (double) g_array_index (gaps, gint64, MIN (index, gaps->len - 1)) / 1000;
}

/* The inherited file, under a number of its own; -1 for what is no such thing. */
static int
take_inherited (const char *text)
{
  guint64 number;
  struct stat st;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 3, G_MAXINT, &number, NULL)
      || fstat ((int) number, &st) != 0 || !S_ISREG (st.st_mode)
      || (fcntl ((int) number, F_GETFL) & O_ACCMODE) == O_RDONLY)
    return -1;
  return fcntl ((int) number, F_DUPFD_CLOEXEC, 3);
}

/**
 * ofl_heartbeat_start:
 *
 * Begins to measure, if OFL_HEARTBEAT is the number of a file that is open for writing. Call it
 * before the program opens files of its own.
 */
void
ofl_heartbeat_start (void)
{
  if (source != 0)
    return;
  out = take_inherited (g_getenv ("OFL_HEARTBEAT"));
  if (out < 0)
    return;
  gaps = g_array_new (FALSE, FALSE, sizeof (gint64));
  begun = last = g_get_monotonic_time ();
  source = g_timeout_add_full (G_PRIORITY_DEFAULT, BEAT_MS, on_beat, NULL, NULL);
  anew_source = g_unix_signal_add (SIGUSR1, on_begin_anew, NULL);
}

/**
 * ofl_heartbeat_stop:
 *
 * Ends, and writes {"beats", "p50_ms", "p999_ms", "worst_ms"} into the file: milliseconds between
 * two beats, 10 at best.
 */
void
ofl_heartbeat_stop (void)
{
  char number[3][G_ASCII_DTOSTR_BUF_SIZE];
  FILE *file;

  if (source == 0)
    return;
  g_clear_handle_id (&source, g_source_remove);
  g_clear_handle_id (&anew_source, g_source_remove);
  g_array_sort (gaps, compare);
  /* JSON wants a point, whatever the language writes. */
  g_ascii_formatd (number[0], sizeof number[0], "%.2f", quantile_ms (0.5));
  g_ascii_formatd (number[1], sizeof number[1], "%.2f", quantile_ms (0.999));
  g_ascii_formatd (number[2], sizeof number[2], "%.2f", quantile_ms (1));
  file = fdopen (out, "w");
  out = -1;
  if (file != NULL)
    {
      fprintf (file, "{\"beats\":%u,\"p50_ms\":%s,\"p999_ms\":%s,\"worst_ms\":%s}\n", gaps->len,
               number[0], number[1], number[2]);
      fclose (file);
    }
  g_clear_pointer (&gaps, g_array_unref);
}
