#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a job: names of commands, levels, filter, search, copy, save, and what is kept of it."""

import os
import re
import time

import pyatspi

import harness
import screen
import tools
from harness import TITLE

LEVELS = {"command": "Command", "info": "Note", "warning": "Warning", "error": "Error"}
LINE = re.compile(r"^[\d:.]+ +(command|info|warning|error) +(.+)$")


def rows():
    """(level as its icon says, the line) of each row of the list in sight."""
    found = []
    for row in screen.walk(table[-1]):
        if screen.role_of(row) != "list item":
            continue
        nodes = list(screen.walk(row))
        icons = [n.name for n in nodes if screen.role_of(n) in ("icon", "image")]
        texts = [n.name for n in nodes if screen.role_of(n) == "label"]
        if icons and texts:
            found.append((icons[0], texts[0]))
    return found


def open_log():
    screen.focus(TITLE)
    screen.keys("ctrl+l")
    screen.wait("Search the log", "entry")
    table.append(screen.wait("Log", "list"))


table = []


def setting():
    return tools.settings().get("log-level", "0")


def kept(report, value, what):
    screen.until(lambda: setting() == value, "the level %s to be kept" % value)
    report.check(True, what)


def search(text):
    screen.wait("Search the log", "entry").queryEditableText().setTextContents(text)


def choose(step):
    """In the drop-down of the levels, opened by mouse: so many down, or up."""
    level = screen.wait("What is shown of the log", "combo box")

    def is_open():
        return any(
            n.getState().contains(pyatspi.STATE_FOCUSED)
            for n in screen.walk(level)
            if screen.role_of(n) == "list item"
        )

    def opened():
        screen.focus(TITLE)
        screen.mouse(level, TITLE)
        time.sleep(2)
        return is_open()

    screen.until(opened, "the list of levels")
    screen.keys(*[("Down" if step > 0 else "Up")] * abs(step), "Return")


def lines(report):
    open_log()
    found = screen.until(rows, "lines in the log")
    good = [row for row in found if LINE.match(row[1]) and LEVELS[LINE.match(row[1])[1]] == row[0]]
    report.check(good == found, "each line has its level as a word and as an icon", str(found[:3]))
    search("WRITE BUFFER")
    wanted = re.compile(r"WRITE BUFFER, 16384 bytes at [0-9A-F]+h: ok, [\d.]+ ms  \[3b ")
    screen.until(lambda: any(wanted.search(text) for _, text in rows()), "a WRITE BUFFER, its length, its place")
    report.check(all("WRITE BUFFER" in text for _, text in rows()), "the search keeps only its lines")
    search("")
    harness.shot("log")


def filtered(report):
    screen.until(lambda: {"Command"} <= {level for level, _ in rows()}, "commands in sight")
    choose(1)
    screen.until(lambda: rows() and "Command" not in {level for level, _ in rows()}, "the commands to go")
    kept(report, "1", "no commands: they go, and that is kept")
    choose(2)
    screen.until(lambda: not rows(), "all lines to go: nothing went wrong")
    kept(report, "3", "errors alone: there is none")
    harness.shot("log-empty")
    choose(-3)
    screen.until(lambda: "Command" in {level for level, _ in rows()}, "everything again")
    kept(report, "0", "everything: the commands are back")


def copied_and_saved(report):
    path = os.path.join(harness.WORK, "saved.log")
    choose(1)
    screen.until(lambda: "Command" not in {level for level, _ in rows()}, "the commands to go")
    screen.click("Save the log…")
    screen.choose_file(path, "Save log")
    screen.until(lambda: os.path.exists(path) and os.path.getsize(path), "the file")
    with open(path) as file:
        saved = file.read().splitlines()
    report.check(all(LINE.match(line) for line in saved), "what is saved reads as it is shown", str(saved[:2]))
    report.check(any(" command " in line for line in saved), "a saved log has what is hidden, too")
    choose(-1)


def remembered(report, windows):
    """A window that is started later begins with what was chosen."""
    choose(1)
    screen.until(lambda: setting() == "1", "it to be kept")
    report.end_of(windows[0])
    second = harness.Window(harness.firmware("1.03"), speed=8)
    windows.append(second)
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    open_log()
    found = screen.until(rows, "lines in the log")
    report.check("Command" not in {level for level, _ in found}, "the next window remembers it", str(found[:3]))
    report.end_of(second)


def test(report, windows):
    window = harness.Window(harness.firmware("1.03"), speed=8)
    windows.append(window)
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    lines(report)
    filtered(report)
    copied_and_saved(report)
    remembered(report, windows)


harness.run(test)
