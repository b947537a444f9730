/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-firmware-group.h"

#include <glib/gi18n.h>

#include "ofl-ui-images-row.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-readiness.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-text.h"

struct _OflUiFirmwareGroup {
  AdwPreferencesGroup parent_instance;

  OflUiSession *session;
  OflFirmware *shown_firmware;
  OflImage *shown_image;

  GtkWidget *empty;
  AdwActionRow *file_row;
  GtkImage *file_icon;
  GtkSpinner *spinner;
  OflUiImagesRow *images;
  AdwExpanderRow *details;
  GPtrArray *detail_rows;
  AdwExpanderRow *checks;
  GtkImage *checks_icon;
  GPtrArray *check_rows;
};

G_DEFINE_FINAL_TYPE (OflUiFirmwareGroup, ofl_ui_firmware_group, ADW_TYPE_PREFERENCES_GROUP)

static void
add_detail (OflUiFirmwareGroup *self, const char *title, const char *value, gboolean monospace)
{
  if (value != NULL && value[0] != '\0')
    ofl_ui_rows_add (self->details, self->detail_rows,
                     ofl_ui_rows_property (title, value, monospace));
}

static char *
dup_model (OflImage *image)
{
  const char *vendor = ofl_image_get_fact (image, "vendor");
  const char *product = ofl_image_get_fact (image, "product");
  char *model
      = g_strdup_printf ("%s %s", vendor != NULL ? vendor : "", product != NULL ? product : "");

  return g_strstrip (model);
}

static void
show_details (OflUiFirmwareGroup *self, OflFirmware *firmware, OflImage *image)
{
  const OflHashes *hashes = ofl_firmware_get_hashes (firmware);

  ofl_ui_rows_clear (self->details, self->detail_rows);
  if (image != NULL)
    {
      const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
      g_autofree char *date = ofl_ui_text_date (ofl_image_get_fact (image, "date"));
      g_autofree char *model = dup_model (image);
      g_autofree char *revision = ofl_ui_session_dup_new_revision (self->session);

      add_detail (self, _ ("Model"), model, FALSE);
      add_detail (self, _ ("Revision"), revision, FALSE);
      add_detail (self, _ ("Date"), date, FALSE);
      add_detail (self, _ ("Hardware mark"), ofl_image_get_mark (image), FALSE);
      if (family != NULL)
        add_detail (self, _ ("Family"), ofl_family_name (family), FALSE);
    }
  add_detail (self, "SHA-256", hashes->sha256, TRUE);
  add_detail (self, "SHA-1", hashes->sha1, TRUE);
  add_detail (self, "MD5", hashes->md5, TRUE);
  add_detail (self, "CRC32", hashes->crc32, TRUE);
}

/* Which colour all checks together have, and how many passed. */
static OflImageCheckResult
sum_checks (OflImage *image, guint *passed, guint *present)
{
  OflImageCheckResult worst = OFL_IMAGE_CHECK_OK;

  *passed = *present = 0;
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      OflImageCheckResult result = ofl_image_get_check (image, i)->result;

      *passed += result == OFL_IMAGE_CHECK_OK;
      *present += result != OFL_IMAGE_CHECK_ABSENT;
      if (result == OFL_IMAGE_CHECK_CHANGED
          || (result == OFL_IMAGE_CHECK_WARNING && worst == OFL_IMAGE_CHECK_OK))
        worst = result;
    }
  return *present == 0 ? OFL_IMAGE_CHECK_ABSENT : worst;
}

static void
add_checks (OflUiFirmwareGroup *self, OflImage *image, gboolean failed)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);
      OflUiLook look = ofl_ui_look_of_check (check->result);

      if ((check->result == OFL_IMAGE_CHECK_CHANGED) == failed)
        ofl_ui_rows_add (self->checks, self->check_rows,
                         ofl_ui_rows_look (&look, ofl_image_check_title (check), check->detail));
    }
}

static void
show_checks (OflUiFirmwareGroup *self, OflImage *image)
{
  guint passed, present;
  OflUiLook look;
  g_autofree char *summary = NULL;

  ofl_ui_rows_clear (self->checks, self->check_rows);
  gtk_widget_set_visible (GTK_WIDGET (self->checks), image != NULL);
  if (image == NULL)
    return;

  look = ofl_ui_look_of_check (sum_checks (image, &passed, &present));
  ofl_ui_look_apply (&look, self->checks_icon);
  if (present == 0)
    summary = g_strdup (_ ("This kind of file carries none"));
  else
    summary = g_strdup_printf (ngettext ("%u of %u passed", "%u of %u passed", present), passed,
                               present);
  adw_expander_row_set_subtitle (self->checks, summary);
  /* A failed check is opened at once, and stands first: it is what the user has to read. */
  adw_expander_row_set_expanded (self->checks, passed < present);
  add_checks (self, image, TRUE);
  add_checks (self, image, FALSE);
}

