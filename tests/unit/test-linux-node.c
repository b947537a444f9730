/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/scsi on Linux: what opening a node says, who else has it, and where a drive is after its node was
 * given away. */
#include <gio/gio.h>
#include <unistd.h>

#include "kit/scratch.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-linux-node.h"
#include "scsi/ofl-linux-sysfs.h"
#include "scsi/ofl-linux-users.h"
#include "scsi/ofl-transport-cdio.h"
#include "scsi/ofl-transport-sg.h"
#include "scsi/ofl-transport-sgio.h"

/* What opening says about things that are no drive. */
static void
test_open_errors (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_transport_sg_new ("/nonexistent/sg9", NULL, NULL, OFL_OPEN_READ_ONLY, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_null (ofl_transport_sg_new ("/dev/null", NULL, NULL, OFL_OPEN_EXCLUSIVE, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (ofl_transport_sgio_new ("/nonexistent/sr9", OFL_OPEN_READ_ONLY, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_null (ofl_transport_cdio_new ("/nonexistent/sr9", &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_LOST);
}

static void
test_node_user (void)
{
  g_autoptr (GPtrArray) nobody = ofl_linux_node_list_users ("/proc", "/nonexistent");
  g_autoptr (GPtrArray) users = NULL;
  g_autoptr (GError) error = NULL;
  const OflNodeUser *found = NULL;
  int fd = ofl_linux_node_open ("/dev/full", 0, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (nobody->len, ==, 0);
  users = ofl_linux_node_list_users ("/proc", "/dev/full");
  for (guint i = 0; i < users->len; i++)
    if (((OflNodeUser *) g_ptr_array_index (users, i))->pid == (guint64) getpid ())
      found = g_ptr_array_index (users, i);
  g_assert_nonnull (found);
  g_assert_cmpstr (found->program, !=, "");
  g_assert_true (found->reads);
  g_assert_false (found->writes);
  g_assert_false (found->foreign);
  g_assert_cmpint (close (fd), ==, 0);
}

/* A SCSI device below @port in a made-up sysfs, with its nodes. */
static void
add_device (const char *root, const char *port, guint host, const char *place, const char *type,
            const char *state, guint number)
{
  g_autofree char *name = g_strdup_printf ("%u:%s", host, place);
  g_autofree char *device
      = g_strdup_printf ("%s/devices/%s/host%u/target%u/%s", root, port, host, host, name);
  g_autofree char *sg = g_strdup_printf ("%s/class/scsi_generic/sg%u", root, number);
  g_autofree char *link = g_build_filename (sg, "device", NULL);
  g_autofree char *limit = g_strdup_printf ("block/sr%u/queue/max_sectors_kb", number);
  g_autoptr (GFile) file = g_file_new_for_path (link);

  scratch_put (device, "type", type);
  scratch_put (device, "state", state);
  scratch_put (device, limit, "32\n");
  g_assert_cmpint (g_mkdir_with_parents (sg, 0700), ==, 0);
  g_assert_true (g_file_make_symbolic_link (file, device, NULL, NULL));
}

static void
test_find_again (void)
{
  g_autoptr (Scratch) made = scratch_new ();
  g_autofree char *root = g_canonicalize_filename (made, NULL);
  g_autofree char *port = g_build_filename (root, "devices/usb1/1-2", NULL);
  g_autofree char *device = NULL;
  g_autofree char *above = NULL;
  g_auto (OflLinuxNodes) nodes = { 0 };

  add_device (root, "usb1/1-2", 4, "0:0:0", "5\n", "running\n", 0);
  add_device (root, "usb1/1-2", 4, "0:0:1", "5\n", "running\n", 1); /* two drives on a bridge */
  add_device (root, "usb1/1-22", 5, "0:0:1", "5\n", "running\n", 2);
  add_device (root, "usb1/1-2/1-2.1", 6, "0:0:2", "0\n", "running\n", 3); /* a disk */
  add_device (root, "usb1/1-2/1-2.2", 7, "0:0:3", "5\n", "offline\n", 4);

  device = ofl_linux_sysfs_device (root, "/dev/sg1");
  g_assert_true (g_str_has_suffix (device, "/4:0:0:1"));
  g_assert_cmpuint (ofl_linux_sysfs_max_transfer (device), ==, 32 * 1024);
  above = ofl_linux_sysfs_port (device);
  g_assert_cmpstr (above, ==, port);

  g_assert_true (ofl_linux_sysfs_find (root, port, "/x/9:0:0:1", &nodes));
  g_assert_cmpstr (nodes.sg_node, ==, "/dev/sg1");
  g_assert_cmpstr (nodes.sr_node, ==, "/dev/sr1");
  g_assert_cmpstr (nodes.device, ==, device);
  ofl_linux_nodes_clear (&nodes);
  g_assert_false (ofl_linux_sysfs_find (root, port, "/x/9:0:0:2", &nodes));
  g_assert_false (ofl_linux_sysfs_find (root, port, "/x/9:0:0:3", &nodes));
  g_assert_false (ofl_linux_sysfs_find (root, port, "/x/9:0:0:4", &nodes));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scsi/linux/open-errors", test_open_errors);
  g_test_add_func ("/scsi/linux/node-user", test_node_user);
  g_test_add_func ("/scsi/linux/find-again", test_find_again);
  return g_test_run ();
}
