/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a tape that a stranger has sent. Whatever it holds, it is refused or can be shown, compared
 * with itself and played. */
#include "fuzz.h"

#include <string.h>

#include "kit/tape-bench.h"
#include "updater/ofl-tape-compare.h"
#include "updater/ofl-tape-shapes.h"

#define MOST_PLAYED 4096

static void
show (const OflTape *tape)
{
  g_autoptr (GArray) groups = ofl_tape_list_groups (tape);
  g_autoptr (GArray) shapes = ofl_tape_list_unknown (tape);
  guint covered = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      const OflTapeGroup *group = &g_array_index (groups, OflTapeGroup, i);

      g_assert_cmpuint (group->first, ==, covered);
      g_assert_cmpuint (group->commands + group->polls, ==, group->last - group->first + 1);
      covered = group->last + 1;
    }
  g_assert_cmpuint (covered, ==, ofl_tape_get_n_entries (tape));
  for (guint i = 0; i < shapes->len; i++)
    {
      g_autofree char *text = ofl_tape_shape_format (&g_array_index (shapes, OflTapeShape, i));

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

/* Each of the tape's own commands is answered as it was: what was sent must have been kept. */
static void
play (OflTape *tape)
{
  g_autoptr (OflTapeDrive) drive = ofl_tape_drive_new (tape, NULL);

  if (drive == NULL || ofl_tape_find_missing (tape, OFL_DIR_OUT) >= 0)
    return;
  for (guint i = 0; i < MIN (ofl_tape_get_n_entries (tape), MOST_PLAYED); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);
      g_autofree guint8 *data = g_malloc0 (entry->command.length + 1);
      guint masked;
      OflReply reply;

      if (entry->command.dir == OFL_DIR_OUT && entry->data != NULL)
        memcpy (data, g_bytes_get_data (entry->data, NULL), entry->command.length);
      ofl_transport_execute (OFL_TRANSPORT (drive), &entry->command, data, &reply);
      g_assert_cmpint (ofl_tape_compare_answer (entry, &reply, data, &masked), ==, OFL_TAPE_SAME);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) tape = ofl_tape_parse ((const char *) data, length, &error);

  if (tape == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  show (tape);
  g_assert_cmpint (ofl_tape_compare (tape, tape).difference, ==, OFL_TAPE_SAME);
  play (tape);
  return 0;
}

static void
take_tape (FuzzTake take, gpointer user, const char *name, gboolean whole)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.tape", fuzz_scratch_dir (), name);
  g_autofree char *text = NULL;
  gsize length;

  tape_bench_write_by_hand (path, whole);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  take (name, (const guint8 *) text, length, user);
}

void
fuzz_make_seeds (FuzzTake take, gpointer user)
{
  g_autofree char *path = g_strdup_printf ("%s/flash.tape", fuzz_scratch_dir ());
  g_autofree char *text = NULL;
  gsize length;

  take_tape (take, user, "whole", TRUE);
  take_tape (take, user, "hash", FALSE);
  tape_bench_record ("standard", "1.03", FALSE, path);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  take ("flash", (const guint8 *) text, MIN (length, 20000), user);
}
