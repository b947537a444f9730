/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On images: recognising them and their checks. liteon 3.1, 3.2, 3.4. */
#include "families/liteon/ofl-liteon.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define COMMON 0x4000
#define COMMON_SLIM 0x3000

/* An image being parsed. */
typedef struct {
  const OflFamily *family;
  OflImage *image;
  const guint8 *data;
  gsize length;
  OflLiteonId id;
  const char *letter_revision; /* the one whose first character is the letter */
  guint call_probe;
  gboolean rebanked;
  char *model;
  char *hardware;
} Case;

static gboolean
is_printable (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text))
      return FALSE;
  return TRUE;
}

/* Every bank begins with an 8051's jump; a drive's own dump may have a bank marked unused. */
static gboolean
banks_begin_well (const guint8 *data, gsize length, guint *odd)
{
  *odd = 0;
  for (gsize at = 0; at < length; at += OFL_LITEON_BANK)
    {
      if (data[at] != 0x02 && data[at] != 0x80)
        return FALSE;
      *odd += data[at] == 0x80;
    }
  return TRUE;
}

/* Code of this generation, whoever's name is on it. */
static gboolean
has_code (const Case *c)
{
  return c->call_probe != 0 || c->id.internal[0] != '\0';
}

/* From its bytes alone: an 8051's jump at 0, INQUIRY's template, and either a name of the table or
 * code as only these drives have it. */
static gboolean
is_one (Case *c)
{
  const OflLiteonId *id = &c->id;

  if (c->length < 0x20000 || c->data[0] != 0x02)
    return FALSE;
  ofl_liteon_read_id (&c->id, c->data, c->length);
  if (id->level == 0 || *id->product == '\0' || !is_printable (id->vendor)
      || !is_printable (id->product) || !is_printable (id->revision)
      || ofl_family_lists (c->family, "family", "never-vendors", id->vendor))
    return FALSE;
  c->model = ofl_liteon_find_model (c->family, id->vendor, id->product);
  c->call_probe = ofl_liteon_call_probe (c->data, c->length);
  return c->model != NULL || (ofl_liteon_size_is_legal (c->length) && has_code (c));
}

/* liteon 3.1: 100000 are DVD±RW; others are told by a text that only players of DVDs have. */
static const char *
class_of (const Case *c)
{
  const char *listed = ofl_liteon_model_class (c->family, c->model);
  gboolean plays = memmem (c->data, c->length, "VIDEO_TS", 8) != NULL
                   || memmem (c->data, c->length, "NOSMARTX", 8) != NULL;

  if (c->length == OFL_LITEON_FULL)
    return "dvd";
  if (listed != NULL)
    return listed;
  if (!plays)
    return NULL;
  return c->length == 0x80000 ? "combo" : "dvdrom";
}

static void
set_facts (Case *c)
{
  g_autofree char *date = ofl_liteon_date (c->id.stamp);
  g_autofree char *full = ofl_liteon_revision_text (c->id.revision, c->id.internal);

  ofl_image_set_fact (c->image, N_ ("vendor"), c->id.vendor);
  ofl_image_set_fact (c->image, N_ ("product"), c->id.product);
  ofl_image_set_fact (c->image, N_ ("revision"), c->id.revision);
  if (c->id.internal[0] != '\0')
    ofl_image_set_fact (c->image, N_ ("full revision"), full);
  ofl_image_set_fact (c->image, N_ ("date"), date);
  if (c->id.stamp[0] != '\0')
    ofl_image_set_fact (c->image, N_ ("built"), c->id.stamp);
}

static void
check_straight (Case *c)
{
  guint odd;

  if (!banks_begin_well (c->data, c->length, &odd))
    ofl_image_add_check (c->image, "banks", OFL_IMAGE_CHECK_CHANGED,
                         _ ("a bank does not begin with a jump, as code of this generation does"));
  else if (odd > 0)
    ofl_image_add_check (c->image, "banks", OFL_IMAGE_CHECK_WARNING,
                         _ ("%u of %u banks begin with 80 instead of 02"), odd,
                         (guint) (c->length / OFL_LITEON_BANK));
  else
    ofl_image_add_check (c->image, "banks", OFL_IMAGE_CHECK_OK, _ ("all %u begin as code does"),
                         (guint) (c->length / OFL_LITEON_BANK));
}

/* Drives with these letters have a signature at the end, and dumps that lack it are known to be
 * damaged (liteon 3.2). */
static gboolean
check_tail (Case *c)
{
  char letter = c->letter_revision[0];

  if (letter != 'U' && letter != 'V')
    return FALSE;
  if (ofl_liteon_has_tail (c->data, c->length))
    {
      ofl_image_add_check (c->image, "signature", OFL_IMAGE_CHECK_OK,
                           _ ("the 16 letters at the end are there"));
      return TRUE;
    }
  ofl_image_add_check (c->image, "signature", OFL_IMAGE_CHECK_CHANGED,
                       _ ("the 16 letters at the end are missing: a damaged dump, as some programs "
                          "read from 813S and 833S drives"));
  return FALSE;
}

static void
check_rebanked (Case *c)
{
  guint32 common = check_tail (c) ? COMMON_SLIM : COMMON;
  g_autoptr (GBytes) banks = ofl_liteon_straighten (c->data, c->length, common);
  gsize length;
  const guint8 *data = g_bytes_get_data (banks, &length);

  for (gsize at = 0; at < length; at += OFL_LITEON_BANK)
    if (data[at] != 0x02)
      {
        ofl_image_add_check (c->image, "banks", OFL_IMAGE_CHECK_CHANGED,
                             _ ("what the banks share does not begin with a jump"));
        return;
      }
  ofl_image_add_check (c->image, "banks", OFL_IMAGE_CHECK_OK,
                       _ ("rebanked, %u banks that share %X bytes"),
                       (guint) ((length + OFL_LITEON_BANK - 1) / OFL_LITEON_BANK), common);
}

