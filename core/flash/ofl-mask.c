/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-mask.h"

#include <string.h>

#define SHOWN 2 /* of a serial, the rest is masked */

/**
 * ofl_mask_new:
 *
 * Returns: (transfer full) (element-type utf8): for serials, none yet
 */
GPtrArray *
ofl_mask_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  gsize one = strlen (*(const char *const *) a), other = strlen (*(const char *const *) b);

  return one < other ? 1 : -(one > other);
}

/**
 * ofl_mask_add:
 * @secrets: serials
 * @text: another one; blanks around it do not count, and of one that is too short to be one nothing
 *   is masked
 *
 * The longest come first: one may be a part of another.
 */
void
ofl_mask_add (GPtrArray *secrets, const char *text)
{
  g_autofree char *secret = g_strstrip (g_strdup (text));

  if (strlen (secret) <= SHOWN
      || g_ptr_array_find_with_equal_func (secrets, secret, g_str_equal, NULL))
    return;
  g_ptr_array_add (secrets, g_steal_pointer (&secret));
  g_ptr_array_sort (secrets, compare_lengths);
}

/**
 * ofl_mask_apply:
 * @secrets: serials
 * @data: bytes that may hold some
 * @length: how many
 *
 * Masks every place where a serial stands, whoever wrote it there, but for its first two characters.
 */
void
ofl_mask_apply (const GPtrArray *secrets, guint8 *data, gsize length)
{
  for (guint i = 0; i < secrets->len && length > 0; i++)
    {
      const char *secret = g_ptr_array_index (secrets, i);
      gsize n = strlen (secret);
      guint8 *at = data;

      while ((at = memmem (at, length - (gsize) (at - data), secret, n)) != NULL)
        {
          memset (at + SHOWN, OFL_MASK_CHAR, n - SHOWN);
          at += n;
        }
    }
}
