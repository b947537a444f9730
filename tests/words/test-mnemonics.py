#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No two controls that can be seen at once share a letter, in any language.

test-mnemonics.py SOURCE-ROOT
"""
import glob
import os
import re
import sys

from po import entries, lines_of, tool

ROOT = sys.argv[1]
MARK = re.compile(r"(?<!_)_(\w)")

# Files of the window whose controls stand on one page; every other file is a page of its own.
PAGES = {
    "a drive": ["setup-page.c", "setup-page.ui", "firmware-group.ui", "identity-card.c",
                "unfinished-bar.ui", "practice.c"],
    "a job": ["progress-page.c", "progress-page.ui", "practice.c"],
    "its end": ["verdict-page.c", "verdict-page.ui", "next-box.c", "practice.c"],
}
# Dialogs: each is seen alone, above what is shut behind it.
DIALOGS = {
    "before a write": ["_Cancel", "_Flash %s"],
    "before the window closes": ["_Keep open", "_Close window"],
    "a job that never ended": ["Remind _me", "_Done with it", "_Recover…"],
    "which drive": ["_Cancel", "Ch_oose"],
    "before a backup is deleted": ["_Cancel", "_Delete"],
}
# Of these only one is there at a time: the same button at two times, or answers to different ends.
ONE_OF = [
    {"_Back up this drive’s data…", "_Back up firmware…"},
    {"_Choose file…", "Choose _other…"},
    {"_Plug in again", "_Look again"},
    {"_Plug in again", "_Mend"},
    {"Stop _watching", "_Cancel"},
    {"_Back to the drive", "_Flash another"},
    {"_Write the backup again", "_Write it all the same…"},
    # the question before a backup is deleted stands in the file of the list
    {"_Delete", "_Delete…"}, {"_Delete", "_Restore"}, {"_Delete", "_Export…"},
    {"_Delete", "_Show folder"},
]


def strings(path):
    """The texts with a marked letter that a file of the window has."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    if path.endswith(".ui"):
        found = re.findall(r'translatable="yes"[^>]*>([^<]*)<', source)
    else:
        found = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call))
                 for call in re.findall(r'\bN?_ \(((?:\s*"(?:[^"\\]|\\.)*")+)\)', source)]
    return sorted({text for text in found if MARK.search(text)})


def pages():
    """{page: texts}: the manifest above, and every file that it does not name."""
    found = {name: sorted({text for file in files for text in strings("%s/ui/ofl-ui-%s" % (ROOT, file))})
             for name, files in PAGES.items()}
    named = {file for files in PAGES.values() for file in files} | {"dialogs.c", "drive-chooser.c"}
    for path in sorted(glob.glob(ROOT + "/ui/ofl-ui-*.[cu]*")):
        name = os.path.basename(path).removeprefix("ofl-ui-")
        if name not in named and strings(path):
            found[name] = strings(path)
    return dict(found, **DIALOGS)


def apart(one, other):
    return any(one in group and other in group for group in ONE_OF)


def clashes(texts, translate):
    """Pairs of @texts that can be seen at once and have the same letter."""
    for i, one in enumerate(texts):
        for other in texts[i + 1:]:
            letters = [MARK.search(translate.get(text, text)) for text in (one, other)]
            if (all(letters) and not apart(one, other)
                    and letters[0][1].lower() == letters[1][1].lower()):
                yield "%s: %s, %s" % (letters[0][1], translate.get(one, one),
                                      translate.get(other, other))


def language(name):
    if name == "en":
        return {}
    po = tool("msgattrib", "--no-obsolete", "--no-fuzzy", "--no-wrap", "%s/po/%s.po" % (ROOT, name))
    return {msgid: texts[0] for _, msgid, _, texts in entries(po) if texts and texts[0]}


def bad_examples():
    """What it is to find, it finds."""
    assert list(clashes(["_One", "Tw_o"], {})) == ["O: _One, Tw_o"]
    assert list(clashes(["_One", "_Two"], {"_Two": "_Zwei", "_One": "Ein_z"}))
    assert not list(clashes(["_One", "_Two"], {})) and not list(clashes(["_Mend", "_Mend"][:1], {}))
    assert not list(clashes(["_Back to the drive", "_Flash another"], {"_Flash another": "_Brennen"}))
    known = {text for texts in pages().values() for text in texts}
    for text in set().union(*ONE_OF) | {text for texts in DIALOGS.values() for text in texts}:
        assert text in known and any(text in strings(path)
                                     for path in glob.glob(ROOT + "/ui/ofl-ui-*.[cu]*")), text


def main():
    languages = ["en"] + lines_of(ROOT + "/po/LINGUAS")
    print("1..%u" % (1 + len(languages)))
    bad_examples()
    print("ok 1 bad examples are found")
    failed = False
    for number, name in enumerate(languages, 2):
        translate = language(name)
        found = ["%s: %s" % (page, clash) for page, texts in pages().items()
                 for clash in clashes(texts, translate)]
        failed |= bool(found)
        print("%sok %u %s" % ("not " if found else "", number, name))
        for line in found:
            print("# " + line)
    sys.exit(failed)


main()
