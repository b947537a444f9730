#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""“Is my drive served?” in the window: by the menu and by keyboard, for drives that are served, that are
not, and that nobody knows."""

import os

import harness
import screen
from harness import TITLE

SEARCH = "Is my drive served?"


def look_up(text):
    screen.wait("Name of a drive", "entry").queryEditableText().setTextContents(text)


def picture(name):
    folder = os.environ.get("SCREENSHOTS", harness.WORK)
    os.makedirs(folder, exist_ok=True)
    screen.screenshot(os.path.join(folder, name + ".png"), SEARCH)


def finds(report, text, name, word, part):
    look_up(text)
    screen.wait(name, "label")
    report.check(screen.find(word, "label") is not None, "%s: %s" % (text, word))
    report.check(harness.text_in_sight(part) is not None, "and why", "; ".join(screen.labels()))


def test(report, windows):
    window = harness.Window(speed=20)
    windows.append(window)
    screen.focus(TITLE)
    screen.keys("F10")
    screen.wait(role="menu item", contains=SEARCH)
    report.check(True, "the menu has the search")
    screen.keys("Escape")
    screen.keys("ctrl+f")
    screen.wait("Look a drive up", "label")
    report.check(True, "Ctrl+F opens it")
    picture("search-start")
    finds(report, "sohw-812s", "LITE-ON DVDRW SOHW-812S", "Not written", "What exists elsewhere")
    picture("search-not-written")
    finds(report, "BU40N", "HL-DT-ST BD-RE BU40N", "Served", "MediaTek MT1959")
    finds(report, "SH-D163A", "hp DVD-ROM SH-D163A", "Not confirmed", "name not confirmed")
    picture("search-found")
    finds(report, "GDR8164B", "HL-DT-ST DVD-ROM GDR…", "Not served", "Panasonic")
    look_up("DVD")
    screen.until(lambda: harness.text_in_sight("type more of it"), "the rest to be counted")
    report.check(True, "a list that would be too long says how much is left out")
    picture("search-many")
    look_up("Frobnicator 2000")
    screen.wait("Not known to us", "label")
    report.check(
        harness.text_in_sight("optiflashctl report DRIVE") is not None,
        "a drive that nobody knows: what can be done all the same",
    )
    picture("search-nothing")
    look_up("")
    screen.wait("Look a drive up", "label")
    report.check(True, "nothing typed: how to begin")
    screen.focus(SEARCH)
    screen.keys("Escape")
    screen.until(lambda: screen.find("Name of a drive", "entry") is None, "the window to go")
    report.check(True, "Escape closes it")
    report.end_of(window)


harness.run(test)
