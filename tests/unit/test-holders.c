/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a drive, in a /proc and a /sys of the test's own; and one process that really holds
 * something. Files stand in for nodes. */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive/ofl-holders.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"

#define PORT "devices/pci0000:00/usb1/1-2"
#define DEVICE PORT "/1-2:1.0/host4/target4:0:0/4:0:0:0"
#define NOBODY 65534

typedef struct {
  char *dir;
  char *proc, *sys, *sr, *sg;
  OflHolderRoots roots;
  OflTopology topology;
} Fixture;

static char *
in (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
link_to (const char *folder, const char *name, const char *target)
{
  g_autofree char *path = in (folder, name);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
link_in_sys (Fixture *f, const char *name, const char *target)
{
  g_autofree char *path = in (f->sys, target);

  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  link_to (f->sys, name, path);
}

/* A process that has a file open; "" for the kernel's own, which has no command line. */
static void
add_process (Fixture *f, const char *pid, const char *comm, const char *open, const char *flags)
{
  g_autofree char *folder = in (f->proc, pid);
  g_autofree char *info = g_strdup_printf ("pos:\t0\nflags:\t%s\nmnt_id:\t21\n", flags);

  scratch_put (folder, "comm", comm);
  scratch_put (folder, "cmdline", comm);
  link_to (folder, "fd/0", "/nonexistent");
  link_to (folder, "fd/7", open);
  scratch_put (folder, "fdinfo/7", info);
}

/* A drive on USB that nobody holds. */
static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = scratch_new ();
  f->proc = in (f->dir, "proc");
  f->sys = in (f->dir, "sys");
  f->sr = in (f->dir, "dev/sr0");
  f->sg = in (f->dir, "dev/sg0");
  f->roots = (OflHolderRoots){ f->proc, f->sys };
  scratch_put (f->dir, "dev/sr0", "");
  scratch_put (f->dir, "dev/sg0", "");
  scratch_put (f->proc, "self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  scratch_put (f->sys, DEVICE "/type", "5\n");
  scratch_put (f->sys, PORT "/authorized", "1\n");
  scratch_put (f->sys, PORT "/idVendor", "152d\n");
  scratch_put (f->sys, PORT "/idProduct", "0578\n");
  scratch_put (f->sys, PORT "/speed", "480\n");
  scratch_put (f->sys, "class/block/sr0/events_poll_msecs", "-1\n");
  scratch_put (f->sys, "module/block/parameters/events_dfl_poll_msecs", "0\n");
  scratch_put (f->sys, "module/usb_storage/parameters/quirks", "\n");
  link_in_sys (f, "class/scsi_generic/sg0/device", DEVICE);
  link_in_sys (f, "class/block/sr0/device", DEVICE);
  link_in_sys (f, "bus/scsi/devices/4:0:0:0", DEVICE);
  link_in_sys (f, "bus/usb/devices/1-2", PORT);
  link_in_sys (f, DEVICE "/driver", "bus/scsi/drivers/sr");
  {
    g_autofree char *device = in (f->sys, DEVICE);

    ofl_topology_from_sysfs (&f->topology, device);
  }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->proc);
  g_free (f->sys);
  g_free (f->sr);
  g_free (f->sg);
}

static OflTarget *
target_of (Fixture *f)
{
  return ofl_target_new ("/dev/sr0", f->sr, f->sg, &f->topology, NULL, NULL, NULL);
}

static GPtrArray *
find (Fixture *f)
{
  g_autoptr (OflTarget) target = target_of (f);

  return ofl_holders_find (target, &f->roots);
}

static void
assert_words (const OflHolder *holder, const char *part)
{
  g_autofree char *words = ofl_holder_describe (holder);

  g_test_message ("%s\n  %s", words, holder->remedy != NULL ? holder->remedy : "");
  if (strstr (words, part) == NULL)
    g_error ("“%s” is not in: %s", part, words);
}

/* There is one, and it is this. */
static const OflHolder *
assert_one (GPtrArray *found, OflHolderKind kind, OflHolderWeight weight, const char *remedy)
{
  const OflHolder *holder;

  g_assert_cmpuint (found->len, ==, 1);
  holder = g_ptr_array_index (found, 0);
  g_assert_cmpstr (ofl_holder_kind_id (holder->kind), ==, ofl_holder_kind_id (kind));
  g_assert_cmpstr (ofl_holder_weight_id (holder->weight), ==, ofl_holder_weight_id (weight));
  g_assert_cmpstr (holder->remedy, ==, remedy);
  return holder;
}

static void
test_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) hidden = ofl_holders_find_hidden (&f->roots);

  add_process (f, "99", "other", "/dev/null", "0100002");
  found = find (f);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpuint (hidden->len, ==, 0);
}

