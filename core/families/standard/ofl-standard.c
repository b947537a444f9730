/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard family: microcode download by WRITE BUFFER, for experts, because nothing in the
 * standard ties a file to a drive. Recognising drives and files, judging, the verdict. */
#include "families/standard/ofl-standard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define VENDOR_LEN 8
#define PRODUCT_LEN 16
#define REVISION_LEN 4
/* an image's fact: the family by which it was recognised, when that is another one */
#define FACT_MADE_FOR "made for"

static gboolean
is_model (const OflIdentity *identity, const OflModel *model)
{
  return g_str_equal (identity->vendor, model->vendor)
         && g_str_has_prefix (identity->product, model->product);
}

static gboolean
in_table (const OflFamily *self, const OflIdentity *identity)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);

  for (guint i = 0; i < models->len; i++)
    if (is_model (identity, g_ptr_array_index (models, i)))
      return TRUE;
  return FALSE;
}

/* READ BUFFER's descriptor (standard 2.1): at which offsets a piece may begin. */
static void
probe_boundary (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  guint8 id = (guint8) ofl_family_number (self, "write", "buffer-id");
  guint8 data[OFL_STANDARD_DESCRIPTOR_LEN];
  OflCommand command = ofl_command_read_buffer (OFL_BUFFER_DESCRIPTOR, id, 0, sizeof data);
  guint32 capacity;

  if (!ofl_family_read (transport, snapshot, command, N_ ("its microcode buffer"), data,
                        sizeof data))
    return;
  ofl_snapshot_set_blob (snapshot, OFL_STANDARD_BLOB_DESCRIPTOR, data, sizeof data);
  capacity = ofl_get_be (data + 1, 3);
  ofl_snapshot_say_fact (snapshot, N_ ("buffer"),
                         OFL_SAY (g_dngettext (GETTEXT_PACKAGE, "%u byte", "%u bytes", capacity),
                                  capacity));
}

static gboolean
standard_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *name = NULL;

  if (!ofl_family_forced (self, snapshot) && !in_table (self, identity))
    return FALSE;
  probe_boundary (self, transport, snapshot);
  name = ofl_identity_name (identity);
  ofl_snapshot_set_mark (snapshot, name);
  if (ofl_family_lists (self, "family", "boot-revisions", identity->revision))
    ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_BOOT);
  ofl_snapshot_set_family (snapshot, self->id, OFL_CAP_WRITE | OFL_CAP_EXPERT);
  return TRUE;
}

/* Vendor, padded to 8, and the product behind it, as INQUIRY has them. */
static const guint8 *
find_name (GBytes *bytes, const char *vendor, const char *product)
{
  g_autofree char *name = g_strdup_printf ("%-8s%s", vendor, product);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  /* an empty file has no address */
  return length > 0 ? memmem (data, length, name, strlen (name)) : NULL;
}

/* Where the table says that a model's images hold INQUIRY's bytes 8 to 35, the rest of them. */
static void
read_name (OflImage *image, GBytes *bytes, const guint8 *at)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gsize left = length - (gsize) (at - data);
  g_autofree char *product = NULL;
  g_autofree char *revision = NULL;

  if (left < VENDOR_LEN + PRODUCT_LEN + REVISION_LEN)
    return;
  product = ofl_family_text (at + VENDOR_LEN, PRODUCT_LEN);
  revision = ofl_family_text (at + VENDOR_LEN + PRODUCT_LEN, REVISION_LEN);
  ofl_image_set_fact (image, N_ ("product"), product);
  if (*revision != '\0')
    ofl_image_set_fact (image, N_ ("revision"), revision);
}

static OflImage *
new_image (const OflFamily *self, GBytes *bytes)
{
  OflImage *image = ofl_image_new (self->id, bytes);

  ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                       _ ("nothing is known in this file by which it could be checked"));
  return image;
}

