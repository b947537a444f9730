#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job: choose a drive, choose a file, flash, read the verdict."""

import time

import harness
import screen
from harness import FLASH, MODEL, TITLE


def choose_the_file(report):
    flash = screen.wait(FLASH, "push button")
    report.check(not screen.sensitive(flash), "without a file the flash button is insensitive")
    report.check(
        harness.text_in_sight("Choose a firmware file first"), "and a sentence says why"
    )
    path = harness.firmware("1.03")
    screen.focus(TITLE)
    screen.keys("ctrl+o")
    screen.choose_file(path, "Choose a firmware file")
    screen.wait(contains="bu40n-1.03-good.bin", role="label")
    screen.until(lambda: screen.sensitive(screen.find(FLASH, "push button")), "the flash button")
    report.check(True, "Ctrl+O chooses a file, and the flash button becomes sensitive")
    report.check(harness.text_in_sight("Does it fit?"), "the judgement is shown")


def confirm(report):
    screen.click(FLASH)
    dialog = screen.wait(role="dialog")
    time.sleep(0.3)
    texts = " ".join(n.name for n in screen.walk(dialog) if screen.role_of(n) == "label")
    report.check("Flash %s?" % MODEL in texts, "the question names the drive", texts)
    report.check("OFL00000001" in texts, "and its serial number", texts)
    report.check("1.00 → 1.03" in texts, "and both revisions", texts)
    report.check("cannot be stopped" in texts, "and that there is no way back", texts)
    focused = screen.focused()
    report.check(
        focused is not None and screen.plain(focused.name) == "Cancel", "Cancel has the focus"
    )
    screen.click("Flash %s" % MODEL, below=dialog)


STAGES = ("Back up", "Send", "Program", "Verify")


def cancel_or_notice(page):
    return screen.find("Cancel", "push button", below=page) or screen.find(
        role="alert", contains="This cannot be stopped now", below=page
    )


def watch(report):
    """Looks at the bars until the verdict is there."""
    whole = screen.wait("Whole job", "progress bar")
    page = whole.parent.parent
    # the log is long: it is not walked through while samples are taken
    notice = screen.until(lambda: cancel_or_notice(page), "a way to cancel, or why not").parent
    bars = {name: screen.find(name, "progress bar", below=page) for name in STAGES}
    frame = screen.window(TITLE)
    samples, stages, seen = [], set(), {"no_cancel": False, "title": False, "shot": False}
    end = time.monotonic() + screen.SLOW * 120
    while True:
        # first the value, then whether the job still ran when it was there
        value = screen.value(whole)
        title = screen.xdotool("getwindowname", frame)
        if "Flashing" not in title and samples:
            break
        seen["title"] = seen["title"] or " % – Flashing" in title
        if value is not None:
            samples.append(value)
        stages |= {name for name, bar in bars.items() if (screen.value(bar) or 0) > 0}
        if screen.find(role="alert", contains="This cannot be stopped now", below=notice):
            gone = screen.find("Cancel", "push button", below=notice) is None
            seen["no_cancel"] = seen["no_cancel"] or gone
        if not seen["shot"] and (value or 0) > 0.4:
            harness.shot("flashing")
            seen["shot"] = True
        if time.monotonic() > end:
            raise screen.NotFound("the verdict")
        time.sleep(0.05)
    report.check(len(set(samples)) > 5, "the whole bar moves", "values %s" % sorted(set(samples)))
    report.check(samples == sorted(samples), "and never back")
    report.check(max(samples) < 1, "and is not full before the verdict", "%s" % max(samples))
    report.check({"Program"} <= stages, "stages have bars of their own", "%s" % stages)
    report.check(seen["no_cancel"], "while writing there is a sentence instead of Cancel")
    report.check(seen["title"], "the window's title carries the percentage")


def verdict(report):
    heading = screen.wait(role="heading", contains="Verified")
    report.check(True, "the verdict is “verified”")
    screen.until(
        lambda: screen.has_focus(role="heading"),
        "the focus on the verdict",
    )
    report.check("Verified" in heading.name, "it has the focus, for screen readers")
    report.check(harness.text_in_sight("1.03"), "the new revision is named")
    report.check(harness.text_in_sight("Proof"), "the proof is named")
    report.check(screen.find("Show the backup", "push button"), "the backup can be shown")
    screen.keys("shift+Tab")  # no focus ring in the picture
    harness.shot("verdict")
    screen.click("Flash another")
    screen.wait("Choose file…", "push button")
    report.check(True, "“Flash another” goes back to the drive")
    screen.until(lambda: harness.text_in_sight("1.03"), "the drive to be looked at again")
    report.check(True, "which shows its new revision")


def test(report, windows):
    # slow enough that even a busy machine takes many samples
    window = harness.Window(speed=2)
    windows.append(window)
    report.check(True, "the practice drive is in the list")
    choose_the_file(report)
    confirm(report)
    watch(report)
    verdict(report)
    report.end_of(window)
    report.check(window.beats()["beats"] > 100, "the main loop's beat was measured")
    print("# main loop: %s" % window.beats())


harness.run(test)
