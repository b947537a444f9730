#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house in numbers, printed and not judged.

Without a revision the tree is counted as it lies there; with some, each as git has it, side by
side. A function's length runs from the line of its name to its last brace; nesting is the blocks
below its own; a line of comment holds nothing else; generated files are not counted. Of core/ and
its rooms what is not called ofl-… belongs to the tests."""

import argparse
import collections
import io
import os
import re
import statistics
import subprocess
import sys
import tarfile

sys.dont_write_bytecode = True
import source  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRODUCTION = ("core", "ui", "app")
WINDOW = 6  # lines that make a duplicate
SHORT = 4  # a line with fewer characters says nothing of its own
LONG_FUNCTION, LONG_FILE = 50, 600


class Section:
    """A title and its rows: a label, and what stands beside it."""

    def __init__(self, title):
        self.title = title
        self.rows = {}

    def add(self, label, value):
        self.rows[label] = value


def of_tree(root):
    """(Path, text) of every file below @root that is no one's output."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders
                            if not name.startswith((".", "build")) and name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, root), file.read()


def of_revision(root, revision):
    """The same, as git keeps it in @revision."""
    done = subprocess.run(["git", "-C", root, "archive", revision], stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("git has no archive of %s" % revision)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            if member.isfile():
                yield member.name, archive.extractfile(member).read()


def is_test(one):
    return "tests/" in one.path or (one.path.startswith("core/")
                                    and not one.name.startswith("ofl-"))


def is_practice(one):
    return one.folder == "core/practice" or "practice" in one.name


class House:
    def __init__(self, files):
        self.sources = []
        self.others = collections.Counter()  # files that are not C, by folder
        self.texts = {}  # those that name functions too: .ui
        for path, data in files:
            if path.endswith((".c", ".h")):
                self.sources.append(source.Source(path, data.decode(errors="replace")))
            else:
                self.others[os.path.dirname(path)] += 1
                if path.endswith(".ui"):
                    self.texts[path] = data.decode(errors="replace")
        self.by_path = {one.path: one for one in self.sources}

    def production(self, *tops):
        tops = tuple(top + "/" for top in tops or PRODUCTION)
        return [one for one in self.sources if one.path.startswith(tops) and not is_test(one)]

    def tests(self):
        return [one for one in self.sources if is_test(one)]

    def included(self, one):
        """The sources of this tree that @one includes."""
        for header in one.includes:
            for place in (one.folder, "core", "", "ui", "tests"):
                path = os.path.normpath(os.path.join(place, header))
                if path in self.by_path:
                    yield self.by_path[path]
                    break


def shown(numbers):
    """Median, nine tenths, most."""
    numbers = sorted(numbers)
    if not numbers:
        return "-"
    nine_tenths = numbers[(len(numbers) * 9 + 9) // 10 - 1]
    return "%g / %d / %d" % (statistics.median(numbers), nine_tenths, numbers[-1])


def count_folders(house):
    section = Section("Files and lines a folder (C files, headers, others; lines of C; longest)")
    folders = {one.folder for one in house.sources} | {f for f in house.others if f}
    for folder in sorted(folders):
        here = [one for one in house.sources if one.folder == folder]
        headers = sum(one.is_header() for one in here)
        section.add(folder or ".", "%d %d %d; %d; %d" % (
            len(here) - headers, headers, house.others[folder], sum(one.lines for one in here),
            max([one.lines for one in here], default=0)))
    return section


def groups(house):
    for top in PRODUCTION:
        yield top, house.production(top)
    yield "production", house.production()
    yield "tests", house.tests()


def count_files(house):
    section = Section("Files (lines of C files: median / 90 % / max; of headers the same)")
    for name, sources in groups(house):
        section.add(name, "%s; %s" % (shown([one.lines for one in sources if not one.is_header()]),
                                      shown([one.lines for one in sources if one.is_header()])))
    long = [one for one in house.sources if one.lines >= LONG_FILE]
    section.add("of %d lines and more" % LONG_FILE, "%d" % len(long))
    for one in sorted(long, key=lambda one: one.path):
        section.add("  " + one.path, "%d" % one.lines)
    return section


def count_functions(house):
    section = Section("Functions (number; lines median / 90 % / max; nesting mean, max; "
                      "parameters mean, six and more, max)")
    long = []
    for name, sources in groups(house):
        functions = [function for one in sources for function in one.functions]
        if functions:
            section.add(name, "%d; %s; %.2f, %d; %.2f, %d, %d" % (
                len(functions), shown([function.length for function in functions]),
                statistics.mean(function.nesting for function in functions),
                max(function.nesting for function in functions),
                statistics.mean(function.parameters for function in functions),
                sum(function.parameters >= 6 for function in functions),
                max(function.parameters for function in functions)))
    for one in house.sources:
        long += [(one, function) for function in one.functions if function.length > LONG_FUNCTION]
    section.add("of more than %d lines" % LONG_FUNCTION, "%d" % len(long))
    for one, function in sorted(long, key=lambda pair: pair[0].path):
        section.add("  %s (%s)" % (function.name, one.path), "%d" % function.length)
    return section


def count_comments(house):
    section = Section("Comments (of the lines that are not empty)")
    for name, sources in groups(house):
        full = sum(one.full for one in sources)
        section.add(name, "%.1f %%" % (100 * sum(one.comments for one in sources) / max(full, 1)))
    return section


# Duplicates

def telling_lines(one):
    """(Number, line) of the lines that say something: no brace alone, no #include."""
    for number, line in enumerate(one.code_lines):
        if len(line) >= SHORT and not line.startswith("#include"):
            yield number, line


def shape(line):
    """The line with its names, numbers and strings taken out."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    return re.sub(r"\w+", lambda m: m[0] if m[0] in source.KEYWORDS else "x", line)


def repeated(sources, of_line):
    """(Windows that stand in more than one place, lines that lie in one)."""
    places = collections.defaultdict(list)
    for one in sources:
        if one.is_header():
            continue
        lines = list(telling_lines(one))
        for at in range(len(lines) - WINDOW + 1):
            window = lines[at:at + WINDOW]
            places[tuple(of_line(line) for _, line in window)].append((one.path, window))
    twice = [found for found in places.values() if len(found) > 1]
    covered = {(path, number) for found in twice for path, window in found for number, _ in window}
    return len(twice), len(covered)


def count_duplicates(house):
    section = Section("Duplicates (%d lines that stand twice; lines that lie in such)" % WINDOW)
    families = house.production("core/family", "core/families")
    kinds = (("families", [one for one in families if not is_practice(one)]),
             ("practice", [one for one in house.production("core") if is_practice(one)]),
             ("tests", house.tests()))
    for name, sources in kinds:
        section.add("%s: to the letter" % name, "%d; %d" % repeated(sources, str))
        section.add("%s: by shape" % name, "%d; %d" % repeated(sources, shape))
    return section


# Arrows

def circles(arrows):
    """The sets of two and more that reach one another along @arrows (Tarjan)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(arrows.get(node, ())):
            if other not in order:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == order[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for node in sorted(arrows):
        if node not in order:
            visit(node)
    return found


def add_circles(section, label, arrows):
    found = circles(arrows)
    section.add(label, "%d" % len(found))
    for one in found:
        section.add("  " + " ".join(one), "a circle")


def wing(one):
    """The folder; a family's room has two wings, and the device side is one of its own."""
    rooms = one.folder.startswith("core/families/")
    return one.folder + (" (device)" if rooms and is_practice(one) else "")


def callers(house):
    """Which C file of production uses a function that another one defines."""
    sources = house.production()
    home = {function.name: one.path for one in sources for function in one.functions
            if not function.static and not one.is_header()}
    return {one.path: {home[name] for name in set(one.names) & set(home)} - {one.path}
            for one in sources if not one.is_header()}


def count_arrows(house):
    section = Section("Arrows (which folder includes how often from which)")
    folders, headers = collections.defaultdict(collections.Counter), {}
    for one in house.production():
        others = list(house.included(one))
        folders[wing(one)].update(wing(other) for other in others if wing(other) != wing(one))
        if one.is_header():
            headers[one.path] = {other.path for other in others}
    for folder in sorted(folders):
        for other, count in sorted(folders[folder].items()):
            section.add("%s -> %s" % (folder, other), "%d" % count)
    section.add("arrows", "%d" % sum(len(others) for others in folders.values()))
    add_circles(section, "circles of folders", folders)
    add_circles(section, "circles of headers", headers)
    add_circles(section, "circles of calls between files", callers(house))
    return section


# Exported functions

def uses_of(house, exported):
    """For each name its mentions outside its own file: [in production, in tests]."""
    uses = {name: [0, 0] for name in exported}
    testing = {one.path for one in house.tests()}
    mentions = [(one.path, one.names, one.is_header()) for one in house.sources]
    mentions += [(path, source.WORD.findall(text), False) for path, text in house.texts.items()]
    for path, names, header in mentions:
        counted = collections.Counter(name for name in names if name in uses)
        for name, count in counted.items():
            if path == exported[name]:
                continue
            # a header's first mention declares it
            uses[name][path in testing] += count - (1 if header else 0)
    return uses


def kind_of(in_production, in_tests, in_own_file):
    if in_production > 1:
        return "used more than once"
    if in_production == 1:
        return "used once"
    if in_own_file:
        return "used in their own file only"
    return "used by tests only" if in_tests else "used never"


def count_exported(house, with_names):
    section = Section("Exported functions (declared in a header of production)")
    declared = {name for one in house.production() if one.is_header() for name in one.names}
    exported = {function.name: one.path for one in house.production() for function in one.functions
                if not function.static and not one.is_header() and function.name in declared}
    kinds = {"used more than once": [], "used once": [], "used in their own file only": [],
             "used by tests only": [], "used never": []}
    for name, (in_production, in_tests) in uses_of(house, exported).items():
        own = house.by_path[exported[name]].names.count(name) > 1
        kinds[kind_of(in_production, in_tests, own)].append(name)
    section.add("all", "%d" % len(exported))
    for kind, names in kinds.items():
        section.add(kind, "%d" % len(names))
        if with_names and kind not in ("used more than once", "used once"):
            for name in sorted(names):
                section.add("  %s (%s)" % (name, exported[name]), kind)
    return section


def measure(files, with_names=False):
    house = House(files)
    return [count_folders(house), count_files(house), count_functions(house),
            count_comments(house), count_duplicates(house), count_arrows(house),
            count_exported(house, with_names)]


def merged(sections):
    """The labels of all; what only a later one has stands behind what is before it there."""
    labels = []
    for one in sections:
        at = 0
        for label in one.rows:
            if label not in labels:
                labels.insert(at, label)
            at = labels.index(label) + 1
    return labels


def show(columns):
    """@columns: (name, sections) of each tree."""
    names = [name for name, _ in columns]
    for sections in zip(*(sections for _, sections in columns)):
        rows = [[label] + [one.rows.get(label, "-") for one in sections]
                for label in merged(sections)]
        if len(names) > 1:
            rows.insert(0, [""] + names)
        widths = [max(len(row[i]) for row in rows) for i in range(len(names) + 1)]
        print("\n%s" % sections[0].title)
        for row in rows:
            print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", action="store_true",
                        help="name the exported functions that production does not use")
    parser.add_argument("--root", default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("revision", nargs="*")
    options = parser.parse_args()
    columns = [(revision, measure(of_revision(options.root, revision), options.names))
               for revision in options.revision]
    show(columns or [("", measure(of_tree(options.root), options.names))])


if __name__ == "__main__":
    main()
