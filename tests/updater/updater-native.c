/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a Windows program does through Wine, done without: asks the file that its first argument names
 * as if it were a drive's node, with the preload library loaded. It prints what it was told; it ends
 * with 0 when all of it was answered.
 * usage: updater-native FILE inquiry | packet | address | other | status | write BYTES | bad |
 *        threads N */
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <pthread.h>
#include <scsi/scsi.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int
send_sg (int fd, unsigned char *cdb, unsigned char cdb_len, int direction, void *data,
         unsigned length)
{
  unsigned char sense[32] = { 0 };
  sg_io_hdr_t header = { .interface_id = 'S',
                         .cmdp = cdb,
                         .cmd_len = cdb_len,
                         .sbp = sense,
                         .mx_sb_len = sizeof sense,
                         .dxfer_direction = direction,
                         .dxferp = data,
                         .dxfer_len = length,
                         .timeout = 1000 };

  if (ioctl (fd, SG_IO, &header) != 0)
    {
      printf ("errno %s\n", strerrorname_np (errno));
      return 1;
    }
  if (header.status != 0 || header.host_status != 0)
    printf ("status %02x host %x sense %x/%02x/%02x\n", (unsigned) header.status,
            (unsigned) header.host_status, sense[2] & 0xfu, (unsigned) sense[12],
            (unsigned) sense[13]);
  return header.status != 0 || header.host_status != 0;
}

static int
inquiry (int fd)
{
  unsigned char cdb[6] = { 0x12, 0, 0, 0, 96, 0 }, data[96] = { 0 };

  if (send_sg (fd, cdb, sizeof cdb, SG_DXFER_FROM_DEV, data, sizeof data) != 0)
    return 1;
  printf ("%.28s\n", (const char *) data + 8);
  return 0;
}

static int
packet (int fd)
{
  unsigned char data[36] = { 0 };
  struct request_sense sense = { 0 };
  struct cdrom_generic_command command = { .cmd = { 0x12, 0, 0, 0, sizeof data },
                                           .buffer = data,
                                           .buflen = sizeof data,
                                           .sense = &sense,
                                           .data_direction = CGC_DATA_READ };

  if (ioctl (fd, CDROM_SEND_PACKET, &command) != 0)
    return 1;
  printf ("%.28s\n", (const char *) data + 8);
  return 0;
}

static int
address (int fd)
{
  struct stat st;
  unsigned idlun[2] = { 7, 7 };
  int version = 0, bus = 7;

  if (fstat (fd, &st) != 0 || ioctl (fd, SCSI_IOCTL_GET_IDLUN, idlun) != 0
      || ioctl (fd, SG_GET_VERSION_NUM, &version) != 0
      || ioctl (fd, SCSI_IOCTL_GET_BUS_NUMBER, &bus) != 0)
    return 1;
  printf ("%s %u:%u id %u version %d bus %d\n", S_ISBLK (st.st_mode) ? "block" : "other",
          major (st.st_rdev), minor (st.st_rdev), idlun[0], version, bus);
  return 0;
}

static int
write_pieces (int fd, unsigned size)
{
  unsigned char *data = malloc (size), ready[6] = { 0 };
  int failed = 0;

  send_sg (fd, ready, sizeof ready, SG_DXFER_NONE, NULL, 0); /* takes the UNIT ATTENTION away */
  for (unsigned i = 0; i < size; i++)
    data[i] = (unsigned char) (i * 7 + i / 256);
  for (unsigned at = 0; at < size && !failed; at += 0x8000)
    {
      unsigned n = size - at < 0x8000 ? size - at : 0x8000;
      unsigned char cdb[10] = { 0x3b, 0x02, 0 };

      cdb[3] = (unsigned char) (at >> 16);
      cdb[4] = (unsigned char) (at >> 8);
      cdb[6] = (unsigned char) (n >> 16);
      cdb[7] = (unsigned char) (n >> 8);
      cdb[8] = (unsigned char) n;
      failed = send_sg (fd, cdb, sizeof cdb, SG_DXFER_TO_DEV, data + at, n);
    }
  free (data);
  return failed;
}

/* Requests that no program should make: each must be refused, and none may end this one. */
static int
bad (int fd)
{
  unsigned char cdb[32] = { 0x12, 0, 0, 0, 96, 0 }, data[96];
  sg_io_hdr_t header = { .interface_id = 'Q', .cmdp = cdb, .cmd_len = 6 };
  int n = 0;

  n += send_sg (fd, cdb, 32, SG_DXFER_FROM_DEV, data, sizeof data) != 0;
  n += send_sg (fd, cdb, 3, SG_DXFER_FROM_DEV, data, sizeof data) != 0;
  n += send_sg (fd, cdb, 6, 77, data, sizeof data) != 0;
  n += send_sg (fd, cdb, 6, SG_DXFER_FROM_DEV, (void *) 16, sizeof data) != 0;
  n += send_sg (fd, cdb, 6, SG_DXFER_FROM_DEV, data, 0x40000000) != 0;
  cdb[0] = 0x3b;
  n += send_sg (fd, cdb, 10, SG_DXFER_TO_DEV, (void *) 16, sizeof data) != 0;
  n += ioctl (fd, SG_IO, &header) != 0;
  n += ioctl (fd, SG_IO, NULL) != 0;
  printf ("refused %d\n", n);
  return n != 8;
}

static void *
ask_in_thread (void *data)
{
  const int *fd = data;

  for (int i = 0; i < 20; i++)
    if (inquiry (*fd) != 0)
      return data;
  return NULL;
}

static int
threads (int fd, int n)
{
  pthread_t thread[16];
  int failed = 0;

  for (int i = 0; i < n && i < 16; i++)
    pthread_create (&thread[i], NULL, ask_in_thread, &fd);
  for (int i = 0; i < n && i < 16; i++)
    {
      void *result = NULL;

      pthread_join (thread[i], &result);
      failed |= result != NULL;
    }
  return failed;
}

/* Another file is what it was. */
static int
other (void)
{
  int fd = open ("/dev/null", O_RDWR), version;
  struct stat st;

  if (fstat (fd, &st) != 0 || !S_ISCHR (st.st_mode)
      || ioctl (fd, SG_GET_VERSION_NUM, &version) == 0)
    return 1;
  printf ("untouched, %s\n", strerrorname_np (errno));
  return 0;
}

int
main (int argc, char **argv)
{
  int fd = argc > 2 ? open (argv[1], O_RDWR) : -1;
  const char *what = argc > 2 ? argv[2] : "";
  int n = argc > 3 ? atoi (argv[3]) : 0;

  if (fd < 0)
    return 2;
  if (strcmp (what, "inquiry") == 0)
    return inquiry (fd);
  if (strcmp (what, "packet") == 0)
    return packet (fd);
  if (strcmp (what, "address") == 0)
    return address (fd);
  if (strcmp (what, "status") == 0)
    return printf ("%d\n", ioctl (fd, CDROM_DRIVE_STATUS, 0)) < 0;
  if (strcmp (what, "write") == 0)
    return write_pieces (fd, (unsigned) n);
  if (strcmp (what, "bad") == 0)
    return bad (fd);
  if (strcmp (what, "threads") == 0)
    return threads (fd, n);
  return strcmp (what, "other") == 0 ? other () : 2;
}
