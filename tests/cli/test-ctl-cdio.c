/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way by libcdio as a user takes it: the real libcdio looks for drives in a /dev that umockdev makes up and
 * sends its commands to the one that it finds, behind which is a practice drive. Run through umockdev-wrapper. */
#include <errno.h>
#include <linux/cdrom.h>
#include <stddef.h>
#include <string.h>
#include <umockdev.h>

#include "drive/ofl-drive-monitor.h"
#include "families/ofl-practice-catalog.h"
#include "ofl-config.h"
#include "practice/ofl-practice-transport.h"
#include "run-ctl.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-transport-cdio.h"

#define DRIVE \
  "P: /devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sr0\nN: sr0\n" \
  "E: SUBSYSTEM=block\nE: DEVTYPE=disk\nE: DEVNAME=/dev/sr0\nE: MAJOR=11\nE: MINOR=0\n" \
  "A: dev=11:0\\n\n"

typedef struct {
  CtlFixture ctl;
  UMockdevTestbed *testbed;
  UMockdevIoctlBase *ioctls;
  OflPracticePort *port;
  OflTransport *transport;
  /* counted on umockdev's thread, looked at on the test's, so by g_atomic_* alone; writes are a job's
   * commands that are not for reading only */
  gint n_commands, n_writes;
} Fixture;

static UMockdevIoctlData *
resolve (UMockdevIoctlData *data, gsize offset, gsize length)
{
  GError *error = NULL;
  UMockdevIoctlData *part = umockdev_ioctl_data_resolve (data, offset, length, &error);

  g_assert_no_error (error);
  return part;
}

static OflDirection
direction_of (const struct cdrom_generic_command *packet)
{
  if (packet->data_direction == CGC_DATA_READ)
    return OFL_DIR_IN;
  return packet->data_direction == CGC_DATA_WRITE ? OFL_DIR_OUT : OFL_DIR_NONE;
}

/* As the kernel does it: an answer that is no GOOD is an EIO with sense. */
static void
send_packet (Fixture *self, UMockdevIoctlClient *client)
{
  g_autoptr (UMockdevIoctlData) arg
      = resolve (umockdev_ioctl_client_get_arg (client), 0, sizeof (struct cdrom_generic_command));
  struct cdrom_generic_command packet;
  g_autoptr (UMockdevIoctlData) data = NULL;
  OflReply reply;
  OflCommand command;

  memcpy (&packet, arg->data, sizeof packet);
  command = ofl_command_raw (packet.cmd, sizeof packet.cmd, direction_of (&packet), packet.buflen,
                             10000);
  if (command.dir != OFL_DIR_NONE && command.length > 0)
    data = resolve (arg, offsetof (struct cdrom_generic_command, buffer), command.length);
  g_atomic_int_inc (&self->n_commands);
  if (!ofl_command_is_read_only (&command))
    g_atomic_int_inc (&self->n_writes);
  ofl_transport_execute (self->transport, &command, data != NULL ? data->data : NULL, &reply);
  if (packet.sense != NULL && reply.sense.valid)
    {
      g_autoptr (UMockdevIoctlData) sense = resolve (arg,
                                                     offsetof (struct cdrom_generic_command, sense),
                                                     sizeof (struct request_sense));

      memcpy (sense->data, reply.sense.raw,
              MIN (reply.sense.raw_len, sizeof (struct request_sense)));
    }
  if (ofl_reply_ok (&reply))
    umockdev_ioctl_client_complete (client, 0, 0);
  else
    umockdev_ioctl_client_complete (client, -1, EIO);
}

