/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the block that UPX packed back to the file it was made of: firmware 2.3. Only what
 * is needed to find images in it: imports, relocations and icons stay as they are. */
#include "firmware/ofl-upx.h"

#include "firmware/ofl-container-private.h"

#define PE_HEADER_SIZE 0xF8u
#define SECTION_SIZE 0x28u

/* The original program's header, which the packer keeps at the end of its block. */
typedef struct {
  OflSlice block;
  gsize header;
  guint n_sections;
  guint32 alignment;
  guint32 first_rva;
} Original;

static guint32
get_le32 (OflSlice span, gsize offset)
{
  return ofl_get_le (span.data + offset, 4);
}

static gsize
section_at (const Original *self, guint index)
{
  return self->header + PE_HEADER_SIZE + index * SECTION_SIZE;
}

static gboolean
read_original (OflSlice block, Original *self)
{
  gsize at;

  if (block.length < 4)
    return FALSE;
  at = get_le32 (block, block.length - 4);
  if (!ofl_slice_equals (block, at, "PE\0\0", 4) || !ofl_slice_has (block, at, PE_HEADER_SIZE))
    return FALSE;
  self->block = block;
  self->header = at;
  self->n_sections = ofl_get_le (block.data + at + 6, 2);
  self->alignment = get_le32 (block, at + 0x3C);
  if (self->n_sections == 0 || self->n_sections > 96 || self->alignment > 0x10000
      || !ofl_slice_has (block, section_at (self, 0), self->n_sections * (guint64) SECTION_SIZE))
    return FALSE;
  self->first_rva = get_le32 (block, section_at (self, 0) + 0xC);
  return TRUE;
}

/* Which byte opens an operand that the filter changed. @after is where the last one ended. */
static gboolean
is_call (const guint8 *code, gsize at, guint8 filter, gsize after)
{
  guint8 byte = code[at];
  gboolean calls = filter != 0x25 && filter != 0x15 && filter != 0x12;
  gboolean jumps = filter != 0x24 && filter != 0x14 && filter != 0x11;

  if (byte == 0xE8)
    return calls;
  if (byte == 0xE9)
    return jumps;
  return filter == 0x49 && at > 0 && at != after && code[at - 1] == 0x0F && byte >= 0x80
         && byte <= 0x8F;
}

/**
 * ofl_upx_unfilter:
 * @code: (inout): the program's code
 * @length: its length
 * @filter: the pack header's filter; unknown ones change nothing
 * @cto: the pack header's mark byte
 * @base: what the filter added besides the position
 *
 * Turns the absolute targets of calls and jumps back into distances (firmware 2.3).
 */
void
ofl_upx_unfilter (guint8 *code, gsize length, guint8 filter, guint8 cto, guint32 base)
{
  gboolean little = filter >= 0x11 && filter <= 0x13;
  gboolean plain = little || (filter >= 0x14 && filter <= 0x16);
  gboolean marked = (filter >= 0x24 && filter <= 0x26) || filter == 0x46 || filter == 0x49;
  gsize after = 0;

  if (!plain && !marked)
    return;
  for (gsize i = 0; i + 5 < length; i++)
    {
      guint8 *operand = code + i + 1;
      guint32 value;

      if (!is_call (code, i, filter, after) || (marked && operand[0] != cto))
        continue;
      value = little ? ofl_get_le (operand, 4) : ofl_get_be (operand, 4);
      value -= (guint32) i + 1 + base + (marked ? (guint32) cto << 24 : 0);
      ofl_put_le (operand, 4, value);
      i += 4;
      after = i + 1;
    }
}

static void
unfilter_code (const Original *self, const OflUpxHeader *header, guint8 *block)
{
  guint32 size = get_le32 (self->block, self->header + 0x1C);
  guint32 base = get_le32 (self->block, self->header + 0x2C) - self->first_rva;

  if (ofl_slice_has (self->block, base, size))
    ofl_upx_unfilter (block + base, size, header->filter, header->cto, base);
}

/* Where the original file ended, as far as its sections tell; 0 when it would be too long. */
static gsize
measure (const Original *self, gsize limit)
{
  gsize end = 0;

  for (guint i = 0; i < self->n_sections; i++)
    {
      gsize section = section_at (self, i);
      gsize size = ofl_slice_round_up (get_le32 (self->block, section + 0x10), self->alignment);

      if (size > 0)
        end = MAX (end, get_le32 (self->block, section + 0x14) + size);
    }
  return end <= limit ? end : 0;
}

static void
place_sections (const Original *self, guint8 *out, gsize length)
{
  for (guint i = 0; i < self->n_sections; i++)
    {
      gsize section = section_at (self, i);
      gsize from = (guint32) (get_le32 (self->block, section + 0xC) - self->first_rva);
      gsize size = ofl_slice_round_up (get_le32 (self->block, section + 0x10), self->alignment);
      gsize to = get_le32 (self->block, section + 0x14);

      if (size == 0 || from >= self->block.length || to >= length)
        continue;
      memcpy (out + to, self->block.data + from,
              MIN (size, MIN (self->block.length - from, length - to)));
    }
}

/**
 * ofl_upx_rebuild:
 * @file: the packed program
 * @header: its pack header
 * @block: (inout): the unpacked block; its calls are turned back in place
 * @limit: how long the result may be
 *
 * Puts the original sections where they were in the original file, behind the packed file's own
 * DOS header, with what followed the packed program appended. Where the block does not tell how,
 * it is the result itself: updaters keep directory and images in one section, so that they are
 * found in it just as well.
 *
 * Returns: (transfer full): the program to search
 */
GBytes *
ofl_upx_rebuild (OflSlice file, const OflUpxHeader *header, guint8 *block, gsize limit)
{
  OflSlice span = { block, header->unpacked_length };
  OflSlice overlay = ofl_container_get_overlay (file);
  Original self;
  gsize pe, length, table;
  guint8 *out;

  if (!read_original (span, &self) || !ofl_container_is_program (file, &pe)
      || (length = measure (&self, limit)) == 0 || overlay.length > limit - length)
    return g_bytes_new (block, span.length);
  table = PE_HEADER_SIZE + self.n_sections * SECTION_SIZE;
  if (pe > length || table > length - pe)
    return g_bytes_new (block, span.length);
  if (header->filter != 0)
    unfilter_code (&self, header, block);
  out = g_malloc0 (length + overlay.length);
  memcpy (out, file.data, pe);
  memcpy (out + pe, block + self.header, table);
  place_sections (&self, out, length);
  memcpy (out + length, overlay.data, overlay.length);
  return g_bytes_new_take (out, length + overlay.length);
}
