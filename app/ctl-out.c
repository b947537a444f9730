/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that the command line prints goes through here, so that nothing which a drive or a file's name
 * says is obeyed by a terminal, lines break at words, and a terminal that is gone or stands still
 * never ends or holds up a job. */
#include "ctl-out.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "ctl-terminal.h"
#include "ctl-text.h"
#include "flash/ofl-guard.h"

#define FEWEST_COLUMNS 20
#define USUAL_COLUMNS 80
#define USUAL_ROWS 24

typedef struct {
  int fd;
  char *text;
} Piece;

/* By descriptor, 1 and 2. A terminal stays one for us after it has hung up. */
static struct {
  gboolean terminal;
  OflCtlWrap wrap;
  int error; /* of the first write that failed; nothing is written after it */
} outputs[3];

/* What a job's main loop has handed to the thread that may wait for the terminal. */
static GMutex lock;
static GCond changed;
static GQueue pieces = G_QUEUE_INIT;
static gsize waiting; /* bytes not written yet */
static GThread *writer;
static gboolean ending;
static gboolean given_up;

/**
 * ofl_ctl_is_terminal:
 * @fd: standard output or standard error
 *
 * Returns: whether it was a terminal when the program began
 */
gboolean
ofl_ctl_is_terminal (int fd)
{
  return outputs[fd].terminal;
}

static void
get_size (int fd, guint *columns, guint *rows)
{
  ofl_ctl_terminal_get_size (fd, columns, rows);
  *columns = *columns > 0 ? MAX (*columns, FEWEST_COLUMNS) : USUAL_COLUMNS;
  *rows = *rows > 0 ? *rows : USUAL_ROWS;
}

/**
 * ofl_ctl_columns:
 * @fd: standard output or standard error
 *
 * Returns: the terminal's width in characters, 0 when it is none
 */
guint
ofl_ctl_columns (int fd)
{
  guint columns, rows;

  get_size (fd, &columns, &rows);
  return outputs[fd].terminal ? columns : 0;
}

/**
 * ofl_ctl_rows:
 * @fd: standard output or standard error
 *
 * Returns: the terminal's height in lines, at least 1
 */
guint
ofl_ctl_rows (int fd)
{
  guint columns, rows;

  get_size (fd, &columns, &rows);
  return rows;
}

/**
 * ofl_ctl_unicode:
 *
 * Returns: whether the terminal can be expected to show more than ASCII
 */
gboolean
ofl_ctl_unicode (void)
{
  return ofl_ctl_terminal_charset (NULL);
}

/* Returns errno, 0 when all is written. Waits for as long as the reader stands still. */
static int
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n >= 0)
        {
          text += n;
          left -= (gsize) n;
        }
      else if (errno == EAGAIN)
        ofl_ctl_terminal_wait (fd);
      else if (errno != EINTR)
        return errno;
    }
  return 0;
}

static gpointer
writer_thread (gpointer data)
{
  g_mutex_lock (&lock);
  for (;;)
    {
      Piece *piece = g_queue_pop_head (&pieces);
      gsize length;

      if (piece == NULL && ending)
        break;
      if (piece == NULL)
        {
          g_cond_wait (&changed, &lock);
          continue;
        }
      length = strlen (piece->text);
      if (outputs[piece->fd].error == 0)
        {
          int error;

          g_mutex_unlock (&lock);
          error = write_all (piece->fd, piece->text);
          g_mutex_lock (&lock);
          if (outputs[piece->fd].error == 0)
            outputs[piece->fd].error = error;
        }
      waiting -= MIN (waiting, length);
      g_free (piece->text);
      g_free (piece);
    }
  g_mutex_unlock (&lock);
  return NULL;
}

/* @text: (transfer full) */
static void
put (int fd, char *text)
{
  g_mutex_lock (&lock);
  if (outputs[fd].error == 0 && writer != NULL)
    {
      Piece *piece = g_new (Piece, 1);

      *piece = (Piece){ fd, g_steal_pointer (&text) };
      waiting += strlen (piece->text);
      g_queue_push_tail (&pieces, piece);
      g_cond_signal (&changed);
    }
  else if (outputs[fd].error == 0)
    outputs[fd].error = write_all (fd, text);
  g_mutex_unlock (&lock);
  g_free (text);
}

static void
put_in_charset (int fd, const char *text)
{
  const char *charset;

  put (fd, ofl_ctl_terminal_charset (&charset) ? g_strdup (text)
                                               : ofl_ctl_text_to_charset (text, charset));
}

