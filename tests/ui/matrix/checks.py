# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be on any page."""

import re

import screen
import sentences

CONTROLS = {
    "push button", "toggle button", "check box", "radio button", "text", "entry", "combo box", "slider",
    "progress bar", "list item", "switch", "menu item", "radio menu item", "link",
}  # fmt: skip


# What GTK and libadwaita make, on their own pages and out of sight on ours.
NOT_OURS = {
    "about": ("GtkImage", "GtkTextView", "GtkButton", "GtkSearchEntry"),
    "preferences": ("GtkSearchEntry",),
    "shortcuts": ("GtkSearchEntry",),
}


def figures(text):
    """They change while they are looked at."""
    return re.sub(r"\d+", "0", text)


class Checks:
    """What was found in one run."""

    def __init__(self, language):
        self.catalogue = sentences.Catalogue(language) if language != "en" else None
        self.right_to_left = language == "he"
        self.found = {}

    def add(self, kind, what, page):
        """A finding is told once, with the pages that have it."""
        self.found.setdefault(kind, {}).setdefault(what, []).append(page)

    def look(self, page, size, width, windows):
        for window in windows:
            if not window["front"]:
                continue
            place = "%s/%s" % (page, size)
            if window["type"] != "AdwMessageDialog" and window["width"] > width:
                self.add("wide", "%d of %d: %s" % (window["width"], width, window["widest"]), place)
            if window["right-to-left"] != self.right_to_left:
                self.add("direction", window["title"], place)
            for text in window["texts"]:
                self.text(text, place, window)

    @staticmethod
    def stands_below(title, window):
        """What a title bar has no room for: the page below says the same, whole."""
        if "AdwWindowTitle" not in title["classes"]:
            return False
        page = [
            figures(text["text"]) for text in window["texts"]
            if "AdwWindowTitle" not in text["classes"] and text["kind"] == "label"
        ]  # fmt: skip
        parts = figures(title["text"]).split(" – ")
        return all(any(part in text for text in page) for part in parts)

    def text(self, text, place, window):
        # the lines of a log are scrolled sideways
        if text["fault"] and "OflUiLogView" not in text["classes"] and not self.stands_below(text, window):
            self.add("cut", "%s: “%s” (%s)" % (text["fault"], text["text"], text["at"][2]), place)
        if self.catalogue is None or text["kind"] == "control" or sentences.is_technical(text):
            return
        why = self.catalogue.why(text["text"])
        if why:
            self.add("english", "“%s”: %s" % (text["text"], why), place)

    def names(self, page, window):
        """What a screen reader is told, of all that the window has."""
        written = window.written()
        for node in window.told_to_readers():
            role, name, description = node
            # of a list's item what is in it is read; GTK 4.8 gives it no name of its own
            unnamed = not name.strip() and role != "list item" or name.startswith("Gtk")
            if role in CONTROLS and unnamed and name not in NOT_OURS.get(page, ()):
                self.add("nameless", "%s “%s”" % (role, name), page)
            for text in (screen.plain(name), description):
                if sentences.is_of_the_log(name) or name in written:
                    continue
                why = self.catalogue.why(text) if self.catalogue is not None and text else ""
                if why:
                    self.add("english", "name “%s”: %s" % (text, why), page)

    def report(self, report, run):
        for kind, what in (
            ("english", "every sentence is translated"),
            ("cut", "every text is whole"),
            ("nameless", "every control has a name"),
            ("wide", "every window is as narrow as it was asked to be"),
            ("direction", "every window reads the way its language does"),
        ):
            found = self.found.get(kind, {})
            lines = ["%s  [%s]" % (text, " ".join(sorted(set(places)))) for text, places in found.items()]
            report.check(not found, "%s: %s" % (run, what), "\n".join(lines))
