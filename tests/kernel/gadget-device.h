/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "families/ofl-practice-catalog.h"

G_BEGIN_DECLS

/* A practice drive with a clock that runs, and a log in a file. Thread safe: one thread carries
 * the commands, another unplugs the drive meanwhile. */
typedef struct _OflGadgetDevice OflGadgetDevice;

OflGadgetDevice *ofl_gadget_device_new (const char *id, guint32 seed, double speed,
                                        const char *log_path, GError **error);

gboolean ofl_gadget_device_execute (OflGadgetDevice *self, const OflPracticeRequest *request,
                                    OflPracticeAnswer *answer);
void ofl_gadget_device_reset (OflGadgetDevice *self);
void ofl_gadget_device_power_on (OflGadgetDevice *self);
void ofl_gadget_device_power_off (OflGadgetDevice *self);

gboolean ofl_gadget_device_make_new (OflGadgetDevice *self, const char *id, GError **error);
gboolean ofl_gadget_device_add_fault (OflGadgetDevice *self, const char *fault, GError **error);
void ofl_gadget_device_clear_faults (OflGadgetDevice *self);
void ofl_gadget_device_release (OflGadgetDevice *self);
void ofl_gadget_device_set_disc (OflGadgetDevice *self, gboolean disc);
gboolean ofl_gadget_device_check_holds (OflGadgetDevice *self, const char *path, GError **error);
gint64 ofl_gadget_device_to_real_us (OflGadgetDevice *self, gint64 drive_us);
void ofl_gadget_device_note (OflGadgetDevice *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
