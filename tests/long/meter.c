/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meter.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[METER_N] = { "bytes", "threads", "descriptors", "objects", "files" };

/* The number after @word in /proc/PID/status; kB where the kernel says so. */
static gint64
read_status (const char *status, const char *word)
{
  const char *line = strstr (status, word);

  return line != NULL ? g_ascii_strtoll (line + strlen (word), NULL, 10) : 0;
}

/* Who may not be traced shows them to root only: then how many it has room for, which grows with them. */
static gint64
count_fds (guint pid, const char *status)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  gint64 n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return dir != NULL ? n : read_status (status, "\nFDSize:");
}

/**
 * meter_read_process:
 * @look: (out): where memory, threads and descriptors go
 * @pid: a process
 */
void
meter_read_process (MeterLook *look, guint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/status", pid);
  g_autofree char *status = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &status, NULL, &error);
  g_assert_no_error (error);
  look->value[METER_MEMORY]
      = (read_status (status, "\nRssAnon:") + read_status (status, "\nVmSwap:")) * 1024;
  look->value[METER_THREADS] = read_status (status, "\nThreads:");
  look->value[METER_FDS] = count_fds (pid, status);
}

/**
 * meter_count_files:
 * @folder: a folder
 *
 * Returns: how many files are in it and below
 */
guint
meter_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n += g_file_test (path, G_FILE_TEST_IS_DIR) ? meter_count_files (path) : 1;
    }
  return n;
}

/**
 * meter_print:
 * @look: a look
 */
void
meter_print (const MeterLook *look)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < METER_N; i++)
    if (look->value[i] >= 0)
      g_string_append_printf (line, ", %" G_GINT64_FORMAT " %s", look->value[i], names[i]);
  g_print ("# after %u%s\n", look->at, line->str);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/**
 * meter_median:
 * @looks: of MeterLook
 * @from: the first number that counts
 * @to: the last one
 * @kind: of what
 *
 * Returns: the median of the looks between; there must be one
 */
gint64
meter_median (GArray *looks, guint from, guint to, MeterKind kind)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < looks->len; i++)
    {
      const MeterLook *look = &g_array_index (looks, MeterLook, i);

      if (look->at >= from && look->at <= to)
        g_array_append_val (values, look->value[kind]);
    }
  g_assert_cmpuint (values->len, >, 0);
  g_array_sort (values, compare);
  return g_array_index (values, gint64, values->len / 2);
}

/**
 * meter_assert_flat:
 * @looks: of MeterLook
 * @warm: what comes before that does not count
 * @window: so many at the begin and at the end are compared, median with median
 * @total: how many there were
 * @noise: bytes by which memory may differ without any leak
 *
 * Everything that can be counted must be as it was. Memory may have grown by less than one block of the
 * smallest size a job, besides the noise: a job that loses one block is found.
 *
 * Returns: by how many bytes a job it grew
 */
double
meter_assert_flat (GArray *looks, guint warm, guint window, guint total, gint64 noise)
{
  guint between = total - window - warm; /* from the middle of one window to that of the other */
  gint64 grown = 0;
  gint64 bound = noise + (gint64) between * METER_SMALLEST;

  g_assert_cmpuint (total, >=, warm + 2 * window);
  for (guint i = 0; i < METER_N; i++)
    {
      gint64 first = meter_median (looks, warm, warm + window, i);
      gint64 last = meter_median (looks, total - window, total, i);

      if (first < 0)
        continue;
      g_print ("# %s: %" G_GINT64_FORMAT " at the begin, %" G_GINT64_FORMAT " at the end\n",
               names[i], first, last);
      if (i == METER_MEMORY)
        grown = last - first;
      else
        g_assert_cmpint (last, <=, first);
    }
  g_print ("# grown by %" G_GINT64_FORMAT " bytes in %u, %.1f each; the bound is %" G_GINT64_FORMAT
           "\n",
           grown, between, (double) grown / between, bound);
  g_assert_cmpint (grown, <, bound);
  return (double) grown / between;
}
