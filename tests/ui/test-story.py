#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that the program was begun for, in one window and without a restart: a cable that garbles the
drive's name, the cable mended, the maker's EXE opened, an image chosen, flashed and verified; and of the
SOHW-812S, which cannot be flashed in a public way, what can be read."""

import os
import struct
import zipfile

import harness
import screen
import tools
from harness import DRIVE, FLASH, TITLE, WORK

BACKUP = os.path.join(WORK, "lite-on", "sohw812s.bin")
EXE = os.path.join(WORK, "BU40N-update.exe")


def stub():
    """A Windows program of one section in which nothing stands."""
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 0xE0, 0x102)
    optional = struct.pack("<H", 0x10B) + bytes(0xE0 - 2)
    section = b".text\0\0\0" + struct.pack("<IIIIIIHHI", 512, 0x1000, 512, 512, 0, 0, 0, 0, 0x60000020)
    return (dos + coff + optional + section).ljust(512, b"\0") + bytes(512)


def make_exe():
    """A self-unpacking program as makers ship them: a program, and a ZIP behind it."""
    with open(EXE, "wb") as file:
        file.write(stub())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for revision in ("1.03", "1.04"):
                archive.write(harness.firmware(revision), revision + ".bin")


def open_exe():
    screen.focus(TITLE)
    screen.keys("ctrl+o")
    screen.choose_file(EXE, "Choose a firmware file")


def in_sight(part, timeout=screen.TIMEOUT):
    return screen.until(lambda: harness.text_in_sight(part), part, timeout)


def can_flash():
    """There is a button to flash whatever drive is shown, and it can be pressed."""
    button = screen.find(role="push button", contains="Flash ")
    return button is not None and screen.sensitive(button)


def bad_cable(report):
    screen.click("Practise the worst")
    screen.wait("Bad cable: its name arrives garbled", "radio menu item")
    screen.click("Bad cable: its name arrives garbled", "radio menu item")
    in_sight("does not arrive as it was sent")
    report.check(screen.find(DRIVE, "label") is None, "the name is garbled, and the window says why")
    report.check(not can_flash(), "what arrives garbled is not flashed")
    tools.picture("story-garbled", TITLE)
    screen.click("Mend")
    screen.wait(DRIVE, "label")
    screen.until(lambda: not harness.text_in_sight("does not arrive as it was sent"), "the drive to be itself")
    report.check(True, "the cable is mended: the right name")


def choose_image(report):
    open_exe()
    in_sight("2 images; chosen: HL-DT-ST BD-RE BU40N 1.0")
    screen.mouse(screen.wait("Firmware in this file", "label"), TITLE)
    rows = lambda: [  # noqa: E731
        n
        for a in screen.applications()
        for n in screen.walk(a)
        if screen.role_of(n) in ("radio button", "check box") and "BU40N 1.0" in n.name
    ]
    screen.until(lambda: len(rows()) == 2, "two images to choose from")
    screen.mouse(next(row for row in rows() if "1.03" in row.name), TITLE)
    in_sight("chosen: HL-DT-ST BD-RE BU40N 1.03")
    tools.picture("story-exe", TITLE)
    report.check(True, "an EXE is opened, and one of its images chosen")


def flash(report):
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    in_sight("1.00 → 1.03")
    tools.picture("story-verified", TITLE)
    report.check(True, "flashed, and verified")
    screen.click("Flash another")
    screen.wait(FLASH, "push button")


def back_up_liteon(report):
    screen.mouse(screen.wait(contains=DRIVE, role="list item"), TITLE)
    screen.until(lambda: tools.go_down_to("SOHW-812S"), "the SOHW-812S in the list")
    in_sight("switch on “Experimental reading”")
    button = screen.wait("Back up firmware…", "push button")
    report.check(not screen.sensitive(button), "reading the SOHW-812S is off, and the window says where it is not")
    tools.switch("Experimental reading")
    screen.until(lambda: screen.sensitive(button), "the button to back up")
    tools.picture("story-liteon", TITLE)
    screen.click("Back up firmware…")
    screen.choose_file(BACKUP, "Back up firmware")
    screen.wait(role="heading", contains="The backup is stored", timeout=120)
    tools.picture("story-liteon-done", TITLE)
    files = sorted(os.listdir(os.path.dirname(BACKUP)))
    report.check(os.path.exists(BACKUP), "its firmware was backed up", " ".join(files))
    report.check(any("eeprom" in name for name in files), "so was its EEPROM", " ".join(files))


def test(report, windows):
    make_exe()
    os.makedirs(os.path.dirname(BACKUP))
    window = harness.Window(speed=20)
    windows.append(window)
    bad_cable(report)
    choose_image(report)
    flash(report)
    back_up_liteon(report)
    report.end_of(window)


harness.run(test)
