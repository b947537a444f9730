#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files find their drive: whatever is given, at any time, in any way."""

import os
import subprocess
import sys
import time

import harness
import screen
from harness import FLASH, TITLE, WORK

NEC = "DVDRW ND-3500AG"


def give(*paths):
    """As a second start of the program does, or "open with" of a file manager."""
    subprocess.run([harness.APP, *paths], check=True, timeout=60)


def button(model):
    return screen.wait("Flash %s…" % model, "push button")


def chosen(path):
    return screen.wait(contains=os.path.basename(path), role="label")


def choose_files(folder, *names):
    """Ctrl+O, and names in GTK's file chooser."""
    screen.focus(TITLE)
    screen.keys("ctrl+o")
    screen.window("Choose a firmware file")
    text = os.path.join(folder, names[0])
    screen.choose_file(text, "Choose a firmware file")


def in_bar(part):
    return screen.until(lambda: harness.text_in_sight(part), "“%s”" % part)


def gone(part):
    screen.until(lambda: not harness.text_in_sight(part), "“%s” to go" % part)


def other_drive(report):
    path = harness.firmware("2.1B", drive="nd3500")
    give(path)
    flash = button(NEC)
    chosen(path)
    report.check(True, "a file of another drive chooses that drive")
    report.check("DVDRW" not in flash.name, "its name reads on the button as it is", flash.name)
    in_bar("fits DVD_RW ND-3500AG: that drive was chosen")
    report.check(True, "and says so")
    harness.shot("files-chosen")
    own = harness.firmware("1.03")
    choose_files(*os.path.split(own))
    button("BD-RE BU40N")
    chosen(own)
    in_bar("fits BD-RE BU40N: that drive was chosen")
    report.check(True, "so does Ctrl+O")
    give(own)
    gone("that drive was chosen")
    report.check(True, "for the drive in sight nothing needs to be said")


def together(report):
    kernel = harness.firmware("1.50", "kernel", "dvr109")
    normal = harness.firmware("1.50", drive="dvr109")
    notes = os.path.join(WORK, "readme.txt")
    with open(notes, "w") as file:
        file.write("Unpack, then flash.\n")
    give(normal, notes, kernel)
    button("DVD-RW  DVR-109")
    in_bar("both parts are for the same drives")
    report.check(True, "kernel and normal part are taken together")
    in_bar("Not opened: “readme.txt”.")
    report.check(True, "what is not taken is said")
    harness.shot("files-together")
    screen.click("Close this message")
    gone("Not opened: “readme.txt”.")
    report.check(True, "and can be closed")


def several(report):
    """No drive takes this one but by somebody's word, and three would."""
    path = harness.firmware("1.03", "other-model")
    give(path)
    dialog = screen.wait(role="dialog")
    rows = [n.name for n in screen.walk(dialog) if screen.role_of(n) == "list item"]
    report.check(len(rows) == 3, "a file that fits several drives asks for which", str(rows))
    harness.shot("files-several")
    screen.keys("Escape")
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    report.check(
        screen.find("Flash DVD-RW  DVR-109…", "push button"), "the answer “none” changes nothing"
    )
    give(path)
    screen.wait(role="dialog")
    screen.focus("For which drive")
    screen.keys("Down", "Return")
    chosen(path)
    button("BD-RE BP60NB10")
    report.check(True, "by keyboard the second is chosen")


def dragged(report):
    """Dropped at any place of the window, onto the page of another drive."""
    path = harness.firmware("TS03", drive="se506")
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drag-source.py")
    source = subprocess.Popen([sys.executable, script, path])
    handle = screen.window("Drag source")
    screen.xdotool("windowmove", "--sync", handle, 985, 780)
    screen.xdotool("mousemove", "--sync", "--window", handle, 50, 30)
    time.sleep(0.3)
    screen.xdotool("mousedown", 1)
    for x, y in ((60, 20), (20, -40), (-200, -200), (-250, -250), (-300, -300)):
        screen.xdotool("mousemove_relative", "--", x, y)
        time.sleep(0.2)
    harness.shot("files-dragged")
    screen.xdotool("mouseup", 1)
    button("BDDVDW SE-506CB")
    chosen(path)
    report.check(True, "a file that is dropped finds its drive")
    source.terminate()
    source.wait()


