#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hears what a screen reader hears: writes each event as a line "TYPE<tab>ROLE<tab>TEXT" to a file.

listener.py FILE
"""

import sys

import gi

gi.require_version("Atspi", "2.0")
import pyatspi  # noqa: E402

TYPES = (
    "object:property-change:accessible-name",
    "object:property-change:accessible-description",
    "object:state-changed:focused",
)


def write(event):
    try:
        role, text = event.source.getRoleName(), event.any_data
        if event.type == "object:state-changed:focused":
            text = event.source.name if event.detail1 else ""
    except Exception:  # it died before it was asked
        return
    if text:
        print("%s\t%s\t%s" % (event.type, role, text.replace("\n", " ")), file=out, flush=True)


out = open(sys.argv[1], "a")
pyatspi.Registry.registerEventListener(write, *TYPES)
print("ready", file=out, flush=True)
pyatspi.Registry.start()
