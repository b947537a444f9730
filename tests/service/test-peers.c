/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service of another version, older or newer: what it says is shown as far as it can be read, what
 * cannot be read is said, and no bar stands still. The service here is a fake that answers with
 * texts; the command line is the real one. */
#include <string.h>

#include "bus.h"

/* The job is over at this poll. */
#define LAST_POLL 4

typedef struct {
  const char *name;
  const char *running; /* Poll's answer while the job runs; NULL: there is no such method */
  const char *ended;   /* and when it is over */
  const char *types[3];
  int status;
  const char *says[5]; /* in the command line's output */
  guint busy;          /* so many polls first get an error that only says: later */
  const char *busy_error;
} Peer;

typedef struct {
  const Peer *peer;
  guint polls;
} Fake;

#define OLD_VIEW \
  "<([(uint32 1, uint64 2, uint64 3, int64 4, uint32 5, uint32 6, 0.5)], uint32 0, 0.5, 0.0, " \
  "int64 1, true, false, '', int64 0, uint32 0, uint32 0, false, uint32 0)>"
#define OLD_LINES "[(uint64 1, int64 2, uint32 1, 'the log of the peer')]"
#define LINES "[{'seq': <uint64 1>, 'level': <'info'>, 'text': <'the log of the peer'>}]"
#define KNOWN \
  "'version': <uint32 2>, 'fraction': <0.5>, 'danger': <true>, 'cancelable': <false>, " \
  "'finished': <false>, 'stages': <{'send': {'state': <'running'>, 'fraction': <0.5>}}>"
#define NO_LINES "@aa{sv} []"
#define NO_RESULT "@a{sv} {}"
#define DONE_VIEW "{'stage': <'send'>, 'verdict': <'verified'>, " KNOWN "}"
#define VERIFIED "{'verdict': <'verified'>, 'what': <'It shines.'>}"
#define ANOTHER "of another version (it names"

static const Peer peers[] = {
  { "old-tuple",
    "(" OLD_VIEW ", " OLD_LINES ", @a{ss} {})",
    "(" OLD_VIEW ", @a(txus) [], {'verdict': 'verified', 'what': 'It shines.'})",
    { "v", "a(txus)", "a{ss}" },
    0,
    { "of another version (it writes progress as", "the log of the peer", "It shines." } },
  { "extra-names",
    "({'hue': <1>, 'stage': <'send'>, 'verdict': <'none'>, " KNOWN "}, " LINES ", " NO_RESULT ")",
    "(" DONE_VIEW ", " NO_LINES ", {'hue': <1>, 'verdict': <'verified'>, 'what': <'It shines.'>})",
    { "a{sv}", "aa{sv}", "a{sv}" },
    0,
    { "%] Send", "the log of the peer", "It shines." } },
  { "full-queue",
    "({'stage': <'send'>, 'verdict': <'none'>, " KNOWN "}, " LINES ", " NO_RESULT ")",
    "(" DONE_VIEW ", " NO_LINES ", " VERIFIED ")",
    { "a{sv}", "aa{sv}", "a{sv}" },
    0,
    { "%] Send", "the log of the peer", "It shines." },
    2,
    "org.freedesktop.DBus.Error.LimitsExceeded" },
  { "slow-service",
    "({'stage': <'send'>, 'verdict': <'none'>, " KNOWN "}, " LINES ", " NO_RESULT ")",
    "(" DONE_VIEW ", " NO_LINES ", " VERIFIED ")",
    { "a{sv}", "aa{sv}", "a{sv}" },
    0,
    { "does not answer in time", "%] Send", "the log of the peer", "It shines." },
    2,
    "org.freedesktop.DBus.Error.TimedOut" },
  { "unknown-stage",
    "({'stage': <'polish'>, 'verdict': <'none'>, " KNOWN "}, " LINES ", " NO_RESULT ")",
    "({'stage': <'polish'>, 'verdict': <'verified'>, " KNOWN "}, " NO_LINES ", " VERIFIED ")",
    { "a{sv}", "aa{sv}", "a{sv}" },
    0,
    { ANOTHER " the stage “polish”", "the log of the peer", "It shines." } },
  { "unknown-verdict",
    "({'stage': <'send'>, 'verdict': <'polishing'>, " KNOWN "}, " LINES ", " NO_RESULT ")",
    "({'stage': <'send'>, 'verdict': <'polished'>, " KNOWN "}, " NO_LINES
    ", {'verdict': <'polished'>, 'what': <'It shines.'>})",
    { "a{sv}", "aa{sv}", "a{sv}" },
    5,
    { ANOTHER " the verdict “polishing”", "the log of the peer", "ended the job with “polished”",
      "The service says: It shines." } },
  { "next-version",
    "({'version': <uint32 3>, 'all': <'new'>}, " LINES ", " NO_RESULT ")",
    "({'version': <uint32 3>, 'all': <'new'>}, " NO_LINES ", " VERIFIED ")",
    { "a{sv}", "aa{sv}", "a{sv}" },
    0,
    { "of another version", "the log of the peer", "It shines." } },
  { "one-answer",
    "({'version': <uint32 9>},)",
    "({'version': <uint32 9>},)",
    { "a{sv}" },
    5,
    { "nothing that it says about this job can be read here", "The job goes on in the service" } },
  { "no-poll",
    NULL,
    NULL,
    { NULL },
    5,
    { "nothing that it says about this job can be read here", "The job goes on in the service" } },
};

