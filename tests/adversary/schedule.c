/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schedule.h"

#include <string.h>

/* A job begins with finding out what it deals with, in few commands of many. */
#define EARLY 40

/* Of ten seeds in a row each is of one kind. Half of them have a single fault, each seed another
 * place: one of the first commands, a bit of what is moved, a loss of power in the burn; mixed ones
 * seldom come so far that the last of several faults can show what it does. A kill costs a process
 * of its own. What 100 seeds in a row hold of the directed kinds is all that there is of them:
 * both ends and each sixteenth of the image, each slowness watched for a while and to the end; besides,
 * the drive is not seen from one of the commands on that follow the last data, for good or for a while. */
typedef enum {
  KIND_SPOILT,
  KIND_FLIP,
  KIND_LOSS,
  KIND_MIXED,
  KIND_KILLED,
  KIND_PLACE,
  KIND_SLOW,
} Kind;

static const Kind kinds[] = { KIND_SPOILT, KIND_PLACE, KIND_LOSS,  KIND_MIXED,  KIND_KILLED,
                              KIND_SLOW,   KIND_PLACE, KIND_MIXED, KIND_SPOILT, KIND_FLIP };

/**
 * lesson_learn:
 * @command: a command of a good job
 * @lesson: what is known so far
 *
 * For ofl_practice_port_set_watch().
 */
void
lesson_learn (const OflCommand *command, gpointer lesson)
{
  Lesson *self = lesson;

  self->n_commands++;
  self->n_of[command->cdb[0]]++;
  if (command->dir == OFL_DIR_OUT)
    self->bytes_out[command->cdb[0]] += command->length;
  else if (command->dir == OFL_DIR_IN)
    self->bytes_in[command->cdb[0]] += command->length;
  self->n_data[command->cdb[0]] += command->length > 0;
  if (command->dir == OFL_DIR_OUT && command->length > 0)
    {
      Sent sent = { command->cdb[0], self->n_data[command->cdb[0]], command->length };

      g_array_append_val (self->sent, sent);
      self->last_sent = self->n_commands;
    }
  if (memchr (self->opcodes, command->cdb[0], self->n_opcodes) == NULL)
    self->opcodes[self->n_opcodes++] = command->cdb[0];
}

static gboolean
one_in (GRand *rand, int n)
{
  return g_rand_int_range (rand, 0, n) == 0;
}

/* One of @n commands, or one of a few more; the first ones more often. */
static guint
draw_one_of (GRand *rand, guint n)
{
  if (one_in (rand, 3))
    n = MIN (n, EARLY);
  return (guint) g_rand_int_range (rand, 1, (gint32) n + 6);
}

static guint
draw_place (GRand *rand, const Lesson *lesson)
{
  return draw_one_of (rand, lesson->n_commands);
}

/* "3b 17": which command is struck. */
static char *
draw_target (GRand *rand, const Lesson *lesson)
{
  guint n = (guint) g_rand_int_range (rand, 0, (gint32) lesson->n_opcodes + 1);

  if (n == lesson->n_opcodes)
    return g_strdup_printf ("any %u", draw_place (rand, lesson));
  return g_strdup_printf ("%02x %u", lesson->opcodes[n],
                          draw_one_of (rand, lesson->n_of[lesson->opcodes[n]]));
}

/* Faults that strike a command, in the words of ofl-practice-fault.h. */
static char *
draw_strike (GRand *rand, const Lesson *lesson)
{
  g_autofree char *target = draw_target (rand, lesson);

  switch (g_rand_int_range (rand, 0, 10))
    {
    case 0:
    case 1:
      return g_strdup_printf ("flip-once %s %u", target, g_rand_int (rand) % 1000000);
    case 2:
      return g_strdup_printf ("damage-cdb %s %u", target, g_rand_int (rand) % 1000000);
    case 3:
      return g_strdup_printf ("short %s", target);
    case 4:
      return g_strdup_printf ("fail %s %d", target, g_rand_int_range (rand, 1, 5));
    case 5:
      return g_strdup_printf ("refuse-op %s %d", target, g_rand_int_range (rand, 1, 5));
    case 6:
      return g_strdup_printf ("hang %s %d", target, g_rand_int_range (rand, 1, 6));
    case 7:
      return g_strdup_printf ("replug %s %d", target, g_rand_int_range (rand, 100, 20000));
    case 8:
      return g_strdup_printf ("vanish %s", target);
    default:
      return g_strdup_printf ("vanish %s %d", target, g_rand_int_range (rand, 1, 30000));
    }
}

/* A chip that keeps something else than it was given can be noticed only by reading it back: where
 * no way to read is public nobody can, so such faults are left out there. One that keeps the old
 * contents can be noticed by its revision. */
