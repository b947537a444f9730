/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a BD writer and a file match: the safe subset and nothing else. pioneer 2.9, 8.1. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* The identity's fields (pioneer 1.2), and the file's (3.1) */
#define ID_VERSION 16
#define ID_KERNEL_TAG 24
#define FILE_VERSION 0xb0
#define FILE_KERNEL_TAG 0xd0
#define FIELD_LEN 8
#define SAT_LEN 4

#define CHOOSE_ANOTHER _ ("Choose a firmware that is made for this drive.")

typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  const OflChoices *choices;
  OflJudgement *judgement;
} Case;

static char *
drive_field (const Case *c, gsize at)
{
  GBytes *blob = ofl_snapshot_get_blob (c->drive, OFL_PIONEER_BLOB_IDENTITY);
  gsize length;
  const guint8 *data = blob != NULL ? g_bytes_get_data (blob, &length) : NULL;

  if (data == NULL || length < at + FIELD_LEN)
    return g_strdup ("");
  return ofl_family_text (data + at, FIELD_LEN);
}

static char *
file_field (const Case *c, gsize at)
{
  return ofl_family_text (ofl_image_get_data (c->image, NULL) + at, FIELD_LEN);
}

/* "SAT 8600 (F2)": the family of SATs, for words only. */
static char *
name_sat (const Case *c, const char *sat)
{
  const char *number = g_str_has_prefix (sat, OFL_PIONEER_BD_SAT) ? sat + SAT_LEN : sat;
  g_autofree char *kind
      = g_key_file_get_string (ofl_family_table (c->family), "BD generations", number, NULL);

  return kind != NULL ? g_strdup_printf ("%s (%s)", sat, kind) : g_strdup (sat);
}

static void
judge_switch (const Case *c)
{
  if ((ofl_snapshot_get_caps (c->drive) & OFL_CAP_WRITE) == 0)
    return;
  if (ofl_family_chose (c->family, c->choices, "experimental", "yes"))
    ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "experimental",
                       _ ("Write only what you would write with a tool that nobody has tried."),
                       _ ("How a BD writer is written is known from one group of authors, and was "
                          "tried on no drive by us. It is switched on."));
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "experimental",
                       _ ("⟦set experimental=yes⟧ if you want to try it."),
                       _ ("How a BD writer is written is known from one group of authors, and was "
                          "tried on no drive by us, so it is switched off."));
}

static void
judge_drive (const Case *c)
{
  const char *reason = ofl_snapshot_get_reason (c->drive);

  judge_switch (c);
  if (reason != NULL)
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "control",
                       _ ("Use the maker's own updater for this drive."), "%s", reason);
  if (ofl_snapshot_get_state (c->drive) != OFL_DRIVE_STATE_BOOT)
    return;
  ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "boot",
                     _ ("Switch the drive off and on. If only its kernel runs then, too, write a "
                        "firmware that fits; its authors have not proven that this brings the drive "
                        "back."),
                     _ ("The drive runs its kernel only: its firmware is damaged or missing, or "
                        "another program has left it in that mode."));
  ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "read", NULL,
                     _ ("What a BD writer whose kernel alone runs lets one read is not known: "
                        "there will be no backup."));
}

static void
judge_sat (const Case *c)
{
  g_autofree char *of_drive = drive_field (c, ID_VERSION);
  g_autofree char *of_file = file_field (c, FILE_VERSION);
  g_autofree char *drive = name_sat (c, of_drive);
  g_autofree char *file = name_sat (c, of_file);

  if (*of_drive != '\0' && g_str_equal (of_drive, of_file))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "hardware", NULL,
                       _ ("File and drive are of the same hardware, %s."), drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "hardware", CHOOSE_ANOTHER,
                       _ ("The file is made for the hardware %s; the drive is %s. To turn a BD "
                          "writer into another model is left out: which hardware bears which "
                          "firmware is proven by nobody."),
                       file, drive);
}

static void
judge_kernel_tag (const Case *c)
{
  g_autofree char *drive = drive_field (c, ID_KERNEL_TAG);
  g_autofree char *file = file_field (c, FILE_KERNEL_TAG);

  if (*drive != '\0' && g_str_equal (drive, file))
    ofl_judgement_add (c->judgement, OFL_LEVEL_GREEN, "type", NULL,
                       _ ("File and drive have the same kernel type, %s."), drive);
  else
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "type", CHOOSE_ANOTHER,
                       _ ("The file is for the kernel type %s; the drive has %s. A firmware is "
                          "written only under the kernel that it was made for."),
                       file, drive);
}

