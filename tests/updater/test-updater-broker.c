/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The broker, spoken to over socket pairs by the messages of the wire: no Wine, no preload library. */
#include <gio/gunixconnection.h>
#include <gio/gunixsocketaddress.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cage-kit.h"
#include "kit/scratch.h"
#include "updater/ofl-updater-harmless.h"

#define DATA_ROOM 0x10000

/* One end of a connection, the test's */
typedef struct {
  int fd;
  OflUpdaterWireAnswer answer;
  guint8 data[DATA_ROOM];
} Client;

static Client *
client_new (Bench *bench)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  Client *self = g_new0 (Client, 1);
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[1], NULL);
  connection = g_socket_connection_factory_create_connection (socket);
  self->fd = fds[0];
  ofl_updater_broker_add_connection (bench->broker, connection);
  return self;
}

static void
client_free (Client *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

static void
client_put (Client *self, gconstpointer data, gsize length)
{
  g_assert_cmpint (send (self->fd, data, length, MSG_NOSIGNAL), ==, (gssize) length);
}

static OflUpdaterWireRequest
request_of (const char *hex, OflUpdaterWireDirection direction, guint32 length)
{
  OflUpdaterWireRequest wire = { .magic = OFL_UPDATER_WIRE_MAGIC,
                                 .version = OFL_UPDATER_WIRE_VERSION,
                                 .direction = (guint8) direction,
                                 .length = length,
                                 .timeout_ms = 1000 };

  for (const char *next = hex; *next != '\0'; next += next[2] == ' ' ? 3 : 2)
    wire.cdb[wire.cdb_len++]
        = (guint8) (g_ascii_xdigit_value (next[0]) * 16 + g_ascii_xdigit_value (next[1]));
  return wire;
}

static void
client_ask (Client *self, const char *hex, OflUpdaterWireDirection direction, guint32 length)
{
  OflUpdaterWireRequest wire = request_of (hex, direction, length);

  client_put (self, &wire, sizeof wire);
}

static void
client_write_buffer (Client *self, guint8 fill)
{
  guint8 data[16];

  memset (data, fill, sizeof data);
  client_ask (self, "3b 02 00 00 00 00 00 00 10 00", OFL_UPDATER_WIRE_OUT, sizeof data);
  client_put (self, data, sizeof data);
}

/* Runs the broker until it has read all that was sent to it, and has done with it what it does at once. */
static void
client_wait_taken (Client *self)
{
  int left = 0;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpint (ioctl (self->fd, SIOCOUTQ, &left), ==, 0);
    }
  while (left > 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Hangs up, and lets the broker see it. */
static void
client_hang_up (Client *self)
{
  close (g_steal_fd (&self->fd));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Runs the broker until @length bytes are there, or the other side has hung up. */
static gboolean
client_receive (Client *self, gpointer data, gsize length)
{
  for (gsize n = 0; n < length;)
    {
      gssize more = recv (self->fd, (guint8 *) data + n, length - n, MSG_DONTWAIT);

      if (more == 0 || (more < 0 && errno != EAGAIN))
        return FALSE;
      n += (gsize) MAX (more, 0);
      if (more < 0 && !g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
  return TRUE;
}

static gboolean
client_get_answer (Client *self)
{
  return client_receive (self, &self->answer, sizeof self->answer)
         && client_receive (self, self->data, self->answer.length);
}

static guint32
sense_of (const Client *self)
{
  return (self->answer.sense[2] & 0x0fu) << 16 | (guint32) self->answer.sense[12] << 8
         | self->answer.sense[13];
}

static void
assert_inquiry (Client *self)
{
  client_ask (self, "12 00 00 00 60 00", OFL_UPDATER_WIRE_IN, 96);
  g_assert_true (client_get_answer (self));
  g_assert_cmpuint (self->answer.os_error, ==, 0);
  g_assert_cmpuint (self->answer.status, ==, 0);
  g_assert_cmpmem (self->data + 8, 8, "OPTIFLSH", 8);
}

/* Of these some modes or service actions are harmless, not all. */
static gboolean
is_by_mode (guint opcode)
{
  return opcode == 0x3c || opcode == 0xa4 || opcode == 0xab;
}

/* What moves, locks or hurries the tray and the disc, and READ MEDIA SERIAL NUMBER */
static gboolean
is_beyond_read_only (guint opcode)
{
  return opcode == 0x1b || opcode == 0x1e || opcode == 0x2b || opcode == 0xab || opcode == 0xbb;
}

static gboolean
is_harmless (const guint8 *cdb, OflDirection dir)
{
  const OflCommand command = ofl_command_raw (cdb, 12, dir, dir == OFL_DIR_NONE ? 0 : 16, 1000);

  return ofl_updater_is_harmless (&command);
}

static void
test_harmless_list (void)
{
  const guint8 vendor_read[12] = { 0x3c, 0x01, 0, 0, 0, 0, 0, 0, 16, 0 };
  const guint8 agid[12] = { 0xa4, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0x00, 0 };
  OflCommand command;

  for (guint opcode = 0; opcode < 256; opcode++)
    {
      const guint8 cdb[12] = { (guint8) opcode };

      command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, 16, 1000);
      if (opcode >= 0xc0)
        g_assert_false (ofl_updater_is_harmless (&command));
      /* a stricter list is in front of the program's own commands; none of it is missing here */
      if (ofl_command_is_read_only (&command) && !is_by_mode (opcode))
        g_assert_true (ofl_updater_is_harmless (&command));
      g_assert_false (is_harmless (cdb, OFL_DIR_OUT));
    }
  g_assert_false (is_harmless (vendor_read, OFL_DIR_IN));
  command = ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 16);
  g_assert_true (ofl_updater_is_harmless (&command));
  g_assert_false (is_harmless (agid, OFL_DIR_IN));
  command = ofl_command_report_region ();
  g_assert_true (ofl_updater_is_harmless (&command));
}

/* Whatever stands in one of the other bytes: nothing is harmless that core/scsi does not know as only
 * asking, but the few that are meant. */
static void
test_harmless_is_read_only (void)
{
  for (guint opcode = 0; opcode < 256; opcode++)
    for (guint at = 1; at < 12; at++)
      for (guint value = 0; value < 256; value++)
        {
          guint8 cdb[12] = { (guint8) opcode };
          OflCommand command;

          cdb[at] = (guint8) value;
          command = ofl_command_raw (cdb, sizeof cdb, OFL_DIR_IN, 16, 1000);
          if (ofl_updater_is_harmless (&command) && !is_beyond_read_only (opcode))
            g_assert_true (ofl_command_is_read_only (&command));
        }
}

/* Commands of the list, with what makes them dangerous */
static void
test_harmless_not (void)
{
  const guint8 eject[12] = { 0x1b, 0, 0, 0, 0x02 }, start[12] = { 0x1b, 0, 0, 0, 0x01 };
  const guint8 sleep[12] = { 0x1b, 0, 0, 0, 0x50 }, idle[12] = { 0x1b, 0, 0, 0, 0x20 };
  const guint8 send_key[12] = { 0xa3, 0x0c }, set_region[12] = { 0xa3, [10] = 0x06 };
  const guint8 linked[12] = { 0x12, 0, 0, 0, 36, 0x04 };
  const guint8 vendor_inquiry[12] = { 0x12, 0, 0, 0, 36, 0x80 };
  const guint8 vendor_read[12] = { 0x28, [8] = 1, [9] = 0x40 };
  const guint8 vendor_cd[12] = { 0xbe, [8] = 1, [11] = 0xc0 };
  const guint8 knock[12] = { 0x12, 0, 0, 0, 36, 0, 'K', 'E', 'Y' };
  const guint8 long_knock[12] = { 0x43, [8] = 4, [10] = 1 };

  g_assert_true (is_harmless (eject, OFL_DIR_NONE));
  g_assert_true (is_harmless (start, OFL_DIR_NONE));
  g_assert_true (is_harmless (linked, OFL_DIR_IN));
  g_assert_false (is_harmless (sleep, OFL_DIR_NONE));
  g_assert_false (is_harmless (idle, OFL_DIR_NONE));
  g_assert_false (is_harmless (send_key, OFL_DIR_IN));
  g_assert_false (is_harmless (set_region, OFL_DIR_NONE));
  g_assert_false (is_harmless (vendor_inquiry, OFL_DIR_IN));
  g_assert_false (is_harmless (vendor_read, OFL_DIR_IN));
  g_assert_false (is_harmless (vendor_cd, OFL_DIR_IN));
  g_assert_false (is_harmless (knock, OFL_DIR_IN));
  g_assert_false (is_harmless (long_knock, OFL_DIR_IN));
}

static void
test_inquiry (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);
  Seen seen;

  assert_inquiry (client);
  assert_inquiry (client);
  seen = bench_seen (bench, 1);
  g_assert_true (seen.harmless);
  g_assert_cmpuint (seen.asked_ms, ==, 1000);
  g_assert_cmpuint (seen.timeout_ms, >=, OFL_TIMEOUT_TRANSFER);
  g_assert_cmpuint (ofl_updater_broker_get_n_refused (bench->broker), ==, 0);
}

static void
assert_limit (Bench *bench, Client *client, const char *hex, guint asked, guint expected)
{
  OflUpdaterWireRequest wire = request_of (hex, OFL_UPDATER_WIRE_NONE, 0);

  wire.timeout_ms = asked;
  client_put (client, &wire, sizeof wire);
  g_assert_true (client_get_answer (client));
  g_assert_cmpuint (bench_seen (bench, bench_n_seen (bench) - 1).timeout_ms, ==, expected);
}

/* The program's limit counts where it is longer than ours: up to five minutes for a question, up to an
 * hour for what must not be ended too early. */
static void
test_timeouts (void)
{
  const char *ready = "00 00 00 00 00 00", *vendor = "e5 00 00 00 00 00";
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);

  bench->handler->rule = RULE_RUN;
  assert_limit (bench, client, ready, 0, OFL_TIMEOUT_TRANSFER);
  assert_limit (bench, client, ready, 60000, 60000);
  assert_limit (bench, client, ready, 3600000, 300000);
  assert_limit (bench, client, ready, G_MAXUINT32, 300000);
  assert_limit (bench, client, vendor, 0, 300000);
  assert_limit (bench, client, vendor, 600000, 600000);
  assert_limit (bench, client, vendor, G_MAXUINT32, 3600000);
}

static void
test_sense (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);

  bench->handler->rule = RULE_RUN;
  client_ask (client, "e5 00 00 00 00 00", OFL_UPDATER_WIRE_NONE, 0);
  g_assert_true (client_get_answer (client));
  g_assert_cmpuint (client->answer.status, ==, 2);
  g_assert_cmphex (sense_of (client), ==, 0x052000);
  g_assert_cmpuint (client->answer.driver_status, ==, 8);
}

