/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl tape show: what is on a tape, in short. */
#include "ctl-tape.h"

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ofl-config.h"
#include "updater/ofl-tape-shapes.h"

static const char *
say_direction (OflDirection dir)
{
  return dir == OFL_DIR_IN ? "in" : dir == OFL_DIR_OUT ? "out" : "";
}

static char *
say_end (const OflTape *tape)
{
  g_autofree char *end = g_strstrip (g_strdup_printf (
      "%s %s", ofl_tape_end_title (ofl_tape_get_end (tape)), ofl_tape_get_ended_at (tape)));

  if (!ofl_tape_is_torn (tape))
    return g_steal_pointer (&end);
  return g_strdup_printf ("%s %s", end, _ ("A piece of a line behind it was left out."));
}

static char *
say_file (const OflTapeHeader *header)
{
  gsize n = (gsize) header->file_length;
  g_autofree char *size = g_strdup_printf (ngettext ("%zu byte", "%zu bytes", n), n);

  return *header->file_name != '\0' ? g_strdup_printf ("%s, %s", header->file_name, size) : NULL;
}

static gboolean
has_all_data (const OflTape *tape)
{
  return ofl_tape_get_header (tape)->whole && ofl_tape_find_missing (tape, OFL_DIR_IN) < 0
         && ofl_tape_find_missing (tape, OFL_DIR_OUT) < 0;
}

static const char *
say_data (const OflTape *tape)
{
  if (has_all_data (tape))
    return _ ("whole, with the owner's consent");
  return ofl_tape_get_header (tape)->whole ? _ ("with the owner's consent whole, but not all of it")
                                           : _ ("as hashes, but for short standard answers");
}

static void
print_header (const OflTape *tape)
{
  const OflTapeHeader *header = ofl_tape_get_header (tape);
  g_autofree char *end = say_end (tape);
  g_autofree char *file = say_file (header);
  g_autofree char *commands = g_strdup_printf ("%u", ofl_tape_get_n_entries (tape));

  g_print ("%s %s %s\n", header->vendor, header->product, header->revision);
  ofl_ctl_print_field (_ ("Serial"), header->serial);
  ofl_ctl_print_field (_ ("Bus"), header->link);
  ofl_ctl_print_field (_ ("Program"), file);
  ofl_ctl_print_field ("SHA-256", header->file_sha256);
  ofl_ctl_print_field (_ ("Recorded by"), header->program);
  ofl_ctl_print_field (_ ("Began"), header->began);
  ofl_ctl_print_field (_ ("Ended"), end);
  ofl_ctl_print_field (_ ("Commands"), commands);
  ofl_ctl_print_field (_ ("Data"), say_data (tape));
}

static void
print_header_json (const OflTape *tape)
{
  const OflTapeHeader *header = ofl_tape_get_header (tape);
  JsonBuilder *builder = ofl_ctl_json_begin ("tape");

  ofl_ctl_json_string (builder, "vendor", header->vendor);
  ofl_ctl_json_string (builder, "product", header->product);
  ofl_ctl_json_string (builder, "revision", header->revision);
  ofl_ctl_json_string (builder, "serial", header->serial);
  ofl_ctl_json_string (builder, "link", header->link);
  ofl_ctl_json_string (builder, "file", header->file_name);
  ofl_ctl_json_int (builder, "file_size", header->file_length);
  ofl_ctl_json_string (builder, "file_sha256", header->file_sha256);
  ofl_ctl_json_string (builder, "program", header->program);
  ofl_ctl_json_string (builder, "began", header->began);
  ofl_ctl_json_string (builder, "end", ofl_tape_end_id (ofl_tape_get_end (tape)));
  ofl_ctl_json_string (builder, "ended", ofl_tape_get_ended_at (tape));
  ofl_ctl_json_bool (builder, "torn", ofl_tape_is_torn (tape));
  ofl_ctl_json_int (builder, "commands", ofl_tape_get_n_entries (tape));
  ofl_ctl_json_bool (builder, "whole", header->whole);
  ofl_ctl_json_bool (builder, "all_data", has_all_data (tape));
  ofl_ctl_json_end (builder);
}

static void
print_groups (const OflTape *tape, GArray *groups)
{
  const char *const titles[]
      = { _ ("Number"), _ ("Times"), _ ("Not ok"), _ ("Polls"), _ ("Bytes"), _ ("What"), NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < groups->len; i++)
    {
      const OflTapeGroup *group = &g_array_index (groups, OflTapeGroup, i);
      const OflCommand *first = &ofl_tape_get_entry (tape, group->first)->command;
      char **row = g_new0 (char *, 7);

      row[0] = g_strdup_printf ("%u", group->first + 1);
      row[1] = g_strdup_printf ("%u", group->commands);
      row[2] = group->failed > 0 ? g_strdup_printf ("%u", group->failed) : g_strdup ("");
      row[3] = group->polls > 0 ? g_strdup_printf ("%u", group->polls) : g_strdup ("");
      row[4] = g_strstrip (
          g_strdup_printf ("%s %" G_GUINT64_FORMAT, say_direction (first->dir), group->bytes));
      row[5] = ofl_tape_describe_command (first);
      g_ptr_array_add (rows, row);
    }
  g_print ("\n");
  ofl_ctl_print_table (titles, rows);
}

