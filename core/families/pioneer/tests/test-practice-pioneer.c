/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Pioneer practice drives say of themselves, whole updates, and loss of power, with the
 * commands of pioneer 2. */
#include <string.h>

#include "kit/scratch.h"
#include "pioneer-host.h"

#define INQUIRY_60 "12 00 00 00 60 00"
#define KNOCK "3b 02 41 a5 aa aa 00 00 00 00"

/* Identity */

static void
test_identity (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);

  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
  g_assert_cmpmem (wire->in + 8, 8, "PIONEER ", 8);
  g_assert_cmphex (wire->in[39], ==, '/');
  g_assert_cmphex (wire->in[42], ==, '/');
  g_assert_cmphex (wire_in (wire, 0x30, PIONEER_IDENTITY), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0x30);
  g_assert_cmpmem (wire->in, 16, "PRACTICE00000007", 16);
  g_assert_cmpmem (wire->in + 16, 8, drive->hardware, 8);
  g_assert_cmpmem (wire->in + 24, 8, "GENERAL ", 8);
  g_assert_cmpmem (wire->in + 32, 8, "GENERAL ", 8);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (wire->in[39], ==, '/');
  g_assert_cmphex (wire_in (wire, 0x30, PIONEER_IDENTITY), ==, 0);
  g_assert_cmpmem (wire->in, 16, "                ", 16);
  g_assert_cmpmem (wire->in + 16, 8, drive->hardware, 8);
  g_assert_cmpmem (wire->in + 32, 8, "        ", 8);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4);
  /* nothing was sent: power brings the Normal back */
  wire_power_cycle (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
}

/* Whole updates */

static void
test_normal (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);

  g_assert_cmphex (wire_ready (wire) >> 8, ==, 0x023a);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  g_assert_cmpint (wire->answer.delay_us, >, 15 * G_USEC_PER_SEC);
  g_assert_cmpint (wire->answer.delay_us, <, 40 * G_USEC_PER_SEC);
  pioneer_wait_for_normal (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.03");
  g_assert_cmpmem (wire->in + 37, 8, "11/08/15", 8);
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
  wire_power_cycle (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.03");
  g_assert_cmphex (wire_in (wire, 0x30, PIONEER_IDENTITY), ==, 0);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4); /* the Kernel is the old one */
}

static void
test_set (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) set = wire_image (drive->id, "1.05", "set");
  g_autoptr (GBytes) kernel = wire_image (drive->id, "1.05", "kernel");
  const guint8 *bytes = g_bytes_get_data (set, NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_part (wire, 0xfe, bytes, drive->kernel_size), ==, 0);
  /* the Kernel burns by itself, within the 10 s that the sources wait */
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes + drive->kernel_size, 0, CHUNK), ==,
                   SENSE_BURNING);
  g_assert_false (ofl_practice_drive_holds (wire->drive, kernel));
  wire->now_us += 10 * G_USEC_PER_SEC;
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
  g_assert_true (ofl_practice_drive_holds (wire->drive, kernel));
  g_assert_false (ofl_practice_drive_holds (wire->drive, set));
  g_assert_cmphex (pioneer_send_part (wire, 0xf0, bytes + drive->kernel_size, drive->normal_size),
                   ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire);
  g_assert_true (ofl_practice_drive_holds (wire->drive, set));
  wire_assert_identity (wire, "PIONEER", drive->product, "1.05");
  g_assert_cmphex (wire_in (wire, 0x30, PIONEER_IDENTITY), ==, 0);
  g_assert_cmpmem (wire->in + 40, 4, "1.05", 4);
}

/* Without a Normal the drive stays in kernel mode, and there is nothing to commit. */
static void
test_kernel_alone (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) kernel = wire_image (drive->id, "1.05", "kernel");

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (
      pioneer_send_part (wire, 0xfe, g_bytes_get_data (kernel, NULL), drive->kernel_size), ==, 0);
  wire->now_us += 10 * G_USEC_PER_SEC;
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, SENSE_BAD_FIELD);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
  g_assert_true (ofl_practice_drive_holds (wire->drive, kernel));
  wire_power_cycle (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
}

/* Power */

static void
test_recovery (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);
  guint32 sense;

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  wire_cut_in_burn (wire, 600);
  sense = pioneer_send_commit (wire, drive);
  g_assert_cmphex (sense, ==, SENSE_VANISHED);
  wire->now_us += 60 * G_USEC_PER_SEC;
  g_assert_cmphex (wire_in (wire, 0x60, INQUIRY_60), ==, SENSE_VANISHED);
  wire_power_cycle (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  /* the way out: the Normal again, without entering */
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
}

/* Power that goes between two chunks leaves kernel mode too. */
static void
test_power_between_chunks (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_part (wire, 0xf0, g_bytes_get_data (file, NULL), 3 * CHUNK), ==, 0);
  wire_power_cycle (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0); /* harmless when it is there already */
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.03");
}

static void
test_broken_kernel (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) kernel = wire_image (drive->id, "1.05", "kernel");

  pioneer_enter_well (wire, drive);
  wire_cut_in_burn (wire, 500);
  g_assert_cmphex (
      pioneer_send_part (wire, 0xfe, g_bytes_get_data (kernel, NULL), drive->kernel_size), ==, 0);
  wire->now_us += 10 * G_USEC_PER_SEC;
  wire_power_cycle (wire);
  g_assert_cmphex (wire_in (wire, 0x60, INQUIRY_60), ==, SENSE_VANISHED);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_VANISHED);
  g_assert_false (ofl_practice_drive_holds (wire->drive, kernel));
}

static void
test_silent (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GBytes) old = wire_image (drive->id, "1.00", NULL);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, "silent", &error);
  g_assert_no_error (error);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire);
  wire_assert_identity (wire, "PIONEER", drive->product, "1.00");
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
}

/* The kept state is the flash: half an update comes back as kernel mode. */
static void
test_state (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);
  g_autoptr (Wire) other = wire_new (drive->id);
  g_autoptr (GBytes) file = wire_image (drive->id, "1.03", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "state", NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, g_bytes_get_data (file, NULL), 0, CHUNK), ==, 0);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, &error));
  g_assert_true (ofl_practice_drive_load (other->drive, path, &error));
  wire_assert_identity (other, "PIONEER", drive->product, drive->kernel_revision);
}

static void
test_dvr_has_no_memory_read (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id);

  g_assert_cmphex (wire_in (wire, 0x10, "3c 02 b0 00 00 00 00 00 10 00"), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, NULL, 0, KNOCK), ==, SENSE_BAD_FIELD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < PIONEER_N_CASES; i++)
    {
      const Case *drive = &pioneer_cases[i];

      pioneer_add_test ("pioneer", "identity", drive, test_identity);
      pioneer_add_test ("pioneer", "normal", drive, test_normal);
      pioneer_add_test ("pioneer", "set", drive, test_set);
      pioneer_add_test ("pioneer", "kernel-alone", drive, test_kernel_alone);
      pioneer_add_test ("pioneer", "recovery", drive, test_recovery);
      pioneer_add_test ("pioneer", "power-between-chunks", drive, test_power_between_chunks);
      pioneer_add_test ("pioneer", "broken-kernel", drive, test_broken_kernel);
      pioneer_add_test ("pioneer", "silent", drive, test_silent);
      pioneer_add_test ("pioneer", "state", drive, test_state);
      pioneer_add_test ("pioneer", "no-memory-read", drive, test_dvr_has_no_memory_read);
    }
  return g_test_run ();
}
