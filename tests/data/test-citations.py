#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-citations.py ROOT: what code cites stands in the tree: "nec 2.3" is heading 2.3 of the README
of the room nec.

The rooms are the families and a few folders more. A citation may name rows of a table or rules of
a list ("pioneer 2.2 row a", "nec 1.2 rule 4"), and may go on as a list ("nec 1.1, 2.3 to 2.12 and
11"). The other way round, each step of a family's protocol, a heading below one that is named
"Commands", is cited by a program's code or says behind "Not used:" why none does. Texts that code
once cited and that never were in the tree are found. The first tests hold this program against
examples of its own, good and bad."""

import os
import re
import sys
import tempfile

FOLDERS = ("core", "app", "ui", "data", "tests")
# rooms that are no family's: their commands are everybody's
OTHER_ROOMS = {"scsi": "core/scsi", "firmware": "core/firmware", "practice": "core/practice",
               "service": "core/service", "core": "core", "tests": "tests"}
KINDS = (".c", ".h", ".ini", ".py", ".sh", ".md", ".in", ".xml", ".ui", ".build", ".1", ".8")
# texts that the first code cited, and that were never in the tree
GONE = re.compile(r"\bannex-\w+|\bprotocols\.md|\bpeers\.md|\bstyle\.md|\btables/[\w-]+\.csv"
                  r"|\bDESIGN(?: section)? \d")
THIS = "test-citations.py"

# a blank, or a line's end with what begins the next line of a comment
GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?:\*|#|//|;)?[ \t]*)"
# no version ("1.03"), no address ("3:0"), no share ("3.6 %", "15 / 17")
NUMBER = r"[1-9]\d*(?:\.[1-9]\d*)?(?![.:]?\d| ?[/%])"
PLACE = r"(?:[0-9]{1,2}[a-z]?|[a-z])(?!\w|\.\d)"
PLACES = rf"(?:,?{GAP}(?:rows?|rules?){GAP}{PLACE}(?:(?:,|{GAP}and|{GAP}to){GAP}{PLACE})*)?"
MORE = rf"(?:(?:,|,?{GAP}and|{GAP}to){GAP}{NUMBER}{PLACES})*"
ITEM = re.compile(rf"(?P<to>to{GAP})?(?P<number>{NUMBER})(?P<places>{PLACES})")


class Room:
    """A README's numbered headings, in their order, each with the text below it."""

    def __init__(self, text):
        self.order = []
        self.body = {}
        self.title = {}
        self.twice = []
        number = None
        for line in text.splitlines():
            heading = re.match(r"#{2,3} (\d+(?:\.\d+)?) (.*)", line)
            if heading:
                number = heading.group(1)
                if number in self.body:
                    self.twice.append(number)
                else:
                    self.order.append(number)
                self.title[number] = heading.group(2)
                self.body[number] = ""
            elif re.match(r"#{1,3} ", line):
                number = None
            elif number is not None:
                self.body[number] += line + "\n"

    def between(self, first, last):
        begin, end = self.order.index(first), self.order.index(last)
        return self.order[begin:end + 1]

    def has_place(self, number, place):
        return re.search(rf"^(?:\| *{place} *\||{place}\. )", self.body[number], re.M) is not None

    def steps(self):
        """The headings of a protocol's steps."""
        return [number for number in self.order if "." in number
                and "command" in self.title.get(number.split(".")[0], "").lower()]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def texts(root):
    """Every text of the tree that people wrote, by its path."""
    found = {}
    for folder in FOLDERS:
        for place, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
            for name in sorted(names):
                path = os.path.join(place, name)
                if name.endswith(KINDS) and not os.path.islink(path) and name != THIS:
                    found[os.path.relpath(path, root)] = read(path)
    for name in sorted(os.listdir(root)):
        if name.endswith(".md"):
            found[name] = read(os.path.join(root, name))
    return found


def rooms_of(tree):
    rooms = {}
    for path, text in tree.items():
        parts = path.split("/")
        if parts[:2] == ["core", "families"] and len(parts) == 4 and parts[3] == "README.md":
            rooms[parts[2]] = Room(text)
    for name, folder in OTHER_ROOMS.items():
        rooms[name] = Room(tree.get(folder + "/README.md", ""))
    return rooms


def is_program(path):
    """Whether it is a program's own code or table, and no test, no text."""
    name = os.path.basename(path)
    return "/tests/" not in "/" + path and not name.startswith("test-") \
        and path.endswith((".c", ".h", ".ini"))


def places_in(places):
    wanted = re.findall(r"[0-9]{1,2}[a-z]?|\b[a-z]\b", re.sub(r"rows?|rules?|\b(?:and|to)\b", " ",
                                                          places))
    return [place for place in wanted if place]


def follow(where, name, room, numbers, offences):
    """Goes through one citation's numbers, and returns the headings that it means."""
    meant = []
    before = None
    for item in ITEM.finditer(numbers):
        number = item.group("number")
        if number not in room.body:
            offences.append("%s: %s %s is no heading of its README" % (where, name, number))
            before = None
            continue
        if item.group("to") and before is not None:
            if room.order.index(before) > room.order.index(number):
                offences.append("%s: %s %s to %s runs backwards" % (where, name, before, number))
            meant += room.between(before, number)
        meant.append(number)
        for place in places_in(item.group("places")):
            if not room.has_place(number, place):
                offences.append("%s: %s %s has no row or rule %s" % (where, name, number, place))
        before = number
    return meant


def judge(tree):
    """Offences of a tree, and how many citations were followed."""
    offences = []
    rooms = rooms_of(tree)
    names = "|".join(sorted(rooms, key=len, reverse=True))
    citation = re.compile(rf"(?<![\w/.-])(?P<room>{names}){GAP}(?P<numbers>{NUMBER}{PLACES}{MORE})")
    used = {name: set() for name in rooms}
    followed = 0
    for path, text in tree.items():
        for match in citation.finditer(text):
            where = "%s:%d" % (path, text.count("\n", 0, match.start()) + 1)
            name = match.group("room")
            meant = follow(where, name, rooms[name], match.group("numbers"), offences)
            followed += 1
            if is_program(path):
                used[name].update(meant)
        for match in GONE.finditer(text):
            where = "%s:%d" % (path, text.count("\n", 0, match.start()) + 1)
            offences.append("%s: %s is not in the tree" % (where, match.group()))
    for name, room in rooms.items():
        offences += ["%s %s stands there twice" % (name, number) for number in room.twice]
        for number in room.steps() if name not in OTHER_ROOMS else ():
            if number not in used[name] and "Not used:" not in room.body[number]:
                offences.append("%s %s (%s) is cited by no code and does not say why"
                                % (name, number, room.title[number]))
    return offences, followed


README = """# Example
## 1 Recognition
## 2 Commands
### 2.1 Enter
| row | command |
|---|---|
| 1 | 01 |
| 6a | 02 |
### 2.2 Leave
1. First.
2. Then.
### 2.3 Erase the boot code
Not used: nothing could be mended after it.
## 11 Vectors
"""
GOOD = """/* ex 1 to 2.2, and 11. */
  step->source = "ex 2.1 row 6a";
  /* see ex
   * 2.2 rule 2, 2.1 rows 1 and 6a: of firmware 1.03 at scsi 3:0:0:0 */
"""
BAD = {
    "no such heading": ("/* ex 2.4 */", "ex 2.4 is no heading"),
    "no such heading over a line's end": ("/* so it is: ex\n * 3.1 */", "ex 3.1 is no heading"),
    "no such heading late in a list": ("/* ex 1, 2.1 and 4. */", "ex 4 is no heading"),
    "no such heading in a string": ("source = \"ex 2.9 row 1\";", "ex 2.9 is no heading"),
    "no such row": ("source = \"ex 2.1 row 2\";", "has no row or rule 2"),
    "no such heading behind a row": ("/* ex 2.1 row 1, 2.8 */", "ex 2.8 is no heading"),
    "no such row in a list": ("/* ex 2.1 rows 1 and 7 */", "has no row or rule 7"),
    "no such rule": ("/* ex 2.2 rule 3 */", "has no row or rule 3"),
    "backwards": ("/* ex 2.2 to 1 */", "runs backwards"),
    "an annex": ("/* annex-nec.md 1.2 */", "annex-nec is not in the tree"),
    "the facts": ("/* protocols.md 3.3 */", "protocols.md is not in the tree"),
    "a table": ("/* tables/nec.csv */", "tables/nec.csv is not in the tree"),
    "the design": ("/* DESIGN section 6 */", "DESIGN section 6 is not in the tree"),
}


def write_tree(root, readme, code, place="core/family/ofl-ex.c"):
    for path, text in (("core/families/ex/README.md", readme), (place, code)):
        os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)


