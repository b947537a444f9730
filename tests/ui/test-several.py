#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several drives at once: each keeps its own page and its own verdict, what runs is seen in one place,
and one file goes to several like drives with one question."""

import os
import re
import socket
import subprocess
import sys

import harness
import screen
import tools
from harness import TITLE, WORK

IDLE = "DVD-ROM SH-D163B"  # a drive on which nothing runs

# practice drive: its model, its name in the list, which of the drives of that name, its serial number
DRIVES = {
    "bu40n": ("BD-RE BU40N", "HL-DT-ST BD-RE BU40N", 0),
    "bu40n-2": ("BD-RE BU40N", "HL-DT-ST BD-RE BU40N", 1),
    "bu40n-3": ("BD-RE BU40N", "HL-DT-ST BD-RE BU40N", 2),
    "wh16ns60": ("BD-RE  WH16NS60", "HL-DT-ST BD-RE  WH16NS60", 0),
    "bp60nb10": ("BD-RE BP60NB10", "HL-DT-ST BD-RE BP60NB10", 0),
    "shd163": (IDLE, "TSSTcorp " + IDLE, 0),
}

THREE = ("bu40n", "wh16ns60", "bp60nb10")
HOMES = {
    "XDG_STATE_HOME": os.path.join(WORK, "several-state"),
    "XDG_DATA_HOME": os.path.join(WORK, "several-data"),
}
DISC = "The drive says that a disc is in it."
BELLS = os.path.join(WORK, "bells")

BEGUN = "3b 01:1"  # the write is announced; a cancel would still leave the drive untouched
AGAIN = "3b 01:2"  # the same of the second write
DANGER = "3b 06:128"  # the last piece, after which the drive programs itself


def held(drive):
    return os.path.join(WORK, "held-" + drive)


def holds(**where):
    """The environment in which these drives wait for the test."""
    drives = {drive.replace("_", "-"): what for drive, what in where.items()}
    text = ",".join("%s=%s:%s" % (drive, what, held(drive)) for drive, what in drives.items())
    return {"OFL_PRACTICE_HOLD": text}


def wait_held(*drives):
    for drive in drives:
        screen.until(lambda: os.path.exists(held(drive)), drive + " to hold its answer")


def release(*drives):
    for drive in drives:
        os.unlink(held(drive))


def row(drive):
    """Its row in the list."""
    _, name, nth = DRIVES[drive]

    def search():
        drives = screen.find("Drives", "list")
        rows = [
            node
            for node in (screen.walk(drives) if drives else [])
            if screen.role_of(node) == "list item" and (node.name or "").startswith(name + ",")
        ]
        return rows[nth] if len(rows) > nth else None

    return screen.until(search, "the row of " + drive)


def row_says(drive, pattern):
    return any(re.search(pattern, n.name or "") for n in screen.walk(row(drive)))


def choose(drive):
    """By mouse."""
    screen.mouse(row(drive), TITLE)
    screen.until(lambda: row(drive).getState().contains(screen.pyatspi.STATE_SELECTED), drive)


def title():
    return screen.xdotool("getwindowname", screen.window(TITLE))


def give(path):
    subprocess.run([harness.APP, path], check=True, timeout=60)


def button(drive):
    found = screen.wait("Flash %s…" % DRIVES[drive][0], "push button")
    screen.until(lambda: screen.sensitive(found), "the flash button to become sensitive")
    return found


def flash(drive):
    """Gives a file, which finds its drive, and confirms."""
    path = harness.firmware("1.03", drive=drive)
    give(path)
    screen.wait(contains=os.path.basename(path), role="label")
    button(drive)
    screen.click("Flash %s…" % DRIVES[drive][0])
    dialog = screen.wait(role="dialog")
    screen.click("Flash %s" % DRIVES[drive][0], below=dialog)
    screen.wait("Whole job", "progress bar")


def overview():
    """What the bar below the pages says."""
    found = next((text for text in screen.labels() if text.startswith("Jobs: ")), "")
    return found.removeprefix("Jobs: ")


def jobs():
    """The rows of the list that it opens, while it is open."""
    found = screen.find("Jobs", "list")
    return [n for n in screen.walk(found) if screen.role_of(n) == "list item"] if found else []


def open_jobs(key):
    """By its mnemonic, or by mouse."""
    if key:
        screen.focus(TITLE)
        screen.keys("alt+j")
    else:
        screen.mouse(screen.wait(contains="Jobs: ", role="label"), TITLE)
    return screen.until(jobs, "the list of jobs")


def page_is(drive):
    """Its job's page is in sight: what stands above it and what stands on it are of the same drive."""
    name = "Flashing " + DRIVES[drive][0]
    above = re.compile(r"\d+ % – " + re.escape(name) + "$")

    def there():
        return screen.find(role="heading", contains=name) and any(above.match(text) for text in screen.labels())

    return screen.until(there, "the page of " + name)


