/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On's updater (XFlash) and third-party rebuilds of it (XFB), opened without running them. */
#include "firmware/ofl-container-format.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "firmware/ofl-upx.h"
#include "families/liteon/ofl-xflash.h"

#include "scsi/ofl-error.h"

/* Scrambled and rebuilt updaters keep their keys in front of the images. */
#define KEY_AREA 0x1000u

/* What is known of an updater before its images are taken out. */
typedef struct {
  OflSlice file;
  gboolean decompressed;
  OflXFlashVersion version;
  OflXFlashDirectory directory;
  OflXFlashMethod method;
  gboolean late_version; /* the version text stands behind the directory */
} Updater;

/* The version text comes first in every updater known, and the original search goes on from there;
 * a directory in front of it is taken too, and said so. */
static OflXFlashFound
find_directory (Updater *self, gsize *damage)
{
  OflXFlashFound found;

  ofl_xflash_find_version (self->file, &self->version);
  found = ofl_xflash_find_directory (self->file, self->version.end, &self->directory, damage);
  if (found == OFL_XFLASH_DIRECTORY_FOUND || self->version.end == 0)
    return found;
  self->late_version = TRUE;
  return ofl_xflash_find_directory (self->file, 0, &self->directory, damage);
}

/* Whether the images are scrambled (liteon 3.6). */
static gboolean
find_mode (const Updater *self, gboolean *scrambled)
{
  if (self->version.rebuilt)
    return ofl_xflash_find_tag (self->file, scrambled);
  if (self->version.number > 0)
    *scrambled = self->version.number >= 20005;
  else
    *scrambled = self->decompressed;
  return TRUE;
}

static guint
count_slots (const Updater *self)
{
  return self->version.number >= 20200 ? OFL_XFLASH_SLOTS : self->directory.count;
}

/* Where the bytes of a slot begin and how many they are; not yet checked against the file. */
static guint64
find_slot (const Updater *self, guint slot, guint64 *n_bytes)
{
  gboolean keys_first = self->method.id >= 2 || (self->method.id == 0 && self->version.rebuilt);

  *n_bytes = self->directory.size[slot] + self->method.gap;
  return self->directory.base + self->directory.start[slot] + (keys_first ? KEY_AREA : 0);
}

/* Undoes methods 2 and 3 on a copy of a slot; NULL where the numbers of the updater do not fit. */
static guint8 *
undo_keyed (const Updater *self, guint slot, OflSlice stored, gboolean *sure)
{
  const guint8 *key = self->file.data + self->directory.base + slot * OFL_XFLASH_KEY_SIZE;
  guint8 sum = self->directory.revision_sum[slot];
  g_autofree guint8 *image = g_memdup2 (stored.data, stored.length);
  guint8 extra = 0;

  if (self->method.id == 2)
    return ofl_xflash_apply_fibonacci (image, stored.length, key, sum) ? g_steal_pointer (&image)
                                                                       : NULL;
  if (!ofl_xflash_vote_extra (stored, key, sum, self->method.mask, &extra, sure))
    return NULL;
  /* A small image of a late updater that votes FF is blank there, not scrambled with FF. */
  if (extra == 0xFF && self->version.number >= 20200 && stored.length < 0x40000)
    extra = 0;
  return ofl_xflash_apply_mask (image, stored.length, key, sum, self->method.mask, extra)
             ? g_steal_pointer (&image)
             : NULL;
}

