/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's messages, its start, and its main loop. */
#include "updater/ofl-updater-keeper.h"

#include <errno.h>
#include <gio/gunixfdmessage.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "flash/ofl-guard.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-updater-here.h"

#define MESSAGE_TYPE "(sbbiss)"
#define KEEPER_FD 3
#define TICK_MS 200

/**
 * ofl_keeper_word_clear:
 * @self: a message
 */
void
ofl_keeper_word_clear (OflKeeperWord *self)
{
  g_free (self->word);
  g_free (self->text);
  g_free (self->english);
  *self = (OflKeeperWord){ 0 };
}

/* A sentence may have a path in it. */
static GVariant *
new_text (const char *text)
{
  return g_variant_new_take_string (g_utf8_make_valid (text != NULL ? text : "", -1));
}

/**
 * ofl_keeper_say:
 * @socket: the keeper's socket, either end
 * @word: a message
 * @with: (nullable): a socket that goes with it
 *
 * Returns: %FALSE when nobody is at the other end
 */
gboolean
ofl_keeper_say (GSocket *socket, const OflKeeperWord *word, GSocket *with)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (
      g_variant_new ("(sbbi@s@s)", word->word, word->by_us, word->crashed, word->status,
                     new_text (word->text), new_text (word->english)));
  GOutputVector vector = { g_variant_get_data (message), g_variant_get_size (message) };
  g_autoptr (GSocketControlMessage) descriptor = NULL;

  if (with != NULL)
    {
      descriptor = g_unix_fd_message_new ();
      if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (descriptor), g_socket_get_fd (with),
                                        NULL))
        return FALSE;
    }
  return g_socket_send_message (socket, NULL, &vector, 1, with != NULL ? &descriptor : NULL,
                                with != NULL ? 1 : 0, 0, NULL, NULL)
         == (gssize) vector.size;
}

/**
 * ofl_keeper_take_socket:
 * @fd: (transfer full): what somebody has handed over
 *
 * Returns: (transfer full) (nullable): it, if it is a Unix socket; else it is closed, and untouched
 */
GSocket *
ofl_keeper_take_socket (int fd)
{
  struct sockaddr_un name = { 0 };
  socklen_t length = sizeof name;

  /* g_socket_new_from_fd() of GLib 2.74 closes what it cannot take, and changes a file's flags before that */
  if (getsockname (fd, (struct sockaddr *) &name, &length) == 0 && name.sun_family == AF_UNIX)
    return g_socket_new_from_fd (fd, NULL);
  close (fd);
  return NULL;
}

static GSocket *
take_socket (GSocketControlMessage *message)
{
  GSocket *socket = NULL;
  g_autofree int *fds = NULL;
  int n = 0;

  if (!G_IS_UNIX_FD_MESSAGE (message))
    return NULL;
  fds = g_unix_fd_message_steal_fds (G_UNIX_FD_MESSAGE (message), &n);
  for (int i = 0; i < n; i++)
    {
      if (i == 0)
        socket = ofl_keeper_take_socket (fds[i]);
      else
        close (fds[i]);
    }
  return socket;
}

static void
parse (const char *data, gsize length, OflKeeperWord *word)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GVariant) message
      = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (MESSAGE_TYPE), bytes, FALSE));

  g_variant_get (message, MESSAGE_TYPE, &word->word, &word->by_us, &word->crashed, &word->status,
                 &word->text, &word->english);
}

/**
 * ofl_keeper_hear:
 * @socket: the keeper's socket, either end
 * @word: (out caller-allocates): the message
 * @with: (out) (optional) (nullable): a socket that came with it
 *
 * Nothing that comes is believed: what is no message has the word "".
 *
 * Returns: 1 for a message, 0 when there is none now, -1 when the other end is gone
 */
gssize
ofl_keeper_hear (GSocket *socket, OflKeeperWord *word, GSocket **with)
{
  g_autofree char *data = g_malloc (OFL_UPDATER_KEEPER_MESSAGE);
  GInputVector vector = { data, OFL_UPDATER_KEEPER_MESSAGE };
  GSocketControlMessage **messages = NULL;
  g_autoptr (GError) error = NULL;
  int n_messages = 0;
  gssize n = g_socket_receive_message (socket, NULL, &vector, 1, &messages, &n_messages, NULL, NULL,
                                       &error);

  /* of an end that closed before it had read all, Linux tells that first, and its last word behind it */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    {
      g_clear_error (&error);
      n = g_socket_receive_message (socket, NULL, &vector, 1, &messages, &n_messages, NULL, NULL,
                                    &error);
    }
  *word = (OflKeeperWord){ 0 };
  if (with != NULL)
    *with = NULL;
  for (int i = 0; i < n_messages; i++)
    {
      g_autoptr (GSocket) came = take_socket (messages[i]);

      if (with != NULL && *with == NULL)
        *with = g_steal_pointer (&came);
      g_object_unref (messages[i]);
    }
  g_free (messages);
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return 0;
  if (n <= 0)
    return -1;
  parse (data, (gsize) n, word);
  return 1;
}

static char **
make_arguments (const char *program, const OflUpdaterOptions *options)
{
  g_autofree char *cache = g_canonicalize_filename (options->cache, NULL);
  g_autofree char *libdir = g_canonicalize_filename (options->libdir, NULL);
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup (program));
  g_ptr_array_add (argv, g_strdup_printf ("--cache=%s", cache));
  g_ptr_array_add (argv, g_strdup_printf ("--libdir=%s", libdir));
  if (!options->shown)
    g_ptr_array_add (argv, g_strdup ("--hidden"));
  for (guint i = 0; options->arguments[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup_printf ("--argument=%s", options->arguments[i]));
  g_ptr_array_add (argv, g_strdup ("--"));
  for (guint i = 0; options->files[i] != NULL; i++)
    g_ptr_array_add (argv, g_canonicalize_filename (options->files[i], NULL));
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}

