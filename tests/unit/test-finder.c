/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The monitor on libudev, with drives that umockdev makes up; run through umockdev-wrapper. */
#include <string.h>

#include "drive/ofl-drive-monitor.h"
#include "udev-bed.h"

#define SATA "/devices/pci0000:00/0000:00:1f.2/ata1"
#define SATA_DEVICE SATA "/host0/target0:0:0/0:0:0:0"
#define USB "/devices/pci0000:00/0000:00:14.0/usb1/1-2"
#define USB_DEVICE USB "/1-2:1.0/host5/target5:0:0/5:0:0:0"
#define USB_AGAIN USB "/1-2:1.0/host6/target6:0:0/6:0:0:0"
#define OTHER_DEVICE "/devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/host9/target9:0:0/9:0:0:0"

typedef struct {
  UMockdevTestbed *testbed;
  OflDriveMonitor *monitor;
  guint n_settled;
} Fixture;

static void
add_usb_port (Fixture *fixture)
{
  udev_bed_add (fixture->testbed,
                "P: " USB "\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nA: speed=480\\n\n"
                "A: idVendor=0e8d\\n\nA: idProduct=1887\\n\n");
}

static void
on_settled (OflDriveMonitor *monitor, gpointer data)
{
  ((Fixture *) data)->n_settled++;
}

static OflSnapshot *
probe (OflTransport *transport, const OflIdentity *identity, gpointer data)
{
  return ofl_snapshot_new (identity);
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->testbed = umockdev_testbed_new ();
  fixture->monitor = ofl_drive_monitor_new (probe, NULL);
  g_signal_connect (fixture->monitor, "settled", G_CALLBACK (on_settled), fixture);
  udev_bed_add (fixture->testbed,
                "P: " SATA
                "/host0/scsi_host/host0\nE: SUBSYSTEM=scsi_host\nA: proc_name=ahci\\n\n");
  udev_bed_add_block (fixture->testbed, SATA_DEVICE, "sr0", 0, TRUE);
  udev_bed_add_sg (fixture->testbed, SATA_DEVICE, "sg0", 0);
  udev_bed_add (fixture->testbed,
                "P: /devices/virtual/block/loop0\nN: loop0\nE: SUBSYSTEM=block\nE: DEVTYPE=disk\n"
                "E: DEVNAME=/dev/loop0\n");
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_clear_object (&fixture->monitor);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->testbed);
}

static void
start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  ofl_drive_monitor_start (fixture->monitor, OFL_FINDER_UDEV, &error);
  g_assert_no_error (error);
  while (fixture->n_settled == 0)
    g_main_context_iteration (NULL, TRUE);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->monitor));
}

/* The one drive that is meant, or %NULL. */
static OflDrive *
find_one (Fixture *fixture, const char *path)
{
  g_autoptr (GPtrArray) found = ofl_drive_monitor_find_all (fixture->monitor, path, NULL);

  return found->len == 1 ? g_ptr_array_index (found, 0) : NULL;
}

