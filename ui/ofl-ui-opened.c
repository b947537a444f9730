/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that were given together: which of them is taken, and which two belong together. They are read
 * on a worker thread. */
#include "ofl-ui-opened.h"

/* Of so many it is asked whether two belong together: each may be unpacked several times. Of more, the
 * others are looked into one by one, where none of these holds firmware. */
#define MOST_FILES 4

/**
 * ofl_ui_opened_free:
 * @self: (transfer full): files that were read
 */
void
ofl_ui_opened_free (OflUiOpened *self)
{
  g_clear_object (&self->file);
  g_clear_object (&self->with);
  g_clear_object (&self->firmware);
  g_clear_error (&self->error);
  g_clear_object (&self->unparsed);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_free (self);
}

static guint
count_images (OflFirmware *firmware)
{
  return firmware != NULL ? ofl_firmware_get_n_images (firmware) : 0;
}

/* Two belong together when they form what neither of them holds. */
static OflFirmware *
open_pair (GFile *file, OflFirmware *alone, GFile *other, OflFirmware *other_alone,
           GCancellable *cancellable)
{
  g_autoptr (OflFirmware) both = NULL;

  if (count_images (alone) == 0 || count_images (other_alone) == 0)
    return NULL;
  both = ofl_families_open_with (file, other, cancellable, NULL);
  if (count_images (both) <= count_images (alone) + count_images (other_alone))
    return NULL;
  return g_steal_pointer (&both);
}

static gboolean
find_pair (OflUiOpened *self, GPtrArray *files, OflFirmware **alone, guint n,
           GCancellable *cancellable)
{
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      {
        GFile *file = g_ptr_array_index (files, i);
        GFile *other = g_ptr_array_index (files, j);

        self->firmware = open_pair (file, alone[i], other, alone[j], cancellable);
        if (self->firmware == NULL)
          continue;
        self->file = g_object_ref (file);
        self->with = g_object_ref (other);
        return TRUE;
      }
  return FALSE;
}

/* The first that holds firmware: beside it there may be what was unpacked with it. */
static guint
find_one (OflFirmware **alone, guint n)
{
  for (guint i = 0; i < n; i++)
    if (count_images (alone[i]) > 0)
      return i;
  return 0;
}

/* The first of those beyond @n that holds firmware. */
static gboolean
find_later (OflUiOpened *self, GPtrArray *files, guint n, GCancellable *cancellable)
{
  for (guint i = n; i < files->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      g_autoptr (OflFirmware) firmware = ofl_families_open (file, cancellable, NULL);

      if (count_images (firmware) == 0)
        continue;
      self->file = g_object_ref (file);
      self->firmware = g_steal_pointer (&firmware);
      return TRUE;
    }
  return FALSE;
}

static void
take (OflUiOpened *self, GPtrArray *files, GCancellable *cancellable)
{
  OflFirmware *alone[MOST_FILES] = { NULL };
  GError *errors[MOST_FILES] = { NULL };
  guint n = MIN (files->len, MOST_FILES);

  for (guint i = 0; i < n; i++)
    alone[i] = ofl_families_open (g_ptr_array_index (files, i), cancellable, &errors[i]);
  if (!find_pair (self, files, alone, n, cancellable)
      && (count_images (alone[find_one (alone, n)]) > 0
          || !find_later (self, files, n, cancellable)))
    {
      guint i = find_one (alone, n);

      self->file = g_object_ref (g_ptr_array_index (files, i));
      self->firmware = g_steal_pointer (&alone[i]);
      self->error = g_steal_pointer (&errors[i]);
      if (self->firmware == NULL)
        self->unparsed = ofl_firmware_load (self->file, cancellable, NULL);
    }
  for (guint i = 0; i < n; i++)
    {
      g_clear_object (&alone[i]);
      g_clear_error (&errors[i]);
    }
  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (file != self->file && file != self->with)
        g_ptr_array_add (self->left, g_object_ref (file));
    }
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  OflUiOpened *self = g_new0 (OflUiOpened, 1);

  self->left = g_ptr_array_new_with_free_func (g_object_unref);
  take (self, data, cancellable);
  g_task_return_pointer (task, self, (GDestroyNotify) ofl_ui_opened_free);
}

/**
 * ofl_ui_opened_read_async:
 * @source: (nullable): an object, for @callback
 * @files: (element-type GFile): one file at least
 * @cancellable: cancels reading
 * @callback: (scope async): called when they are read
 * @data: for @callback
 *
 * Reads files on a worker thread. Two that form a whole are taken together, as Pioneer's kernel and
 * normal part; else the first that holds firmware is taken.
 */
void
ofl_ui_opened_read_async (gpointer source, GPtrArray *files, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, data);

  g_task_set_source_tag (task, ofl_ui_opened_read_async);
  g_task_set_task_data (task, g_ptr_array_ref (files), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, read_in_thread);
}

/**
 * ofl_ui_opened_read_finish:
 * @result: of the callback
 *
 * Returns: (transfer full) (nullable): what was read, perhaps an error; %NULL when it was cancelled
 */
OflUiOpened *
ofl_ui_opened_read_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * ofl_ui_opened_is_usable:
 * @self: files that were read
 *
 * Returns: whether there is firmware in what was taken
 */
gboolean
ofl_ui_opened_is_usable (const OflUiOpened *self)
{
  return count_images (self->firmware) > 0;
}

/**
 * ofl_ui_opened_dup_name:
 * @file: a file
 *
 * Returns: (transfer full): its name, for people
 */
char *
ofl_ui_opened_dup_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return g_filename_display_name (name);
}
