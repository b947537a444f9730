/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session of its own for a test: bus, service, folders, firmware file. */
#pragma once

#include <gio/gio.h>

#include "kit/ran.h"
#include "service/ofl-dbus.h"
#include "service/ofl-wire.h"

G_BEGIN_DECLS

#define BU40N "practice:bu40n"

/**
 * Bus:
 *
 * @connection: the test's own connection; calls over it are made from the test's thread only
 */
typedef struct {
  char *dir;
  char *state; /* XDG_STATE_HOME */
  char *image;
  char *address;
  GTestDBus *dbus;   /* NULL: stopped */
  GTestDBus *system; /* NULL: there is no logind */
  GDBusConnection *connection;
} Bus;

/* No service that the bus could start: as on a desktop that runs a build folder. */
#define BUS_WITHOUT_SERVICE G_MAXUINT

/* @faults: (nullable): of practice drives; @idle: the service's --idle-seconds */
Bus *bus_new (const char *faults, guint idle);
Bus *bus_new_with_system (const char *faults, guint idle, GTestDBus *system);
void bus_free (Bus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bus, bus_free)

/* The session bus ends under everybody. */
void bus_stop_daemon (Bus *bus);

/* optiflashctl --finder=none @..., NULL-terminated, on this bus. */
GSubprocess *bus_start_ctl (Bus *bus, ...) G_GNUC_NULL_TERMINATED;
/* --practice-speed=@speed flash --yes practice:bu40n IMAGE */
GSubprocess *bus_start_flash (Bus *bus, const char *speed);
void bus_run_ctl (Bus *bus, Ran *ran, ...) G_GNUC_NULL_TERMINATED;
/* A write that went to its end and was read back */
void assert_verified (const Ran *ran);

/* 0 when there is no service now. */
guint bus_service_pid (Bus *bus);
void bus_wait_service_gone (Bus *bus, guint seconds);
/* (transfer full): paths of jobs; starts the service */
char **bus_list_jobs (Bus *bus);
/* (transfer full): the first job's object, waited for */
OflDBusJob *bus_wait_job (Bus *bus);
/* Waits until Poll says so; FALSE when the job ended before. */
gboolean bus_wait_danger (OflDBusJob *job);
void bus_wait_stage (OflDBusJob *job, OflStage stage);
/* Waits for its verdict. */
OflResult *bus_wait_end (OflDBusJob *job);
/* Asks once. */
OflResult *bus_poll (OflDBusJob *job, OflProgressView *view);
/* @gone: set when the job has no object any more: it ended, and somebody has dismissed it */
OflResult *bus_poll_unless_gone (OflDBusJob *job, OflProgressView *view, gboolean *gone);
/* (transfer full): all lines that are kept, as one text */
char *bus_read_log (OflDBusJob *job);
/* What the drive holds, looked at by another process: asserts that it is the image. */
void bus_assert_drive_holds_image (Bus *bus);
void sleep_ms (guint ms);

G_END_DECLS
