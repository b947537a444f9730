/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a drive is plugged in, which nodes it has, and whether they can be used. */
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive/ofl-access.h"
#include "drive/ofl-system-target.h"
#include "kit/scratch.h"

/* Topology, on a tree of plain files. */

typedef struct {
  char *root;
} Tree;

static void
tree_set_up (Tree *tree, gconstpointer unused)
{
  tree->root = scratch_new ();
  g_assert_cmpint (chmod (tree->root, 0755), ==, 0);
}

static void
tree_tear_down (Tree *tree, gconstpointer unused)
{
  scratch_free (tree->root);
}

static void
read_topology (Tree *tree, const char *device, OflTopology *topology)
{
  g_autofree char *path = g_build_filename (tree->root, device, NULL);

  ofl_topology_from_sysfs (topology, path);
}

/* The part of the device path that the tree's place does not decide. */
static const char *
device_path_tail (Tree *tree, const OflTopology *topology)
{
  g_assert_true (g_str_has_prefix (topology->device_path, tree->root));
  return topology->device_path + strlen (tree->root) + 1;
}

static void
test_topology_sata (Tree *tree, gconstpointer unused)
{
  g_autofree char *words = NULL;
  OflTopology topology;

  scratch_put (tree->root, "devices/pci0000:00/0000:00:1f.2/ata3/host2/scsi_host/host2/proc_name",
               "ahci\n");
  read_topology (tree, "devices/pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0", &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_SATA);
  g_assert_false (topology.slave);
  g_assert_cmpstr (topology.channel, ==, "ata3");
  g_assert_cmpstr (device_path_tail (tree, &topology), ==,
                   "devices/pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0");
  words = ofl_topology_describe (&topology);
  g_assert_cmpstr (words, ==, "SATA port ata3");
}

static void
test_topology_ide (Tree *tree, gconstpointer unused)
{
  g_autofree char *words = NULL;
  OflTopology topology;

  scratch_put (tree->root, "devices/pci0000:00/0000:00:01.1/ata2/host1/scsi_host/host1/proc_name",
               "ata_piix\n");
  scratch_put (tree->root, "devices/pci0000:00/0000:00:01.1/ata2/link2/ata_link/link2/sata_spd",
               "<unknown>\n");
  read_topology (tree, "devices/pci0000:00/0000:00:01.1/ata2/host1/target1:0:1/1:0:1:0/block/sr0",
                 &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_IDE);
  g_assert_true (topology.slave);
  g_assert_cmpstr (topology.channel, ==, "ata2");
  g_assert_cmpstr (device_path_tail (tree, &topology), ==,
                   "devices/pci0000:00/0000:00:01.1/ata2/host1/target1:0:1");
  words = ofl_topology_describe (&topology);
  g_assert_cmpstr (words, ==, "IDE channel ata2, slave");

  read_topology (tree, "devices/pci0000:00/0000:00:01.1/ata2/host1/target1:0:0/1:0:0:0", &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_IDE);
  g_assert_false (topology.slave);

  /* the same driver with a SATA link behind it */
  scratch_put (tree->root, "devices/pci0000:00/0000:00:01.1/ata2/link2/ata_link/link2/sata_spd",
               "1.5 Gbps\n");
  read_topology (tree, "devices/pci0000:00/0000:00:01.1/ata2/host1/target1:0:0/1:0:0:0", &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_SATA);

  scratch_put (tree->root, "devices/pci0/ata7/host6/scsi_host/host6/proc_name", "pata_jmicron\n");
  read_topology (tree, "devices/pci0/ata7/host6/target6:0:0/6:0:0:0", &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_IDE);
}

/* As the kernel prints IDENTIFY PACKET DEVICE, with @word in its place 93. */
static void
add_identify (Tree *tree, const char *file, guint word)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 256; i++)
    g_string_append_printf (text, "%04x%c", i == 93 ? word : 0xFFFF, i % 8 == 7 ? '\n' : ' ');
  scratch_put (tree->root, file, text->str);
}

