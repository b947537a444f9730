#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the window, light, dark and in high contrast, in English, German and Hebrew, narrow,
usual, wide and with text twice as large: pictures of all, and a search for texts that are cut or were not
translated, for controls without a name, and for windows that do not become as narrow as they were asked.

The suite takes each page in each language and size once, and each theme with one language, so that each
two of these meet. OFL_MATRIX=all takes all of them; OFL_MATRIX=de,dark one."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix"))

import harness  # noqa: E402
import pages  # noqa: E402
import screen  # noqa: E402
import watch  # noqa: E402
from checks import Checks  # noqa: E402

THEMES = {
    "light": {"ADW_DEBUG_COLOR_SCHEME": "prefer-light"},
    "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"},
    "contrast": {"ADW_DEBUG_COLOR_SCHEME": "prefer-light", "ADW_DEBUG_HIGH_CONTRAST": "1"},
}
LANGUAGES = ("en", "de", "he")
COVERING = (("en", "light"), ("de", "dark"), ("he", "contrast"))
# width, height, and how large text is
SIZES = {
    "usual": (980, 760, 96),
    "wide": (1900, 1200, 96),
    "narrow": (360, 1400, 96),
    "large": (980, 1400, 192),
    "large-narrow": (720, 1400, 192),
}


def runs():
    wanted = os.environ.get("OFL_MATRIX", "")
    if wanted == "all":
        return [(language, theme) for language in LANGUAGES for theme in THEMES]
    return [tuple(wanted.split(","))] if wanted else COVERING


def show(window, checks, page):
    """One page in all sizes in which it is in sight."""
    for size in pages.SIZES.get(page, SIZES):
        width, height, dpi = SIZES[size]
        window.do("text-size %d" % dpi)
        # GTK forgets a size that it is asked for while larger texts make the window grow
        window.settle()
        # a window around a drive opens in a size of its own
        if size != "usual" or window.main_in_front():
            window.become(width, height)
        window.stay()
        seen = window.settle()
        checks.look(page, size, width, seen)
        window.picture("%s-%s-%s-%s" % (page, window.theme, window.language, size))
    window.do("text-size %d" % watch.USUAL)
    window.become(980, 760)
    window.settle()


def walk(report, windows, language, theme, past, files):
    checks = Checks(language)
    try:
        for start, arguments in (
            (pages.practice, {"speed": 100, "environment": dict(past.copy(language + theme), **pages.WORLD)}),
            (pages.empty, {"practice": False, "environment": {}}),
        ):
            arguments["environment"].update(THEMES[theme])
            window = watch.Watched(language, **arguments)
            windows.append(window)
            window.theme = theme
            for page in start(window, files):
                show(window, checks, page)
                checks.names(page, window)
            if start is pages.empty:
                report.end_of(window)
            else:
                # a job still runs in it, for its page
                window.kill()
    finally:
        # also what was found before a page that did not come
        checks.report(report, "%s, %s" % (language, theme))


class Specimen(watch.Eye):
    """A window that has each fault once."""

    name = "specimen"

    def __init__(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix", "specimen.py")
        env = dict(os.environ, **self.open_eye())
        self.process = subprocess.Popen(
            [sys.executable, script], env=env, pass_fds=[self.theirs.fileno()]
        )
        self.theirs.close()


def finds(report):
    """What is looked for is found where it is, and nowhere else."""
    specimen = Specimen()
    screen.until(specimen.look, "the specimen")
    checks = Checks("de")
    checks.look("specimen", "narrow", 360, specimen.settle())
    checks.names("specimen", specimen)
    specimen.process.terminate()
    specimen.process.wait()
    for kind, parts in (
        ("cut", ("Verkürzt", "Abgeschnitten", "Zu breit")),
        ("english", ("Choose a", "An earlier", "This sentence")),
        ("nameless", ("button",)),
        ("wide", ("500",)),
        ("direction", ()),
    ):
        found = [what for what in checks.found.get(kind, {}) if not what.startswith(("name", "wider"))]
        good = len(found) == len(parts) and all(part in what for part, what in zip(parts, found))
        report.check(good, "of “%s” it finds what there is" % kind, "\n".join(found) or "nothing")


def update(report, windows, files):
    """The pictures of the source tree that the metainfo names."""
    folder = os.path.join(os.environ["SOURCE_ROOT"], "data", "screenshots")
    for theme in ("light", "dark"):
        window = watch.Watched("en", speed=8, environment=THEMES[theme])
        windows.append(window)
        for page in pages.portraits(window, files):
            window.become(980, 760)
            window.settle()
            window.picture("%s-%s" % (page, theme), folder)
        report.end_of(window)


def test(report, windows):
    finds(report)
    pages.settings()
    past = pages.Past()
    files = pages.Files()
    if os.environ.get("OFL_UPDATE_SCREENSHOTS") == "1":
        update(report, windows, files)
    for language, theme in runs():
        walk(report, windows, language, theme, past, files)


harness.run(test)
