# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees and drives a GTK 4.8 window through AT-SPI, the keyboard and the mouse.

Oddities of GTK 4.8 that this knows of:
  * only windows say that they are showing: what is on a page out of sight has to be hidden by
    the application, or it is found here
  * a button with a mnemonic is named "_Flash Flash"
  * list rows have no action: they are clicked with the mouse, or chosen with the keyboard
  * a window's coordinates begin inside its shadow, the mouse's outside
"""

import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
import pyatspi  # noqa: E402

TIMEOUT = 15.0
# a machine that has more to do is slower, and no test may fail for that
SLOW = 10
POLL = 0.05


class NotFound(Exception):
    """What was waited for did not come."""


def plain(name):
    """A name without mnemonic marks and without GTK's doubling."""
    words = (name or "").replace("_", "").split(" ")
    half = len(words) // 2
    if len(words) % 2 == 0 and words[:half] == words[half:]:
        words = words[:half]
    return " ".join(words)


def role_of(node):
    """A node's role, or "" when it died meanwhile."""
    try:
        return node.getRoleName()
    except Exception:  # the node died while it was looked at
        return ""


def walk(node):
    """@node and all below it; nodes that die meanwhile are left out."""
    yield node
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
    except Exception:  # the node died while it was looked at
        return
    for child in children:
        if child is not None:
            yield from walk(child)


def applications():
    return [a for a in pyatspi.Registry.getDesktop(0) if a]


def find(name=None, role=None, below=None, contains=None):
    """The first node of that name and role, or None."""
    for root in [below] if below is not None else applications():
        for node in walk(root):
            try:
                if role is not None and node.getRoleName() != role:
                    continue
                if name is not None and plain(node.name) != name:
                    continue
                if contains is not None and contains not in (node.name or ""):
                    continue
                return node
            except Exception:  # the node died while it was looked at
                continue
    return None


def until(condition, what, timeout=TIMEOUT):
    """Waits for @condition to give something true, and returns it. What has not come after ten
    times as long as it takes at most on a machine with nothing else to do never comes."""
    end = time.monotonic() + SLOW * timeout
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise NotFound("waited %.0f s for %s" % (SLOW * timeout, what))
        time.sleep(POLL)


def wait(name=None, role=None, timeout=TIMEOUT, **kw):
    return until(lambda: find(name, role, **kw), "%s %s" % (role or "node", name or kw), timeout)


# of what is read; the latter two are read out when they change
TEXT_ROLES = ("label", "status bar", "alert")


def name_of(node):
    """Its name, none where it died while it was looked at."""
    try:
        return node.name
    except Exception:
        return ""


def labels():
    """Every text in sight."""
    names = (name_of(n) for r in applications() for n in walk(r) if role_of(n) in TEXT_ROLES)
    return [name for name in names if name]


def sensitive(node):
    return node.getState().contains(pyatspi.STATE_SENSITIVE)


def focused():
    for root in applications():
        for node in walk(root):
            try:
                if node.getState().contains(pyatspi.STATE_FOCUSED):
                    return node
            except Exception:  # the node died while it was looked at
                continue
    return None


def has_focus(name=None, role=None):
    """Whether what has the focus is that; what it was may be gone when it is asked."""
    node = focused()
    try:
        return (
            node is not None
            and (name is None or plain(node.name) == name)
            and (role is None or node.getRoleName() == role)
        )
    except Exception:
        return False


def value(bar):
    """What a progress bar shows, 0 to 1; None when it is not there."""
    try:
        return bar.queryValue().currentValue if bar else None
    except Exception:  # the bar went out of sight
        return None


def click(name=None, role="push button", **kw):
    """Activates a node through its own action; of two nested ones of a name, the inner."""
    node = wait(name, role, **kw)
    for candidate in reversed([n for n in walk(node) if role_of(n) == role]):
        try:
            action = candidate.queryAction()
        except NotImplementedError:
            continue
        for i in range(action.nActions):
            if action.getName(i) in ("click", "activate", "toggle"):
                action.doAction(i)
                return candidate
    raise NotFound("an action of %s %s" % (role, name))


def xdotool(*arguments):
    result = subprocess.run(
        ["xdotool", *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return result.stdout.strip()


def window(title):
    """The X window whose title matches."""

    def search():
        result = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True, text=True
        )
        return result.stdout.split()

    return until(search, "window %s" % title)[-1]


def focus(title):
    xdotool("windowfocus", "--sync", window(title))


def keys(*names):
    for name in names:
        xdotool("key", "--clearmodifiers", name)
        time.sleep(0.1)


def type_text(text):
    xdotool("type", "--delay", 15, text)


def mouse(node, title):
    """Clicks the middle of @node."""
    box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    margin = 5
    xdotool(
        "mousemove", "--sync", "--window", window(title),
        box.x + box.width // 2 + margin, box.y + box.height // 2 + margin,
    )  # fmt: skip
    time.sleep(0.3)  # a click at once after the move is lost
    xdotool("mousedown", 1)
    time.sleep(0.1)
    xdotool("mouseup", 1)


def choose_file(path, title):
    """Answers GTK's own file chooser."""
    focus(title)
    time.sleep(0.5)
    keys("ctrl+l")
    time.sleep(0.3)
    keys("ctrl+a")
    type_text(path)
    time.sleep(0.5)
    keys("Return")


def screenshot(path, title=None):
    target = window(title) if title else "root"
    subprocess.run(["import", "-silent", "-window", target, "png:" + path], check=True)