static void
test_topology_ide_number (Tree *tree, gconstpointer unused)
{
  static const struct {
    guint word;
    int device;
    const char *words;
  } rows[] = {
    { 0x4002, 0, "IDE channel ata2, master by its jumper" },
    { 0x4004, 0, "IDE channel ata2, master by cable select" },
    { 0x4200, 1, "IDE channel ata2, slave by its jumper" },
    { 0x6400, 1, "IDE channel ata2, slave by cable select" },
    { 0x4600, 1, "IDE channel ata2, slave" },
    { 0x4000, 0, "IDE channel ata2, master" },
    { 0x4200, 0, "IDE channel ata2, master" }, /* what device 1 has to say is not device 0's */
    { 0x0002, 0, "IDE channel ata2, master" },
    { 0xC002, 0, "IDE channel ata2, master" },
    { 0xFFFF, 1, "IDE channel ata2, slave" },
  };

  scratch_put (tree->root, "devices/pci0/ata2/host1/scsi_host/host1/proc_name", "pata_via\n");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int n = rows[i].device;
      g_autofree char *id
          = g_strdup_printf ("devices/pci0/ata2/link2/dev2.%d/ata_device/dev2.%d/id", n, n);
      g_autofree char *device
          = g_strdup_printf ("devices/pci0/ata2/host1/target1:0:%d/1:0:%d:0", n, n);
      g_autofree char *words = NULL;
      OflTopology topology;

      add_identify (tree, id, rows[i].word);
      read_topology (tree, device, &topology);
      words = ofl_topology_describe (&topology);
      g_assert_cmpstr (words, ==, rows[i].words);
      scratch_put (tree->root, id, "4002 4002\n"); /* cut short */
      read_topology (tree, device, &topology);
      g_assert_cmpint (topology.number_by, ==, OFL_NUMBER_UNKNOWN);
    }
}

static void
test_topology_usb (Tree *tree, gconstpointer unused)
{
  static const char device[] = "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/1-2.4:1.0/"
                               "host6/target6:0:0/6:0:0:0";
  g_autofree char *words = NULL;
  OflTopology topology;

  scratch_put (tree->root, "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/speed", "480\n");
  scratch_put (tree->root, "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/idVendor", "0e8d\n");
  scratch_put (tree->root, "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/idProduct", "1887\n");
  scratch_put (tree->root, "devices/pci0000:00/0000:00:14.0/usb1/1-2/speed", "5000\n");
  read_topology (tree, device, &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_USB);
  g_assert_cmpstr (topology.channel, ==, "usb 1-2.4");
  g_assert_cmpuint (topology.usb_mbps, ==, 480);
  g_assert_cmphex (topology.bridge_vid, ==, 0x0e8d);
  g_assert_cmphex (topology.bridge_pid, ==, 0x1887);
  g_assert_cmpstr (device_path_tail (tree, &topology), ==,
                   "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4");
  words = ofl_topology_describe (&topology);
  g_assert_cmpstr (words, ==, "USB port 1-2.4, 480 Mbit/s, bridge 0e8d:1887");
}

static void
test_topology_other (Tree *tree, gconstpointer unused)
{
  g_autofree char *deep = g_strnfill (400, 'x');
  g_autofree char *too_long = g_strconcat ("/", deep, "/host2/target2:0:0/2:0:0:0", NULL);
  OflTopology topology;

  read_topology (tree, "devices/pseudo_0/adapter0/host3/target3:0:0/3:0:0:0", &topology);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_SCSI);
  g_assert_cmpstr (topology.channel, ==, "scsi 3:0:0:0");

  ofl_topology_from_sysfs (&topology, NULL);
  g_assert_cmpint (topology.bus, ==, OFL_BUS_UNKNOWN);
  g_assert_cmpstr (topology.device_path, ==, "");

  /* half a path would name something else */
  ofl_topology_from_sysfs (&topology, too_long);
  g_assert_cmpstr (topology.device_path, ==, "");
}

