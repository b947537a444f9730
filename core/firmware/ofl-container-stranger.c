/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file is that no format opens: surely no firmware, a package that may well hold some, or
 * nothing that is known, which may be an image. */
#include "firmware/ofl-container-private.h"

#include <glib/gi18n-lib.h>

/* Enough of a program to find what its packer calls itself: they write it at the begin of what they
 * put behind it, or into the code in front. */
#define PROGRAM_HEAD 0x40000u

typedef struct {
  gsize offset;
  const char *mark;
  gsize n_bytes;
  const char *title;
  const char *kind; /* in the middle of a sentence: "“%s” is %s" */
} Package;

/* Marks at a place of their own, of packages that nothing here opens. */
static const Package packages[] = {
  { 7, "**ACE**", 7, N_ ("ACE archive"), N_ ("an ACE archive") },
  { 0, "SIT!", 4, N_ ("StuffIt archive"), N_ ("a StuffIt archive") },
  { 0, "StuffIt (c)", 11, N_ ("StuffIt archive"), N_ ("a StuffIt archive") },
  { 20, "\xDC\xA7\xC4\xFD", 4, N_ ("ZOO archive"), N_ ("a ZOO archive") },
  { 0, "ISc(", 4, N_ ("InstallShield cabinet"), N_ ("an InstallShield cabinet") },
  { 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, N_ ("Windows installer"),
    N_ ("a Windows installer package") },
  { 0, "MSWIM\0\0\0", 8, N_ ("WIM archive"), N_ ("a WIM archive") },
  { 0, "SZDD\x88\xF0\x27\x33", 8, N_ ("Packed file"),
    N_ ("a file packed by Microsoft's COMPRESS") },
  { 0, "KWAJ\x88\xF0\x27\xD1", 8, N_ ("Packed file"),
    N_ ("a file packed by Microsoft's COMPRESS") },
};

/* What makers of Windows installers leave in them, at no fixed place. */
static const Package installers[] = {
  { 0, "Inno Setup Setup Data", 21, N_ ("Inno Setup"), N_ ("an installer made with Inno Setup") },
  { 0, "rDlPtS\xCD\xE6\xD7\x7B\x0B\x2A", 12, N_ ("Inno Setup"),
    N_ ("an installer made with Inno Setup") },
  { 0, "\xEF\xBE\xAD\xDENullsoftInst", 16, N_ ("NSIS"), N_ ("an installer made with NSIS") },
  { 0, "ISSetupStream", 13, N_ ("InstallShield"), N_ ("an installer made with InstallShield") },
  { 0, "InstallShield", 13, N_ ("InstallShield"), N_ ("an installer made with InstallShield") },
  { 0, "WiseMain", 8, N_ ("Wise"), N_ ("an installer made with Wise") },
};

/* A firmware image can hold any bytes, but none is free of control characters; erased flash (FF) is
 * free of them and is no text. */
static gboolean
is_text (OflSlice span)
{
  gsize length = MIN (span.length, 4096u);

  for (gsize i = 0; i < length; i++)
    if ((span.data[i] < 0x20 && strchr ("\t\n\r\f\032", span.data[i]) == NULL) || span.data[i] == 0
        || span.data[i] == 0x7F || span.data[i] == 0xFF)
      return FALSE;
  return TRUE;
}

static gboolean
names_itself (OflSlice span, const Package *installer)
{
  OflSlice head = { span.data, MIN (span.length, PROGRAM_HEAD) };
  gsize at;

  return ofl_slice_find (head, 0, installer->mark, installer->n_bytes, &at);
}

static const Package *
find_installer (OflSlice program)
{
  OflSlice behind = ofl_container_get_overlay (program);

  for (guint i = 0; i < G_N_ELEMENTS (installers); i++)
    if (names_itself (behind, &installers[i]) || names_itself (program, &installers[i]))
      return &installers[i];
  return NULL;
}

static void
describe_program (OflSlice span, OflStranger *stranger)
{
  const Package *installer = find_installer (span);

  /* Translators: %s is the installer it was made with: "Inno Setup" */
  stranger->title = installer != NULL
                        ? g_strdup_printf (_ ("Windows program (%s)"), _ (installer->title))
                        : g_strdup (_ ("Windows program"));
  stranger->kind = installer != NULL ? _ (installer->kind) : _ ("a Windows program");
  stranger->is_package = TRUE;
}

static void
describe_other (const char *title, const char *kind, gboolean is_package, OflStranger *stranger)
{
  stranger->title = g_strdup (title);
  stranger->kind = kind;
  stranger->is_package = is_package;
}

/**
 * ofl_container_describe_stranger:
 * @span: a file that no format opened
 * @stranger: (out caller-allocates): what it is; its title is to be freed
 *
 * Says what a file is when it surely is no image: @stranger has no kind when it may be one.
 */
void
ofl_container_describe_stranger (OflSlice span, OflStranger *stranger)
{
  if (ofl_container_is_program (span, NULL))
    {
      describe_program (span, stranger);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (packages); i++)
    if (ofl_slice_equals (span, packages[i].offset, packages[i].mark, packages[i].n_bytes))
      {
        describe_other (_ (packages[i].title), _ (packages[i].kind), TRUE, stranger);
        return;
      }
  if (span.length == 0)
    describe_other (_ ("Empty file"), _ ("an empty file"), FALSE, stranger);
  else if (is_text (span))
    describe_other (_ ("Text file"), _ ("a text file"), FALSE, stranger);
  else
    describe_other (_ ("Raw image"), NULL, FALSE, stranger);
}
