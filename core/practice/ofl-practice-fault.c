/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on purpose: which of them befalls a command. */
#include "practice/ofl-practice-fault-private.h"

#include <string.h>

#include "practice/ofl-practice-random.h"

#define OPCODE_INQUIRY 0x12
#define OPCODE_REQUEST_SENSE 0x03
#define OPCODE_WRITE_BUFFER 0x3b
#define OPCODE_FIRST_VENDOR 0xc0

struct _OflPracticeFaults {
  GArray *faults; /* of OflPracticeFault */
};

/**
 * ofl_practice_faults_new: (skip)
 *
 * Returns: (transfer full): an empty set of faults
 */
OflPracticeFaults *
ofl_practice_faults_new (void)
{
  OflPracticeFaults *self = g_new0 (OflPracticeFaults, 1);

  self->faults = g_array_new (FALSE, TRUE, sizeof (OflPracticeFault));
  return self;
}

/**
 * ofl_practice_faults_free: (skip)
 * @self: (transfer full): a set of faults
 *
 * Frees a set of faults.
 */
void
ofl_practice_faults_free (OflPracticeFaults *self)
{
  g_array_unref (self->faults);
  g_free (self);
}

/**
 * ofl_practice_faults_add: (skip)
 * @self: a set of faults
 * @text: the fault, in the words of ofl-practice-fault.h
 * @error: return location
 *
 * Adds a fault; the same kind may be added more than once.
 *
 * Returns: FALSE with %OFL_ERROR_FAILED when the words are not understood
 */
gboolean
ofl_practice_faults_add (OflPracticeFaults *self, const char *text, GError **error)
{
  OflPracticeFault fault;

  if (!ofl_practice_fault_parse (text, &fault, error))
    return FALSE;
  g_array_append_val (self->faults, fault);
  return TRUE;
}

/**
 * ofl_practice_faults_clear: (skip)
 * @self: a set of faults
 *
 * Takes all faults away.
 */
void
ofl_practice_faults_clear (OflPracticeFaults *self)
{
  g_array_set_size (self->faults, 0);
}

/**
 * ofl_practice_faults_set_kept: (skip)
 * @self: a set of faults
 * @texts: faults, in the words of ofl-practice-fault.h; those not understood are left out
 *
 * Puts @texts in place of those that were set so before, as if none of them had struck yet. The
 * others stay.
 */
void
ofl_practice_faults_set_kept (OflPracticeFaults *self, const char *const *texts)
{
  for (guint i = self->faults->len; i > 0; i--)
    if (g_array_index (self->faults, OflPracticeFault, i - 1).kept)
      g_array_remove_index (self->faults, i - 1);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      OflPracticeFault fault;

      if (!ofl_practice_fault_parse (texts[i], &fault, NULL))
        continue;
      fault.kept = TRUE;
      g_array_append_val (self->faults, fault);
    }
}

/* TRUE when this is the Nth command of the fault's opcode, and from then on @count times. */
static gboolean
is_due (OflPracticeFault *fault, const OflPracticeRequest *request, guint64 nth, guint64 count)
{
  if (fault->opcode != OFL_PRACTICE_OPCODE_ANY && request->cdb[0] != fault->opcode)
    return FALSE;
  fault->seen++;
  fault->spent = fault->seen >= nth + count - 1;
  return fault->seen >= nth;
}

/* A byte, to be taken modulo a length, and one of its bits. */
static void
draw_bit (OflPracticeFault *fault, guint32 *at, guint8 *mask)
{
  *at = ofl_practice_random (&fault->random);
  *mask = (guint8) (1u << (ofl_practice_random (&fault->random) >> 9) % 8);
}

/* Only commands with data count: in those without it there is nothing to flip. */
static void
flip (OflPracticeFault *fault, const OflPracticeRequest *request, OflPracticeStrike *strike)
{
  if (request->out_len == 0 && request->in_max == 0)
    return;
  if (fault->kind == FAULT_FLIP_ONCE && !is_due (fault, request, fault->number[0], 1))
    return;
  if (fault->kind == FAULT_FLIP && ++fault->seen % fault->number[1] != 0)
    return;
  strike->flip = TRUE;
  draw_bit (fault, &strike->flip_at, &strike->flip_mask);
}

/* WRITE BUFFER in any mode, and what a vendor uses in its place. */
static gboolean
is_download (const OflPracticeRequest *request, gboolean writes)
{
  return request->cdb[0] == OPCODE_WRITE_BUFFER
         || (writes && request->cdb[0] >= OPCODE_FIRST_VENDOR);
}

static void
vanish_at_byte (OflPracticeFault *fault, const OflPracticeRequest *request, gboolean writes,
                OflPracticeStrike *strike)
{
  if (!is_download (request, writes))
    return;
  fault->seen += request->out_len;
  if (fault->seen < fault->number[0])
    return;
  fault->spent = TRUE;
  strike->vanish = TRUE;
  strike->return_us = (gint64) fault->number[1] * 1000;
}

