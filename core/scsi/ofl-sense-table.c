/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive means by its sense data, and what a person can do about it. Written for somebody
 * who flashes a drive, not for somebody who reads a disc: "no disc" is good news here. */
#include "scsi/ofl-sense-table.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#define ANY OFL_SENSE_ANY
/* Shown through _(); whole, for a language may join sentences in another way. */
#define WAIT N_ ("Wait a moment and try again.")
#define CABLE \
  N_ ("Check the cable and the power supply, use another port if there is one, and try again.")
/* a half-written drive may only live until its power goes */
#define POWER_CYCLE N_ ("Unless firmware is just being written, switch the drive off and on again.")
#define TAKE_DISC_OUT N_ ("Take the disc out, close the tray and try again.")
#define OTHER_FAMILY N_ ("This drive does not take this way of flashing. Do not force it.")
#define CHECK_FILE N_ ("Check that the firmware file is whole and made for this very drive.")
#define DEFECT \
  N_ ("If it stays so after switching the drive off and on, the drive is likely defective.")
#define AGAIN N_ ("Try again.")
#define RESET N_ ("Try again. If it comes again, check the cable and the power supply.")
#define NOTHING N_ ("Nothing needs to be done.")

#define POWER_CYCLE_DEFECT \
  N_ ("Unless firmware is just being written, switch the drive off and on again. If it stays so " \
      "after switching the drive off and on, the drive is likely defective.")
#define POWER_CYCLE_ANEW \
  N_ ("Unless firmware is just being written, switch the drive off and on again. Then begin anew.")
#define TAKE_DISC_OUT_DEFECT \
  N_ ("Take the disc out, close the tray and try again. If it stays so after switching the drive " \
      "off and on, the drive is likely defective.")

