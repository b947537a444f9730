/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On images: the ID block, the revision spread over the code, the time stamp, and the copies
 * for ATA IDENTIFY. liteon 3.4. */
#include "families/liteon/ofl-liteon.h"

#include <string.h>

#define HEADER_LEN 8
#define VENDOR_LEN 8
#define PRODUCT_LEN 16
#define REVISION_LEN 4
#define STAMP_LEN 16
#define ATA_REVISION_LEN 8
#define REPEATS 16 /* characters of the revision in the code, each in an instruction of its own */

typedef struct {
  guint8 third, third_or; /* byte 3 of the header, and the other value that is allowed */
  guint8 fourth, fourth_or;
  gboolean from_start; /* search from 0 instead of 4000 */
  gboolean stamp;
} Level;

static const Level levels[] = {
  { 0x32, 0x32, 0x5b, 0x5b, FALSE, TRUE },
  { 0x32, 0x32, 0x1f, 0x5b, FALSE, TRUE },
  { 0x31, 0x32, 0x1f, 0x5b, FALSE, FALSE },
  { 0x31, 0x32, 0x1f, 0x5b, TRUE, FALSE },
};

/* An instruction that loads a character, and how many bytes may follow before the next. */
typedef struct {
  guint8 before, after;
  guint least, most;
} Pattern;

static const Pattern patterns[] = {
  { 0x7d, 0x90, 19, 23 },
  { 0x7b, 0x7d, 10, 12 },
  { 0x7d, 0x7f, 5, 8 },
};

static gsize
start_of (const Level *level)
{
  return level->from_start ? 0 : OFL_LITEON_BOOTCODE;
}

static gboolean
is_header (const guint8 *p, const Level *level)
{
  return p[0] == 0x05 && p[1] == 0x80 && p[2] == 0
         && (p[3] == level->third || p[3] == level->third_or)
         && (p[4] == level->fourth || p[4] == level->fourth_or) && p[5] == 0 && p[6] == 0
         && p[7] == 0;
}

/* NUL counts as a blank; trailing blanks go. */
static void
copy_field (char *out, const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    out[i] = data[i] == 0 ? ' ' : (char) data[i];
  out[length] = '\0';
  g_strchomp (out);
}

static gboolean
stamp_is_a_time (const char *stamp)
{
  for (const char *p = stamp; strlen (p) >= 4; p++)
    if ((strncmp (p, "199", 3) == 0 || strncmp (p, "200", 3) == 0 || strncmp (p, "201", 3) == 0)
        && g_ascii_isdigit (p[3]))
      return TRUE;
  return FALSE;
}

static void
read_fields (OflLiteonId *id, const guint8 *p, gboolean stamp)
{
  copy_field (id->vendor, p, VENDOR_LEN);
  copy_field (id->product, p + VENDOR_LEN, PRODUCT_LEN);
  copy_field (id->revision, p + VENDOR_LEN + PRODUCT_LEN, REVISION_LEN);
  if (stamp)
    copy_field (id->stamp, p + VENDOR_LEN + PRODUCT_LEN + REVISION_LEN, STAMP_LEN);
  if (!stamp_is_a_time (id->stamp))
    id->stamp[0] = '\0';
}

