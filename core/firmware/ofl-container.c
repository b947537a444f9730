/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens a firmware file as far down as it goes. What is inside a container waits in a queue, so
 * that a file made to be deep or endless costs a bounded amount of work and no stack. */
#include "firmware/ofl-container-private.h"

#include "scsi/ofl-error.h"

/* Beside a damaged updater a picture or a help file is no firmware, and must not hide the damage. */
#define SMALLEST_IMAGE 0x8000u

/* How the parts of a format are named, and whether they are looked into again. */
typedef enum {
  PARTS_ARE_IMAGES,  /* plain images: never looked into again */
  PARTS_ARE_FILES,   /* files of their own */
  PART_IS_THE_SAME,  /* the same file in another form */
} PartsKind;

/* First match wins. Formats with a mark of their own come before those that guess from the end of
 * the file, and a program's own directory before what its packer says. */
static const struct {
  OflContainerFormat unpack;
  PartsKind kind;
} formats[] = {
  { ofl_container_hlds_exe, PARTS_ARE_IMAGES },
  { ofl_container_xflash, PARTS_ARE_IMAGES },
  { ofl_container_bracket, PARTS_ARE_IMAGES },
  { ofl_container_upx, PART_IS_THE_SAME },
  { ofl_container_archive, PARTS_ARE_FILES },
  { ofl_container_btc, PARTS_ARE_IMAGES },
  { ofl_container_hlds_flat, PARTS_ARE_IMAGES },
  { ofl_container_nec, PARTS_ARE_IMAGES },
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

/* A firmware image can hold any bytes, but none is free of control characters; erased flash (FF) is
 * free of them and is no text. */
static gboolean
is_text (OflSpan span)
{
  gsize length = MIN (span.length, 4096u);

  for (gsize i = 0; i < length; i++)
    if ((span.data[i] < 0x20 && strchr ("\t\n\r\f\032", span.data[i]) == NULL)
        || span.data[i] == 0 || span.data[i] == 0x7F || span.data[i] == 0xFF)
      return FALSE;
  return TRUE;
}

/* Says what a file that no format knows is when it surely is no image; NULL otherwise. */
static const char *
describe_stranger (OflSpan span, const char **title)
{
  if (ofl_container_is_program (span, NULL))
    {
      *title = "Windows program";
      return "a Windows program without drive firmware";
    }
  if (span.length == 0)
    {
      *title = "Empty file";
      return "an empty file";
    }
  if (is_text (span))
    {
      *title = "Text file";
      return "a text file";
    }
  *title = "Raw image";
  return NULL;
}

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
  const char *title;
  const char *stranger = describe_stranger (ofl_span_of_bytes (item->bytes), &title);

  if (stranger == NULL && g_bytes_get_size (item->bytes) >= SMALLEST_IMAGE)
    self->found = TRUE;
  if (item->depth == 0 && self->titles->len == 0)
    add_title (self, title);
  g_ptr_array_add (self->parts, ofl_part_new (item->name, item->bytes, NULL,
                                              stranger != NULL ? stranger : item->note));
}

static void
note_damage (Unpacker *self, const Item *item, GError *damage)
{
  g_autofree char *note = g_strdup_printf ("not unpacked: %s", damage->message);

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
          g_ptr_array_add (self->parts,
                           ofl_part_new (name, part->bytes, part->revision, part->note));
          self->found = TRUE;
        }
      else
        g_queue_push_head (&self->items,
                           item_new (name, part->bytes, part->note,
                                     item->depth + (kind == PARTS_ARE_FILES ? 1 : 0),
                                     kind == PART_IS_THE_SAME));
    }
}

/* Looks into one file; it goes either to the parts or, unpacked, back to the queue. */
static void
open_item (Unpacker *self, const Item *item)
{
  OflContainerInput input = { item->bytes, item->name, item->decompressed, self->budget,
                              count_room (self) };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GPtrArray) parts
          = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_part_free);
      OflContainerOutput output = { parts, NULL };
      g_autoptr (GError) local = NULL;
      OflUnpacked result = formats[i].unpack (&input, &output, &local);
      g_autofree char *title = output.title;

      if (result == OFL_UNPACKED_NOT_MINE)
        continue;
      if (result == OFL_UNPACKED_DAMAGED || !check_bounds (self, item->name, &output, &local))
        {
          note_damage (self, item, g_steal_pointer (&local));
          return;
        }
      if (title != NULL)
        add_title (self, title);
      take_parts (self, item, formats[i].kind, &output);
      return;
    }
  keep_whole (self, item);
}

static void
refuse_depth (Unpacker *self, const Item *item)
{
  g_autoptr (GError) damage
      = g_error_new (OFL_ERROR, OFL_ERROR_BAD_FILE,
                     "“%s” is an archive inside more than %d others. "
                     "Unpack it yourself and open the firmware file.",
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
 * @parts: (element-type OflPart): what was found is appended, in the order of the file
 * @title: (out) (transfer full): the kind of file, outermost first
 * @error: return location
 *
 * Unpacks a file and every container in it, within the bounds of ofl-container-private.h. A file
 * that is no container is one part. A damaged container beside sound firmware becomes a part whose
 * note says what is wrong with it; where there is nothing else, it is the error.
 *
 * Returns: %FALSE with %OFL_ERROR_BAD_FILE, and @parts untouched, when the file is damaged or goes
 *   beyond the bounds
 */
gboolean
ofl_container_unpack (GBytes *file, const char *name, GPtrArray *parts, char **title,
                      GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  Unpacker self = { .parts = found, .titles = titles, .budget = OFL_CONTAINER_MAX_TOTAL };

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