/* The first dangerous command waits, and what another connection sends waits behind it. */
static void
test_hold (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) writer = client_new (bench), other = client_new (bench);
  OflUpdaterRequest *held;

  client_write_buffer (writer, 0xa5);
  held = bench_wait_held (bench);
  g_assert_false (held->harmless);
  g_assert_cmphex (held->command.cdb[0], ==, 0x3b);
  g_assert_cmphex (held->data[15], ==, 0xa5);
  g_assert_cmpuint (held->command.timeout_ms, ==, 300000);
  client_ask (other, "12 00 00 00 60 00", OFL_UPDATER_WIRE_IN, 96);
  client_wait_taken (other);
  g_assert_cmpuint (bench_n_seen (bench), ==, 1);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->drive), ==, 0);
  ofl_updater_broker_release (bench->broker, held->serial, OFL_UPDATER_RUN, NULL);
  g_assert_true (client_get_answer (writer));
  g_assert_cmpuint (writer->answer.status, ==, 0);
  g_assert_true (client_get_answer (other));
  g_assert_cmpmem (other->data + 8, 8, "OPTIFLSH", 8);
  g_assert_cmpuint (bench->handler->sent->len, ==, 16);
  g_assert_cmpuint (bench_n_answered (bench), ==, 2);
}

static void
test_refuse (void)
{
  const OflUpdaterRefusal refusal = { 0x02, 0x04, 0x01 };
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);
  guint64 serial;

  client_write_buffer (client, 1);
  serial = bench_wait_held (bench)->serial;
  ofl_updater_broker_release (bench->broker, serial, OFL_UPDATER_REFUSE, &refusal);
  g_assert_true (client_get_answer (client));
  g_assert_cmphex (sense_of (client), ==, 0x020401);
  g_assert_cmpuint (client->answer.residual, ==, 16);
  g_assert_cmpuint (bench_seen (bench, 0).reply.transferred, ==, 0);
  g_assert_cmpuint (bench_seen (bench, 0).reply.residual, ==, 16);
  bench->handler->rule = RULE_REFUSE;
  client_write_buffer (client, 1);
  g_assert_true (client_get_answer (client));
  g_assert_cmphex (sense_of (client), ==, 0x052c00);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->drive), ==, 0);
  g_assert_cmpuint (bench->handler->sent->len, ==, 0);
}

