#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that must not be flashed: each is refused with a sentence, and the button stays shut."""

import os

import harness
import screen
from harness import FLASH, WORK


def refused(report, windows, what, path, sentence):
    window = harness.Window(path)
    windows.append(window)
    name = os.path.basename(path)
    screen.wait(contains=name, role="label")
    screen.until(lambda: harness.text_in_sight(sentence), "the sentence “%s”" % sentence)
    report.check(True, "%s: the reason is shown" % what)
    button = screen.wait(FLASH, "push button")
    report.check(not screen.sensitive(button), "%s: the flash button is insensitive" % what)
    if what == "damaged":
        harness.shot("refused")
    report.end_of(window)


def test(report, windows):
    other = os.path.join(WORK, "holiday.jpg")
    with open(other, "wb") as file:
        file.write(b"\xff\xd8\xff\xe0" + bytes(5000))
    refused(report, windows, "damaged", harness.firmware("1.03", "bad-cmac"), "Refused:")
    refused(report, windows, "truncated", harness.firmware("1.03", "truncated"), "Refused:")
    # one that is whole would choose its own drive
    other_drive = harness.firmware("1.03", "bad-sum", drive="px716")
    refused(report, windows, "of another drive", other_drive, "Refused: This is a firmware for Plextor")
    refused(report, windows, "no firmware", other, "No firmware that Optiflash knows")
    refused(report, windows, "a folder", WORK, "The file cannot be used")
    refused(report, windows, "not there", os.path.join(WORK, "gone.bin"), "The file cannot be used")


harness.run(test)