static void
standard_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      const guint8 *at = find_name (bytes, model->vendor, model->product);
      g_autofree char *mark = NULL;
      OflImage *image;

      if (at == NULL)
        continue;
      image = new_image (self, bytes);
      ofl_image_set_fact (image, N_ ("vendor"), model->vendor);
      ofl_image_set_fact (image, N_ ("product"), model->product);
      if (g_key_file_get_boolean (ofl_family_table (self), model->group, "inquiry-in-image", NULL))
        read_name (image, bytes, at);
      mark = g_strdup_printf ("%s %s", model->vendor, ofl_image_get_fact (image, "product"));
      ofl_image_set_mark (image, mark);
      g_ptr_array_add (images, image);
      return;
    }
}

static void
copy_facts (OflImage *to, const OflImage *from)
{
  static const char *const names[] = { "vendor", "product", "revision" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    ofl_image_set_fact (to, names[i], ofl_image_get_fact (from, names[i]));
  for (guint i = 0; i < ofl_image_get_n_checks (from); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (from, i);

      ofl_image_add_check (to, check->name, check->result, "%s", ofl_image_check_text (check));
    }
}

static OflImage *
standard_assume (const OflFamily *self, GBytes *bytes, const OflImage *known,
                 const OflFamily *made_for)
{
  OflImage *image = new_image (self, bytes);

  if (known == NULL)
    return image;
  ofl_image_set_fact (image, FACT_MADE_FOR, ofl_family_name (made_for));
  copy_facts (image, known);
  return image;
}

static void
judge_assumed (const OflImage *image, OflJudgement *judgement)
{
  const char *made_for = ofl_image_get_fact (image, FACT_MADE_FOR);

  if (made_for == NULL)
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "assumed",
                     _ ("Go on only with a practice drive."),
                     _ ("The file is a firmware for %s drives, and how to write those is not "
                        "public. That such a drive takes the standard download is an assumption."),
                     made_for);
  ofl_family_judge_checks (image, NULL, judgement);
}

static void
judge_name (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  const char *product = ofl_image_get_fact (image, "product");
  g_autofree char *name = ofl_identity_name (identity);

  if (find_name (ofl_image_get_bytes (image), identity->vendor, identity->product) != NULL)
    ofl_family_judge_named (drive, "name", judgement);
  else if (product != NULL)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "name",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is for %s %s; the drive is %s."),
                       ofl_image_get_fact (image, "vendor"), product, name);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "name",
                       _ ("Go on only if the drive's maker says that this very file is for this "
                          "very model and is sent in this way. A wrong file can end the drive."),
                       _ ("Nothing in the file can be checked: it does not name the drive %s."),
                       name);
}

/* Not each revision of a boot code proves damage: some makers' is entered by a command as well. */
static void
judge_boot (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  const char *revision = ofl_snapshot_identity (drive)->revision;

  if (ofl_family_lists (self, "family", "void-revisions", revision))
    ofl_family_judge_boot (drive, judgement);
  else
    ofl_judgement_add (
        judgement, OFL_LEVEL_YELLOW, "boot",
        _ ("Switch the drive off and on. If it reports the same revision then, write "
           "a firmware that fits; that brings the drive back."),
        _ ("The drive reports revision %s, as one does that runs its boot code only: "
           "its firmware is damaged or missing, or another program has left it in "
           "that mode."),
        revision);
}

static void
standard_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                const OflChoices *choices, OflJudgement *judgement)
{
  g_autoptr (GError) error = NULL;

  ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "expert", NULL,
                     _ ("The standard way of writing says nothing about the file, not even its "
                        "size, and what was written cannot be read back. This is for experts."));
  if (ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT)
    judge_boot (self, drive, judgement);
  if (image == NULL)
    return;
  judge_assumed (image, judgement);
  judge_name (drive, image, judgement);
  ofl_family_judge_revision (drive, ofl_image_get_fact (image, "revision"), judgement);
  if (!ofl_standard_check_transfer (self, drive, image, choices, &error))
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "transfer", NULL, "%s", error->message);
}

const OflFamily ofl_family_standard = {
  .id = "standard",
  .probe = standard_probe,
  .parse = standard_parse,
  .assume = standard_assume,
  .judge = standard_judge,
  .plan_write = ofl_standard_plan_write,
  .confirm = ofl_family_confirm_identity,
};