typedef struct {
  const char *program;
  gboolean sr;
  const char *flags;
  OflHolderKind kind;
  OflHolderWeight weight;
  const char *words;
  const char *remedy;
} Program;

static const Program programs[] = {
  { "vlc\n", TRUE, "0100000", OFL_HOLDER_PROCESS, OFL_HOLDER_WARNING,
    "vlc (process 4711) has %s open for reading. ", "kill 4711" },
  { "sg_raw\n", FALSE, "0100002", OFL_HOLDER_PROCESS, OFL_HOLDER_BLOCKS,
    "sg_raw (process 4711) has %s open for reading and writing. As long as it has, no firmware is "
    "written.",
    "kill 4711" },
  { "dd\n", TRUE, "0100001", OFL_HOLDER_PROCESS, OFL_HOLDER_WARNING,
    "dd (process 4711) has %s open for writing. ", "kill 4711" },
  { "growisofs\n", TRUE, "02104002", OFL_HOLDER_BURNING, OFL_HOLDER_BLOCKS,
    "It is a program that burns discs", "tail --pid=4711 -f /dev/null" },
  { "qemu-system-x86\n", TRUE, "0100000", OFL_HOLDER_VIRTUAL_MACHINE, OFL_HOLDER_BLOCKS,
    "It is a virtual machine", NULL },
  { "udisksd\n", TRUE, "02104000", OFL_HOLDER_UDISKS, OFL_HOLDER_BLOCKS,
    "It is udisks, which mounts", "sudo systemctl stop udisks2" },
  { "optiflash-hold\n", TRUE, "0100002", OFL_HOLDER_OPTIFLASH, OFL_HOLDER_BLOCKS,
    "It is Optiflash: a job", "tail --pid=4711 -f /dev/null" },
};

static void
test_program (Fixture *f, gconstpointer data)
{
  const Program *program = data;
  const char *node = program->sr ? f->sr : f->sg;
  g_auto (GStrv) halves = g_strsplit (program->words, "%s", 2);
  g_autofree char *words = g_strjoinv (node, halves);
  g_autoptr (GPtrArray) found = NULL;
  const OflHolder *holder;

  add_process (f, "4711", program->program, node, program->flags);
  found = find (f);
  holder = assert_one (found, program->kind, program->weight, program->remedy);
  g_assert_cmpuint (holder->pid, ==, 4711);
  g_assert_cmpstr (holder->where, ==, node);
  assert_words (holder, words);
}

/* Another name for the same device, as in a container. */
static void
test_other_name (Fixture *f, gconstpointer data)
{
  g_autofree char *other = in (f->dir, "elsewhere");
  g_autoptr (GPtrArray) found = NULL;

  g_assert_cmpint (link (f->sg, other), ==, 0);
  add_process (f, "12", "sg_inq\n", other, "0100002");
  found = find (f);
  assert_one (found, OFL_HOLDER_PROCESS, OFL_HOLDER_BLOCKS, "kill 12");
}

/* A stand-in has the numbers 0:0, which no file system has. Of a character device, as sg is one,
 * nothing is mounted. */
static void
test_mount (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTarget) target
      = ofl_target_new ("/dev/sr0", f->sr, "/dev/full", &f->topology, NULL, NULL, NULL);
  g_autoptr (GPtrArray) found = NULL;

  scratch_put (f->proc, "self/mountinfo",
               "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
               "40 22 0:0 / /mnt/my\\040disc ro,relatime shared:2 - iso9660 /dev/sr0 ro\n"
               "40 22 1:7 / /mnt/other rw - ext2 /dev/ram7 rw\n"
               "short line\n");
  found = ofl_holders_find (target, &f->roots);
  assert_words (assert_one (found, OFL_HOLDER_MOUNT, OFL_HOLDER_BLOCKS,
                            "sudo umount '/mnt/my disc'"),
                "mounted at /mnt/my disc (");
}

