#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window says is true: of a job that failed half way, of a practice drive, of where a job
runs, and of what cannot be read."""

import subprocess
import sys

import harness
import screen
import tools
from harness import FLASH, TITLE

LITEON = "SOHW-812S"
EXPERIMENTAL = "Reading this drive is experimental and off"


def question(report, windows):
    """A8: the question names the practice drive, and where the job lives."""
    window = harness.Window(harness.firmware("1.03"), speed=20)
    windows.append(window)
    screen.until(lambda: screen.sensitive(screen.wait(FLASH, "push button")), "the flash button")
    screen.click(FLASH)
    dialog = screen.wait(role="dialog")
    texts = " ".join(n.name for n in screen.walk(dialog) if screen.role_of(n) == "label")
    report.check("(practice drive)" in texts, "the question says that it is a practice drive", texts)
    report.check("1.00 → 1.03" in texts, "and both revisions", texts)
    report.check("runs in this program" in texts, "and that the job ends with the program", texts)
    screen.click("Cancel", below=dialog)
    report.end_of(window)


def failed_half_way(report, windows):
    """A5: a job that failed stands where it stood."""
    window = harness.Window(
        harness.firmware("1.03"), speed=20,
        environment={"OFL_PRACTICE_FAULTS": "bu40n=power-loss-burn 300"},
    )  # fmt: skip
    windows.append(window)
    harness.confirm_flash()
    screen.wait(role="heading", contains="needs recovery", timeout=120)
    stopped = screen.until(lambda: harness.text_in_sight("%, in “"), "how far the job came")
    percent = int(stopped.split()[1])
    report.check(0 < percent < 100, "a failed job is not at 100 %", stopped)
    report.check(
        harness.text_in_sight("ready to use") is None, "and nobody calls the drive ready to use"
    )
    report.check(
        harness.text_in_sight("practice drive"), "the verdict says that it was a practice drive"
    )
    harness.shot("failed")
    report.end_of(window)


# Has the service's name on the bus, and no answer to any call.
IMPOSTOR = """
import dbus, dbus.service, dbus.mainloop.glib
from gi.repository import GLib
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
name = dbus.service.BusName("org.optiflash.Optiflash1", dbus.SessionBus())
print("ready", flush=True)
GLib.MainLoop().run()
"""


def no_service(report, windows):
    """Without a service the window says where jobs run, not only its log does."""
    impostor = subprocess.Popen(
        [sys.executable, "-c", IMPOSTOR],
        stdout=subprocess.PIPE,
    )
    impostor.stdout.readline()
    window = harness.Window(in_process=False)
    windows.append(window)
    screen.until(lambda: harness.text_in_sight("jobs run in this program"), "the warning")
    report.check(True, "a window without a service says that jobs run in it")
    harness.shot("no-service")
    report.end_of(window)
    impostor.terminate()
    impostor.wait()


def experimental(report, windows):
    """A10: a read that is switched off is no button that ends in a refusal."""
    window = harness.Window()
    windows.append(window)
    screen.mouse(screen.wait(contains=harness.DRIVE, role="list item"), TITLE)
    screen.until(lambda: tools.go_down_to(LITEON), "the drive in the list")
    screen.until(lambda: harness.text_in_sight(EXPERIMENTAL), "why no backup can be made")
    button = screen.wait("Back up firmware…", "push button")
    report.check(not screen.sensitive(button), "a read that is off cannot be started")
    report.check(
        screen.find(contains="What this practice drive assumes"),
        "what the practice drive guesses can be read",
    )
    screen.until(lambda: harness.text_in_sight("witch on “Experimental reading”"), "what to do")
    screen.focus(TITLE)
    screen.keys("ctrl+comma")
    screen.window("Preferences")
    screen.focus("Preferences")
    screen.mouse(screen.wait("Offer experimental ways", "label"), "Preferences")
    screen.until(
        lambda: harness.text_in_sight("Switch on “Offer experimental ways” in the preferences, and then"),
        "what to do first",
    )
    report.check(True, "where experimental ways are not offered it says how they are")
    report.end_of(window)


def bars():
    """How often the window says that a write never ended."""
    return sum("never ended." in text for text in screen.labels())


def unfinished(report, windows):
    """F10: the drive's own page speaks of a write that was killed, until a later one succeeds."""
    window = harness.Window(harness.firmware("1.03"), speed=2)
    windows.append(window)
    harness.start_flash()
    screen.until(lambda: harness.text_in_sight("This cannot be stopped now"), "the danger")
    window.kill()
    again = harness.Window(
        harness.firmware("1.03"), speed=20,
        environment={"XDG_STATE_HOME": window.state_home, "XDG_DATA_HOME": window.data_home},
    )  # fmt: skip
    windows.append(again)
    screen.until(lambda: bars() == 2, "the write that never ended, in the list and on the page")
    report.check(True, "list and page say that a write never ended")
    screen.click("Details…")
    dialog = screen.wait(role="dialog")
    texts = " ".join(n.name for n in screen.walk(dialog) if screen.role_of(n) == "label")
    report.check("backup" in texts.lower(), "the details name the backup", texts)
    screen.click("Remind me", below=dialog)
    harness.shot("unfinished")
    harness.confirm_flash()
    screen.wait(role="heading", contains="Verified", timeout=120)
    screen.until(lambda: bars() == 0, "the reminder to go")
    report.check(True, "a later success closes it")
    report.end_of(again)


def test(report, windows):
    unfinished(report, windows)
    question(report, windows)
    failed_half_way(report, windows)
    no_service(report, windows)
    experimental(report, windows)


harness.run(test)
