/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cage is, as bubblewrap's arguments. Nothing of the computer is in there but what is named
 * here: a file that is forgotten is missing inside, not open. */
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "flash/ofl-guard.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-updater-cage-private.h"
#include "updater/ofl-updater-wire.h"

#define INSIDE_WINDOWS OFL_CAGE_INSIDE_PREFIX "/drive_c/windows"
/* The linker of a process puts its own folder for $LIB: Debian's (two for 32 bit) and Fedora's */
#define PRELOAD_NAME "/optiflash-updater-preload.so"
#define INSIDE_PRELOAD "/cage/$LIB" PRELOAD_NAME
#define INSIDE_XAUTHORITY "/cage/xauthority"
#define X11_SOCKETS "/tmp/.X11-unix/X"

/* Nobody else's processes, network, shared memory, host name; no rights; ends when we do. */
static const char *const walls[]
    = { "bwrap", "--unshare-user-try", "--unshare-pid", "--unshare-net", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--cap-drop",
        "ALL", "--clearenv",
        /* the system, read-only, and nothing of /etc but what the linker and fonts want */
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
        "/lib64", "--symlink", "usr/lib32", "/lib32", "--symlink", "usr/bin", "/bin",
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try",
        "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/fonts", "/etc/fonts",
        /* null, zero, full, random, urandom, tty: no device of the computer's */
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/cage/home", "--dir",
        OFL_CAGE_INSIDE_EMPTY, NULL };

/* No menu entries, no installer of .NET or a browser; an ASPI manager that is no part of Wine. */
static const char *const environment[][2] = {
  { "PATH", "/usr/bin:/bin" },
  { "HOME", "/cage/home" },
  { "USER", "user" },
  { "LANG", "C.UTF-8" },
  { "WINEPREFIX", OFL_CAGE_INSIDE_PREFIX },
  { "WINEDEBUG", "-all" },
  { "WINEDLLOVERRIDES", "winemenubuilder.exe,mscoree,mshtml=d;wnaspi32=n,b" },
};

static const char *const preloads[][2] = {
  { OFL_CAGE_PRELOAD, "/cage/lib/x86_64-linux-gnu" PRELOAD_NAME },
  { OFL_CAGE_PRELOAD, "/cage/lib64" PRELOAD_NAME },
  { OFL_CAGE_PRELOAD_32, "/cage/lib/i386-linux-gnu" PRELOAD_NAME },
  { OFL_CAGE_PRELOAD_32, "/cage/lib32" PRELOAD_NAME },
  { OFL_CAGE_PRELOAD_32, "/cage/lib" PRELOAD_NAME },
};

static void
add_all (GPtrArray *to, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (to, g_strdup (words[i]));
}

static void
add (GPtrArray *to, const char *option, const char *first, const char *second)
{
  const char *const words[] = { option, first, second, NULL };

  add_all (to, words);
}

static void
add_library (GPtrArray *to, const char *libdir, const char *name, const char *inside)
{
  g_autofree char *path = g_build_filename (libdir, name, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    add (to, "--ro-bind", path, inside);
}

/* Over Wine's own, which would look for nodes of the computer. A folder that is read-only takes nothing
 * where nothing is. */
static void
add_aspi (GPtrArray *to, const OflCageLayout *layout, const char *folder, const char *name)
{
  g_autofree char *wines = g_build_filename (layout->windows, folder, "wnaspi32.dll", NULL);
  g_autofree char *inside = g_build_filename (INSIDE_WINDOWS, folder, "wnaspi32.dll", NULL);

  if (g_file_test (wines, G_FILE_TEST_EXISTS))
    add_library (to, layout->libdir, name, inside);
}

static void
add_drive (GPtrArray *to, const OflCageLayout *layout)
{
  add (to, "--bind", layout->drive, OFL_CAGE_INSIDE_DRIVE);
  add (to, "--bind", layout->socket, OFL_CAGE_INSIDE_SOCKET);
  for (guint i = 0; i < G_N_ELEMENTS (preloads); i++)
    add_library (to, layout->libdir, preloads[i][0], preloads[i][1]);
  add (to, "--setenv", OFL_UPDATER_WIRE_DRIVE, OFL_CAGE_INSIDE_DRIVE);
  add (to, "--setenv", OFL_UPDATER_WIRE_SOCKET, OFL_CAGE_INSIDE_SOCKET);
  add (to, "--setenv", "LD_PRELOAD", INSIDE_PRELOAD);
}

/* ":1", ":1.0"; another computer's display cannot be reached from the cage. */
static void
add_display (GPtrArray *to, const OflCageLayout *layout)
{
  guint64 number;
  g_autofree char *digits = NULL, *socket = NULL;

  if (layout->hidden || layout->display == NULL || layout->display[0] != ':')
    return;
  digits = g_strndup (layout->display + 1, strcspn (layout->display + 1, "."));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &number, NULL))
    return;
  socket = g_strconcat (X11_SOCKETS, digits, NULL);
  add (to, "--ro-bind-try", socket, socket);
  add (to, "--setenv", "DISPLAY", layout->display);
  if (layout->xauthority == NULL)
    return;
  add (to, "--ro-bind-try", layout->xauthority, INSIDE_XAUTHORITY);
  add (to, "--setenv", "XAUTHORITY", INSIDE_XAUTHORITY);
}

