#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-links.py ROOT: every link and every path that a Markdown file of the tree names is there.

A link is checked if it leads into the tree, with its heading. A word in code type is taken for a path
of the tree when it has a slash and begins with the name of something at the root or beside the file,
or when it is the name of a file by its ending. What a section "Sources" names belongs to others."""

import os
import re
import sys

ENDINGS = (".c", ".h", ".py", ".sh", ".ini", ".md", ".xml", ".ui", ".css", ".build", ".in")
LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"\.?[\w+-][\w.+-]*(/[\w.+-]+)*/?")
HEADING = re.compile(r"(#+) (.+)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def is_ours(name):
    return name != ".git" and not name.startswith("build") and name != "__pycache__"


def read_tree(root):
    """All files and folders, as paths from the root."""
    paths = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if is_ours(name)]
        for name in folders + files:
            paths.add(os.path.relpath(os.path.join(folder, name), root))
    return paths


def anchors_of(text):
    """What the headings of a text are called in a link, as the usual hosts make it."""
    titles = [match.group(2) for match in map(HEADING.fullmatch, text.splitlines()) if match]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def without_sources(text):
    """The text without those sections that name other people's files."""
    kept, level = [], 0
    for line in text.splitlines():
        heading = HEADING.fullmatch(line)
        if heading and (level == 0 or len(heading.group(1)) <= level):
            is_source = re.fullmatch(r"[\d.]* ?Sources", heading.group(2)) is not None
            level = len(heading.group(1)) if is_source else 0
        if level == 0:
            kept.append(line)
    return "\n".join(kept)


def find(tree, folder, path):
    """Where a path leads to, from the file's own folder or from the root; None when nowhere."""
    for start in (folder, ""):
        there = os.path.normpath(os.path.join(start, path))
        if there == "." or there in tree:
            return there
    return None


def wrong_links(tree, folder, text, read):
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = os.path.normpath(os.path.join(folder, path)) if path else None
        if path and there != "." and there not in tree:
            yield f"the link {target} leads nowhere"
        elif anchor and anchor not in anchors_of(read(there) if path else text):
            yield f"the link {target} names no heading"


def is_path_of_tree(tree, folder, word):
    if not PATH.fullmatch(word):
        return False
    first = word.split("/")[0]
    return "/" in word and any(os.path.normpath(os.path.join(start, first)) in tree
                               for start in (folder, ""))


def wrong_paths(tree, folder, text):
    names = {os.path.basename(path) for path in tree}
    for word in CODE.findall(FENCE.sub("", without_sources(text))):
        if is_path_of_tree(tree, folder, word):
            if find(tree, folder, word) is None:
                yield f"there is no {word}"
        elif PATH.fullmatch(word) and word.endswith(ENDINGS) and word not in ENDINGS:
            if "/" not in word and word not in names:
                yield f"there is no file {word}"


def judge(tree, path, text, read):
    folder = os.path.dirname(path)
    wrong = [*wrong_links(tree, folder, text, read), *wrong_paths(tree, folder, text)]
    return [f"{path}: {what}" for what in wrong]


def judge_root(root):
    tree = read_tree(root)

    def read(path):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()

    pages = sorted(path for path in tree if path.endswith(".md"))
    return pages, [what for path in pages for what in judge(tree, path, read(path), read)]


SMALL_TREE = {"README.md", "core", "core/README.md", "core/a", "core/a/README.md", "core/a/one.c"}
BAD = {
    "a link to nothing": "[it](core/b/README.md)",
    "a link out of a folder to nothing": "[it](../core/a/two.c)",
    "a heading that is not there": "[it](core/a/README.md#3-three)",
    "a heading of its own that is not there": "[it](#three)",
    "a path to nothing": "see `core/a/two.c`",
    "a folder that is none": "see `core/b/`",
    "a path beside the file": "see `a/two.c`",
    "a file that nobody has": "see `two.c`",
    "a path behind the sources": "## 1 Sources\n`x/y.c`\n## 2 More\n`core/x.c`",
}
GOOD = [
    "[it](core/a/README.md)", "[it](core/a/)", "[it](https://example.org/core/x)",
    "[it](core/a/README.md#1-one-thing)", "[it](#2-two)\n## 2 Two",
    "`core/a/one.c`", "`core/a/`", "`one.c`", "`a/one.c`", "`02/3A/xx`", "`/dev/sr0`",
    "`core/a/<id>.c`", "`core/a/*.sh`", "```\ncat core/x.c\n```",
    "## 1 Sources\n`core/x.c`\n### 1.1 Of one\n`core/y.c`",
]


def judge_small(text):
    page = {"core/a/README.md": "# A\n## 1 One thing\n"}
    return judge(SMALL_TREE | {"core/x"}, "core/README.md" if "`a/" in text else "README.md",
                 text, lambda path: page[path])


def main():
    count = 0

    def say(good, what, reasons=()):
        nonlocal count
        count += 1
        print(f"{'ok' if good else 'not ok'} {count} {what}")
        for reason in reasons:
            print(f"# {reason}")
        return good

    pages, wrong = judge_root(sys.argv[1])
    fine = [say(not wrong, f"the links and paths of {len(pages)} pages", wrong),
            say("README.md" in pages and len(pages) > 10, "the pages were found")]
    for name, text in BAD.items():
        fine.append(say(len(judge_small(text)) == 1, f"finds {name}", judge_small(text)))
    for text in GOOD:
        reasons = judge_small(text)
        fine.append(say(not reasons, f"lets pass: {text!r}", reasons))
    print(f"1..{count}")
    return 0 if all(fine) else 1


sys.exit(main())