static void
test_topology_target (Tree *tree, gconstpointer unused)
{
  static const char device[] = "devices/usb1/1-1/1-1:1.0/host6/target6:0:0/6:0:0:0";
  g_autofree char *block = g_build_filename (device, "block", "sr0", NULL);
  g_autofree char *size = g_build_filename (block, "size", NULL);
  g_autofree char *class = g_build_filename (tree->root, "class", "block", NULL);
  g_autofree char *link = g_build_filename (class, "sr0", NULL);
  g_autofree char *to = g_build_filename ("..", "..", block, NULL);
  g_autofree char *sg = g_build_filename (device, "scsi_generic", "sg3", "dev", NULL);
  g_autoptr (OflTarget) without = NULL;
  g_autoptr (OflTarget) with = NULL;
  g_autoptr (OflTarget) unknown = NULL;

  scratch_put (tree->root, size, "0\n");
  g_assert_cmpint (g_mkdir_with_parents (class, 0755), ==, 0);
  g_assert_cmpint (symlink (to, link), ==, 0);
  without = ofl_system_target_new (tree->root, "/dev/sr0", FALSE);
  g_assert_null (ofl_target_get_sg_node (without));
  g_assert_cmpint (ofl_target_get_topology (without)->bus, ==, OFL_BUS_USB);
  g_assert_cmpstr (ofl_target_get_id (without), ==, "/dev/sr0");
  g_assert_false (ofl_target_is_practice (without));

  scratch_put (tree->root, sg, "21:3\n");
  with = ofl_system_target_new (tree->root, "/dev/sr0", FALSE);
  g_assert_cmpstr (ofl_target_get_sg_node (with), ==, "/dev/sg3");

  unknown = ofl_system_target_new (tree->root, "/dev/sr9", FALSE);
  g_assert_cmpstr (ofl_target_get_sr_node (unknown), ==, "/dev/sr9");
  g_assert_cmpint (ofl_target_get_topology (unknown)->bus, ==, OFL_BUS_UNKNOWN);
}

/* Access. */

/* Whether a node that is opened to the group cdrom is open to who runs this test. */
static OflAccess
closed_to_me (void)
{
  const struct group *group = getgrnam ("cdrom");
  gid_t groups[256];
  int n = getgroups (G_N_ELEMENTS (groups), groups);
  gboolean found = group != NULL && getgid () == group->gr_gid;

  for (int i = 0; group != NULL && i < n; i++)
    found |= groups[i] == group->gr_gid;
  return found ? OFL_ACCESS_CLOSED_NODE : OFL_ACCESS_CLOSED_BOTH;
}

/* Root passes every door, so the test asks as nobody. */
static OflAccess
check_as_user (const char *sr_node, const char *sg_node)
{
  gboolean is_root = getuid () == 0;
  OflAccess found;

  if (is_root)
    g_assert_cmpint (setreuid (65534, (uid_t) -1), ==, 0);
  found = ofl_access_check (sr_node, sg_node);
  if (is_root)
    g_assert_cmpint (setreuid (0, (uid_t) -1), ==, 0);
  return found;
}