/* The image of a slot as it was before it was hidden. */
static GBytes *
undo (const Updater *self, guint slot, OflSlice stored, gboolean *sure)
{
  gsize length = stored.length;
  guint8 *image;

  *sure = TRUE;
  if (self->method.id == 0)
    return g_bytes_new (stored.data, stored.length);
  if (self->method.id == 1)
    image = ofl_xflash_undo_swap (stored, self->method.inverted, self->method.gap, &length);
  else
    image = undo_keyed (self, slot, stored, sure);
  return image != NULL ? g_bytes_new_take (image, length) : NULL;
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This Lite-On updater is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

static OflUnpacked
extract_slot (const Updater *self, guint slot, GBytes **image, gboolean *sure, GError **error)
{
  guint64 n_bytes;
  guint64 offset = find_slot (self, slot, &n_bytes);
  guint64 keys_end = self->directory.base + (slot + 1) * OFL_XFLASH_KEY_SIZE;
  g_autoptr (GBytes) plain = NULL;
  OflSlice stored;
  gsize bad;

  if (!ofl_slice_has (self->file, offset, n_bytes))
    return ofl_container_damaged (error, say_damaged, self->file.length,
                                  _ ("the file ends inside image %u, which should be 0x%" PRIX64
                                     " bytes "
                                     "from 0x%" PRIX64 " on"),
                                  slot + 1, n_bytes, offset);
  if (self->method.id >= 2 && keys_end > self->file.length)
    return ofl_container_damaged (error, say_damaged, self->file.length,
                                  _ ("the file ends inside the key of image %u"), slot + 1);
  stored = (OflSlice){ self->file.data + offset, (gsize) n_bytes };
  plain = undo (self, slot, stored, sure);
  if (plain == NULL)
    return ofl_container_damaged (error, say_damaged, offset,
                                  _ ("image %u is too short (0x%zX bytes) for the way this updater "
                                     "hides images"),
                                  slot + 1, stored.length);
  if (!ofl_xflash_verify (ofl_slice_of_bytes (plain), &bad))
    return ofl_container_damaged (error, say_damaged, offset + bad,
                                  _ ("image %u has no 02 at its byte 0x%zX, where each 64 KiB of "
                                     "such firmware begins"),
                                  slot + 1, bad);
  *image = g_steal_pointer (&plain);
  return OFL_UNPACKED_DONE;
}

static char *
describe_slot (const Updater *self, gboolean sure)
{
  GString *note = g_string_new (NULL);

  if (self->method.id > 0)
    g_string_append_printf (note, _ ("Unscrambled by method %u."), self->method.id);
  if (!sure)
    {
      g_string_append_c (note, ' ');
      g_string_append (note,
                       _ ("This updater does not tell one byte of its method, and counting did "
                          "not give it clearly: single bytes may be wrong. Compare the hashes "
                          "with another source before you flash it."));
    }
  if (self->late_version)
    {
      g_string_append_c (note, ' ');
      g_string_append (note, _ ("Its directory stands at an unusual place."));
    }
  return g_string_free (note, FALSE);
}

/* The text of a revision, when it is text. */
static const char *
get_revision (const Updater *self, guint slot)
{
  const char *revision = self->directory.revision[slot];

  for (const char *p = revision; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return NULL;
  return *revision != '\0' ? revision : NULL;
}

static void
note_damage (OflContainerOutput *output, const GError *damage)
{
  OflPart *first = g_ptr_array_index (output->parts, 0);
  /* Translators: %s is a sentence that says why */
  g_autofree char *left_out
      = g_strdup_printf (_ ("Another image was left out: %s"), damage->message);
  char *note = first->note != NULL ? g_strconcat (first->note, " ", left_out, NULL)
                                   : g_steal_pointer (&left_out);

  g_free (first->note);
  first->note = note;
}

/* A slot that fails does not take the others with it; only when none is left it is the error. */
static OflUnpacked
extract_slots (const Updater *self, OflContainerOutput *output, GError **error)
{
  g_autoptr (GError) damage = NULL;

  for (guint i = 0; i < count_slots (self); i++)
    {
      g_autoptr (GBytes) image = NULL;
      g_autofree char *name = g_strdup_printf ("slot %u", i + 1);
      g_autofree char *note = NULL;
      gboolean sure = TRUE;

      if (self->directory.size[i] == 0)
        continue;
      if (extract_slot (self, i, &image, &sure, damage == NULL ? &damage : NULL)
          != OFL_UNPACKED_DONE)
        continue;
      note = describe_slot (self, sure);
      ofl_container_add (output, name, image, get_revision (self, i),
                         *note != '\0' ? g_strchug (note) : NULL);
    }
  if (output->parts->len == 0 && damage == NULL)
    return ofl_container_damaged (error, say_damaged, self->directory.base,
                                  _ ("its directory names no image"));
  if (output->parts->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&damage));
      return OFL_UNPACKED_DAMAGED;
    }
  if (damage != NULL)
    note_damage (output, damage);
  return OFL_UNPACKED_DONE;
}

