/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Pioneer practice drives say of themselves, whole updates, and loss of power, with the
 * commands of annex-sequences.md 1 and 2. */
#include <glib/gstdio.h>
#include <string.h>

#include "pioneer-host.h"

static const char inquiry_60[] = "12 00 00 00 60 00";
static const char ready[] = "00 00 00 00 00 00";
static const char knock[] = "3b 02 41 a5 aa aa 00 00 00 00";

/* Identity */

static void
test_identity (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 7);

  wire_assert_inquiry (wire, drive->product, "1.00");
  g_assert_cmpmem (wire->in + 8, 8, "PIONEER ", 8);
  g_assert_cmphex (wire->in[39], ==, '/');
  g_assert_cmphex (wire->in[42], ==, '/');
  g_assert_cmphex (wire_in (wire, pioneer_identity, 0x30), ==, 0);
  g_assert_cmpuint (wire->in_len, ==, 0x30);
  g_assert_cmpmem (wire->in, 16, "PRACTICE00000007", 16);
  g_assert_cmpmem (wire->in + 16, 8, drive->hardware, 8);
  g_assert_cmpmem (wire->in + 24, 8, "GENERAL ", 8);
  g_assert_cmpmem (wire->in + 32, 8, "GENERAL ", 8);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (wire->in[39], ==, '/');
  g_assert_cmphex (wire_in (wire, pioneer_identity, 0x30), ==, 0);
  g_assert_cmpmem (wire->in, 16, "                ", 16);
  g_assert_cmpmem (wire->in + 16, 8, drive->hardware, 8);
  g_assert_cmpmem (wire->in + 32, 8, "        ", 8);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4);
  /* nothing was sent: power brings the Normal back */
  wire_power_cycle (wire);
  wire_assert_inquiry (wire, drive->product, "1.00");
}

/* Whole updates */

static void
test_normal (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.03", NULL);

  g_assert_cmphex (wire_in (wire, ready, 0) >> 8, ==, 0x023a);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  if (pioneer_is_bd (drive))
    g_assert_cmpint (wire->took_us, <, WIRE_SECOND);
  else
    {
      g_assert_cmpint (wire->took_us, >, 15 * WIRE_SECOND);
      g_assert_cmpint (wire->took_us, <, 40 * WIRE_SECOND);
    }
  pioneer_wait_for_normal (wire, drive);
  wire_assert_inquiry (wire, drive->product, "1.03");
  g_assert_cmpmem (wire->in + 37, 8, "11/08/15", 8);
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
  wire_power_cycle (wire);
  wire_assert_inquiry (wire, drive->product, "1.03");
  g_assert_cmphex (wire_in (wire, pioneer_identity, 0x30), ==, 0);
  g_assert_cmpmem (wire->in + 40, 4, "1.00", 4); /* the Kernel is the old one */
}

static void
test_set (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) set = pioneer_make_file (drive, "1.05", "set");
  g_autoptr (GBytes) kernel = pioneer_make_file (drive, "1.05", "kernel");
  const guint8 *bytes = g_bytes_get_data (set, NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_part (wire, 0xfe, bytes, drive->kernel_size), ==, 0);
  /* the Kernel burns by itself, within what the sources wait: 10 s, or 2 s for a BD writer */
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, bytes + drive->kernel_size, 0, CHUNK), ==,
                   WIRE_BUSY);
  g_assert_false (ofl_practice_drive_holds (wire->drive, kernel));
  wire_pass (wire, (pioneer_is_bd (drive) ? 2 : 10) * WIRE_SECOND);
  wire_assert_inquiry (wire, drive->product, drive->kernel_revision);
  g_assert_true (ofl_practice_drive_holds (wire->drive, kernel));
  g_assert_false (ofl_practice_drive_holds (wire->drive, set));
  g_assert_cmphex (pioneer_send_part (wire, 0xf0, bytes + drive->kernel_size, drive->normal_size),
                   ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire, drive);
  g_assert_true (ofl_practice_drive_holds (wire->drive, set));
  wire_assert_inquiry (wire, drive->product, "1.05");
  g_assert_cmphex (wire_in (wire, pioneer_identity, 0x30), ==, 0);
  g_assert_cmpmem (wire->in + 40, 4, "1.05", 4);
}

/* Without a Normal the drive stays in kernel mode, and there is nothing to commit. */
static void
test_kernel_alone (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) kernel = pioneer_make_file (drive, "1.05", "kernel");

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (
      pioneer_send_part (wire, 0xfe, g_bytes_get_data (kernel, NULL), drive->kernel_size), ==, 0);
  wire_pass (wire, 10 * WIRE_SECOND);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, WIRE_BAD_FIELD);
  wire_assert_inquiry (wire, drive->product, drive->kernel_revision);
  g_assert_true (ofl_practice_drive_holds (wire->drive, kernel));
  wire_power_cycle (wire);
  wire_assert_inquiry (wire, drive->product, "1.00");
}

/* Power */

static void
test_recovery (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.03", NULL);
  guint32 sense;

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  wire_cut_in_burn (wire, 600);
  sense = pioneer_send_commit (wire, drive);
  g_assert_cmphex (sense, ==, pioneer_is_bd (drive) ? 0 : WIRE_GONE);
  wire_pass (wire, 60 * WIRE_SECOND);
  g_assert_cmphex (wire_in (wire, inquiry_60, 0x60), ==, WIRE_GONE);
  wire_power_cycle (wire);
  wire_assert_inquiry (wire, drive->product, drive->kernel_revision);
  g_assert_false (ofl_practice_drive_holds (wire->drive, file));
  /* the way out: the Normal again, without entering */
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire, drive);
  wire_assert_inquiry (wire, drive->product, "1.03");
  g_assert_true (ofl_practice_drive_holds (wire->drive, file));
}

