/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pioneer-bd-file.h"

#include <gcrypt.h>
#include <string.h>

#include "kit/fake-transport.h"
#include "kit/specimen.h"

#define KEY_LEN 0x10000

static void
put_be (guint8 *at, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    at[i] = (guint8) (value >> (24 - 8 * i));
}

static guint32
sum_be (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += (guint32) data[i] << (24 - 8 * (i % 4));
  return sum;
}

guint8 *
pioneer_bd_firmware (gsize length, gsize states, guint32 off, guint32 seed)
{
  guint8 *plain = specimen_noise (seed, length);

  memcpy (plain, PIONEER_BD_DESCRIPTOR, 16);
  put_be (plain + 0x14, (guint32) (states != 0 ? states : length));
  put_be (plain + 0x20, 0);
  put_be (plain + 0x20, off - sum_be (plain, length));
  return plain;
}

/* The way back of pioneer 3.6. */
static void
scramble (const guint8 *plain, gsize length, const guint8 *key, guint8 *out)
{
  for (gsize i = 0; i < length; i += 4)
    {
      guint64 k = 0, word = 0, turned;

      for (guint b = 0; b < 4; b++)
        {
          k |= (guint64) key[(i + b) % KEY_LEN] << (8 * b);
          word |= (guint64) plain[i + b] << (8 * b);
        }
      turned = word << (k % 32);
      turned = (turned & 0xffffffffu) | turned >> 32;
      for (guint b = 0; b < 4; b++)
        out[i + b] = (guint8) ((turned ^ k) >> (8 * b));
    }
}

#define CURVE \
  " (p #00e14639330258ef519cfe5fc1ad99284502874d2b#)" \
  " (a #48fa0f23b610f399a80fbc0abe9cecd73c5d1e12#)" \
  " (b #2794e57cf726ec2b17ff8ef71016038776faac60#)" \
  " (g #0475a35b281dee9b185654896f6d60b18d9ff954dc" \
  "b2c7fbc50a2e8b4b1a8a38577058ba4a005b6208#)" \
  " (n #00e14639330258ef519cfc7f76cbc2926029906bb5#) (h #01#)"

/* Any number below n; the point that belongs to it is the library's to find. */
#define SECRET "(d #123456789abcdef0fedcba9876543210deadbeef#)"

static void
put_number (guint8 *at, gcry_mpi_t number)
{
  guint8 bytes[32];
  gsize n = 0;

  g_assert_cmpuint (gcry_mpi_print (GCRYMPI_FMT_USG, bytes, sizeof bytes, &n, number), ==, 0);
  g_assert_cmpuint (n, <=, 20);
  memset (at, 0, 20);
  memcpy (at + 20 - n, bytes, n);
}

static void
put_part (guint8 *at, gcry_sexp_t whole, const char *name)
{
  gcry_sexp_t part = gcry_sexp_find_token (whole, name, 0);
  gcry_mpi_t number = gcry_sexp_nth_mpi (part, 1, GCRYMPI_FMT_USG);

  put_number (at, number);
  gcry_mpi_release (number);
  gcry_sexp_release (part);
}

/* The key that belongs to the secret. */
static void
put_point (guint8 *at)
{
  gcry_sexp_t key = NULL;
  gcry_ctx_t context = NULL;
  gcry_mpi_t x = gcry_mpi_new (0), y = gcry_mpi_new (0);
  gcry_mpi_point_t point;

  g_assert_cmpuint (gcry_sexp_build (&key, NULL, "(private-key (ecdsa" CURVE SECRET "))"), ==, 0);
  g_assert_cmpuint (gcry_mpi_ec_new (&context, key, NULL), ==, 0);
  point = gcry_mpi_ec_get_point ("q", context, 1);
  g_assert_nonnull (point);
  g_assert_cmpint (gcry_mpi_ec_get_affine (x, y, point, context), ==, 0);
  put_number (at, x);
  put_number (at + 20, y);
  gcry_mpi_point_release (point);
  gcry_mpi_release (x);
  gcry_mpi_release (y);
  gcry_ctx_release (context);
  gcry_sexp_release (key);
}

