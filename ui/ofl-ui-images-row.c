/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-images-row.h"

#include <glib/gi18n.h>

#include "flash/ofl-folder.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-words.h"

/* One image's row */
typedef struct {
  GtkWidget *row;
  GtkImage *icon;
  GtkCheckButton *check; /* NULL: there is nothing to choose between */
} Row;

struct _OflUiImagesRow {
  AdwExpanderRow parent_instance;

  OflUiSession *session;
  OflFirmware *shown;
  OflJudgement *judged; /* NULL as long as the drive is not known */
  int chosen;
  gboolean filling;
  GArray *rows; /* of Row */
};

G_DEFINE_FINAL_TYPE (OflUiImagesRow, ofl_ui_images_row, ADW_TYPE_EXPANDER_ROW)

/* An image on its way into a file */
typedef struct {
  OflImage *image;
  char *path;
  gboolean overwrite;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  ofl_image_unref (save->image);
  g_free (save->path);
  g_free (save);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Save *save = data;
  gsize length;
  const guint8 *bytes = ofl_image_get_data (save->image, &length);
  GError *error = NULL;

  if (ofl_file_write (save->path, bytes, length, 0666, save->overwrite, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The row may be gone by now: what is said is said by the window. */
static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  const Save *save = g_task_get_task_data (G_TASK (result));
  GtkWindow *window
      = gtk_application_get_active_window (GTK_APPLICATION (g_application_get_default ()));
  g_autofree char *name = g_filename_display_basename (save->path);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      text = g_strdup_printf ("%s\n\n%s", error->message,
                              _ ("No file was made or changed. Save it again, in another folder or "
                                 "under another name."));
      ofl_ui_dialogs_tell (window, _ ("The image was not saved"), text);
      return;
    }
  /* Translators: %s is a file's name */
  text = g_strdup_printf (_ ("Saved: %s"), name);
  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.toast", "s", text);
}

/* The dialog has asked about a file that is there; one that comes meanwhile is not replaced. */
static void
on_save_chosen (const char *path, gpointer button)
{
  g_autoptr (GTask) task = g_task_new (button, NULL, on_saved, NULL);
  Save *save = g_new0 (Save, 1);

  save->image = ofl_image_ref (g_object_get_data (button, "image"));
  save->path = g_strdup (path);
  save->overwrite = g_file_test (path, G_FILE_TEST_EXISTS);
  g_task_set_source_tag (task, on_save_chosen);
  g_task_set_task_data (task, save, save_free);
  g_task_run_in_thread (task, save_in_thread);
}

static void
on_save (GtkWidget *button)
{
  g_autofree char *title = ofl_image_describe (g_object_get_data (G_OBJECT (button), "image"));
  g_autofree char *name = g_strconcat (title, ".bin", NULL);

  g_strdelimit (name, "/\\:*?\"<>|", '-');
  ofl_ui_dialogs_choose_save (GTK_WINDOW (gtk_widget_get_root (button)), _ ("Save image"), name,
                              on_save_chosen, button);
}

static void
on_toggled (OflUiImagesRow *self, GtkCheckButton *check)
{
  if (self->filling || !gtk_check_button_get_active (check))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    if (g_array_index (self->rows, Row, i).check == check)
      {
        ofl_ui_session_set_image_index (self->session, (int) i);
        return;
      }
}

static char *
describe_checks (const OflImage *image)
{
  guint passed = 0, present = 0;

  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      OflImageCheckResult result = ofl_image_get_check (image, i)->result;

      passed += result == OFL_IMAGE_CHECK_OK;
      present += result != OFL_IMAGE_CHECK_ABSENT;
    }
  if (present == 0)
    return g_strdup (_ ("no checks"));
  /* Translators: of an image's own checks */
  return g_strdup_printf (ngettext ("%u of %u check passed", "%u of %u checks passed", present),
                          passed, present);
}

/* "NEC / Optiarc · 1.0 MB · 3 of 3 checks passed" */
static char *
describe (const OflImage *image)
{
  const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
  g_autofree char *size = g_format_size (g_bytes_get_size (ofl_image_get_bytes (image)));
  g_autofree char *checks = describe_checks (image);

  return g_strdup_printf ("%s · %s · %s",
                          family != NULL ? ofl_family_name (family) : ofl_image_get_family (image),
                          size, checks);
}

static char *
describe_title (const OflImage *image)
{
  g_autofree char *title = ofl_image_describe (image);
  const char *component = ofl_image_show_fact (image, "component");

  return component != NULL ? g_strdup_printf ("%s · %s", title, component)
                           : g_steal_pointer (&title);
}

/* NULL as long as the drive is not known. */
static char *
describe_fit (OflJudgement *judgement, OflUiLook *look)
{
  const OflReason *worst = ofl_judgement_get_worst (judgement);
  OflLevel level = ofl_judgement_get_level (judgement);
  g_autofree char *sentence = worst != NULL ? ofl_ui_words (worst->sentence) : NULL;

  /* what there is to know of one that fits is told when it is chosen */
  *look = ofl_ui_look_of_level (level == OFL_LEVEL_YELLOW ? OFL_LEVEL_GREEN : level);
  if (level <= OFL_LEVEL_YELLOW)
    return g_strdup (_ ("Fits this drive"));
  if (level == OFL_LEVEL_RED_SOFT)
    /* Translators: %s is a sentence that says why */
    return g_strdup_printf (_ ("Fits only in spite of a warning: %s"),
                            sentence != NULL ? sentence : "");
  return g_strdup_printf (_ ("Refused: %s"), sentence != NULL ? sentence : "");
}