#define BEGUN G_STRINGIFY (OFL_CAGE_BEGUN_FD)

/* The first that happens inside is said on a pipe, which nobody has when the EXE starts: what lies in the
 * prefix, an EXE can make or remove. Then a display of its own if it is to be hidden. The EXE may leave
 * children behind that do its work, as a self-extracting archive does: the cage stands until Wine's
 * server has seen the last. A server that ends by itself removes its socket. Without one that was killed some
 * programs end as if all were well, and others wait for an answer for ever, with each thread at a pipe: these are
 * killed. One that goes on without the server may be writing, and is left alone. Beside an EXE that was killed
 * Wine's own programs may run for ever: only others are waited for then. */
static const char script[]
    = "{ echo begun >&" BEGUN "; } 2>/dev/null\n"
      "exec " BEGUN ">&-\n"
      "if [ \"$1\" = hidden ]; then\n"
      "  Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>/tmp/display 2>/dev/null &\n"
      "  n=0\n"
      "  until [ -s /tmp/display ] || [ $n = 200 ]; do sleep 0.05; n=$((n + 1)); done\n"
      "  DISPLAY=:$(cat /tmp/display); export DISPLAY\n"
      "fi\n"
      "shift\n"
      "has_socket() {\n"
      "  for socket in /tmp/wine-*/server-*/socket /tmp/.wine-*/server-*/socket; do\n"
      "    [ ! -S \"$socket\" ] || return 0\n"
      "  done\n"
      "  return 1\n"
      "}\n"
      "is_stuck() {\n"
      "  for thread in /proc/$program/task/*/wchan; do\n"
      "    case $(cat $thread) in *pipe_read | *pipe_wait) ;; *) return 1 ;; esac\n"
      "  done 2>/dev/null\n"
      "}\n"
      "others_run() {\n"
      "  for file in /proc/[0-9]*/comm; do\n"
      "    read -r name <$file || continue\n"
      "    case $name in\n"
      "      bwrap | sh | sleep | Xvfb | wineserver* | services.exe | winedevice.exe) ;;\n"
      "      wineboot.exe | plugplay.exe | svchost.exe | explorer.exe | rpcss.exe) ;;\n"
      "      *) return 0 ;;\n"
      "    esac\n"
      "  done 2>/dev/null\n"
      "  return 1\n"
      "}\n"
      "\"$@\" &\n"
      "program=$!\n"
      "{\n"
      "  until has_socket; do sleep 0.1; done\n"
      "  wineserver -w && has_socket || exit 0\n"
      "  : >/tmp/lost\n"
      "  until is_stuck && sleep 1 && is_stuck; do sleep 1; done\n"
      "  kill -KILL $program\n"
      "} &\n"
      "wait $program; status=$?\n"
      "while [ $status -gt 128 ] && [ ! -e /tmp/lost ] && others_run; do sleep 0.2; done\n"
      "until [ $status -gt 128 ] || wineserver -w || [ $? -le 128 ]; do :; done\n"
      "! has_socket || [ $status -gt 128 ] || status=137\n"
      "exit $status\n";

/**
 * ofl_cage_arguments:
 * @layout: what is shown of the computer
 * @command: (array zero-terminated=1): what runs in there, as a program of /usr/bin with arguments
 *
 * Returns: (transfer full) (array zero-terminated=1): the command line outside
 */
