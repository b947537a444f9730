#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hears the display's bell, which an Xvfb rings for nobody: a line in a file for each."""

import ctypes
import sys

XKB_USE_CORE_KEYBOARD = 0x100
XKB_BELL_NOTIFY = 8

x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
numbers = [ctypes.c_int(value) for value in (0, 0, 0, 1, 0)]
if not x.XkbQueryExtension(display, *[ctypes.byref(number) for number in numbers]):
    sys.exit("this display has no keyboard extension")
first_event = numbers[1].value
x.XkbSelectEvents(
    display, ctypes.c_uint(XKB_USE_CORE_KEYBOARD), ctypes.c_ulong(1 << XKB_BELL_NOTIFY),
    ctypes.c_ulong(1 << XKB_BELL_NOTIFY),
)  # fmt: skip
x.XSync(display, 0)
open(sys.argv[1], "a").close()  # from now on it listens
event = (ctypes.c_long * 24)()
while True:
    x.XNextEvent(display, ctypes.byref(event))
    kind = ctypes.c_int.from_buffer(event).value
    xkb_kind = ctypes.c_int.from_buffer(event, 5 * ctypes.sizeof(ctypes.c_long)).value
    if kind == first_event and xkb_kind == XKB_BELL_NOTIFY:
        with open(sys.argv[1], "a") as file:
            file.write("bell\n")
