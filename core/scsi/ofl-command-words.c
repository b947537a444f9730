/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command in the field's words, for the lines of a log. Log lines stay English. */
#include "scsi/ofl-command.h"

#include "scsi/ofl-bytes.h"

#define FIRST_VENDOR 0xc0
#define BUFFER_MODE_MASK 0x1f

/* Where a standard command's CDB tells of what, and of where. */
typedef struct {
  guint8 opcode;
  guint8 at, width; /* the address, of so many bytes; width 0: none */
  gboolean sector;  /* it counts sectors, not bytes */
  guint8 what, what_width;
  const char *what_name; /* NULL: nothing is chosen by a number */
} Layout;

static const Layout layouts[] = {
  { 0x28, 2, 4, TRUE, 0, 0, NULL },      { 0x2a, 2, 4, TRUE, 0, 0, NULL },
  { 0x2b, 2, 4, TRUE, 0, 0, NULL },      { 0x3b, 3, 3, FALSE, 0, 0, NULL },
  { 0x3c, 3, 3, FALSE, 0, 0, NULL },     { 0x46, 0, 0, FALSE, 2, 2, "feature" },
  { 0x5a, 0, 0, FALSE, 2, 1, "page" },   { 0xa8, 2, 4, TRUE, 0, 0, NULL },
  { 0xad, 0, 0, FALSE, 7, 1, "format" }, { 0xbe, 2, 4, TRUE, 0, 0, NULL },
};

static const Layout *
find_layout (const OflCommand *command)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i].opcode == command->cdb[0])
      return &layouts[i];
  return NULL;
}

/* What bytes 3 to 5 of READ and WRITE BUFFER mean is the maker's in mode 01; the modes for a
 * descriptor, the echo buffer and what was deferred have no use for them (scsi 1.1, scsi 1.2). */
static gboolean
has_address (const OflCommand *command, const Layout *layout)
{
  if (layout->width == 0)
    return FALSE;
  if (command->cdb[0] != 0x3b && command->cdb[0] != 0x3c)
    return TRUE;
  switch (command->cdb[1] & BUFFER_MODE_MASK)
    {
    case OFL_BUFFER_DATA:
    case OFL_BUFFER_MICROCODE:
    case OFL_BUFFER_MICROCODE_SAVE:
    case OFL_BUFFER_MICROCODE_OFFSETS:
    case OFL_BUFFER_MICROCODE_OFFSETS_SAVE:
    case OFL_BUFFER_MICROCODE_DEFER:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
append_length (GString *text, const OflCommand *command)
{
  if (command->length > 0)
    g_string_append_printf (text, ", %u byte%s", command->length, command->length == 1 ? "" : "s");
}

/**
 * ofl_command_describe_as:
 * @command: a command
 * @name: what it is called
 * @at: first byte of an address in the CDB
 * @width: bytes of that address, big-endian; 0: the CDB has none
 *
 * A maker's own command by a name that a source gives it.
 *
 * Returns: (transfer full): name, length of the data phase and address: "read memory (vendor command
 *   CCh), 8192 bytes at 10000h"
 */
char *
ofl_command_describe_as (const OflCommand *command, const char *name, guint at, guint width)
{
  GString *text = g_string_new (name);

  if (command->cdb[0] >= FIRST_VENDOR)
    g_string_append_printf (text, " (vendor command %02Xh)", (guint) command->cdb[0]);
  append_length (text, command);
  if (width > 0 && width <= 4 && at + width <= command->cdb_len)
    g_string_append_printf (text, " at %Xh", (guint) ofl_get_be (command->cdb + at, width));
  return g_string_free (text, FALSE);
}

/**
 * ofl_command_describe:
 * @command: a command
 *
 * Says of the CDB what the standard lays down of it, and no more.
 *
 * Returns: (transfer full): name, what it asks for, length of the data phase and where: "WRITE BUFFER,
 *   16384 bytes at 4000h", "GET CONFIGURATION, feature 0108h, 28 bytes", "vendor command E7h"
 */
char *
ofl_command_describe (const OflCommand *command)
{
  const Layout *layout = find_layout (command);
  const guint8 *cdb = command->cdb;
  GString *text = g_string_new (ofl_command_name (command));

  if (!ofl_command_is_named (command))
    g_string_append_printf (text, " %02Xh", (guint) cdb[0]);
  if (layout != NULL && layout->what_name != NULL)
    g_string_append_printf (text, ", %s %0*Xh", layout->what_name, 2 * layout->what_width,
                            (guint) ofl_get_be (cdb + layout->what, layout->what_width));
  append_length (text, command);
  if (layout != NULL && has_address (command, layout))
    g_string_append_printf (text, layout->sector ? " at sector %u" : " at %Xh",
                            (guint) ofl_get_be (cdb + layout->at, layout->width));
  return g_string_free (text, FALSE);
}
