#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language of po/LINGUAS is whole, and says what is typed as it is typed.

test-translations.py SOURCE-ROOT XGETTEXT [ARG…]
"""
import os
import re
import subprocess
import sys
import tempfile

from po import entries, lines_of, tool

ROOT, XGETTEXT, *ARGS = sys.argv[1:]
SHOWN = 8
# what a user types or the drive calls by this name: option, verb, key=value
TYPED = r"--[a-z][a-z-]+|\b[a-z]+=[a-z]+\b|optiflashctl (?:%s)\b"
BRACES = re.compile(r"\{[a-z_]+\}")


def typed():
    """TYPED with the verbs that the command line has."""
    with open(ROOT + "/app/optiflashctl.c", encoding="utf-8") as file:
        verbs = re.findall(r'^  \{ "([a-z]+)", ofl_ctl_', file.read(), re.M)
    assert len(verbs) > 10, verbs
    return re.compile(TYPED % "|".join(verbs))


class Language:
    def __init__(self, name, pot):
        self.path = "%s/po/%s.po" % (ROOT, name)
        merged = tool("msgmerge", "--quiet", "--no-fuzzy-matching", "-o", "-", self.path, pot)
        with tempfile.NamedTemporaryFile("w", suffix=".po", encoding="utf-8") as file:
            file.write(merged)
            file.flush()
            self.fuzzy = list(entries(tool("msgattrib", "--only-fuzzy", "--no-obsolete", "--no-wrap",
                                           file.name)))
            self.all = list(entries(tool("msgattrib", "--no-obsolete", "--no-wrap", file.name)))

    def check_whole(self):
        missing = [msgid for _, msgid, _, texts in self.all if not all(texts)]
        assert not missing, "%u of %u sentences: %s" % (len(missing), len(self.all),
                                                        missing[:SHOWN])
        assert not self.fuzzy, "fuzzy: %s" % [entry[1] for entry in self.fuzzy[:SHOWN]]

    def check_well_formed(self):
        """msgfmt holds formats, plural forms, header and line ends."""
        done = subprocess.run(["msgfmt", "--check", "-o", os.devnull, self.path],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def check_typed(self):
        """What is typed is not translated, and not left out."""
        patterns = (typed(), BRACES)
        for _, msgid, plural, texts in self.all:
            for text in texts:
                for pattern in patterns:
                    wanted = set(pattern.findall(plural or msgid))
                    got = set(pattern.findall(text))
                    assert not text or wanted == got, (sorted(wanted ^ got), msgid, text)

    def check_accelerators(self):
        for _, msgid, _, texts in self.all:
            if msgid.count("_") == 1:
                for text in texts:
                    assert not text or re.search(r"^[^_]*_\w[^_]*$", text), (msgid, text)

    def check_blanks(self):
        for _, msgid, _, texts in self.all:
            for text in texts:
                for edge in (r"^(\\n| )*", r"(\\n| )*$"):
                    assert not text or re.search(edge, msgid)[0] == re.search(edge, text)[0], \
                        (msgid, text)


def main():
    checks = [name for name in sorted(vars(Language)) if name.startswith("check_")]
    languages = lines_of(ROOT + "/po/LINGUAS")
    print("1..%u" % (len(languages) * len(checks)))
    number, failed = 0, False
    with tempfile.TemporaryDirectory() as folder:
        pot = folder + "/all.pot"
        subprocess.run([XGETTEXT, *ARGS, "--output=" + pot, *lines_of(ROOT + "/po/POTFILES")],
                       cwd=ROOT, check=True, capture_output=True)
        for name in languages:
            language = Language(name, pot)
            for check in checks:
                number += 1
                try:
                    getattr(language, check)()
                    print("ok %u %s %s" % (number, name, check[6:]), flush=True)
                except AssertionError as error:
                    failed = True
                    print("not ok %u %s %s" % (number, name, check[6:]))
                    print("\n".join("# " + line for line in str(error).split("\n")), flush=True)
    sys.exit(failed)


main()
