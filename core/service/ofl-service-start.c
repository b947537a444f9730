/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-service-start.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "service/ofl-wire.h"

/* Copies a text that the user saw; longer than INQUIRY allows is no drive's. */
static gboolean
take_text (GVariant *dict, const char *name, char *field, gsize size)
{
  const char *text = "";

  g_variant_lookup (dict, name, "&s", &text);
  return g_strlcpy (field, text, size) < size;
}

static gboolean
take_expected (OflStartRequest *self, GVariant *expected, GError **error)
{
  OflIdentity identity = { 0 };

  if (g_variant_n_children (expected) == 0)
    return TRUE;
  if (!take_text (expected, "vendor", identity.vendor, sizeof identity.vendor)
      || !take_text (expected, "product", identity.product, sizeof identity.product)
      || !take_text (expected, "serial", identity.serial, sizeof identity.serial))
    {
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("The identity of the chosen drive is longer than any drive's."));
      return FALSE;
    }
  identity.printable = TRUE;
  self->expected = ofl_snapshot_new (&identity);
  return TRUE;
}

static OflStartRequest *
new_request (const char *drive, int fd)
{
  OflStartRequest *self = g_new0 (OflStartRequest, 1);

  self->fd = fd;
  self->options = ofl_job_options_new ();
  self->drive = g_strdup (drive);
  return self;
}

static gboolean
take_rest (OflStartRequest *self, GVariant *expected, GVariant *options, GError **error)
{
  return ofl_wire_check_drive_path (self->drive, error) && take_expected (self, expected, error)
         && ofl_wire_unpack_options (options, self->options, &self->image_sha256, &self->name,
                                     &self->practice_speed, error);
}

/**
 * ofl_start_request_new:
 * @kind: as it came over the bus
 * @drive: likewise
 * @expected: likewise, a{ss}
 * @options: likewise, a{sv}
 * @fd: (transfer full): the firmware file, -1 for none
 * @error: return location
 *
 * Checks everything that can be checked without opening anything.
 *
 * Returns: (transfer full): the request, or %NULL when any part of it is not allowed
 */
OflStartRequest *
ofl_start_request_new (const char *kind, const char *drive, GVariant *expected, GVariant *options,
                       int fd, GError **error)
{
  OflStartRequest *self = new_request (drive, fd);

  if (!ofl_wire_parse_job_kind (kind, &self->kind) || self->kind == OFL_JOB_UPDATER)
    ofl_set_error (error, OFL_ERROR_FAILED,
                   _ ("There is no such job; it is “flash”, “backup” or “verify”."));
  else if ((fd >= 0) != (self->kind != OFL_JOB_BACKUP))
    ofl_set_error (error, OFL_ERROR_FAILED,
                   _ ("A backup takes no firmware file; the other jobs take one."));
  else if (take_rest (self, expected, options, error))
    return self;
  ofl_start_request_free (self);
  return NULL;
}

/**
 * ofl_start_request_new_updater:
 * @drive: as it came over the bus
 * @expected: likewise, a{ss}
 * @options: likewise, a{sv}
 * @fd: (transfer full): an image, -1 for none
 * @run: (transfer full): how the maker's program is run
 * @error: return location
 *
 * As ofl_start_request_new(), of a job that lets the maker's program write.
 *
 * Returns: (transfer full): the request, or %NULL when any part of it is not allowed
 */
OflStartRequest *
ofl_start_request_new_updater (const char *drive, GVariant *expected, GVariant *options, int fd,
                               OflUpdaterOptions *run, GError **error)
{
  OflStartRequest *self = new_request (drive, fd);

  self->kind = OFL_JOB_UPDATER;
  self->run = run;
  if (take_rest (self, expected, options, error))
    return self;
  ofl_start_request_free (self);
  return NULL;
}

/**
 * ofl_start_request_free:
 * @self: (transfer full): a request
 */
void
ofl_start_request_free (OflStartRequest *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->expected, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->run, ofl_updater_options_free);
  ofl_job_options_free (self->options);
  g_free (self->drive);
  g_free (self->image_sha256);
  g_free (self->name);
  g_free (self);
}

/* A descriptor may be a pipe that never ends, a terminal, a folder: only ordinary files count. */
static GBytes *
read_descriptor (int fd, GError **error)
{
  struct stat st;
  g_autofree guint8 *data = NULL;
  gsize done = 0, size;

  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || st.st_size <= 0
      || st.st_size > OFL_FIRMWARE_MAX_SIZE)
    {
      ofl_set_error (error, OFL_ERROR_BAD_FILE,
                     _ ("What was handed over is no ordinary file of 1 byte to %u MiB."),
                     OFL_FIRMWARE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }
  size = (gsize) st.st_size;
  data = g_malloc (size);
  while (done < size)
    {
      gssize n = pread (fd, data + done, size - done, (off_t) done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int code = errno;

          if (n < 0)
            ofl_set_error (error, OFL_ERROR_BAD_FILE, _ ("The file cannot be read: %s."),
                           ofl_errno_words (code));
          else
            ofl_set_error (error, OFL_ERROR_BAD_FILE,
                           _ ("The file cannot be read: it became shorter."));
          return NULL;
        }
      done += (gsize) n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static OflImage *
choose_image (OflFirmware *firmware, const OflStartRequest *request, GError **error)
{
  OflImage *raw = NULL;

  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    {
      OflImage *image = ofl_firmware_get_image (firmware, i);

      if (request->image_sha256 == NULL
          || g_ascii_strcasecmp (ofl_image_get_hashes (image)->sha256, request->image_sha256) == 0)
        return ofl_families_assume_image (request->options->family, image);
    }
  if (request->options->family != NULL)
    raw = ofl_families_raw_image (request->options->family, ofl_firmware_get_bytes (firmware));
  if (raw == NULL)
    ofl_set_error (
        error, OFL_ERROR_BAD_FILE,
        _ ("There is no firmware in this file that could be used, or not the one that was "
           "chosen. Choose the file again."));
  return raw;
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  OflStartRequest *self = task_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_descriptor (self->fd, &error);
  g_autoptr (OflFirmware) firmware = NULL;

  if (bytes != NULL)
    {
      firmware = ofl_firmware_new_from_bytes (self->name != NULL ? self->name : "firmware", bytes);
      if (ofl_families_recognise (firmware, &error))
        self->image = choose_image (firmware, self, &error);
    }
  if (self->image == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * ofl_start_request_load_async:
 * @self: a request; it must live until @callback
 * @callback: called when the image is there
 * @user_data: for @callback
 *
 * Reads and parses the firmware file on a thread of its own.
 */
void
ofl_start_request_load_async (OflStartRequest *self, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, self, NULL);
  if (self->fd < 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_run_in_thread (task, load_thread);
}

/**
 * ofl_start_request_load_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: whether the request has its image now
 */
gboolean
ofl_start_request_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
