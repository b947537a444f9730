/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bulk-only transport of USB mass storage, device side: command wrapper in, data, status
 * wrapper out. Field offsets are those of its specification, revision 1.0, chapter 5. */
#include "gadget-bus.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "scsi/ofl-bytes.h"

#define CBW_LEN 31
#define CBW_SIGNATURE 0x43425355u
#define CSW_LEN 13
#define CSW_SIGNATURE 0x53425355u
#define FLAG_IN 0x80
/* usb-storage moves at most 240 sectors of 512 bytes in one command */
#define DATA_MAX (256 * 1024)
#define IO_MAX (64 * 1024)
/* FunctionFS wants room for whole packets */
#define PACKET 512

typedef struct {
  guint32 tag;
  guint32 length;
  gboolean to_host;
  guint8 cdb[16];
  guint cdb_len;
} Wrapper;

typedef struct {
  OflGadgetBus *bus;
  gint64 return_us; /* real time; 0: stays away until it is plugged in */
} Departure;

static gboolean
come_back (gpointer data)
{
  ofl_gadget_bus_plug (data, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
depart (gpointer data)
{
  Departure *departure = data;

  ofl_gadget_bus_unplug (departure->bus, NULL);
  if (departure->return_us > 0)
    g_timeout_add ((guint) (departure->return_us / 1000), come_back, departure->bus);
  return G_SOURCE_REMOVE;
}

/* The cable belongs to the main loop. */
static void
vanish (OflGadgetBus *self, const OflPracticeAnswer *answer)
{
  Departure *departure = g_new0 (Departure, 1);

  departure->bus = self;
  departure->return_us = ofl_gadget_device_to_real_us (self->device, answer->return_us);
  g_idle_add_full (G_PRIORITY_HIGH, depart, departure, g_free);
}

static gboolean
parse_wrapper (const guint8 *data, gssize length, Wrapper *wrapper)
{
  if (length != CBW_LEN || ofl_get_le (data, 4) != CBW_SIGNATURE)
    return FALSE;
  memset (wrapper, 0, sizeof *wrapper);
  wrapper->tag = ofl_get_le (data + 4, 4);
  wrapper->length = ofl_get_le (data + 8, 4);
  wrapper->to_host = (data[12] & FLAG_IN) != 0;
  wrapper->cdb_len = data[14] & 0x1f;
  if (wrapper->cdb_len == 0 || wrapper->cdb_len > sizeof wrapper->cdb)
    return FALSE;
  memcpy (wrapper->cdb, data + 15, wrapper->cdb_len);
  return TRUE;
}

static gboolean
take_data (OflGadgetBus *self, guint8 *data, gsize length)
{
  while (length > 0)
    {
      gsize room = MIN (IO_MAX, (length + PACKET - 1) / PACKET * PACKET);
      gssize got = read (self->out_fd, data, room);

      if (got <= 0)
        return FALSE;
      got = MIN (got, (gssize) length);
      data += got;
      length -= (gsize) got;
    }
  return TRUE;
}

static gboolean
give_data (OflGadgetBus *self, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize given = write (self->in_fd, data, MIN (IO_MAX, length));

      if (given <= 0)
        return FALSE;
      data += given;
      length -= (gsize) given;
    }
  return TRUE;
}

/* Less data than the host asked for ends in a short packet, or else in a stall. */
static gboolean
end_data (OflGadgetBus *self, gsize given)
{
  guint8 byte;

  if (given % PACKET != 0)
    return TRUE;
  return read (self->in_fd, &byte, 1) >= 0 || errno == EBADMSG;
}

static void
give_status (OflGadgetBus *self, const Wrapper *wrapper, guint32 residue, guint8 status)
{
  guint8 csw[CSW_LEN];

  ofl_put_le (csw, 4, CSW_SIGNATURE);
  ofl_put_le (csw + 4, 4, wrapper->tag);
  ofl_put_le (csw + 8, 4, residue);
  csw[12] = status != 0 ? 1 : 0;
  if (write (self->in_fd, csw, sizeof csw) != sizeof csw)
    ofl_gadget_device_note (self->device, "status: %s", g_strerror (errno));
}

static void
run_command (OflGadgetBus *self, const Wrapper *wrapper, guint8 *data)
{
  gboolean in = wrapper->to_host && wrapper->length > 0;
  gboolean out = !wrapper->to_host && wrapper->length > 0;
  OflPracticeRequest request = {
    .cdb = wrapper->cdb,
    .cdb_len = wrapper->cdb_len,
    .dir = in    ? OFL_DIR_IN
           : out ? OFL_DIR_OUT
                 : OFL_DIR_NONE,
  };
  OflPracticeAnswer answer;
  guint32 moved;

  if (wrapper->length > DATA_MAX || (out && !take_data (self, data, wrapper->length)))
    return;
  request.out = out ? data : NULL;
  request.out_len = out ? wrapper->length : 0;
  request.in = in ? data : NULL;
  request.in_max = in ? wrapper->length : 0;
  if (!ofl_gadget_device_execute (self->device, &request, &answer))
    return;
  if (answer.vanish)
    {
      vanish (self, &answer);
      return;
    }
  moved = wrapper->length - (guint32) MIN (answer.residual, wrapper->length);
  if (in)
    {
      moved = (guint32) MIN (answer.in_len, wrapper->length);
      if (!give_data (self, data, moved) || (moved < wrapper->length && !end_data (self, moved)))
        return;
    }
  give_status (self, wrapper, wrapper->length - moved, answer.status);
  if (answer.leaves)
    vanish (self, &answer);
}

/**
 * ofl_gadget_bulk_run:
 * @self: an open bus
 *
 * Serves commands for ever; meant for a thread of its own.
 */
void
ofl_gadget_bulk_run (OflGadgetBus *self)
{
  g_autofree guint8 *data = g_malloc (DATA_MAX + PACKET);
  guint8 packet[PACKET];
  Wrapper wrapper;

  for (;;)
    {
      gssize length = read (self->out_fd, packet, sizeof packet);

      if (length < 0)
        g_usleep (20000); /* unplugged: wait for the cable */
      else if (parse_wrapper (packet, length, &wrapper))
        run_command (self, &wrapper, data);
    }
}
