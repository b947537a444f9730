#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything by keyboard, and the narrow window."""

import pyatspi

import harness
import screen
from harness import DRIVE, TITLE


def in_sight(name, role):
    node = screen.find(name, role)
    if node is None:
        return False
    box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    return box.width > 0 and box.height > 0


def menus(report):
    screen.focus(TITLE)
    screen.keys("F10")
    screen.wait(role="menu item", contains="About Optiflash")
    report.check(True, "F10 opens the menu")
    screen.keys("Escape")
    screen.keys("ctrl+question")
    screen.focus("Keyboard shortcuts")
    screen.wait("Choose a firmware file", "label")
    report.check(True, "Ctrl+? shows the shortcuts")
    screen.keys("Escape")
    screen.until(lambda: screen.find("Choose a firmware file", "label") is None, "them to go")


def second_drive(report):
    screen.focus(TITLE)
    row = screen.wait(contains="WH16NS60", role="list item")
    screen.mouse(row, TITLE)
    screen.wait("Flash BD-RE  WH16NS60…", "push button")
    report.check(
        screen.find(harness.FLASH, "push button") is None, "only the chosen drive's page is read out"
    )
    screen.keys("Up", "Return")
    screen.wait(harness.FLASH, "push button")
    report.check(True, "the arrow keys choose a drive")
    screen.keys("F5")
    screen.wait(contains=DRIVE, role="list item")
    report.check(True, "F5 looks again and keeps the list")


def log(report):
    harness.start_flash()
    screen.focus(TITLE)
    screen.keys("ctrl+l")
    search = screen.wait("Search the log", "entry")
    rows = screen.until(log_lines, "lines in the log")
    report.check(rows, "Ctrl+L opens the log")
    search.queryEditableText().setTextContents("INQUIRY-that-is-nowhere")
    screen.until(lambda: not log_lines(), "the search to leave no line")
    report.check(True, "the search keeps only lines that match")
    screen.wait(role="heading", contains="Verified", timeout=60)


def log_lines():
    table = screen.find("Log", "list")
    return [n for n in screen.walk(table) if screen.role_of(n) == "label"] if table else []


def narrow(report):
    screen.xdotool("windowsize", "--sync", screen.window(TITLE), 360, 640)
    screen.until(lambda: in_sight("Back to the drives", "push button"), "the narrow layout")
    report.check(True, "a narrow window shows one after the other")
    width = screen.wait(role="frame").queryComponent().getExtents(pyatspi.WINDOW_COORDS).width
    report.check(width <= 372, "and fits 360 pixels", "width %d" % width)
    screen.click("Back to the drives")
    screen.until(lambda: in_sight("Drives", "list"), "the list")
    report.check(True, "Back goes back to the list")


def test(report, windows):
    window = harness.Window(harness.firmware("1.03"), speed=1)
    windows.append(window)
    menus(report)
    second_drive(report)
    log(report)
    narrow(report)
    report.end_of(window)


harness.run(test)