/* Sorted by key, code, qualifier. Codes: SPC and MMC. */
static const OflSenseEntry table[] = {
  { 0x1, 0x0b, 0x01, N_ ("The drive is too warm."),
    N_ ("Let the drive cool down before flashing it.") },
  { 0x1, 0x17, ANY, N_ ("The drive read the data only after trying again."), NOTHING },
  { 0x1, 0x18, ANY, N_ ("The drive read the data with error correction."), NOTHING },
  { 0x1, 0x37, ANY, N_ ("The drive rounded a value to one that it supports."), NOTHING },

  { 0x2, 0x04, 0x00, N_ ("The drive is not ready and does not say why."), WAIT },
  { 0x2, 0x04, 0x01, N_ ("The drive is getting ready."), WAIT },
  { 0x2, 0x04, 0x02, N_ ("The drive waits for a start command."), POWER_CYCLE },
  { 0x2, 0x04, 0x03, N_ ("The drive waits for somebody to do something to it."),
    N_ ("Look at the drive: close the tray, or set its switch right.") },
  { 0x2, 0x04, 0x04, N_ ("The drive is formatting a disc."), N_ ("Wait until it has finished.") },
  { 0x2, 0x04, 0x07, N_ ("The drive is busy with an operation of its own."),
    N_ ("Wait until it has finished. Do not switch it off.") },
  { 0x2, 0x04, 0x08, N_ ("The drive is still writing a disc."),
    N_ ("Wait until it has finished.") },
  { 0x2, 0x04, 0x09, N_ ("The drive is testing itself."), WAIT },
  { 0x2, 0x04, 0x22, N_ ("The drive must be switched off and on before it goes on."), POWER_CYCLE },
  { 0x2, 0x04, ANY, N_ ("The drive is not ready."), WAIT },
  { 0x2, 0x05, ANY, N_ ("The drive's electronics do not answer their bridge."), CABLE },
  { 0x2, 0x06, ANY, N_ ("The drive cannot find its starting position."), POWER_CYCLE_DEFECT },
  { 0x2, 0x08, ANY, N_ ("The bridge lost the connection to the drive."), CABLE },
  { 0x2, 0x30, ANY, N_ ("The drive cannot use the disc that is in it."), TAKE_DISC_OUT },
  { 0x2, 0x3a, 0x00, N_ ("There is no disc in the drive."), NOTHING },
  { 0x2, 0x3a, 0x01, N_ ("There is no disc in the drive; the tray is closed."), NOTHING },
  { 0x2, 0x3a, 0x02, N_ ("There is no disc in the drive; the tray is open."),
    N_ ("Close the tray before flashing.") },
  { 0x2, 0x3a, ANY, N_ ("There is no disc in the drive."), NOTHING },
  { 0x2, 0x3e, 0x00, N_ ("The drive has not set itself up yet."), WAIT },
  { 0x2, 0x4c, ANY, N_ ("The drive could not set itself up."), POWER_CYCLE_DEFECT },
  { 0x2, 0x53, ANY, N_ ("The tray could not be moved."),
    N_ ("Make sure that nothing blocks the tray.") },

  { 0x3, 0x02, ANY, N_ ("The drive could not move to the place on the disc."), TAKE_DISC_OUT },
  { 0x3, 0x0c, ANY, N_ ("The drive could not write the disc."), TAKE_DISC_OUT },
  { 0x3, 0x11, ANY, N_ ("The drive could not read the disc."), TAKE_DISC_OUT },
  { 0x3, 0x31, ANY, N_ ("The disc is damaged or not formatted."), TAKE_DISC_OUT },
  { 0x3, 0x57, ANY, N_ ("The drive could not read the table of contents of the disc."),
    TAKE_DISC_OUT },
  { 0x3, 0x73, ANY, N_ ("The drive could not use the disc's recording areas."), TAKE_DISC_OUT },

  { 0x4, 0x01, ANY, N_ ("The drive does not see its disc motor turn."), DEFECT },
  { 0x4, 0x02, ANY, N_ ("The drive's head did not reach its place."), POWER_CYCLE_DEFECT },
  { 0x4, 0x03, ANY, N_ ("The drive reports a write fault."), POWER_CYCLE_DEFECT },
  { 0x4, 0x05, ANY, N_ ("The drive's electronics do not answer their bridge."), CABLE },
  { 0x4, 0x06, ANY, N_ ("The drive cannot find its starting position."), POWER_CYCLE_DEFECT },
  { 0x4, 0x08, 0x01, N_ ("The bridge waited too long for the drive."), CABLE },
  { 0x4, 0x08, 0x03, N_ ("Data was damaged on the way between bridge and drive."), CABLE },
  { 0x4, 0x08, ANY, N_ ("The bridge lost the connection to the drive."), CABLE },
  { 0x4, 0x09, ANY, N_ ("The drive's laser cannot follow its track."), TAKE_DISC_OUT_DEFECT },
  { 0x4, 0x15, ANY, N_ ("The drive's mechanics did not reach their position."),
    POWER_CYCLE_DEFECT },
  { 0x4, 0x1b, ANY, N_ ("The data transfer between drive and bridge failed."), CABLE },
  { 0x4, 0x3e, 0x01, N_ ("The drive reports that it has failed."), POWER_CYCLE_DEFECT },
  { 0x4, 0x3e, 0x02, N_ ("The drive's own electronics did not answer in time."),
    POWER_CYCLE_DEFECT },
  { 0x4, 0x3e, 0x03, N_ ("The drive failed its own test."), POWER_CYCLE_DEFECT },
  { 0x4, 0x3e, ANY, N_ ("The drive could not set itself up."), POWER_CYCLE_DEFECT },
  { 0x4, 0x40, ANY, N_ ("A part of the drive failed its test."), POWER_CYCLE_DEFECT },
  { 0x4, 0x42, ANY, N_ ("The drive failed its test at power-on."), POWER_CYCLE_DEFECT },
  { 0x4, 0x44, 0x00, N_ ("The drive reports an internal failure."), POWER_CYCLE },
  { 0x4, 0x44, ANY, N_ ("The drive reports an internal failure."), POWER_CYCLE },
  { 0x4, 0x46, ANY, N_ ("The drive did not come back from a reset."), POWER_CYCLE },
  { 0x4, 0x47, ANY, N_ ("Data was damaged on the cable."), CABLE },
  { 0x4, 0x4c, ANY, N_ ("The drive could not set itself up."), POWER_CYCLE_DEFECT },
  { 0x4, 0x53, ANY, N_ ("The tray could not be moved."),
    N_ ("Make sure that nothing blocks the tray.") },
  { 0x4, 0x65, ANY, N_ ("The drive's supply voltage is wrong."),
    N_ ("Use the drive's own power supply, or a port that delivers more power.") },

  { 0x5, 0x1a, ANY, N_ ("The drive expects another amount of data with this command."),
    OTHER_FAMILY },
  { 0x5, 0x20, ANY, N_ ("The drive does not know this command."), OTHER_FAMILY },
  { 0x5, 0x21, ANY, N_ ("The drive has nothing at this address."), OTHER_FAMILY },
  { 0x5, 0x24, 0x00, N_ ("The drive does not accept a value in this command."),
    N_ ("Check that the firmware file is whole and made for this very drive. If it is, this drive "
        "may need another way of flashing.") },
  { 0x5, 0x24, ANY, N_ ("The drive does not accept a value in this command."), OTHER_FAMILY },
  { 0x5, 0x25, ANY, N_ ("There is no drive behind this number on the bridge."),
    N_ ("Unplug the drive, plug it in again and choose it anew.") },
  { 0x5, 0x26, 0x00, N_ ("The drive does not accept the data it was sent."), CHECK_FILE },
  { 0x5, 0x26, 0x01, N_ ("The drive does not support something in the data it was sent."),
    CHECK_FILE },
  { 0x5, 0x26, 0x02, N_ ("The drive found a wrong value in the data it was sent."), CHECK_FILE },
  { 0x5, 0x26, ANY, N_ ("The drive does not accept the data it was sent."), CHECK_FILE },
  { 0x5, 0x2c, 0x00, N_ ("The drive did not expect this command at this point."),
    POWER_CYCLE_ANEW },
  { 0x5, 0x2c, ANY, N_ ("The drive did not expect this command at this point."), POWER_CYCLE_ANEW },
  { 0x5, 0x30, ANY, N_ ("The drive cannot use the disc that is in it."), TAKE_DISC_OUT },
  { 0x5, 0x39, ANY, N_ ("The drive cannot store this setting."), NOTHING },
  { 0x5, 0x49, ANY, N_ ("The drive received a message that makes no sense to it."), CABLE },
  { 0x5, 0x53, 0x02, N_ ("Something keeps the tray locked."),
    N_ ("Close programs that use the drive, unmount its disc and try again.") },
  { 0x5, 0x55, ANY, N_ ("The drive has no memory left for this command."), POWER_CYCLE },
  { 0x5, 0x64, ANY, N_ ("The disc has another kind of track than was asked for."), TAKE_DISC_OUT },
  { 0x5, 0x6f, ANY, N_ ("The drive refuses this because of copy protection or its region."),
    TAKE_DISC_OUT },

  { 0x6, 0x28, 0x00, N_ ("A disc was put in or taken out."), AGAIN },
  { 0x6, 0x28, ANY, N_ ("The tray was used."), AGAIN },
  { 0x6, 0x29, 0x00, N_ ("The drive was switched on or reset."), RESET },
  { 0x6, 0x29, 0x01, N_ ("The drive was switched on."), RESET },
  { 0x6, 0x29, 0x02, N_ ("The bus was reset."), RESET },
  { 0x6, 0x29, 0x03, N_ ("The drive was reset by the computer."), RESET },
  { 0x6, 0x29, 0x04, N_ ("The drive reset itself."), RESET },
  { 0x6, 0x29, ANY, N_ ("The drive was reset."), RESET },
  { 0x6, 0x2a, 0x00, N_ ("Settings of the drive have changed."), AGAIN },
  { 0x6, 0x2a, 0x01, N_ ("Settings of the drive have changed."), AGAIN },
  { 0x6, 0x2a, ANY, N_ ("Settings of the drive have changed."), AGAIN },
  { 0x6, 0x2e, ANY, N_ ("The drive did not get enough time for the command."), AGAIN },
  { 0x6, 0x2f, ANY, N_ ("Another program cleared the drive's commands."),
    N_ ("Close other programs that use the drive and try again.") },
  { 0x6, 0x3f, 0x00, N_ ("Something about the drive has changed."), AGAIN },
  { 0x6, 0x3f, 0x01, N_ ("The drive's firmware has changed."),
    N_ ("Read the drive's identity again.") },
  { 0x6, 0x3f, 0x02, N_ ("The drive's way of working has changed."),
    N_ ("Read the drive's identity again.") },
  { 0x6, 0x3f, 0x03, N_ ("The drive's identity has changed."),
    N_ ("Read the drive's identity again.") },
  { 0x6, 0x3f, 0x16, N_ ("The drive's firmware has changed without a restart."),
    N_ ("Read the drive's identity again.") },
  { 0x6, 0x3f, ANY, N_ ("Something about the drive has changed."), AGAIN },
  { 0x6, 0x5a, ANY, N_ ("Somebody pressed a button of the drive."), AGAIN },

  { 0x7, 0x27, ANY, N_ ("The drive says that what was to be written is write protected."),
    N_ ("Look for a switch or jumper on the drive that protects its firmware.") },

  { 0xb, 0x00, 0x00, N_ ("The drive broke the command off and does not say why."), CABLE },
  { 0xb, 0x08, ANY, N_ ("The bridge lost the connection to the drive."), CABLE },
  { 0xb, 0x0b, 0x01, N_ ("The drive is too warm."),
    N_ ("Let the drive cool down before flashing it.") },
  { 0xb, 0x1b, ANY, N_ ("The data transfer between drive and bridge failed."), CABLE },
  { 0xb, 0x43, ANY, N_ ("Drive and computer misunderstood each other."), CABLE },
  { 0xb, 0x44, ANY, N_ ("The drive reports an internal failure."), POWER_CYCLE },
  { 0xb, 0x45, ANY, N_ ("The drive could not be addressed."), CABLE },
  { 0xb, 0x47, 0x00, N_ ("Data was damaged on the cable."), CABLE },
  { 0xb, 0x47, ANY, N_ ("Data was damaged on the cable."), CABLE },
  { 0xb, 0x48, ANY, N_ ("The computer found an error in what the drive sent."), CABLE },
  { 0xb, 0x49, ANY, N_ ("The drive received a message that makes no sense to it."), CABLE },
  { 0xb, 0x4a, ANY, N_ ("The command was damaged on the way to the drive."), CABLE },
  { 0xb, 0x4b, ANY, N_ ("The data was damaged or cut short on the way."), CABLE },
  { 0xb, 0x4e, ANY, N_ ("The drive got a second command before it had answered the first."),
    N_ ("Close other programs that use the drive and try again.") },
};

