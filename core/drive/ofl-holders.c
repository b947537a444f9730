/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a drive, or keeps it from this user: told from /proc and sysfs, without opening it. */
#include "drive/ofl-holders-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "ofl-core-resources.h"
#include "scsi/ofl-error.h"
#ifdef __linux__
#include "scsi/ofl-linux-users.h"
#endif

#define PROGRAMS "/org/optiflash/Optiflash/drives/holder-programs.ini"

static const OflHolderRoots system_roots = { "/proc", "/sys" };

static void
holder_free (gpointer data)
{
  OflHolder *self = data;

  g_free (self->where);
  g_free (self->name);
  g_free (self->remedy);
  g_free (self);
}

GPtrArray *
ofl_holders_new (void)
{
  return g_ptr_array_new_with_free_func (holder_free);
}

OflHolder *
ofl_holders_add (GPtrArray *holders, OflHolderKind kind, OflHolderWeight weight, const char *where,
                 const char *name)
{
  OflHolder *self = g_new0 (OflHolder, 1);

  self->kind = kind;
  self->weight = weight;
  self->where = g_strdup (where != NULL ? where : "");
  self->name = g_strdup (name != NULL ? name : "");
  g_ptr_array_add (holders, self);
  return self;
}

static void
add_access (GPtrArray *holders, const OflTarget *target)
{
  OflAccess access
      = ofl_access_check (ofl_target_get_sr_node (target), ofl_target_get_sg_node (target));
  OflHolder *self;

  if (access == OFL_ACCESS_USABLE)
    return;
  self = ofl_holders_add (holders, OFL_HOLDER_ACCESS, OFL_HOLDER_BLOCKS, ofl_target_get_id (target),
                          NULL);
  self->access = access;
  self->remedy = ofl_access_remedy (access, NULL);
}

#ifdef __linux__
static GKeyFile *
load_programs (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (ofl_core_get_resource (), PROGRAMS,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  GKeyFile *file = g_key_file_new ();

  if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, &error))
    g_critical ("The table of programs is missing: %s", error->message);
  return file;
}

