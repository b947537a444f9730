# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows around a drive: opened from its page, seen, made narrow, closed."""

import glob
import os
import subprocess
import time

import harness
import screen


def open_tool(title, key):
    """By its key; the row of the drive's page has the same action."""
    screen.wait(title, "list item")
    screen.focus(harness.TITLE)
    screen.keys(key)
    screen.window(title)
    screen.focus(title)


def is_open(title):
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True)
    return bool(found.stdout.split())


def close_tool(title):
    """With Escape, of which a toast takes the first."""
    screen.focus(title)

    def gone():
        screen.keys("Escape")
        return not is_open(title)

    screen.until(gone, "the window “%s” to go" % title)


def narrow(report, title):
    screen.xdotool("windowsize", "--sync", screen.window(title), 360, 640)

    def width():
        shape = screen.xdotool("getwindowgeometry", "--shell", screen.window(title))
        return int(shape.split("WIDTH=")[1].split()[0])

    screen.until(lambda: width() <= 372, "the window to become narrow")
    time.sleep(0.5)  # for the picture: it is drawn anew
    report.check(True, "it fits 360 pixels")


def scroll_down(title):
    """To the end of what the window shows."""
    screen.xdotool("mousemove", "--sync", "--window", screen.window(title), 180, 300)
    screen.xdotool("click", "--repeat", 40, "--delay", 10, 5)


def picture(name, title):
    folder = os.environ.get("SCREENSHOTS", harness.WORK)
    os.makedirs(folder, exist_ok=True)
    screen.screenshot(os.path.join(folder, name + ".png"), title)


def settings():
    """What is kept of the preferences."""
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "optiflash", "settings.ini")
    try:
        with open(path) as file:
            return dict(line.strip().split("=", 1) for line in file if "=" in line)
    except FileNotFoundError:
        return {}


def go_down_to(name):
    """Presses the arrow key until a row has the focus; rows below the list's edge have no place
    for the mouse."""
    focused = screen.focused()
    if focused is not None and name in (focused.name or ""):
        return True
    screen.keys("Down")
    return False


def switch(name):
    """A switch, whatever is in front of it."""
    for root in screen.applications():
        for node in screen.walk(root):
            if screen.plain(node.name) != name:
                continue
            try:
                action = node.queryAction()
            except NotImplementedError:
                continue
            for i in range(action.nActions):
                if action.getName(i) == "toggle":
                    action.doAction(i)
                    return
    raise screen.NotFound("the switch %s" % name)


def put_disc(state_home, inside):
    """Into the practice drive, or out of it, as another program does: what it holds becomes another,
    too, for a drive takes note of nothing less."""
    (path,) = glob.glob(os.path.join(state_home, "optiflash", "practice", "*bu40n*"))
    with open(path, "rb") as file:
        head, _, cells = file.read().partition(b"\n")
    words = head.split(b" ")
    words[4] = b"1" if inside else b"0"
    with open(path, "wb") as file:
        file.write(b" ".join(words) + b"\n" + cells[:-1] + bytes([cells[-1] ^ 1]))
