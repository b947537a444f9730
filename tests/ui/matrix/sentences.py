# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds sentences that were not translated, by the program's own catalogue and by English words."""

import gettext
import os
import re

FORMAT = re.compile(r"%(?:\d+\$)?[-+ 0#']*\d*(?:\.\d+)?(?:hh|h|ll|l|j|z|t)?[a-zA-Z]|%%")
# words that an English sentence can hardly do without, and that are none in German; what stands alone in
# quotes is a value as one types it
ENGLISH = re.compile(
    r"(?<![-\w/.„”])(?:the|of|and|are|with|this|that|from|which|has|have|been|to|it|its|is|by|you|your|for"
    r"|when|does|cannot|be|not|no)(?![-\w/“])"
)
# Of the log, as the window shows it and as it tells of one command.
LOG_LINE = re.compile(r"\d+:\d\d\.\d{3}  |[^:]+: CDB [0-9a-f]{2} ")
# What GLib and the system say in the locale that all tests run in.
OF_THE_SYSTEM = "Could not connect: No such file or directory"
# What is English in every language, and why.
TECHNICAL = {
    "log-line": "the log stays English: it is sent to people who help",
    "hash": "bytes, paths and what is typed",
    "monospace": "what is typed",
    "command": "what is typed",
}


def parts(text):
    return [re.escape(part) for part in FORMAT.split(text)]


class Catalogue:
    """What is translated, and into what."""

    def __init__(self, language):
        self.language = language
        entries = gettext.translation("optiflash", os.environ["TEXTDOMAINDIR"], [language])._catalog
        self.exact = {}
        self.formats = []
        self.known = {}
        for key, value in entries.items():
            msgid = (key[0] if isinstance(key, tuple) else key).split("\x04")[-1].replace("_", "")
            text = value.replace("_", "")
            if not msgid or msgid == text:
                continue
            if FORMAT.search(msgid):
                self.formats.append(self.make_format(msgid, text))
            else:
                self.exact.setdefault(msgid, set()).add(text)
        self.translations = {text for texts in self.exact.values() for text in texts}

    @staticmethod
    def make_format(msgid, text):
        longest = max(FORMAT.split(msgid), key=len)
        return (
            longest,
            re.compile(".+".join(parts(msgid)) + r"\Z", re.S),
            re.compile(".+".join(parts(text)) + r"\Z", re.S),
        )

    def why(self, text):
        """Why @text is taken for untranslated; "" when it is not."""
        if text not in self.known:
            self.known[text] = self.judge(text.replace("_", ""))
        return self.known[text]

    def judge(self, text):
        text = text.replace(OF_THE_SYSTEM, "")
        for line in [text] + text.split("\n"):
            if line in self.exact and line not in self.translations:
                return "the catalogue has another word for it"
        for longest, english, other in self.formats:
            # a few letters are in every text
            if len(longest) >= 6 and longest in text and english.match(text) and not other.match(text):
                return "the catalogue has another sentence for it"
        found = ENGLISH.search(text)
        if found and self.foreign(text):
            return "it has the English word “%s”" % found.group(0)
        return ""

    def foreign(self, text):
        """Whether what surrounds an English word is no sentence of the language."""
        if self.language == "he":
            hebrew = len(re.findall("[\u0590-\u05ff]", text))
            return hebrew < len(re.findall("[A-Za-z]", text)) / 3 or bool(
                re.search(r"(?:[A-Za-z]+[ ,]+){4}[A-Za-z]+", text)
            )
        return True


def is_of_the_log(name):
    return LOG_LINE.match(name) is not None


def is_technical(text):
    return any(name in TECHNICAL for name in text["classes"])