/* The faults of the link and of the bus: what happens to the command on its way. */
static void
strike_link (OflPracticeFault *fault, const OflPracticeRequest *request, gboolean writes,
             OflPracticeStrike *strike)
{
  switch (fault->kind)
    {
    case FAULT_FLIP:
    case FAULT_FLIP_ONCE:
      flip (fault, request, strike);
      break;
    case FAULT_DAMAGE_CDB:
      if (is_due (fault, request, fault->number[0], 1))
        draw_bit (fault, &strike->cdb_at, &strike->cdb_mask);
      break;
    case FAULT_SHORT:
      strike->shorten |= is_due (fault, request, fault->number[0], 1);
      break;
    case FAULT_HANG:
      strike->hang |= is_due (fault, request, fault->number[0], fault->number[1]);
      break;
    case FAULT_VANISH:
    case FAULT_REPLUG:
      if (is_due (fault, request, fault->number[0], 1))
        {
          strike->vanish = TRUE;
          strike->power_cycle |= fault->kind == FAULT_REPLUG;
          strike->return_us = (gint64) fault->number[1] * 1000;
        }
      break;
    case FAULT_VANISH_BYTE:
      vanish_at_byte (fault, request, writes, strike);
      break;
    default:
      break;
    }
}

/* The faults of the drive itself. */
static void
strike_drive (OflPracticeFault *fault, const OflPracticeRequest *request, gboolean writes,
              OflPracticeStrike *strike)
{
  gboolean sends = is_download (request, writes) && request->out_len > 0;
  gboolean quiet = request->cdb[0] == OPCODE_INQUIRY || request->cdb[0] == OPCODE_REQUEST_SENSE;

  switch (fault->kind)
    {
    case FAULT_REFUSE:
      if (sends)
        strike->refuse |= is_due (fault, request, fault->number[0], 1);
      break;
    case FAULT_REFUSE_OP:
      strike->refuse |= is_due (fault, request, fault->number[0], fault->number[1]);
      break;
    case FAULT_FAIL:
      strike->fail |= is_due (fault, request, fault->number[0], fault->number[1]);
      break;
    case FAULT_ATTENTION:
      if (!quiet)
        strike->attention |= is_due (fault, request, 1, fault->number[0]);
      break;
    case FAULT_HANG_WRITE:
      if (writes)
        strike->hang |= is_due (fault, request, fault->number[0], fault->number[1]);
      break;
    case FAULT_POWER_LOSS:
      if (writes)
        strike->power_loss |= is_due (fault, request, fault->number[0], 1);
      break;
    case FAULT_GARBLE:
      strike->garble = TRUE;
      break;
    default:
      break;
    }
}

/**
 * ofl_practice_faults_strike: (skip)
 * @self: a set of faults
 * @request: the command that arrived
 * @writes: whether it can change what the drive keeps
 * @strike: (out caller-allocates): what befalls it
 *
 * Counts a command and says which faults hit it.
 */
void
ofl_practice_faults_strike (OflPracticeFaults *self, const OflPracticeRequest *request,
                            gboolean writes, OflPracticeStrike *strike)
{
  *strike = (OflPracticeStrike){ 0 };
  for (guint i = 0; i < self->faults->len; i++)
    {
      OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);

      if (fault->spent)
        continue;
      strike_link (fault, request, writes, strike);
      strike_drive (fault, request, writes, strike);
    }
}

static OflPracticeFault *
find (OflPracticeFaults *self, OflPracticeFaultKind kind)
{
  for (guint i = 0; i < self->faults->len; i++)
    {
      OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);

      if (fault->kind == kind && !fault->spent)
        return fault;
    }
  return NULL;
}

/**
 * ofl_practice_faults_get_slow: (skip)
 * @self: a set of faults
 *
 * Returns: the factor by which the flash chip is slow; 1 when it is not
 */
double
ofl_practice_faults_get_slow (OflPracticeFaults *self)
{
  const OflPracticeFault *fault = find (self, FAULT_SLOW);

  return fault != NULL ? (double) fault->number[0] : 1.0;
}

/**
 * ofl_practice_faults_is_silent: (skip)
 * @self: a set of faults
 *
 * Returns: whether the flash chip keeps its old contents whatever happens
 */
gboolean
ofl_practice_faults_is_silent (OflPracticeFaults *self)
{
  return find (self, FAULT_SILENT) != NULL;
}

/**
 * ofl_practice_faults_is_buffer_stuck: (skip)
 * @self: a set of faults
 *
 * Returns: whether the buffer is half full and stays so
 */
gboolean
ofl_practice_faults_is_buffer_stuck (OflPracticeFaults *self)
{
  return find (self, FAULT_STUCK_BUFFER) != NULL;
}

