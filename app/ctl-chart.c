/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass as a line of blocks: how fast the disc came, from its begin to its end, and where it
 * did not. */
#include "ctl-chart.h"

#include <glib/gi18n.h>

#include "ctl-text.h"

#define MOST_CELLS 72
#define LEAST_CELLS 10
#define MARGIN 2
#define BLOCKS_IN_MIB 512

typedef struct {
  const char *heights[8];
  const char *failed;
  const char *skipped;
  const char *unread;
} Look;

static const Look unicode_look = {
  .heights = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
  .failed = "✗",
  .skipped = "·",
  .unread = " ",
};

static const Look ascii_look = {
  .heights = { "1", "2", "3", "4", "5", "6", "7", "8" },
  .failed = "x",
  .skipped = ".",
  .unread = " ",
};

/* Stretches that share a place in the line */
typedef struct {
  gboolean failed, measured, skipped;
  guint64 bytes;
  gint64 us;
} Cell;

static Cell
sum_cell (GArray *stretches, guint from, guint end)
{
  Cell cell = { 0 };

  for (guint i = from; i < end; i++)
    {
      const OflStretch *stretch = &g_array_index (stretches, OflStretch, i);

      cell.failed |= stretch->state == OFL_STRETCH_FAILED;
      cell.skipped |= stretch->state == OFL_STRETCH_SKIPPED;
      cell.bytes += stretch->timed_bytes;
      cell.us += stretch->timed_us;
    }
  cell.measured = cell.us > 0;
  return cell;
}

static guint
speed_of (const Cell *cell)
{
  OflStretch whole = { .timed_bytes = cell->bytes, .timed_us = cell->us };

  return ofl_stretch_speed (&whole);
}

static const char *
draw_cell (const Cell *cell, guint fastest, const Look *look)
{
  guint speed = speed_of (cell);

  if (cell->failed)
    return look->failed;
  if (cell->measured && fastest > 0)
    return look->heights[MIN ((guint64) speed * 8 / fastest, 7)];
  return cell->skipped ? look->skipped : look->unread;
}

/* What stands below: the disc's begin, middle and end, in MiB. */
static void
append_axis (GString *text, guint32 blocks, guint cells)
{
  g_autofree char *middle = g_strdup_printf ("%u", blocks / 2 / BLOCKS_IN_MIB);
  g_autofree char *end = g_strdup_printf (_ ("%u MiB"), blocks / BLOCKS_IN_MIB);
  int left = (int) cells / 2 - 1;
  int right = (int) cells - (int) cells / 2 - (int) ofl_ctl_text_width (middle);

  g_string_append_printf (text, "%*s0%*s%s%*s\n", MARGIN, "", left, "", middle,
                          MAX (right, (int) ofl_ctl_text_width (end) + 1), end);
}

static void
append_legend (GString *text, guint fastest, gboolean failed, const Look *look)
{
  g_string_append_printf (text, "%*s", MARGIN, "");
  g_string_append_printf (text, _ ("highest: %u kB/s"), fastest);
  if (failed)
    {
      g_string_append_printf (text, "\n%*s", MARGIN, "");
      /* Translators: a sign in the chart, and what it stands for */
      g_string_append_printf (text, _ ("%s: not readable"), look->failed);
    }
  g_string_append_c (text, '\n');
}

/**
 * ofl_ctl_chart:
 * @stretches: (element-type OflStretch): of a read pass
 * @blocks: size of the disc, blocks of 2048 bytes
 * @columns: width of the terminal; 0 when there is none
 * @unicode: whether it shows more than ASCII
 *
 * Returns: (transfer full) (nullable): lines that end with a line end; %NULL when nothing was read
 */
char *
ofl_ctl_chart (GArray *stretches, guint32 blocks, guint columns, gboolean unicode)
{
  const Look *look = unicode ? &unicode_look : &ascii_look;
  guint room = columns > 0 ? CLAMP (columns, LEAST_CELLS + MARGIN + 1, MOST_CELLS + MARGIN + 1)
                           : MOST_CELLS + MARGIN + 1;
  guint cells = MIN (stretches->len, room - MARGIN - 1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree Cell *line = g_new0 (Cell, MAX (cells, 1));
  gboolean failed = FALSE, drawn = FALSE;
  guint fastest = 0;

  for (guint i = 0; i < cells; i++)
    {
      line[i] = sum_cell (stretches, i * stretches->len / cells, (i + 1) * stretches->len / cells);
      fastest = MAX (fastest, speed_of (&line[i]));
      failed |= line[i].failed;
      drawn |= line[i].failed || line[i].measured;
    }
  if (!drawn)
    return NULL;
  g_string_append_printf (text, "%*s", MARGIN, "");
  for (guint i = 0; i < cells; i++)
    g_string_append (text, draw_cell (&line[i], fastest, look));
  g_string_append_c (text, '\n');
  append_axis (text, blocks, cells);
  append_legend (text, fastest, failed, look);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