static void
check_layout (Case *c)
{
  gboolean marked = ofl_liteon_is_rebanked (c->data, c->length);

  c->rebanked = c->call_probe == 0x1f || (c->call_probe == 0 && marked);
  ofl_image_say_fact (c->image, N_ ("layout"),
                      OFL_SENTENCE (g_strdup (c->rebanked ? _ ("rebanked") : _ ("straight"))));
  if (c->rebanked)
    check_rebanked (c);
  else
    check_straight (c);
  if (c->length < 0x80000)
    return;
  if (c->call_probe == 0)
    ofl_image_add_check (c->image, "bank-calls", OFL_IMAGE_CHECK_WARNING,
                         _ ("the code that calls other banks was not found where it belongs"));
  else if (c->call_probe == 0x1f && !marked)
    ofl_image_add_check (
        c->image, "bank-calls", OFL_IMAGE_CHECK_WARNING,
        _ ("it calls its banks as a rebanked image does, but is not marked as one"));
  else
    ofl_image_add_check (c->image, "bank-calls", OFL_IMAGE_CHECK_OK, _ ("as in a %s image"),
                         c->rebanked ? "rebanked" : "straight");
}

static void
check_names (Case *c)
{
  guint all = ofl_liteon_count_copies (&c->id, c->data, c->length, FALSE);
  guint right = ofl_liteon_count_copies (&c->id, c->data, c->length, TRUE);

  ofl_image_add_check (c->image, "id-block", OFL_IMAGE_CHECK_OK, _ ("at %06X"), c->id.at);
  if (c->id.stamp[0] == '\0')
    ofl_image_add_check (c->image, "built", OFL_IMAGE_CHECK_ABSENT, _ ("no time stamp"));
  if (c->id.internal[0] == '\0')
    ofl_image_add_check (c->image, "code-revision", OFL_IMAGE_CHECK_ABSENT,
                         _ ("no revision was found in the code"));
  else
    ofl_image_add_check (c->image, "code-revision", OFL_IMAGE_CHECK_OK, "%s", c->id.internal);
  if (all == 0)
    ofl_image_add_check (c->image, "ata-name", OFL_IMAGE_CHECK_ABSENT,
                         _ ("no copy of the name for ATA"));
  else if (right == all)
    ofl_image_add_check (c->image, "ata-name", OFL_IMAGE_CHECK_OK,
                         g_dngettext (GETTEXT_PACKAGE, "the name for ATA is the same (%u time)",
                                      "the name for ATA is the same (%u times)", all),
                         all);
  else
    ofl_image_add_check (c->image, "ata-name", OFL_IMAGE_CHECK_WARNING,
                         _ ("of %u copies of the name for ATA %u have another revision"), all,
                         all - right);
}

static void
check_hardware (Case *c)
{
  OflLiteonTraits traits = { c->letter_revision, c->data, c->length, c->rebanked };
  const char *class_id = class_of (c);
  g_autofree char *mark = NULL;

  if (class_id != NULL)
    c->hardware = ofl_liteon_find_hardware (c->family, NULL, class_id, &traits);
  if (c->hardware == NULL)
    {
      ofl_image_add_check (c->image, "letter", OFL_IMAGE_CHECK_WARNING,
                           _ ("the first letter of its revision belongs to no known hardware"));
      return;
    }
  mark = ofl_liteon_mark (c->family, c->hardware);
  ofl_image_set_mark (c->image, mark);
  ofl_image_set_fact (c->image, N_ ("hardware"), mark);
  if (c->model == NULL)
    ofl_image_add_check (c->image, "letter", OFL_IMAGE_CHECK_WARNING,
                         _ ("made for %s, under a name that is not in the table"), mark);
  else if (ofl_liteon_model_has (c->family, c->model, c->hardware))
    ofl_image_add_check (c->image, "letter", OFL_IMAGE_CHECK_OK, _ ("made for %s"), mark);
  else
    ofl_image_add_check (c->image, "letter", OFL_IMAGE_CHECK_WARNING,
                         _ ("made for %s, which the model it names is not known to be"), mark);
}

static void
fill (Case *c)
{
  set_facts (c);
  if (!ofl_liteon_size_is_legal (c->length))
    {
      ofl_image_add_check (
          c->image, "size", OFL_IMAGE_CHECK_CHANGED,
          g_dngettext (GETTEXT_PACKAGE, "%zu byte; images have 131072, 262144, 524288 or 1048576",
                       "%zu bytes; images have 131072, 262144, 524288 or 1048576", c->length),
          c->length);
      return;
    }
  ofl_family_check_size (c->image, c->length);
  check_layout (c);
  check_names (c);
  check_hardware (c);
  ofl_image_add_check (c->image, "checksum", OFL_IMAGE_CHECK_ABSENT,
                       _ ("no sum over such images is known: a changed byte in the code does not "
                          "show"));
}

/**
 * ofl_liteon_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises an 8051 image with INQUIRY's template in it. A wrong length does not make an image
 * with a known name something else: it makes it a damaged one.
 */
void
ofl_liteon_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  Case c = { .family = self };

  c.data = g_bytes_get_data (bytes, &c.length);
  if (is_one (&c))
    {
      c.image = ofl_image_new (self->id, bytes);
      g_ptr_array_add (images, c.image);
      c.letter_revision = c.id.internal[0] != '\0' ? c.id.internal : c.id.revision;
      fill (&c);
    }
  g_free (c.model);
  g_free (c.hardware);
}
