/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-snapshot.h"
#include "family/ofl-judgement.h"
#include "firmware/ofl-firmware.h"
#include "plan/ofl-plan.h"
#include "plan/ofl-verdict.h"

G_BEGIN_DECLS

/* Named choices of a family ("dialect" = "oem"), string to string. A missing name means the
 * default in the family's table. */
typedef struct _OflChoices OflChoices;
OflChoices *ofl_choices_new (void);
OflChoices *ofl_choices_ref (OflChoices *self);
void ofl_choices_unref (OflChoices *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflChoices, ofl_choices_unref)
void ofl_choices_set (OflChoices *self, const char *name, const char *value);
const char *ofl_choices_get (const OflChoices *self, const char *name);
GPtrArray *ofl_choices_list_names (const OflChoices *self);

/**
 * OflProof:
 * @before: the drive before the write
 * @after: the drive after it; %NULL when it is gone
 * @image: what was sent
 * @compared: bytes read back and compared; 0 when the family cannot
 * @different: bytes that differed from the image
 * @equals_backup: what was read back equals the backup, where it should equal the image
 *
 * What is known once every step has run; a family's confirm() turns it into a verdict.
 */
typedef struct {
  const OflSnapshot *before;
  const OflSnapshot *after;
  const OflImage *image;
  guint64 compared;
  guint64 different;
  gboolean equals_backup;
} OflProof;

/**
 * OflFamily:
 * @id: short name, also of its table in data/drives/
 * @probe: with read-only commands, whether this drive is of the family. Returns %FALSE when it
 *   is not; fills @snapshot when it is
 * @parse: recognise an image; appends to @images
 * @combine: (nullable): looks at all images of a firmware file, or of two that belong together,
 *   and puts in front those that only several of them together form (a kernel part and a normal
 *   part); the bytes of what it adds are recognised by @parse again
 * @judge: how @drive and @image match; @image may be %NULL: judge the drive alone
 * @plan_read: steps that read the whole firmware into capture 0 and per-unit parts into further
 *   captures; with %OFL_CAP_READ_EEPROM alone every capture is a per-unit part
 * @plan_write: (nullable): steps that write and, where it can be done, read back and compare; %NULL
 *   where how to write is not public
 * @compare_read: count bytes of a dump (capture 0 of plan_read) that differ from where @image
 *   would have to be found; sets @compared to the number of bytes compared. %NULL where a
 *   family cannot read
 * @confirm: (nullable): the verdict on a write; %NULL together with @plan_write
 *
 * One family of drives: pure functions of what is known. A family plans, it does not flash.
 */
typedef struct _OflFamily OflFamily;
struct _OflFamily {
  const char *id;
  gboolean (*probe) (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot);
  void (*parse) (const OflFamily *self, GBytes *bytes, GPtrArray *images);
  void (*combine) (const OflFamily *self, GPtrArray *images);
  void (*judge) (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                 const OflChoices *choices, OflJudgement *judgement);
  OflPlan *(*plan_read) (const OflFamily *self, const OflSnapshot *drive, const OflChoices *choices,
                         GError **error);
  OflPlan *(*plan_write) (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                          const OflChoices *choices, GError **error);
  guint64 (*compare_read) (const OflFamily *self, const OflImage *image, GBytes *dump,
                           const OflChoices *choices, guint64 *compared);
  OflVerdict (*confirm) (const OflFamily *self, const OflProof *proof);
};

/* The registry. */
guint ofl_families_count (void);
const OflFamily *ofl_families_get (guint index);
const OflFamily *ofl_families_find (const char *id);
OflSnapshot *ofl_families_probe (OflTransport *transport, const OflIdentity *identity,
                                 gpointer wanted_family_id);
gboolean ofl_families_parse (GBytes *bytes, GPtrArray *images, gpointer unused, GError **error);
OflFirmware *ofl_families_open (GFile *file, GCancellable *cancellable, GError **error);
OflFirmware *ofl_families_open_with (GFile *file, GFile *other, GCancellable *cancellable,
                                     GError **error);
OflJudgement *ofl_families_judge (const OflSnapshot *drive, const OflImage *image,
                                  const OflChoices *choices);
int ofl_families_choose_image (const OflSnapshot *drive, OflFirmware *firmware,
                               const OflChoices *choices);

/* The family's table, data/drives/ID.ini: compiled in, overridable from the user's data folder. */
GKeyFile *ofl_family_table (const OflFamily *self);
const char *ofl_family_name (const OflFamily *self);
const char *ofl_family_evidence (const OflFamily *self);
const char *ofl_family_ability (const OflFamily *self, const char *what, char **reason);
GPtrArray *ofl_family_list_model_names (const OflFamily *self);
const char *ofl_family_choice (const OflFamily *self, const OflChoices *choices, const char *name);

/* Images whose hash somebody has published, data/drives/known-images.ini */
char *ofl_known_image_find (const OflHashes *hashes);

G_END_DECLS