static void
test_access (Tree *tree, gconstpointer unused)
{
  g_autofree char *sr = g_build_filename (tree->root, "sr0", NULL);
  g_autofree char *sg = g_build_filename (tree->root, "sg0", NULL);
  g_autofree char *none = g_build_filename (tree->root, "sg9", NULL);

  scratch_put (tree->root, "sr0", "");
  scratch_put (tree->root, "sg0", "");
  g_assert_cmpint (chmod (sr, 0666), ==, 0);
  g_assert_cmpint (chmod (sg, 0666), ==, 0);
  g_assert_cmpint (check_as_user (sr, sg), ==, OFL_ACCESS_USABLE);
  g_assert_cmpint (check_as_user (sr, NULL), ==, OFL_ACCESS_NO_SG_MODULE);
  g_assert_cmpint (check_as_user (sr, none), ==, OFL_ACCESS_NO_SG_NODE);
  g_assert_cmpint (check_as_user (NULL, sg), ==, OFL_ACCESS_NO_SR_NODE);
  g_assert_cmpint (check_as_user (none, sg), ==, OFL_ACCESS_NO_SR_NODE);
  /* reading alone is not enough, and no group would help */
  g_assert_cmpint (chmod (sg, 0444), ==, 0);
  g_assert_cmpint (check_as_user (sr, sg), ==, closed_to_me ());
  g_assert_cmpint (chmod (sg, 0666), ==, 0);
  g_assert_cmpint (chmod (sr, 0), ==, 0);
  g_assert_cmpint (check_as_user (sr, sg), ==, closed_to_me ());
  if (getuid () != 0 || getgrnam ("cdrom") == NULL)
    return;
  /* as Debian's rules have it */
  for (int i = 0; i < 2; i++)
    {
      const char *node = i == 0 ? sg : sr;

      g_assert_cmpint (chmod (sr, 0666), ==, 0);
      g_assert_cmpint (chmod (sg, 0666), ==, 0);
      g_assert_cmpint (chown (node, 0, getgrnam ("cdrom")->gr_gid), ==, 0);
      g_assert_cmpint (chmod (node, 0660), ==, 0);
      g_assert_cmpint (check_as_user (sr, sg), ==,
                       i == 0 ? OFL_ACCESS_NO_PERMISSION : OFL_ACCESS_NO_SR_PERMISSION);
    }
}

/* The reasons of a closed node have ways out of their own. */
static void
test_access_closed (Tree *tree, gconstpointer unused)
{
  g_autofree char *file = g_build_filename (tree->root, "group", NULL);
  g_autofree char *none = g_build_filename (tree->root, "none", NULL);
  static const struct {
    guint mode, gid;
    const char *user;
    gboolean in_effect;
    OflAccess expected;
  } rows[] = {
    { 0660, 24, "ann", FALSE, OFL_ACCESS_NOT_YET },
    { 0660, 24, "bob", FALSE, OFL_ACCESS_NO_SR_PERMISSION },
    { 0660, 24, "an", FALSE, OFL_ACCESS_NO_SR_PERMISSION },
    { 0600, 24, "ann", TRUE, OFL_ACCESS_CLOSED_NODE },
    { 0640, 24, "bob", TRUE, OFL_ACCESS_CLOSED_NODE },
    { 0660, 0, "ann", TRUE, OFL_ACCESS_CLOSED_NODE },
    /* what is opened to the group stays closed to who is not in it, or not yet */
    { 0600, 24, "bob", FALSE, OFL_ACCESS_CLOSED_BOTH },
    { 0600, 24, "ann", FALSE, OFL_ACCESS_CLOSED_BOTH },
    { 0660, 6, "bob", FALSE, OFL_ACCESS_CLOSED_BOTH }, /* into "disk" nobody is sent */
  };

  scratch_put (tree->root, "group", "root:x:0:\ndisk:x:6:\ncdrom:x:24:eve,ann\n");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (ofl_access_explain (rows[i].mode, rows[i].gid, rows[i].user, rows[i].in_effect,
                                         file, OFL_ACCESS_NO_SR_PERMISSION),
                     ==, rows[i].expected);
  g_assert_cmpint (ofl_access_explain (0660, 24, "ann", FALSE, none, OFL_ACCESS_NO_PERMISSION), ==,
                   OFL_ACCESS_CLOSED_BOTH);
}

/* Each reads a file of its own, and has the answer of that one. */
static gpointer
ask_often (gpointer data)
{
  const char *file = data;
  gboolean is_in = g_str_has_suffix (file, "in");
  guint wrong = 0;

  for (int i = 0; i < 3000; i++)
    wrong += ofl_access_explain (0660, 24, "ann", FALSE, file, OFL_ACCESS_NO_PERMISSION)
             != (is_in ? OFL_ACCESS_NOT_YET : OFL_ACCESS_NO_PERMISSION);
  return GUINT_TO_POINTER (wrong);
}

