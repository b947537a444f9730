/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: how their flash and their files are laid out, and what the parts of this family
 * share. nec 1 to 4. */
#pragma once

#include "family/ofl-family.h"
#include "firmware/ofl-container-format.h"

G_BEGIN_DECLS

extern const OflFamily ofl_family_nec;

#define OFL_NEC_ID_LEN 4
#define OFL_NEC_ID_READ 0x20      /* bytes read to find the ID (nec 1.1) */
#define OFL_NEC_RID_READ 0x80     /* bytes of the area that tells the hardware (3.2) */
#define OFL_NEC_CHUNK 0x8000      /* one write */
#define OFL_NEC_UNIT 0x1000       /* one read, and the unit that writes count in */
#define OFL_NEC_TIMEOUT_MS 300000 /* of every command (0) */
#define OFL_NEC_READY_MS 60000    /* how long leaving safe mode is waited for */
#define OFL_NEC_COMMAND_MS 10
#define OFL_NEC_NO_DUMP_ID 0xff /* no firmware is there to be read (2.1) */

/* The boot code's version: two ASCII characters, or one of these (3.4, 3.5). */
#define OFL_NEC_BOOTCODE_UNKNOWN 0xffff
#define OFL_NEC_BOOTCODE_NONE 0xfffe

/* Blobs of a drive's snapshot */
#define OFL_NEC_BLOB_ID "id"             /* 20 bytes from where the ID stands */
#define OFL_NEC_BLOB_RID "rid"           /* 80 bytes */
#define OFL_NEC_BLOB_DUMP_ID "dump-id"   /* one byte, where it could be read */
#define OFL_NEC_BLOB_NOTEBOOK "notebook" /* one byte, where it could be read */

/* Facts of drives and images */
#define OFL_NEC_FACT_TYPE "drive type"
#define OFL_NEC_FACT_ID "id"
#define OFL_NEC_FACT_BOOTCODE "boot code"
#define OFL_NEC_FACT_ADDRESS "id address"

typedef enum {
  OFL_NEC_640K,
  OFL_NEC_768K,
  OFL_NEC_1M,
  OFL_NEC_1M_K2,
  OFL_NEC_2M,
  OFL_NEC_OPTI,
  OFL_NEC_OPTI2,
  OFL_NEC_OPTI3,
  OFL_NEC_OPTI4,
  OFL_NEC_BD,
  OFL_NEC_BD2,
  OFL_NEC_HDDVD,
} OflNecKind;

/**
 * OflNecLayout:
 * @kind: which one
 * @name: as the table has it
 * @length: bytes of a file without the two of a boot code's version; 0: no file is known
 * @id_at: where in the file the ID stands
 * @payload: bytes of firmware, from the beginning of the file
 * @sum_at: where in the file their sum stands; 0: nowhere
 * @base: where in the drive they belong
 * @writes: whether the way to write them is known
 * @reads: whether they can be read
 * @notes_bootcode: whether a dump ends with the boot code's version
 *
 * One type of flash (nec 2.3 to 2.12, 2.14, 3.1).
 */
typedef struct {
  OflNecKind kind;
  const char *name;
  guint32 length;
  guint32 id_at;
  guint32 payload;
  guint32 sum_at;
  guint32 base;
  gboolean writes;
  gboolean reads;
  gboolean notes_bootcode;
} OflNecLayout;

/* A stretch of a drive's flash and where it stands in a file. */
typedef struct {
  guint bank;
  guint32 address;
  guint32 at;
  guint32 length;
} OflNecRange;

/**
 * OflNecModel:
 * @name: the type's name, as in the table's group "drive NAME"
 * @group: that group
 * @id: the four characters that safe mode is asked with
 * @layout: its flash
 *
 * A drive type of the table.
 */
typedef struct {
  char *name;
  char *group;
  char *id;
  const OflNecLayout *layout;
} OflNecModel;

void ofl_nec_model_free (OflNecModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflNecModel, ofl_nec_model_free)