/* Whose progress this version reads as it is meant. */
static gboolean
is_readable (const Peer *peer)
{
  return g_str_equal (peer->name, "extra-names") || peer->busy > 0;
}

static char *
job_xml (const Peer *peer)
{
  GString *xml = g_string_new ("<node><interface name='" OFL_SERVICE_NAME ".Job'>");

  for (const char *const *name
       = (const char *const[]){ "Operation", "Title", "Drive", "Serial", "Verdict", NULL };
       *name != NULL; name++)
    g_string_append_printf (xml, "<property name='%s' type='s' access='read'/>", *name);
  if (peer->running != NULL)
    {
      g_string_append (xml, "<method name='Poll'><arg type='t' direction='in'/>"
                            "<arg type='u' direction='in'/>");
      for (guint i = 0; i < G_N_ELEMENTS (peer->types) && peer->types[i] != NULL; i++)
        g_string_append_printf (xml, "<arg type='%s' direction='out'/>", peer->types[i]);
      g_string_append (xml, "</method>");
    }
  g_string_append (xml, "<method name='Dismiss'/></interface></node>");
  return g_string_free (xml, FALSE);
}

static void
on_job_call (GDBusConnection *connection, const char *sender, const char *path,
             const char *interface, const char *method, GVariant *parameters,
             GDBusMethodInvocation *invocation, gpointer data)
{
  Fake *fake = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (g_str_equal (method, "Dismiss"))
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }
  if (++fake->polls <= fake->peer->busy)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, fake->peer->busy_error, "Later.");
      return;
    }
  answer = g_variant_parse (NULL, fake->polls < LAST_POLL ? fake->peer->running : fake->peer->ended,
                            NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_method_invocation_return_value (invocation, answer);
}

static GVariant *
on_job_property (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *name, GError **error, gpointer data)
{
  if (g_str_equal (name, "Operation"))
    return g_variant_new_string ("flash");
  if (g_str_equal (name, "Verdict"))
    return g_variant_new_string ("none");
  return g_variant_new_string (g_str_equal (name, "Drive") ? BU40N : name);
}

static void
on_manager_call (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *method, GVariant *parameters,
                 GDBusMethodInvocation *invocation, gpointer data)
{
  g_dbus_method_invocation_return_value (
      invocation, g_variant_new_parsed ("([objectpath '" OFL_SERVICE_PATH "/jobs/1'],)"));
}

static void export(Bus *bus, const char *path, const char *xml, const GDBusInterfaceVTable *table,
                   Fake *fake)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, &error);

  g_assert_no_error (error);
  g_dbus_connection_register_object (bus->connection, path, node->interfaces[0], table, fake, NULL,
                                     &error);
  g_assert_no_error (error);
}

static void
fake_start (Fake *fake, Bus *bus)
{
  static const GDBusInterfaceVTable manager = { .method_call = on_manager_call };
  static const GDBusInterfaceVTable job
      = { .method_call = on_job_call, .get_property = on_job_property };
  g_autofree char *xml = job_xml (fake->peer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  export(bus, OFL_SERVICE_PATH,
         "<node><interface name='" OFL_SERVICE_NAME ".Manager'><method name='ListJobs'>"
         "<arg type='ao' direction='out'/></method></interface></node>",
         &manager, fake);
  export(bus, OFL_SERVICE_PATH "/jobs/1", xml, &job, fake);
  reply = g_dbus_connection_call_sync (bus->connection, "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", OFL_SERVICE_NAME, 4),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

/* A bus that is freed ends the service that is still on it, and here that is the test. */
static void
fake_stop (Bus *bus)
{
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (bus->connection, "org.freedesktop.DBus",
                                     "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReleaseName",
                                     g_variant_new ("(s)", OFL_SERVICE_NAME), NULL,
                                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

static void
test_peer (gconstpointer data)
{
  const Peer *peer = data;
  Fake fake = { .peer = peer };
  g_autoptr (Bus) bus = bus_new (NULL, 1);
  g_autoptr (GSubprocess) plain = NULL;
  g_autoptr (GSubprocess) json = NULL;
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) machine = { 0 };

  fake_start (&fake, bus);
  plain = bus_start_ctl (bus, "log", "--follow", NULL);
  ran_wait_and_answer (&ran, plain);
  g_assert_cmpint (ran.status, ==, peer->status);
  for (guint i = 0; i < G_N_ELEMENTS (peer->says) && peer->says[i] != NULL; i++)
    g_assert_nonnull (strstr (ran.out, peer->says[i]));
  /* a bar is shown exactly when its progress could be read */
  g_assert_true ((strstr (ran.out, "%]") != NULL) == is_readable (peer));
  /* what could not be read is said once, not at every poll */
  g_assert_true (strstr (ran.out, "log is shown") == g_strrstr (ran.out, "log is shown"));
  fake.polls = 0;
  json = bus_start_ctl (bus, "--json", "log", "--follow", NULL);
  ran_wait_and_answer (&machine, json);
  g_assert_cmpint (machine.status, ==, peer->status);
  g_assert_true ((strstr (machine.out, "\"fraction\"") != NULL) == is_readable (peer));
  g_assert_true ((strstr (machine.out, "\"unreadable\":true") != NULL) == !is_readable (peer));
  fake_stop (bus);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/peers/%s", peers[i].name);

      g_test_add_data_func (path, &peers[i], test_peer);
    }
  return g_test_run ();
}