/* The window asks for the drives that it finds on several threads. */
static void
test_access_threads (Tree *tree, gconstpointer unused)
{
  g_autofree char *in = g_build_filename (tree->root, "in", NULL);
  g_autofree char *out = g_build_filename (tree->root, "out", NULL);
  GThread *threads[6];
  guint wrong = 0;

  scratch_put (tree->root, "in", "root:x:0:\naudio:x:29:bob\ncdrom:x:24:bob,ann\n");
  scratch_put (tree->root, "out", "cdrom:x:24:\nroot:x:0:\nvideo:x:44:ann,bob,eve\n");
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask_often, i % 2 == 0 ? in : out);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    wrong += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (wrong, ==, 0);
}

/* A group of many is read to its last member. */
static void
test_access_crowd (Tree *tree, gconstpointer unused)
{
  g_autofree char *file = g_build_filename (tree->root, "group", NULL);
  g_autoptr (GString) text = g_string_new ("root:x:0:\ncdrom:x:24:");

  for (int i = 0; i < 2000; i++)
    g_string_append_printf (text, "user%d,", i);
  g_string_append (text, "ann\nlast:x:99:\n");
  scratch_put (tree->root, "group", text->str);
  g_assert_cmpint (ofl_access_explain (0660, 24, "ann", FALSE, file, OFL_ACCESS_NO_PERMISSION), ==,
                   OFL_ACCESS_NOT_YET);
  g_assert_cmpint (ofl_access_explain (0660, 24, "bob", FALSE, file, OFL_ACCESS_NO_PERMISSION), ==,
                   OFL_ACCESS_NO_PERMISSION);
}

static void
test_access_words (void)
{
  g_autofree char *module = ofl_access_remedy (OFL_ACCESS_NO_SG_MODULE, NULL);
  g_autofree char *group = ofl_access_remedy (OFL_ACCESS_NO_PERMISSION, "ann");
  g_autofree char *node = ofl_access_remedy (OFL_ACCESS_CLOSED_NODE, "ann");
  g_autofree char *both = ofl_access_remedy (OFL_ACCESS_CLOSED_BOTH, "ann");

  g_assert_cmpstr (module, ==, "sudo modprobe sg");
  g_assert_cmpstr (group, ==, "sudo usermod -aG cdrom ann");
  g_assert_nonnull (strstr (node, "chmod 660"));
  g_assert_null (strstr (node, "usermod"));
  g_assert_nonnull (strstr (both, "chmod 660"));
  g_assert_nonnull (strstr (both, "usermod -aG cdrom ann"));
  g_assert_null (ofl_access_remedy (OFL_ACCESS_USABLE, NULL));
  for (int i = OFL_ACCESS_NO_SG_MODULE; i <= OFL_ACCESS_CLOSED_BOTH; i++)
    {
      g_autofree char *remedy = ofl_access_remedy (i, NULL);

      /* to log in again is no line for a terminal */
      g_assert_true ((remedy == NULL) == (i == OFL_ACCESS_NOT_YET));
      g_assert_cmpstr (ofl_access_id (i), !=, "unknown");
      g_assert_cmpstr (ofl_access_sentence (i), !=, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_TREE(path, function) \
  g_test_add (path, Tree, NULL, tree_set_up, function, tree_tear_down)
  ADD_TREE ("/drive/topology/sata", test_topology_sata);
  ADD_TREE ("/drive/topology/ide", test_topology_ide);
  ADD_TREE ("/drive/topology/ide-number", test_topology_ide_number);
  ADD_TREE ("/drive/topology/usb", test_topology_usb);
  ADD_TREE ("/drive/topology/other", test_topology_other);
  ADD_TREE ("/drive/topology/target", test_topology_target);
  ADD_TREE ("/drive/access/check", test_access);
  ADD_TREE ("/drive/access/closed", test_access_closed);
  ADD_TREE ("/drive/access/threads", test_access_threads);
  ADD_TREE ("/drive/access/crowd", test_access_crowd);
  g_test_add_func ("/drive/access/words", test_access_words);
  return g_test_run ();
}
