/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Wine and all its processes by LD_PRELOAD: what is asked of the one drive goes to the
 * broker instead of a kernel. The drive is a file that the environment names; a descriptor of it is
 * known by device and inode. To everybody in the cage it looks like the node of an optical drive,
 * with address 0:0:0:0. Everything else passes through untouched.
 *
 * What Wine 8.0 does with a drive is dlls/ntdll/unix/cdrom.c: SG_IO for both pass-through calls and
 * the inquiry data, SG_GET_VERSION_NUM before it, fstat() and SCSI_IOCTL_GET_IDLUN for the address,
 * and the CDROM calls that are MMC commands here. */
/* fstat and fstat64 are two functions here */
#undef _FILE_OFFSET_BITS

#include "updater/ofl-updater-preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <scsi/scsi.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "updater/ofl-updater-wire.h"

#define SG_VERSION 30536 /* of a driver that has SG_IO */
#define CDROM_TIMEOUT_MS 30000
#define SG_TIMEOUT 6000 /* hundredths of a second, as sg counts them */
#define EXPORTED __attribute__ ((visibility ("default")))

typedef int (*IoctlFunc) (int fd, unsigned long request, ...);
typedef int (*FstatFunc) (int fd, struct stat *st);
typedef int (*Fstat64Func) (int fd, struct stat64 *st);

/* Set once, before the program's first thread */
static const char *broker;
static dev_t drive_dev;
static ino64_t drive_ino;
static IoctlFunc real_ioctl;
static FstatFunc real_fstat;
static Fstat64Func real_fstat64;

EXPORTED int ioctl (int fd, unsigned long request, ...);
EXPORTED int fstat (int fd, struct stat *st);
EXPORTED int fstat64 (int fd, struct stat64 *st);

static void
find_real (void)
{
  if (real_ioctl == NULL)
    real_ioctl = (IoctlFunc) dlsym (RTLD_NEXT, "ioctl");
  if (real_fstat == NULL)
    real_fstat = (FstatFunc) dlsym (RTLD_NEXT, "fstat");
  if (real_fstat64 == NULL)
    real_fstat64 = (Fstat64Func) dlsym (RTLD_NEXT, "fstat64");
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *path = getenv (OFL_UPDATER_WIRE_DRIVE);
  struct stat64 st;

  find_real ();
  if (path == NULL || stat64 (path, &st) != 0)
    return;
  drive_dev = st.st_dev;
  drive_ino = st.st_ino;
  broker = getenv (OFL_UPDATER_WIRE_SOCKET);
}

/* Another library's constructor may call before ours has run. */
int
updater_is_drive (int fd)
{
  struct stat64 st;

  if (broker == NULL || real_fstat64 == NULL || real_fstat64 (fd, &st) != 0)
    return 0;
  return st.st_dev == drive_dev && st.st_ino == drive_ino;
}

static int
fail_with (int code)
{
  errno = code;
  return -1;
}

static void
fill_sense (const UpdaterCommand *command, void *room, uint8_t max, uint8_t *written)
{
  uint8_t n = command->sense_len < max ? command->sense_len : max;

  if (room == NULL)
    n = 0;
  if (n > 0)
    memcpy (room, command->sense, n);
  *written = n;
}

static int
direction_of_sg (int direction)
{
  switch (direction)
    {
    case SG_DXFER_NONE:
      return OFL_UPDATER_WIRE_NONE;
    case SG_DXFER_TO_DEV:
      return OFL_UPDATER_WIRE_OUT;
    case SG_DXFER_FROM_DEV:
    case SG_DXFER_TO_FROM_DEV:
      return OFL_UPDATER_WIRE_IN;
    default:
      return -1;
    }
}

static int
take_sg_io (sg_io_hdr_t *header)
{
  UpdaterCommand command = { .cdb_len = header->cmd_len, .timeout_ms = header->timeout };
  int direction = direction_of_sg (header->dxfer_direction), failed;

  if (header->interface_id != 'S' || header->iovec_count != 0 || direction < 0
      || header->cmd_len > sizeof command.cdb || header->cmdp == NULL)
    return fail_with (EINVAL);
  memcpy (command.cdb, header->cmdp, header->cmd_len);
  command.direction = (uint8_t) direction;
  command.length = direction == OFL_UPDATER_WIRE_NONE ? 0 : header->dxfer_len;
  command.data = header->dxferp;
  failed = updater_ask (broker, &command);
  if (failed != 0)
    return fail_with (failed);
  header->status = command.status;
  header->masked_status = (command.status >> 1) & 0x1f;
  header->msg_status = 0;
  header->host_status = command.host_status;
  header->driver_status = command.driver_status;
  header->resid = (int) command.residual;
  header->duration = command.duration_ms;
  header->info = command.status != 0 || command.host_status != 0 || command.driver_status != 0;
  fill_sense (&command, header->sbp, header->mx_sb_len, &header->sb_len_wr);
  return 0;
}