/**
 * ofl_updater_keeper_spawn:
 * @program: the path of optiflash-cage
 * @options: how the program is run
 * @error: return location: %OFL_ERROR_NOT_SUPPORTED
 *
 * Starts a keeper, which waits for a job. It outlives this process, and ends with whoever has the socket.
 *
 * Returns: the job's end of its socket, or -1
 */
int
ofl_updater_keeper_spawn (const char *program, const OflUpdaterOptions *options, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) cause = NULL;
  g_auto (GStrv) argv = make_arguments (program, options);
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
    {
      ofl_set_error (error, OFL_ERROR_FAILED, _ ("The maker's program cannot be run: %s."),
                     ofl_errno_words (errno));
      return -1;
    }
  g_subprocess_launcher_set_child_setup (launcher, ofl_guard_leave_terminal, NULL, NULL);
  g_subprocess_launcher_take_fd (launcher, fds[1], KEEPER_FD);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &cause);
  if (process != NULL)
    return fds[0];
  close (fds[0]);
  ofl_set_error (
      error, OFL_ERROR_NOT_SUPPORTED,
      _ ("A part of Optiflash is missing or cannot be started, by which the maker's program "
         "is run: %s. Nothing was sent to the drive. Install Optiflash anew."),
      program);
  return -1;
}

/* The keeper's own process. */
typedef struct {
  OflUpdaterRunner *runner;
  GSocket *socket;
  GMainLoop *loop;
  gboolean begun;
  gboolean told; /* that it runs */
} Keeper;

static void
say (Keeper *self, const char *word)
{
  const OflKeeperWord message = { .word = (char *) word };

  ofl_keeper_say (self->socket, &message, NULL);
}

static void
say_failed (Keeper *self, const GError *error)
{
  const gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  const OflKeeperWord message = { .word = (char *) OFL_UPDATER_KEEPER_FAILED,
                                  .status = cancelled                    ? -1
                                            : error->domain == OFL_ERROR ? error->code
                                                                         : OFL_ERROR_FAILED,
                                  .text = error->message,
                                  .english = (char *) ofl_error_english (error) };

  ofl_keeper_say (self->socket, &message, NULL);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Keeper *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OflUpdaterEnd) end = ofl_updater_runner_run_finish (self->runner, result, &error);

  if (end != NULL)
    {
      const OflKeeperWord message = { .word = (char *) OFL_UPDATER_KEEPER_ENDED,
                                      .by_us = end->ended_by_us,
                                      .crashed = end->crashed,
                                      .status = end->status,
                                      .text = end->output };

      ofl_keeper_say (self->socket, &message, NULL);
    }
  else
    say_failed (self, error);
  g_main_loop_quit (self->loop);
}

static gboolean
on_tick (gpointer data)
{
  Keeper *self = data;

  if (!self->told && ofl_updater_runner_is_running (self->runner))
    {
      self->told = TRUE;
      say (self, OFL_UPDATER_KEEPER_RUNNING);
    }
  return G_SOURCE_CONTINUE;
}

static void
end (Keeper *self)
{
  if (self->begun)
    ofl_updater_runner_end (self->runner);
  else
    g_main_loop_quit (self->loop);
}

static gboolean
on_heard (GSocket *socket, GIOCondition condition, gpointer data)
{
  Keeper *self = data;
  g_auto (OflKeeperWord) word = { 0 };
  gssize n = ofl_keeper_hear (socket, &word, NULL);

  if (n < 0 || (n > 0 && g_str_equal (word.word, OFL_UPDATER_KEEPER_END)))
    end (self);
  else if (n > 0 && !self->begun && g_str_equal (word.word, OFL_UPDATER_KEEPER_GO))
    {
      self->begun = TRUE;
      ofl_updater_runner_run_async (self->runner, on_ended, self);
    }
  return n < 0 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/**
 * ofl_updater_keeper_main:
 * @options: how the program is run
 * @fd: the keeper's end of its socket
 *
 * The keeper's whole life. When the other end is closed, however far the program is, it is ended: with
 * nobody to bring its commands to the drive it can do nothing any more.
 *
 * Returns: exit status
 */
int
ofl_updater_keeper_main (const OflUpdaterOptions *options, int fd)
{
  g_autoptr (OflUpdaterRunner) runner = ofl_updater_here_new (options);
  g_autoptr (GSocket) socket = ofl_keeper_take_socket (fd);
  g_autoptr (GSocket) listening = NULL;
  g_autoptr (GSource) source = NULL;
  g_autoptr (GError) error = NULL;
  Keeper self = { .runner = runner, .socket = socket };
  const OflKeeperWord open = { .word = (char *) OFL_UPDATER_KEEPER_OPEN };
  guint tick;

  if (socket == NULL)
    return 2;
  g_socket_set_blocking (socket, FALSE);
  listening = ofl_updater_runner_open (runner, NULL, &error);
  if (listening == NULL)
    {
      say_failed (&self, error);
      return 1;
    }
  if (!ofl_keeper_say (socket, &open, listening))
    return 1;
  g_clear_object (&listening);
  self.loop = g_main_loop_new (NULL, FALSE);
  source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_heard), &self, NULL);
  g_source_attach (source, NULL);
  tick = g_timeout_add (TICK_MS, on_tick, &self);
  g_main_loop_run (self.loop);
  g_source_remove (tick);
  g_source_destroy (source);
  g_main_loop_unref (self.loop);
  return 0;
}
