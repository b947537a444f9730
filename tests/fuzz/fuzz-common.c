/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "kit/scratch.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static Scratch *scratch;

static void
remove_scratch (void)
{
  g_clear_pointer (&scratch, scratch_free);
}

const char *
fuzz_scratch_dir (void)
{
  if (scratch == NULL)
    {
      scratch = scratch_new ();
      atexit (remove_scratch);
    }
  return scratch;
}

/* In place: a new file each time, or a sync, would be all that is measured. */
void
fuzz_write_file (const char *path, const guint8 *data, gsize length)
{
  int fd = open (path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, length), ==, (gssize) length);
  close (fd);
}

void
fuzz_take_prefixed (FuzzTake take, gpointer user, const char *name, guint8 prefix,
                    const guint8 *data, gsize length)
{
  g_autofree guint8 *copy = g_malloc (length + 1);

  copy[0] = prefix;
  if (length > 0)
    memcpy (copy + 1, data, length);
  take (name, copy, length + 1, user);
}
