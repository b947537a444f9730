/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive says of itself, its buffer, and the disc that is in it. */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

#define FEATURE_PROFILES 0x0000
#define PAGE_CAPABILITIES 0x2a
#define PAGE_LEN 0xfc

#define READY_EVERY_MS 1000
#define READY_MOST 30
#define BUFFER_WAIT_MS 2000

static const guint8 ready_cdb[6] = { 0x00 };
static const guint8 room_cdb[10] = { 0x5c, [8] = 12 };
static const guint8 state_cdb[10] = { 0x51, [8] = 34 };
static const guint8 capacity_cdb[10] = { 0x25 };
static const guint8 atip_cdb[10] = { 0x43, 0x02, 0x04, [8] = 28 };
static const guint8 physical_cdb[12] = { 0xad, [9] = 20 };

static gboolean
ask_command (OflDoctor *self, const char *id, const OflCommand *command)
{
  return ofl_doctor_ask (self, id, command->cdb, command->cdb_len, command->length)
         == OFL_DOCTOR_ANSWERED;
}

/**
 * ofl_doctor_look_for_disc: (skip)
 * @self: an examination
 *
 * Whether a disc is in and ready. One that was just put in takes a while.
 */
void
ofl_doctor_look_for_disc (OflDoctor *self)
{
  OflDoctorAnswer answer = OFL_DOCTOR_SILENT;

  for (guint i = 0; i < READY_MOST && ofl_doctor_may_go_on (self); i++)
    {
      answer = ofl_doctor_ask (self, "ready", ready_cdb, sizeof ready_cdb, 0);
      if (answer != OFL_DOCTOR_NOT_READY || !ofl_reply_getting_ready (&self->reply))
        break;
      ofl_transport_sleep_ms (self->transport, READY_EVERY_MS, self->cancellable);
    }
  if (answer == OFL_DOCTOR_ANSWERED)
    self->disc = OFL_DOCTOR_DISC;
  else if (answer == OFL_DOCTOR_NOT_READY && ofl_reply_no_medium (&self->reply))
    self->disc = OFL_DOCTOR_NO_DISC;
  else
    self->disc = OFL_DOCTOR_DISC_UNKNOWN;
  if (answer == OFL_DOCTOR_NOT_READY && self->disc == OFL_DOCTOR_DISC_UNKNOWN
      && ofl_doctor_may_go_on (self))
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "ready", TRUE,
                    _ ("Take the disc out and run the doctor again, then with another disc."),
                    _ ("The drive is still getting ready after half a minute: it fails to "
                       "recognise the disc, or does not find out whether there is one."));
}

static void
ask_capabilities (OflDoctor *self)
{
  OflCommand command = ofl_command_mode_sense (PAGE_CAPABILITIES, PAGE_LEN);

  if (!ask_command (self, "abilities", &command))
    return;
  self->has_capabilities = ofl_capabilities_parse (&self->capabilities, self->data, self->length);
  if (!self->has_capabilities)
    {
      ofl_doctor_note_nonsense (self, "abilities");
      return;
    }
  ofl_doctor_add (self, OFL_FINDING_GOOD, "abilities", FALSE, NULL,
                  ofl_doctor_writes (self)
                      ? _ (
                          "It says that it reads and writes discs, reads at up to %u kB/s, and has "
                          "a buffer of %u KiB.")
                      : _ ("It says that it reads discs and writes none, reads at up to %u kB/s, "
                           "and has a buffer of %u KiB."),
                  self->capabilities.read_speed, self->capabilities.buffer_kib);
}

static void
ask_profiles (OflDoctor *self)
{
  OflCommand command = ofl_command_get_configuration (FEATURE_PROFILES, OFL_DOCTOR_ROOM);

  if (ask_command (self, "profiles", &command)
      && !ofl_profiles_parse (&self->profiles, self->data, self->length))
    ofl_doctor_note_nonsense (self, "profiles");
}

static gboolean
ask_room (OflDoctor *self, OflBufferRoom *room)
{
  if (ofl_doctor_ask (self, "buffer", room_cdb, sizeof room_cdb, room_cdb[8])
      != OFL_DOCTOR_ANSWERED)
    return FALSE;
  if (ofl_buffer_room_parse (room, self->data, self->length))
    return TRUE;
  ofl_doctor_note_nonsense (self, "buffer");
  return FALSE;
}

/* Nobody writes while the doctor looks: data that stands in the buffer and stays there was never
 * taken by a disc. One number alone says little, so it is asked twice. */
static void
ask_buffer (OflDoctor *self)
{
  OflBufferRoom later;
  guint percent;

  self->has_room = ask_room (self, &self->room);
  if (!self->has_room)
    return;
  if (self->room.free == self->room.size)
    {
      ofl_doctor_add (self, OFL_FINDING_GOOD, "buffer", TRUE, NULL,
                      _ ("Its buffer for writing is empty: %u KiB are free."),
                      self->room.size / 1024);
      return;
    }
  ofl_transport_sleep_ms (self->transport, BUFFER_WAIT_MS, self->cancellable);
  if (!ask_room (self, &later))
    return;
  self->stuck = later.free <= self->room.free;
  percent = (guint) ((guint64) (later.size - later.free) * 100 / later.size);
  if (!self->stuck)
    ofl_doctor_add (
        self, OFL_FINDING_REMARK, "buffer", TRUE,
        _ ("End other programs that use the drive and run the doctor again."),
        _ ("Its buffer is being emptied: %u %% of it were still full after two seconds."), percent);
  else
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "buffer", TRUE,
                    _ ("Switch the drive off and on and run the doctor again, to see whether it "
                       "says so even after a fresh start: then the number means nothing."),
                    _ ("%u %% of its buffer are full and stay so for two seconds, though nobody is "
                       "known to write."),
                    percent);
}

