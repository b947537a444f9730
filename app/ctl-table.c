/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table on a terminal: columns as wide as what is in them. */
#include "ctl-output.h"

static void
print_row (const char *const *row, const guint *widths, guint n)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint c = 0; c < n; c++)
    {
      guint width = (guint) g_utf8_strlen (row[c], -1);

      g_string_append (line, row[c]);
      if (c + 1 < n)
        g_string_append_printf (line, "%*s", (int) (widths[c] - width + 2), "");
    }
  g_print ("%s\n", line->str);
}

static void
widen (guint *widths, const char *const *row, guint n)
{
  for (guint c = 0; c < n; c++)
    widths[c] = MAX (widths[c], (guint) g_utf8_strlen (row[c], -1));
}

/**
 * ofl_ctl_print_table:
 * @titles: (array zero-terminated=1): of the columns
 * @rows: (element-type GStrv): as many texts each
 *
 * Prints it with a line of titles.
 */
void
ofl_ctl_print_table (const char *const *titles, GPtrArray *rows)
{
  guint n = g_strv_length ((char **) titles);
  g_autofree guint *widths = g_new0 (guint, n);

  widen (widths, titles, n);
  for (guint i = 0; i < rows->len; i++)
    widen (widths, g_ptr_array_index (rows, i), n);
  print_row (titles, widths, n);
  for (guint i = 0; i < rows->len; i++)
    print_row (g_ptr_array_index (rows, i), widths, n);
}