static void
test_no_sg (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTarget) target
      = ofl_target_new ("/dev/sr0", f->sr, NULL, &f->topology, NULL, NULL, NULL);
  g_autoptr (GPtrArray) found = ofl_holders_find (target, &f->roots);
  const OflHolder *holder
      = assert_one (found, OFL_HOLDER_ACCESS, OFL_HOLDER_BLOCKS, "sudo modprobe sg");

  g_assert_cmpint (holder->access, ==, OFL_ACCESS_NO_SG_MODULE);
  assert_words (holder, "the kernel module sg is not loaded");
}

/* Looks as somebody who is not root, also when root runs the test. */
static void
test_unseen (Fixture *f, gconstpointer data)
{
  const char *locked[] = { "proc/50/fd", "proc/51/fd", "proc/52/fd" };
  gboolean root = geteuid () == 0;
  g_autoptr (GPtrArray) found = NULL;

  add_process (f, "50", "daemon\n", f->sg, "0100002");
  add_process (f, "51", "daemon\n", f->sg, "0100002");
  add_process (f, "52", "", "/dev/null", "0100002"); /* the kernel's own */
  for (guint i = 0; i < G_N_ELEMENTS (locked); i++)
    {
      g_autofree char *path = in (f->dir, locked[i]);

      g_assert_cmpint (g_chmod (path, 0), ==, 0);
    }
  g_assert_cmpint (g_chmod (f->dir, 0755), ==, 0);
  g_assert_cmpint (g_chmod (f->sr, 0666), ==, 0);
  g_assert_cmpint (g_chmod (f->sg, 0666), ==, 0);
  g_assert_cmpint (root ? seteuid (NOBODY) : 0, ==, 0);
  found = find (f);
  g_assert_cmpint (root ? seteuid (0) : 0, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (locked); i++)
    {
      g_autofree char *path = in (f->dir, locked[i]);

      g_assert_cmpint (g_chmod (path, 0755), ==, 0);
    }
  assert_words (assert_one (found, OFL_HOLDER_UNSEEN, OFL_HOLDER_REMARK,
                            "sudo optiflashctl info /dev/sr0"),
                "2 processes are closed to this user");
}

static void
test_polling (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL, own = NULL, off = NULL;

  scratch_put (f->sys, "module/block/parameters/events_dfl_poll_msecs", "2000\n");
  all = find (f);
  assert_words (assert_one (all, OFL_HOLDER_POLLING, OFL_HOLDER_REMARK, NULL),
                "every 2000 milliseconds");
  scratch_put (f->sys, "class/block/sr0/events_poll_msecs", "500\n");
  own = find (f);
  assert_words (assert_one (own, OFL_HOLDER_POLLING, OFL_HOLDER_REMARK, NULL),
                "every 500 milliseconds");
  scratch_put (f->sys, "class/block/sr0/events_poll_msecs", "0\n");
  off = find (f);
  g_assert_cmpuint (off->len, ==, 0);
}

/* Of several quirks the other ones stay. */
static void
test_quirk (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) others = NULL, ours = NULL;

  scratch_put (f->sys, "module/usb_storage/parameters/quirks", "152d:0579:u,0578:152d:u\n");
  others = find (f);
  g_assert_cmpuint (others->len, ==, 0);
  scratch_put (f->sys, "module/usb_storage/parameters/quirks", "174c:55aa:u,152d:0578:ut,1:2:i\n");
  ours = find (f);
  assert_words (assert_one (ours, OFL_HOLDER_USB_QUIRK, OFL_HOLDER_WARNING,
                            "echo '174c:55aa:u,1:2:i' | sudo tee "
                            "/sys/module/usb_storage/parameters/quirks"),
                "bridge 152d:0578 in a special way (quirk “ut”)");
}