/**
 * ofl_doctor_look_at_drive: (skip)
 * @self: an examination
 *
 * What the drive says it can do, and of its buffer.
 */
void
ofl_doctor_look_at_drive (OflDoctor *self)
{
  ask_capabilities (self);
  ask_profiles (self);
  ask_buffer (self);
}

static const char *
status_words (OflDiscStatus status)
{
  switch (status)
    {
    case OFL_DISC_BLANK:
      return _ ("blank");
    case OFL_DISC_OPEN:
      return _ ("written, and open for more");
    case OFL_DISC_FINISHED:
      return _ ("written and closed");
    case OFL_DISC_OTHER:
    default:
      return _ ("of the kind that is rewritten anywhere");
    }
}

static gboolean
is_pressed (const OflDoctor *self)
{
  return self->profiles.current == PROFILE_CD_ROM || self->profiles.current == PROFILE_DVD_ROM
         || self->profiles.current == PROFILE_BD_ROM;
}

static void
describe_disc (OflDoctor *self)
{
  const char *name = ofl_profile_name (self->profiles.current);
  guint mib = self->found->blocks / (1024 * 1024 / OFL_DOCTOR_BLOCK);

  if (self->state.status == OFL_DISC_BLANK && is_pressed (self))
    ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "disc", TRUE,
                    _ ("Clean the disc, or try another one of the same kind."),
                    _ ("The drive contradicts itself: it calls the disc pressed (%s), and blank."),
                    name);
  else if (self->state.status == OFL_DISC_BLANK)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "disc", TRUE, NULL,
                    _ ("The disc that is in it is blank, as the drive sees it; its kind: %s."),
                    *name != '\0' ? name : _ ("not told"));
  else
    ofl_doctor_add (self, OFL_FINDING_GOOD, "disc", TRUE, NULL,
                    ngettext ("The disc that is in it: %s, %s, %u session, %u MiB.",
                              "The disc that is in it: %s, %s, %u sessions, %u MiB.",
                              self->state.sessions),
                    *name != '\0' ? name : _ ("not told"), status_words (self->state.status),
                    self->state.sessions, mib);
}

static void
ask_atip (OflDoctor *self)
{
  OflAtip atip;

  if (ofl_doctor_ask (self, "atip", atip_cdb, sizeof atip_cdb, atip_cdb[8]) != OFL_DOCTOR_ANSWERED)
    return;
  if (!ofl_atip_parse (&atip, self->data, self->length))
    ofl_doctor_note_nonsense (self, "atip");
  else
    ofl_doctor_add (self, OFL_FINDING_GOOD, "atip", TRUE, NULL,
                    _ ("It reads what stands in the groove of this CD: code %u:%02u:%02u, by which "
                       "its maker is known, and room for %u:%02u minutes. So it focuses, and "
                       "follows the groove."),
                    atip.code[0], atip.code[1], atip.code[2], atip.end[0], atip.end[1]);
}

static void
ask_physical (OflDoctor *self)
{
  OflPhysical physical;

  if (ofl_doctor_ask (self, "structure", physical_cdb, sizeof physical_cdb, physical_cdb[9])
      != OFL_DOCTOR_ANSWERED)
    return;
  if (!ofl_physical_parse (&physical, self->data, self->length))
    ofl_doctor_note_nonsense (self, "structure");
  else
    ofl_doctor_add (self, OFL_FINDING_GOOD, "structure", TRUE, NULL,
                    ngettext ("It reads how this DVD is made: %u layer, sectors %X to %X. So it "
                              "focuses, and reads the disc's lead-in.",
                              "It reads how this DVD is made: %u layers, sectors %X to %X. So it "
                              "focuses, and reads the disc's lead-in.",
                              physical.layers),
                    physical.layers, physical.first, physical.last);
}

static void
ask_blocks (OflDoctor *self)
{
  if (ofl_doctor_ask (self, "capacity", capacity_cdb, sizeof capacity_cdb, 8) == OFL_DOCTOR_ANSWERED
      && !ofl_disc_blocks_parse (&self->found->blocks, self->data, self->length))
    ofl_doctor_note_nonsense (self, "capacity");
}

/**
 * ofl_doctor_look_at_disc: (skip)
 * @self: an examination of a drive with a disc in it
 *
 * What the drive says of the disc.
 */
void
ofl_doctor_look_at_disc (OflDoctor *self)
{
  ask_blocks (self);
  if (ofl_doctor_ask (self, "disc", state_cdb, sizeof state_cdb, state_cdb[8])
      == OFL_DOCTOR_ANSWERED)
    {
      self->has_state = ofl_disc_state_parse (&self->state, self->data, self->length);
      if (self->has_state)
        describe_disc (self);
      else
        ofl_doctor_note_nonsense (self, "disc");
    }
  if (self->profiles.current == PROFILE_CD_R || self->profiles.current == PROFILE_CD_RW)
    ask_atip (self);
  if (self->profiles.current >= PROFILE_DVD_FIRST && self->profiles.current <= PROFILE_DVD_LAST)
    ask_physical (self);
}
