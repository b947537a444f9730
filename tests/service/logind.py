# SPDX-License-Identifier: GPL-3.0-or-later
"""python-dbusmock template: a logind that knows one thing, Inhibit(), and writes down when a block
is taken and when it is let go. The descriptor is one end of a pipe: the other end hears of its
closing, also by a crash."""

import os

import dbus
from gi.repository import GLib

BUS_NAME = "org.freedesktop.login1"
MAIN_OBJ = "/org/freedesktop/login1"
MAIN_IFACE = "org.freedesktop.login1.Manager"
SYSTEM_BUS = True


def load(mock, parameters):
    mock.path = str(parameters["log"])
    mock.held = 0


def note(mock, line):
    with open(mock.path, "a", encoding="utf-8") as file:
        file.write(line + "\n")


@dbus.service.method(MAIN_IFACE, in_signature="ssss", out_signature="h")
def Inhibit(self, what, who, why, mode):
    ours, theirs = os.pipe()
    self.held += 1
    note(self, "take|%s|%s|%s|%s" % (what, who, why, mode))

    def released(fd, condition):
        os.close(fd)
        self.held -= 1
        note(self, "release|%d left" % self.held)
        return False

    GLib.io_add_watch(ours, GLib.IO_HUP, released)
    handed_over = dbus.types.UnixFd(theirs)
    os.close(theirs)
    return handed_over