/**
 * ofl_practice_faults_is_unreadable: (skip)
 * @self: a set of faults
 * @first: a block of the disc
 * @count: how many blocks from there on
 *
 * Returns: whether one of them cannot be read
 */
gboolean
ofl_practice_faults_is_unreadable (OflPracticeFaults *self, guint32 first, guint32 count)
{
  for (guint i = 0; i < self->faults->len; i++)
    {
      const OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);

      if (fault->kind == FAULT_UNREADABLE && first < fault->number[0] + fault->number[1]
          && (guint64) first + count > fault->number[0])
        return TRUE;
    }
  return FALSE;
}

/**
 * ofl_practice_faults_get_scratch: (skip)
 * @self: a set of faults
 * @block: a block of the disc
 *
 * Returns: 0 when the block is not scratched, 2 in the middle third of a scratch, else 1
 */
guint
ofl_practice_faults_get_scratch (OflPracticeFaults *self, guint32 block)
{
  guint depth = 0;

  for (guint i = 0; i < self->faults->len; i++)
    {
      const OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);
      guint64 first = fault->number[0], count = fault->number[1];

      if (fault->kind != FAULT_SCRATCHED || block < first || block >= first + count)
        continue;
      if (block >= first + count / 3 && block < first + count - count / 3)
        return 2;
      depth = 1;
    }
  return depth;
}

/**
 * ofl_practice_faults_damage_eeprom: (skip)
 * @self: a set of faults
 * @piece: (array length=length): a piece of an EEPROM, on its way out of the drive
 * @length: its bytes, not 0
 *
 * Counts a read of the EEPROM and does to the piece what the faults do. What the EEPROM holds stays.
 */
void
ofl_practice_faults_damage_eeprom (OflPracticeFaults *self, guint8 *piece, gsize length)
{
  if (find (self, FAULT_EEPROM_BLANK) != NULL)
    memset (piece, 0xff, length);
  for (guint i = 0; i < self->faults->len; i++)
    {
      OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);
      guint32 at;
      guint8 mask;

      if (fault->kind != FAULT_EEPROM_UNSTABLE || ++fault->seen % fault->number[0] != 0)
        continue;
      draw_bit (fault, &at, &mask);
      piece[at % length] ^= mask;
    }
}

/* TRUE when this is the burn that @once waits for. */
static gboolean
strikes_once (OflPracticeFaults *self, OflPracticeFaultKind once)
{
  gboolean strikes = FALSE;

  for (guint i = 0; i < self->faults->len; i++)
    {
      OflPracticeFault *fault = &g_array_index (self->faults, OflPracticeFault, i);

      if (fault->kind != once || fault->spent)
        continue;
      fault->spent = ++fault->seen == fault->number[0];
      strikes |= fault->spent;
    }
  return strikes;
}

/* TRUE when @lasting is there, or this is the burn that @once waits for. */
static gboolean
strikes_burn (OflPracticeFaults *self, OflPracticeFaultKind lasting, OflPracticeFaultKind once)
{
  return strikes_once (self, once) || find (self, lasting) != NULL;
}

/**
 * ofl_practice_faults_take_silent: (skip)
 * @self: a set of faults
 *
 * Counts a burn. Call it once for each.
 *
 * Returns: whether the flash chip keeps its old contents in this burn
 */
gboolean
ofl_practice_faults_take_silent (OflPracticeFaults *self)
{
  return strikes_burn (self, FAULT_SILENT, FAULT_SILENT_ONCE);
}

/**
 * ofl_practice_faults_take_lie: (skip)
 * @self: a set of faults
 *
 * Counts a burn. Call it once for each.
 *
 * Returns: whether this burn leaves one page wrong
 */
gboolean
ofl_practice_faults_take_lie (OflPracticeFaults *self)
{
  return strikes_burn (self, FAULT_LIE, FAULT_LIE_ONCE);
}

/**
 * ofl_practice_faults_take_failure: (skip)
 * @self: a set of faults
 *
 * Counts a burn. Call it once for each.
 *
 * Returns: whether this burn stops in its middle with an error of the drive's own
 */
gboolean
ofl_practice_faults_take_failure (OflPracticeFaults *self)
{
  return strikes_once (self, FAULT_FAIL_BURN);
}

/**
 * ofl_practice_faults_take_burn_loss: (skip)
 * @self: a set of faults
 *
 * Takes a fault of the kind "power-loss-burn"; it strikes once.
 *
 * Returns: thousandths of the burn after which power goes, or -1
 */
gint
ofl_practice_faults_take_burn_loss (OflPracticeFaults *self)
{
  OflPracticeFault *fault = find (self, FAULT_POWER_LOSS_BURN);

  if (fault == NULL)
    return -1;
  fault->spent = TRUE;
  return (gint) fault->number[0];
}