/* A program that ends takes back what the drive has not seen. */
static void
test_withdrawn (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) held = client_new (bench), queued = client_new (bench),
                     last = client_new (bench);
  guint64 serial;

  client_write_buffer (held, 1);
  serial = bench_wait_held (bench)->serial;
  client_write_buffer (queued, 2);
  client_wait_taken (queued);
  client_hang_up (queued);
  client_hang_up (held);
  while (bench->handler->n_withdrawn == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (ofl_updater_broker_get_held (bench->broker));
  ofl_updater_broker_release (bench->broker, serial, OFL_UPDATER_RUN, NULL);
  assert_inquiry (last);
  g_assert_cmpuint (bench_n_seen (bench), ==, 2);
  g_assert_cmpuint (bench->handler->sent->len, ==, 0);
}

/* A consent is to the request that was shown, not to whatever is held by the time that it comes. */
static void
test_consent_too_late (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) first = client_new (bench), second = client_new (bench);
  OflUpdaterRequest *held;
  guint64 shown;

  client_write_buffer (first, 1);
  shown = bench_wait_held (bench)->serial;
  close (g_steal_fd (&first->fd));
  while (bench->handler->n_withdrawn == 0)
    g_main_context_iteration (NULL, TRUE);
  client_write_buffer (second, 2);
  held = bench_wait_held (bench);
  ofl_updater_broker_release (bench->broker, shown, OFL_UPDATER_RUN, NULL);
  g_assert_true (ofl_updater_broker_get_held (bench->broker) == held);
  ofl_updater_broker_release (bench->broker, held->serial, OFL_UPDATER_RUN, NULL);
  g_assert_true (client_get_answer (second));
  g_assert_cmpuint (bench->handler->sent->len, ==, 16);
  g_assert_cmphex (bench->handler->sent->data[0], ==, 2);
}

