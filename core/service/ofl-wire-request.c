/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client asks for, as it crosses the bus. */
#include "service/ofl-wire-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

/* A name is for people: nobody needs a longer one. */
#define MAX_TEXT 4096
#define MAX_CHOICES 32

static const char *const job_kinds[] = { "flash", "backup", "verify", "updater" };

/**
 * ofl_wire_job_kind_id:
 * @kind: what a job does
 *
 * Returns: the word for it on the bus
 */
const char *
ofl_wire_job_kind_id (OflJobKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (job_kinds), "");
  return job_kinds[kind];
}

/**
 * ofl_wire_parse_job_kind:
 * @id: a word that came over the bus
 * @kind: (out): what it means
 *
 * Returns: %FALSE when it means nothing
 */
gboolean
ofl_wire_parse_job_kind (const char *id, OflJobKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (job_kinds); i++)
    if (g_str_equal (id, job_kinds[i]))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static void
add_string (GVariantBuilder *builder, const char *name, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (value));
}

/* Where the image was read from. A name too long for the bus is left out: only a later recovery
 * would look for it. */
static void
add_location (GVariantBuilder *builder, const char *name, const char *value)
{
  if (value != NULL && strlen (value) <= MAX_TEXT && g_utf8_validate (value, -1, NULL))
    add_string (builder, name, value);
}

static void
add_choices (GVariantBuilder *builder, const OflChoices *choices)
{
  g_autoptr (GPtrArray) names = NULL;
  GVariantBuilder inner;

  if (choices == NULL)
    return;
  names = ofl_choices_list_names (choices);
  g_variant_builder_init (&inner, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      g_variant_builder_add (&inner, "{ss}", name, ofl_choices_get (choices, name));
    }
  g_variant_builder_add (builder, "{sv}", "choices", g_variant_builder_end (&inner));
}

/**
 * ofl_wire_pack_options:
 * @options: a job's options; folders stay behind: the service keeps its own
 * @image: (nullable): the image that was chosen
 * @practice_speed: for practice drives
 *
 * Returns: (transfer floating): the same for the bus
 */
GVariant *
ofl_wire_pack_options (const OflJobOptions *options, const OflImage *image, double practice_speed)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (image != NULL)
    add_string (&builder, "image-sha256", ofl_image_get_hashes (image)->sha256);
  add_location (&builder, "image-file", options->image_file);
  add_location (&builder, "image-with", options->image_with);
  add_string (&builder, "family", options->family);
  add_choices (&builder, options->choices);
  g_variant_builder_add (&builder, "{sv}", "accept-warnings",
                         g_variant_new_boolean (options->accept_warnings));
  g_variant_builder_add (&builder, "{sv}", "accept-no-backup",
                         g_variant_new_boolean (options->accept_no_backup));
  g_variant_builder_add (&builder, "{sv}", "rewrite",
                         g_variant_new_boolean (options->rewrite_identical));
  g_variant_builder_add (&builder, "{sv}", "practice-speed", g_variant_new_double (practice_speed));
  return g_variant_builder_end (&builder);
}

/**
 * ofl_wire_pack_image:
 * @image: an image
 * @error: return location
 *
 * It travels as a sealed file in memory: nobody can change it on the way.
 *
 * Returns: (transfer full) (nullable): a list of one descriptor
 */
GUnixFDList *
ofl_wire_pack_image (OflImage *image, GError **error)
{
  gsize length, done = 0;
  const guint8 *data = ofl_image_get_data (image, &length);
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = memfd_create ("optiflash-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  while (fd >= 0 && done < length)
    {
      gssize n = write (fd, data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (gsize) n;
    }
  if (fd < 0 || done < length)
    {
      int code = errno;

      ofl_set_error (error, OFL_ERROR_FAILED, _ ("The image cannot be handed to the service: %s."),
                     ofl_errno_words (code));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  return g_steal_pointer (&fds);
}

/**
 * ofl_wire_pack_expected:
 * @expected: (nullable): a drive as the user saw it
 *
 * Returns: (transfer floating): what it is known by; empty where that is no text
 */
GVariant *
ofl_wire_pack_expected (const OflSnapshot *expected)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  if (expected != NULL)
    {
      const OflIdentity *id = ofl_snapshot_identity (expected);

      if (g_utf8_validate (id->vendor, -1, NULL) && g_utf8_validate (id->product, -1, NULL)
          && g_utf8_validate (id->serial, -1, NULL))
        {
          g_variant_builder_add (&builder, "{ss}", "vendor", id->vendor);
          g_variant_builder_add (&builder, "{ss}", "product", id->product);
          g_variant_builder_add (&builder, "{ss}", "serial", id->serial);
        }
    }
  return g_variant_builder_end (&builder);
}

/**
 * ofl_wire_refuse_option:
 * @name: an option's name
 * @error: return location: %OFL_ERROR_FAILED
 *
 * Returns: %FALSE
 */
gboolean
ofl_wire_refuse_option (const char *name, GError **error)
{
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("The option “%s” is unknown, or its value is not allowed."), name);
  return FALSE;
}

/**
 * ofl_wire_take_string:
 * @value: what came over the bus
 * @field: (inout): a string that it takes the place of
 *
 * Returns: whether it is a text, and no longer than any has to be
 */
gboolean
ofl_wire_take_string (GVariant *value, char **field)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
      || strlen (g_variant_get_string (value, NULL)) > MAX_TEXT)
    return FALSE;
  g_free (*field);
  *field = g_variant_dup_string (value, NULL);
  return TRUE;
}