static char *
draw_fault (GRand *rand, const Lesson *lesson, gboolean readable)
{
  guint writes = MAX (lesson->n_writes, 2u);

  switch (g_rand_int_range (rand, 0, 22))
    {
    case 0:
      return g_strdup_printf ("flip %u %d", draw_place (rand, lesson),
                              g_rand_int_range (rand, 1, 3000));
    case 1:
      return g_strdup_printf ("refuse %d", g_rand_int_range (rand, 1, (gint32) writes + 3));
    case 2:
      return g_strdup (readable ? "lie" : "silent");
    case 3:
      return g_strdup (readable ? "lie-once 1" : "silent");
    case 4:
      return readable ? g_strdup_printf ("silent-once %d", g_rand_int_range (rand, 1, 5))
                      : g_strdup ("silent");
    case 5:
      return g_strdup ("silent");
    case 6:
      return g_strdup_printf ("slow %d", g_rand_int_range (rand, 2, 60));
    case 7:
      return g_strdup_printf ("attention %d", g_rand_int_range (rand, 1, 40));
    case 8:
      return g_strdup ("garble");
    case 9:
      return g_strdup_printf ("vanish-byte %d %d", g_rand_int_range (rand, 1, 0x200000),
                              g_rand_int_range (rand, 0, 9000));
    case 10:
      return g_strdup_printf ("power-loss %d", g_rand_int_range (rand, 1, (gint32) writes + 3));
    case 11:
    case 12:
      return g_strdup_printf ("power-loss-burn %d", g_rand_int_range (rand, 0, 1001));
    default:
      return draw_strike (rand, lesson);
    }
}

/* How many earlier seeds are of the same kind. */
static guint
count_kind (guint seed)
{
  guint in_ten = 0, before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i] == kinds[seed % G_N_ELEMENTS (kinds)])
      {
        in_ten++;
        before += i < seed % G_N_ELEMENTS (kinds);
      }
  return seed / G_N_ELEMENTS (kinds) * in_ten + before;
}

/* One of the first commands, on a new drive, and nobody meddles. */
static void
draw_spoilt (Schedule *self, GRand *rand, const Lesson *lesson)
{
  guint n = 1 + count_kind (self->seed) * 7 % MIN (lesson->n_commands, EARLY);
  guint bit = g_rand_int (rand) % 1000000;

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      self->faults[0] = g_strdup_printf ("fail any %u 3", n);
      break;
    case 1:
      self->faults[0] = g_strdup_printf ("hang any %u 3", n);
      break;
    case 2:
      self->faults[0] = g_strdup_printf ("flip-once any %u %u", n, bit);
      break;
    default:
      self->faults[0] = g_strdup_printf ("damage-cdb any %u %u", n, bit);
      self->damages = TRUE;
    }
}

/**
 * lesson_find_mover:
 * @bytes: what each opcode moves
 *
 * Returns: the opcode that moves most
 */
guint8
lesson_find_mover (const guint64 bytes[256])
{
  guint8 most = 0;

  for (guint i = 1; i < 256; i++)
    if (bytes[i] > bytes[most])
      most = (guint8) i;
  return most;
}

/* A bit of the firmware on its way to the drive, or of what is read from it; the ends, where
 * headers and trailers are, more often. */
static void
draw_flip (Schedule *self, GRand *rand, const Lesson *lesson)
{
  guint opcode = lesson_find_mover (one_in (rand, 3) ? lesson->bytes_in : lesson->bytes_out);
  guint n = (guint) g_rand_int_range (rand, 1, (gint32) lesson->n_of[opcode] + 1);
  guint edge = (guint) g_rand_int_range (rand, 0, (gint32) lesson->n_of[opcode] / 12 + 1);

  if (one_in (rand, 2))
    n = one_in (rand, 3) ? 1 + edge : lesson->n_of[opcode] - edge;
  self->faults[0]
      = g_strdup_printf ("flip-once %02x %u %u", opcode, n, g_rand_int (rand) % 1000000);
}

static void
draw_pre (Schedule *self, GRand *rand)
{
  static const Pre pres[] = { PRE_NEW,   PRE_NEW,  PRE_NEW,  PRE_NEW,  PRE_NEW, PRE_NEW,
                              PRE_OTHER, PRE_SAME, PRE_TWIN, PRE_TWIN, PRE_HALF };

  self->pre = pres[g_rand_int_range (rand, 0, G_N_ELEMENTS (pres))];
  self->rewrite = g_rand_boolean (rand);
  if (self->pre == PRE_HALF)
    self->pre_fault = g_strdup_printf ("power-loss-burn %d", g_rand_int_range (rand, 1, 1000));
}

/* Power goes in the burn, early and anywhere in turn; the drive is mended with the backup as often as with the image. */
static void
draw_loss (Schedule *self, GRand *rand)
{
  guint n = count_kind (self->seed);

  self->pre = one_in (rand, 2) ? PRE_NEW : PRE_OTHER;
  self->faults[0] = g_strdup_printf ("power-loss-burn %u", (n % 2 == 0 ? n * 11 : n * 97) % 1001);
  self->restore = g_rand_boolean (rand);
}

