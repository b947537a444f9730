/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflPracticeChipType:
 * @name: the part
 * @size: bytes
 * @big_sector: bytes of the large erase unit
 * @small_sector: bytes of the small one; 0 when there is none
 * @page: bytes programmed in one go
 * @big_us: typical time to erase a large sector
 * @big_max_us: its limit in the data sheet; 0 when not known
 * @small_us: the same for a small sector
 * @small_max_us: its limit
 * @page_us: typical time to program a page
 * @page_max_us: its limit; 0 when not known
 *
 * A NOR flash chip by its data sheet.
 */
typedef struct {
  const char *name;
  guint32 size;
  guint32 big_sector, small_sector, page;
  gint64 big_us, big_max_us;
  gint64 small_us, small_max_us;
  gint64 page_us, page_max_us;
} OflPracticeChipType;

extern const OflPracticeChipType ofl_practice_chip_spi_16m;
extern const OflPracticeChipType ofl_practice_chip_spi_16m_quick;
extern const OflPracticeChipType ofl_practice_chip_parallel_1m;
extern const OflPracticeChipType ofl_practice_chip_parallel_2m;
extern const OflPracticeChipType ofl_practice_chip_parallel_4m;
extern const OflPracticeChipType ofl_practice_chip_parallel_8m;

typedef struct _OflPracticeChip OflPracticeChip;

OflPracticeChip *ofl_practice_chip_new (const OflPracticeChipType *type, guint32 seed);
void ofl_practice_chip_free (OflPracticeChip *self);
void ofl_practice_chip_set_factory (OflPracticeChip *self, void (*fill) (gpointer data),
                                    gpointer data);
void ofl_practice_chip_put_mark (OflPracticeChip *self, guint32 offset, const guint8 *data,
                                 guint32 length);
gboolean ofl_practice_chip_is_new (OflPracticeChip *self);
const guint8 *ofl_practice_chip_read (OflPracticeChip *self, guint32 offset, guint32 length);

const guint8 *ofl_practice_chip_get_data (OflPracticeChip *self);
guint32 ofl_practice_chip_get_size (OflPracticeChip *self);
/* As by an external programmer: at once, and whatever was there. */
void ofl_practice_chip_put (OflPracticeChip *self, guint32 offset, const guint8 *data,
                            guint32 length);

void ofl_practice_chip_set_changed (OflPracticeChip *self,
                                    void (*changed) (guint32 offset, guint32 length, gpointer data),
                                    gpointer data);
void ofl_practice_chip_set_slow (OflPracticeChip *self, double factor);
void ofl_practice_chip_set_silent (OflPracticeChip *self, gboolean silent);
void ofl_practice_chip_set_lie (OflPracticeChip *self, gboolean lie);

void ofl_practice_chip_queue_erase (OflPracticeChip *self, guint32 offset, guint32 length);
void ofl_practice_chip_queue_program (OflPracticeChip *self, guint32 offset, const guint8 *data,
                                      guint32 length);
gint64 ofl_practice_chip_start (OflPracticeChip *self, gint64 now_us);
void ofl_practice_chip_advance (OflPracticeChip *self, gint64 now_us);
gboolean ofl_practice_chip_is_busy (OflPracticeChip *self);
gint64 ofl_practice_chip_get_end_us (OflPracticeChip *self);
void ofl_practice_chip_cut_power (OflPracticeChip *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPracticeChip, ofl_practice_chip_free)

G_END_DECLS
