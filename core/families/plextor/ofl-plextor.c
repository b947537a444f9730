/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Plextor family: recognising a drive, judging, the verdict. plextor 1. */
#include "families/plextor/ofl-plextor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define TLA_AT 0x29
#define TLA_LEN 4

/**
 * ofl_plextor_model:
 * @self: the family
 * @drive: a drive
 *
 * Returns: (transfer full) (nullable): the group of its model in the table
 */
char *
ofl_plextor_model (const OflFamily *self, const OflSnapshot *drive)
{
  return ofl_family_model_of (self, NULL, ofl_snapshot_identity (drive)->product);
}

/* plextor 2.8: the form of the CD writers; when it fails, that of the later ones. The
 * drive hangs on other vendor commands (DE, DF, F8: plextor 1), so nothing else is tried. */
static gboolean
read_tla (OflTransport *transport, OflSnapshot *snapshot, char tla[TLA_LEN + 1])
{
  guint8 data[OFL_PLEXTOR_EEPROM_BLOCK];

  for (guint i = 0; i < 2; i++)
    {
      OflCommand command = ofl_plextor_read_eeprom (i == 1, 0, sizeof data);

      if (!ofl_family_read (transport, snapshot, command, N_ ("its EEPROM"), data,
                            TLA_AT + TLA_LEN))
        continue;
      for (guint n = 0; n < TLA_LEN; n++)
        if (!g_ascii_isgraph ((char) data[TLA_AT + n]))
          return FALSE;
      memcpy (tla, data + TLA_AT, TLA_LEN);
      return TRUE;
    }
  return FALSE;
}

/* What the drive takes is named by the image that serves its model. */
static void
say_kind (const OflFamily *self, const char *model, OflSnapshot *snapshot)
{
  g_autofree char *kind = ofl_family_word (self, model, "image");
  g_autofree char *group = g_strconcat ("image ", kind, NULL);

  if (kind == NULL)
    {
      g_autofree char *product = ofl_family_word (self, model, "product");
      g_autofree char *mark = ofl_family_text ((const guint8 *) product, strlen (product));

      ofl_snapshot_set_mark (snapshot, mark);
      return;
    }
  ofl_snapshot_set_mark (snapshot, kind);
  ofl_snapshot_set_image_size (snapshot, ofl_family_number (self, group, "size"));
}

/* Plextor's own drives, and the twins that the table names. */
static gboolean
may_ask (const OflFamily *self, const OflSnapshot *snapshot)
{
  const OflIdentity *identity = ofl_snapshot_identity (snapshot);
  g_autofree char *twin = ofl_family_model_of (self, identity->vendor, identity->product);

  return twin != NULL || ofl_family_may_ask (self, snapshot);
}

static gboolean
plextor_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot)
{
  OflCaps caps = OFL_CAP_WRITE;
  g_autofree char *model = NULL;
  g_autofree char *eeprom = NULL;
  char tla[TLA_LEN + 1] = { 0 };

  if (!may_ask (self, snapshot))
    return FALSE;
  model = ofl_plextor_model (self, snapshot);
  if (model == NULL)
    {
      ofl_snapshot_set_reason (
          snapshot, OFL_SAY (_ ("Which firmware this model takes, and in which pieces, is not "
                                "publicly known. Nothing is written to it.")));
      return FALSE;
    }
  eeprom = ofl_family_word (self, model, "eeprom");
  if (eeprom != NULL)
    caps |= OFL_CAP_READ_EEPROM;
  if (g_key_file_get_boolean (ofl_family_table (self), model, "tla", NULL)
      && read_tla (transport, snapshot, tla))
    ofl_snapshot_set_fact (snapshot, OFL_PLEXTOR_FACT_TLA, tla);
  say_kind (self, model, snapshot);
  ofl_snapshot_set_state (snapshot, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (snapshot, self->id, caps);
  return TRUE;
}

static void
judge_reading (const OflSnapshot *drive, OflJudgement *judgement)
{
  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ_EEPROM) != 0)
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       _ ("The firmware of Plextor drives cannot be read. The backup holds the "
                          "drive's EEPROM only, and what is written cannot be read back."));
  else
    ofl_judgement_add (judgement, OFL_LEVEL_YELLOW, "read", NULL,
                       _ ("Neither the firmware nor the EEPROM of this model can be read. There "
                          "will be no backup, and what is written cannot be read back."));
}

/* pxfw's gate: the kind of file is the kind that the drive takes, never to be forced
 * (plextor 3.1). */
static void
judge_kind (const OflSnapshot *drive, const OflImage *image, OflJudgement *judgement)
{
  const char *takes = ofl_snapshot_get_mark (drive);
  const char *is = ofl_image_get_mark (image);
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (drive));

  if (g_strcmp0 (takes, is) != 0)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is a firmware for %s; the drive %s takes those for %s."), is,
                       name, takes);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_GREEN, "model", NULL,
                       _ ("The file is of the kind that the drive %s takes, %s."), name, takes);
}

static void
judge_unchecked (const OflImage *image, gboolean redumper, OflJudgement *judgement)
{
  if (ofl_image_get_fact (image, "kind") != NULL)
    return;
  ofl_judgement_add (judgement, OFL_LEVEL_RED_SOFT, "integrity",
                     _ ("Go on only if the file comes from the drive's maker, unaltered."),
                     _ ("The size and the sum of this model's files are not public, so a damaged "
                        "file would not be noticed."));
  if (!redumper)
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "dialect", _ ("⟦set dialect=redumper⟧."),
                       _ ("The dialect pxfw does not know this model."));
}

/* A twin of another maker takes the files of the model that it is, by all that is known; whether it
 * does, nobody has reported (plextor 1). */
static void
judge_twin (const OflFamily *self, const OflSnapshot *drive, OflJudgement *judgement)
{
  g_autofree char *model = ofl_plextor_model (self, drive);
  g_autofree char *twin = model != NULL ? ofl_family_word (self, model, "twin-of") : NULL;
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (drive));

  if (twin != NULL)
    ofl_judgement_add (
        judgement, OFL_LEVEL_RED_SOFT, "twin",
        _ ("Go on only if you can bear the loss of the drive."),
        /* Translators: two drives */
        _ ("The drive %s is known to be a %s by another name. Nobody is known to have "
           "written that model's firmware to it; it may call itself by that name "
           "afterwards."),
        name, twin);
}

static void
plextor_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
               const OflChoices *choices, OflJudgement *judgement)
{
  gboolean redumper = ofl_family_chose (self, choices, "dialect", "redumper");

  judge_reading (drive, judgement);
  if (image == NULL || !ofl_family_judge_checks (image, OFL_NO_CHECK_FAILS, judgement))
    return;
  judge_kind (drive, image, judgement);
  judge_twin (self, drive, judgement);
  judge_unchecked (image, redumper, judgement);
}

const OflFamily ofl_family_plextor = {
  .id = "plextor",
  .probe = plextor_probe,
  .parse = ofl_plextor_parse,
  .judge = plextor_judge,
  .plan_read = ofl_plextor_plan_read,
  .plan_write = ofl_plextor_plan_write,
  .confirm = ofl_family_confirm_identity,
};