static void
print (int fd, const char *text)
{
  g_autofree char *safe = ofl_ctl_text_escape (text, FALSE);
  g_autofree char *wrapped = NULL;

  if (!outputs[fd].terminal)
    {
      put_in_charset (fd, safe);
      return;
    }
  outputs[fd].wrap.columns = ofl_ctl_columns (fd);
  wrapped = ofl_ctl_text_wrap (&outputs[fd].wrap, safe);
  put_in_charset (fd, wrapped);
}

static void
on_print (const char *text)
{
  print (STDOUT_FILENO, text);
}

static void
on_printerr (const char *text)
{
  print (STDERR_FILENO, text);
}

/**
 * ofl_ctl_out_json:
 * @line: one line of JSON with its end; UTF-8 whatever the terminal shows
 */
void
ofl_ctl_out_json (const char *line)
{
  put (STDOUT_FILENO, ofl_ctl_text_escape (line, TRUE));
}

/**
 * ofl_ctl_out_draw:
 * @text: what the terminal is to obey, as it is; whatever comes from elsewhere is escaped in it
 */
void
ofl_ctl_out_draw (const char *text)
{
  put_in_charset (STDOUT_FILENO, text);
}

/**
 * ofl_ctl_out_answered:
 *
 * A question was answered with the Enter key, which began a new line.
 */
void
ofl_ctl_out_answered (void)
{
  outputs[STDOUT_FILENO].wrap = (OflCtlWrap){ 0 };
}

/**
 * ofl_ctl_out_init:
 *
 * Before anything is opened or printed, and after the locale was set.
 */
void
ofl_ctl_out_init (void)
{
  ofl_guard_fill_descriptors ();
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    outputs[fd].terminal = isatty (fd);
  g_set_print_handler (on_print);
  g_set_printerr_handler (on_printerr);
}

/**
 * ofl_ctl_out_finish:
 * @exit_status: what the program is about to end with
 * @is_product: what was printed is what was asked for: a list, a report. A job's is its verdict.
 *
 * Says so when the output could not be written.
 *
 * Returns: the exit status to end with
 */
int
ofl_ctl_out_finish (int exit_status, gboolean is_product)
{
  int error = outputs[STDOUT_FILENO].error;

  if (error == 0 || !is_product)
    return exit_status;
  /* who reads the first lines only and leaves wants to hear nothing */
  if (error != EPIPE)
    g_printerr (_ ("optiflashctl: The output could not be written: %s\n"), g_strerror (error));
  return exit_status != 0 ? exit_status : 1;
}

/**
 * ofl_ctl_out_begin_job:
 *
 * From now on nothing that is printed waits for the terminal: a thread does.
 */
void
ofl_ctl_out_begin_job (void)
{
  ending = FALSE;
  writer = g_thread_new ("ofl-output", writer_thread, NULL);
}

/**
 * ofl_ctl_out_waiting:
 *
 * Returns: how many bytes the terminal has not taken yet
 */
gsize
ofl_ctl_out_waiting (void)
{
  gsize bytes;

  g_mutex_lock (&lock);
  bytes = waiting;
  g_mutex_unlock (&lock);
  return bytes;
}

/**
 * ofl_ctl_out_give_up:
 *
 * Nobody waits for the terminal any more: what it has not taken by now is lost, and so is all that
 * would come after it.
 */
void
ofl_ctl_out_give_up (void)
{
  g_mutex_lock (&lock);
  outputs[STDOUT_FILENO].error = outputs[STDERR_FILENO].error = ETIMEDOUT;
  given_up = TRUE;
  waiting = 0;
  g_mutex_unlock (&lock);
}

/**
 * ofl_ctl_out_end_job:
 *
 * Ends what ofl_ctl_out_begin_job() has begun, all of it written or given up. A thread that still
 * waits for the terminal is left behind: it ends with the program.
 */
void
ofl_ctl_out_end_job (void)
{
  GThread *thread;

  g_mutex_lock (&lock);
  ending = TRUE;
  thread = g_steal_pointer (&writer);
  g_cond_signal (&changed);
  g_mutex_unlock (&lock);
  if (given_up)
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}

/**
 * ofl_ctl_out_is_lost:
 *
 * Returns: whether nothing can be shown on the standard output any more
 */
gboolean
ofl_ctl_out_is_lost (void)
{
  gboolean lost;

  g_mutex_lock (&lock);
  lost = outputs[STDOUT_FILENO].error != 0;
  g_mutex_unlock (&lock);
  return lost;
}