/**
 * ofl_wire_take_boolean:
 * @value: what came over the bus
 * @field: (out): its value
 *
 * Returns: whether it is a boolean
 */
gboolean
ofl_wire_take_boolean (GVariant *value, gboolean *field)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return FALSE;
  *field = g_variant_get_boolean (value);
  return TRUE;
}

static gboolean
take_choices (GVariant *value, OflJobOptions *options)
{
  GVariantIter iter;
  const char *name, *choice;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("a{ss}"))
      || g_variant_n_children (value) > MAX_CHOICES)
    return FALSE;
  g_clear_pointer (&options->choices, ofl_choices_unref);
  options->choices = ofl_choices_new ();
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &choice))
    {
      if (strlen (name) > 64 || strlen (choice) > 64)
        return FALSE;
      ofl_choices_set (options->choices, name, choice);
    }
  return TRUE;
}

static gboolean
take_speed (GVariant *value, double *speed)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return FALSE;
  *speed = g_variant_get_double (value);
  return isfinite (*speed) && *speed >= 0 && *speed <= 1e6;
}

static gboolean
take_sha256 (GVariant *value, char **field)
{
  if (!ofl_wire_take_string (value, field) || strlen (*field) != 64)
    return FALSE;
  for (const char *p = *field; *p != '\0'; p++)
    if (!g_ascii_isxdigit (*p))
      return FALSE;
  return TRUE;
}

/**
 * ofl_wire_unpack_options:
 * @variant: what came over the bus, a{sv}
 * @options: options to fill in
 * @image_sha256: (out) (nullable): which image
 * @name: (out) (nullable): the file's name
 * @practice_speed: (out): for practice drives
 * @error: return location
 *
 * Returns: %FALSE with %OFL_ERROR_FAILED when an option is unknown, of the wrong type or out of
 *   range; nothing is guessed
 */
gboolean
ofl_wire_unpack_options (GVariant *variant, OflJobOptions *options, char **image_sha256,
                         char **name, double *practice_speed, GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  *practice_speed = 1;
  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      G_GNUC_UNUSED g_autoptr (GVariant) owned = value;
      gboolean ok;

      if (g_str_equal (key, "image-sha256"))
        ok = take_sha256 (value, image_sha256);
      else if (g_str_equal (key, "name"))
        ok = ofl_wire_take_string (value, name);
      else if (g_str_equal (key, "image-file"))
        ok = ofl_wire_take_string (value, &options->image_file);
      else if (g_str_equal (key, "image-with"))
        ok = ofl_wire_take_string (value, &options->image_with);
      else if (g_str_equal (key, "family"))
        ok = ofl_wire_take_string (value, &options->family);
      else if (g_str_equal (key, "choices"))
        ok = take_choices (value, options);
      else if (g_str_equal (key, "accept-warnings"))
        ok = ofl_wire_take_boolean (value, &options->accept_warnings);
      else if (g_str_equal (key, "accept-no-backup"))
        ok = ofl_wire_take_boolean (value, &options->accept_no_backup);
      else if (g_str_equal (key, "rewrite"))
        ok = ofl_wire_take_boolean (value, &options->rewrite_identical);
      else if (g_str_equal (key, "practice-speed"))
        ok = take_speed (value, practice_speed);
      else
        ok = FALSE;
      if (!ok)
        return ofl_wire_refuse_option (key, error);
    }
  return TRUE;
}

static gboolean
is_number (const char *text)
{
  gsize length = strlen (text);

  /* one name a drive: sr0 has no other spelling */
  return length >= 1 && length <= 4 && strspn (text, "0123456789") == length
         && (text[0] != '0' || length == 1);
}

static gboolean
is_word (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= 32
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/**
 * ofl_wire_check_drive_path:
 * @path: what a client calls a drive
 * @error: return location
 *
 * Only /dev/srN and practice:ID are drives; every other path is refused before it is opened.
 *
 * Returns: whether it may be one
 */
gboolean
ofl_wire_check_drive_path (const char *path, GError **error)
{
  if ((g_str_has_prefix (path, "/dev/sr") && is_number (path + strlen ("/dev/sr")))
      || (g_str_has_prefix (path, "practice:") && is_word (path + strlen ("practice:"))))
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("This is not the name of an optical drive. Use /dev/srN."));
  return FALSE;
}
