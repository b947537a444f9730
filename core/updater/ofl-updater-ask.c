/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wire's side in the cage. A request has a connection of its own, so there is nothing that two
 * threads share and no lock that a thread can be killed with; a program that ends takes its request
 * back, for its connection ends, too: unless it has forked in between, for a child has the connection
 * until it runs another program or ends. No GLib, no memory from the heap. */
#include "updater/ofl-updater-preload.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "updater/ofl-updater-wire.h"

static int
connect_broker (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd, status;

  if (strlen (path) >= sizeof address.sun_path)
    return -1;
  strcpy (address.sun_path, path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  do
    status = connect (fd, (const struct sockaddr *) &address, sizeof address);
  while (status < 0 && errno == EINTR);
  if (status == 0)
    return fd;
  close (fd);
  return -1;
}

/* The kernel reads the program's own memory: where that is not there, the call says EFAULT, and
 * nobody crashes. Returns 0 or an errno. */
static int
send_all (int fd, const void *data, size_t length)
{
  const char *next = data;

  while (length > 0)
    {
      ssize_t n = send (fd, next, length, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 && errno == EFAULT ? EFAULT : ENODEV;
      next += n;
      length -= (size_t) n;
    }
  return 0;
}

static int
receive_all (int fd, void *data, size_t length)
{
  char *next = data;

  while (length > 0)
    {
      ssize_t n = recv (fd, next, length, 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 && errno == EFAULT ? EFAULT : ENODEV;
      next += n;
      length -= (size_t) n;
    }
  return 0;
}

static int
send_request (int fd, const UpdaterCommand *command)
{
  OflUpdaterWireRequest request = { 0 };
  int failed;

  request.magic = OFL_UPDATER_WIRE_MAGIC;
  request.version = OFL_UPDATER_WIRE_VERSION;
  request.cdb_len = command->cdb_len;
  request.direction = command->direction;
  request.length = command->length;
  request.timeout_ms = command->timeout_ms;
  memcpy (request.cdb, command->cdb, command->cdb_len);
  failed = send_all (fd, &request, sizeof request);
  if (failed == 0 && command->direction == OFL_UPDATER_WIRE_OUT)
    failed = send_all (fd, command->data, command->length);
  return failed;
}

static int
receive_answer (int fd, UpdaterCommand *command)
{
  OflUpdaterWireAnswer answer;
  uint32_t room = command->direction == OFL_UPDATER_WIRE_IN ? command->length : 0;
  int failed = receive_all (fd, &answer, sizeof answer);

  if (failed != 0)
    return failed;
  if (answer.magic != OFL_UPDATER_WIRE_MAGIC || answer.version != OFL_UPDATER_WIRE_VERSION
      || answer.length > room || answer.sense_len > sizeof command->sense)
    return EPROTO;
  command->status = answer.status;
  command->host_status = answer.host_status;
  command->driver_status = answer.driver_status;
  command->residual = answer.residual;
  command->duration_ms = answer.duration_ms;
  command->sense_len = answer.sense_len;
  memcpy (command->sense, answer.sense, answer.sense_len);
  failed = receive_all (fd, command->data, answer.length);
  return failed != 0 ? failed : (int) answer.os_error;
}

/* Waits until the broker has answered, however long a person is being asked. Returns 0, or an errno
 * when the command did not reach the drive or its answer not the program. */
int
updater_ask (const char *socket_path, UpdaterCommand *command)
{
  int fd, failed;

  if (command->cdb_len < OFL_UPDATER_WIRE_CDB_MIN || command->cdb_len > OFL_UPDATER_WIRE_CDB_MAX
      || command->length > OFL_UPDATER_WIRE_DATA_MAX)
    return EINVAL;
  fd = connect_broker (socket_path);
  if (fd < 0)
    return ENODEV;
  failed = send_request (fd, command);
  if (failed == 0)
    failed = receive_answer (fd, command);
  close (fd);
  return failed;
}