static int
take_packet (struct cdrom_generic_command *packet)
{
  UpdaterCommand command = { .cdb_len = CDROM_PACKET_SIZE };
  int failed;
  uint8_t written;

  memcpy (command.cdb, packet->cmd, CDROM_PACKET_SIZE);
  command.timeout_ms = packet->timeout > 0 ? (uint32_t) packet->timeout * 10 : CDROM_TIMEOUT_MS;
  command.data = packet->buffer;
  if (packet->data_direction == CGC_DATA_WRITE)
    command.direction = OFL_UPDATER_WIRE_OUT;
  else if (packet->data_direction != CGC_DATA_NONE && packet->buflen > 0)
    command.direction = OFL_UPDATER_WIRE_IN;
  command.length = command.direction == OFL_UPDATER_WIRE_NONE ? 0 : packet->buflen;
  failed = updater_ask (broker, &command);
  if (failed != 0)
    return fail_with (failed);
  packet->stat = command.status;
  fill_sense (&command, packet->sense, sizeof *packet->sense, &written);
  return command.status == 0 && command.host_status == 0 ? 0 : fail_with (EIO);
}

/* A command without data, of which the answer is only whether it went well. */
static int
send_plain (uint8_t opcode, uint8_t parameter, UpdaterCommand *command)
{
  memset (command, 0, sizeof *command);
  command->cdb_len = 6;
  command->cdb[0] = opcode;
  command->cdb[4] = parameter;
  command->timeout_ms = CDROM_TIMEOUT_MS;
  return updater_ask (broker, command);
}

static int
take_plain (uint8_t opcode, uint8_t parameter)
{
  UpdaterCommand command;
  int failed = send_plain (opcode, parameter, &command);

  if (failed != 0)
    return fail_with (failed);
  return command.status == 0 && command.host_status == 0 ? 0 : fail_with (EIO);
}

/* TEST UNIT READY in the words of CDROM_DRIVE_STATUS. */
static int
take_drive_status (void)
{
  UpdaterCommand command;
  int failed = send_plain (0x00, 0, &command);

  if (failed != 0)
    return fail_with (failed);
  if (command.status == 0 && command.host_status == 0)
    return CDS_DISC_OK;
  if (command.sense_len < 14 || (command.sense[2] & 0x0f) != 0x02)
    return CDS_NO_INFO;
  if (command.sense[12] == 0x3a)
    return command.sense[13] == 0x02 ? CDS_TRAY_OPEN : CDS_NO_DISC;
  return CDS_DRIVE_NOT_READY;
}

/* What is known of a drive without asking it */
static int
take_question (unsigned long request, void *argument)
{
  int *answer = argument;

  switch (request)
    {
    case SG_GET_VERSION_NUM:
      *answer = SG_VERSION;
      return 0;
    case SG_EMULATED_HOST:
      *answer = 1;
      return 0;
    case SG_GET_RESERVED_SIZE:
      *answer = (int) OFL_UPDATER_WIRE_DATA_MAX;
      return 0;
    case SG_SET_RESERVED_SIZE:
    case SG_SET_TIMEOUT:
      return 0;
    case SG_GET_TIMEOUT:
      return SG_TIMEOUT;
    case SCSI_IOCTL_GET_BUS_NUMBER:
      *answer = 0;
      return 0;
    case SCSI_IOCTL_GET_IDLUN:
      memset (argument, 0, 2 * sizeof (uint32_t));
      return 0;
    default:
      return fail_with (ENOTTY);
    }
}

static int
take_ioctl (unsigned long request, void *argument)
{
  if (request == CDROM_DRIVE_STATUS)
    return take_drive_status ();
  if (request == CDROMEJECT || request == CDROMCLOSETRAY)
    return take_plain (0x1b, request == CDROMEJECT ? 0x02 : 0x03);
  if (request == CDROM_LOCKDOOR)
    return take_plain (0x1e, argument != NULL);
  if (argument == NULL && request != SG_GET_TIMEOUT)
    return fail_with (EFAULT);
  if (request == SG_IO)
    return take_sg_io (argument);
  if (request == CDROM_SEND_PACKET)
    return take_packet (argument);
  return take_question (request, argument);
}

/* sg's calls are 22xx, SCSI's 53xx as are those of CD drives, block devices' 12xx. */
static int
is_for_drive (unsigned long request)
{
  unsigned long kind = request >> 8;

  return kind == 0x22 || kind == 0x53 || kind == 0x12;
}

/* Whether this is for the one drive; then @status is what the caller is to be told, with errno. */
int
updater_take (int fd, unsigned long request, void *argument, int *status)
{
  if (!is_for_drive (request) || !updater_is_drive (fd))
    return 0;
  *status = take_ioctl (request, argument);
  return 1;
}

int
ioctl (int fd, unsigned long request, ...)
{
  va_list list;
  void *argument;
  int status;

  va_start (list, request);
  argument = va_arg (list, void *);
  va_end (list);
  if (updater_take (fd, request, argument, &status))
    return status;
  find_real ();
  return real_ioctl (fd, request, argument);
}

int
fstat (int fd, struct stat *st)
{
  int status;

  find_real ();
  status = real_fstat (fd, st);
  if (status == 0 && broker != NULL && st->st_dev == drive_dev && (ino64_t) st->st_ino == drive_ino)
    {
      st->st_mode = S_IFBLK | (st->st_mode & 07777);
      st->st_rdev = makedev (UPDATER_DRIVE_MAJOR, 0);
    }
  return status;
}

int
fstat64 (int fd, struct stat64 *st)
{
  int status;

  find_real ();
  status = real_fstat64 (fd, st);
  if (status == 0 && broker != NULL && st->st_dev == drive_dev && st->st_ino == drive_ino)
    {
      st->st_mode = S_IFBLK | (st->st_mode & 07777);
      st->st_rdev = makedev (UPDATER_DRIVE_MAJOR, 0);
    }
  return status;
}
