/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A NOR flash chip: erasing sets a sector to ones, programming only clears bits, both take time,
 * and a loss of power leaves the unit that was being worked on half done. */
#include "practice/ofl-practice-chip.h"

#include <string.h>

#include "practice/ofl-practice-random.h"

typedef struct {
  gboolean erase;
  gboolean spoilt; /* the one page that "lie" leaves wrong */
  guint32 offset;
  guint32 length;
  gint64 duration_us;
  guint8 *data;
} Operation;

/* Some cells of which it is known what the factory writes there. */
typedef struct {
  guint32 offset, length;
  guint8 *data;
} Mark;

struct _OflPracticeChip {
  const OflPracticeChipType *type;
  guint8 *cells; /* NULL until somebody needs them */
  void (*fill) (gpointer data);
  gpointer fill_data;
  GArray *marks; /* of Mark */
  guint32 random;
  double slow;
  gboolean silent;
  gboolean lie;
  GArray *queue; /* of Operation */
  guint at;      /* index of the operation in progress */
  gboolean running;
  gint64 begun_us; /* when it began */
  void (*changed) (guint32 offset, guint32 length, gpointer data);
  gpointer changed_data;
};

static void
clear_operation (gpointer data)
{
  Operation *operation = data;

  g_free (operation->data);
}

static void
clear_mark (gpointer data)
{
  Mark *mark = data;

  g_free (mark->data);
}

/**
 * ofl_practice_chip_new: (skip)
 * @type: the part; kept, not copied
 * @seed: decides the small differences between units
 *
 * Makes an erased chip.
 *
 * Returns: (transfer full): the chip
 */
OflPracticeChip *
ofl_practice_chip_new (const OflPracticeChipType *type, guint32 seed)
{
  OflPracticeChip *self = g_new0 (OflPracticeChip, 1);

  self->type = type;
  self->random = seed ^ 0x5eed;
  self->slow = 1.0;
  self->queue = g_array_new (FALSE, FALSE, sizeof (Operation));
  g_array_set_clear_func (self->queue, clear_operation);
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_array_set_clear_func (self->marks, clear_mark);
  return self;
}

/**
 * ofl_practice_chip_free: (skip)
 * @self: (transfer full): a chip
 *
 * Frees a chip.
 */
void
ofl_practice_chip_free (OflPracticeChip *self)
{
  g_array_unref (self->queue);
  g_array_unref (self->marks);
  g_free (self->cells);
  g_free (self);
}

/**
 * ofl_practice_chip_set_factory: (skip)
 * @self: a chip just made
 * @fill: (scope forever): called at most once, to put what the factory writes
 * @data: handed to @fill
 *
 * Says what the chip holds from the start. It is put there when a cell is needed, by whoever needs
 * it first: most practice drives are listed and never used.
 */
void
ofl_practice_chip_set_factory (OflPracticeChip *self, void (*fill) (gpointer data), gpointer data)
{
  self->fill = fill;
  self->fill_data = data;
}

/**
 * ofl_practice_chip_put_mark: (skip)
 * @self: a chip with a factory
 * @offset: first byte
 * @data: (array length=length): what the factory writes there; copied
 * @length: bytes; @offset + @length within the chip
 *
 * Lets these cells be read without all others, as they are for who asks what drive it is.
 */
void
ofl_practice_chip_put_mark (OflPracticeChip *self, guint32 offset, const guint8 *data,
                            guint32 length)
{
  Mark mark = { offset, length, NULL };

  g_return_if_fail (ofl_practice_chip_is_new (self));
  g_return_if_fail (offset <= self->type->size && length <= self->type->size - offset);

  mark.data = g_memdup2 (data, length);
  g_array_append_val (self->marks, mark);
}

/**
 * ofl_practice_chip_is_new: (skip)
 * @self: a chip
 *
 * Returns: whether it holds what the factory writes and no cell was needed yet
 */
gboolean
ofl_practice_chip_is_new (OflPracticeChip *self)
{
  return self->cells == NULL && self->fill != NULL;
}

/* What was there from the start is no change. */
static void
need_cells (OflPracticeChip *self)
{
  void (*changed) (guint32, guint32, gpointer) = self->changed;

  if (self->cells != NULL)
    return;
  self->cells = g_malloc (self->type->size);
  memset (self->cells, 0xff, self->type->size);
  self->changed = NULL;
  if (self->fill != NULL)
    self->fill (self->fill_data);
  self->changed = changed;
  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);

      /* or a drive that was looked at would have said something else */
      g_warn_if_fail (memcmp (self->cells + mark->offset, mark->data, mark->length) == 0);
    }
}

/**
 * ofl_practice_chip_read: (skip)
 * @self: a chip
 * @offset: first byte
 * @length: bytes; @offset + @length within the chip
 *
 * Of a new chip cells that lie within a mark are read without filling it.
 *
 * Returns: (transfer none): these cells, until the chip is changed or filled
 */