static void
show_firmware (OflUiFirmwareGroup *self, OflFirmware *firmware)
{
  OflImage *image = ofl_ui_session_get_image (self->session);

  ofl_ui_images_row_show (self->images, self->session);
  if (firmware != self->shown_firmware || image != self->shown_image)
    {
      if (firmware != NULL)
        show_details (self, firmware, image);
      show_checks (self, image);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->details), firmware != NULL);
  g_set_object (&self->shown_firmware, firmware);
  self->shown_image = image;
}

/* Of a file in which no image was found. */
static char *
describe_empty (OflFirmware *firmware, const char *size)
{
  const char *name;
  const char *unopened = ofl_firmware_get_unopened (firmware, &name);

  if (unopened == NULL)
    return g_strdup_printf (_ ("%s · no firmware that Optiflash knows is in this file"), size);
  return g_strdup_printf (
      _ ("%s · “%s” is %s that could not be opened here; it may well hold firmware. "
         "Unpack it and open what is inside."),
      size, name, unopened);
}

static gboolean
is_refused (OflUiSession *session)
{
  OflJudgement *judgement = ofl_ui_session_get_judgement (session);

  return judgement != NULL && !ofl_judgement_allows (judgement, TRUE);
}

static char *
describe_file (OflUiSession *session, OflUiLook *look)
{
  OflFirmware *firmware = ofl_ui_session_get_firmware (session);
  const GError *error = ofl_ui_session_get_file_error (session);
  OflImage *image = ofl_ui_session_get_image (session);
  g_autofree char *size = NULL;
  g_autofree char *what = NULL;

  *look = ofl_ui_look_of_check (OFL_IMAGE_CHECK_OK);
  if (ofl_ui_session_is_opening (session))
    return g_strdup (_ ("Reading and checking…"));
  if (error != NULL || firmware == NULL)
    {
      *look = ofl_ui_look_of_check (OFL_IMAGE_CHECK_CHANGED);
      return g_strdup (error != NULL ? error->message : "");
    }
  size = g_format_size (ofl_firmware_get_size (firmware));
  if (image == NULL)
    {
      *look = ofl_ui_look_of_check (OFL_IMAGE_CHECK_CHANGED);
      return describe_empty (firmware, size);
    }
  if (ofl_image_is_changed (image))
    *look = ofl_ui_look_of_check (OFL_IMAGE_CHECK_CHANGED);
  else if (is_refused (session))
    *look = ofl_ui_look_of_level (OFL_LEVEL_RED);
  what = ofl_image_describe (image);
  if (ofl_firmware_get_container (firmware) != NULL)
    return g_strdup_printf ("%s\n%s · %s", what, ofl_firmware_get_container (firmware), size);
  return g_strdup_printf ("%s\n%s", what, size);
}

static void
ofl_ui_firmware_group_dispose (GObject *object)
{
  OflUiFirmwareGroup *self = OFL_UI_FIRMWARE_GROUP (object);

  g_clear_object (&self->session);
  g_clear_object (&self->shown_firmware);
  g_clear_pointer (&self->detail_rows, g_ptr_array_unref);
  g_clear_pointer (&self->check_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_firmware_group_parent_class)->dispose (object);
}

static void
ofl_ui_firmware_group_class_init (OflUiFirmwareGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_IMAGES_ROW);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_firmware_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-firmware-group.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, empty);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, file_row);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, file_icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, images);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, details);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, checks);
  gtk_widget_class_bind_template_child (widget_class, OflUiFirmwareGroup, checks_icon);
}

static void
ofl_ui_firmware_group_init (OflUiFirmwareGroup *self)
{
  self->detail_rows = g_ptr_array_new ();
  self->check_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_firmware_group_show:
 * @self: the group
 * @session: the drive whose firmware file to show
 *
 * Fills the group; rows are made anew only when the file or the image is another one.
 */
void
ofl_ui_firmware_group_show (OflUiFirmwareGroup *self, OflUiSession *session)
{
  GFile *file = ofl_ui_session_get_file (session);
  gboolean opening = ofl_ui_session_is_opening (session);

  g_set_object (&self->session, session);
  gtk_widget_set_visible (self->empty, file == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), file != NULL);
  /* a list without a row in sight is drawn as a line */
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->file_row)), file != NULL);
  show_firmware (self, ofl_ui_session_get_firmware (session));
  if (file != NULL)
    {
      OflUiLook look;
      g_autofree char *display = ofl_ui_session_dup_file_name (session);
      g_autofree char *text = describe_file (session, &look);

      ofl_ui_rows_set_words (GTK_WIDGET (self->file_row), display, text);
      ofl_ui_look_apply (&look, self->file_icon);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->file_icon), !opening);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), opening);
  gtk_spinner_set_spinning (self->spinner, opening);
}
