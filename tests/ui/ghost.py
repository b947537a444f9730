# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a program for a window that it does not have, as a screen reader does when one goes in that moment.

GTK 4.8 answers with the last window that it has, and crashes if that one is hidden or was never
shown: so no window may be kept that is not in sight."""

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

ROOT = "/org/a11y/atspi/accessible/root"


def accessibility_bus():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    reply = session.call_sync(
        "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None
    )
    flags = Gio.DBusConnectionFlags
    return Gio.DBusConnection.new_for_address_sync(
        reply.unpack()[0],
        flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION,
    )


def ask(bus, name, path, interface, method, arguments):
    try:
        reply = bus.call_sync(name, path, interface, method, arguments, None, 0, 10000, None)
        return reply.unpack()[0]
    except GLib.Error:  # has just gone; or has no window at all, to which GTK gives no answer
        return None


def survives(window):
    """Asks for window no. 99; whether the program could be asked, and lives."""
    bus = accessibility_bus()
    dbus = ("org.freedesktop.DBus", "/", "org.freedesktop.DBus")
    asked = 0
    for name in ask(bus, *dbus, "ListNames", None):
        owner = ask(bus, *dbus, "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))
        if owner == window.process.pid:
            index = GLib.Variant("(i)", (99,))
            ask(bus, name, ROOT, "org.a11y.atspi.Accessible", "GetChildAtIndex", index)
            asked += 1
    return asked > 0 and window.process.poll() is None