static char *
describe_updater (const Updater *self)
{
  g_autofree char *version = g_strconcat (self->version.rebuilt ? "XFB" : "XFlash",
                                          self->version.number > 0 ? " " : "", self->version.text,
                                          NULL);

  /* Translators: of all four: the updater's version, as "XFlash 2.1", and the number of the way in
   * which it hides its images */
  if (self->version.rebuilt)
    return g_strdup_printf (
        self->decompressed ? _ ("Lite-On updater (third-party rebuild %s, method %u, compressed)")
                           : _ ("Lite-On updater (third-party rebuild %s, method %u)"),
        version, self->method.id);
  return g_strdup_printf (self->decompressed ? _ ("Lite-On updater (%s, method %u, compressed)")
                                             : _ ("Lite-On updater (%s, method %u)"),
                          version, self->method.id);
}

static OflUnpacked
refuse_method (const Updater *self, GError **error)
{
  if (self->version.number > 0)
    ofl_set_error (error, OFL_ERROR_BAD_FILE,
                   _ ("This Lite-On updater (version %s) hides its images in a way that is not "
                      "publicly known; its list of images ends at offset 0x%zX. Look for the same "
                      "firmware as a .bin file."),
                   self->version.text, self->directory.base);
  else
    ofl_set_error (error, OFL_ERROR_BAD_FILE,
                   _ ("This Lite-On updater (no version) hides its images in a way that is not "
                      "publicly known; its list of images ends at offset 0x%zX. Look for the same "
                      "firmware as a .bin file."),
                   self->directory.base);
  return OFL_UNPACKED_DAMAGED;
}

/**
 * ofl_container_xflash:
 * @input: a file, or what a compressed program holds
 * @output: its images are appended as "slot 1" to "slot 4"
 * @error: return location
 *
 * Opens a Lite-On updater: its directory, version, method and images (liteon 3.5
 * to 3.7). Each image must pass the source's own check of its banks.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_xflash (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  Updater self = { .file = ofl_slice_of_bytes (input->bytes), .decompressed = input->decompressed };
  OflUpxHeader packed;
  gboolean scrambled = FALSE;
  gsize damage = 0;

  if (!self.decompressed && !ofl_container_is_program (self.file, NULL))
    return OFL_UNPACKED_NOT_MINE;
  switch (find_directory (&self, &damage))
    {
    case OFL_XFLASH_DIRECTORY_NONE:
      return OFL_UNPACKED_NOT_MINE;
    case OFL_XFLASH_DIRECTORY_DAMAGED:
      /* Compression leaves shreds of the text. */
      if (!self.decompressed && ofl_upx_find_header (self.file, &packed))
        return OFL_UNPACKED_NOT_MINE;
      return ofl_container_damaged (error, say_damaged, damage,
                                    _ ("the list of its images breaks off"));
    case OFL_XFLASH_DIRECTORY_FOUND:
      break;
    default:
      g_assert_not_reached ();
    }
  if (!find_mode (&self, &scrambled))
    return ofl_container_damaged (error, say_damaged, self.version.end,
                                  _ ("it is a third-party rebuild (XFB), but the tag that says how "
                                     "it was rebuilt is missing"));
  if (!ofl_xflash_choose_method (self.file, self.version.number, scrambled, &self.method))
    return refuse_method (&self, error);
  if (extract_slots (&self, output, error) != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  output->title = describe_updater (&self);
  return OFL_UNPACKED_DONE;
}