static const char *
last_word (const char *text)
{
  const char *blank = text != NULL ? strrchr (text, ' ') : NULL;

  return blank != NULL ? blank + 1 : text != NULL ? text : "";
}

static void
judge_model (const Case *c)
{
  const OflIdentity *identity = ofl_snapshot_identity (c->drive);
  const char *product = ofl_image_get_fact (c->image, "product");
  const char *of_drive = last_word (identity->product);
  const char *of_file = last_word (product);

  if (*of_file != '\0' && g_str_equal (of_drive, of_file))
    ofl_family_judge_named (c->drive, "brand", c->judgement);
  else
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED, "brand", _ ("Choose the firmware of this model."),
        _ ("The file is for the model “%s”; the drive is a “%s”. To turn a BD writer "
           "into another model is left out."),
        of_file, of_drive);
}

static void
judge_signature (const Case *c)
{
  for (guint i = 0; i < ofl_image_get_n_checks (c->image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (c->image, i);

      if (g_str_equal (check->name, "signature") && check->result == OFL_IMAGE_CHECK_OK)
        ofl_judgement_add (c->judgement, OFL_LEVEL_YELLOW, "signature",
                           _ ("Take the file from the maker's own updater for this model."),
                           _ ("The file is signed, and whole and unaltered since: %s. That the "
                              "maker signed it, this does not tell, and which keys the drive trusts "
                              "is not known."),
                           ofl_image_check_text (check));
    }
}

/* "1.50" and the like; a revision of another form is not compared. */
static gboolean
read_revision (const char *text, double *value)
{
  char *end;

  *value = text != NULL ? g_ascii_strtod (text, &end) : 0;
  return text != NULL && end != text && *end == '\0';
}

static void
judge_age (const Case *c)
{
  const char *brings = ofl_image_get_fact (c->image, "revision");
  const char *has = ofl_snapshot_identity (c->drive)->revision;
  double file, drive;

  if (ofl_snapshot_get_state (c->drive) != OFL_DRIVE_STATE_NORMAL)
    return;
  if (read_revision (brings, &file) && read_revision (has, &drive) && file < drive)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED_SOFT, "older",
        _ ("Stay with what the drive has, unless you need the older one."),
        _ ("The file has revision %s, which is older than the drive's, %s. Going back "
           "is done elsewhere with a patched kernel, which is left out here; whether "
           "the drive takes an older firmware without one is not known."),
        brings, has);
  else
    ofl_family_judge_revision (c->drive, brings, c->judgement);
}

/* What must never be sent, whatever else fits: only then is the rest of use. */
static gboolean
judge_kind (const Case *c)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (c->image, &length);

  if (ofl_pioneer_bd_is_dump (data, length))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "component",
                       _ ("Choose the maker's file of the release that you want back."),
                       _ ("The file is what was read from a BD writer's memory. It shows what the "
                          "drive held; it cannot be written, for a drive takes only a signed file, "
                          "and the signature is not in its memory."));
  else if (!ofl_pioneer_bd_is_file (data, length))
    ofl_judgement_add (c->judgement, OFL_LEVEL_RED, "hardware", CHOOSE_ANOTHER,
                       _ ("The file is not for a BD writer of this kind: it does not name its "
                          "hardware by SAT and a number."));
  else if (g_strcmp0 (ofl_image_get_fact (c->image, "component"), "Normal") != 0)
    ofl_judgement_add (
        c->judgement, OFL_LEVEL_RED, "component", _ ("Choose the Normal of the same release."),
        _ ("The file is a kernel. A BD writer that loses its kernel has no way back, "
           "so none is written here."));
  else
    return TRUE;
  return FALSE;
}

static void
judge_file (const Case *c)
{
  if (!judge_kind (c))
    return;
  ofl_family_judge_checks (c->image, OFL_NO_CHECK_FAILS, c->judgement);
  judge_signature (c);
  judge_sat (c);
  judge_kernel_tag (c);
  judge_model (c);
  judge_age (c);
}

/**
 * ofl_pioneer_bd_judge:
 * @self: the family
 * @drive: a BD writer
 * @image: (nullable): an image of the family, or %NULL to judge the drive alone
 * @choices: (nullable): what the user chose
 * @judgement: where to add reasons
 *
 * pioneer 2.9. Nothing of what it refuses can be overridden; whether an older release is taken is the
 * user's decision (8.1).
 */
void
ofl_pioneer_bd_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                      const OflChoices *choices, OflJudgement *judgement)
{
  Case c = { self, drive, image, choices, judgement };

  judge_drive (&c);
  if (image != NULL)
    judge_file (&c);
}
