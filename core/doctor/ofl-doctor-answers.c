/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/ofl-doctor-answers.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

#define BUFFER_LEN 12
#define DISC_INFO_LEN 34
#define CAPACITY_LEN 8
#define ATIP_LEN 16
#define PHYSICAL_LEN 20
#define BLOCK_SIZE 2048
#define SESSIONS_MSB 9

/* Least minute of a lead-in before a disc's begin: it counts up to 99 and then from 0 on. */
#define LEAD_IN_LEAST 90

/* The first two bytes of an answer say how many follow. */
static gboolean
has_length (const guint8 *data, gsize length, gsize least)
{
  return length >= least && (gsize) ofl_get_be (data, 2) + 2 >= least;
}

static gboolean
is_time (const guint8 time[3])
{
  return time[0] < 100 && time[1] < 60 && time[2] < 75;
}

/**
 * ofl_buffer_room_parse:
 * @self: (out caller-allocates): where to put it
 * @data: (array length=length): answer to READ BUFFER CAPACITY
 * @length: bytes that came
 *
 * Returns: %FALSE when it is too short, of no size, or more is free than there is
 */
gboolean
ofl_buffer_room_parse (OflBufferRoom *self, const guint8 *data, gsize length)
{
  memset (self, 0, sizeof *self);
  if (!has_length (data, length, BUFFER_LEN))
    return FALSE;
  self->size = ofl_get_be (data + 4, 4);
  self->free = ofl_get_be (data + 8, 4);
  return self->size > 0 && self->free <= self->size;
}

/**
 * ofl_disc_state_parse:
 * @self: (out caller-allocates): where to put it
 * @data: (array length=length): answer to READ DISC INFORMATION
 * @length: bytes that came
 *
 * Returns: %FALSE when it is too short
 */
gboolean
ofl_disc_state_parse (OflDiscState *self, const guint8 *data, gsize length)
{
  memset (self, 0, sizeof *self);
  if (!has_length (data, length, DISC_INFO_LEN))
    return FALSE;
  self->status = (OflDiscStatus) (data[2] & 0x03);
  self->sessions = (guint) data[SESSIONS_MSB] << 8 | data[4];
  return TRUE;
}

/**
 * ofl_disc_blocks_parse:
 * @blocks: (out): how many there are; 0 when nothing is written
 * @data: (array length=length): answer to READ CAPACITY
 * @length: bytes that came
 *
 * Returns: %FALSE when it is too short or names another size of a block than optical discs have
 */
gboolean
ofl_disc_blocks_parse (guint32 *blocks, const guint8 *data, gsize length)
{
  guint32 last;

  *blocks = 0;
  if (length < CAPACITY_LEN || ofl_get_be (data + 4, 4) != BLOCK_SIZE)
    return FALSE;
  last = ofl_get_be (data, 4);
  if (last == G_MAXUINT32)
    return FALSE;
  *blocks = last > 0 ? last + 1 : 0;
  return TRUE;
}

/**
 * ofl_atip_parse:
 * @self: (out caller-allocates): where to put it
 * @data: (array length=length): answer to READ TOC/PMA/ATIP, format 4
 * @length: bytes that came
 *
 * Returns: %FALSE when it is too short or its times are none
 */
gboolean
ofl_atip_parse (OflAtip *self, const guint8 *data, gsize length)
{
  memset (self, 0, sizeof *self);
  if (!has_length (data, length, ATIP_LEN))
    return FALSE;
  self->rewritable = (data[6] & 0x40) != 0;
  memcpy (self->code, data + 8, sizeof self->code);
  memcpy (self->end, data + 12, sizeof self->end);
  return is_time (self->code) && is_time (self->end) && self->code[0] >= LEAD_IN_LEAST;
}

/**
 * ofl_physical_parse:
 * @self: (out caller-allocates): where to put it
 * @data: (array length=length): answer to READ DISC STRUCTURE, format 0
 * @length: bytes that came
 *
 * Returns: %FALSE when it is too short or the disc would end before it begins
 */
gboolean
ofl_physical_parse (OflPhysical *self, const guint8 *data, gsize length)
{
  memset (self, 0, sizeof *self);
  if (!has_length (data, length, PHYSICAL_LEN))
    return FALSE;
  self->book = data[4] >> 4;
  self->layers = (guint) (data[6] >> 5 & 0x03) + 1;
  self->first = ofl_get_be (data + 9, 3);
  self->last = ofl_get_be (data + 13, 3);
  return self->first > 0 && self->last >= self->first;
}