static void
test_close (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench), queued = client_new (bench);

  client_write_buffer (client, 1);
  bench_wait_held (bench);
  client_write_buffer (queued, 2);
  client_wait_taken (queued);
  bench_close (bench);
  g_assert_cmpuint (bench->handler->n_withdrawn, ==, 1);
  g_assert_cmpuint (bench_n_seen (bench), ==, 1);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->drive), ==, 0);
  g_assert_false (client_get_answer (client));
}

/* A drive that says nothing, or is not there any more, in the words of a kernel */
static void
test_no_answer (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);

  g_assert_true (ofl_practice_drive_add_fault (bench->drive, "hang 12 1", NULL));
  client_ask (client, "12 00 00 00 60 00", OFL_UPDATER_WIRE_IN, 96);
  g_assert_true (client_get_answer (client));
  g_assert_cmphex (client->answer.host_status, ==, 0x03);
  g_assert_cmpuint (client->answer.length, ==, 0);
  ofl_practice_port_unplug (bench->port);
  client_ask (client, "00 00 00 00 00 00", OFL_UPDATER_WIRE_NONE, 0);
  g_assert_true (client_get_answer (client));
  g_assert_cmphex (client->answer.host_status, ==, 0x01);
}

static void
assert_thrown_out (Bench *bench, const OflUpdaterWireRequest *wire)
{
  g_autoptr (Client) client = client_new (bench);
  guint before = ofl_updater_broker_get_n_refused (bench->broker);

  client_put (client, wire, sizeof *wire);
  g_assert_false (client_get_answer (client));
  g_assert_cmpuint (ofl_updater_broker_get_n_refused (bench->broker), ==, before + 1);
}

static void
test_shapes (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) good = client_new (bench);
  const OflUpdaterWireRequest fine = request_of ("12 00 00 00 60 00", OFL_UPDATER_WIRE_IN, 96);
  OflUpdaterWireRequest wire;

  wire = fine, wire.magic++, assert_thrown_out (bench, &wire);
  wire = fine, wire.version++, assert_thrown_out (bench, &wire);
  wire = fine, wire.cdb_len = 5, assert_thrown_out (bench, &wire);
  wire = fine, wire.cdb_len = 17, assert_thrown_out (bench, &wire);
  wire = fine, wire.cdb_len = 255, assert_thrown_out (bench, &wire);
  wire = fine, wire.cdb[15] = 1, assert_thrown_out (bench, &wire);
  wire = fine, wire.direction = 3, assert_thrown_out (bench, &wire);
  wire = fine, wire.direction = OFL_UPDATER_WIRE_NONE, assert_thrown_out (bench, &wire);
  wire = fine, wire.length = OFL_UPDATER_WIRE_DATA_MAX + 1, assert_thrown_out (bench, &wire);
  wire = fine, wire.length = G_MAXUINT32, assert_thrown_out (bench, &wire);
  g_assert_cmpuint (bench_n_seen (bench), ==, 0);
  assert_inquiry (good);
}

