#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file with several images: what each is, which is chosen, and each saved as a file of its own."""

import os
import time
import zipfile

import harness
import screen
import tools
from harness import FLASH, TITLE, WORK

SAVE = "Save image"


def make_zip(name, *paths):
    archive = os.path.join(WORK, name)
    with zipfile.ZipFile(archive, "w") as file:
        for path in paths:
            file.write(path, os.path.basename(path))
    return archive


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def rows():
    """Of the images: name and description of what chooses each."""
    found = [n for a in screen.applications() for n in screen.walk(a)]
    return [n for n in found if screen.role_of(n) in ("radio button", "check box") and "1.0" in n.name]


def save(title, to):
    screen.click(SAVE + " " + title)
    screen.window(SAVE)
    screen.choose_file(to, SAVE)


def several(report):
    texts = "\n".join(screen.labels())
    report.check("3 images; chosen: HL-DT-ST BD-RE BU40N 1.03" in texts, "one that fits is chosen", texts)
    screen.mouse(screen.wait("Firmware in this file", "label"), TITLE)
    screen.until(lambda: len(rows()) == 3, "three images to choose from")
    texts = "\n".join(screen.labels()).replace("\u00a0", " ")
    report.check("NEC / Optiarc · 1.0 MB · 3 of 3 checks passed" in texts, "each says what it is", texts)
    report.check("Refused: This is a firmware for NEC / Optiarc drives" in texts, "and whether it fits")
    report.check(texts.count("Fits this drive") == 2, "two of them do")
    harness.shot("images")


def by_keyboard(report):
    """The second of those that fit, from the row that was opened."""
    screen.focus(TITLE)
    screen.keys("Down", "Down", "Return")
    screen.until(lambda: harness.text_in_sight("chosen: HL-DT-ST BD-RE BU40N 1.04"), "it to be chosen")
    report.check(screen.sensitive(screen.wait(FLASH, "push button")), "another image is chosen by keyboard")


def unplugged(report):
    """Another image can be chosen while nobody knows whether it fits."""
    screen.click("Practise the worst")
    screen.wait("Unplugged", "radio menu item")
    screen.click("Unplugged", "radio menu item")
    screen.until(lambda: harness.text_in_sight("is unplugged. Plug it in again"), "the drive to be gone")
    row = next(n for n in rows() if "BU40N 1.03" in n.name)
    screen.mouse(row, TITLE)
    screen.until(lambda: harness.text_in_sight("chosen: HL-DT-ST BD-RE BU40N 1.03"), "it to be chosen")
    report.check(True, "of a drive that is gone it is said which image is chosen, too")
    screen.click("Plug in again")
    screen.until(lambda: not harness.text_in_sight("is unplugged"), "the drive to be back")


def saved(report, path):
    out = os.path.join(WORK, "saved & kept.bin")
    title = "HL-DT-ST BD-RE BU40N 1.04"
    save(title, out)
    screen.until(lambda: os.path.exists(out), "the image to be saved")
    screen.until(lambda: harness.text_in_sight("Saved: saved & kept.bin"), "the file's whole name")
    report.check(True, "where it was saved is told by the file's whole name")
    screen.until(lambda: contents(out) == contents(path), "all of it")
    report.check(True, "the image is saved, byte for byte")
    save(title, "/proc/saved & kept.bin")
    screen.wait("The image was not saved", "label")
    report.check(
        harness.text_in_sight("No file was made or changed."), "where it cannot be saved, it says what that means"
    )
    harness.shot("images-not-saved")
    screen.keys("Escape")
    screen.until(lambda: not screen.find("The image was not saved", "label"), "the message to go")
    with open(out, "wb") as file:
        file.write(b"mine")
    save(title, out)
    screen.focus(SAVE)
    screen.until(lambda: screen.find("Replace", "push button"), "the question of the file dialog")
    report.check(contents(out) == b"mine", "a file that is there is asked about")
    screen.keys("Escape", "Escape")
    report.check(contents(out) == b"mine", "and kept")


def test(report, windows):
    newer = harness.firmware("1.04")
    path = make_zip(
        "update.zip", harness.firmware("1.03"), newer, harness.firmware("1.02", drive="nd3500")
    )
    windows.append(harness.Window(path, speed=50))
    screen.wait("Firmware in this file", "label")
    several(report)
    by_keyboard(report)
    unplugged(report)
    saved(report, newer)
    tools.narrow(report, TITLE)
    shape = screen.xdotool("getwindowgeometry", "--shell", screen.window(TITLE))
    report.check(int(shape.split("WIDTH=")[1].split()[0]) <= 372, "and stays so", shape)
    report.check(screen.find("Back to the drives", "push button"), "the file stays in sight")
    screen.xdotool("mousemove", "--sync", "--window", screen.window(TITLE), 180, 300)
    screen.xdotool("click", "--repeat", 4, "--delay", 50, 5)
    time.sleep(0.5)  # for the picture
    harness.shot("images-narrow")
    report.end_of(windows[0])


harness.run(test)