const guint8 *
ofl_practice_chip_read (OflPracticeChip *self, guint32 offset, guint32 length)
{
  if (self->cells == NULL)
    for (guint i = 0; i < self->marks->len; i++)
      {
        const Mark *mark = &g_array_index (self->marks, Mark, i);

        if (offset >= mark->offset && offset - mark->offset <= mark->length
            && length <= mark->length - (offset - mark->offset))
          return mark->data + (offset - mark->offset);
      }
  return ofl_practice_chip_get_data (self) + offset;
}

/**
 * ofl_practice_chip_get_data: (skip)
 * @self: a chip
 *
 * Returns: (transfer none): all cells, as of the last ofl_practice_chip_advance()
 */
const guint8 *
ofl_practice_chip_get_data (OflPracticeChip *self)
{
  need_cells (self);
  return self->cells;
}

/**
 * ofl_practice_chip_get_size: (skip)
 * @self: a chip
 *
 * Returns: bytes of the chip
 */
guint32
ofl_practice_chip_get_size (OflPracticeChip *self)
{
  return self->type->size;
}

/**
 * ofl_practice_chip_set_changed: (skip)
 * @self: a chip
 * @changed: (nullable) (scope forever): called after each change of cells, in their order
 * @data: handed to @changed
 *
 * Lets somebody keep a copy of the cells.
 */
void
ofl_practice_chip_set_changed (OflPracticeChip *self,
                               void (*changed) (guint32 offset, guint32 length, gpointer data),
                               gpointer data)
{
  self->changed = changed;
  self->changed_data = data;
}

static void
tell_changed (OflPracticeChip *self, guint32 offset, guint32 length)
{
  if (self->changed != NULL)
    self->changed (offset, length, self->changed_data);
}

/**
 * ofl_practice_chip_put: (skip)
 * @self: a chip
 * @offset: first byte
 * @data: (array length=length): new contents
 * @length: bytes; @offset + @length within the chip
 *
 * Sets cells at once, as the factory's programmer does.
 */
void
ofl_practice_chip_put (OflPracticeChip *self, guint32 offset, const guint8 *data, guint32 length)
{
  g_return_if_fail (offset <= self->type->size && length <= self->type->size - offset);

  need_cells (self);
  memcpy (self->cells + offset, data, length);
  tell_changed (self, offset, length);
}

/**
 * ofl_practice_chip_set_slow: (skip)
 * @self: a chip
 * @factor: 1 for a healthy chip; a worn one is slower than its data sheet allows
 *
 * Stretches the times of operations queued from now on.
 */
void
ofl_practice_chip_set_slow (OflPracticeChip *self, double factor)
{
  self->slow = factor;
}

/**
 * ofl_practice_chip_set_silent: (skip)
 * @self: a chip
 * @silent: TRUE when operations take their time and change nothing
 *
 * A chip that is write protected without saying so.
 */
void
ofl_practice_chip_set_silent (OflPracticeChip *self, gboolean silent)
{
  self->silent = silent;
}

/**
 * ofl_practice_chip_set_lie: (skip)
 * @self: a chip
 * @lie: TRUE when each run of operations leaves one page wrong
 *
 * A chip with weak cells that nobody reads back.
 */
void
ofl_practice_chip_set_lie (OflPracticeChip *self, gboolean lie)
{
  self->lie = lie;
}

/* A unit is a little slower than typical, never beyond the limit of the data sheet. */
static gint64
draw_time (OflPracticeChip *self, gint64 typical_us, gint64 max_us)
{
  gint64 spread = (max_us != 0 ? MIN (max_us - typical_us, typical_us) : typical_us) / 16;

  if (spread > 0)
    typical_us += (gint64) (ofl_practice_random (&self->random) % (guint32) spread);
  return (gint64) ((double) typical_us * self->slow);
}

/**
 * ofl_practice_chip_queue_erase: (skip)
 * @self: a chip
 * @offset: first byte, at the start of a sector
 * @length: bytes, whole sectors
 *
 * Queues the erasing of a range, with large sectors where they fit.
 */
void
ofl_practice_chip_queue_erase (OflPracticeChip *self, guint32 offset, guint32 length)
{
  const OflPracticeChipType *type = self->type;

  while (length > 0)
    {
      gboolean big = offset % type->big_sector == 0 && length >= type->big_sector;
      Operation operation = { .erase = TRUE, .offset = offset };

      operation.length = big ? type->big_sector : type->small_sector;
      g_return_if_fail (operation.length != 0 && operation.length <= length
                        && offset % operation.length == 0);
      operation.duration_us = big ? draw_time (self, type->big_us, type->big_max_us)
                                  : draw_time (self, type->small_us, type->small_max_us);
      g_array_append_val (self->queue, operation);
      offset += operation.length;
      length -= operation.length;
    }
}

/**
 * ofl_practice_chip_queue_program: (skip)
 * @self: a chip
 * @offset: first byte, at the start of a page
 * @data: (array length=length): what to program; copied
 * @length: bytes; the last page may be short
 *
 * Queues the programming of a range, page by page.
 */