static OflDrive *
wait_for (Fixture *fixture, const char *id)
{
  OflDrive *drive;

  while ((drive = find_one (fixture, id)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return drive;
}

static void
test_coldplug (Fixture *fixture, gconstpointer unused)
{
  const OflTopology *topology;
  OflTarget *target;
  OflDrive *drive;

  udev_bed_add_block (fixture->testbed, USB_DEVICE, "sr1", 1, FALSE); /* no udevd has named it */
  start (fixture);
  g_assert_cmpuint (count (fixture), ==, 2); /* and no loop device */
  drive = wait_for (fixture, "/dev/sr0");
  g_assert_true (ofl_drive_get_ready (drive));
  g_assert_cmpint (ofl_drive_get_access (drive), ==, OFL_ACCESS_USABLE);
  target = ofl_drive_get_target (drive);
  g_assert_cmpstr (ofl_target_get_sg_node (target), ==, "/dev/sg0");
  topology = ofl_target_get_topology (target);
  g_assert_cmpint (topology->bus, ==, OFL_BUS_SATA);
  g_assert_cmpstr (topology->channel, ==, "ata1");
  g_assert_true (find_one (fixture, "/dev/sg0") == drive);
  wait_for (fixture, "/dev/sr1");
}

static void
test_hotplug (Fixture *fixture, gconstpointer unused)
{
  const OflTopology *topology;
  OflTarget *target;
  OflDrive *drive;

  start (fixture);
  add_usb_port (fixture);
  udev_bed_add_block (fixture->testbed, USB_DEVICE, "sr1", 1, TRUE);
  udev_bed_tell (fixture->testbed, USB_DEVICE, "/block/sr1", "add");
  drive = wait_for (fixture, "/dev/sr1");
  g_assert_cmpint (ofl_drive_get_access (drive), ==, OFL_ACCESS_NO_SG_MODULE);
  topology = ofl_target_get_topology (ofl_drive_get_target (drive));
  g_assert_cmpint (topology->bus, ==, OFL_BUS_USB);
  g_assert_cmpstr (topology->channel, ==, "usb 1-2");
  g_assert_cmpuint (topology->usb_mbps, ==, 480);
  g_assert_cmphex (topology->bridge_vid, ==, 0x0e8d);

  udev_bed_add_sg (fixture->testbed, USB_DEVICE, "sg1", 1); /* the missing module is loaded */
  udev_bed_tell (fixture->testbed, USB_DEVICE, "/scsi_generic/sg1", "add");
  while (ofl_drive_get_access (drive) != OFL_ACCESS_USABLE)
    g_main_context_iteration (NULL, TRUE);
  target = ofl_drive_get_target (drive);
  g_assert_cmpstr (ofl_target_get_sg_node (target), ==, "/dev/sg1");

  udev_bed_remove (fixture->testbed, USB_DEVICE, "/block/sr1");
  while (count (fixture) > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (find_one (fixture, "/dev/sr0"));
}

static void
count_looks (GObject *drive, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_change (Fixture *fixture, gconstpointer unused)
{
  guint n_looks = 0;
  OflDrive *drive;

  start (fixture);
  drive = wait_for (fixture, "/dev/sr0");
  g_signal_connect (drive, "notify::ready", G_CALLBACK (count_looks), &n_looks);
  for (guint i = 0; i < 5; i++)
    udev_bed_tell (fixture->testbed, SATA_DEVICE, "/block/sr0",
                   "change"); /* one disc, many events */
  while (n_looks == 0)
    g_main_context_iteration (NULL, TRUE);
  while (!ofl_drive_monitor_is_settled (fixture->monitor))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_looks, ==, 1);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_signal_handlers_disconnect_by_data (drive, &n_looks);
}

/* A drive restarts during a job: it leaves the bus and comes back under another name. */
static void
test_replug_under_job (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (OflDrive) drive = NULL;
  guint n_looks = 0;

  add_usb_port (fixture);
  udev_bed_add_block (fixture->testbed, USB_DEVICE, "sr1", 1, TRUE);
  start (fixture);
  drive = g_object_ref (wait_for (fixture, "/dev/sr1"));
  ofl_drive_set_job_running (drive, TRUE);
  udev_bed_remove (fixture->testbed, USB_DEVICE, "/block/sr1");
  udev_bed_add_block (fixture->testbed, USB_AGAIN, "sr2", 2, TRUE);
  udev_bed_tell (fixture->testbed, USB_AGAIN, "/block/sr2", "add");
  g_assert_true (wait_for (fixture, "/dev/sr2") == drive);
  g_assert_cmpuint (count (fixture), ==, 2);

  g_signal_connect (drive, "notify::ready", G_CALLBACK (count_looks), &n_looks);
  ofl_drive_set_job_running (drive, FALSE);
  while (n_looks == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count (fixture), ==, 2);
  g_signal_handlers_disconnect_by_data (drive, &n_looks);
}

static void
test_lost_under_job (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (OflDrive) drive = NULL;

  add_usb_port (fixture);
  udev_bed_add_block (fixture->testbed, USB_DEVICE, "sr1", 1, TRUE);
  start (fixture);
  drive = g_object_ref (wait_for (fixture, "/dev/sr1"));
  ofl_drive_set_job_running (drive, TRUE);
  udev_bed_remove (fixture->testbed, USB_DEVICE, "/block/sr1");
  udev_bed_add_block (fixture->testbed, OTHER_DEVICE, "sr3", 3, TRUE);
  udev_bed_tell (fixture->testbed, OTHER_DEVICE, "/block/sr3", "add");
  g_assert_true (wait_for (fixture, "/dev/sr3") != drive); /* another port: another drive */
  g_assert_true (find_one (fixture, "/dev/sr1") == drive);
  ofl_drive_set_job_running (drive, FALSE);
  g_assert_null (find_one (fixture, "/dev/sr1"));
  g_assert_cmpuint (count (fixture), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/finder/udev/coldplug", test_coldplug);
  ADD ("/finder/udev/hotplug", test_hotplug);
  ADD ("/finder/udev/change", test_change);
  ADD ("/finder/udev/replug-under-job", test_replug_under_job);
  ADD ("/finder/udev/lost-under-job", test_lost_under_job);
  return g_test_run ();
}