static void
test_unauthorized (Fixture *f, gconstpointer data)
{
  const char *remedy = "echo 1 | sudo tee /sys/bus/usb/devices/1-2/authorized";
  g_autoptr (GPtrArray) found = NULL, hidden = NULL;

  scratch_put (f->sys, PORT "/authorized", "0\n");
  found = find (f);
  assert_one (found, OFL_HOLDER_USB_UNAUTHORIZED, OFL_HOLDER_BLOCKS, remedy);
  hidden = ofl_holders_find_hidden (&f->roots);
  assert_words (assert_one (hidden, OFL_HOLDER_USB_UNAUTHORIZED, OFL_HOLDER_BLOCKS, remedy),
                "USB device 1-2 (it is not authorized)");
}

/* The driver sr let go of it, another one has it, or sr is not loaded. */
static void
test_driver (Fixture *f, gconstpointer data)
{
  g_autofree char *link = in (f->sys, DEVICE "/driver");
  g_autofree char *sr = in (f->sys, "bus/scsi/drivers/sr");
  g_autoptr (GPtrArray) none = NULL, other = NULL, unloaded = NULL;

  g_assert_cmpint (g_unlink (link), ==, 0);
  none = ofl_holders_find_hidden (&f->roots);
  assert_words (assert_one (none, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS,
                            "echo 4:0:0:0 | sudo tee /sys/bus/scsi/drivers/sr/bind"),
                "No driver of the kernel has the device 4:0:0:0");
  link_in_sys (f, DEVICE "/driver", "bus/scsi/drivers/osst");
  other = find (f);
  assert_words (assert_one (other, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS,
                            "for f in osst/unbind sr/bind; do echo 4:0:0:0 | sudo tee "
                            "/sys/bus/scsi/drivers/$f; done"),
                "The kernel's driver osst has the device 4:0:0:0");
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (g_rmdir (sr), ==, 0);
  unloaded = ofl_holders_find_hidden (&f->roots);
  assert_one (unloaded, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS, "sudo modprobe sr_mod");
}

/* Taken from the kernel for a virtual machine; free; and left alone because of a quirk, which is the
 * reason then. */
static void
test_hidden_usb (Fixture *f, gconstpointer data)
{
  g_autofree char *link = in (f->sys, PORT "/1-2:1.0/driver");
  g_autoptr (GPtrArray) taken = NULL, idle = NULL, ignored = NULL, fine = NULL;

  scratch_put (f->sys, PORT "/1-2:1.0/bInterfaceClass", "08\n");
  link_in_sys (f, "bus/usb/devices/1-2:1.0", PORT "/1-2:1.0");
  link_in_sys (f, PORT "/1-2:1.0/driver", "bus/usb/drivers/usbfs");
  taken = ofl_holders_find_hidden (&f->roots);
  assert_words (assert_one (taken, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS, NULL),
                "has taken the USB device 1-2:1.0 from the kernel (usbfs)");
  g_assert_cmpint (g_unlink (link), ==, 0);
  idle = ofl_holders_find_hidden (&f->roots);
  assert_one (idle, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS, "sudo modprobe usb-storage");
  scratch_put (f->sys, "module/usb_storage/parameters/quirks", "152d:0578:i\n");
  ignored = ofl_holders_find_hidden (&f->roots);
  assert_words (assert_one (ignored, OFL_HOLDER_USB_QUIRK, OFL_HOLDER_BLOCKS,
                            "echo '' | sudo tee /sys/module/usb_storage/parameters/quirks"),
                "to leave the USB device 152d:0578 alone");
  scratch_put (f->sys, "module/usb_storage/parameters/quirks", "\n");
  link_in_sys (f, PORT "/1-2:1.0/driver", "bus/usb/drivers/usb-storage");
  fine = ofl_holders_find_hidden (&f->roots);
  g_assert_cmpuint (fine->len, ==, 0);
}

/* All at once: the most serious first. */
static void
test_order (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  const OflHolder *last = NULL;

  scratch_put (f->sys, "class/block/sr0/events_poll_msecs", "2000\n");
  add_process (f, "4", "vlc\n", f->sr, "0100000");
  add_process (f, "5", "sg_raw\n", f->sg, "0100002");
  found = find (f);
  g_assert_cmpuint (found->len, ==, 3);
  for (guint i = 0; i < found->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (found, i);

      g_assert_true (last == NULL || holder->weight > last->weight);
      last = holder;
    }
}