static void
print_groups_json (const OflTape *tape, GArray *groups)
{
  for (guint i = 0; i < groups->len; i++)
    {
      const OflTapeGroup *group = &g_array_index (groups, OflTapeGroup, i);
      const OflTapeEntry *first = ofl_tape_get_entry (tape, group->first);
      g_autofree char *words = ofl_tape_describe_command (&first->command);
      JsonBuilder *builder = ofl_ctl_json_begin ("commands");

      ofl_ctl_json_int (builder, "first", (gint64) group->first + 1);
      ofl_ctl_json_int (builder, "last", (gint64) group->last + 1);
      ofl_ctl_json_int (builder, "times", group->commands);
      ofl_ctl_json_int (builder, "not_ok", group->failed);
      ofl_ctl_json_int (builder, "polls", group->polls);
      ofl_ctl_json_string (builder, "direction", say_direction (first->command.dir));
      ofl_ctl_json_int (builder, "bytes", (gint64) group->bytes);
      ofl_ctl_json_string (builder, "what", words);
      ofl_ctl_json_end (builder);
    }
}

static void
print_shapes (GArray *shapes)
{
  const char *const titles[] = { "CDB", _ ("Times"), _ ("Not ok"), _ ("Bytes"), NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (shapes->len == 0)
    {
      g_print ("\n%s\n",
               _ ("Every command has a name, by a standard or by the table of a family."));
      return;
    }
  for (guint i = 0; i < shapes->len; i++)
    {
      const OflTapeShape *shape = &g_array_index (shapes, OflTapeShape, i);
      char **row = g_new0 (char *, 5);
      g_autofree char *range = shape->least == shape->most
                                   ? g_strdup_printf ("%u", shape->most)
                                   : g_strdup_printf ("%u–%u", shape->least, shape->most);

      row[0] = ofl_tape_shape_format (shape);
      row[1] = g_strdup_printf ("%u", shape->count);
      row[2] = shape->failed > 0 ? g_strdup_printf ("%u", shape->failed) : g_strdup ("");
      row[3] = g_strstrip (g_strdup_printf ("%s %s", say_direction (shape->first.dir), range));
      g_ptr_array_add (rows, row);
    }
  g_print ("\n%s\n",
           _ ("Commands that neither a standard nor the table of a family names; “..” is a "
              "byte that varies:"));
  ofl_ctl_print_table (titles, rows);
}

static void
print_shapes_json (GArray *shapes)
{
  for (guint i = 0; i < shapes->len; i++)
    {
      const OflTapeShape *shape = &g_array_index (shapes, OflTapeShape, i);
      g_autofree char *cdb = ofl_tape_shape_format (shape);
      JsonBuilder *builder = ofl_ctl_json_begin ("unknown");

      ofl_ctl_json_string (builder, "cdb", cdb);
      ofl_ctl_json_string (builder, "direction", say_direction (shape->first.dir));
      ofl_ctl_json_int (builder, "times", shape->count);
      ofl_ctl_json_int (builder, "not_ok", shape->failed);
      ofl_ctl_json_int (builder, "least", shape->least);
      ofl_ctl_json_int (builder, "most", shape->most);
      ofl_ctl_json_end (builder);
    }
}

static const char *
say_firmware (const OflTape *tape)
{
  if (has_all_data (tape))
    return _ ("It holds all data, the maker's firmware, too.");
  return ofl_tape_get_header (tape)->whole
             ? _ ("It holds data whole, though not all; the maker's firmware may be in it.")
             : _ ("It holds no firmware.");
}

/* What is on a tape concerns others most where nobody has a name for it. */
static void
print_how_to_send (const OflTape *tape)
{
  g_print ("\n");
  if (*OFL_ISSUES != '\0')
    /* Translators: a web page */
    g_print (
        _ ("A tape with such commands can make a way of writing known. To send it, attach the file "
           "to a new report at %s."),
        OFL_ISSUES);
  else
    g_print (_ ("A tape with such commands can make a way of writing known: send the file to the "
                "program's authors."));
  g_print (" %s %s\n", _ ("Serials are masked on it wherever they were recognised."),
           say_firmware (tape));
}

/**
 * ofl_ctl_tape_show:
 * @ctl: the command line
 * @tape: a tape
 *
 * Returns: exit status
 */
int
ofl_ctl_tape_show (OflCtl *ctl, const OflTape *tape)
{
  g_autoptr (GArray) groups = ofl_tape_list_groups (tape);
  g_autoptr (GArray) shapes = ofl_tape_list_unknown (tape);

  if (ctl->json)
    {
      print_header_json (tape);
      print_groups_json (tape, groups);
      print_shapes_json (shapes);
      return OFL_EXIT_DONE;
    }
  print_header (tape);
  print_groups (tape, groups);
  print_shapes (shapes);
  if (shapes->len > 0)
    print_how_to_send (tape);
  return OFL_EXIT_DONE;
}
