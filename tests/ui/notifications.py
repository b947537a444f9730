#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A notification service that writes each notification's title into a file, and again, behind "withdrawn: ",
when it is taken back."""

import sys

from gi.repository import Gio, GLib

XML = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify">
 <arg direction="in" type="s"/><arg direction="in" type="u"/><arg direction="in" type="s"/>
 <arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="as"/>
 <arg direction="in" type="a{sv}"/><arg direction="in" type="i"/><arg direction="out" type="u"/>
</method>
<method name="CloseNotification"><arg direction="in" type="u"/></method>
</interface></node>"""


titles = []


def write(line):
    with open(sys.argv[1], "a") as file:
        file.write(line + "\n")


def on_call(connection, sender, path, interface, method, parameters, invocation):
    if method == "CloseNotification":
        write("withdrawn: " + titles[parameters.unpack()[0] - 1])
        invocation.return_value(None)
        return
    _, replaced, _, title = parameters.unpack()[:4]
    if replaced:
        titles[replaced - 1] = title
    else:
        titles.append(title)
    write(title)
    invocation.return_value(GLib.Variant("(u)", (replaced or len(titles),)))


def on_bus(connection, name):
    info = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
    connection.register_object("/org/freedesktop/Notifications", info, on_call, None, None)


def on_name(connection, name):
    open(sys.argv[1], "a").close()


Gio.bus_own_name(
    Gio.BusType.SESSION, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE,
    on_bus, on_name, None,
)  # fmt: skip
GLib.MainLoop().run()
