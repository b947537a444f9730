/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens a firmware file as far down as it goes. What is inside a container waits in a queue, so
 * that a file made to be deep or endless costs a bounded amount of work and no stack. */
#include "firmware/ofl-container-private.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

/* Beside a damaged updater a picture or a help file is no firmware, and must not hide the damage. */
#define SMALLEST_IMAGE 0x8000u

/* How the parts of a format are named, and whether they are looked into again. */
typedef enum {
  PARTS_ARE_IMAGES, /* plain images: never looked into again */
  PARTS_ARE_FILES,  /* files of their own */
  PART_IS_THE_SAME, /* the same file in another form */
} PartsKind;

/* In their order; the vendors' formats with a mark of their own come before them, those that guess
 * behind them, and a program's own directory before what its packer says. */
static const struct {
  OflUnpack unpack;
  PartsKind kind;
} own_formats[] = {
  { ofl_container_upx, PART_IS_THE_SAME },
  { ofl_container_archive, PARTS_ARE_FILES },
};

/* A file that waits to be looked into. */
typedef struct {
  char *name;
  GBytes *bytes;
  char *note;
  guint depth;
  gboolean decompressed;
} Item;

typedef struct {
  const OflVendorFormat *vendors;
  GQueue items;
  GPtrArray *parts;
  GPtrArray *titles;
  guint64 budget;
  gboolean found; /* something that may be firmware */
  GError *damage; /* the first one met */
} Unpacker;

static Item *
item_new (const char *name, GBytes *bytes, const char *note, guint depth, gboolean decompressed)
{
  Item *item = g_new0 (Item, 1);

  item->name = g_strdup (name);
  item->bytes = g_bytes_ref (bytes);
  item->note = g_strdup (note);
  item->depth = depth;
  item->decompressed = decompressed;
  return item;
}

static void
item_free (Item *item)
{
  g_free (item->name);
  g_bytes_unref (item->bytes);
  g_free (item->note);
  g_free (item);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Item, item_free)

static void
add_title (Unpacker *self, const char *title)
{
  for (guint i = 0; i < self->titles->len; i++)
    if (g_str_equal (g_ptr_array_index (self->titles, i), title))
      return;
  g_ptr_array_add (self->titles, g_strdup (title));
}

static void
keep_whole (Unpacker *self, const Item *item)
{
  OflSlice span = ofl_slice_of_bytes (item->bytes);
  OflStranger stranger = { 0 };
  g_autofree char *note = NULL;
  OflPart *part;

  ofl_container_describe_stranger (span, &stranger);
  if (stranger.kind == NULL && span.length >= SMALLEST_IMAGE)
    self->found = TRUE;
  if (item->depth == 0 && self->titles->len == 0)
    add_title (self, stranger.title);
  if (stranger.is_package)
    /* Translators: %s is what it is: "an installer made with NSIS" */
    note = g_strdup_printf (_ ("%s that could not be opened here"), stranger.kind);
  else
    note = g_strdup (stranger.kind != NULL ? stranger.kind : item->note);
  part = ofl_part_new (item->name, item->bytes, NULL, note);
  part->unopened = stranger.is_package ? stranger.kind : NULL;
  g_ptr_array_add (self->parts, part);
  g_free (stranger.title);
}

static void
note_damage (Unpacker *self, const Item *item, GError *damage)
{
  g_autofree char *note = g_strdup_printf (_ ("not unpacked: %s"), damage->message);

  g_ptr_array_add (self->parts, ofl_part_new (item->name, item->bytes, NULL, note));
  if (self->damage == NULL)
    {
      if (item->depth > 0)
        g_prefix_error (&damage, "%s: ", item->name);
      self->damage = damage;
    }
  else
    g_error_free (damage);
}

static char *
name_part (const Item *item, PartsKind kind, const char *name)
{
  if (kind == PART_IS_THE_SAME)
    return g_strdup (item->name);
  if (kind == PARTS_ARE_IMAGES && item->depth == 0)
    return g_strdup (name);
  return g_strdup_printf ("%s in %s", name, item->name);
}

static guint
count_room (const Unpacker *self)
{
  guint used = self->parts->len + self->items.length;

  return OFL_CONTAINER_MAX_PARTS - MIN (used, OFL_CONTAINER_MAX_PARTS);
}

/* The formats keep to the bounds themselves where that saves work; here it is made sure. */
static gboolean
check_bounds (const Unpacker *self, const char *name, const OflContainerOutput *output,
              GError **error)
{
  guint64 total = 0;

  for (guint i = 0; i < output->parts->len; i++)
    total += g_bytes_get_size (((const OflPart *) g_ptr_array_index (output->parts, i))->bytes);
  if (output->parts->len > count_room (self))
    {
      ofl_container_too_many (error, name);
      return FALSE;
    }
  if (total > self->budget)
    {
      ofl_container_too_big (error, name);
      return FALSE;
    }
  return TRUE;
}