def judge_example(*example):
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, *example)
        return judge(texts(root))


def judge_examples(check):
    offences, followed = judge_example(README, GOOD)
    check("good citations are followed", offences == [] and followed == 3,
          "\n".join(offences) + "\n%d followed" % followed)
    for name, (code, wanted) in BAD.items():
        offences = judge_example(README, GOOD + code)[0]
        check("finds %s" % name, len(offences) == 1 and wanted in offences[0], "\n".join(offences))
    offences = judge_example(README, "/* ex 1, 2.2 */")[0]
    check("finds a step that no code cites", len(offences) == 1 and "ex 2.1 (Enter)" in offences[0],
          "\n".join(offences))
    offences = judge_example(README, GOOD, "tests/family/test-ex.c")[0]
    check("a test's citation does not count for a step", len(offences) == 2, "\n".join(offences))
    offences = judge_example(README + "### 2.2 Again\n", GOOD)[0]
    check("finds a number that two headings have", "ex 2.2 stands there twice" in offences,
          "\n".join(offences))


def main():
    cases = 0
    ok = True

    def check(what, good, shown=""):
        nonlocal cases, ok
        cases += 1
        ok = ok and good
        print("%sok %d %s" % ("" if good else "not ", cases, what))
        if not good:
            print("".join("# %s\n" % line for line in shown.splitlines()), end="")

    judge_examples(check)
    offences, followed = judge(texts(sys.argv[1]))
    check("%d citations of the tree are followed" % followed, offences == [] and followed > 300,
          "\n".join(offences))
    print("1..%d" % cases)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
