# SPDX-License-Identifier: GPL-3.0-or-later
"""drag-source.py FILE…: a small window from which the files can be dragged, as a file manager does."""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

TITLE = "Drag source"


def on_activate(application):
    window = Gtk.ApplicationWindow(application=application, title=TITLE)
    window.set_decorated(False)
    window.set_default_size(100, 60)
    label = Gtk.Label(label="drag me")
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path) for path in sys.argv[1:]])
    source.connect("prepare", lambda *_: Gdk.ContentProvider.new_for_value(files))
    label.add_controller(source)
    window.set_child(label)
    window.present()


application = Gtk.Application(application_id="org.optiflash.DragSource")
application.connect("activate", on_activate)
application.run([])