def verdict(report):
    """From the end of a job a file leads to what can be done with it."""
    own = harness.firmware("1.03")
    give(own)
    chosen(own)
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=60)
    newer = harness.firmware("1.04")
    give(newer)
    chosen(newer)
    report.check(harness.text_in_sight("Does it fit?"), "a file leads away from a verdict")
    give(harness.firmware("1.50", "kernel", "dvr109"))
    button("DVD-RW  DVR-109")


def nothing(report):
    path = os.path.join(WORK, "holiday.jpg")
    with open(path, "wb") as file:
        file.write(b"\xff\xd8\xff\xe0" + bytes(5000))
    give(path)
    chosen(path)
    in_bar("no firmware that Optiflash knows is in this file")
    report.check(
        screen.find("Flash DVD-RW  DVR-109…", "push button"), "what fits nowhere is refused where one is"
    )


def several_useless(report):
    """Nothing was opened, and nobody says that anything was."""
    paths = []
    for i in range(6):
        paths.append(os.path.join(WORK, "holiday-%d.jpg" % i))
        with open(paths[-1], "wb") as file:
            file.write(b"\xff\xd8\xff\xe0" + bytes(5000))
    give(*paths[:5])
    text = in_bar("None of these files can be used")
    report.check("“holiday-0.jpg”" in text and "“holiday-4.jpg”" in text, "which they are is said", text)
    report.check(not harness.text_in_sight("Opened:"), "and not that one was opened")
    kept = harness.firmware("1.02", drive="nd3500")
    give(*paths, kept)
    button(NEC)
    chosen(kept)
    in_bar("Not opened: “holiday-0.jpg”")
    report.check(True, "of many files the one that holds firmware is found")


def asked(report):
    """The question whether to flash is about one file."""
    own = harness.firmware("1.03")
    give(own)
    chosen(own)
    flash = button("BD-RE BU40N")
    screen.until(lambda: screen.sensitive(flash), "the flash button to become sensitive")
    screen.click(FLASH)
    screen.wait(role="dialog")
    newer = harness.firmware("1.04")
    give(newer)
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    report.check(True, "with another file the question goes")
    chosen(newer)
    report.check(not screen.find("Whole job", "progress bar"), "and nothing is flashed")


def without_drives(report, windows):
    """Nothing is plugged in: the file says what it is, and waits."""
    path = harness.firmware("1.03")
    window = harness.Window(path, practice=False)
    windows.append(window)
    in_bar("No drive is here that takes it")
    texts = "\n".join(screen.labels())
    report.check("HL-DT-ST BD-RE BU40N 1.03 (MediaTek MT1959)" in texts, "it says what it is", texts)
    report.check(screen.find("Do not open this file", "push button"), "its button says what it does")
    harness.shot("files-no-drive")
    screen.xdotool("windowsize", "--sync", screen.window(TITLE), 360, 640)
    in_bar("No drive is here that takes it")
    harness.shot("files-no-drive-narrow")
    give(os.path.join(os.environ["SOURCE_ROOT"], "COPYING"), path)
    in_bar("Not opened: “COPYING”.")
    report.check(harness.text_in_sight("No drive is here that takes it"), "what was not taken is named there, too")
    report.end_of(window)


def test(report, windows):
    without_drives(report, windows)
    windows.append(harness.Window(speed=50))
    other_drive(report)
    together(report)
    several(report)
    dragged(report)
    verdict(report)
    nothing(report)
    several_useless(report)
    asked(report)
    report.end_of(windows[-1])


harness.run(test)
