/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The finder that asks libcdio again and again, with a list of the test's own. */
#include <string.h>
#include <unistd.h>

#include "drive/ofl-finder-cdio.h"
#include "kit/scratch.h"

static GThread *main_thread;

static struct {
  GMutex lock;
  char **devices;
  guint n_lists;
} fake_cdio;

static char **
list_fake (void)
{
  char **copy;

  g_assert_true (g_thread_self () != main_thread);
  g_mutex_lock (&fake_cdio.lock);
  copy = g_strdupv (fake_cdio.devices);
  fake_cdio.n_lists++;
  g_mutex_unlock (&fake_cdio.lock);
  return copy;
}

static void
set_fake_devices (const char *list)
{
  g_mutex_lock (&fake_cdio.lock);
  g_strfreev (fake_cdio.devices);
  fake_cdio.devices = list != NULL ? g_strsplit (list, " ", -1) : NULL;
  g_mutex_unlock (&fake_cdio.lock);
}

static guint
count_lists (void)
{
  guint n_lists;

  g_mutex_lock (&fake_cdio.lock);
  n_lists = fake_cdio.n_lists;
  g_mutex_unlock (&fake_cdio.lock);
  return n_lists;
}

typedef struct {
  GString *told;
  gboolean may_look;
} Listener;

static void
tell (gpointer owner, const char *what, const char *node)
{
  GString *told = ((Listener *) owner)->told;

  g_string_append_printf (told, "%s%s%s", told->len > 0 ? " " : "", what, node);
}

static void
appeared (const char *node, gpointer owner)
{
  tell (owner, "+", node);
}

static void
vanished (const char *node, gpointer owner)
{
  tell (owner, "-", node);
}

static void
looked (gpointer owner)
{
  tell (owner, "looked", "");
}

static gboolean
may_look (gpointer owner)
{
  return ((Listener *) owner)->may_look;
}

static void
wait_told (Listener *listener, const char *expected)
{
  while (strlen (listener->told->str) < strlen (expected))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (listener->told->str, ==, expected);
  g_string_truncate (listener->told, 0);
}

static void
test_finder_cdio (void)
{
  static const OflFinderEvents events = { appeared, appeared, vanished, looked, may_look };
  g_autoptr (Scratch) folder = scratch_new ();
  g_autofree char *node = g_build_filename (folder, "sr0", NULL);
  g_autofree char *link = g_build_filename (folder, "cdrom", NULL);
  g_autofree char *both = g_strjoin (" ", link, node, NULL);
  g_autofree char *plus = g_strconcat ("+", node, NULL);
  g_autofree char *minus = g_strconcat ("-", node, NULL);
  Listener listener = { g_string_new (NULL), TRUE };
  OflFinderCdio *finder;
  guint n_lists;

  g_assert_true (g_file_set_contents (node, "", 0, NULL));
  g_assert_cmpint (symlink ("sr0", link), ==, 0);
  set_fake_devices (NULL);
  finder = ofl_finder_cdio_new (&events, &listener, list_fake, 5);
  wait_told (&listener, "looked");
  set_fake_devices (both); /* a link and its node are one drive */
  wait_told (&listener, plus);

  listener.may_look = FALSE; /* a job runs */
  n_lists = count_lists ();
  set_fake_devices (NULL);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, TRUE);            /* ten ticks of its timer */
  g_assert_cmpuint (count_lists (), <=, n_lists + 1); /* one may have been under way */
  listener.may_look = TRUE;
  wait_told (&listener, minus);

  ofl_finder_cdio_free (finder);
  g_string_free (listener.told, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();
  g_test_add_func ("/drive/finder/cdio", test_finder_cdio);
  return g_test_run ();
}
