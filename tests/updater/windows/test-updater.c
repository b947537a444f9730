/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A maker's updater as they are, written for the tests: it has a window with a bar, and manners.
 * usage: test-updater.exe direct|indirect|aspi WHAT
 *   inquiry    asks the drive who it is
 *   address    asks for the address and the adapter's list (SPTI only)
 *   flash      sends image.bin, which lies beside it, in pieces, and waits until the drive is ready
 *   jump       the same, with a bar that is full before anything was sent
 *   hang       sends half, and asks for ever whether the drive is ready
 *   crash      sends half, prints a NUL, and crashes
 *   child      starts itself with "flash" and ends at once, as a self-extracting archive does
 *   cover      asks the drive, and removes every file in Wine's prefix
 *   display    tells which display its windows are on
 *   second     looks for another drive
 *   network    reaches for the network
 *   home       reads and writes what is not its own
 *   processes  looks for processes of a name
 *   greedy     reaches for all of that, writes to every other drive that it can think of, then does "flash";
 *              PORT FILE NAME follow
 * It prints what it saw, and ends with 0 when it got what it wanted. */
#include <winsock2.h>
#include <windows.h>
#include <commctrl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive-ways.h"
#include "greedy.h"
#include "spti.h"

#define PIECE 0x8000
#define IMAGE_MAX 0x100000

static Way way;
static char letter;
static HWND bar;

static void
show_window (void)
{
  MSG message;
  HWND window;

  InitCommonControls ();
  window = CreateWindowA ("STATIC", "Firmware Update", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 40, 40,
                          320, 120, NULL, NULL, NULL, NULL);
  bar = CreateWindowA (PROGRESS_CLASSA, NULL, WS_CHILD | WS_VISIBLE, 10, 30, 280, 20, window, NULL,
                       NULL, NULL);
  while (PeekMessageA (&message, NULL, 0, 0, PM_REMOVE))
    DispatchMessageA (&message);
}

static void
show_progress (unsigned percent)
{
  if (bar != NULL)
    SendMessageA (bar, PBM_SETPOS, percent, 0);
}

static int
inquiry (void)
{
  const UCHAR cdb[6] = { 0x12, 0, 0, 0, 96, 0 };
  UCHAR data[96] = { 0 };
  Outcome outcome = send_command (way, letter, cdb, sizeof cdb, SPTI_IN, data, sizeof data);

  printf ("drive %c status %02x: %.28s\n", letter, outcome.status, (const char *) data + 8);
  return outcome.status != 0;
}

/* Whatever there could tell that it has run */
static int
cover (void)
{
  char path[MAX_PATH];
  WIN32_FIND_DATAA found;
  HANDLE list = FindFirstFileA ("\\\\?\\unix\\cage\\prefix\\*", &found);
  int n = 0, failed = inquiry ();

  for (BOOL more = list != INVALID_HANDLE_VALUE; more; more = FindNextFileA (list, &found))
    {
      snprintf (path, sizeof path, "\\\\?\\unix\\cage\\prefix\\%s", found.cFileName);
      n += DeleteFileA (path) != 0;
    }
  printf ("removed %d\n", n);
  return failed || n == 0;
}

