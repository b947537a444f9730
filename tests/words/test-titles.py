#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check that an image is put to has a title for people: its name is a word for machines.

test-titles.py SOURCE-ROOT
"""
import glob
import re
import sys

ROOT = sys.argv[1]
TITLES = ROOT + "/core/firmware/ofl-image-words.c"
# a check's name, or that of a function of a family that passes it on: check_sum (image, "integrity", …)
NAME = re.compile(r'\b(?:ofl_image_add_check|check_\w+) \(\s*[\w>.-]+,\s*"([a-z-]+)"')


def names_in(source):
    return set(NAME.findall(source))


def titles_in(source):
    return set(re.findall(r'^  \{ "([a-z-]+)", N_ \("', source, flags=re.M))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def bad_examples():
    """What it is to find, it finds."""
    assert names_in('ofl_image_add_check (c->image, "one",\n') == {"one"}
    assert names_in('check_sum (image, "two", bytes)') == {"two"}
    assert titles_in('  { "one", N_ ("One") },\n  { "two", "Two" },\n') == {"one"}


def main():
    print("1..3")
    bad_examples()
    print("ok 1 bad examples are found")
    used = set()
    for path in glob.glob(ROOT + "/core/**/*.c", recursive=True):
        if "/tests/" not in path:
            used |= names_in(read(path))
    titles = titles_in(read(TITLES))
    for number, what, wrong in ((2, "each check has a title", used - titles),
                                (3, "each title is of a check", titles - used)):
        print("%sok %u %s" % ("not " if wrong else "", number, what))
        for name in sorted(wrong):
            print("# " + name)
    sys.exit(used != titles)


main()