static gboolean
find_block (OflLiteonId *id, const guint8 *data, gsize length, const Level *level)
{
  gsize needed = HEADER_LEN + VENDOR_LEN + PRODUCT_LEN + REVISION_LEN
                 + (level->stamp ? STAMP_LEN : 0);

  for (gsize at = start_of (level); at + needed <= length; at++)
    {
      if (!is_header (data + at, level))
        continue;
      id->at = (guint32) at;
      read_fields (id, data + at + HEADER_LEN, level->stamp);
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_load (const Pattern *pattern, const guint8 *p)
{
  return p[0] == pattern->before && p[2] == pattern->after
         && (p[1] == 0 || (p[1] >= 0x20 && p[1] <= 0x7f));
}

/* Places at which a repetition cannot be continued, by repetition and by how much longer than the
 * least the gaps before it were. */
typedef gboolean DeadEnds[REPEATS][REPEATS * 4 + 1];

/* The longest gaps first, and back to shorter ones when the rest does not follow. */
static gboolean
match_rest (const Pattern *pattern, const guint8 *data, gsize length, gsize at, guint done,
            guint slack, DeadEnds dead, char *out)
{
  if (done == REPEATS)
    return TRUE;
  if (dead[done][slack])
    return FALSE;
  dead[done][slack] = TRUE;
  if (at + 3 + pattern->least > length || !is_load (pattern, data + at))
    return FALSE;
  out[done] = (char) data[at + 1];
  for (guint gap = pattern->most; gap >= pattern->least; gap--)
    if (at + 3 + gap <= length
        && match_rest (pattern, data, length, at + 3 + gap, done + 1, slack + gap - pattern->least,
                       dead, out))
      {
        out[done] = (char) data[at + 1];
        return TRUE;
      }
  return FALSE;
}

static gboolean
match_at (const Pattern *pattern, const guint8 *data, gsize length, gsize at, char *out)
{
  DeadEnds dead = { { FALSE } };

  return match_rest (pattern, data, length, at, 0, 0, dead, out);
}

static gboolean
find_pattern (const Pattern *pattern, const guint8 *data, gsize length, gsize from, char *out)
{
  for (gsize at = from; at + 3 <= length; at++)
    if (is_load (pattern, data + at) && match_at (pattern, data, length, at, out))
      return TRUE;
  return FALSE;
}

static void
find_internal (OflLiteonId *id, const guint8 *data, gsize length, gsize from)
{
  char characters[REPEATS];
  guint n = length == OFL_LITEON_FULL ? 10 : 8;

  id->internal[0] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (find_pattern (&patterns[i], data, length, from, characters))
      {
        copy_field (id->internal, (const guint8 *) characters, n);
        return;
      }
}

/**
 * ofl_liteon_read_id:
 * @id: (out caller-allocates): what was found
 * @data: (array length=length): an image
 * @length: its length
 *
 * Images of 100000 are searched for a block with time stamp only, others also for the older forms;
 * the first that is found counts. liteon 3.4.
 */
void
ofl_liteon_read_id (OflLiteonId *id, const guint8 *data, gsize length)
{
  guint last = length == OFL_LITEON_FULL ? 2 : G_N_ELEMENTS (levels);
  guint tried = 0;

  memset (id, 0, sizeof *id);
  while (id->level == 0 && tried < last)
    if (find_block (id, data, length, &levels[tried++]))
      id->level = tried;
  find_internal (id, data, length, start_of (&levels[tried - 1]));
}

static guint
month_of (const char *name)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

  for (guint i = 0; i < 12; i++)
    if (strncmp (months + 3 * i, name, 3) == 0)
      return i + 1;
  return 0;
}

static gboolean
are_digits (const char *text, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

/**
 * ofl_liteon_date:
 * @stamp: a time stamp: "2004/04/14 12:34", or as Sony's drives have it "Apr14 ,2004"
 *
 * Returns: (transfer full) (nullable): "2004-04-14"; %NULL when there is no date in it
 */
char *
ofl_liteon_date (const char *stamp)
{
  for (const char *p = stamp; strlen (p) >= 10; p++)
    if (are_digits (p, 4) && p[4] == '/' && are_digits (p + 5, 2) && p[7] == '/'
        && are_digits (p + 8, 2))
      return g_strdup_printf ("%.4s-%.2s-%.2s", p, p + 5, p + 8);
  for (const char *p = stamp; strlen (p) >= 11; p++)
    if (month_of (p) > 0 && are_digits (p + 3, 2) && p[5] == ' ' && p[6] == ','
        && are_digits (p + 7, 4))
      return g_strdup_printf ("%.4s-%02u-%.2s", p + 7, month_of (p), p + 3);
  return NULL;
}

/**
 * ofl_liteon_revision_text:
 * @standard: the revision that INQUIRY shows
 * @internal: the one in the code, or ""
 *
 * Returns: (transfer full): both for people: "US0N-XY", "US0N", "US0N-BS41"
 */
char *
ofl_liteon_revision_text (const char *standard, const char *internal)
{
  const char *rest = g_str_has_prefix (internal, standard) ? internal + strlen (standard)
                                                           : internal;

  if (*rest == '-')
    rest++;
  return *rest != '\0' ? g_strdup_printf ("%s-%s", standard, rest) : g_strdup (standard);
}

static guint
count_swapped (const char *text, const guint8 *data, gsize length)
{
  gsize n = strlen (text);
  g_autofree guint8 *swapped = g_malloc (n);
  guint count = 0;
  const guint8 *at;

  for (gsize i = 0; i < n; i++)
    swapped[i] = (guint8) text[i ^ 1];
  for (const guint8 *p = data; (at = memmem (p, length - (gsize) (p - data), swapped, n)) != NULL;
       p = at + 1)
    count++;
  return count;
}

/**
 * ofl_liteon_count_copies:
 * @id: what the image's ID block says
 * @data: (array length=length): the image
 * @length: its length
 * @with_revision: count only copies with the revision of @id
 *
 * The answer to ATA's IDENTIFY is held in the image too, its bytes swapped in pairs: revision 8,
 * vendor 8, product 16, or the same with a blank after vendor and after product.
 *
 * Returns: number of such copies
 */
guint
ofl_liteon_count_copies (const OflLiteonId *id, const guint8 *data, gsize length,
                         gboolean with_revision)
{
  int width = with_revision ? ATA_REVISION_LEN : 0;
  guint count = 0;

  for (guint i = 0; i < 2 && count == 0; i++)
    {
      g_autofree char *text = i == 0 ? g_strdup_printf ("%-*.*s%-8s%-16s", width, width,
                                                        id->revision, id->vendor, id->product)
                                     : g_strdup_printf ("%-*.*s%-8s %-16s ", width, width,
                                                        id->revision, id->vendor, id->product);

      count = count_swapped (text, data, length);
    }
  return count;
}