char **
ofl_cage_arguments (const OflCageLayout *layout, const char *const *command)
{
  GPtrArray *to = g_ptr_array_new ();

  add_all (to, walls);
  for (guint i = 0; i < G_N_ELEMENTS (environment); i++)
    add (to, "--setenv", environment[i][0], environment[i][1]);
  add (to, "--bind", layout->prefix, OFL_CAGE_INSIDE_PREFIX);
  if (layout->windows != NULL)
    {
      add (to, "--ro-bind", layout->windows, INSIDE_WINDOWS);
      add_all (to, (const char *const[]){ "--tmpfs", INSIDE_WINDOWS "/temp", NULL });
      add_aspi (to, layout, "system32", OFL_CAGE_ASPI);
      add_aspi (to, layout, "syswow64", OFL_CAGE_ASPI_32);
    }
  if (layout->drive != NULL)
    add_drive (to, layout);
  add_display (to, layout);
  add_all (to, (const char *const[]){
                   /* one path of three pieces: NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
                   "--chdir", OFL_CAGE_INSIDE_PREFIX "/drive_c/" OFL_CAGE_PROGRAM_FOLDER, "sh",
                   "-c", script, "sh", layout->hidden ? "hidden" : "shown", NULL });
  add_all (to, command);
  g_ptr_array_add (to, NULL);
  return (char **) g_ptr_array_free (to, FALSE);
}

static GSubprocess *
spawn (char **argv, int *begun, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return NULL;
  *begun = fds[0];
  g_subprocess_launcher_set_child_setup (launcher, ofl_guard_leave_terminal, NULL, NULL);
  g_subprocess_launcher_take_fd (launcher, fds[1], OFL_CAGE_BEGUN_FD);
  if (!g_unix_set_fd_nonblocking (fds[0], TRUE, error))
    return NULL;
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
}

/**
 * ofl_cage_spawn:
 * @layout: what is shown of the computer
 * @command: (array zero-terminated=1): what runs in there, as a program of /usr/bin with arguments
 * @begun: (out): for ofl_cage_has_begun(), to be closed; -1 where there is none
 * @error: return location: %OFL_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): bubblewrap, its output and the cage's in one pipe
 */
GSubprocess *
ofl_cage_spawn (const OflCageLayout *layout, const char *const *command, int *begun, GError **error)
{
  g_auto (GStrv) argv = ofl_cage_arguments (layout, command);
  GError *cause = NULL;
  GSubprocess *process;

  *begun = -1;
  process = spawn (argv, begun, &cause);
  if (process == NULL)
    ofl_cage_take_error (error, OFL_ERROR_FAILED, cause);
  return process;
}

/**
 * ofl_cage_has_begun:
 * @begun: what ofl_cage_spawn() made
 *
 * Whether anything happened inside; without it bubblewrap has failed, and its output says why. Nothing in
 * the cage can make it untrue once the program has started. For once, when the cage has ended.
 *
 * Returns: whether the program may have sent something
 */
gboolean
ofl_cage_has_begun (int begun)
{
  char mark;

  return begun >= 0 && read (begun, &mark, 1) == 1;
}

static gboolean
find_tool (const char *program, const char *package, GError **error)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path != NULL)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("The maker's program cannot be run here, for “%s” is not installed. Nothing was "
                    "sent to the drive. On Debian, install the package %s."),
                 program, package);
  return FALSE;
}

/**
 * ofl_cage_find_tools:
 * @hidden: whether a display of the cage's own is wanted
 * @error: return location: %OFL_ERROR_NOT_SUPPORTED, with the package that is missing
 *
 * Returns: whether all programs are there that a cage needs
 */
gboolean
ofl_cage_find_tools (gboolean hidden, GError **error)
{
  return find_tool ("wine", "wine", error) && find_tool ("wineserver", "wine", error)
         && find_tool ("bwrap", "bubblewrap", error)
         && (!hidden || find_tool ("Xvfb", "xvfb", error));
}

/**
 * ofl_cage_set_error:
 * @printed: what the cage printed before it ended without having begun; any bytes
 * @error: return location: %OFL_ERROR_NOT_SUPPORTED
 */
void
ofl_cage_set_error (const char *printed, GError **error)
{
  g_autofree char *output = g_utf8_make_valid (printed, -1);

  if (strstr (output, "namespace") != NULL)
    ofl_set_error (
        error, OFL_ERROR_NOT_SUPPORTED,
        _ ("The maker's program cannot be run here, for this system lets no user close it "
           "off (user namespaces). Nothing was sent to the drive. An administrator can "
           "allow it: sysctl kernel.unprivileged_userns_clone=1\n%s"),
        output);
  else
    ofl_set_error (error, OFL_ERROR_FAILED,
                   _ ("The cage for the maker's program could not be made. Nothing was sent to the "
                      "drive. The line below says why.\n%s"),
                   output);
}

/**
 * ofl_cage_set_cancelled:
 * @error: return location: %G_IO_ERROR_CANCELLED
 */
void
ofl_cage_set_cancelled (GError **error)
{
  g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
      _ ("The maker's program was ended before it had begun. Nothing was sent to the drive."));
}

/**
 * ofl_cage_take_error:
 * @error: return location
 * @code: what went wrong, where @cause does not say it in our words
 * @cause: (transfer full): what kept the cage from being made
 *
 * Another library's error says neither what it means for the drive nor that it was the cage.
 */
void
ofl_cage_take_error (GError **error, OflError code, GError *cause)
{
  if (cause->domain == OFL_ERROR)
    {
      g_propagate_error (error, cause);
      return;
    }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ofl_cage_set_cancelled (error);
  else
    ofl_set_error (error, code,
                   _ ("The cage for the maker's program could not be made. Nothing was sent to the "
                      "drive. The line below says why.\n%s"),
                   ofl_error_text (cause));
  g_error_free (cause);
}
