/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass as a line of blocks: how fast the disc came, from its begin to its end, and where it
 * did not. Counted errors likewise: how many there were at most. */
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

static guint
room_for_cells (guint columns)
{
  guint room = columns > 0 ? CLAMP (columns, LEAST_CELLS + MARGIN + 1, MOST_CELLS + MARGIN + 1)
                           : MOST_CELLS + MARGIN + 1;

  return room - MARGIN - 1;
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
  guint cells = MIN (stretches->len, room_for_cells (columns));
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

/**
 * ofl_ctl_chart_errors:
 * @errors: (element-type OflErrorCount): what a drive counted, place after place
 * @blocks: size of the disc, blocks of 2048 bytes
 * @kind: what the first of each count is, "C1" or "PI"
 * @columns: width of the terminal; 0 when there is none
 * @unicode: whether it shows more than ASCII
 *
 * Each place shows the highest count in it; what was not reached stays empty.
 *
 * Returns: (transfer full) (nullable): lines that end with a line end; %NULL when nothing was counted
 */
char *
ofl_ctl_chart_errors (GArray *errors, guint32 blocks, const char *kind, guint columns,
                      gboolean unicode)
{
  const Look *look = unicode ? &unicode_look : &ascii_look;
  guint cells = MIN (errors->len, room_for_cells (columns));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint64 *line = g_new0 (guint64, MAX (cells, 1)); /* highest + 1; 0: none */
  guint64 most = 0;

  if (cells == 0 || blocks == 0)
    return NULL;
  for (guint i = 0; i < errors->len; i++)
    {
      const OflErrorCount *count = &g_array_index (errors, OflErrorCount, i);
      guint64 cell = (guint64) (count->position - MIN (count->position, 1)) * cells / blocks;

      cell = MIN (cell, cells - 1);
      line[cell] = MAX (line[cell], count->first + (guint64) 1);
      most = MAX (most, count->first);
    }
  g_string_append_printf (text, "%*s", MARGIN, "");
  for (guint i = 0; i < cells; i++)
    g_string_append (text, line[i] == 0 ? look->unread
                                        : look->heights[most > 0 ? (line[i] - 1) * 7 / most : 0]);
  g_string_append_c (text, '\n');
  append_axis (text, blocks, cells);
  g_string_append_printf (text, "%*s", MARGIN, "");
  /* Translators: a kind of errors ("C1"), and the most of them in one count */
  g_string_append_printf (text, _ ("%s, highest: %zu in one count\n"), kind, (gsize) most);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