static gboolean
is_listed (GKeyFile *programs, const char *group, const char *name)
{
  g_auto (GStrv) list = g_key_file_get_string_list (programs, group, "programs", NULL, NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    if (g_pattern_match_simple (list[i], name))
      return TRUE;
  return FALSE;
}

static OflHolderKind
kind_of_program (GKeyFile *programs, const OflNodeUser *user)
{
  if (user->pid == (guint64) getpid () || is_listed (programs, "optiflash", user->program))
    return OFL_HOLDER_OPTIFLASH;
  if (is_listed (programs, "burning", user->program))
    return OFL_HOLDER_BURNING;
  if (is_listed (programs, "virtual-machine", user->program))
    return OFL_HOLDER_VIRTUAL_MACHINE;
  if (is_listed (programs, "udisks", user->program))
    return OFL_HOLDER_UDISKS;
  return OFL_HOLDER_PROCESS;
}

/* What burns or writes is waited for; a virtual machine is shut down from inside; udisks never ends
 * by itself, and is started again when it is asked for. */
static char *
remedy_for_process (OflHolderKind kind, const OflNodeUser *user)
{
  if (kind == OFL_HOLDER_VIRTUAL_MACHINE)
    return NULL;
  if (kind == OFL_HOLDER_UDISKS)
    return g_strdup ("sudo systemctl stop udisks2");
  if (kind != OFL_HOLDER_PROCESS)
    return g_strdup_printf ("tail --pid=%" G_GUINT64_FORMAT " -f /dev/null", user->pid);
  return g_strdup_printf ("%skill %" G_GUINT64_FORMAT, user->foreign ? "sudo " : "", user->pid);
}

/* udisks lets its user unmount what it has mounted for him, and mounts nowhere else. */
static char *
remedy_for_mount (const char *node, const char *folder)
{
  g_autofree char *udisksctl = g_find_program_in_path ("udisksctl");
  g_autofree char *quoted = g_shell_quote (folder);

  if (udisksctl != NULL
      && (g_str_has_prefix (folder, "/media/") || g_str_has_prefix (folder, "/run/media/")))
    return g_strdup_printf ("udisksctl unmount -b %s", node);
  return g_strdup_printf ("sudo umount %s", quoted);
}

static void
add_user (GPtrArray *holders, GKeyFile *programs, const char *node, gboolean is_sg,
          const OflNodeUser *user)
{
  OflHolderKind kind;
  OflHolder *self;

  if (user->mount != NULL)
    {
      self = ofl_holders_add (holders, OFL_HOLDER_MOUNT, OFL_HOLDER_BLOCKS, node, user->mount);
      self->remedy = remedy_for_mount (node, user->mount);
      return;
    }
  kind = kind_of_program (programs, user);
  /* sg is given to one alone only when nobody else has it; sr is shared unless one took it alone,
   * which the kernel does not show */
  self = ofl_holders_add (holders, kind,
                          is_sg || kind != OFL_HOLDER_PROCESS ? OFL_HOLDER_BLOCKS
                                                              : OFL_HOLDER_WARNING,
                          node, user->program);
  self->pid = user->pid;
  self->reads = user->reads;
  self->writes = user->writes;
  self->remedy = remedy_for_process (kind, user);
}

static void
add_users (GPtrArray *holders, const OflTarget *target, const char *proc)
{
  const char *nodes[] = { ofl_target_get_sr_node (target), ofl_target_get_sg_node (target) };
  g_autoptr (GKeyFile) programs = load_programs ();

  for (guint n = 0; n < G_N_ELEMENTS (nodes); n++)
    {
      g_autoptr (GPtrArray) users = nodes[n] != NULL ? ofl_linux_node_list_users (proc, nodes[n])
                                                     : NULL;

      for (guint i = 0; users != NULL && i < users->len; i++)
        add_user (holders, programs, nodes[n], n == 1, g_ptr_array_index (users, i));
    }
}

static void
add_unseen (GPtrArray *holders, const OflTarget *target, const char *proc)
{
  guint hidden = ofl_linux_count_hidden (proc);
  OflHolder *self;

  if (hidden == 0)
    return;
  self = ofl_holders_add (holders, OFL_HOLDER_UNSEEN, OFL_HOLDER_REMARK, ofl_target_get_id (target),
                          NULL);
  self->number = hidden;
  self->remedy /* technical: a line for a terminal */
      = g_strdup_printf ("sudo optiflashctl info %s", ofl_target_get_id (target));
}
#endif

static int
compare_weights (gconstpointer a, gconstpointer b)
{
  const OflHolder *one = *(const OflHolder *const *) a, *other = *(const OflHolder *const *) b;

  return one->weight != other->weight ? (int) one->weight - (int) other->weight
                                      : (int) one->kind - (int) other->kind;
}

/**
 * ofl_holders_find:
 * @target: a drive
 * @roots: (nullable): where to look; %NULL: in this system
 *
 * Looks for all that keeps a drive from a write: who has it mounted or open, what is closed or
 * missing, what the kernel was told to do with it. Opens no device and sends nothing. Reads /proc
 * and sysfs for some milliseconds: worker threads only.
 *
 * Returns: (transfer full) (element-type OflHolder): the most serious first; empty for a practice
 *   drive, which has no nodes
 */
GPtrArray *
ofl_holders_find (const OflTarget *target, const OflHolderRoots *roots)
{
  GPtrArray *holders = ofl_holders_new ();

  if (ofl_target_is_practice (target))
    return holders;
  add_access (holders, target);
#ifdef __linux__
  if (roots == NULL)
    roots = &system_roots;
  add_users (holders, target, roots->proc);
  add_unseen (holders, target, roots->proc);
  ofl_holders_add_sysfs (holders, target, roots->sys);
#else
  ofl_holders_add (holders, OFL_HOLDER_UNSEEN, OFL_HOLDER_WARNING, ofl_target_get_id (target),
                   NULL);
#endif
  g_ptr_array_sort (holders, compare_weights);
  return holders;
}

/**
 * ofl_holders_find_hidden:
 * @roots: (nullable): where to look; %NULL: in this system
 *
 * Looks for devices that are, or may be, a drive that no program sees as one: without the driver
 * sr, or kept back by what the kernel was told. A few short files of sysfs.
 *
 * Returns: (transfer full) (element-type OflHolder): what is in the way, each with its device
 */
GPtrArray *
ofl_holders_find_hidden (const OflHolderRoots *roots)
{
  GPtrArray *holders = ofl_holders_new ();

#ifdef __linux__
  ofl_holders_add_hidden (holders, roots != NULL ? roots->sys : system_roots.sys);
#endif
  return holders;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *found = data != NULL ? ofl_holders_find (data, NULL) : ofl_holders_find_hidden (NULL);

  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ofl_holders_find_async:
 * @target: (nullable): a drive; %NULL: those that are hidden
 * @cancellable: (nullable): to let go of it
 * @callback: told on the calling thread's main context
 * @data: for @callback
 *
 * ofl_holders_find(), or ofl_holders_find_hidden(), on a worker thread.
 */
void
ofl_holders_find_async (OflTarget *target, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  if (target != NULL)
    g_task_set_task_data (task, ofl_target_ref (target), (GDestroyNotify) ofl_target_unref);
  g_task_run_in_thread (task, find_in_thread);
}

/**
 * ofl_holders_find_finish:
 * @result: what the callback got
 * @error: return location; %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type OflHolder): as of ofl_holders_find()
 */
GPtrArray *
ofl_holders_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_user (const OflHolder *self)
{
  return self->pid != 0 || self->kind == OFL_HOLDER_MOUNT;
}

static void
append_holder (GString *text, const OflHolder *self)
{
  g_autofree char *words = ofl_holder_describe (self);

  g_string_append_printf (text, " %s", words);
  if (self->remedy == NULL)
    return;
  g_string_append_c (text, ' ');
  /* Translators: a line to be typed */
  g_string_append_printf (text, _ ("In a terminal: %s"), self->remedy);
}

static char *
say_busy (const GError *error, const GPtrArray *holders)
{
  GString *text = g_string_new (ofl_error_text (error));
  gboolean named = FALSE;

  for (guint i = 0; i < holders->len; i++)
    if (is_user (g_ptr_array_index (holders, i)))
      {
        append_holder (text, g_ptr_array_index (holders, i));
        named = TRUE;
      }
  for (guint i = 0; !named && i < holders->len; i++)
    {
      const OflHolder *self = g_ptr_array_index (holders, i);

      if (self->kind == OFL_HOLDER_UNSEEN)
        append_holder (text, self);
    }
  return g_string_free (text, FALSE);
}

/**
 * ofl_holders_name_busy:
 * @target: a drive that could not be opened
 * @roots: (nullable): where to look; %NULL: in this system
 * @error: (inout): why
 *
 * Adds to %OFL_ERROR_BUSY who has the drive, as far as that can be seen, and what to do. Leaves
 * every other error as it is. Worker threads only.
 */
void
ofl_holders_name_busy (const OflTarget *target, const OflHolderRoots *roots, GError **error)
{
  g_autoptr (GPtrArray) holders = NULL;
  g_autoptr (GError) bare = NULL;

  if (error == NULL || !g_error_matches (*error, OFL_ERROR, OFL_ERROR_BUSY))
    return;
  holders = ofl_holders_find (target, roots);
  bare = g_steal_pointer (error);
  ofl_error_take (error, OFL_ERROR_BUSY, OFL_SENTENCE (say_busy (bare, holders)));
}

/**
 * ofl_holder_kind_id:
 * @kind: a kind
 *
 * Returns: its word for machines
 */
const char *
ofl_holder_kind_id (OflHolderKind kind)
{
  static const char *const ids[] = {
    [OFL_HOLDER_ACCESS] = "access",
    [OFL_HOLDER_MOUNT] = "mount",
    [OFL_HOLDER_PROCESS] = "process",
    [OFL_HOLDER_BURNING] = "burning",
    [OFL_HOLDER_VIRTUAL_MACHINE] = "virtual-machine",
    [OFL_HOLDER_UDISKS] = "udisks",
    [OFL_HOLDER_OPTIFLASH] = "optiflash",
    [OFL_HOLDER_UNSEEN] = "unseen",
    [OFL_HOLDER_DRIVER] = "driver",
    [OFL_HOLDER_USB_QUIRK] = "usb-quirk",
    [OFL_HOLDER_USB_UNAUTHORIZED] = "usb-unauthorized",
    [OFL_HOLDER_POLLING] = "polling",
  };

  return (gsize) kind < G_N_ELEMENTS (ids) ? ids[kind] : "unknown";
}

/**
 * ofl_holder_weight_id:
 * @weight: how serious it is
 *
 * Returns: its word for machines
 */
const char *
ofl_holder_weight_id (OflHolderWeight weight)
{
  static const char *const ids[] = {
    [OFL_HOLDER_BLOCKS] = "blocks",
    [OFL_HOLDER_WARNING] = "warning",
    [OFL_HOLDER_REMARK] = "remark",
  };

  return (gsize) weight < G_N_ELEMENTS (ids) ? ids[weight] : "unknown";
}
