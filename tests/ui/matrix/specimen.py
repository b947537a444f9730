# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with one of each fault that the matrix looks for, beside the same without it."""

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gtk, Pango  # noqa: E402

LONG = "Ein Text, der mehr Platz braucht, als man ihm hier gibt"


def label(text, **properties):
    return Gtk.Label(label=text, **properties)


def on_activate(application):
    window = Gtk.ApplicationWindow(application=application, title="Muster")
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    window.set_child(box)
    box.append(label("Ganz", ellipsize=Pango.EllipsizeMode.END))
    box.append(label("Verkürzt: " + LONG, ellipsize=Pango.EllipsizeMode.END, max_width_chars=5, halign=1))
    box.append(label("Umgebrochen: " + LONG, wrap=True))
    cutting = Gtk.Fixed(overflow=Gtk.Overflow.HIDDEN)
    cutting.put(label("Abgeschnitten"), -20, 0)
    box.append(cutting)
    # as wide as it likes, in a place that hides the rest
    aside = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.EXTERNAL, vscrollbar_policy=2)
    aside.set_child(label("Zu breit: " + 2 * LONG))
    box.append(aside)
    box.append(Gtk.Box(width_request=500))
    box.append(label("Choose a firmware file first."))
    box.append(label("An earlier job on XY never ended."))
    box.append(label("This sentence is not in the catalogue."))
    box.append(label("Das Laufwerk ist bereit."))
    box.append(Gtk.Button(label="Mit Namen"))
    box.append(Gtk.Button(child=Gtk.Box()))
    window.set_default_size(360, 300)
    window.present()


application = Gtk.Application(application_id="org.optiflash.Specimen")
application.connect("activate", on_activate)
application.run([])