void
pioneer_bd_sign (guint8 *data, gsize length, gboolean words)
{
  gsize from = words ? 0x10200 : 0x200;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 point[41] = { 0x04 };
  guint8 digest[20];
  gsize n = sizeof digest;
  gcry_sexp_t hash = NULL, key = NULL, signature = NULL;
  gcry_mpi_t number = NULL;

  gcry_check_version (NULL);
  g_checksum_update (sum, data + from, (gssize) (length - from));
  g_checksum_get_digest (sum, digest, &n);
  put_point (data + 0x198);
  g_assert_cmpuint (gcry_mpi_scan (&number, GCRYMPI_FMT_USG, digest, 20, NULL), ==, 0);
  g_assert_cmpuint (gcry_sexp_build (&hash, NULL, "(data (flags raw) (value %m))", number), ==, 0);
  memcpy (point + 1, data + 0x198, 40);
  g_assert_cmpuint (gcry_sexp_build (&key, NULL, "(private-key (ecdsa" CURVE " (q %b)" SECRET "))",
                                     (int) sizeof point, point),
                    ==, 0);
  g_assert_cmpuint (gcry_pk_sign (&signature, hash, key), ==, 0);
  put_part (data + 0x170, signature, "r");
  put_part (data + 0x184, signature, "s");
  gcry_sexp_release (signature);
  gcry_sexp_release (key);
  gcry_sexp_release (hash);
  gcry_mpi_release (number);
}

guint8 *
pioneer_bd_file (const PioneerBdFile *file, gsize *length)
{
  gsize plain_length = file->length != 0 ? file->length : PIONEER_BD_LENGTH;
  g_autofree guint8 *plain = pioneer_bd_firmware (plain_length, file->states, file->off, 31);
  gsize key_at = file->key_late ? 0x10200 : 0x200;
  guint8 *data;

  *length = key_at + KEY_LEN + plain_length;
  data = pioneer_file (&file->header, *length, 32);
  scramble (plain, plain_length, data + key_at, data + key_at + KEY_LEN);
  pioneer_bd_sign (data, *length, file->words);
  return data;
}

OflImage *
pioneer_bd_image (const PioneerBdFile *file)
{
  gsize length;
  g_autofree guint8 *data = pioneer_bd_file (file, &length);

  return specimen_parse ("pioneer", data, length);
}

guint8 *
pioneer_bd_memory (gsize firmware_length, guint32 seed)
{
  g_autofree guint8 *kernel = specimen_noise (seed + 1, 0x10000);
  g_autofree guint8 *firmware = pioneer_bd_firmware (firmware_length, 0, 0, seed);
  guint8 *memory = g_malloc (0x10000 + firmware_length);

  put_be (kernel, 0);
  put_be (kernel, 0 - sum_be (kernel, 0x10000));
  memcpy (memory, kernel, 0x10000);
  memcpy (memory + 0x10000, firmware, firmware_length);
  return memory;
}

static void
show_memory (PioneerBdDrive *drive, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint32 at = (guint32) command->cdb[3] << 16 | (guint32) command->cdb[4] << 8 | command->cdb[5];
  gboolean knocked = drive->knocked;

  drive->knocked = FALSE;
  drive->reads++;
  if (!knocked || drive->refuses || at < 0x400000
      || at - 0x400000 + command->length > drive->length)
    {
      fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
      return;
    }
  memcpy (data, drive->memory + (at - 0x400000), command->length);
  if (drive->changes_at == drive->reads)
    data[15] ^= 1;
  if (drive->shorts > 0)
    {
      drive->shorts--;
      reply->transferred = command->length - 1;
      reply->residual = 1;
    }
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  static const guint8 knock[10] = { 0x3b, 0x02, 0x41, 0xa5, 0xaa, 0xaa };
  static const guint8 identity[3] = { 0x3c, 0x02, 0xf1 };
  static const guint8 memory[3] = { 0x3c, 0x02, 0xb0 };
  PioneerBdDrive *drive = user_data;

  if (drive->trace != NULL)
    {
      g_autofree char *hex = specimen_hex (command->cdb, command->cdb_len);

      g_string_append_printf (drive->trace, "%s\n", hex);
    }
  if (memcmp (command->cdb, knock, sizeof knock) == 0)
    {
      g_assert_cmpint (command->dir, ==, OFL_DIR_NONE);
      drive->knocked = TRUE;
      return;
    }
  g_assert_true (ofl_command_is_read_only (command));
  if (memcmp (command->cdb, identity, sizeof identity) == 0)
    pioneer_identity (&drive->who, data);
  else if (memcmp (command->cdb, memory, sizeof memory) == 0)
    show_memory (drive, command, data, reply);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

OflSnapshot *
pioneer_bd_drive (PioneerBdDrive *drive)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, drive);
  OflIdentity identity;

  pioneer_inquiry (&drive->who, &identity);
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
}
