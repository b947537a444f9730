#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees what is in the window in the guest, with what the ui suite has for that.

usage: window.py STEP...
  registered       waits until the window is known to the assistive technologies
  job              waits for a job's bar
  text=PATTERN     waits for a text in sight that matches
  heading=PATTERN  the same for a heading
Ends with 0 when all came, else with 1 and what was in sight instead. An answer takes long in an
emulated machine, so what has many children, as the log has, is not looked into."""

import os
import re
import sys

sys.path.insert(0, os.environ["UI_TESTS"])

import screen  # noqa: E402

# ten times as long for what never comes: screen.until
PATIENCE = 90
# GTK tells the bus once, and gives up when that takes longer than D-Bus waits
REGISTERS = 12
MANY = 24


def walk(node):
    yield node
    try:
        count = node.childCount
        children = [node.getChildAtIndex(i) for i in range(count if count < MANY else 0)]
    except Exception:  # the node died while it was looked at
        return
    for child in children:
        if child is not None:
            yield from walk(child)


screen.walk = walk


def search(pattern, *roles):
    for root in screen.applications():
        for node in walk(root):
            if screen.role_of(node) in roles and re.search(pattern, node.name or ""):
                return True
    return False


def wait(pattern, *roles):
    screen.until(lambda: search(pattern, *roles), pattern, PATIENCE)


def step(word, pattern):
    if word == "registered":
        screen.until(lambda: any(a.childCount for a in screen.applications()), "a window", REGISTERS)
    elif word == "job":
        screen.wait("Whole job", "progress bar", PATIENCE)
    else:
        wait(pattern, *{"text": ("label", "heading", "alert"), "heading": ("heading",)}[word])


try:
    for argument in sys.argv[1:]:
        step(*argument.partition("=")[::2])
except screen.NotFound as error:
    print("%s; in sight:" % error, *screen.labels(), sep="\n", file=sys.stderr)
    sys.exit(1)