static GtkWidget *
make_save (OflImage *image, const char *title)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-save-symbolic");
  /* Translators: %s is what an image says of itself */
  g_autofree char *label = g_strdup_printf (_ ("Save image %s"), title);

  g_object_set_data_full (G_OBJECT (button), "image", ofl_image_ref (image),
                          (GDestroyNotify) ofl_image_unref);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Save image…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (on_save), NULL);
  return button;
}

static void
add_row (OflUiImagesRow *self, OflImage *image, gboolean choose)
{
  g_autofree char *title = describe_title (image);
  Row row = { .row = adw_action_row_new (), .icon = GTK_IMAGE (gtk_image_new ()) };

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row.row), FALSE);
  ofl_ui_rows_set_words (row.row, title, NULL);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row.row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row.row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row.row), GTK_WIDGET (row.icon));
  if (choose)
    {
      row.check = GTK_CHECK_BUTTON (gtk_check_button_new ());
      if (self->rows->len > 0)
        gtk_check_button_set_group (row.check, g_array_index (self->rows, Row, 0).check);
      gtk_widget_set_valign (GTK_WIDGET (row.check), GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row.check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      title, -1);
      g_signal_connect_object (row.check, "toggled", G_CALLBACK (on_toggled), self,
                               G_CONNECT_SWAPPED);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row.row), GTK_WIDGET (row.check));
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row.row), GTK_WIDGET (row.check));
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row.row), make_save (image, title));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row.row);
  g_array_append_val (self->rows, row);
}

static void
show_fit (OflUiImagesRow *self, guint index)
{
  Row *row = &g_array_index (self->rows, Row, index);
  OflImage *image = ofl_firmware_get_image (self->shown, index);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self->session));
  g_autofree char *what = describe (image);
  g_autofree char *fit = NULL;
  g_autofree char *text = NULL;
  OflUiLook look;

  if (snapshot != NULL)
    {
      g_autoptr (OflJudgement) judgement
          = ofl_families_judge (snapshot, image, ofl_ui_session_get_choices (self->session));

      fit = describe_fit (judgement, &look);
      ofl_ui_look_apply (&look, row->icon);
    }
  gtk_widget_set_visible (GTK_WIDGET (row->icon), fit != NULL);
  text = fit != NULL ? g_strdup_printf ("%s\n%s", what, fit) : g_steal_pointer (&what);
  ofl_ui_rows_set_words (row->row, NULL, text);
  if (row->check == NULL)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->check), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
  gtk_check_button_set_active (row->check,
                               (int) index == ofl_ui_session_get_image_index (self->session));
}

/* A file that is its image is seen already, and saved already. */
static gboolean
is_container (OflFirmware *firmware)
{
  guint n = firmware != NULL ? ofl_firmware_get_n_images (firmware) : 0;
  OflImage *image = n == 1 ? ofl_firmware_get_image (firmware, 0) : NULL;

  return n > 1
         || (image != NULL
             && g_bytes_get_size (ofl_image_get_bytes (image)) != ofl_firmware_get_size (firmware));
}

static void
fill (OflUiImagesRow *self, OflFirmware *firmware)
{
  guint n = firmware != NULL ? ofl_firmware_get_n_images (firmware) : 0;
  OflJudgement *judgement = ofl_ui_session_get_judgement (self->session);

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_array_index (self->rows, Row, i).row);
  g_array_set_size (self->rows, 0);
  g_set_object (&self->shown, firmware);
  for (guint i = 0; i < n; i++)
    add_row (self, ofl_firmware_get_image (firmware, i), n > 1);
  /* Where none fits, the others are what the user looks for next. */
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self),
                                 n > 1 && judgement != NULL
                                     && !ofl_judgement_allows (judgement, TRUE));
}

static void
show_summary (OflUiImagesRow *self)
{
  OflImage *image = ofl_ui_session_get_image (self->session);
  g_autofree char *title = image != NULL ? describe_title (image) : g_strdup ("");
  g_autofree char *text = NULL;

  if (self->rows->len > 1)
    /* Translators: the number and the name of the image that is chosen */
    text = g_strdup_printf (ngettext ("%u image; chosen: %s", "%u images; chosen: %s",
                                      self->rows->len),
                            self->rows->len, title);
  else
    text = g_strdup (title);
  ofl_ui_rows_set_words (GTK_WIDGET (self), NULL, text);
}

static void
ofl_ui_images_row_dispose (GObject *object)
{
  OflUiImagesRow *self = OFL_UI_IMAGES_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->judged, ofl_judgement_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  G_OBJECT_CLASS (ofl_ui_images_row_parent_class)->dispose (object);
}

static void
ofl_ui_images_row_class_init (OflUiImagesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_images_row_dispose;
}

static void
ofl_ui_images_row_init (OflUiImagesRow *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
}

/**
 * ofl_ui_images_row_show:
 * @self: the row
 * @session: the drive whose firmware file to show
 *
 * Fills the row; what is in it is made anew only when the file is another one, so that the focus stays.
 */
void
ofl_ui_images_row_show (OflUiImagesRow *self, OflUiSession *session)
{
  OflFirmware *firmware = ofl_ui_session_get_firmware (session);
  OflJudgement *judgement = ofl_ui_session_get_judgement (session);

  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self), is_container (firmware));
  if (firmware == self->shown && judgement == self->judged
      && ofl_ui_session_get_image_index (session) == self->chosen)
    return;
  self->filling = TRUE;
  if (firmware != self->shown)
    fill (self, firmware);
  g_clear_pointer (&self->judged, ofl_judgement_unref);
  self->judged = judgement != NULL ? ofl_judgement_ref (judgement) : NULL;
  self->chosen = ofl_ui_session_get_image_index (session);
  for (guint i = 0; i < self->rows->len; i++)
    show_fit (self, i);
  show_summary (self);
  self->filling = FALSE;
}