/* On a thread of umockdev's, one at a time */
static gboolean
on_ioctl (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
  switch (umockdev_ioctl_client_get_request (client))
    {
    case CDROM_SEND_PACKET:
      send_packet (data, client);
      break;
    case CDROM_GET_CAPABILITY:
      umockdev_ioctl_client_complete (client, 0x3fff, 0);
      break;
    default:
      umockdev_ioctl_client_complete (client, -1, ENOTTY);
    }
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new ("bu40n", 1, &error);

  g_assert_no_error (error);
  ctl_fixture_up (&self->ctl, NULL);
  self->port = ofl_practice_port_new (drive, OFL_PRACTICE_VIRTUAL, 1);
  self->transport = ofl_practice_port_open (self->port, OFL_OPEN_READ_ONLY, &error);
  g_assert_no_error (error);
  self->testbed = umockdev_testbed_new ();
  umockdev_testbed_add_from_string (self->testbed, DRIVE, &error);
  g_assert_no_error (error);
  self->ioctls = umockdev_ioctl_base_new ();
  g_signal_connect (self->ioctls, "handle-ioctl", G_CALLBACK (on_ioctl), self);
  umockdev_testbed_attach_ioctl (self->testbed, "/dev/sr0", self->ioctls, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  umockdev_testbed_detach_ioctl (self->testbed, "/dev/sr0", NULL);
  g_object_unref (self->ioctls);
  g_object_unref (self->testbed);
  g_object_unref (self->transport);
  g_object_unref (self->port);
  ctl_fixture_down (&self->ctl, NULL);
}

/* A build without udev looks by libcdio when nobody says how, and says so when it is asked for udev. */
static void
test_default (Fixture *self, gconstpointer unused)
{
#ifdef HAVE_UDEV
  g_assert_cmpint (ofl_drive_monitor_default_finder (), ==, OFL_FINDER_UDEV);
#else
  g_auto (Ran) ran = { 0 };

  g_assert_cmpint (ofl_drive_monitor_default_finder (), ==, OFL_FINDER_CDIO);
  ctl_run (self->ctl.dir, &ran, "--finder=udev", "list", NULL);
  ctl_assert_error (&ran, 3);
  assert_has (ran.err, "built without udev");
#endif
}

static void
test_list (Fixture *self, gconstpointer unused)
{
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) empty = { 0 };

  ctl_run (self->ctl.dir, &ran, "--finder=cdio", "--transport=cdio", "list", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  assert_has (ran.out, "/dev/sr0");
  assert_has (ran.out, "BD-RE BU40N");
  g_assert_cmpint (g_atomic_int_get (&self->n_writes), ==, 0);

  /* it is libcdio that found it: nothing else looked */
  ctl_run (self->ctl.dir, &empty, "--finder=none", "--transport=cdio", "list", NULL);
  assert_has_not (empty.out, "/dev/sr0");
}

static void
test_backup (Fixture *self, gconstpointer unused)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (self->ctl.dir, &ran, "--finder=cdio", "--transport=cdio", "--json", "backup", "/dev/sr0",
           NULL);
  ctl_assert_result (&ran, 0, "done");
  g_assert_cmpint (g_atomic_int_get (&self->n_commands), >, 0);
  g_assert_cmpint (g_atomic_int_get (&self->n_writes), ==, 0);
}

static void
test_refused (Fixture *self, gconstpointer unused)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (self->ctl.dir, &ran, "--finder=cdio", "--transport=cdio", "--json", "flash", "/dev/sr0",
           self->ctl.image, "--yes", "--accept-warnings", NULL);
  ctl_assert_result (&ran, 3, "refused");
  assert_has (ran.out, "Through libcdio a drive can be read but");
  g_assert_cmpint (g_atomic_int_get (&self->n_commands), >, 0);
  g_assert_cmpint (g_atomic_int_get (&self->n_writes), ==, 0);
}

/* Whoever asks: the transport sends nothing that is not for reading. */
static void
test_not_sent (Fixture *self, gconstpointer unused)
{
  static const guint8 data[4];
  const OflCommand commands[] = {
    ofl_command_write_buffer (OFL_BUFFER_MICROCODE_SAVE, 0, 0, sizeof data),
    ofl_command_raw ((const guint8[12]){ 0xdf, 0x01 }, 12, OFL_DIR_NONE, 0,
                     1000), /* a maker's own */
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport = ofl_transport_cdio_new ("/dev/sr0", &error);
  OflCommand ready = ofl_command_test_unit_ready ();
  OflReply reply;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      ofl_transport_execute (transport, &commands[i], (guint8 *) data, &reply);
      g_assert_cmpint (reply.outcome, ==, OFL_OUTCOME_NOT_SENT);
      g_assert_cmpint (reply.os_error, ==, EPERM);
    }
  g_assert_cmpint (g_atomic_int_get (&self->n_commands), ==, 0);
  ofl_transport_execute (transport, &ready, NULL, &reply);
  g_assert_cmpint (g_atomic_int_get (&self->n_commands), ==, 1);
  g_assert_false (ofl_transport_check_can_flash (transport, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/ctl/cdio/default", test_default);
  ADD ("/ctl/cdio/list", test_list);
  ADD ("/ctl/cdio/backup", test_backup);
  ADD ("/ctl/cdio/refused", test_refused);
  ADD ("/ctl/cdio/not-sent", test_not_sent);
  return g_test_run ();
}
