/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice/ofl-practice-drive.h"

G_BEGIN_DECLS

/*
 * The faults, as words separated by blanks. Numbers are decimal, counted from 1 and from the
 * moment the fault is added; OP is an opcode in hex ("3b") or "any"; SEED chooses the bit. A fault
 * that names a count is spent when it has struck; the others last until they are cleared. The same
 * list is in optiflashctl(1).
 *
 *   flip SEED [EVERY]      one bit flips in every 16th (EVERYth) data phase
 *   flip-once OP N [SEED]  one bit flips in the data of the Nth OP that has data
 *   damage-cdb OP N [SEED] one bit flips in the CDB of the Nth OP
 *   short OP [N]           the Nth OP moves only half of its data and reports success
 *   refuse N               the Nth WRITE BUFFER with data, or a vendor's command in its place, is
 *                          refused with 05/24/00
 *   fail OP [N [COUNT]]    the Nth OP, and COUNT in all, is answered with HARDWARE ERROR 04/44/00
 *                          and does nothing
 *   refuse-op OP [N [COUNT]]
 *                          the Nth OP, and COUNT in all, is refused with 05/24/00 and does nothing
 *   lie                    each burn leaves one page wrong and reports success
 *   lie-once [N]           the Nth burn does
 *   hang OP [N [COUNT]]    the Nth OP, and COUNT in all, is never answered
 *   hang-write N [COUNT]   the Nth command that can change the drive, and COUNT in all, is never
 *                          answered
 *   slow FACTOR            the flash chip takes FACTOR times as long
 *   attention N            the next N commands get UNIT ATTENTION 06/29/00
 *   garble                 INQUIRY's strings are damaged, differently each time
 *   vanish OP [N [MS]]     the drive leaves the bus instead of answering the Nth OP, and comes
 *                          back by itself after MS; without MS only when it is plugged in again
 *   replug OP [N [MS]]     power goes and comes again instead of the answer to the Nth OP; the drive
 *                          is on the bus again after MS, 1000 when left out
 *   vanish-byte N [MS]     the same when N bytes of WRITE BUFFER data have arrived
 *   silent                 everything is accepted, the flash keeps the old contents
 *   silent-once [N]        the Nth burn is accepted and changes nothing
 *   fail-burn [N]          the Nth burn stops in its middle, and REQUEST SENSE says HARDWARE ERROR
 *                          04/44/00 until the next burn or until power goes
 *   power-loss N           power goes with the Nth command that can change the drive
 *   power-loss-burn N      power goes when N thousandths of the next burn's time have passed
 *   unreadable FIRST [COUNT]
 *                          COUNT blocks of the disc, from FIRST on, cannot be read: 03/11/00
 *   scratched FIRST COUNT  COUNT blocks of the disc, from FIRST on, have many errors, and those in
 *                          the middle third some that cannot be corrected; they can be read
 *   stuck-buffer           the buffer is half full and stays so
 *   eeprom-unstable [EVERY]
 *                          one bit flips in every 5th (EVERYth) piece of the EEPROM that is read
 *   eeprom-blank           whoever reads the EEPROM gets FF throughout
 */

typedef struct _OflPracticeFaults OflPracticeFaults;

/**
 * OflPracticeStrike:
 * @hang: never answer
 * @vanish: leave the bus
 * @power_cycle: with @vanish: without power meanwhile
 * @return_us: with @vanish
 * @power_loss: power goes
 * @attention: answer with UNIT ATTENTION
 * @refuse: refuse the command
 * @fail: answer HARDWARE ERROR
 * @shorten: move half of the data
 * @flip: flip a bit of the data
 * @flip_at: which byte, modulo the length of the data
 * @flip_mask: which bit
 * @cdb_at: which byte of the CDB, modulo its length
 * @cdb_mask: which bit of it flips; 0 for none
 * @garble: damage the strings
 *
 * What befalls one command.
 */
typedef struct {
  gboolean hang;
  gboolean vanish;
  gboolean power_cycle;
  gint64 return_us;
  gboolean power_loss;
  gboolean attention;
  gboolean refuse;
  gboolean fail;
  gboolean shorten;
  gboolean flip;
  guint32 flip_at;
  guint8 flip_mask;
  guint32 cdb_at;
  guint8 cdb_mask;
  gboolean garble;
} OflPracticeStrike;

OflPracticeFaults *ofl_practice_faults_new (void);
void ofl_practice_faults_free (OflPracticeFaults *self);
gboolean ofl_practice_faults_add (OflPracticeFaults *self, const char *text, GError **error);
void ofl_practice_faults_clear (OflPracticeFaults *self);
void ofl_practice_faults_set_kept (OflPracticeFaults *self, const char *const *texts);
void ofl_practice_faults_strike (OflPracticeFaults *self, const OflPracticeRequest *request,
                                 gboolean writes, OflPracticeStrike *strike);

double ofl_practice_faults_get_slow (OflPracticeFaults *self);
gboolean ofl_practice_faults_is_silent (OflPracticeFaults *self);
gboolean ofl_practice_faults_is_buffer_stuck (OflPracticeFaults *self);
gboolean ofl_practice_faults_is_unreadable (OflPracticeFaults *self, guint32 first, guint32 count);
guint ofl_practice_faults_get_scratch (OflPracticeFaults *self, guint32 block);
void ofl_practice_faults_damage_eeprom (OflPracticeFaults *self, guint8 *piece, gsize length);
gboolean ofl_practice_faults_take_silent (OflPracticeFaults *self);
gboolean ofl_practice_faults_take_lie (OflPracticeFaults *self);
gboolean ofl_practice_faults_take_failure (OflPracticeFaults *self);
gint ofl_practice_faults_take_burn_loss (OflPracticeFaults *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPracticeFaults, ofl_practice_faults_free)

G_END_DECLS
