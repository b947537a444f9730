/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signature of a BD file: ECDSA over a curve that no library knows by name, verified by libgcrypt,
 * which is given all its parameters. pioneer 3.7. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <gcrypt.h>
#include <string.h>

#define SIGNATURE_AT 0x170
#define NUMBER_LEN 20
#define DIGEST_LEN 20
/* what the signature may be of: from there to the end */
#define FROM_KEY 0x200
#define FROM_WORDS 0x10200

/* n is a prime as long as p, so every point of the curve is a multiple of g. */
static const char curve[] = "(public-key (ecdsa"
                            " (p #00e14639330258ef519cfe5fc1ad99284502874d2b#)"
                            " (a #48fa0f23b610f399a80fbc0abe9cecd73c5d1e12#)"
                            " (b #2794e57cf726ec2b17ff8ef71016038776faac60#)"
                            " (g #0475a35b281dee9b185654896f6d60b18d9ff954dc"
                            "b2c7fbc50a2e8b4b1a8a38577058ba4a005b6208#)"
                            " (n #00e14639330258ef519cfc7f76cbc2926029906bb5#)"
                            " (h #01#) (q %b)))";

static gpointer
start_library (gpointer unused)
{
  if (gcry_check_version (NULL) == NULL)
    return NULL;
  if (!gcry_control (GCRYCTL_INITIALIZATION_FINISHED_P))
    {
      gcry_control (GCRYCTL_DISABLE_SECMEM, 0);
      gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
  return GINT_TO_POINTER (TRUE);
}

static gboolean
is_ready (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, start_library, NULL) != NULL;
}

/**
 * ofl_pioneer_bd_verify:
 * @signature: (array fixed-size=80): r, s, Qx, Qy, 20 bytes each, big-endian
 * @digest: (array fixed-size=20): SHA-1 of what was signed
 *
 * pioneer 3.7. The key that it is verified with is the one that comes with it.
 *
 * Returns: whether the signature fits; %FALSE also when its key is no point of the curve, or when
 *   the library will not verify over this curve
 */
gboolean
ofl_pioneer_bd_verify (const guint8 *signature, const guint8 digest[20])
{
  guint8 point[1 + 2 * NUMBER_LEN] = { 0x04 };
  gcry_sexp_t key = NULL, sig = NULL, data = NULL;
  gcry_mpi_t r = NULL, s = NULL, hash = NULL;
  gboolean good;

  if (!is_ready ())
    return FALSE;
  memcpy (point + 1, signature + 2 * NUMBER_LEN, 2 * NUMBER_LEN);
  good = gcry_mpi_scan (&r, GCRYMPI_FMT_USG, signature, NUMBER_LEN, NULL) == 0
         && gcry_mpi_scan (&s, GCRYMPI_FMT_USG, signature + NUMBER_LEN, NUMBER_LEN, NULL) == 0
         && gcry_mpi_scan (&hash, GCRYMPI_FMT_USG, digest, DIGEST_LEN, NULL) == 0
         && gcry_sexp_build (&key, NULL, curve, (int) sizeof point, point) == 0
         && gcry_sexp_build (&sig, NULL, "(sig-val (ecdsa (r %m) (s %m)))", r, s) == 0
         && gcry_sexp_build (&data, NULL, "(data (flags raw) (value %m))", hash) == 0
         && gcry_pk_verify (sig, data, key) == 0;
  gcry_sexp_release (data);
  gcry_sexp_release (sig);
  gcry_sexp_release (key);
  gcry_mpi_release (hash);
  gcry_mpi_release (s);
  gcry_mpi_release (r);
  return good;
}

static gboolean
fits_from (const guint8 *file, gsize length, gsize from)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[DIGEST_LEN];
  gsize n = sizeof digest;

  if (length <= from)
    return FALSE;
  g_checksum_update (sum, file + from, (gssize) (length - from));
  g_checksum_get_digest (sum, digest, &n);
  return ofl_pioneer_bd_verify (file + SIGNATURE_AT, digest);
}

/**
 * ofl_pioneer_bd_signed:
 * @file: (array length=length): a BD file, at least its header
 * @length: its length
 *
 * pioneer 3.7: which of the two stretches is signed is not told, so each is tried.
 *
 * Returns: what the signature in the header fits
 */
OflPioneerSigned
ofl_pioneer_bd_signed (const guint8 *file, gsize length)
{
  if (fits_from (file, length, FROM_KEY))
    return OFL_PIONEER_SIGNED_KEY;
  return fits_from (file, length, FROM_WORDS) ? OFL_PIONEER_SIGNED_WORDS : OFL_PIONEER_SIGNED_NOT;
}