/* What a busy drive's error says: who it is, and in the journal's language, too. */
static void
test_busy (Fixture *f, gconstpointer data)
{
  g_autoptr (OflTarget) target = target_of (f);
  g_autoptr (GError) busy = g_error_new_literal (OFL_ERROR, OFL_ERROR_BUSY, "It is in use.");
  g_autoptr (GError) lost = g_error_new_literal (OFL_ERROR, OFL_ERROR_LOST, "It is gone.");
  g_autofree char *wanted = g_strdup_printf (
      "It is in use. sg_raw (process 5) has %s open for reading and writing. As "
      "long as it has, no firmware is written. Close the program. In a terminal: "
      "kill 5",
      f->sg);

  add_process (f, "5", "sg_raw\n", f->sg, "0100002");
  ofl_holders_name_busy (target, &f->roots, &busy);
  g_assert_error (busy, OFL_ERROR, OFL_ERROR_BUSY);
  g_assert_cmpstr (busy->message, ==, wanted);
  g_assert_cmpstr (ofl_error_english (busy), ==, wanted);
  ofl_holders_name_busy (target, &f->roots, &lost);
  g_assert_error (lost, OFL_ERROR, OFL_ERROR_LOST);
  g_assert_cmpstr (lost->message, ==, "It is gone.");
}

/* In the real /proc: a child that has it open, until it has not. */
static void
test_real_child (Fixture *f, gconstpointer data)
{
  const OflHolderRoots roots = { "/proc", f->sys };
  g_autoptr (OflTarget) target = target_of (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          "sh", "-c", "exec 9<>\"$0\"; echo; read end", f->sg, NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL;
  const OflHolder *holder = NULL;
  char byte;

  g_assert_no_error (error);
  g_assert_cmpint (
      g_input_stream_read (g_subprocess_get_stdout_pipe (child), &byte, 1, NULL, &error), ==, 1);
  before = ofl_holders_find (target, &roots);
  for (guint i = 0; i < before->len; i++)
    if (((OflHolder *) g_ptr_array_index (before, i))->pid != 0)
      holder = g_ptr_array_index (before, i);
  g_assert_nonnull (holder);
  g_assert_cmpint (holder->kind, ==, OFL_HOLDER_PROCESS);
  g_assert_cmpint (holder->weight, ==, OFL_HOLDER_BLOCKS);
  g_assert_cmpuint (holder->pid, ==,
                    g_ascii_strtoull (g_subprocess_get_identifier (child), NULL, 10));
  g_assert_true (holder->reads && holder->writes);
  assert_words (holder, "sh (process ");
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL));
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  after = ofl_holders_find (target, &roots);
  for (guint i = 0; i < after->len; i++)
    g_assert_cmpuint (((OflHolder *) g_ptr_array_index (after, i))->pid, ==, 0);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/* A practice drive has no nodes, so nobody holds one. */
static void
test_practice (Fixture *f, gconstpointer data)
{
  const OflTopology topology = { .bus = OFL_BUS_PRACTICE };
  g_autoptr (OflTarget) target
      = ofl_target_new ("practice:x", NULL, NULL, &topology, NULL, NULL, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;

  ofl_holders_find_async (target, NULL, on_found, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = ofl_holders_find_finish (result, NULL);
  g_assert_cmpuint (found->len, ==, 0);
}

#define ADD(path, func) g_test_add ("/holders/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nobody", test_nobody);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/holders/program/%s", programs[i].program);

      g_test_add (g_strchomp (path), Fixture, &programs[i], set_up, test_program, tear_down);
    }
  ADD ("other-name", test_other_name);
  ADD ("mount", test_mount);
  ADD ("no-sg", test_no_sg);
  ADD ("unseen", test_unseen);
  ADD ("polling", test_polling);
  ADD ("quirk", test_quirk);
  ADD ("unauthorized", test_unauthorized);
  ADD ("driver", test_driver);
  ADD ("hidden-usb", test_hidden_usb);
  ADD ("order", test_order);
  ADD ("busy", test_busy);
  ADD ("real-child", test_real_child);
  ADD ("practice", test_practice);
  return g_test_run ();
}