/* What is left to say when the code is not in the table. */
static const OflSenseEntry by_key[16] = {
  [0x0] = { 0x0, 0, ANY, N_ ("The drive reports no error."), NOTHING },
  [0x1] = { 0x1, 0, ANY, N_ ("The drive did it, after mending an error by itself."), NOTHING },
  [0x2] = { 0x2, 0, ANY, N_ ("The drive is not ready."), WAIT },
  [0x3] = { 0x3, 0, ANY, N_ ("The drive has trouble with the disc."), TAKE_DISC_OUT },
  [0x4] = { 0x4, 0, ANY, N_ ("The drive reports a fault of its hardware."), POWER_CYCLE_DEFECT },
  [0x5] = { 0x5, 0, ANY, N_ ("The drive refuses the command."), OTHER_FAMILY },
  [0x6] = { 0x6, 0, ANY, N_ ("Something about the drive has changed."), AGAIN },
  [0x7] = { 0x7, 0, ANY, N_ ("The drive protects what was to be read or written."),
            N_ ("Look for a switch or jumper on the drive that protects it.") },
  [0x8] = { 0x8, 0, ANY,
            N_ ("The drive found a blank place on the disc, or one that is not blank."),
            TAKE_DISC_OUT },
  [0x9] = { 0x9, 0, ANY, N_ ("The drive reports something in its maker's own code."), POWER_CYCLE },
  [0xa] = { 0xa, 0, ANY, N_ ("The drive broke off copying."), AGAIN },
  [0xb] = { 0xb, 0, ANY, N_ ("The drive broke the command off."), CABLE },
  [0xc]
  = { 0xc, 0, ANY, N_ ("The drive answered in a way that is no longer in use."), POWER_CYCLE },
  [0xd] = { 0xd, 0, ANY, N_ ("There is no room left on the disc."), TAKE_DISC_OUT },
  [0xe] = { 0xe, 0, ANY, N_ ("What the drive holds differs from what it was sent."),
            N_ ("Do not switch the drive off. Check that the firmware file is whole and made for "
                "this very drive.") },
  [0xf] = { 0xf, 0, ANY, N_ ("The drive says that it is done."), NOTHING },
};