def idle_is_shown():
    return screen.find("Flash %s…" % IDLE, "push button") is not None


def three_run(report):
    """Three jobs wait in their writes: two of the drives must not lose power."""
    expected = "2 drives are being written: do not unplug them · 1 drive is being worked on"
    screen.until(lambda: overview() == expected, expected)
    report.check(True, "the bar says how many drives are written, and how many are not yet")
    found = screen.until(lambda: re.match(r"(\d+) %( to (\d+) %)? – 3 drives are being flashed – Optiflash$", title()), "the title")
    report.check(True, "the title says how many, and how far they are: " + found.group())
    for drive in THREE:
        report.check(row_says(drive, r"^Send, \d+ %$"), drive + ": its row says stage and percentage")
    harness.shot("several-three")


def overview_leads(report):
    rows = [node.name for node in open_jobs(key=True)]
    report.check(len(rows) == 3, "the overview has a row for each job", str(rows))
    for drive, text in zip(THREE, rows):
        model = DRIVES[drive][0]
        danger = "do not unplug this drive" in text
        report.check(
            text.startswith("Flashing %s, 1.00 → 1.03 · serial OFL00000001 · practice drive, Send, " % model)
            and danger == (drive != "bu40n"),
            drive + ": which drive, which stage, and whether it must not lose power", text,
        )  # fmt: skip
    harness.shot("several-overview")
    screen.keys("Down", "Return")
    report.check(page_is("wh16ns60"), "by keyboard it leads to the second job")
    open_jobs(key=False)  # an X window of its own, in which AT-SPI knows no places
    screen.keys("Return")
    report.check(page_is("bu40n"), "opened by mouse, it leads to the first")


def three_at_once(report, windows):
    """Whoever has picked a drive stays with it, whatever begins and ends on the others."""
    window = harness.Window(environment=holds(bu40n=BEGUN, wh16ns60=DANGER, bp60nb10=DANGER), speed=20)
    windows.append(window)
    for drive in THREE:
        flash(drive)
    wait_held(*THREE)
    three_run(report)
    overview_leads(report)
    choose("shd163")
    screen.until(idle_is_shown, "the drive that was picked")
    release(*THREE)
    strayed = []

    def all_verified():
        if not idle_is_shown():
            strayed.append(screen.labels()[-8:])
        return strayed or all(row_says(drive, "^Verified: ") for drive in THREE)

    screen.until(all_verified, "three verdicts", timeout=60)
    report.check(not strayed, "the drive that was picked stays in sight until all have ended", str(strayed))
    screen.until(lambda: overview() == "3 jobs have ended", "the bar to say so")
    report.check(title() == IDLE + " – Optiflash", "nothing runs, and the title says so", title())
    for drive in THREE:
        choose(drive)
        screen.wait(role="heading", contains="Verified")
        report.check(
            DRIVES[drive][0] in screen.labels() and title().startswith(DRIVES[drive][0] + " – "),
            drive + ": its page has its own verdict", title(),
        )  # fmt: skip
    screen.until(lambda: not overview(), "the bar to go")
    report.check(True, "ends that were seen are not told again")
    report.end_of(window)


def ask():
    """The question for the first drive, with the rows of those that can be added."""
    button("bu40n")
    screen.click("Flash BD-RE BU40N…")
    dialog = screen.wait(role="dialog")
    return dialog, [n for n in screen.walk(dialog) if screen.role_of(n) == "list item"]


def texts(node):
    return [n.name for n in screen.walk(node) if screen.role_of(n) == "label" and n.name]


def check_of(rows, serial):
    """The check mark in the row of that serial number."""
    found = next(n for n in rows if any(serial in text for text in texts(n)))
    return found, next(n for n in screen.walk(found) if screen.role_of(n) == "check box")