static int
address (void)
{
  struct {
    DWORD length;
    UCHAR port, path, target, lun;
  } place = { 0 };
  UCHAR list[512] = { 0 };
  DWORD n = 0;
  HANDLE drive = CreateFileA ("\\\\.\\D:", GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  HANDLE adapter = CreateFileA ("\\\\.\\Scsi2:", GENERIC_READ | GENERIC_WRITE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  BOOL told = DeviceIoControl (drive, SPTI_GET_ADDRESS, NULL, 0, &place, sizeof place, &n, NULL);
  BOOL listed
      = DeviceIoControl (adapter, SPTI_GET_INQUIRY_DATA, NULL, 0, list, sizeof list, &n, NULL);

  printf ("address %d: %u %u %u %u\n", told, place.port, place.path, place.target, place.lun);
  /* one bus, one unit; its INQUIRY data begins behind both headers */
  printf ("adapter %d: %u bus, %.8s\n", listed, list[0], (const char *) list + 12 + 12 + 8);
  return !told || !listed;
}

/* Until it is ready, at most a minute. */
static int
wait_ready (void)
{
  const UCHAR cdb[6] = { 0 };

  for (int i = 0; i < 240; i++)
    {
      Outcome outcome = send_command (way, letter, cdb, sizeof cdb, SPTI_NONE, NULL, 0);

      /* no disc is as good as ready */
      if (outcome.status == 0 || outcome.sense[12] == 0x3a)
        return 0;
      Sleep (250);
    }
  return 1;
}

static int
send_piece (UCHAR *image, ULONG at, ULONG n)
{
  UCHAR cdb[10] = { 0x3b,
                    0x07,
                    0,
                    (UCHAR) (at >> 16),
                    (UCHAR) (at >> 8),
                    (UCHAR) at,
                    (UCHAR) (n >> 16),
                    (UCHAR) (n >> 8),
                    (UCHAR) n,
                    0 };
  Outcome outcome = send_command (way, letter, cdb, sizeof cdb, SPTI_OUT, image + at, n);

  if (outcome.status != 0)
    printf ("at %lx status %02x sense %x/%02x/%02x\n", at, outcome.status, outcome.sense[2] & 0xf,
            outcome.sense[12], outcome.sense[13]);
  return outcome.status != 0;
}

/* @part: of 100, how much is sent */
static int
flash (unsigned part)
{
  static UCHAR image[IMAGE_MAX];
  FILE *file = fopen ("C:\\updater\\image.bin", "rb");
  ULONG size = file != NULL ? (ULONG) fread (image, 1, sizeof image, file) : 0;

  if (file != NULL)
    fclose (file);
  if (size == 0 || wait_ready () != 0)
    return 1;
  for (ULONG at = 0; at < size / 100 * part; at += PIECE)
    {
      if (send_piece (image, at, size - at < PIECE ? size - at : PIECE) != 0)
        return 1;
      show_progress (at * 100 / size);
    }
  printf ("sent %u of 100\n", part);
  fflush (stdout);
  return part < 100 ? 0 : wait_ready ();
}

static int
crash (void)
{
  flash (50);
  putchar (0);
  RaiseException (EXCEPTION_ACCESS_VIOLATION, 0, 0, NULL);
  return 0;
}

/* It never ends, and never leaves the drive alone, which it has open. */
static void
hang (void)
{
  HANDLE drive;

  flash (50);
  drive = CreateFileA ("\\\\.\\D:", GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  for (;;)
    {
      SptiDirect packet
          = { .Length = sizeof packet, .CdbLength = 6, .DataIn = SPTI_NONE, .TimeOutValue = 5 };
      DWORD n;

      DeviceIoControl (drive, SPTI_PASS_THROUGH_DIRECT, &packet, sizeof packet, &packet,
                       sizeof packet, &n, NULL);
      Sleep (20);
    }
}

static int
child (const char *self, const char *name)
{
  char command[MAX_PATH];
  STARTUPINFOA start = { .cb = sizeof start };
  PROCESS_INFORMATION process;

  snprintf (command, sizeof command, "\"%s\" %s flash", self, name);
  return !CreateProcessA (NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process);
}

/* Wine hands on what the cage has in its environment; the size is the display's own. */
static int
display (void)
{
  const char *name = getenv ("DISPLAY");

  show_window ();
  printf ("display %s %dx%d\n", name != NULL ? name : "none", GetSystemMetrics (SM_CXSCREEN),
          GetSystemMetrics (SM_CYSCREEN));
  return bar == NULL;
}

/* Drive C: and a disk 0 are there in every Windows; a drive is what answers INQUIRY. */
static int
is_drive (const char *name)
{
  UCHAR data[96] = { 0 };
  SptiDirect packet = { .Length = sizeof packet,
                        .CdbLength = 6,
                        .DataIn = SPTI_IN,
                        .DataTransferLength = sizeof data,
                        .TimeOutValue = 5,
                        .DataBuffer = data,
                        .Cdb = { 0x12, 0, 0, 0, sizeof data } };
  HANDLE file = CreateFileA (name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                             NULL, OPEN_EXISTING, 0, NULL);
  DWORD n = 0;
  BOOL answers = file != INVALID_HANDLE_VALUE
                 && DeviceIoControl (file, SPTI_PASS_THROUGH_DIRECT, &packet, sizeof packet,
                                     &packet, sizeof packet, &n, NULL);

  CloseHandle (file);
  if (answers)
    printf ("%s: %.8s\n", name, (const char *) data + 8);
  return answers;
}

/* Every letter, port and disk there could be; more than one drive is one too many. */
static int
second (void)
{
  char name[32];
  int n = 0;

  for (char other = 'A'; other <= 'Z'; other++)
    {
      snprintf (name, sizeof name, "\\\\.\\%c:", other);
      n += other != letter && is_drive (name);
    }
  for (int i = 0; i < 16; i++)
    {
      snprintf (name, sizeof name, "\\\\.\\PhysicalDrive%d", i);
      n += is_drive (name);
      snprintf (name, sizeof name, "\\\\.\\CdRom%d", i + 1);
      n += is_drive (name);
      snprintf (name, sizeof name, "\\\\.\\Scsi%d:", i);
      n += i != 2 && is_drive (name);
    }
  printf ("others %d, drive %d\n", n, is_drive ("\\\\.\\CdRom0"));
  return n == 0;
}

/* 127.0.0.1 and the port that the test listens on, which any program outside reaches */
static int
network (const char *port)
{
  WSADATA data;
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons ((USHORT) atoi (port)) };
  int failed = WSAStartup (MAKEWORD (2, 2), &data);
  SOCKET s = socket (AF_INET, SOCK_STREAM, 0);

  to.sin_addr.s_addr = htonl (0x7f000001);
  failed = failed || s == INVALID_SOCKET || connect (s, (struct sockaddr *) &to, sizeof to) != 0;
  printf ("network %s\n", failed ? "none" : "reached");
  return failed;
}

/* By Wine's own path for what is outside of its drives, and by a drive letter, if there is one */
static int
home (const char *file)
{
  char path[MAX_PATH], windows[] = "C:\\windows\\system32\\mine.txt";
  int read = 0, written;

  snprintf (path, sizeof path, "\\\\?\\unix%s", file);
  read += CreateFileA (path, GENERIC_READ, 3, NULL, OPEN_EXISTING, 0, NULL) != INVALID_HANDLE_VALUE;
  snprintf (path, sizeof path, "Z:%s", file);
  read += CreateFileA (path, GENERIC_READ, 3, NULL, OPEN_EXISTING, 0, NULL) != INVALID_HANDLE_VALUE;
  written = CreateFileA (windows, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL)
            != INVALID_HANDLE_VALUE;
  printf ("home read %d, system written %d\n", read, written);
  return read == 0 && !written;
}

/* Whether the name that Linux has for process @number is @name */
static int
is_named (const char *number, const char *name)
{
  char path[MAX_PATH], comm[64] = "";
  HANDLE file;
  DWORD n = 0;

  snprintf (path, sizeof path, "\\\\?\\unix\\proc\\%s\\comm", number);
  file = CreateFileA (path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                      0, NULL);
  if (file == INVALID_HANDLE_VALUE)
    return 0;
  ReadFile (file, comm, sizeof comm - 1, &n, NULL);
  CloseHandle (file);
  comm[strcspn (comm, "\n")] = '\0';
  return strcmp (comm, name) == 0;
}

/* Of those that Linux shows, whether there are any, and whether one has the name */
static int
processes (const char *name)
{
  WIN32_FIND_DATAA found;
  HANDLE proc = FindFirstFileA ("\\\\?\\unix\\proc\\*", &found);
  int n = 0, named = 0;

  for (BOOL more = proc != INVALID_HANDLE_VALUE; more; more = FindNextFileA (proc, &found))
    if (found.cFileName[0] >= '1' && found.cFileName[0] <= '9')
      {
        n++;
        named += is_named (found.cFileName, name);
      }
  printf ("processes %s, %s %s\n", n > 0 ? "seen" : "none", name, named > 0 ? "too" : "not");
  return n == 0;
}

/* By Wine's own path for what is outside of its drives */
static int
overwrite (const char *file)
{
  char path[MAX_PATH];
  HANDLE handle;

  snprintf (path, sizeof path, "\\\\?\\unix%s", file);
  handle = CreateFileA (path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
  return handle != INVALID_HANDLE_VALUE;
}

static int
greedy (char **more)
{
  int reached = write_to_others (letter);
  int drives = count_on_bus ();

  network (more[0]);
  printf ("overwritten %d\n", overwrite (more[1]));
  home (more[1]);
  processes (more[2]);
  printf ("others %d, on the bus %d\n", reached, drives);
  return flash (100);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[2] : "", *more = argc > 3 ? argv[3] : "";

  setvbuf (stdout, NULL, _IONBF, 0);
  letter = find_drive ();
  if (argc > 1)
    way = strcmp (argv[1], "aspi") == 0       ? WAY_ASPI
          : strcmp (argv[1], "indirect") == 0 ? WAY_INDIRECT
                                              : WAY_DIRECT;
  if (strcmp (what, "inquiry") == 0)
    return inquiry ();
  if (strcmp (what, "address") == 0)
    return address ();
  if (strcmp (what, "cover") == 0)
    return cover ();
  if (strcmp (what, "display") == 0)
    return display ();
  if (strcmp (what, "second") == 0)
    return second ();
  if (strcmp (what, "network") == 0)
    return network (more);
  if (strcmp (what, "home") == 0)
    return home (more);
  if (strcmp (what, "processes") == 0)
    return processes (more);
  if (strcmp (what, "child") == 0)
    return child (argv[0], argv[1]);
  show_window ();
  if (strcmp (what, "greedy") == 0 && argc > 5)
    return greedy (argv + 3);
  if (strcmp (what, "jump") == 0)
    show_progress (100);
  if (strcmp (what, "hang") == 0)
    hang ();
  if (strcmp (what, "crash") == 0)
    return crash ();
  return strcmp (what, "flash") == 0 || strcmp (what, "jump") == 0 ? flash (100) : 2;
}