/* Parts that are files go to the front of the queue, so that the order of the file is kept. */
static void
take_parts (Unpacker *self, const Item *item, PartsKind kind, OflContainerOutput *output)
{
  for (guint i = 0; i < output->parts->len; i++)
    {
      guint index = kind == PARTS_ARE_IMAGES ? i : output->parts->len - 1 - i;
      const OflPart *part = g_ptr_array_index (output->parts, index);
      g_autofree char *name = name_part (item, kind, part->name);

      self->budget -= MIN (self->budget, g_bytes_get_size (part->bytes));
      if (kind == PARTS_ARE_IMAGES)
        {
          OflPart *kept = ofl_part_new (name, part->bytes, part->revision, part->note);

          kept->evidence = part->evidence;
          g_ptr_array_add (self->parts, kept);
          self->found = TRUE;
        }
      else
        g_queue_push_head (&self->items, item_new (name, part->bytes, part->note,
                                                   item->depth + (kind == PARTS_ARE_FILES ? 1 : 0),
                                                   kind == PART_IS_THE_SAME));
    }
}

/* Returns whether @unpack took the file; it goes either to the parts or, unpacked, back to the
 * queue. */
static gboolean
try_format (Unpacker *self, const Item *item, OflUnpack unpack, PartsKind kind)
{
  OflContainerInput input
      = { item->bytes, item->name, item->decompressed, self->budget, count_room (self) };
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
  OflContainerOutput output = { parts, NULL };
  g_autoptr (GError) local = NULL;
  OflUnpacked result = unpack (&input, &output, &local);
  g_autofree char *title = output.title;

  if (result == OFL_UNPACKED_NOT_MINE)
    return FALSE;
  if (result == OFL_UNPACKED_DAMAGED || !check_bounds (self, item->name, &output, &local))
    {
      note_damage (self, item, g_steal_pointer (&local));
      return TRUE;
    }
  if (title != NULL)
    add_title (self, title);
  take_parts (self, item, kind, &output);
  return TRUE;
}

static gboolean
try_vendors (Unpacker *self, const Item *item, OflContainerMark mark)
{
  for (const OflVendorFormat *format = self->vendors; format->unpack != NULL; format++)
    if (format->mark == mark && try_format (self, item, format->unpack, PARTS_ARE_IMAGES))
      return TRUE;
  return FALSE;
}

static gboolean
try_own (Unpacker *self, const Item *item)
{
  for (guint i = 0; i < G_N_ELEMENTS (own_formats); i++)
    if (try_format (self, item, own_formats[i].unpack, own_formats[i].kind))
      return TRUE;
  return FALSE;
}

/* First match wins. */
static void
open_item (Unpacker *self, const Item *item)
{
  if (try_format (self, item, ofl_container_evidence, PARTS_ARE_IMAGES)
      || try_vendors (self, item, OFL_CONTAINER_MARKED) || try_own (self, item)
      || try_vendors (self, item, OFL_CONTAINER_GUESSED))
    return;
  keep_whole (self, item);
}

static void
refuse_depth (Unpacker *self, const Item *item)
{
  g_autoptr (GError) damage = NULL;

  ofl_set_error (&damage, OFL_ERROR_BAD_FILE,
                 _ ("“%s” is an archive inside more than %d others. Unpack it yourself and open the "
                    "firmware file."),
                 item->name, OFL_CONTAINER_MAX_DEPTH - 1);
  note_damage (self, item, g_steal_pointer (&damage));
}

static char *
join_titles (GPtrArray *titles)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < titles->len; i++)
    {
      if (i > 0)
        g_string_append (text, " › ");
      g_string_append (text, g_ptr_array_index (titles, i));
    }
  return g_string_free (text, FALSE);
}

static void
run (Unpacker *self)
{
  Item *next;

  while ((next = g_queue_pop_head (&self->items)) != NULL)
    {
      g_autoptr (Item) item = next;

      if (item->depth >= OFL_CONTAINER_MAX_DEPTH && ofl_container_is_archive (item->bytes))
        refuse_depth (self, item);
      else
        open_item (self, item);
    }
}

/**
 * ofl_container_unpack:
 * @file: (transfer none): a whole file
 * @name: its name, for people
 * @vendors: (array zero-terminated=1): the formats that some vendors have of their own
 * @parts: (element-type OflPart): what was found is appended, in the order of the file
 * @title: (out) (transfer full): the kind of file, outermost first
 * @error: return location
 *
 * Unpacks a file and every container in it, within the bounds of ofl-container-format.h. A file
 * that is no container is one part. A damaged container beside sound firmware becomes a part whose
 * note says what is wrong with it; where there is nothing else, it is the error.
 *
 * Returns: %FALSE with %OFL_ERROR_BAD_FILE, and @parts untouched, when the file is damaged or goes
 *   beyond the bounds
 */
gboolean
ofl_container_unpack (GBytes *file, const char *name, const OflVendorFormat *vendors,
                      GPtrArray *parts, char **title, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  Unpacker self
      = { .vendors = vendors, .parts = found, .titles = titles, .budget = OFL_CONTAINER_MAX_TOTAL };

  g_queue_init (&self.items);
  g_queue_push_head (&self.items, item_new (name, file, NULL, 0, FALSE));
  run (&self);
  if (self.damage != NULL && !self.found)
    {
      g_ptr_array_set_free_func (found, (GDestroyNotify) ofl_part_free);
      g_propagate_error (error, self.damage);
      return FALSE;
    }
  g_clear_error (&self.damage);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (parts, g_ptr_array_index (found, i));
  if (title != NULL)
    *title = join_titles (titles);
  return TRUE;
}