def is_checked(box):
    return box.getState().contains(screen.pyatspi.STATE_CHECKED)


def answer(dialog, n):
    """The button that says for how many drives the answer is."""
    go = screen.wait("Flash %u drives" % n, "push button", below=dialog)
    screen.until(lambda: screen.sensitive(go), "the checks of all")
    return go


def wait_verified(*drives):
    for drive in drives:
        screen.until(lambda: row_says(drive, "^Verified: "), drive + " to be verified", timeout=60)


def closed_at_once(report, window, bus):
    """The system bus does not answer for now: the checks of a question end when it is long closed."""
    for _ in range(3):
        dialog, _ = ask()
        screen.click("Cancel", below=dialog)
        screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    bus.close()
    # this one's checks end after those of the others
    dialog, rows = ask()
    _, box = check_of(rows, "OFL00000002")
    screen.until(lambda: screen.sensitive(box), "the checks")
    report.check(window.process.poll() is None, "questions that are closed at once leave nothing behind")
    screen.click("Cancel", below=dialog)
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")


def by_mouse(report):
    """Two of three like drives; in the third one is a disc."""
    dialog, rows = ask()
    report.check(len(rows) == 2, "the question offers the like drives, and no other", str(rows))
    first, box = check_of(rows, "OFL00000002")
    refused, refused_box = check_of(rows, "OFL00000003")
    screen.until(lambda: screen.sensitive(box) and any(DISC in text for text in texts(refused)), "the checks")
    screen.until(lambda: not screen.sensitive(refused_box), "the refused one to be shut")
    report.check(True, "one that is refused cannot be added, and says why")
    report.check(not is_checked(box) and not is_checked(refused_box), "none is added by itself")
    report.check(screen.plain(screen.focused().name) == "Cancel", "“Cancel” has the focus", screen.focused().name)
    report.check(screen.find("Flash BD-RE BU40N", "push button", below=dialog), "it is about one drive")
    screen.mouse(first, "Flash BD-RE BU40N")
    go = answer(dialog, 2)
    body = next(text for text in texts(dialog) if "OFL00000001" in text)
    report.check(
        "OFL00000002, revision: 1.00 → 1.03" in body and "OFL00000003" not in body,
        "it names each drive that is added, and what it becomes", body,
    )  # fmt: skip
    tools.picture("several-question", "Flash 2 drives")
    screen.mouse(go, "Flash 2 drives")
    screen.until(lambda: re.search("2 drives are being flashed", title()), "two jobs")
    report.check(row_says("bu40n-3", "^Ready$"), "nothing begins on the third")
    wait_verified("bu40n", "bu40n-2")
    report.check(row_says("bu40n-3", "^1.00$") and row_says("bu40n-3", "^Ready$"), "which is as it was")


def put_disc(drive, inside):
    """Into a drive that was written to, and has a file since."""
    path = os.path.join(HOMES["XDG_STATE_HOME"], "optiflash", "practice", drive + ".state")
    with open(path, "rb") as file:
        head, _, cells = file.read().partition(b"\n")
    words = head.split(b" ")
    words[4] = b"1" if inside else b"0"
    with open(path, "wb") as file:
        file.write(b" ".join(words) + b"\n" + cells[:-1] + bytes([cells[-1] ^ 1]))


def changed(report):
    """A drive that was added takes a disc while the question is open."""
    dialog, rows = ask()
    first, box = check_of(rows, "OFL00000002")
    screen.until(lambda: screen.sensitive(box), "the checks")
    screen.mouse(first, "Flash BD-RE BU40N")
    answer(dialog, 2)
    put_disc("bu40n-2", True)
    screen.click("Look for drives again")
    said = screen.until(lambda: harness.text_in_sight("Nothing was flashed."), "why the question went")
    report.check("serial number OFL00000002: " + DISC in said, "one that is refused closes the question", said)
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    report.check(not screen.find("Whole job", "progress bar"), "and nothing is flashed")
    put_disc("bu40n-2", False)
    screen.click("Look for drives again")