void
ofl_practice_chip_queue_program (OflPracticeChip *self, guint32 offset, const guint8 *data,
                                 guint32 length)
{
  g_return_if_fail (offset % self->type->page == 0);

  for (guint32 done = 0; done < length; done += self->type->page)
    {
      Operation operation = { .offset = offset + done };

      operation.length = MIN (self->type->page, length - done);
      operation.duration_us = draw_time (self, self->type->page_us, self->type->page_max_us);
      operation.data = g_memdup2 (data + done, operation.length);
      g_array_append_val (self->queue, operation);
    }
}

/* Picks the page that will come out wrong: one whose data has a bit that can fail to be cleared. */
static void
spoil_one (OflPracticeChip *self)
{
  guint first = ofl_practice_random (&self->random) % self->queue->len;

  for (guint i = 0; i < self->queue->len; i++)
    {
      Operation *operation
          = &g_array_index (self->queue, Operation, (first + i) % self->queue->len);

      if (!operation->erase && operation->data[operation->length / 2] != 0xff)
        {
          operation->spoilt = TRUE;
          return;
        }
    }
}

/**
 * ofl_practice_chip_start: (skip)
 * @self: an idle chip with a queue
 * @now_us: the time, microseconds
 *
 * Begins to work through the queue.
 *
 * Returns: the time at which it will be done
 */
gint64
ofl_practice_chip_start (OflPracticeChip *self, gint64 now_us)
{
  self->at = 0;
  self->begun_us = now_us;
  self->running = self->queue->len > 0;
  if (self->lie && self->running)
    spoil_one (self);
  return ofl_practice_chip_get_end_us (self);
}

static void
apply (OflPracticeChip *self, const Operation *operation)
{
  guint8 *cells;

  if (self->silent)
    return;
  need_cells (self);
  cells = self->cells + operation->offset;
  if (operation->erase)
    memset (cells, 0xff, operation->length);
  else
    for (guint32 i = 0; i < operation->length; i++)
      if (!operation->spoilt || i != operation->length / 2)
        cells[i] &= operation->data[i];
  tell_changed (self, operation->offset, operation->length);
}

/**
 * ofl_practice_chip_advance: (skip)
 * @self: a chip
 * @now_us: the time, microseconds
 *
 * Finishes every operation whose end has passed.
 */
void
ofl_practice_chip_advance (OflPracticeChip *self, gint64 now_us)
{
  while (self->running)
    {
      const Operation *operation = &g_array_index (self->queue, Operation, self->at);

      if (self->begun_us + operation->duration_us > now_us)
        return;
      apply (self, operation);
      self->begun_us += operation->duration_us;
      self->at++;
      if (self->at == self->queue->len)
        {
          self->running = FALSE;
          g_array_set_size (self->queue, 0);
        }
    }
}

/**
 * ofl_practice_chip_is_busy: (skip)
 * @self: a chip
 *
 * Returns: whether it was still at work at the last ofl_practice_chip_advance()
 */
gboolean
ofl_practice_chip_is_busy (OflPracticeChip *self)
{
  return self->running;
}

/**
 * ofl_practice_chip_get_end_us: (skip)
 * @self: a chip
 *
 * Returns: when the queue is, or was, worked off, microseconds
 */
gint64
ofl_practice_chip_get_end_us (OflPracticeChip *self)
{
  gint64 end_us = self->begun_us;

  if (self->running)
    for (guint i = self->at; i < self->queue->len; i++)
      end_us += g_array_index (self->queue, Operation, i).duration_us;
  return end_us;
}

/* Half an erase: any bit may already be one. Half a page: the first bytes are programmed, and
 * the byte in work has some of its bits. */
static void
apply_partly (OflPracticeChip *self, const Operation *operation, double share)
{
  guint32 programmed = (guint32) (share * operation->length);
  guint8 *cells;

  if (self->silent || share <= 0.0)
    return;
  need_cells (self);
  cells = self->cells + operation->offset;
  if (operation->erase)
    {
      for (guint32 i = 0; i < operation->length; i++)
        if (ofl_practice_random (&self->random) % 1000 < share * 1000.0)
          cells[i] |= (guint8) (ofl_practice_random (&self->random) >> 7);
      return;
    }
  for (guint32 i = 0; i < programmed; i++)
    cells[i] &= operation->data[i];
  if (programmed < operation->length)
    cells[programmed] &= operation->data[programmed] | 0x55;
}

/**
 * ofl_practice_chip_cut_power: (skip)
 * @self: a chip
 * @now_us: when the power went, microseconds
 *
 * Ends all work: what was finished stays, the unit in work is half done, the rest never happens.
 */
void
ofl_practice_chip_cut_power (OflPracticeChip *self, gint64 now_us)
{
  ofl_practice_chip_advance (self, now_us);
  if (self->running)
    {
      const Operation *operation = &g_array_index (self->queue, Operation, self->at);
      double share = (double) (now_us - self->begun_us) / (double) operation->duration_us;

      apply_partly (self, operation, share);
      tell_changed (self, operation->offset, operation->length);
    }
  self->running = FALSE;
  g_array_set_size (self->queue, 0);
}