/* The table: ofl-nec-table.c */
const OflNecLayout *ofl_nec_layout (const char *name);
const OflNecRange *ofl_nec_ranges (const OflNecLayout *layout, guint *n);
OflNecModel *ofl_nec_model_by_name (const OflFamily *self, const char *name);
OflNecModel *ofl_nec_model_by_id (const OflFamily *self, const guint8 *id, guint32 address);
OflNecModel *ofl_nec_model_of_drive (const OflFamily *self, const OflSnapshot *drive);
OflNecModel *ofl_nec_model_of_image (const OflFamily *self, const OflImage *image);
GPtrArray *ofl_nec_model_names (const OflFamily *self);
char *ofl_nec_model_text (const OflFamily *self, const OflNecModel *model, const char *key);
gboolean ofl_nec_vendor_allowed (const OflFamily *self, const OflIdentity *identity);
guint16 ofl_nec_bootcode (const OflFamily *self, const OflIdentity *identity);
guint16 ofl_nec_bootcode_of_text (const char *text);
char *ofl_nec_bootcode_text (guint16 bootcode);
char *ofl_nec_notebook_class (const OflFamily *self, guint8 byte, guint16 *bootcode);
guint16 ofl_nec_sum (const guint8 *data, gsize length);

/* Commands: ofl-nec-command.c */
OflCommand ofl_nec_command_safe (guint bank, const char *id, gboolean on);
OflCommand ofl_nec_command_read (guint bank, guint32 address, guint16 length, guint8 dump_id);
OflCommand ofl_nec_command_write (guint bank, guint32 address, guint units, guint32 length);
OflCommand ofl_nec_command_write_region (guint bank, guint32 address, guint32 length, guint16 sum);
OflCommand ofl_nec_command_check (guint bank, guint index, guint16 sum, guint8 last);
OflCommand ofl_nec_command_check_area (guint16 sum, guint32 length, guint8 area);
OflCommand ofl_nec_command_bitmap (gboolean erase, guint bank, guint block);
OflCommand ofl_nec_command_block (gboolean erase, guint bank, guint block);
OflCommand ofl_nec_command_region (gboolean erase, guint bank, guint32 address, guint32 length);
OflCommand ofl_nec_command_erase_bank (guint bank);
guint ofl_nec_add_safe_on (OflPlan *plan, OflStage stage, guint bank, const char *id);
OflStep *ofl_nec_add_safe_off (OflPlan *plan, OflStage stage, guint bank, const char *id,
                               guint after);
int ofl_nec_add_inquiry (OflPlan *plan, OflStage stage, const char *label);
OflStep *ofl_nec_add_ready (OflPlan *plan, OflStage stage, OflExpect expect);

/* What a write plan is made of. */
typedef struct {
  const OflFamily *family;
  const OflSnapshot *drive;
  const OflImage *image;
  OflPlan *plan;
  const OflNecModel *of_drive;
  const OflNecModel *model; /* the image's: what safe mode is asked with */
  const guint8 *data;       /* the image */
  int buffer;               /* it, in the plan */
  int padded;               /* its writes with their padding, 2MOpti only */
  gboolean boot;
  guint on; /* when a gate has entered safe mode: what ofl_nec_add_safe_on() returned */
} OflNecWriter;

gboolean ofl_nec_probe (const OflFamily *self, OflTransport *transport, OflSnapshot *snapshot);
OflNecModel *ofl_nec_model_by_rid (const OflFamily *self, OflNecModel *found, const guint8 *rid);
OflUnpacked ofl_nec_unpack (const OflContainerInput *input, OflContainerOutput *output,
                            GError **error);
void ofl_nec_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
void ofl_nec_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                    const OflChoices *choices, OflJudgement *judgement);
char *ofl_nec_twin (const OflFamily *self, const OflNecModel *model);
guint16 ofl_nec_wanted_bootcode (const OflFamily *self, const OflSnapshot *drive,
                                 const OflImage *image);
void ofl_nec_add_flash (const OflNecWriter *w);
OflPlan *ofl_nec_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                             const OflChoices *choices, GError **error);
OflPlan *ofl_nec_plan_read (const OflFamily *self, const OflSnapshot *drive,
                            const OflChoices *choices, GError **error);
void ofl_nec_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                           const OflChoices *choices, OflComparison *comparison);

G_END_DECLS