def in_the_way(report):
    """What is checked before a write is checked as long as the question is open."""
    folder = os.path.join(HOMES["XDG_DATA_HOME"], "optiflash", "backups")
    dialog, rows = ask()
    first, box = check_of(rows, "OFL00000002")
    screen.until(lambda: screen.sensitive(box), "the checks")
    screen.mouse(first, "Flash BD-RE BU40N")
    answer(dialog, 2)
    os.rename(folder, folder + ".away")
    open(folder, "w").close()
    screen.until(lambda: not screen.find(role="dialog"), "the question to go")
    said = screen.until(lambda: harness.text_in_sight("Nothing was flashed."), "why")
    report.check(folder in said, "also by itself, when a check begins to refuse", said)
    os.unlink(folder)
    os.rename(folder + ".away", folder)


def tab_to(role, name=None, key="Tab"):
    """With the Tab key alone."""

    def there():
        now = screen.focused()
        if now is not None and screen.role_of(now) == role and (name is None or screen.plain(now.name) == name):
            return now
        screen.keys(key)
        return None

    return screen.until(there, "the focus on %s %s" % (role, name))


def by_keyboard(report):
    dialog, rows = ask()
    _, box = check_of(rows, "OFL00000002")
    screen.until(lambda: screen.sensitive(box), "the checks")
    screen.focus("Flash BD-RE BU40N")
    tab_to("list item")
    screen.keys("space")
    screen.until(lambda: is_checked(box), "the check mark")
    answer(dialog, 2)
    screen.focus("Flash 2 drives")
    tab_to("push button", "Flash 2 drives")
    screen.keys("Return")
    wait_held("bu40n", "bu40n-2")
    report.check(True, "by keyboard alone both jobs begin")


def stuck_bus():
    """A system bus that takes whoever comes, and says nothing."""
    bus = socket.socket(socket.AF_UNIX)
    bus.bind(os.path.join(WORK, "stuck-bus"))
    bus.listen(64)
    return bus


def count(path):
    with open(path) as file:
        return len(file.readlines())


def notified():
    with open(harness.NOTES) as file:
        return file.read().count("BD-RE BU40N: Verified")


def one_file(report, windows):
    more = {"OFL_PRACTICE_MORE": "bu40n-2,bu40n-3", "OFL_PRACTICE_DISC": "bu40n-3=pressed"}
    bus = stuck_bus()
    more["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=" + bus.getsockname()
    window = harness.Window(
        harness.firmware("1.03"), speed=20,
        environment=dict(holds(bu40n=AGAIN, bu40n_2=AGAIN), **HOMES, **more),
    )  # fmt: skip
    windows.append(window)
    sound(False)
    closed_at_once(report, window, bus)
    by_mouse(report)
    give(harness.firmware("1.04"))
    screen.wait(contains="bu40n-1.04-good.bin", role="label")
    changed(report)
    in_the_way(report)
    sound(True)
    by_keyboard(report)
    report.check(count(BELLS) == 0, "no sound was heard while sounds are off")
    before = notified()
    screen.focus("Drag source")  # the user is in another window
    release("bu40n", "bu40n-2")
    wait_verified("bu40n", "bu40n-2")
    screen.until(lambda: notified() == before + 2, "two notifications")
    report.check(True, "a notification for each end while the window is not in front")
    screen.until(lambda: count(BELLS) == 2, "two sounds")
    report.check(True, "each with a sound")
    screen.focus(TITLE)
    report.end_of(window)


def sound(wanted):
    """In the preferences, which are changed as the user does it."""
    screen.focus(TITLE)
    screen.keys("ctrl+comma")
    screen.window("Preferences")
    screen.wait("Sound at the end", "label")
    tools.switch("Sound at the end")
    screen.until(lambda: tools.settings().get("sound") == str(int(wanted)), "it to be kept")
    screen.focus("Preferences")
    screen.keys("Escape")
    screen.until(lambda: not tools.is_open("Preferences"), "the preferences to close")


def helper(script, *arguments):
    folder = os.path.dirname(os.path.abspath(__file__))
    return subprocess.Popen([sys.executable, os.path.join(folder, script), *arguments])


def test(report, windows):
    others = [helper("bells.py", BELLS), helper("drag-source.py", "/nonexistent")]
    screen.until(lambda: os.path.exists(BELLS), "somebody to hear the bell")
    screen.window("Drag source")
    try:
        three_at_once(report, windows)
        one_file(report, windows)
    finally:
        for other in others:
            other.terminate()
            other.wait()


harness.run(test)