/* Power that goes between two chunks leaves kernel mode too. */
static void
test_power_between_chunks (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.03", NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_part (wire, 0xf0, g_bytes_get_data (file, NULL), 3 * CHUNK), ==, 0);
  wire_power_cycle (wire);
  wire_assert_inquiry (wire, drive->product, drive->kernel_revision);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0); /* harmless when it is there already */
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire, drive);
  wire_assert_inquiry (wire, drive->product, "1.03");
}

static void
test_broken_kernel (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) kernel = pioneer_make_file (drive, "1.05", "kernel");

  pioneer_enter_well (wire, drive);
  wire_cut_in_burn (wire, 500);
  g_assert_cmphex (
      pioneer_send_part (wire, 0xfe, g_bytes_get_data (kernel, NULL), drive->kernel_size), ==, 0);
  wire_pass (wire, 10 * WIRE_SECOND);
  wire_power_cycle (wire);
  g_assert_cmphex (wire_in (wire, inquiry_60, 0x60), ==, WIRE_GONE);
  g_assert_cmphex (wire_in (wire, ready, 0), ==, WIRE_GONE);
  g_assert_false (ofl_practice_drive_holds (wire->drive, kernel));
}

static void
test_silent (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.03", NULL);
  g_autoptr (GBytes) old = pioneer_make_file (drive, "1.00", NULL);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, "silent", &error);
  g_assert_no_error (error);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_normal (wire, file), ==, 0);
  g_assert_cmphex (pioneer_send_commit (wire, drive), ==, 0);
  pioneer_wait_for_normal (wire, drive);
  wire_assert_inquiry (wire, drive->product, "1.00");
  g_assert_true (ofl_practice_drive_holds (wire->drive, old));
}

/* The kept state is the flash: half an update comes back as kernel mode. */
static void
test_state (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (Wire) other = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.03", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("practice-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "state", NULL);

  pioneer_enter_well (wire, drive);
  g_assert_cmphex (pioneer_send_chunk (wire, 0xf0, g_bytes_get_data (file, NULL), 0, CHUNK), ==, 0);
  g_assert_true (ofl_practice_drive_save (wire->drive, path, &error));
  g_assert_true (ofl_practice_drive_load (other->drive, path, &error));
  wire_assert_inquiry (other, drive->product, drive->kernel_revision);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* The BD writer's memory */
static void
test_memory (void)
{
  const Case *drive = &pioneer_cases[3];
  g_autoptr (Wire) wire = wire_new (drive->id, 1);
  g_autoptr (GBytes) file = pioneer_make_file (drive, "1.00", NULL);
  const guint8 *code = (const guint8 *) g_bytes_get_data (file, NULL) + 0x10000;

  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 00 00 00 00 10 00", 0x10), ==, 0);
  g_assert_cmpmem (wire->in, wire->in_len, drive->descriptor, 16);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 7f 00 00 01 00 00", 0x100), ==, 0);
  g_assert_cmpmem (wire->in, wire->in_len, code + 0x7f00, 0x100);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 7f 01 00 01 00 00", 0x100), ==, WIRE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 80 00 00 01 00 00", 0x100), ==, WIRE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, "3b 02 41 a5 aa ab 00 00 00 00", NULL, 0), ==, WIRE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, knock, NULL, 0), ==, 0);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 80 00 00 80 00 00", 0x8000), ==, 0);
  g_assert_cmpmem (wire->in, wire->in_len, code + 0x8000, 0x8000);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 88 02 00 00 01 00 00", 0x100), ==, 0);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 88 02 01 00 01 00 00", 0x100), ==, WIRE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 00 00 00 00 10 01", 0x10), ==, WIRE_BAD_FIELD);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, 0);
  wire_power_cycle (wire);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 80 00 00 01 00 00", 0x100), ==, WIRE_BAD_FIELD);
  pioneer_enter_well (wire, drive);
  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 00 00 00 00 10 00", 0x10), ==, WIRE_BAD_FIELD);
}

static void
test_dvr_has_no_memory_read (gconstpointer data)
{
  const Case *drive = data;
  g_autoptr (Wire) wire = wire_new (drive->id, 1);

  g_assert_cmphex (wire_in (wire, "3c 02 b0 00 00 00 00 00 10 00", 0x10), ==, WIRE_BAD_FIELD);
  g_assert_cmphex (wire_out (wire, knock, NULL, 0), ==, WIRE_BAD_FIELD);
}

static void
add (const char *name, const Case *drive, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/practice/pioneer/%s/%s", drive->id, name);

  g_test_add_data_func (path, drive, test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < PIONEER_N_CASES; i++)
    {
      const Case *drive = &pioneer_cases[i];

      add ("identity", drive, test_identity);
      add ("normal", drive, test_normal);
      add ("set", drive, test_set);
      add ("kernel-alone", drive, test_kernel_alone);
      add ("recovery", drive, test_recovery);
      add ("power-between-chunks", drive, test_power_between_chunks);
      add ("broken-kernel", drive, test_broken_kernel);
      add ("silent", drive, test_silent);
      add ("state", drive, test_state);
      if (!pioneer_is_bd (drive))
        add ("no-memory-read", drive, test_dvr_has_no_memory_read);
    }
  g_test_add_func ("/practice/pioneer/memory", test_memory);
  return g_test_run ();
}
