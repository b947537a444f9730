/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size of a terminal that is tiny, tells none, or is closed, and the bars that are drawn there
 * (finding A1): arithmetic on such a width ended a write. */
#include "ctl-out.h"

#include <locale.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl-text.h"
#include "ctl-view.h"
#include "flash/ofl-progress-private.h"

#define FEWEST 20 /* columns in which "In all" and a stage's name still stand */

typedef struct {
  int master;
  int kept; /* the test's own standard output */
} Pty;

static void
set_size (const Pty *pty, gushort rows, gushort columns)
{
  struct winsize size = { .ws_row = rows, .ws_col = columns };

  g_assert_cmpint (ioctl (pty->master, TIOCSWINSZ, &size), ==, 0);
}

/* Standard output is a terminal from now on. */
static void
pty_begin (Pty *pty)
{
  int slave;

  g_assert_cmpint (openpty (&pty->master, &slave, NULL, NULL, NULL), ==, 0);
  fflush (stdout);
  pty->kept = dup (STDOUT_FILENO);
  g_assert_cmpint (dup2 (slave, STDOUT_FILENO), ==, STDOUT_FILENO);
  close (slave);
  ofl_ctl_out_init ();
  g_set_print_handler (NULL);
  g_set_printerr_handler (NULL);
}

static void
pty_end (Pty *pty)
{
  g_assert_cmpint (dup2 (pty->kept, STDOUT_FILENO), ==, STDOUT_FILENO);
  close (pty->kept);
}

static void
test_sizes (void)
{
  static const struct {
    gushort rows, columns;
    guint want_rows, want_columns;
  } sizes[] = {
    { 24, 80, 24, 80 }, { 50, 200, 50, 200 }, { 24, 21, 24, 21 }, { 24, 20, 24, 20 },
    { 24, 19, 24, 20 }, { 1, 1, 1, 20 },      { 0, 0, 24, 80 }, /* a serial line tells none */
  };
  Pty pty;

  pty_begin (&pty);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      set_size (&pty, sizes[i].rows, sizes[i].columns);
      g_assert_cmpuint (ofl_ctl_rows (STDOUT_FILENO), ==, sizes[i].want_rows);
      g_assert_cmpuint (ofl_ctl_columns (STDOUT_FILENO), ==, sizes[i].want_columns);
    }
  close (pty.master);
  pty_end (&pty);
}

/* A terminal that has hung up stays one, of a size that can be reckoned with. */
static void
test_a1_closed (void)
{
  Pty pty;

  pty_begin (&pty);
  set_size (&pty, 30, 100);
  g_assert_cmpuint (ofl_ctl_columns (STDOUT_FILENO), ==, 100);
  close (pty.master);
  g_assert_false (isatty (STDOUT_FILENO));
  g_assert_true (ofl_ctl_is_terminal (STDOUT_FILENO));
  g_assert_cmpuint (ofl_ctl_columns (STDOUT_FILENO), ==, 80);
  g_assert_cmpuint (ofl_ctl_rows (STDOUT_FILENO), ==, 24);
  pty_end (&pty);
}

/* No line reaches the last column, none is lost, and none is too many. */
static void
test_a12_bars (void)
{
  static const guint widths[] = { FEWEST, FEWEST + 1, 39, 40, 69, 70, 80, 300 };
  OflProgress *progress = ofl_progress_new ();
  OflProgressView view;

  ofl_progress_plan_stage (progress, OFL_STAGE_ERASE, 0, 20000, 40000);
  ofl_progress_plan_stage (progress, OFL_STAGE_PROGRAM, 1 << 20, 20000, 40000);
  ofl_progress_begin_stage (progress, OFL_STAGE_ERASE, 0);
  ofl_progress_read (progress, &view);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    for (guint rows = 1; rows < 12; rows++)
      {
        g_autoptr (GPtrArray) lines = ofl_ctl_bars (&view, widths[i], rows, TRUE);
        g_autoptr (GString) all = g_string_new (NULL);

        for (guint k = 0; k < lines->len; k++)
          {
            const char *line = g_ptr_array_index (lines, k);

            g_assert_cmpuint (ofl_ctl_text_width (line), <, widths[i]);
            g_string_append_printf (all, "%s\n", line);
          }
        g_assert_cmpuint (lines->len, <=, rows);
        g_assert_nonnull (strstr (all->str, "In all"));
        g_assert_true (rows < 4 || strstr (all->str, "Erase") != NULL);
      }
  ofl_progress_unref (progress);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl-out/sizes", test_sizes);
  g_test_add_func ("/ctl-out/a1-closed", test_a1_closed);
  g_test_add_func ("/ctl-out/a12-bars", test_a12_bars);
  return g_test_run ();
}
