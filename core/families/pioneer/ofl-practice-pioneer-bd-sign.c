/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signature of a BD writer's file: ECDSA over a curve of 160 bits that has no name, and SHA-1.
 * The pair of keys is the practice drives' own, and public: real drives do not take it, and what
 * the maker signs these do not take. Source: pioneer 2.8. */
#include "families/pioneer/ofl-practice-pioneer-bd.h"

#include <gcrypt.h>
#include <string.h>

/* Numbers with a first bit of 1 have a byte 00 before them: an S-expression has signed ones. */
#define CURVE \
  "(ecc" \
  "(p #00e14639330258ef519cfe5fc1ad99284502874d2b#)" \
  "(a #48fa0f23b610f399a80fbc0abe9cecd73c5d1e12#)" \
  "(b #2794e57cf726ec2b17ff8ef71016038776faac60#)" \
  "(g #0475a35b281dee9b185654896f6d60b18d9ff954dc" \
  "b2c7fbc50a2e8b4b1a8a38577058ba4a005b6208#)" \
  "(n #00e14639330258ef519cfc7f76cbc2926029906bb5#)" \
  "(h #01#)" \
  "(q %b)"

#define POINT_SIZE (1 + PIONEER_BD_PAIR_SIZE) /* 04, x, y */
#define SECRET_SIZE (1 + PIONEER_BD_NUMBER_SIZE)
#define HASH_SIZE 20u

/* SHA-1 of "Optiflash practice key", and its point */
#define PRACTICE_SECRET "3d6b3737080ec9049eff84576340b75d9bdcc586"
#define PRACTICE_POINT \
  "1fb126aea3219873ee3a64ff42c92838b0d108de" \
  "2fdbf7bcd496935fedc9e728d959ee126b5b580d"

static void
put_hex (guint8 *data, gsize size, const char *hex)
{
  for (gsize i = 0; i < size; i++)
    data[i]
        = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

/* The library wants to be asked for its version before anything else. */
static void
start_library (void)
{
  static gsize started = 0;

  if (!g_once_init_enter (&started))
    return;
  gcry_check_version (NULL);
  if (!gcry_control (GCRYCTL_INITIALIZATION_FINISHED_P))
    {
      gcry_control (GCRYCTL_DISABLE_SECMEM, 0);
      gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
  g_once_init_leave (&started, 1);
}

/* Key and all that is enciphered: from 200 to the end */
static gcry_sexp_t
hash_of (const guint8 *file, gsize size)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 hash[HASH_SIZE];
  gsize length = sizeof hash;
  gcry_sexp_t data = NULL;

  g_checksum_update (sum, file + PIONEER_BD_KEY, (gssize) (size - PIONEER_BD_KEY));
  g_checksum_get_digest (sum, hash, &length);
  /* rfc6979: the same file has the same signature each time it is made */
  if (gcry_sexp_build (&data, NULL, "(data(flags rfc6979)(hash sha1 %b))", (int) length, hash) != 0)
    return NULL;
  return data;
}

static void
put_number (guint8 *field, gcry_sexp_t signature, const char *name)
{
  gcry_sexp_t token = gcry_sexp_find_token (signature, name, 0);
  gcry_mpi_t number = gcry_sexp_nth_mpi (token, 1, GCRYMPI_FMT_USG);
  size_t length = 0;

  memset (field, 0, PIONEER_BD_NUMBER_SIZE);
  gcry_mpi_print (GCRYMPI_FMT_USG, NULL, 0, &length, number);
  g_assert (length <= PIONEER_BD_NUMBER_SIZE);
  gcry_mpi_print (GCRYMPI_FMT_USG, field + PIONEER_BD_NUMBER_SIZE - length, length, NULL, number);
  gcry_mpi_release (number);
  gcry_sexp_release (token);
}

/**
 * ofl_practice_pioneer_bd_sign: (skip)
 * @file: (array length=size): a file, in place
 * @size: its bytes, more than %PIONEER_BD_KEY
 * @secret: the private key, 40 hexadecimal digits
 * @public_key: its point, 80 of them
 *
 * Signs a file and puts signature and public key into its header.
 */
void
ofl_practice_pioneer_bd_sign (guint8 *file, gsize size, const char *secret, const char *public_key)
{
  guint8 point[POINT_SIZE] = { 0x04 };
  guint8 number[SECRET_SIZE] = { 0 };
  gcry_sexp_t key = NULL, data, signature = NULL;
  gcry_error_t failed;

  start_library ();
  put_hex (point + 1, PIONEER_BD_PAIR_SIZE, public_key);
  put_hex (number + 1, PIONEER_BD_NUMBER_SIZE, secret);
  failed = gcry_sexp_build (&key, NULL, "(private-key" CURVE "(d %b)))", (int) sizeof point, point,
                            (int) sizeof number, number);
  g_assert (failed == 0);
  data = hash_of (file, size);
  failed = gcry_pk_sign (&signature, data, key);
  g_assert (failed == 0);
  put_number (file + PIONEER_BD_SIGNATURE, signature, "r");
  put_number (file + PIONEER_BD_SIGNATURE + PIONEER_BD_NUMBER_SIZE, signature, "s");
  memcpy (file + PIONEER_BD_PUBLIC_KEY, point + 1, PIONEER_BD_PAIR_SIZE);
  gcry_sexp_release (signature);
  gcry_sexp_release (data);
  gcry_sexp_release (key);
}

/**
 * ofl_practice_pioneer_bd_sign_practice: (skip)
 * @file: (array length=size): a file, in place
 * @size: its bytes, more than %PIONEER_BD_KEY
 *
 * Signs a file with the practice drives' own key.
 */
void
ofl_practice_pioneer_bd_sign_practice (guint8 *file, gsize size)
{
  ofl_practice_pioneer_bd_sign (file, size, PRACTICE_SECRET, PRACTICE_POINT);
}

/**
 * ofl_practice_pioneer_bd_check_signature: (skip)
 * @file: (array length=size): a file as it came over the wire
 * @size: its bytes, more than %PIONEER_BD_KEY
 *
 * Returns: whether it was signed with the practice drives' own key, the only one they take
 */
gboolean
ofl_practice_pioneer_bd_check_signature (const guint8 *file, gsize size)
{
  const guint8 *r = file + PIONEER_BD_SIGNATURE;
  guint8 point[POINT_SIZE] = { 0x04 };
  gcry_sexp_t key = NULL, data, signature = NULL;
  gboolean good;

  start_library ();
  put_hex (point + 1, PIONEER_BD_PAIR_SIZE, PRACTICE_POINT);
  if (memcmp (file + PIONEER_BD_PUBLIC_KEY, point + 1, PIONEER_BD_PAIR_SIZE) != 0)
    return FALSE;
  data = hash_of (file, size);
  good = gcry_sexp_build (&key, NULL, "(public-key" CURVE "))", (int) sizeof point, point) == 0
         && gcry_sexp_build (&signature, NULL, "(sig-val(ecdsa(r %b)(s %b)))",
                             (int) PIONEER_BD_NUMBER_SIZE, r, (int) PIONEER_BD_NUMBER_SIZE,
                             r + PIONEER_BD_NUMBER_SIZE)
                == 0
         && gcry_pk_verify (signature, data, key) == 0;
  gcry_sexp_release (signature);
  gcry_sexp_release (data);
  gcry_sexp_release (key);
  return good;
}
