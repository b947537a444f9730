/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cage-processes.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*ProcessFunc) (int pid, int group, int session, gpointer data);

/* Each process whose parent that is; returns how many. */
static guint
for_each_child (int parent, ProcessFunc func, gpointer data)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
      g_autofree char *stat = NULL;
      const char *rest;
      int its, group, session;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &stat, NULL, NULL)
          || (rest = strrchr (stat, ')')) == NULL
          || sscanf (rest, ") %*c %d %d %d", &its, &group, &session) != 3 || its != parent)
        continue;
      func (atoi (name), group, session, data);
      n++;
    }
  return n;
}

static void
assert_own_session (int pid, int group, int session, gpointer data)
{
  g_assert_cmpint (session, !=, getsid (0));
  g_assert_cmpint (group, !=, getpgrp ());
}

static void
take_pid (int pid, int group, int session, gpointer data)
{
  *(int *) data = pid;
}

static char *
read_namespace (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "ns", "pid", NULL);

  return g_file_read_link (path, NULL);
}

static gboolean
is_anybody_in (const char *namespace)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *its = g_ascii_isdigit (*name) ? read_namespace (name) : NULL;

      if (g_strcmp0 (its, namespace) == 0)
        return TRUE;
    }
  return FALSE;
}

void
cage_assert_own_session (void)
{
  g_assert_cmpuint (for_each_child (getpid (), assert_own_session, NULL), >=, 1);
}

void
cage_kill (void)
{
  g_autofree char *namespace = NULL;
  g_autofree char *name = NULL;
  int outer = 0, inner = 0;

  g_assert_cmpuint (for_each_child (getpid (), take_pid, &outer), ==, 1);
  g_assert_cmpuint (for_each_child (outer, take_pid, &inner), ==, 1);
  name = g_strdup_printf ("%d", inner);
  namespace = read_namespace (name);
  g_assert_nonnull (namespace);
  kill (outer, SIGKILL);
  while (is_anybody_in (namespace))
    g_usleep (10000);
}