/* What a person does meanwhile and after. */
static void
draw_person (Schedule *self, GRand *rand, const Lesson *lesson, gboolean kills)
{
  if (one_in (rand, 10))
    {
      self->unplug_at = draw_place (rand, lesson);
      self->replug_after = (guint) g_rand_int_range (rand, 0, 4);
    }
  if (one_in (rand, 8))
    self->cancel_at = draw_place (rand, lesson);
  if (kills) /* half of them near the end, where the drive burns */
    self->kill_at = one_in (rand, 2)
                        ? draw_place (rand, lesson)
                        : lesson->n_commands
                              - (guint) g_rand_int_range (
                                  rand, 0, (gint32) MIN (lesson->n_commands, EARLY) - 1);
  self->spoil = count_kind (self->seed) % N_SPOILS;
  self->again = g_rand_boolean (rand);
  self->plug_again = one_in (rand, 4);
  self->verify = one_in (rand, 3);
  self->restore = one_in (rand, 3);
}

static void
draw_mixed (Schedule *self, GRand *rand, const Lesson *lesson, gboolean readable, gboolean kills)
{
  /* a kill is enough, and faults before it would end the job first */
  int n = g_rand_int_range (rand, kills ? 0 : 1, kills ? 2 : MAX_FAULTS + 1);

  draw_pre (self, rand);
  for (int i = 0; i < n; i++)
    {
      self->faults[i] = draw_fault (rand, lesson, readable);
      self->damages |= g_str_has_prefix (self->faults[i], "damage-cdb");
    }
  draw_person (self, rand, lesson, kills);
}

static void
say (Schedule *self)
{
  static const char *const pres[N_PRES] = { "new", "other revision", "same image", "twin", "half" };

  g_string_append (self->said, pres[self->pre]);
  if (self->pre_fault != NULL)
    g_string_append_printf (self->said, " (%s)", self->pre_fault);
  for (guint i = 0; self->faults[i] != NULL; i++)
    g_string_append_printf (self->said, ", %s", self->faults[i]);
  if (self->rewrite)
    g_string_append (self->said, ", rewrite");
  if (self->watch_limit_ms != 0)
    g_string_append (self->said, self->watch_limit_ms == G_MAXUINT ? ", watched to the end"
                                                                   : ", watched for a while");
  if (self->unplug_at != 0)
    g_string_append_printf (self->said, ", unplug at %u, in again after %u", self->unplug_at,
                            self->replug_after);
  if (self->cancel_at != 0)
    g_string_append_printf (self->said, ", cancel at %u", self->cancel_at);
  if (self->kill_at != 0)
    g_string_append_printf (self->said, ", kill at %u", self->kill_at);
  if (self->kill_at != 0 && (self->spoil & SPOIL_NULS) != 0)
    g_string_append (self->said, ", NULs in its journal");
  if (self->kill_at != 0 && (self->spoil & SPOIL_TYPE) != 0)
    g_string_append (self->said, ", a wrong type in its journal");
}

/**
 * schedule_new:
 * @lesson: what a good job does
 * @seed: the same seed gives the same schedule
 * @readable: whether the family can be read back
 */
Schedule *
schedule_new (const Lesson *lesson, guint seed, gboolean readable)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed * 2654435761u + 12345);
  Kind kind = kinds[seed % G_N_ELEMENTS (kinds)];
  Schedule *self = g_new0 (Schedule, 1);

  self->seed = seed;
  self->said = g_string_new (NULL);
  switch (kind)
    {
    case KIND_SPOILT:
      draw_spoilt (self, rand, lesson);
      break;
    case KIND_FLIP:
      draw_flip (self, rand, lesson);
      break;
    case KIND_LOSS:
      draw_loss (self, rand);
      break;
    case KIND_PLACE:
      direct_flip (self, lesson, count_kind (seed));
      break;
    case KIND_SLOW:
      if (count_kind (seed) % 10 < N_SLOWNESSES)
        direct_slowness (self, count_kind (seed) % 10);
      else
        direct_absence (self, lesson,
                        count_kind (seed) / 10 * 2 + count_kind (seed) % 10 - N_SLOWNESSES);
      break;
    default:
      draw_mixed (self, rand, lesson, readable, kind == KIND_KILLED);
    }
  say (self);
  return self;
}

void
schedule_free (Schedule *self)
{
  for (guint i = 0; i < MAX_FAULTS; i++)
    g_free (self->faults[i]);
  g_free (self->pre_fault);
  g_string_free (self->said, TRUE);
  g_free (self);
}

/* Lets the faults begin. */
void
schedule_arm (const Schedule *self, OflPracticeDrive *drive)
{
  for (guint i = 0; self->faults[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      ofl_practice_drive_add_fault (drive, self->faults[i], &error);
      g_assert_no_error (error);
    }
}