static int
compare_entries (const void *a, const void *b)
{
  const OflSenseEntry *x = a;
  const OflSenseEntry *y = b;

  if (x->key != y->key)
    return (int) x->key - y->key;
  if (x->asc != y->asc)
    return (int) x->asc - y->asc;
  return (int) x->ascq - y->ascq;
}

/**
 * ofl_sense_table_get:
 * @n_entries: (out): how many there are
 *
 * Returns: (array length=n_entries): the dictionary, sorted; static
 */
const OflSenseEntry *
ofl_sense_table_get (guint *n_entries)
{
  *n_entries = G_N_ELEMENTS (table);
  return table;
}

/**
 * ofl_sense_table_find:
 * @key: sense key, 0 to 15
 * @asc: additional sense code
 * @ascq: its qualifier
 *
 * Looks for the exact code, then for its family, then takes what the key alone says.
 *
 * Returns: an entry, never %NULL; static
 */
const OflSenseEntry *
ofl_sense_table_find (guint8 key, guint8 asc, guint8 ascq)
{
  OflSenseEntry wanted = { key, asc, ascq, NULL, NULL };
  const OflSenseEntry *found;

  found = bsearch (&wanted, table, G_N_ELEMENTS (table), sizeof table[0], compare_entries);
  if (found != NULL)
    return found;
  wanted.ascq = ANY;
  found = bsearch (&wanted, table, G_N_ELEMENTS (table), sizeof table[0], compare_entries);
  return found != NULL ? found : &by_key[key & 0x0f];
}