/* More than the drive's transport takes at once: refused as a kernel does, and the link lives on. */
static void
test_too_long_for_drive (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) client = client_new (bench);

  client_ask (client, "12 00 00 00 60 00", OFL_UPDATER_WIRE_IN, OFL_UPDATER_WIRE_DATA_MAX);
  g_assert_true (client_get_answer (client));
  g_assert_cmpuint (client->answer.os_error, ==, EINVAL);
  assert_inquiry (client);
}

/* Whatever comes, the broker and the drive are what they were: nothing runs that was not asked for. What
 * is changed is a WRITE BUFFER that would be taken, so that some of it is. */
static void
test_garbage (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Client) good = NULL;

  bench->handler->rule = RULE_REFUSE;
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (Client) client = client_new (bench);
      OflUpdaterWireRequest wire
          = request_of ("3b 05 00 00 00 00 00 00 40 00", OFL_UPDATER_WIRE_OUT, 64);
      guint8 bytes[sizeof wire + 64] = { 0 };

      memcpy (bytes, &wire, sizeof wire);
      for (guint i = 0; i < round % 5; i++)
        bytes[g_random_int_range (0, sizeof wire)] = (guint8) g_random_int ();
      client_put (client, bytes, round % 3 == 0 ? round % sizeof bytes : sizeof bytes);
      client_wait_taken (client);
      if (round % 3 == 0 || round % 5 != 0)
        continue;
      g_assert_true (client_get_answer (client)); /* nothing was changed */
      g_assert_cmphex (sense_of (client), ==, 0x052c00);
    }
  good = client_new (bench);
  assert_inquiry (good);
  g_assert_cmpuint (ofl_updater_broker_get_n_refused (bench->broker), >, 50);
  g_assert_cmpuint (bench_n_seen (bench), >, 40);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->drive), ==, 0);
  g_assert_cmpuint (bench->handler->sent->len, ==, 0);
}

/* Who connects while nobody has taken notice yet, and the broker goes: nobody answers, nothing breaks. */
static void
test_gone (void)
{
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *path = g_build_filename (folder, "broker", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (OflUpdaterBroker) broker
      = ofl_updater_broker_new (bench->transport, OFL_UPDATER_HANDLER (bench->handler));
  g_autoptr (GError) error = NULL;

  g_assert_true (ofl_updater_broker_listen (broker, path, &error));
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&broker);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&connection);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_too_many (void)
{
  g_autoptr (Bench) bench = bench_new ();
  Client *clients[65];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = client_new (bench);
  g_assert_cmpuint (ofl_updater_broker_get_n_refused (bench->broker), ==, 1);
  assert_inquiry (clients[63]);
  g_assert_false (client_get_answer (clients[64]));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    client_free (clients[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/updater/broker/harmless-list", test_harmless_list);
  g_test_add_func ("/updater/broker/harmless-is-read-only", test_harmless_is_read_only);
  g_test_add_func ("/updater/broker/harmless-not", test_harmless_not);
  g_test_add_func ("/updater/broker/inquiry", test_inquiry);
  g_test_add_func ("/updater/broker/timeouts", test_timeouts);
  g_test_add_func ("/updater/broker/sense", test_sense);
  g_test_add_func ("/updater/broker/hold", test_hold);
  g_test_add_func ("/updater/broker/refuse", test_refuse);
  g_test_add_func ("/updater/broker/withdrawn", test_withdrawn);
  g_test_add_func ("/updater/broker/consent-too-late", test_consent_too_late);
  g_test_add_func ("/updater/broker/close", test_close);
  g_test_add_func ("/updater/broker/no-answer", test_no_answer);
  g_test_add_func ("/updater/broker/shapes", test_shapes);
  g_test_add_func ("/updater/broker/too-long-for-drive", test_too_long_for_drive);
  g_test_add_func ("/updater/broker/garbage", test_garbage);
  g_test_add_func ("/updater/broker/gone", test_gone);
  g_test_add_func ("/updater/broker/too-many", test_too_many);
  return g_test_run ();
}
